//! How the story is told: chapters of numbered steps, each with what was done and the calls that prove it.

use serde::{Serialize, Serializer};

use super::call::Call;
use super::page;
use crate::exit::Failure;
use crate::output::{Format, Output, Style, Tone};

/// What a person does after the demonstration.
const WHAT_NEXT: &str = "\
What next:
  1. Run a DOKU of your own, and leave it running:
       doku sandbox
  2. Paste the lines it prints into another terminal.
  3. Create a virtual account there, and ask about it:
       doku va create --trx-id INV-1 --name 'Budi Santoso' --amount 11500 \\
         --save va.json
       doku va status --va va.json
The binary is target/release/doku; `cargo run --release --` stands for it just
as well.
";

/// The steps so far.
pub(super) struct Story<'o> {
    output: &'o Output,
    chapter: &'static str,
    steps: u32,
}

/// One step, as it is told.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Step {
    step: u32,
    chapter: &'static str,
    title: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    virtual_account_no: Option<String>,
    #[serde(flatten)]
    lines: Lines,
}

/// What was done and what travelled, in the order in which it is told.
#[derive(Debug, Default)]
struct Lines(Vec<Line>);

#[derive(Debug)]
enum Line {
    Told(String),
    Fact(&'static str, String),
    Call(Call),
}

impl Serialize for Lines {
    /// As two lists: what is told, and the calls.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Both<'l> {
            told: Vec<String>,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            calls: Vec<&'l Call>,
        }
        let told = self.0.iter().filter_map(|line| match line {
            Line::Told(text) => Some(text.clone()),
            Line::Fact(label, text) => Some(format!("{label}: {text}")),
            Line::Call(_) => None,
        });
        let calls = self.0.iter().filter_map(|line| match line {
            Line::Call(call) => Some(call),
            Line::Told(_) | Line::Fact(..) => None,
        });
        Both {
            told: told.collect(),
            calls: calls.collect(),
        }
        .serialize(serializer)
    }
}

impl Step {
    pub(super) fn new(title: &'static str) -> Self {
        Self {
            title,
            ..Self::default()
        }
    }

    /// With one more sentence.
    pub(super) fn told(mut self, line: impl Into<String>) -> Self {
        self.lines.0.push(Line::Told(line.into()));
        self
    }

    /// With one more fact, which has a name.
    pub(super) fn fact(mut self, label: &'static str, text: impl Into<String>) -> Self {
        self.lines.0.push(Line::Fact(label, text.into()));
        self
    }

    /// With what travelled.
    pub(super) fn calls(mut self, calls: impl IntoIterator<Item = Call>) -> Self {
        self.lines.0.extend(calls.into_iter().map(Line::Call));
        self
    }

    /// With X-EXTERNAL-ID and response code of the call that it is about.
    pub(super) fn answered(self, answer: &doku::Answer) -> Self {
        self.identified(
            answer.external_id().map(ToString::to_string),
            answer.response_code().map(ToString::to_string),
        )
    }

    /// With X-EXTERNAL-ID and response code of a call that was no client's of ours, or has no id.
    pub(super) fn identified(
        mut self,
        external_id: Option<String>,
        response_code: Option<String>,
    ) -> Self {
        self.external_id = external_id;
        self.response_code = response_code;
        self
    }

    /// With the number it is about.
    pub(super) fn about(self, va: &doku::VirtualAccount) -> Self {
        self.numbered(va.number_as_typed())
    }

    /// With the number it is about, as a payer types it.
    pub(super) fn numbered(mut self, number: impl Into<String>) -> Self {
        self.virtual_account_no = Some(number.into());
        self
    }

    fn printed(&self, style: Style) -> String {
        let heading = style.paint(Tone::Title, &format!("{:>2}. {}", self.step, self.title));
        let mut text = format!("{heading}\n");
        if let Some(number) = &self.virtual_account_no {
            text.push_str(&page::fact(style, "number", number));
        }
        for line in &self.lines.0 {
            text.push_str(&match line {
                Line::Told(told) => page::paragraph(told),
                Line::Fact(label, fact) => page::fact(style, label, fact),
                Line::Call(call) => call.printed(style),
            });
        }
        text.push('\n');
        text
    }
}

impl<'o> Story<'o> {
    pub(super) fn new(output: &'o Output) -> Self {
        Self {
            output,
            chapter: "",
            steps: 0,
        }
    }

    /// Begins a chapter.
    pub(super) fn chapter(&mut self, title: &'static str) -> Result<(), Failure> {
        self.chapter = title;
        match self.output.format() {
            Format::Text => self.output.text(|style| page::chapter(style, title)),
            Format::Json => Ok(()),
        }
    }

    /// Tells a step that happened as it says.
    pub(super) fn tell(&mut self, mut step: Step) -> Result<(), Failure> {
        self.steps += 1;
        step.step = self.steps;
        step.chapter = self.chapter;
        match self.output.format() {
            Format::Text => self.output.text(|style| step.printed(style)),
            Format::Json => self.output.json(&step),
        }
    }

    /// Tells what comes next.
    pub(super) fn end(&self) -> Result<(), Failure> {
        let steps = self.steps;
        match self.output.format() {
            Format::Text => self.output.text(|style| {
                let done = format!("All {steps} steps did what they say.");
                format!("{}\n\n{WHAT_NEXT}", style.paint(Tone::Good, &done))
            }),
            Format::Json => self.output.json(&End {
                event: "done",
                steps,
            }),
        }
    }
}

#[derive(Serialize)]
struct End {
    event: &'static str,
    steps: u32,
}

/// Ends the story where something is not as it is told.
pub(super) fn must(holds: bool, what: &str) -> Result<(), Failure> {
    if holds { Ok(()) } else { Err(wrong(what)) }
}

/// Something is not as it is told.
pub(super) fn wrong(what: &str) -> Failure {
    Failure::internal(format!("the demonstration went wrong: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    #[test]
    fn what_is_not_as_told_ends_the_run_with_a_failure() {
        assert!(must(true, "the sky fell").is_ok());
        let failure = must(false, "the sky fell").unwrap_err();
        assert_eq!(failure.exit, Exit::Internal);
        assert_eq!(
            failure.message,
            "the demonstration went wrong: the sky fell"
        );
    }
}
