//! The rows of a run, for people, machines and build servers.

use serde::Serialize;

use super::catalogue::Case;
use super::verdict::{Must, Verdict};

/// What became of a case.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Row {
    /// The case: `payment/alg-none`.
    pub name: &'static str,
    /// What was sent.
    pub sent: &'static str,
    /// What had to happen.
    pub must: Must,
    /// What happened, or why nothing was tried.
    pub happened: String,
    /// How it ended.
    pub verdict: Verdict,
    /// Why it matters.
    pub why: &'static str,
    /// How to mend it.
    pub mend: &'static str,
    /// Whether it was skipped because of the server: it put the call off, or took no genuine one before or after it. Such a
    /// row says nothing, and a run that has one is not good.
    pub undecided: bool,
}

impl Row {
    pub(super) fn of(case: &Case, verdict: Verdict, happened: impl Into<String>) -> Self {
        Self {
            name: case.name,
            sent: case.sent,
            must: case.must,
            happened: happened.into(),
            verdict,
            why: case.why,
            mend: case.mend,
            undecided: false,
        }
    }

    /// A row of which the server let nothing be known.
    pub(super) fn undecided(case: &Case, reason: impl Into<String>) -> Self {
        Self {
            undecided: true,
            ..Self::of(case, Verdict::Skipped, reason)
        }
    }

    /// The row, which turned out to prove nothing.
    pub(super) fn undecided_because(self, why: &str) -> Self {
        Self {
            happened: format!("{}; it proves nothing, because then {why}", self.happened),
            verdict: Verdict::Skipped,
            undecided: true,
            ..self
        }
    }
}

/// All rows of a run.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Report {
    /// In the order in which they were tried.
    pub rows: Vec<Row>,
    /// Why nobody could be called, where not one call of the run went out. The rows say no more than that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub away: Option<String>,
}

impl Report {
    /// How many rows ended so.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        let fits = |row: &&Row| row.verdict == verdict;
        self.rows.iter().filter(fits).count()
    }

    /// How many rows were skipped because of the server: it was not there, or put off what it was asked.
    #[must_use]
    pub fn undecided(&self) -> usize {
        self.rows.iter().filter(|row| row.undecided).count()
    }

    /// Whether nothing failed, nothing is undecided, and something was tried.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.count(Verdict::Failed) == 0 && self.undecided() == 0 && self.count(Verdict::Passed) > 0
    }

    /// As the XML that build servers read (JUnit).
    #[must_use]
    pub fn to_junit(&self) -> String {
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"doku conformance\" tests=\"{}\" failures=\"{}\" skipped=\"{}\">\n",
            self.rows.len(),
            self.count(Verdict::Failed),
            self.count(Verdict::Skipped),
        );
        for row in &self.rows {
            let (group, name) = row.name.split_once('/').unwrap_or(("", row.name));
            let head = format!(
                "  <testcase classname=\"{}\" name=\"{}\"",
                escaped(group),
                escaped(name)
            );
            let happened = escaped(&row.happened);
            xml.push_str(&match row.verdict {
                Verdict::Passed => format!("{head}/>\n"),
                Verdict::Skipped => {
                    format!("{head}><skipped message=\"{happened}\"/></testcase>\n")
                }
                Verdict::Failed => format!(
                    "{head}><failure message=\"{happened}\">{}</failure></testcase>\n",
                    escaped(&format!(
                        "Sent: {}. It must hold: {}. {} {}",
                        row.sent,
                        row.must.as_str(),
                        row.why,
                        row.mend
                    ))
                ),
            });
        }
        xml.push_str("</testsuite>\n");
        xml
    }
}

/// Text that XML takes for nothing else.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() => escaped.push('?'),
            c => escaped.push(c),
        }
    }
    escaped
}
