//! One call, judged member by member.

use crate::broken::{Mistakes, NUMBER, Shop};
use crate::support::{Run, doku, snapshot};

fn triggered(mistakes: Mistakes, arguments: &[&str]) -> Run {
    let shop = Shop::open(mistakes);
    let call = arguments[0];
    shop.doku(&["trigger", call, "--to", &shop.url])
        .arguments(&arguments[1..])
        .run()
}

/// The table, without what differs each time.
fn shown(run: &Run) -> String {
    let lines = run
        .stdout
        .lines()
        .map(|line| match line.split_once(" id ") {
            Some((label, _)) if line.starts_with("  ") => format!("{label} id [ID]"),
            _ => line.to_owned(),
        });
    format!(
        "exit code: {}\n{}\n",
        run.code,
        lines.collect::<Vec<_>>().join("\n")
    )
}

const PAYMENT: [&str; 7] = [
    "payment",
    "--number",
    NUMBER,
    "--trx-id",
    "INV-1",
    "--request-id",
    "12839218738127830",
];

#[test]
fn a_payment_that_is_acknowledged_and_one_that_is_not() {
    let good = triggered(Mistakes::default(), &PAYMENT);
    snapshot("trigger-payment", &shown(&good), None);
    assert_eq!(good.code, 0);
    let flat = triggered(
        Mistakes {
            flat: true,
            ..Mistakes::default()
        },
        &PAYMENT,
    );
    snapshot("trigger-payment-flat", &shown(&flat), None);
    assert_eq!(flat.code, 3);
    let mut unsigned = PAYMENT.to_vec();
    unsigned.push("--without-bearer");
    let refused = triggered(Mistakes::default(), &unsigned);
    snapshot("trigger-payment-refused", &shown(&refused), None);
    assert_eq!(refused.code, 3);
}

#[test]
fn a_token_is_judged_and_not_shown() {
    let run = triggered(Mistakes::default(), &["token"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(!run.stdout.contains("eyJ"), "{run:?}");
    assert!(run.stdout.contains("characters]"), "{run:?}");
}

#[test]
fn the_loudest_log_holds_no_secret_and_no_token() {
    let shop = Shop::open(Mistakes::default());
    let secret = std::fs::read_to_string(&shop.files.secret_key).unwrap();
    for arguments in [
        &["trigger", "payment", "--to", &shop.url][..],
        &["conformance", "--merchant", &shop.url],
    ] {
        let run = shop
            .doku(arguments)
            .arguments(&["--number", NUMBER])
            .env("RUST_LOG", "trace")
            .run();
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stderr.contains("TRACE"), "no log: {run:?}");
        for planted in ["eyJ", secret.trim()] {
            assert!(!run.shown().contains(planted), "{arguments:?}");
        }
    }
}

#[test]
fn machines_are_told_in_json() {
    let mut arguments = PAYMENT.to_vec();
    arguments.extend([
        "--output",
        "json",
        "--dialect",
        "padding=zeros,timestamp=utcMilliseconds",
    ]);
    let told = triggered(Mistakes::default(), &arguments).json();
    assert_eq!(told["operation"], "trigger");
    assert_eq!(told["good"], true, "{told}");
    let number = told["members"]
        .as_array()
        .unwrap()
        .iter()
        .find(|member| member["member"] == "virtualAccountData.virtualAccountNo")
        .unwrap();
    assert_eq!(number["found"], "\"0009596260000161862\"");
}

#[test]
fn what_is_missing_is_named_before_anything_is_sent() {
    for (arguments, said) in [
        (
            &["trigger", "payment", "--to", "http://127.0.0.1:1"][..],
            "no client id",
        ),
        (&["trigger", "payment", "--to", "127.0.0.1:1"], "--to"),
        (
            &["trigger", "refund", "--to", "http://127.0.0.1:1"],
            "refund",
        ),
    ] {
        let run = doku(arguments).run();
        assert!(run.code == 2 || run.code == 6, "{run:?}");
        assert!(run.stderr.contains(said), "{said}: {run:?}");
    }
    let shop = Shop::open(Mistakes::default());
    let run = shop.doku(&["trigger", "payment", "--to", &shop.url]).run();
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("--number"), "{run:?}");
    let run = shop
        .doku(&["trigger", "token", "--to", "http://127.0.0.1:1"])
        .run();
    assert_eq!(run.code, 4, "nobody listens there: {run:?}");
}
