//! What became of a suite, for people and for machines.

use doku_sandbox::conformance::{Report, Row, Verdict};
use serde::Serialize;

use crate::output::{Style, Table, Tone};

/// What `--output json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shape<'r> {
    operation: &'static str,
    ok: bool,
    passed: usize,
    failed: usize,
    skipped: usize,
    undecided: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    away: Option<&'r str>,
    rows: &'r [Row],
}

impl<'r> Shape<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        Self {
            operation: "conformance",
            ok: report.is_good(),
            passed: report.count(Verdict::Passed),
            failed: report.count(Verdict::Failed),
            skipped: report.count(Verdict::Skipped),
            undecided: report.undecided(),
            away: report.away.as_deref(),
            rows: &report.rows,
        }
    }
}

/// The rows, then what failed and how to mend it, then the sum, and which flag the skipped ones want.
pub(super) fn text(report: &Report, wants: Option<&str>, style: Style) -> String {
    let mut table = Table::new([
        "",
        "case",
        "what was sent",
        "what must happen",
        "what happened",
    ]);
    for row in &report.rows {
        table.row([
            row.verdict.as_str().to_owned(),
            row.name.to_owned(),
            row.sent.to_owned(),
            row.must.as_str().to_owned(),
            row.happened.clone(),
        ]);
    }
    let mut text = table.printed_with(style, |row| match row {
        [verdict, ..] if verdict == Verdict::Failed.as_str() => Some(Tone::Bad),
        [verdict, ..] if verdict == Verdict::Skipped.as_str() => Some(Tone::Label),
        _ => None,
    });
    for (names, row) in to_mend(&report.rows) {
        text.push('\n');
        for name in names {
            text.push_str(&style.paint(Tone::Bad, name));
            text.push('\n');
        }
        text.push_str(&format!("  why   {}\n  mend  {}\n", row.why, row.mend));
    }
    text.push_str(&format!(
        "\n{} passed, {} failed, {} skipped\n",
        report.count(Verdict::Passed),
        report.count(Verdict::Failed),
        report.count(Verdict::Skipped),
    ));
    if let Some(wants) = wants.filter(|_| report.count(Verdict::Skipped) > report.undecided()) {
        text.push_str(&format!("{wants}\n"));
    }
    let undecided = report.undecided();
    if undecided > 0 {
        text.push_str(&format!(
            "\nUndecided, and so no success: {undecided} of the skipped. The server put calls off, or took no genuine one before \
             or after them.\nRaise its limit or give a longer --patience, and see what became of the genuine calls.\n"
        ));
    }
    text
}

/// The rows that failed for one reason and are mended in one way, each reason once, with the names of its rows.
fn to_mend(rows: &[Row]) -> Vec<(Vec<&'static str>, &Row)> {
    let mut groups: Vec<(Vec<&'static str>, &Row)> = Vec::new();
    for row in rows.iter().filter(|row| row.verdict == Verdict::Failed) {
        let known = groups
            .iter_mut()
            .find(|(_, first)| (first.why, first.mend) == (row.why, row.mend));
        match known {
            Some((names, _)) => names.push(row.name),
            None => groups.push((vec![row.name], row)),
        }
    }
    groups
}
