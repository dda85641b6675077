//! Servers that put calls off, hang up, or take no more genuine ones.

use std::time::Duration;

use doku_sandbox::conformance::Verdict;

use crate::shop::{Manners, names, tried, undecided};

const ROWS: [&str; 6] = [
    "payment/genuine",
    "payment/unsigned",
    "payment/body-changed",
    "payment/other-path",
    "payment/other-secret",
    "payment/afterwards",
];

#[tokio::test(start_paused = true)]
async fn without_bad_manners_every_row_passes() {
    // Without this, the tests below would prove nothing.
    let (report, _) = tried(Manners::default(), &ROWS).await;
    assert_eq!(names(&report, Verdict::Passed), ROWS, "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_busy_is_left_alone_as_long_as_it_asks() {
    // The first call is for a token, the third is the first attack.
    let manners = Manners {
        busy_at: Some((3, 40)),
        ..Manners::default()
    };
    let (report, took) = tried(manners, &ROWS).await;
    assert_eq!(names(&report, Verdict::Passed), ROWS, "{report:?}");
    assert!(took >= Duration::from_secs(40), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_an_hour() {
    let manners = Manners {
        busy_at: Some((3, 3600)),
        ..Manners::default()
    };
    let (report, took) = tried(manners, &ROWS).await;
    assert_eq!(undecided(&report), ["payment/unsigned"], "{report:?}");
    assert!(!report.is_good());
    assert!(took < Duration::from_secs(120), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn refusals_of_a_server_that_takes_no_genuine_call_any_more_prove_nothing() {
    let manners = Manners {
        takes: 1,
        ..Manners::default()
    };
    let (report, _) = tried(manners, &ROWS).await;
    assert_eq!(
        names(&report, Verdict::Passed),
        ["payment/genuine"],
        "{report:?}"
    );
    assert_eq!(
        names(&report, Verdict::Failed),
        ["payment/afterwards"],
        "{report:?}"
    );
    let open = undecided(&report);
    assert_eq!(open, ROWS.split_last().unwrap().1.split_first().unwrap().1);
    assert!(!report.is_good());
}

#[tokio::test(start_paused = true)]
async fn to_hang_up_is_no_refusal() {
    let manners = Manners {
        hangs_up: true,
        ..Manners::default()
    };
    let (report, _) = tried(manners, &ROWS).await;
    let passed = names(&report, Verdict::Passed);
    assert_eq!(
        passed,
        ["payment/genuine", "payment/afterwards"],
        "{report:?}"
    );
    assert_eq!(undecided(&report).len(), 4, "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn a_genuine_form_that_is_hung_up_on_fails() {
    // PUT is no form of DOKU's; a body that is no JSON is what this server hangs up on.
    let manners = Manners {
        hangs_up: true,
        ..Manners::default()
    };
    let rows = ["payment/genuine", "payment/deep", "payment/afterwards"];
    let (report, _) = tried(manners, &rows).await;
    assert_eq!(
        names(&report, Verdict::Failed),
        ["payment/deep"],
        "{report:?}"
    );
}
