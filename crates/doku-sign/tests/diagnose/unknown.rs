//! Where no mistake fits: what is shown then, and what the other side's word adds. And the clock.

use std::time::{Duration, SystemTime};

use doku_sign::Component;
use doku_sign::diagnose::{Case, Cause, Language, Presented};

use crate::stage::{
    CLIENT, PATH, SECRET, Signed, Stage, TIME, base64, but, causes, compact, hmac512, sha256,
};

/// The moment of [`TIME`].
const NOW: u64 = 1_788_480_000;

fn clock(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

#[test]
fn shows_the_expected_text() {
    let stage = Stage::new();
    let signature = but(|signed| signed.path = "/somewhere/else".to_owned());
    let diagnosis = stage.transaction(&signature).diagnose();
    assert_eq!(causes(&diagnosis), []);
    assert!(!diagnosis.is_right && !diagnosis.is_explained());
    let hash = sha256(&compact());
    assert_eq!(
        diagnosis.expected,
        format!("POST:{PATH}:[token, 20 chars]:{hash}:{TIME}")
    );
    assert_eq!(diagnosis.difference, None);
    let report = diagnosis.to_string();
    assert!(report.contains("none of the known mistakes"), "{report}");
    let advice = diagnosis.advice(Language::English).unwrap();
    assert!(report.contains(advice), "{advice}");
}

#[test]
fn believes_the_other_side_when_its_text_was_signed() {
    let stage = Stage::new();
    let mut signed = Signed::right();
    signed.path = "/somewhere/else".to_owned();
    let (text, signature) = (signed.text(), signed.signature());
    let diagnosis = stage.transaction(&signature).they_signed(&text).diagnose();
    assert_eq!(causes(&diagnosis), [Cause::OtherPart(Component::Path)]);
    assert!(diagnosis.findings[0].proven && diagnosis.is_explained());
    let difference = diagnosis.difference.unwrap().to_string();
    assert!(
        difference.starts_with("the path differs from character 2 on"),
        "{difference}"
    );
    assert_eq!(diagnosis.reproduced, diagnosis.theirs);

    let old = base64(&hmac512(&format!("{SECRET}\n"), &text));
    let diagnosis = stage.transaction(&old).they_signed(&text).diagnose();
    assert_eq!(
        causes(&diagnosis),
        [Cause::BlanksInSecret, Cause::OtherPart(Component::Path)]
    );
}

#[test]
fn shows_both_texts_when_nothing_is_certain() {
    let stage = Stage::new();
    let mut signed = Signed::right();
    signed.path = "/somewhere/else".to_owned();
    let signature = base64(&hmac512("SK-OF-NOBODY", &signed.text()));
    let text = signed.text();
    let diagnosis = stage.transaction(&signature).they_signed(&text).diagnose();
    assert_eq!(causes(&diagnosis), []);
    let theirs = diagnosis.theirs.as_deref().unwrap();
    assert!(
        theirs.starts_with("POST:/somewhere/else:[token, 20 chars]:"),
        "{theirs}"
    );
    assert!(diagnosis.difference.is_some() && !diagnosis.is_explained());
}

#[test]
fn the_same_text_means_another_key() {
    let stage = Stage::new();
    let text = Signed::right().text();
    let signature = base64(&hmac512("SK-OF-NOBODY", &text));
    let diagnosis = stage.transaction(&signature).they_signed(&text).diagnose();
    assert_eq!(causes(&diagnosis), [Cause::UnknownKey]);
    assert!(!diagnosis.findings[0].proven);
}

#[test]
fn texts_of_another_formula_or_none() {
    let stage = Stage::new();
    // Not found by itself, because the client id is another one.
    let text = format!("MCH-9999|{TIME}");
    let signature = base64(&hmac512(SECRET, &text));
    let diagnosis = stage.transaction(&signature).they_signed(&text).diagnose();
    assert_eq!(causes(&diagnosis), [Cause::TokenFormula]);
    let text = "no formula at all";
    let signature = base64(&hmac512(SECRET, text));
    let diagnosis = stage.transaction(&signature).they_signed(text).diagnose();
    assert_eq!(causes(&diagnosis), [Cause::OtherText]);
    assert_eq!(diagnosis.theirs.as_deref(), Some("[17 chars, not shown]"));
}

#[test]
fn what_a_signature_looks_like() {
    let stage = Stage::new();
    for (signature, cause, proven) in [
        (String::new(), Cause::NoSignature, true),
        ("***".to_owned(), Cause::NotBase64, true),
        ("ab".repeat(64), Cause::Hex, false),
        (base64(&[7; 32]), Cause::HmacSha256, false),
        (base64(&[7; 256]), Cause::RsaInsteadOfHmac, false),
        (base64(&[7; 20]), Cause::WrongLength { bytes: 20 }, true),
    ] {
        let diagnosis = stage.transaction(&signature).diagnose();
        assert_eq!(causes(&diagnosis), [cause], "{signature}");
        assert_eq!(diagnosis.findings[0].proven, proven, "{signature}");
    }
    let signature = base64(&[7; 64]);
    let diagnosis = stage.token_request(&signature).diagnose();
    assert_eq!(causes(&diagnosis), [Cause::HmacInsteadOfRsa]);
}

#[test]
fn measures_the_clock() {
    let stage = Stage::new();
    let signature = Signed::right().signature();
    for (now, seconds, named) in [
        (NOW, 0, false),
        (NOW + 900, -900, false),
        (NOW + 901, -901, true),
        (NOW - 25_200, 25_200, true),
    ] {
        let diagnosis = stage.transaction(&signature).at(clock(now)).diagnose();
        assert!(diagnosis.is_right);
        let skew = diagnosis.skew.unwrap();
        assert_eq!(skew.as_seconds(), seconds);
        let expected = named.then_some(Cause::ClockSkew(skew));
        assert_eq!(diagnosis.cause(), expected);
    }
    let tolerant = stage
        .transaction(&signature)
        .at(clock(NOW + 901))
        .tolerating(Duration::from_secs(1000));
    assert_eq!(causes(&tolerant.diagnose()), []);
}

#[test]
fn another_client_is_refused_however_it_signed() {
    let stage = Stage::new();
    let right = Signed::right().signature();
    let other = stage.transaction(&right).of_client("MCH-9");
    let diagnosis = other.clone().diagnose();
    assert!(diagnosis.is_right);
    assert_eq!(causes(&diagnosis), [Cause::OtherClient]);
    let report = diagnosis.to_string();
    assert!(
        report.starts_with("the signature is right, but the request would be refused\ncause "),
        "{report}"
    );
    // Before the clock, and after what is wrong with the signature.
    let late = other.at(clock(NOW + 901)).diagnose();
    assert!(matches!(
        causes(&late)[..],
        [Cause::OtherClient, Cause::ClockSkew(_)]
    ));
    let wrong = stage.transaction("").of_client("MCH-9").diagnose();
    assert_eq!(causes(&wrong), [Cause::NoSignature, Cause::OtherClient]);
    let own = stage.transaction(&right).of_client(CLIENT).diagnose();
    assert_eq!(causes(&own), []);
}

#[test]
fn names_the_clock_after_the_signature() {
    let stage = Stage::new();
    let signature = but(|signed| signed.time = "2026-09-04T00:00:00Z".to_owned());
    let diagnosis = stage
        .transaction(&signature)
        .at(clock(NOW + 25_210))
        .diagnose();
    let names: Vec<_> = causes(&diagnosis).iter().map(Cause::name).collect();
    assert_eq!(names, ["timestampInOtherOffset", "clockSkew"]);
    let skew = diagnosis.skew.unwrap();
    assert_eq!(skew.whole_hours(), Some(-7));
    assert!(!skew.is_ahead());
}

#[test]
fn no_clock_and_no_timestamp_give_no_skew() {
    let stage = Stage::new();
    let signature = Signed::right().signature();
    assert_eq!(stage.transaction(&signature).diagnose().skew, None);
    let presented = Presented {
        timestamp: "yesterday",
        ..stage.presented(&signature)
    };
    let case = Case::transaction(presented, &stage.secret).at(clock(NOW));
    assert_eq!(case.diagnose().skew, None);
}

#[test]
fn reports_in_two_languages() {
    let stage = Stage::new();
    let signature = but(|signed| signed.method = "post".to_owned());
    let diagnosis = stage.transaction(&signature).at(clock(NOW + 5)).diagnose();
    let hash = sha256(&compact());
    let texts = |method: &str| format!("{method}:{PATH}:[token, 20 chars]:{hash}:{TIME}");
    assert_eq!(
        diagnosis.to_string(),
        format!(
            "the signature does not match\n\
             cause         the method was not signed in capitals\n\
             advice        Sign the method in capitals.\n\
             to sign       {}\n\
             signed        {}\n\
             difference    the method differs from character 1 on: \"POST\" here, \"post\" there\n\
             clock         the timestamp is 5 s behind the clock",
            texts("POST"),
            texts("post"),
        )
    );
    assert_eq!(
        diagnosis.report(Language::Indonesian).to_string(),
        format!(
            "tanda tangan tidak cocok\n\
             penyebab      method yang ditandatangani tidak ditulis dengan huruf besar\n\
             saran         Tandatangani method dalam huruf besar.\n\
             seharusnya    {}\n\
             yang dipakai  {}\n\
             perbedaan     method berbeda mulai karakter 1: \"POST\" di sini, \"post\" di sana\n\
             jam           timestamp 5 detik lebih lambat dari jam",
            texts("POST"),
            texts("post"),
        )
    );
    let signature = Signed::right().signature();
    let right = stage.transaction(&signature).diagnose();
    assert_eq!(right.advice(Language::English), None);
    assert!(
        right
            .to_string()
            .starts_with("the signature is right\nto sign ")
    );
}

#[test]
fn neither_the_clock_nor_another_client_makes_a_signature_wrong() {
    let stage = Stage::new();
    let signature = but(|signed| signed.path = "/somewhere/else".to_owned());
    let case = stage.transaction(&signature).at(clock(NOW + 3600));
    let diagnosis = case.of_client("MCH-9").diagnose();
    assert!(
        matches!(
            causes(&diagnosis)[..],
            [Cause::OtherClient, Cause::ClockSkew(_)]
        ),
        "{diagnosis}"
    );
    for language in [Language::English, Language::Indonesian] {
        let unknown = stage.transaction(&signature).diagnose();
        let advice = unknown.advice(language);
        assert_eq!(diagnosis.advice(language), advice);
        let report = diagnosis.report(language).to_string();
        let told = report.lines().nth(2).unwrap();
        assert!(told.ends_with(advice.unwrap()), "{report}");
    }
}
