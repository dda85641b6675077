//! Tokens that live for a few calls only.

use doku_sandbox::conformance::Verdict;

use crate::shop::{Manners, names, tried, undecided};

/// Attacks whose refusal says nothing where the bearer is dead, because then everything is refused.
const ATTACKS: [&str; 9] = [
    "payment/unsigned",
    "payment/other-case",
    "payment/body-changed",
    "payment/other-path",
    "payment/other-method",
    "payment/other-timestamp",
    "payment/other-secret",
    "payment/hex",
    "payment/cut-short",
];

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_before_it_expires() {
    let manners = Manners {
        expires_in: 8,
        life: 8,
        ..Manners::default()
    };
    let genuine = [
        "payment/genuine",
        "payment/blanks",
        "payment/zeros",
        "payment/utc",
        "payment/milliseconds",
        "payment/no-channel",
        "payment/unknown-members",
        "payment/repeated",
        "payment/afterwards",
    ];
    let all = [genuine.as_slice(), &ATTACKS].concat();
    let (report, took) = tried(manners, &all).await;
    assert!(took.as_secs() > 3 * manners.life, "{took:?}");
    assert_eq!(
        names(&report, Verdict::Passed).len(),
        report.rows.len(),
        "{report:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_with_a_token_that_died_early_is_undecided() {
    let manners = Manners {
        expires_in: 900,
        life: 6,
        ..Manners::default()
    };
    let (report, _) = tried(manners, &ATTACKS).await;
    assert_eq!(names(&report, Verdict::Failed), [""; 0], "{report:?}");
    let open = undecided(&report);
    assert!(open.contains(&"payment/hex"), "{report:?}");
    assert!(!report.is_good());
    let row = report.rows.iter().find(|row| row.undecided).unwrap();
    assert!(
        row.happened.contains("with a new token only"),
        "{}",
        row.happened
    );
}

#[tokio::test(start_paused = true)]
async fn genuine_forms_that_met_a_dead_token_did_not_fail() {
    let manners = Manners {
        life: 4,
        ..Manners::default()
    };
    let forms = [
        "payment/blanks",
        "payment/zeros",
        "payment/utc",
        "payment/milliseconds",
        "payment/no-channel",
        "payment/unknown-members",
    ];
    let (report, _) = tried(manners, &forms).await;
    assert_eq!(names(&report, Verdict::Failed), [""; 0], "{report:?}");
    assert!(!undecided(&report).is_empty(), "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn a_server_whose_tokens_are_dead_on_arrival_fails_and_nothing_else_is_decided() {
    let manners = Manners {
        expires_in: 0,
        life: 0,
        ..Manners::default()
    };
    let names_of = ["payment/genuine", "payment/unsigned"];
    let (report, _) = tried(manners, &names_of).await;
    assert_eq!(
        names(&report, Verdict::Failed),
        ["payment/genuine"],
        "{report:?}"
    );
    assert_eq!(undecided(&report), ["payment/unsigned"], "{report:?}");
}
