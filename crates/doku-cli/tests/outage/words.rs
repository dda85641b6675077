//! What is said of a database that cannot be opened: exact enough to know where to look.

use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::support::Starting;

#[test]
fn a_port_where_nobody_listens_is_named_and_quickly() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let starting = Starting::on(format!("postgres://doku@{address}/doku"));
    for arguments in [&["serve"][..], &["ledger", "list"]] {
        let begun = Instant::now();
        let run = starting.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run:?}");
        assert!(
            run.stderr.contains("the database cannot be reached"),
            "{run:?}"
        );
        assert!(run.stderr.contains(&address.to_string()), "{run:?}");
        assert!(run.stderr.contains("refused"), "{run:?}");
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "{:?}",
            begun.elapsed()
        );
    }
    let check = starting.run(&["serve", "--check"]);
    assert_eq!(check.code, Some(6), "{check:?}");
    assert!(check.stdout.contains(&address.to_string()), "{check:?}");
}

#[test]
fn a_folder_is_told_from_a_file() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().to_str().unwrap();
    let starting = Starting::on(path);
    let words = format!(
        "{path} is a folder, and a ledger is a file; name one in it, as in {path}/doku.sqlite"
    );
    for arguments in [&["serve"][..], &["ledger", "list"]] {
        let run = starting.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(6), ""), "{run:?}");
        assert!(run.stderr.contains(&words), "{run:?}");
        assert!(!run.stderr.contains("network"), "{run:?}");
    }
    let check = starting.run(&["serve", "--check"]);
    assert_eq!(check.code, Some(6), "{check:?}");
    assert!(check.stdout.contains(&words), "{check:?}");
}

#[test]
fn a_file_that_is_not_there_or_something_else_is_named() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let mistyped = Starting::on(path("doko.sqlite"));
    let run = mistyped.run(&["ledger", "list"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run:?}");
    let words = format!(
        "there is no ledger at {}: the file is not there",
        path("doko.sqlite")
    );
    assert!(run.stderr.contains(&words), "{run:?}");

    std::fs::write(
        path("letter"),
        "Dear customer, your account is ready. ".repeat(100),
    )
    .unwrap();
    let letter = Starting::on(path("letter"));
    let words = format!(
        "{} is no ledger, and no database of SQLite at all",
        path("letter")
    );
    for arguments in [&["ledger", "list"][..], &["serve"]] {
        let run = letter.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(6), ""), "{run:?}");
        assert!(run.stderr.contains(&words), "{run:?}");
        assert!(!run.stderr.contains("nothing was recorded"), "{run:?}");
    }
    let check = letter.run(&["serve", "--check"]);
    assert_eq!(check.code, Some(6), "{check:?}");
    assert!(check.stdout.contains(&words), "{check:?}");

    let nowhere = Starting::on(path("gone/doku.sqlite"));
    let words = format!(
        "the folder of {} is not there; make it",
        path("gone/doku.sqlite")
    );
    let run = nowhere.run(&["serve"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run:?}");
    assert!(run.stderr.contains(&words), "{run:?}");
    let check = nowhere.run(&["serve", "--check"]);
    assert!(check.stdout.contains(&words), "{check:?}");
}
