//! `doku demo`: every step tells what proves it.

use std::sync::LazyLock;

use serde_json::Value;

use crate::support::{Run, doku, snapshot};

/// The story as it is told to people, and to machines: each is run once for all tests.
pub(crate) static TEXT: LazyLock<Run> = LazyLock::new(|| doku(&["demo"]).run());
static JSON: LazyLock<Run> = LazyLock::new(|| doku(&["--output", "json", "demo"]).run());

#[test]
fn the_story_is_told_to_its_end() {
    let run = &*TEXT;
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    assert!(run.stdout.contains("All 22 steps did what they say."));
    assert!(!run.stdout.contains('\x1b'), "colours, but no terminal");
    snapshot("demo", &run.stdout, None);
}

/// The steps as machines are told them, without the line at the end.
fn steps() -> Vec<Value> {
    let run = &*JSON;
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    let mut lines: Vec<Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let end = lines.pop().unwrap();
    assert_eq!(end, serde_json::json!({"event": "done", "steps": 22}));
    lines
}

/// The calls of all steps, in order.
fn calls(steps: &[Value]) -> Vec<&Value> {
    steps
        .iter()
        .filter_map(|step| step["calls"].as_array())
        .flatten()
        .collect()
}

#[test]
fn each_step_has_its_id_its_code_and_its_number() {
    let steps = steps();
    let mut ids = Vec::new();
    let mut codes = Vec::new();
    for step in &steps {
        if let Some(code) = step["responseCode"].as_str() {
            codes.push(code);
            // A token call has no id.
            if code != "2007300" {
                ids.push(step["externalId"].as_str().unwrap());
            }
            // The call that a step is about is among those that it shows.
            assert!(
                calls(std::slice::from_ref(step))
                    .iter()
                    .any(|call| call["externalId"] == step["externalId"]
                        && call["responseCode"] == step["responseCode"]),
                "{step}"
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
    assert_eq!(numbers.len(), 18, "{numbers:?}");
    assert!(numbers.iter().all(|number| number.len() == 16));
}

#[test]
fn doku_calls_the_shop_for_every_payment() {
    let steps = steps();
    let from = |who: &str| -> Vec<(&str, &str, &str)> {
        calls(&steps)
            .into_iter()
            .filter(|call| call["from"] == who)
            .map(|call| {
                (
                    call["path"].as_str().unwrap(),
                    call["responseCode"].as_str().unwrap(),
                    call["signature"].as_str().unwrap(),
                )
            })
            .collect()
    };
    let token = ("/authorization/v1/access-token/b2b", "2007300", "verified");
    let inquiry = ("/v1.1/transfer-va/inquiry", "2002400", "verified");
    let payment = ("/v1/transfer-va/payment", "2002500", "verified");
    assert_eq!(
        from("doku"),
        [
            // The order.
            token,
            payment,
            // Two top-ups, and the second one told again.
            payment,
            payment,
            payment,
            // A number of the shop's own: looked at, paid, and tried once more.
            inquiry,
            inquiry,
            payment,
            ("/v1.1/transfer-va/inquiry", "4042414", "verified"),
        ]
    );
    assert_eq!(
        from("thief"),
        [
            ("/v1/transfer-va/payment", "4012501", "bearerRefused"),
            ("/v1/transfer-va/payment", "4012500", "refused"),
        ]
    );
}

#[test]
fn the_chapters_tell_of_each_kind_of_number_and_of_what_goes_wrong() {
    let steps = steps();
    let mut chapters: Vec<&str> = steps
        .iter()
        .map(|step| step["chapter"].as_str().unwrap())
        .collect();
    chapters.dedup();
    assert_eq!(
        chapters,
        [
            "The shop opens",
            "A shop sells an order",
            "A wallet is topped up",
            "A number of your own",
            "What goes wrong"
        ]
    );
    let told = |title: &str| -> String {
        let step = steps
            .iter()
            .find(|step| step["title"].as_str().unwrap().contains(title))
            .unwrap_or_else(|| panic!("no step tells of {title:?}"));
        let told = step["told"].as_array().unwrap().iter();
        told.map(|line| format!("{}\n", line.as_str().unwrap()))
            .collect()
    };
    for (title, says) in [
        ("(DGPC)", "DOKU completes it"),
        ("The customer pays at BTN", "for INV-2026-0001, Rp12.000"),
        ("Ask again: the first order", "Paid: Rp12.000."),
        ("Ask again: the second order", "Pending."),
        ("(MGPC)", "DOKU keeps it as it is"),
        ("Two top-ups", "for TOPUP-0001, Rp75.000"),
        ("tells of the last one again", "3 payments, as before"),
        ("(DIPC)", "this is none of them"),
        ("DOKU asks the shop", "Agus Salim, Rp18.000"),
        ("pays the same number again", "4042414"),
        (
            "makes a bearer up",
            "hears \"Invalid Token (B2B)\", and no more",
        ),
        ("makes a bearer up", "4 payments of Rp155.000, as before"),
        (
            "raises the amount",
            "hears \"Unauthorized. Invalid Signature\", and no more",
        ),
        (
            "raises the amount",
            "expected: POST:/v1/transfer-va/payment:[token, ",
        ),
        ("raises the amount", "4 payments of Rp155.000, as before"),
    ] {
        assert!(told(title).contains(says), "{title}: {}", told(title));
    }
}

#[test]
fn no_line_is_wider_than_a_terminal() {
    let run = &*TEXT;
    for line in run.stdout.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
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
    assert_eq!(line, "The shop opens\n");
}
