//! `doku va …` against a sandbox: create, status, update, delete, how to pay.

use serde_json::Value;

use crate::support::{Sandbox, snapshot};

#[test]
fn the_life_of_an_account_for_people() {
    let sandbox = Sandbox::start();
    let va = sandbox.path("va.json");
    let mut shown = String::new();
    for arguments in [
        &[
            "va",
            "create",
            "--trx-id",
            "INV-1",
            "--name",
            "Budi Santoso",
            "--amount",
            "11500",
            "--expires",
            "2030-12-31T23:59:59+07:00",
            "--save",
            &va,
        ][..],
        &["va", "how-to-pay", "--va", &va],
        &["va", "status", "--va", &va],
        &["va", "update", "--va", &va, "--amount", "12000"],
        &["va", "delete", "--va", &va],
    ] {
        let run = sandbox.doku(arguments).run();
        assert_eq!(run.code, 0, "{run:?}");
        shown.push_str(&format!(
            "$ doku {} {}\n{}\n",
            arguments[0],
            arguments[1],
            run.shown()
        ));
    }
    snapshot("va-for-people", &shown, Some(sandbox.folder.path()));
}

#[test]
fn the_life_of_an_account_for_machines() {
    let sandbox = Sandbox::start();
    let mut shown = String::new();
    let created = sandbox
        .doku(&[
            "--output",
            "json",
            "va",
            "create",
            "--mode",
            "mgpc",
            "--partner-service-id",
            "8129",
            "--customer-no",
            "081234567890",
            "--trx-id",
            "TOPUP-1",
            "--name",
            "Siti",
            "--email",
            "siti@example.id",
            "--phone",
            "6281234567890",
            "--open",
            "--min",
            "10000",
            "--max",
            "500000",
            "--reusable",
            "--free-text",
            "Thank you|Terima kasih",
        ])
        .run();
    assert_eq!(created.code, 0, "{created:?}");
    shown.push_str(&created.stdout);
    // What one command printed is what the next one takes.
    for arguments in [
        &["va", "how-to-pay", "--va", "-", "--output", "json"][..],
        &["va", "status", "--va", "-", "--output", "json"],
        &[
            "va", "update", "--va", "-", "--output", "json", "--max", "600000",
        ],
        &["va", "delete", "--va", "-", "--output", "json"],
        &["va", "status", "--va", "-", "--output", "json"],
    ] {
        let run = sandbox.doku(arguments).stdin(&created.stdout).run();
        run.json();
        shown.push_str(&format!(
            "exit code {}: {}{}",
            run.code, run.stdout, run.stderr
        ));
    }
    snapshot("va-for-machines", &shown, Some(sandbox.folder.path()));
}

