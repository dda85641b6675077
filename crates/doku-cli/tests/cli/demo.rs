//! `doku demo`: every step tells what proves it.

use serde_json::Value;

use crate::support::{doku, snapshot};

#[test]
fn the_story_is_told_to_its_end() {
    let run = doku(&["demo"]).run();
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    assert!(run.stdout.contains("All 15 steps did what they say."));
    assert!(!run.stdout.contains('\x1b'), "colours, but no terminal");
    snapshot("demo", &run.stdout, None);
}

#[test]
fn each_step_has_its_id_its_code_and_its_number() {
    let run = doku(&["--output", "json", "demo"]).run();
    assert_eq!(run.code, 0, "{run:?}");
    let lines: Vec<Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (end, steps) = lines.split_last().unwrap();
    assert_eq!(*end, serde_json::json!({"event": "done", "steps": 15}));
    let mut ids = Vec::new();
    let mut codes = Vec::new();
    for step in steps {
        if let Some(code) = step["responseCode"].as_str() {
            codes.push(code);
            // A token call has no id.
            if code != "2007300" {
                ids.push(step["externalId"].as_str().unwrap());
            }
        }
        if step["responseCode"]
            .as_str()
            .is_some_and(|code| code.starts_with("20026"))
        {
            assert!(
                step["virtualAccountNo"]
                    .as_str()
                    .unwrap()
                    .starts_with("95962")
            );
        }
    }
    assert_eq!(
        codes,
        [
            "2007300", "2002700", "2002600", "2002800", "2002700", "2002600", "2002600", "2002700",
            "2003100", "4012700", "4012700"
        ]
    );
    let known = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), known, "an id was used twice");
    assert!(ids.iter().all(|id| id.len() == 36));
    let numbers: Vec<&str> = steps
        .iter()
        .filter_map(|step| step["virtualAccountNo"].as_str())
        .collect();
    assert_eq!(numbers.len(), 11, "{numbers:?}");
    assert!(numbers.iter().all(|number| number.len() == 16));
}

#[test]
fn two_demonstrations_at_once_do_not_meet() {
    std::thread::scope(|scope| {
        for run in [(); 2].map(|()| scope.spawn(|| doku(&["demo"]).run())) {
            assert_eq!(run.join().unwrap().code, 0);
        }
    });
}

#[cfg(unix)]
#[test]
fn a_reader_who_leaves_ends_it_quietly() {
    use std::io::{BufRead as _, BufReader, Read as _};
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_doku"))
        .arg("demo")
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let mut told = String::new();
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_to_string(&mut told).unwrap();
    assert_eq!((child.wait().unwrap().code(), told.as_str()), (Some(0), ""));
    assert!(line.starts_with(" 1. "), "{line}");
}
