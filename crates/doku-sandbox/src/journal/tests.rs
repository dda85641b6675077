//! Tests of the journal: what is kept, and what is taken out.

use super::*;
use crate::faults::Direction;

fn entry() -> JournalEntry {
    JournalEntry {
        number: 0,
        at: String::new(),
        direction: Direction::Inbound,
        method: "POST".to_owned(),
        path: "/".to_owned(),
        url: None,
        operation: None,
        headers: Vec::new(),
        body: String::new(),
        body_bytes: 0,
        verdict: Verdict::Accepted,
        status: 200,
        response_code: None,
        response_message: None,
        reason: None,
        notes: Vec::new(),
        signature: None,
        signed: None,
        answer: None,
        fault: None,
    }
}

#[test]
fn keeps_the_last_ones_and_their_numbers() {
    let journal = Journal::new(3);
    for _ in 0..5 {
        journal.record(entry());
    }
    let numbers = |after| -> Vec<u64> {
        let kept = journal.after(after);
        kept.iter().map(|entry| entry.number).collect()
    };
    assert_eq!(numbers(0), [3, 4, 5]);
    assert_eq!(numbers(3), [4, 5]);
    assert!(numbers(5).is_empty());
    assert!(numbers(u64::MAX).is_empty());
    assert_eq!(journal.last(), 5);
    journal.clear();
    assert!(numbers(0).is_empty());
}
