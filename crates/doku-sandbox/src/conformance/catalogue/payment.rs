//! The notification endpoint: everything genuine that it must take.

use std::time::Duration;

use doku_model::Operation;

use super::{ANY_MOMENT, BOUNDED, CHECK_BODY, Case, LOST, NO_CHANNEL, READ_LENIENTLY};
use crate::config::{Padding, TimestampForm};
use crate::conformance::alteration::Alteration;
use crate::conformance::verdict::Must;
use crate::conformance::written::Writing;

const fn told(name: &'static str, sent: &'static str, alteration: Alteration, must: Must) -> Case {
    Case {
        name,
        sent,
        must,
        why: LOST,
        mend: READ_LENIENTLY,
        operation: Operation::Payment,
        alteration,
    }
}

const IDEMPOTENT: &str =
    "Keep paymentRequestId, and answer a payment that you know as you did the first time.";

const UNREAD: &str =
    "Answer 5xx to what is signed and not understood, and keep it: DOKU sends again.";
const LATE: &str = "Take a notification for 24 hours: DOKU sends again up to 12 hours later, perhaps byte for byte.";

pub(super) static CASES: &[Case] = &[
    told(
        "payment/genuine",
        "a genuine notification",
        Alteration::Nothing,
        Must::Accept,
    ),
    Case {
        why: "What DOKU does not take for an acknowledgement it sends again, and in the end gives up.",
        mend: "Answer HTTP 200 with responseCode \"2002500\", as a text.",
        ..told(
            "payment/code",
            "a genuine notification",
            Alteration::Nothing,
            Must::AnswerWithTheCode,
        )
    },
    Case {
        why: "DOKU publishes no list of the members it insists on; these are in every one of its samples.",
        mend: "Put the five members into virtualAccountData, and repeat them as they came.",
        ..told(
            "payment/members",
            "a genuine notification",
            Alteration::Nothing,
            Must::AnswerWithTheMembers,
        )
    },
    told(
        "payment/blanks",
        "numbers padded with blanks",
        Alteration::Padding(Padding::Blanks),
        Must::Accept,
    ),
    told(
        "payment/zeros",
        "numbers padded with zeros",
        Alteration::Padding(Padding::Zeros),
        Must::Accept,
    ),
    Case {
        mend: ANY_MOMENT,
        ..told(
            "payment/utc",
            "moments in UTC, with Z",
            Alteration::Timestamps(TimestampForm::Utc),
            Must::Accept,
        )
    },
    Case {
        mend: ANY_MOMENT,
        ..told(
            "payment/milliseconds",
            "moments with milliseconds and Z",
            Alteration::Timestamps(TimestampForm::UtcMilliseconds),
            Must::Accept,
        )
    },
    Case {
        mend: "Take X-EXTERNAL-ID as a text of any length.",
        ..told(
            "payment/long-external-id",
            "X-EXTERNAL-ID of 55 characters",
            Alteration::LongExternalId,
            Must::Accept,
        )
    },
    Case {
        mend: "Compare the word Bearer without regard to case.",
        ..told(
            "payment/lower-case-bearer",
            "the word bearer in lower case",
            Alteration::LowerCaseBearer,
            Must::Accept,
        )
    },
    Case {
        mend: NO_CHANNEL,
        ..told(
            "payment/other-channel",
            "CHANNEL-ID with H2H",
            Alteration::Channel(Some("H2H")),
            Must::Accept,
        )
    },
    Case {
        mend: NO_CHANNEL,
        ..told(
            "payment/no-channel",
            "no CHANNEL-ID",
            Alteration::Channel(None),
            Must::Accept,
        )
    },
    Case {
        mend: "Decide nothing by X-PARTNER-ID: nobody signs it.",
        ..told(
            "payment/other-partner",
            "X-PARTNER-ID with DOKU's own id",
            Alteration::PartnerOfDoku,
            Must::Accept,
        )
    },
    told(
        "payment/mandatory-members",
        "no member but the mandatory ones",
        Alteration::Mandatory,
        Must::Accept,
    ),
    told(
        "payment/every-member",
        "every optional member",
        Alteration::Body(Writing::EveryMember),
        Must::Accept,
    ),
    Case {
        mend: CHECK_BODY,
        ..told(
            "payment/sample-order",
            "members in the order of DOKU's sample",
            Alteration::Body(Writing::SampleOrder),
            Must::Accept,
        )
    },
    told(
        "payment/longest-id",
        "paymentRequestId of 128 characters",
        Alteration::Body(Writing::LongestId),
        Must::Accept,
    ),
    told(
        "payment/unknown-members",
        "a member that nobody knows",
        Alteration::Body(Writing::UnknownMembers),
        Must::Accept,
    ),
    told(
        "payment/amount-as-number",
        "the amount as a JSON number",
        Alteration::Body(Writing::AmountAsNumber),
        Must::Accept,
    ),
    told(
        "payment/numbers",
        "partnerServiceId as a JSON number",
        Alteration::Body(Writing::BinAsNumber),
        Must::Accept,
    ),
    Case {
        mend: "Match a payment without trxId by its number.",
        ..told(
            "payment/no-trx-id",
            "no trxId, as after an inquiry",
            Alteration::Body(Writing::WithoutTrxId),
            Must::Accept,
        )
    },
    Case {
        mend: "Minify the bytes that arrived before they are hashed.",
        ..told(
            "payment/spread",
            "blanks and lines between members",
            Alteration::Body(Writing::Spread),
            Must::Accept,
        )
    },
    Case {
        mend: IDEMPOTENT,
        ..told(
            "payment/repeated",
            "the same notification twice, byte for byte",
            Alteration::Again,
            Must::AcceptTwice,
        )
    },
    Case {
        mend: IDEMPOTENT,
        ..told(
            "payment/repeated-anew",
            "the same payment in two calls",
            Alteration::AgainFresh,
            Must::AcceptTwice,
        )
    },
    Case {
        mend: IDEMPOTENT,
        ..told(
            "payment/repeated-padded",
            "the same payment twice, the number padded with zeros",
            Alteration::AgainPadded,
            Must::AcceptTwice,
        )
    },
    Case {
        mend: LATE,
        ..told(
            "payment/late",
            "X-TIMESTAMP 12 hours old, truly signed",
            Alteration::Stale(Duration::from_secs(12 * 60 * 60)),
            Must::Accept,
        )
    },
    Case {
        mend: "Take a notification for 24 hours after its bearer expired: DOKU sends again up to 12 hours later, perhaps byte for byte. A payment that is told twice does no harm.",
        ..told(
            "payment/resent",
            "what was sent 12 hours ago, byte for byte, with the bearer of then",
            Alteration::AgainLate,
            Must::Accept,
        )
    },
    Case {
        must: Must::NotAcknowledge,
        mend: UNREAD,
        ..told(
            "payment/no-json",
            "a signed body that is no JSON",
            Alteration::Body(Writing::NoJson),
            Must::NotAcknowledge,
        )
    },
    Case {
        mend: UNREAD,
        ..told(
            "payment/more-behind-signed",
            "bytes behind the body, signed",
            Alteration::Body(Writing::MoreBehind),
            Must::NotAcknowledge,
        )
    },
    Case {
        mend: UNREAD,
        ..told(
            "payment/not-utf8-signed",
            "a body that is no UTF-8, signed",
            Alteration::Body(Writing::NoUtf8),
            Must::AnswerAndLive,
        )
    },
    Case {
        mend: BOUNDED,
        ..told(
            "payment/deep",
            "a signed body, 5000 levels deep",
            Alteration::Body(Writing::Deep),
            Must::AnswerAndLive,
        )
    },
];
