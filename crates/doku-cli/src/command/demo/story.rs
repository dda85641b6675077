//! How the story is told: numbered steps, each with what was done and the ids that prove it.

use serde::Serialize;

use crate::exit::Failure;
use crate::output::{Format, Output, Style, Tone};

/// What a person does after the demonstration.
const WHAT_NEXT: &str = "\
What next:
  1. Run a DOKU of your own, and leave it running:   doku sandbox
  2. Paste the lines it prints into another terminal.
  3. Create a virtual account and ask about it:      doku va create --trx-id INV-1 --name 'Budi Santoso' \\
                                                       --amount 11500 --save va.json
                                                     doku va status --va va.json
The binary is target/release/doku; `cargo run --release --` stands for it just as well.
";

/// The steps so far.
pub(super) struct Story<'o> {
    output: &'o Output,
    steps: u32,
}

/// One step, as it is told.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Step {
    step: u32,
    title: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    virtual_account_no: Option<String>,
    told: Vec<String>,
}

impl Step {
    pub(super) fn new(title: &'static str) -> Self {
        Self {
            title,
            ..Self::default()
        }
    }

    /// With one more line.
    pub(super) fn told(mut self, line: impl Into<String>) -> Self {
        self.told.push(line.into());
        self
    }

    /// With X-EXTERNAL-ID and response code of a call.
    pub(super) fn answered(mut self, answer: &doku::Answer) -> Self {
        self.external_id = answer.external_id().map(ToString::to_string);
        self.response_code = answer.response_code().map(ToString::to_string);
        self
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
    pub(super) fn about(mut self, va: &doku::VirtualAccount) -> Self {
        self.virtual_account_no = Some(va.number_as_typed());
        self
    }

    fn printed(&self, style: Style) -> String {
        let heading = style.paint(Tone::Title, &format!("{:>2}. {}", self.step, self.title));
        let mut text = format!("{heading}\n");
        for line in &self.told {
            text.push_str(&format!("    {line}\n"));
        }
        let ids = [
            ("external id", &self.external_id),
            ("code", &self.response_code),
            ("number", &self.virtual_account_no),
        ];
        for (label, value) in ids {
            if let Some(value) = value {
                let label = style.paint(Tone::Label, &format!("{label:<12}"));
                text.push_str(&format!("    {label} {value}\n"));
            }
        }
        text.push('\n');
        text
    }
}

impl<'o> Story<'o> {
    pub(super) fn new(output: &'o Output) -> Self {
        Self { output, steps: 0 }
    }

    /// Tells a step that happened as it says.
    pub(super) fn tell(&mut self, mut step: Step) -> Result<(), Failure> {
        self.steps += 1;
        step.step = self.steps;
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
    if holds {
        Ok(())
    } else {
        Err(Failure::internal(format!(
            "the demonstration went wrong: {what}"
        )))
    }
}
