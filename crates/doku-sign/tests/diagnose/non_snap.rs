//! DOKU's other channels: labelled lines, a digest of the body as it is, HMAC-SHA-256.

use std::time::{Duration, SystemTime};

use doku_sign::diagnose::{Case, Cause, Diagnosis, PresentedNonSnap, Spelling};
use doku_sign::{ClientSecret, Component, Difference};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::secrecy::hides_all;
use crate::stage::{
    BODY, CLIENT, OLD_SECRET, SECRET, Signed, Stage, base64, causes, compact, hex, hmac256,
    hmac512, proves,
};

const TARGET: &str = "/checkout/v1/payment";
const TIME: &str = "2026-09-04T00:00:00Z";
const REQUEST: &str = "11111111-2222-3333-4444-555555555555";

/// What is signed, all of it right until it is changed.
struct Lines {
    client_id: String,
    request_id: String,
    time: String,
    target: String,
    digest: Option<String>,
}

impl Lines {
    fn right() -> Self {
        Self {
            client_id: CLIENT.to_owned(),
            request_id: REQUEST.to_owned(),
            time: TIME.to_owned(),
            target: TARGET.to_owned(),
            digest: Some(digest(BODY)),
        }
    }

    fn text(&self) -> String {
        let Self {
            client_id,
            request_id,
            time,
            target,
            digest,
        } = self;
        let digest = digest
            .as_ref()
            .map(|digest| format!("\nDigest:{digest}"))
            .unwrap_or_default();
        format!(
            "Client-Id:{client_id}\nRequest-Id:{request_id}\nRequest-Timestamp:{time}\nRequest-Target:{target}{digest}"
        )
    }

    fn header(&self) -> String {
        header(&hmac256(SECRET, &self.text()))
    }
}

fn digest(body: &str) -> String {
    base64(&Sha256::digest(body))
}

fn header(signature: &[u8]) -> String {
    format!("HMACSHA256={}", base64(signature))
}

/// The right signature but for one change of the lines.
fn but(change: impl FnOnce(&mut Lines)) -> String {
    let mut lines = Lines::right();
    change(&mut lines);
    lines.header()
}

fn presented<'a>(body: &'a str, signature: &'a str) -> PresentedNonSnap<'a> {
    PresentedNonSnap {
        client_id: CLIENT,
        request_id: REQUEST,
        request_timestamp: TIME,
        request_target: TARGET,
        body: body.as_bytes(),
        signature,
    }
}

fn case<'a>(stage: &'a Stage, signature: &'a str) -> Case<'a> {
    stage.informed(Case::non_snap(presented(BODY, signature), &stage.secret))
}

#[track_caller]
fn is_right(diagnosis: &Diagnosis) {
    assert!(diagnosis.is_right, "{diagnosis}");
    assert_eq!(causes(diagnosis), []);
}

#[test]
fn what_is_right() {
    let stage = Stage::new();
    is_right(&case(&stage, &Lines::right().header()).diagnose());
    let without = but(|lines| lines.digest = None);
    is_right(&Case::non_snap(presented("", &without), &stage.secret).diagnose());
}

