//! Direct inquiry.

use doku_model::Operation;

use super::{
    AFTERWARDS, ANY_MOMENT, BOUNDED, CHECK_BEARER, CHECK_BODY, CHECK_HMAC, Case, NO_CHANNEL,
    NO_SALE, OTHER_BYTES, READ_LENIENTLY, SPIED, STRICT_HEADERS,
};
use crate::config::{Padding, TimestampForm};
use crate::conformance::alteration::Alteration;
use crate::conformance::draft::Change;
use crate::conformance::forgery::Forgery;
use crate::conformance::verdict::Must;
use crate::conformance::written::{Altered, Writing};

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
    Case {
        mend: ANY_MOMENT,
        ..asked(
            "inquiry/utc",
            "moments in UTC, with Z",
            Alteration::Timestamps(TimestampForm::Utc),
            Must::Accept,
        )
    },
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
    Case {
        mend: NO_CHANNEL,
        ..asked(
            "inquiry/other-channel",
            "CHANNEL-ID with VA003",
            Alteration::Channel(Some("VA003")),
            Must::Accept,
        )
    },
    Case {
        mend: "Decide nothing by X-PARTNER-ID: nobody signs it.",
        ..asked(
            "inquiry/other-partner",
            "X-PARTNER-ID with DOKU's own id",
            Alteration::PartnerOfDoku,
            Must::Accept,
        )
    },
    asked(
        "inquiry/every-member",
        "every optional member",
        Alteration::Body(Writing::EveryMember),
        Must::Accept,
    ),
    Case {
        mend: CHECK_BODY,
        ..asked(
            "inquiry/sample-order",
            "members in the order of DOKU's sample",
            Alteration::Body(Writing::SampleOrder),
            Must::Accept,
        )
    },
    Case {
        mend: "Minify the bytes that arrived before they are hashed.",
        ..asked(
            "inquiry/spread",
            "blanks and lines between members",
            Alteration::Body(Writing::Spread),
            Must::Accept,
        )
    },
    asked(
        "inquiry/longest-id",
        "inquiryRequestId of 128 characters",
        Alteration::Body(Writing::LongestId),
        Must::Accept,
    ),
    asked(
        "inquiry/unknown-members",
        "a member that nobody knows",
        Alteration::Body(Writing::UnknownMembers),
        Must::Accept,
    ),
    asked(
        "inquiry/numbers",
        "partnerServiceId as a JSON number",
        Alteration::Body(Writing::BinAsNumber),
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
            Alteration::Body(Writing::UnknownNumber),
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
        "inquiry/other-case",
        "the signature with capitals for small letters",
        Alteration::OtherCase,
        OTHER_BYTES,
    ),
    attack(
        "inquiry/body-changed",
        "another number than the one signed",
        Alteration::Altered(Altered::Worth),
        CHECK_HMAC,
    ),
    attack(
        "inquiry/member-twice",
        "the number twice, the second one signed",
        Alteration::Altered(Altered::MemberTwice),
        CHECK_BODY,
    ),
    attack(
        "inquiry/more-behind",
        "bytes behind the body that was signed",
        Alteration::Altered(Altered::MoreBehind),
        CHECK_BODY,
    ),
    attack(
        "inquiry/not-utf8",
        "a byte that is no UTF-8 for a character that was signed",
        Alteration::Altered(Altered::NoUtf8),
        CHECK_BODY,
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
        "inquiry/alg-none-in-capitals",
        "a bearer with alg NoNe",
        Alteration::Forged(Forgery::AlgNoneInCapitals),
        CHECK_BEARER,
    ),
    attack(
        "inquiry/hs256",
        "a bearer by HS256, keyed with the public key",
        Alteration::Forged(Forgery::Hs256),
        CHECK_BEARER,
    ),
    attack(
        "inquiry/another-key",
        "a bearer of another key",
        Alteration::Forged(Forgery::AnotherKey),
        CHECK_BEARER,
    ),
    attack(
        "inquiry/jwk",
        "a bearer of another key, which its header holds",
        Alteration::Forged(Forgery::Jwk),
        CHECK_BEARER,
    ),
    attack(
        "inquiry/altered-claims",
        "a bearer whose expiry was put off",
        Alteration::Forged(Forgery::AlteredClaims),
        CHECK_BEARER,
    ),
    attack(
        "inquiry/another-client",
        "a bearer for another client",
        Alteration::Forged(Forgery::AnotherClient),
        CHECK_BEARER,
    ),
    attack(
        "inquiry/another-issuer",
        "a bearer by another issuer",
        Alteration::Forged(Forgery::AnotherIssuer),
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
    attack(
        "inquiry/without-signature",
        "no X-SIGNATURE",
        Alteration::Header("x-signature", Change::LeftOut),
        STRICT_HEADERS,
    ),
    attack(
        "inquiry/without-timestamp",
        "no X-TIMESTAMP",
        Alteration::Header("x-timestamp", Change::LeftOut),
        STRICT_HEADERS,
    ),
    attack(
        "inquiry/empty-signature",
        "an empty X-SIGNATURE",
        Alteration::Header("x-signature", Change::Emptied),
        STRICT_HEADERS,
    ),
    attack(
        "inquiry/two-signatures",
        "X-SIGNATURE twice",
        Alteration::Header("x-signature", Change::Twice),
        STRICT_HEADERS,
    ),
    Case {
        must: Must::RefuseAndLive,
        ..attack(
            "inquiry/deep",
            "5000 levels deep, and not signed so",
            Alteration::Altered(Altered::Deep),
            BOUNDED,
        )
    },
    Case {
        must: Must::RefuseAndLive,
        ..attack(
            "inquiry/huge",
            "two megabytes, unsigned",
            Alteration::HugeBody,
            BOUNDED,
        )
    },
    Case {
        mend: AFTERWARDS,
        ..asked(
            "inquiry/afterwards",
            "a genuine inquiry, after all of that",
            Alteration::Nothing,
            Must::Accept,
        )
    },
];