#[test]
fn paid_reads_paid_and_its_neighbour_reads_pending() {
    let sandbox = Sandbox::start();
    sandbox.created("INV-1", "one.json");
    sandbox.created("INV-2", "two.json");
    let status = |name: &str| {
        let run = sandbox
            .doku(&[
                "va",
                "status",
                "--va",
                &sandbox.path(name),
                "--output",
                "json",
            ])
            .run();
        assert_eq!(run.code, 0, "{run:?}");
        run.json()
    };
    let number = status("one.json")["virtualAccountNo"]
        .as_str()
        .unwrap()
        .to_owned();
    let order = format!(r#"{{"virtualAccountNo":"{number}","amount":"11500.00"}}"#);
    let payment = sandbox.control("POST", "pay", &order);
    let one = status("one.json");
    assert_eq!(one["status"], "paid");
    assert_eq!(one["paidAmount"], "11500.00");
    assert_eq!(one["paymentRequestId"], payment["paymentRequestId"]);
    assert_eq!(status("two.json")["status"], "pending");
    let people = sandbox
        .doku(&["va", "status", "--va", &sandbox.path("one.json")])
        .run();
    assert!(people.stdout.starts_with("Paid: Rp11.500.\n"), "{people:?}");
}

#[test]
fn an_order_that_has_an_account_is_told_to_have_it() {
    let sandbox = Sandbox::start();
    sandbox.created("INV-1", "va.json");
    let create = [
        "va",
        "create",
        "--trx-id",
        "INV-1",
        "--name",
        "Budi Santoso",
        "--amount",
    ];
    let again = sandbox.doku(&create).arguments(&["11500"]).run();
    assert_eq!(again.code, 0, "{again:?}");
    assert!(
        again
            .stdout
            .starts_with("An account of this trxId exists already: ")
            && again
                .stdout
                .contains("It may have been paid or deleted since"),
        "{again:?}"
    );
    let machines = sandbox
        .doku(&create)
        .arguments(&["11500", "--output", "json"])
        .run();
    assert_eq!(machines.json()["existed"], true);
    assert_eq!(machines.json()["responseCode"], "4000500");
    let other = sandbox.doku(&create).arguments(&["99000"]).run();
    assert_eq!(other.code, 5, "{other:?}");
}

#[test]
fn an_external_id_that_is_given_is_the_one_that_is_used() {
    let sandbox = Sandbox::start();
    let va = sandbox.path("va.json");
    for (id, arguments) in [
        (
            "1001",
            &[
                "va", "create", "--trx-id", "A-1", "--name", "Budi", "--amount", "5000", "--save",
                &va,
            ][..],
        ),
        ("1002", &["va", "status", "--va", &va]),
        (
            "1003",
            &["va", "update", "--va", &va, "--name", "Budi Baru"],
        ),
        ("1004", &["va", "delete", "--va", &va]),
    ] {
        let mut all = arguments.to_vec();
        all.extend(["--external-id", id, "--output", "json"]);
        let run = sandbox.doku(&all).run();
        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(run.json()["externalId"], id);
    }
}

#[test]
fn an_update_starts_from_the_last_one() {
    let sandbox = Sandbox::start();
    sandbox.created("INV-1", "va.json");
    let va = sandbox.path("va.json");
    let update = |more: &[&str]| {
        let mut all = vec!["va", "update", "--va", &va];
        all.extend(more);
        let run = sandbox.doku(&all).run();
        assert_eq!(run.code, 0, "{run:?}");
        let stored: Value = serde_json::from_slice(&std::fs::read(&va).unwrap()).unwrap();
        stored["bill"].clone()
    };
    assert_eq!(update(&["--amount", "12000"])["closed"], "12000.00");
    assert_eq!(update(&["--name", "Budi Baru"])["closed"], "12000.00");
    let variable = update(&["--variable", "--min", "1000"]);
    assert_eq!(variable["variable"]["amount"], "12000.00");
    assert_eq!(variable["variable"]["limits"]["min"], "1000.00");
    let wider = update(&["--max", "90000"]);
    assert_eq!(wider["variable"]["limits"]["min"], "1000.00");
    assert_eq!(wider["variable"]["limits"]["max"], "90000.00");
    let there = &sandbox.control("GET", "virtual-accounts", "")["virtualAccounts"][0];
    assert_eq!(there["amount"], "12000.00");
    assert_eq!(there["maxAmount"], "90000.00");
    assert_eq!(there["virtualAccountName"], "Budi Baru");
    assert_eq!(
        update(&["--closed", "--amount", "9000"])["closed"],
        "9000.00"
    );
    let there = &sandbox.control("GET", "virtual-accounts", "")["virtualAccounts"][0];
    assert_eq!(there["amount"], "9000.00");
}

#[test]
fn an_account_can_be_taken_out_of_service_and_back() {
    let sandbox = Sandbox::start();
    sandbox.created("INV-1", "va.json");
    let va = sandbox.path("va.json");
    for (flag, word, standing) in [
        ("--deactivate", "INACTIVE", "inactive"),
        ("--activate", "ACTIVE", "pending"),
    ] {
        let run = sandbox.doku(&["va", "update", "--va", &va, flag]).run();
        assert_eq!(run.code, 0, "{run:?}");
        assert!(
            run.stdout.contains(&format!("  status       {word}\n")),
            "{run:?}"
        );
        let there = sandbox.control("GET", "virtual-accounts", "");
        assert_eq!(there["virtualAccounts"][0]["standing"], standing);
    }
}

#[cfg(unix)]
#[test]
fn what_is_saved_is_for_its_owner_only_and_nothing_is_overwritten() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::start();
    sandbox.created("INV-1", "va.json");
    let path = sandbox.file("va.json");
    let mode = || path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    let va = sandbox.path("va.json");
    let run = sandbox
        .doku(&["va", "update", "--va", &va, "--amount", "12000"])
        .run();
    assert_eq!((run.code, mode()), (0, 0o600), "{run:?}");

    let before = std::fs::read(&path).unwrap();
    let again = sandbox
        .doku(&[
            "va", "create", "--trx-id", "INV-2", "--name", "Budi", "--amount", "1", "--save", &va,
        ])
        .run();
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.stderr.contains("Nothing is overwritten"), "{again:?}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let there = sandbox.control("GET", "virtual-accounts", "");
    assert_eq!(
        there["virtualAccounts"].as_array().unwrap().len(),
        1,
        "it was sent all the same"
    );
}

#[test]
fn a_file_for_a_result_that_never_came_is_not_left_behind() {
    let sandbox = Sandbox::start();
    let run = sandbox
        .doku(&[
            "va",
            "create",
            "--trx-id",
            "A",
            "--name",
            "Budi",
            "--amount",
            "5000",
            "--partner-service-id",
            "11111",
            "--save",
            &sandbox.path("va.json"),
        ])
        .run();
    assert_eq!(run.code, 3, "{run:?}");
    assert!(!sandbox.file("va.json").exists());
}
