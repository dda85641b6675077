//! The notification endpoint: everything that it must not believe.

use doku_model::Operation;

use super::{BOUNDED, CHECK_BEARER, CHECK_HMAC, Case, FORGED, STRICT_HEADERS};
use crate::conformance::alteration::Alteration;
use crate::conformance::forgery::Forgery;
use crate::conformance::verdict::Must;

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
        "payment/another-client",
        "a bearer for another client",
        Alteration::Forged(Forgery::AnotherClient),
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
        "payment/unsigned",
        "a signature of zeros",
        Alteration::Unsigned,
        CHECK_HMAC,
    ),
    attack(
        "payment/body-changed",
        "another amount than the one signed",
        Alteration::OtherBody,
        CHECK_HMAC,
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
        "payment/without-signature",
        "no X-SIGNATURE",
        Alteration::Without("x-signature"),
        STRICT_HEADERS,
    ),
    attack(
        "payment/without-timestamp",
        "no X-TIMESTAMP",
        Alteration::Without("x-timestamp"),
        STRICT_HEADERS,
    ),
    attack(
        "payment/without-authorization",
        "no Authorization, and the token signed",
        Alteration::Without("authorization"),
        STRICT_HEADERS,
    ),
    attack(
        "payment/two-signatures",
        "X-SIGNATURE twice",
        Alteration::Twice("x-signature"),
        STRICT_HEADERS,
    ),
    attack(
        "payment/two-timestamps",
        "X-TIMESTAMP twice",
        Alteration::Twice("x-timestamp"),
        STRICT_HEADERS,
    ),
    attack(
        "payment/two-bearers",
        "Authorization twice",
        Alteration::Twice("authorization"),
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
            "payment/huge",
            "two megabytes, unsigned",
            Alteration::HugeBody,
            BOUNDED,
        )
    },
];
