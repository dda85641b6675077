//! The notification endpoint: everything that it must not believe.

use doku_model::Operation;

use super::{
    AFTERWARDS, BOUNDED, CHECK_BEARER, CHECK_BODY, CHECK_HMAC, Case, FORGED, LOST, OTHER_BYTES,
    STRICT_HEADERS,
};
use crate::conformance::alteration::Alteration;
use crate::conformance::draft::Change;
use crate::conformance::forgery::Forgery;
use crate::conformance::verdict::Must;
use crate::conformance::written::Altered;

const fn attack(
    name: &'static str,
    sent: &'static str,
    alteration: Alteration,
    mend: &'static str,
) -> Case {
    Case {
        name,
        sent,
        must: Must::Refuse,
        why: FORGED,
        mend,
        operation: Operation::Payment,
        alteration,
    }
}

pub(super) static CASES: &[Case] = &[
    attack(
        "payment/alg-none",
        "a bearer with alg none",
        Alteration::Forged(Forgery::AlgNone),
        CHECK_BEARER,
    ),
    attack(
        "payment/alg-none-in-capitals",
        "a bearer with alg NoNe",
        Alteration::Forged(Forgery::AlgNoneInCapitals),
        CHECK_BEARER,
    ),
    attack(
        "payment/alg-none-signed",
        "a bearer with alg none, signed by another key",
        Alteration::Forged(Forgery::AlgNoneSigned),
        CHECK_BEARER,
    ),
    attack(
        "payment/hs256",
        "a bearer by HS256, keyed with the public key",
        Alteration::Forged(Forgery::Hs256),
        CHECK_BEARER,
    ),
    attack(
        "payment/another-key",
        "a bearer of another key",
        Alteration::Forged(Forgery::AnotherKey),
        CHECK_BEARER,
    ),
    attack(
        "payment/jwk",
        "a bearer of another key, which its header holds (jwk)",
        Alteration::Forged(Forgery::Jwk),
        CHECK_BEARER,
    ),
    attack(
        "payment/jku",
        "a bearer of another key, whose address its header names (jku)",
        Alteration::Forged(Forgery::Jku),
        CHECK_BEARER,
    ),
    attack(
        "payment/kid",
        "a bearer by HS256 with no key, whose kid is /dev/null",
        Alteration::Forged(Forgery::Kid),
        CHECK_BEARER,
    ),
    attack(
        "payment/altered-claims",
        "a bearer whose expiry was put off",
        Alteration::Forged(Forgery::AlteredClaims),
        CHECK_BEARER,
    ),
    attack(
        "payment/expired",
        "a bearer that expired days ago",
        Alteration::Forged(Forgery::Expired),
        CHECK_BEARER,
    ),
    attack(
        "payment/no-expiry",
        "a bearer without expiry",
        Alteration::Forged(Forgery::NoExpiry),
        CHECK_BEARER,
    ),
    attack(
        "payment/another-client",
        "a bearer for another client",
        Alteration::Forged(Forgery::AnotherClient),
        CHECK_BEARER,
    ),
    attack(
        "payment/another-issuer",
        "a bearer by another issuer",
        Alteration::Forged(Forgery::AnotherIssuer),
        CHECK_BEARER,
    ),
    attack(
        "payment/another-type",
        "a bearer of another typ",
        Alteration::Forged(Forgery::AnotherType),
        CHECK_BEARER,
    ),
    attack(
        "payment/crit",
        "a bearer with an extension that must be understood (crit)",
        Alteration::Forged(Forgery::Critical),
        CHECK_BEARER,
    ),
    attack(
        "payment/longer-bearer",
        "a good bearer that goes on",
        Alteration::Forged(Forgery::Longer),
        CHECK_BEARER,
    ),
    attack(
        "payment/nonsense-bearer",
        "a bearer that is no token",
        Alteration::Forged(Forgery::Nonsense),
        CHECK_BEARER,
    ),
    attack(
        "payment/no-bearer",
        "no Authorization, and nothing signed in its place",
        Alteration::NoBearer,
        STRICT_HEADERS,
    ),
    attack(
        "payment/another-scheme",
        "a good bearer after the word Basic",
        Alteration::OtherScheme,
        STRICT_HEADERS,
    ),
    attack(
        "payment/unsigned",
        "a signature of zeros",
        Alteration::Unsigned,
        CHECK_HMAC,
    ),
    attack(
        "payment/other-case",
        "the signature with capitals for small letters",
        Alteration::OtherCase,
        OTHER_BYTES,
    ),
    attack(
        "payment/body-changed",
        "another amount than the one signed",
        Alteration::Altered(Altered::Worth),
        CHECK_HMAC,
    ),
    attack(
        "payment/member-twice",
        "the amount twice, the second one signed",
        Alteration::Altered(Altered::MemberTwice),
        CHECK_BODY,
    ),
    attack(
        "payment/more-behind",
        "bytes behind the body that was signed",
        Alteration::Altered(Altered::MoreBehind),
        CHECK_BODY,
    ),
    attack(
        "payment/not-utf8",
        "a byte that is no UTF-8 for a character that was signed",
        Alteration::Altered(Altered::NoUtf8),
        CHECK_BODY,
    ),
    attack(
        "payment/other-path",
        "signed over another path",
        Alteration::OtherPath,
        CHECK_HMAC,
    ),
    attack(
        "payment/other-method",
        "signed over another method",
        Alteration::OtherMethodSigned,
        CHECK_HMAC,
    ),
    attack(
        "payment/other-timestamp",
        "signed over another X-TIMESTAMP",
        Alteration::OtherTimestamp,
        CHECK_HMAC,
    ),
    attack(
        "payment/timestamp-rewritten",
        "X-TIMESTAMP in another writing than was signed",
        Alteration::TimestampRewritten,
        CHECK_HMAC,
    ),
    attack(
        "payment/other-token",
        "signed over another token",
        Alteration::OtherToken,
        CHECK_HMAC,
    ),
    attack(
        "payment/token-with-word",
        "signed over the word Bearer and the token",
        Alteration::TokenWithWord,
        CHECK_HMAC,
    ),
    attack(
        "payment/other-secret",
        "signed with another secret",
        Alteration::OtherSecret,
        CHECK_HMAC,
    ),
    attack(
        "payment/hex",
        "the signature in hex",
        Alteration::Hex,
        CHECK_HMAC,
    ),
    attack(
        "payment/cut-short",
        "half of the signature",
        Alteration::CutShort,
        CHECK_HMAC,
    ),
    attack(
        "payment/longer-signature",
        "the signature and bytes behind it",
        Alteration::Longer,
        CHECK_HMAC,
    ),
    attack(
        "payment/without-signature",
        "no X-SIGNATURE",
        Alteration::Header("x-signature", Change::LeftOut),
        STRICT_HEADERS,
    ),
    attack(
        "payment/without-timestamp",
        "no X-TIMESTAMP",
        Alteration::Header("x-timestamp", Change::LeftOut),
        STRICT_HEADERS,
    ),
    attack(
        "payment/without-authorization",
        "no Authorization, and the token signed",
        Alteration::Header("authorization", Change::LeftOut),
        STRICT_HEADERS,
    ),
    attack(
        "payment/empty-signature",
        "an empty X-SIGNATURE",
        Alteration::Header("x-signature", Change::Emptied),
        STRICT_HEADERS,
    ),
    attack(
        "payment/empty-timestamp",
        "an empty X-TIMESTAMP",
        Alteration::Header("x-timestamp", Change::Emptied),
        STRICT_HEADERS,
    ),
    attack(
        "payment/empty-authorization",
        "an empty Authorization",
        Alteration::Header("authorization", Change::Emptied),
        STRICT_HEADERS,
    ),
    attack(
        "payment/timestamp-not-ascii",
        "X-TIMESTAMP with bytes beyond ASCII behind it",
        Alteration::Header("x-timestamp", Change::Followed(b"\xC3\xA9")),
        STRICT_HEADERS,
    ),
    attack(
        "payment/bearer-not-ascii",
        "Authorization with bytes beyond ASCII behind it",
        Alteration::Header("authorization", Change::Followed(b"\xC3\xA9")),
        STRICT_HEADERS,
    ),
    Case {
        must: Must::RefuseAndLive,
        ..attack(
            "payment/long-signature",
            "X-SIGNATURE of 16 KiB",
            Alteration::Header("x-signature", Change::Stretched),
            STRICT_HEADERS,
        )
    },
    Case {
        must: Must::RefuseAndLive,
        ..attack(
            "payment/long-bearer",
            "Authorization of 16 KiB",
            Alteration::Header("authorization", Change::Stretched),
            STRICT_HEADERS,
        )
    },
    attack(
        "payment/two-signatures",
        "X-SIGNATURE twice",
        Alteration::Header("x-signature", Change::Twice),
        STRICT_HEADERS,
    ),
    attack(
        "payment/second-signature",
        "X-SIGNATURE twice, the second one good",
        Alteration::Header("x-signature", Change::After(b"AAAA")),
        STRICT_HEADERS,
    ),
    attack(
        "payment/two-timestamps",
        "X-TIMESTAMP twice",
        Alteration::Header("x-timestamp", Change::Twice),
        STRICT_HEADERS,
    ),
    attack(
        "payment/two-bearers",
        "Authorization twice",
        Alteration::Header("authorization", Change::Twice),
        STRICT_HEADERS,
    ),
    attack(
        "payment/put",
        "PUT for POST, truly signed",
        Alteration::Put,
        "Answer nothing but POST at this path.",
    ),
    Case {
        must: Must::RefuseAndLive,
        ..attack(
            "payment/deep-unsigned",
            "5000 levels deep, and not signed so",
            Alteration::Altered(Altered::Deep),
            BOUNDED,
        )
    },
    Case {
        must: Must::RefuseAndLive,
        ..attack(
            "payment/huge",
            "two megabytes, unsigned",
            Alteration::HugeBody,
            BOUNDED,
        )
    },
    Case {
        must: Must::Accept,
        why: LOST,
        ..attack(
            "payment/afterwards",
            "a genuine notification, after all of that",
            Alteration::Nothing,
            AFTERWARDS,
        )
    },
];
