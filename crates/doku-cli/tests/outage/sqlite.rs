//! A file of SQLite on a disk that is full, and on one that takes no writes.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::support::{Doku, Receiver, Starting, eventually, skipped};

/// A file system of its own, taken away at the end. Only root may make one.
struct Disk(TempDir);

impl Disk {
    fn new() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let mounted = mount(&["-t", "tmpfs", "-o", "size=16m", "tmpfs"], folder.path());
        if !mounted {
            skipped("a file system cannot be mounted here");
        }
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn database(&self) -> String {
        let file = self.path().join("doku.sqlite");
        file.to_str().unwrap().to_owned()
    }

    fn remount(&self, how: &str) {
        let how = format!("remount,{how}");
        assert!(mount(&["-o", &how], self.path()), "{how}");
    }

    /// Fills it to the last block.
    fn fill(&self) {
        let mut size = 16 << 20;
        while size >= 1 {
            let ballast = self.path().join("ballast");
            let mut ballast = std::fs::File::options()
                .create(true)
                .append(true)
                .open(ballast)
                .unwrap();
            if ballast.write_all(&vec![0; size]).is_err() {
                size /= 2;
            }
        }
    }

    fn make_room(&self) {
        std::fs::remove_file(self.path().join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount")
            .arg("--lazy")
            .arg(self.path())
            .status();
    }
}

fn mount(arguments: &[&str], at: &Path) -> bool {
    Command::new("mount")
        .args(arguments)
        .arg(at)
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[test]
fn a_full_disk_is_told_of_and_outlived() {
    let Some(disk) = Disk::new() else { return };
    let receiver = Receiver::start();
    let server = Starting::on(disk.database())
        .telling(receiver.url())
        .start();
    let doku = Doku::at(server.outside());
    let pays: Vec<_> = (0..40)
        .map(|place| server.ordered(&format!("INV-{place}")))
        .collect();
    disk.fill();
    // What is there already holds a few more; then there is no room for any.
    let mut kept = 0;
    let mut refused = 0;
    for pay in &pays {
        let answer = doku.tell(server.outside(), pay);
        if answer.is_acknowledged() {
            kept += 1;
        } else {
            assert!(answer.asks_to_come_again(), "{answer:?}");
            refused += 1;
        }
    }
    assert!(refused > 0, "the disk was not full");
    server.says_it_is_not_ready("the database has no room left");
    server.refuses_orders("INV-LOST");
    server.logged(
        "ERROR",
        &[
            "a call of DOKU's was not recorded",
            "no room left; free or add some",
        ],
    );
    // What was acknowledged is there, and nothing else.
    assert_eq!(server.all("/v1/payments").len(), kept);

    disk.make_room();
    server.becomes_ready();
    for pay in &pays {
        let answer = doku.tell(server.outside(), pay);
        assert!(answer.is_acknowledged(), "{answer:?}: {}", server.log());
        server.paid_once(&pay.trx_id);
    }
    for pay in &pays {
        let told = || receiver.said("account.paid", &pay.trx_id);
        eventually("a webhook", told, |count| *count == 1);
    }
    server.ordered("INV-LOST");
}

/// A file may grow no further: what a quota or `LimitFSIZE` does. The system sends a signal then, which ends who does not expect
/// it. Works without rights, too.
#[test]
fn a_file_that_may_not_grow_ends_nobody() {
    let limit = 600 * 1024;
    let folder = TempDir::new().unwrap();
    let database = folder.path().join("doku.sqlite");
    let server = Starting::on(database.to_str().unwrap())
        .by(&["prlimit", &format!("--fsize={limit}:unlimited"), "--"])
        .start();
    let doku = Doku::at(server.outside());
    let mut kept = Vec::new();
    let mut refused = None;
    for place in 0..2000 {
        let made = server.order(&format!("INV-{place}"));
        if made.status != 201 {
            assert_eq!(made.status, 503, "{made:?}");
            assert_eq!(made.json()["money"], "untouched", "{made:?}");
            refused = Some(made);
            break;
        }
        kept.push(made);
    }
    assert!(refused.is_some(), "the file may grow");
    assert_eq!(server.all("/v1/virtual-accounts").len(), kept.len());
    server.says_it_is_not_ready("the database");
    let id = server.process_id().to_string();
    let lifted = Command::new("prlimit")
        .args(["--pid", &id, "--fsize=unlimited:unlimited"])
        .status();
    assert!(lifted.unwrap().success());
    server.becomes_ready();
    let pay = server.ordered("INV-LAST");
    assert!(doku.tell(server.outside(), &pay).is_acknowledged());
    server.paid_once("INV-LAST");
}

#[test]
fn a_file_that_takes_no_writes_can_be_read_and_is_told_of() {
    let Some(disk) = Disk::new() else { return };
    let server = Starting::on(disk.database()).start();
    let doku = Doku::at(server.outside());
    let paid = server.ordered("INV-1");
    assert!(doku.tell(server.outside(), &paid).is_acknowledged());
    let pay = server.ordered("INV-2");
    let (starting, _files) = server.stop();

    disk.remount("ro");
    let run = starting.run(&["serve"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run:?}");
    assert!(
        run.stderr.contains("the database takes no writes"),
        "{run:?}"
    );
    let check = starting.run(&["serve", "--check"]);
    assert_eq!(check.code, Some(6), "{check:?}");
    assert!(check.stdout.contains("takes no writes"), "{check:?}");
    let list = starting.run(&["ledger", "list", "--output", "json"]).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2, "{list}");
    let shown = starting
        .run(&["ledger", "show", "INV-1", "--output", "json"])
        .json();
    assert_eq!(shown["account"]["state"], "paid", "{shown}");
    let export = starting.run(&["ledger", "export"]);
    assert!(export.stdout.contains("INV-1"), "{export:?}");
    let changed = starting.run(&["ledger", "restored"]);
    assert_eq!(changed.code, Some(1), "{changed:?}");
    assert!(changed.stderr.contains("takes no writes"), "{changed:?}");

    disk.remount("rw");
    let server = starting.start();
    let doku = Doku::at(server.outside());
    for pay in [&paid, &pay] {
        assert!(doku.tell(server.outside(), pay).is_acknowledged());
        server.paid_once(&pay.trx_id);
    }
}
