//! One line on stderr for each request that the sandbox saw, and the reason below it where it was refused.

use std::future::Future;
use std::time::Duration;

use doku_sandbox::{JournalEntry, Sandbox, Verdict};

use crate::output::{Style, Tone, write_error};

/// How often the journal is looked at.
const INTERVAL: Duration = Duration::from_millis(200);

/// Tells of requests until `stopped`.
pub(super) async fn tell_requests(
    sandbox: &Sandbox,
    style: Style,
    stopped: impl Future<Output = ()>,
) {
    let mut last = 0;
    let mut ticks = tokio::time::interval(INTERVAL);
    let mut stopped = std::pin::pin!(stopped);
    loop {
        let stop = tokio::select! {
            () = &mut stopped => true,
            _ = ticks.tick() => false,
        };
        last = tell_new(sandbox, style, last);
        if stop {
            return;
        }
    }
}

/// Tells of the entries after `last`, and gives the number of the last one.
fn tell_new(sandbox: &Sandbox, style: Style, last: u64) -> u64 {
    // The last one that was told is asked for too: where it is gone, the sandbox was reset and counts anew.
    let mut entries = sandbox.journal(last.saturating_sub(1));
    let mut told = last;
    if entries.is_empty() && last > 0 {
        entries = sandbox.journal(0);
        told = 0;
    }
    for entry in &entries {
        if entry.number > told {
            write_error(&line(entry, style));
            told = entry.number;
        }
    }
    told
}

/// An entry in one line, or two.
fn line(entry: &JournalEntry, style: Style) -> String {
    let time = entry.at.get(11..19).unwrap_or(&entry.at);
    let (tone, verdict) = match entry.verdict {
        Verdict::Accepted => (Tone::Good, "accepted"),
        Verdict::Refused => (Tone::Bad, "refused"),
        Verdict::Repeated => (Tone::Label, "repeated"),
        Verdict::Faulted => (Tone::Label, "faulted"),
        Verdict::Unanswered => (Tone::Bad, "unanswered"),
        _ => (Tone::Label, "answered"),
    };
    let code = match (&entry.response_code, entry.status) {
        (Some(code), _) => code.clone(),
        (None, 0) => "no answer".to_owned(),
        (None, status) => format!("HTTP {status}"),
    };
    let verdict = style.paint(tone, verdict);
    let mut text = format!(
        "{time} {:<6} {} {verdict} {code}\n",
        entry.method,
        // A call to the merchant is told from one of the merchant's by its whole URL.
        entry.url.as_ref().unwrap_or(&entry.path)
    );
    if let Some(reason) = &entry.reason {
        text.push_str(&format!("         {reason}\n"));
    }
    for note in &entry.notes {
        text.push_str(&format!("         {}: {}\n", note.field, note.what));
    }
    text
}
