//! What every cause says of itself.

use std::collections::HashSet;
use std::time::Duration;

use doku_sign::Component;
use doku_sign::diagnose::{Cause, KeyOwner, Language, SignedHash, Skew, Spelling};

use crate::stage::Stage;

fn every() -> Vec<Cause> {
    let fingerprint = Stage::new().merchant.fingerprint();
    vec![
        Cause::NoSignature,
        Cause::NotBase64,
        Cause::Hex,
        Cause::Base64Url,
        Cause::Padding,
        Cause::BlanksInSignature,
        Cause::PercentEncoded,
        Cause::EncodedTwice,
        Cause::AlgorithmBeforeSignature,
        Cause::AlgorithmLeftOut,
        Cause::WrongLength { bytes: 20 },
        Cause::HmacSha256,
        Cause::HmacSha512,
        Cause::HmacInsteadOfRsa,
        Cause::RsaInsteadOfHmac,
        Cause::OtherHash(SignedHash::Sha1),
        Cause::TokenFormula,
        Cause::TransactionFormula,
        Cause::AsymmetricFormula,
        Cause::NonSnapFormula,
        Cause::TokenLeftOut,
        Cause::LowerCaseMethod,
        Cause::OtherMethod,
        Cause::WholeUrl,
        Cause::PublicPath,
        Cause::TrailingSlash,
        Cause::NoQuery,
        Cause::NoLeadingSlash,
        Cause::DoubledSlash,
        Cause::PathCutShort,
        Cause::LineEndAfterText,
        Cause::BearerInToken,
        Cause::EmptyToken,
        Cause::OtherToken { number: 2 },
        Cause::BlanksInToken,
        Cause::RawBody,
        Cause::EmptyBody,
        Cause::BodyInvented,
        Cause::BlanksInStringsDropped,
        Cause::SlashesEscaped,
        Cause::SlashesPlain,
        Cause::Reserialised(Spelling::Php),
        Cause::BodyHashInCapitals,
        Cause::BodyHashInBase64,
        Cause::BodyNotHashed,
        Cause::MinifiedBody,
        Cause::LineEnds,
        Cause::DigestInHex,
        Cause::DigestLeftOut,
        Cause::DigestWithoutBody,
        Cause::TimestampInOtherOffset,
        Cause::TimestampReformatted,
        Cause::TimestampWithOtherLabel,
        Cause::TimestampTakenTwice { seconds: -2 },
        Cause::TimestampMilliseconds { milliseconds: 7 },
        Cause::BlanksInClientId,
        Cause::EmptyClientId,
        Cause::OtherClient,
        Cause::RequestId,
        Cause::BlanksInSecret,
        Cause::QuotedSecret,
        Cause::EmptySecret,
        Cause::ClientIdAsSecret,
        Cause::OtherSecret { number: 1 },
        Cause::OtherKey {
            owner: KeyOwner::Doku,
            fingerprint,
        },
        Cause::UnknownKey,
        Cause::OtherText,
        Cause::OtherPart(Component::Path),
        Cause::ClockSkew(Skew::of_seconds(1000)),
    ]
}

#[test]
fn names_are_for_programs_and_unique() {
    let names: HashSet<_> = every().iter().map(Cause::name).collect();
    assert_eq!(names.len(), every().len());
    for name in names {
        assert!(
            name.bytes().all(|letter| letter.is_ascii_alphanumeric()),
            "{name}"
        );
        assert!(
            name.starts_with(|letter: char| letter.is_ascii_lowercase()),
            "{name}"
        );
    }
}

#[test]
fn programs_read_the_name() {
    for cause in every() {
        let json = serde_json::to_value(cause).unwrap();
        assert_eq!(json, cause.name());
    }
}

#[test]
fn each_language_has_its_own_words() {
    let (mut described, mut said) = (HashSet::new(), HashSet::new());
    for cause in every() {
        for language in [Language::English, Language::Indonesian] {
            let (text, advice) = (cause.describe(language), cause.advice(language));
            assert!(
                !text.is_empty() && !text.contains('\n') && !text.ends_with('.'),
                "{text}"
            );
            assert!(advice.ends_with('.') && !advice.contains('\n'), "{advice}");
            assert!(described.insert(text.clone()), "said twice: {text}");
            said.insert(advice);
        }
        let (english, indonesian) = (
            cause.advice(Language::English),
            cause.advice(Language::Indonesian),
        );
        assert_ne!(english, indonesian);
        assert_eq!(cause.to_string(), cause.describe(Language::default()));
    }
    assert!(said.len() > every().len());
}

#[test]
fn skews_in_words() {
    for (seconds, hours, text) in [
        (0, None, "the timestamp agrees with the clock"),
        (1, None, "the timestamp is 1 s ahead of the clock"),
        (
            3600,
            Some(1),
            "the timestamp is 3600 s ahead of the clock, about 1 whole hour",
        ),
        (
            -25_320,
            Some(-7),
            "the timestamp is 25320 s behind the clock, about 7 whole hours",
        ),
        (25_321, None, "the timestamp is 25321 s ahead of the clock"),
        (54_000, None, "the timestamp is 54000 s ahead of the clock"),
    ] {
        let skew = Skew::of_seconds(seconds);
        assert_eq!(skew.whole_hours(), hours, "{seconds}");
        assert_eq!(skew.to_string(), text);
        assert_eq!(skew.size(), Duration::from_secs(seconds.unsigned_abs()));
        let cause = Cause::ClockSkew(skew);
        assert!(
            cause
                .describe(Language::Indonesian)
                .starts_with("timestamp ")
        );
    }
    for seconds in [i64::MIN, i64::MAX] {
        let skew = Skew::of_seconds(seconds);
        assert_eq!(skew.whole_hours(), None);
        assert!(!skew.to_string().is_empty());
    }
}