#[test]
fn each_mistake_is_proven() {
    let stage = Stage::new();
    let text = Lines::right().text();
    for (signature, cause) in [
        (
            but(|lines| lines.digest = Some(digest(&compact()))),
            Cause::MinifiedBody,
        ),
        (but(|lines| lines.digest = None), Cause::DigestLeftOut),
        (
            but(|lines| lines.digest = Some(digest(""))),
            Cause::EmptyBody,
        ),
        (
            but(|lines| lines.digest = Some(digest(&format!("{BODY}\n")))),
            Cause::LineEnds,
        ),
        (
            but(|lines| lines.digest = Some(hex(&Sha256::digest(BODY)))),
            Cause::DigestInHex,
        ),
        (
            but(|lines| lines.digest = Some(BODY.to_owned())),
            Cause::BodyNotHashed,
        ),
        (
            but(|lines| lines.digest = Some(digest(&BODY.replace('/', "\\/")))),
            Cause::SlashesEscaped,
        ),
        (
            but(|lines| lines.target = format!("https://api-sandbox.doku.com{TARGET}")),
            Cause::WholeUrl,
        ),
        (
            but(|lines| lines.target = format!("{TARGET}/")),
            Cause::TrailingSlash,
        ),
        (
            but(|lines| lines.target = TARGET[1..].to_owned()),
            Cause::NoLeadingSlash,
        ),
        (
            but(|lines| lines.request_id = format!("{REQUEST}\n")),
            Cause::RequestId,
        ),
        (but(|lines| lines.request_id.clear()), Cause::RequestId),
        (but(|lines| lines.client_id.clear()), Cause::EmptyClientId),
        (
            but(|lines| lines.time = "2026-09-04T07:00:00+07:00".to_owned()),
            Cause::TimestampInOtherOffset,
        ),
        (
            but(|lines| lines.time = "2026-09-04T00:00:00.000Z".to_owned()),
            Cause::TimestampReformatted,
        ),
        (
            header(&hmac256(SECRET, &format!("{text}\n"))),
            Cause::LineEndAfterText,
        ),
        (header(&hmac512(SECRET, &text)), Cause::HmacSha512),
        (
            header(&hmac256(&format!("{SECRET}\n"), &text)),
            Cause::BlanksInSecret,
        ),
        (
            header(&hmac256(OLD_SECRET, &text)),
            Cause::OtherSecret { number: 1 },
        ),
        (header(&hmac256(CLIENT, &text)), Cause::ClientIdAsSecret),
        (base64(&hmac256(SECRET, &text)), Cause::AlgorithmLeftOut),
        (
            format!("HMACSHA512={}", base64(&hmac256(SECRET, &text))),
            Cause::AlgorithmLeftOut,
        ),
        (
            format!("HMACSHA256={}", hex(&hmac256(SECRET, &text))),
            Cause::Hex,
        ),
        (
            format!(
                "HMACSHA256={}",
                base64(hex(&hmac256(SECRET, &text)).as_bytes())
            ),
            Cause::EncodedTwice,
        ),
        (
            format!(" {}", Lines::right().header()),
            Cause::BlanksInSignature,
        ),
    ] {
        proves(&case(&stage, &signature).diagnose(), &[cause]);
    }
}

#[test]
fn a_body_that_is_not_there() {
    let stage = Stage::new();
    for body in ["", "{}"] {
        let signature = but(|lines| lines.digest = Some(digest(body)));
        let diagnosis = Case::non_snap(presented("", &signature), &stage.secret).diagnose();
        let expected: &[Cause] = match body {
            "" => &[Cause::DigestWithoutBody],
            _ => &[Cause::DigestWithoutBody, Cause::EmptyBody],
        };
        proves(&diagnosis, expected);
    }
}

#[test]
fn a_line_end_after_a_text_without_a_digest() {
    let stage = Stage::new();
    let mut lines = Lines::right();
    lines.digest = None;
    let signature = header(&hmac256(SECRET, &format!("{}\r\n", lines.text())));
    let diagnosis = Case::non_snap(presented("", &signature), &stage.secret).diagnose();
    proves(&diagnosis, &[Cause::LineEndAfterText]);
}

