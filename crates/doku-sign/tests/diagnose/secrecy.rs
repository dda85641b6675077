//! Planted secrets are looked for in everything a diagnosis prints.

use std::fmt::Debug;
use std::time::SystemTime;

use doku_sign::diagnose::{Case, Diagnosis, Language, Presented};
use doku_sign::{AccessToken, ClientSecret};
use proptest::prelude::*;

use crate::stage::{
    BODY, OLD_SECRET, OTHER_TOKEN, SECRET, Signed, Stage, TIME, TOKEN, base64, but, compact,
    hmac512,
};

/// The middle of each secret; the names in the body are personal and must not show either.
const MARKERS: [&str; 6] = [
    "PENANDA7RAHASIA",
    "PENANDA6KEMARIN",
    "PENANDA8TOKEN",
    "PENANDA9LAINNYA",
    "Andr",
    "19008",
];

#[track_caller]
fn hides(printed: &str) {
    for marker in MARKERS {
        for marker in [marker.to_owned(), marker.to_lowercase()] {
            assert!(!printed.contains(&marker), "{marker} in {printed}");
        }
        let bytes = format!("{:?}", marker.as_bytes());
        assert!(
            !printed.contains(bytes.trim_matches(['[', ']'])),
            "{printed}"
        );
    }
}

#[track_caller]
fn hides_debug(value: &impl Debug) {
    hides(&format!("{value:?}"));
    hides(&format!("{value:#?}"));
}

#[track_caller]
pub(crate) fn hides_all(case: &Case<'_>) -> Diagnosis {
    hides_debug(case);
    let diagnosis = case.diagnose();
    hides_debug(&diagnosis);
    for language in [Language::English, Language::Indonesian] {
        let report = diagnosis.report(language);
        hides(&report.to_string());
        hides_debug(&report);
        for found in &diagnosis.findings {
            hides(&found.cause.describe(language));
            hides(found.cause.advice(language));
        }
    }
    hides(&diagnosis.to_string());
    diagnosis
}

#[test]
fn the_search_finds_what_is_shown() {
    for shown in [SECRET, OLD_SECRET, TOKEN, OTHER_TOKEN, BODY] {
        std::panic::catch_unwind(|| hides(shown)).unwrap_err();
    }
}

#[test]
fn nothing_is_shown_of_what_was_reproduced() {
    let stage = Stage::new();
    let text = Signed::right().text();
    for signature in [
        Signed::right().signature(),
        but(|signed| signed.token = format!("Bearer {TOKEN}")),
        but(|signed| signed.token = OTHER_TOKEN.to_owned()),
        but(|signed| signed.token = format!(" {TOKEN}")),
        but(|signed| signed.hash = compact()),
        but(|signed| signed.hash = BODY.to_owned()),
        base64(&hmac512(OLD_SECRET, &text)),
        base64(&hmac512(&format!("'{SECRET}'"), &text)),
        "not a signature".to_owned(),
    ] {
        hides_all(&stage.transaction(&signature));
        hides_all(&stage.token_request(&signature));
        hides_all(&stage.asymmetric(&signature));
    }
}

#[test]
fn nothing_is_shown_of_what_they_signed() {
    let stage = Stage::new();
    let hash = &Signed::right().hash;
    let right = Signed::right().text();
    for text in [
        right.clone(),
        right.replace(TOKEN, OTHER_TOKEN),
        // In the wrong place, or in no place.
        format!("POST:{TOKEN}:/path:{hash}:{TIME}"),
        format!("POST:/path/{TOKEN}:{OTHER_TOKEN}:{hash}:{TIME}"),
        format!("POST:/path:x:{hash}:{TOKEN}"),
        format!("{TOKEN}:/path:x:{hash}:{TIME}"),
        format!("{SECRET}|{TIME}"),
        format!("{TOKEN}|{TIME}"),
        format!("{TIME}|{TOKEN}"),
        SECRET.to_owned(),
        compact(),
        format!("POST:/path:{TOKEN}:{}:{TIME}", compact()),
    ] {
        for signature in [base64(&hmac512(SECRET, &text)), base64(&[7; 64])] {
            hides_all(&stage.transaction(&signature).they_signed(&text));
            hides_all(&stage.token_request(&signature).they_signed(&text));
        }
    }
}

#[test]
fn a_secret_in_the_wrong_place_is_not_shown() {
    let stage = Stage::new();
    let (path, lower) = (format!("/p?key={SECRET}"), TOKEN.to_lowercase());
    for signature in [Signed::right().signature(), base64(&[7; 64])] {
        let presented = Presented {
            path: &path,
            client_id: OLD_SECRET,
            timestamp: TOKEN,
            method: &lower,
            ..stage.presented(&signature)
        };
        // Whoever holds the request prints it with care; the diagnosis is safe to print.
        for case in [
            stage.informed(Case::transaction(presented, &stage.secret)),
            stage.informed(Case::token_request(presented, &stage.merchant)),
        ] {
            hides(&case.diagnose().to_string());
            hides_debug(&case.diagnose());
        }
    }
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let stage = Stage::new();
    let signature = but(|signed| signed.path = "/p\u{1b}[2J".to_owned());
    let presented = Presented {
        path: "/p\u{1b}[2J\n",
        ..stage.presented(&signature)
    };
    let diagnosis = Case::transaction(presented, &stage.secret).diagnose();
    assert!(!diagnosis.expected.contains(char::is_control));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn wherever_secrets_are(
        before in "[ -~]{0,12}",
        after in "[ -~]{0,12}",
        place in 0..4_usize,
        seal in 0..3_usize,
        use_hash in any::<bool>(),
    ) {
        let stage = Stage::new();
        let hash = if use_hash { Signed::right().hash } else { compact() };
        let secret = [SECRET, OLD_SECRET, TOKEN, OTHER_TOKEN][place];
        let theirs = format!("{before}:{secret}{after}:{hash}:{TIME}");
        let signature = [
            base64(&hmac512(SECRET, &theirs)),
            base64(&hmac512(SECRET, &format!("{before}{secret}"))),
            format!("{before}{after}"),
        ][seal].clone();
        let case = stage.transaction(&signature).they_signed(&theirs).at(SystemTime::UNIX_EPOCH);
        hides_all(&case);
    }

    #[test]
    fn secrets_of_any_form(secret in "[!-~]{15,40}", path in "/[a-z]{0,8}") {
        let (client, token) = (ClientSecret::new(&secret).unwrap(), AccessToken::new(&secret));
        let theirs = format!("POST:{path}/{secret}:{secret}:{}:{TIME}", Signed::right().hash);
        let signature = base64(&hmac512(&secret, &theirs));
        let presented = Presented {
            method: "POST",
            path: &path,
            timestamp: TIME,
            token: Some(&token),
            client_id: &secret,
            body: secret.as_bytes(),
            signature: &signature,
        };
        let diagnosis = Case::transaction(presented, &client).they_signed(&theirs).diagnose();
        let printed = format!("{diagnosis}{diagnosis:?}");
        prop_assert!(!printed.contains(&secret));
    }
}
