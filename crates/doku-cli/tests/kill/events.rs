//! The stream of events, read until something has happened.

use std::io::{BufRead as _, BufReader, ErrorKind};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::world::World;

/// Longer than what was left open by a kill is leased, twice over.
const PATIENCE: Duration = Duration::from_secs(180);

/// How long to listen for an event before looking whether something happened that is none.
const LOOK: Duration = Duration::from_secs(1);

/// Reads from the beginning on, and says what there was when `enough` did so.
#[track_caller]
pub(crate) fn until(world: &World, mut enough: impl FnMut(&Value) -> bool) -> Vec<Value> {
    let begun = Instant::now();
    let mut seen = Vec::new();
    for line in BufReader::new(world.events()).lines() {
        // A quiet stream says every few seconds that it lives.
        assert!(begun.elapsed() < PATIENCE, "it did not happen: {seen:?}");
        let line = line.unwrap();
        if let Some(data) = line.strip_prefix("data: ") {
            let event: Value = serde_json::from_str(data).unwrap();
            let over = enough(&event);
            seen.push(event);
            if over {
                return seen;
            }
        }
    }
    panic!("the stream ended: {seen:?}");
}

/// Listens until nothing is open that was begun at DOKU and has no end.
#[track_caller]
pub(crate) fn until_settled(world: &World) {
    let begun = Instant::now();
    let stream = world.events();
    stream.set_read_timeout(Some(LOOK)).unwrap();
    let mut lines = BufReader::new(stream).lines();
    loop {
        let open = world.figure("doku_open_intents");
        if open == "0" {
            return;
        }
        assert!(
            begun.elapsed() < PATIENCE,
            "{open} are still open; {}",
            world.log()
        );
        loop {
            match lines.next().unwrap() {
                Ok(_) => {}
                Err(error) => {
                    let quiet = [ErrorKind::WouldBlock, ErrorKind::TimedOut];
                    assert!(quiet.contains(&error.kind()), "{error}");
                    break;
                }
            }
        }
    }
}