#[test]
fn two_mistakes_at_once() {
    let stage = Stage::new();
    let signature = but(|lines| {
        lines.digest = Some(digest(&compact()));
        lines.target = format!("{TARGET}/");
    });
    proves(
        &case(&stage, &signature).diagnose(),
        &[Cause::TrailingSlash, Cause::MinifiedBody],
    );
    let php = r#"{"a":"\u00e9\/"}"#;
    let signature = base64(&hmac256(
        SECRET,
        &{
            let mut lines = Lines::right();
            lines.digest = Some(digest(php));
            lines
        }
        .text(),
    ));
    let diagnosis =
        Case::non_snap(presented(r#"{"a": "é/"}"#, &signature), &stage.secret).diagnose();
    proves(
        &diagnosis,
        &[Cause::AlgorithmLeftOut, Cause::Reserialised(Spelling::Php)],
    );
}

#[test]
fn what_nothing_makes() {
    let stage = Stage::new();
    for (signature, found) in [
        (String::new(), &[Cause::NoSignature][..]),
        ("HMACSHA256=".to_owned(), &[Cause::NoSignature]),
        ("HMACSHA256=!".to_owned(), &[Cause::NotBase64]),
        (header(&[7; 32]), &[]),
        (header(&[7; 64]), &[Cause::HmacSha512]),
        (header(&[7; 20]), &[Cause::WrongLength { bytes: 20 }]),
        (base64(&[7; 32]), &[Cause::AlgorithmLeftOut]),
    ] {
        let diagnosis = case(&stage, &signature).diagnose();
        assert_eq!(causes(&diagnosis), found, "{signature}: {diagnosis}");
        assert!(!diagnosis.is_right && !diagnosis.is_explained());
    }
}

#[test]
fn the_lines_stand_below_each_other() {
    let stage = Stage::new();
    let signature = but(|lines| lines.digest = Some(digest(&compact())));
    let report = case(&stage, &signature).diagnose().to_string();
    let body = digest(BODY);
    let expected = format!(
        "\nto sign       Client-Id:{CLIENT}\n              Request-Id:{REQUEST}\n              \
         Request-Timestamp:{TIME}\n              Request-Target:{TARGET}\n              Digest:{body}\n"
    );
    assert!(report.contains(&expected), "{report}");
}

#[test]
fn what_the_other_side_says_it_signed() {
    let stage = Stage::new();
    let mut lines = Lines::right();
    lines.request_id = "another".to_owned();
    let (text, signature) = (lines.text(), lines.header());
    let diagnosis = case(&stage, &signature).they_signed(&text).diagnose();
    proves(&diagnosis, &[Cause::OtherPart(Component::RequestId)]);
    assert!(matches!(
        diagnosis.difference,
        Some(Difference::Part {
            component: Component::RequestId,
            ..
        })
    ));
    // A SNAP call that was signed with the lines of another channel.
    let text = Lines::right().text();
    let signature = base64(&hmac512(SECRET, &text));
    let diagnosis = stage.transaction(&signature).they_signed(&text).diagnose();
    proves(&diagnosis, &[Cause::NonSnapFormula]);
    // And the other way round.
    let text = Signed::right().text();
    let signature = header(&hmac256(SECRET, &text));
    let diagnosis = case(&stage, &signature).they_signed(&text).diagnose();
    proves(&diagnosis, &[Cause::TransactionFormula]);
}

#[test]
fn the_clock_is_measured_too() {
    let stage = Stage::new();
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_788_480_000 + 3600);
    let signature = Lines::right().header();
    let diagnosis = case(&stage, &signature).at(at).diagnose();
    assert!(diagnosis.is_right);
    assert_eq!(
        diagnosis.cause().map(|cause| cause.name()),
        Some("clockSkew")
    );
}

#[test]
fn nothing_of_it_is_shown() {
    let stage = Stage::new();
    for signature in [
        but(|lines| lines.digest = Some(BODY.to_owned())),
        but(|lines| lines.request_id = SECRET.to_owned()),
        header(&[7; 32]),
    ] {
        let told = Lines {
            request_id: SECRET.to_owned(),
            ..Lines::right()
        };
        hides_all(&case(&stage, &signature).they_signed(&told.text()));
    }
    let odd = PresentedNonSnap {
        client_id: SECRET,
        ..presented(BODY, "HMACSHA256=")
    };
    let shown = Case::non_snap(odd, &stage.secret).diagnose();
    assert!(!shown.to_string().contains(SECRET), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_request_is_diagnosed(
        client_id in any::<String>(),
        request_id in any::<String>(),
        time in any::<String>(),
        target in any::<String>(),
        body in any::<Vec<u8>>(),
        signature in any::<String>(),
    ) {
        let secret = ClientSecret::new(SECRET).unwrap();
        let diagnosis = Case::non_snap(
            PresentedNonSnap {
                client_id: &client_id,
                request_id: &request_id,
                request_timestamp: &time,
                request_target: &target,
                body: &body,
                signature: &signature,
            },
            &secret,
        )
        .they_signed(&signature)
        .diagnose();
        prop_assert!(!diagnosis.is_right);
    }
}
