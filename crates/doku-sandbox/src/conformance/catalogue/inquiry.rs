//! Direct inquiry.

use doku_model::Operation;

use super::{
    BOUNDED, CHECK_BEARER, CHECK_HMAC, Case, NO_SALE, READ_LENIENTLY, SPIED, STRICT_HEADERS,
};
use crate::config::{Padding, TimestampForm};
use crate::conformance::alteration::Alteration;
use crate::conformance::forgery::Forgery;
use crate::conformance::verdict::Must;

const fn asked(name: &'static str, sent: &'static str, alteration: Alteration, must: Must) -> Case {
    Case {
        name,
        sent,
        must,
        why: NO_SALE,
        mend: READ_LENIENTLY,
        operation: Operation::Inquiry,
        alteration,
    }
}

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
        why: SPIED,
        mend,
        operation: Operation::Inquiry,
        alteration,
    }
}

pub(super) static CASES: &[Case] = &[
    asked(
        "inquiry/genuine",
        "a genuine inquiry",
        Alteration::Nothing,
        Must::Accept,
    ),
    Case {
        mend: "Answer HTTP 200 with responseCode 2002400.",
        ..asked(
            "inquiry/code",
            "a genuine inquiry",
            Alteration::Nothing,
            Must::AnswerWithTheCode,
        )
    },
    Case {
        why: "Without name and type the payer was shown General Error.",
        mend: "Answer virtualAccountData with every mandatory member, and repeat numbers and inquiryRequestId as they came.",
        ..asked(
            "inquiry/members",
            "a genuine inquiry",
            Alteration::Nothing,
            Must::AnswerWithTheMembers,
        )
    },
    asked(
        "inquiry/blanks",
        "numbers padded with blanks",
        Alteration::Padding(Padding::Blanks),
        Must::Accept,
    ),
    asked(
        "inquiry/zeros",
        "numbers padded with zeros",
        Alteration::Padding(Padding::Zeros),
        Must::Accept,
    ),
    asked(
        "inquiry/milliseconds",
        "moments with milliseconds and Z",
        Alteration::Timestamps(TimestampForm::UtcMilliseconds),
        Must::Accept,
    ),
    asked(
        "inquiry/long-external-id",
        "X-EXTERNAL-ID of 55 characters",
        Alteration::LongExternalId,
        Must::Accept,
    ),
    asked(
        "inquiry/lower-case-bearer",
        "the word bearer in lower case",
        Alteration::LowerCaseBearer,
        Must::Accept,
    ),
    asked(
        "inquiry/no-channel",
        "no CHANNEL-ID",
        Alteration::Channel(None),
        Must::Accept,
    ),
    asked(
        "inquiry/unknown-members",
        "a member that nobody knows",
        Alteration::UnknownMembers,
        Must::Accept,
    ),
    asked(
        "inquiry/numbers",
        "partnerServiceId as a JSON number",
        Alteration::NumbersAsNumbers,
        Must::Accept,
    ),
    Case {
        mend: "Answer an inquiry that is asked again: a bank repeats it, and a conflict ends the sale.",
        ..asked(
            "inquiry/repeated",
            "the same inquiry twice, byte for byte",
            Alteration::Again,
            Must::AcceptTwice,
        )
    },
    Case {
        mend: "Answer 404 with responseCode 4042412 and responseMessage alone.",
        ..asked(
            "inquiry/unknown-number",
            "a number that nobody has",
            Alteration::UnknownNumber,
            Must::RefuseInTwoMembers,
        )
    },
    attack(
        "inquiry/unsigned",
        "a signature of zeros",
        Alteration::Unsigned,
        CHECK_HMAC,
    ),
    attack(
        "inquiry/body-changed",
        "another number than the one signed",
        Alteration::OtherBody,
        CHECK_HMAC,
    ),
    attack(
        "inquiry/other-path",
        "signed over another path",
        Alteration::OtherPath,
        CHECK_HMAC,
    ),
    attack(
        "inquiry/other-secret",
        "signed with another secret",
        Alteration::OtherSecret,
        CHECK_HMAC,
    ),
    attack(
        "inquiry/alg-none",
        "a bearer with alg none",
        Alteration::Forged(Forgery::AlgNone),
        CHECK_BEARER,
    ),
    attack(
        "inquiry/another-key",
        "a bearer of another key",
        Alteration::Forged(Forgery::AnotherKey),
        CHECK_BEARER,
    ),
    attack(
        "inquiry/expired",
        "a bearer that expired days ago",
        Alteration::Forged(Forgery::Expired),
        CHECK_BEARER,
    ),
    attack(
        "inquiry/no-bearer",
        "no Authorization",
        Alteration::NoBearer,
        STRICT_HEADERS,
    ),
    Case {
        must: Must::RefuseAndLive,
        ..attack(
            "inquiry/huge",
            "two megabytes, unsigned",
            Alteration::HugeBody,
            BOUNDED,
        )
    },
];
