//! A backup is restored, and the server goes on from it.

use std::process::Command;

use tempfile::TempDir;

use crate::support::{
    Cluster, Doku, Pay, Receiver, Replica, Starting, eventually, program, skipped,
};

/// A server with a payment that was told of and one that was not: the receiver was away.
fn before_the_backup(server: &Replica, receiver: &Receiver) -> [Pay; 3] {
    let doku = Doku::at(server.outside());
    let [told, untold, unpaid] =
        ["INV-TOLD", "INV-UNTOLD", "INV-LATER"].map(|id| server.ordered(id));
    assert!(doku.tell(server.outside(), &told).is_acknowledged());
    let arrived = || receiver.said("account.paid", "INV-TOLD");
    eventually("a webhook", arrived, |count| *count == 1);
    receiver.close(true);
    assert!(doku.tell(server.outside(), &untold).is_acknowledged());
    server.logged_eventually(&["a webhook did not arrive"]);
    [told, untold, unpaid]
}

/// What happened after the backup was made: ids are given that the backup does not know.
fn after_the_backup(server: &Replica, receiver: &Receiver, pay: &Pay) -> Vec<String> {
    let doku = Doku::at(server.outside());
    assert!(doku.tell(server.outside(), pay).is_acknowledged());
    receiver.close(false);
    let told = || receiver.said("account.paid", &pay.trx_id);
    eventually("a webhook", told, |count| *count == 1);
    known(server, pay)
}

/// The ids of what is known of an order.
fn known(server: &Replica, pay: &Pay) -> Vec<String> {
    let mut ids = server.payments(&pay.trx_id);
    let told = ["payment.received", "account.paid"];
    let events = server.events(&pay.trx_id).into_iter();
    ids.extend(
        events
            .filter(|(_, kind)| told.contains(&kind.as_str()))
            .map(|(id, _)| id),
    );
    ids
}

/// The server goes on: what was not told of is, DOKU's repeat is taken, and no id is given a second time.
fn goes_on(server: &Replica, receiver: &Receiver, pays: &[Pay; 3], seen: &[String]) {
    let doku = Doku::at(server.outside());
    let [told, untold, later] = pays;
    for pay in [told, untold] {
        assert!(doku.tell(server.outside(), pay).is_acknowledged());
        server.paid_once(&pay.trx_id);
    }
    let arrived = || receiver.said("account.paid", "INV-UNTOLD");
    eventually("a webhook", arrived, |count| *count >= 1);
    // The payment of after the backup is not known here. DOKU, asked to, tells again.
    assert!(server.payments(&later.trx_id).is_empty());
    assert!(doku.tell(server.outside(), later).is_acknowledged());
    server.paid_once(&later.trx_id);
    let again = known(server, later);
    assert_eq!((seen.len(), again.len()), (3, 3), "{seen:?} {again:?}");
    for id in &again {
        assert!(!seen.contains(id), "{id} was given before");
        assert!(id.ends_with("00000001") || id.ends_with("00000002"), "{id}");
    }
    let told = || receiver.said("account.paid", &later.trx_id);
    // Under another id than before: whoever drops what it has seen takes it.
    eventually("a webhook", told, |count| *count == 2);
}

#[test]
fn a_dump_of_postgresql_goes_on_in_another_cluster() {
    let (Some(old), Some(new)) = (Cluster::shared(), Cluster::start()) else {
        return;
    };
    let (from, to) = (old.database(), new.database());
    let receiver = Receiver::start();
    let server = Starting::on(from.url()).telling(receiver.url()).start();
    let pays = before_the_backup(&server, &receiver);
    let folder = TempDir::new().unwrap();
    let dump = folder.path().join("doku.dump");
    let dump = dump.to_str().unwrap();
    old.program("pg_dump", &["--format=custom", "--file", dump, &from.name]);
    let seen = after_the_backup(&server, &receiver, &pays[2]);
    drop(server.stop());

    new.program("pg_restore", &["--no-owner", "--dbname", &to.name, dump]);
    let starting = Starting::on(to.url()).telling(receiver.url());
    assert_eq!(
        starting.run(&["serve", "--check"]).code,
        Some(6),
        "DOKU is not there"
    );
    starting
        .run(&["ledger", "restored", "--output", "json"])
        .json();
    let server = starting.start();
    goes_on(&server, &receiver, &pays, &seen);
}

#[test]
fn a_backup_of_sqlite_goes_on() {
    let Some(sqlite) = program("sqlite3", &[]) else {
        skipped("sqlite3 is not installed");
        return;
    };
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let receiver = Receiver::start();
    let starting = || Starting::on(path("doku.sqlite")).telling(receiver.url());
    let server = starting().start();
    let pays = before_the_backup(&server, &receiver);
    let vacuum = format!("VACUUM INTO '{}'", path("backup.sqlite"));
    let made = Command::new(sqlite)
        .args([&path("doku.sqlite"), &vacuum])
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let seen = after_the_backup(&server, &receiver, &pays[2]);
    drop(server.stop());

    for left in ["doku.sqlite", "doku.sqlite-wal", "doku.sqlite-shm"] {
        let _gone = std::fs::remove_file(path(left));
    }
    std::fs::rename(path("backup.sqlite"), path("doku.sqlite")).unwrap();
    starting()
        .run(&["ledger", "restored", "--output", "json"])
        .json();
    let server = starting().start();
    goes_on(&server, &receiver, &pays, &seen);
}

/// A webhook that is taken out of the settings is not forgotten in silence.
#[test]
fn what_waits_for_a_webhook_that_is_configured_no_more_is_listed_until_it_is_forgotten() {
    let folder = TempDir::new().unwrap();
    let database = folder.path().join("doku.sqlite");
    let starting = || Starting::on(database.to_str().unwrap());
    let receiver = Receiver::start();
    receiver.close(true);
    let server = starting().telling(receiver.url()).start();
    server.ordered("INV-1");
    server.logged_eventually(&["a webhook did not arrive"]);
    drop(server.stop());

    let server = starting().start();
    server.logged(
        "WARN",
        &["this webhook is configured no more", "\"webhook\":\"shop\""],
    );
    let metrics = crate::support::ask(server.inside(), "GET", "/metrics", "", "").body;
    assert!(
        metrics.contains("doku_webhooks_waiting{target=\"shop\"} "),
        "{metrics}"
    );
    let check = server.doku(&["serve", "--check"]);
    assert!(
        check.stdout.contains("shop is configured no more"),
        "{check:?}"
    );
    let list = server
        .doku(&["ledger", "webhooks", "--output", "json"])
        .json();
    assert_eq!(list["items"][0]["webhook"], "shop", "{list}");
    let waiting = list["items"][0]["waiting"].as_u64().unwrap();
    assert!(waiting > 0, "{list}");
    let told = server
        .doku(&["ledger", "webhooks", "--forget", "shop", "--output", "json"])
        .json();
    assert_eq!(told["dropped"].as_u64(), Some(waiting), "{told}");
    let list = server
        .doku(&["ledger", "webhooks", "--output", "json"])
        .json();
    assert_eq!(list["items"].as_array().unwrap().len(), 0, "{list}");
    let again = server.doku(&["ledger", "webhooks", "--forget", "shop"]);
    assert_eq!(again.code, Some(2), "{again:?}");
}
