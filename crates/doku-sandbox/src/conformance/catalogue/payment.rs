//! The notification endpoint: everything genuine that it must take.

use std::time::Duration;

use doku_model::Operation;

use super::{BOUNDED, Case, LOST, READ_LENIENTLY};
use crate::config::{Padding, TimestampForm};
use crate::conformance::alteration::Alteration;
use crate::conformance::verdict::Must;

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

const ANY_TIME: &str = "Take X-TIMESTAMP as it is written into the signature, and read it as ISO 8601 with any offset and any fraction.";
const IDEMPOTENT: &str =
    "Keep paymentRequestId, and answer a payment that you know as you did the first time.";

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
        mend: ANY_TIME,
        ..told(
            "payment/utc",
            "moments in UTC, with Z",
            Alteration::Timestamps(TimestampForm::Utc),
            Must::Accept,
        )
    },
    Case {
        mend: ANY_TIME,
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
        mend: "Decide nothing by CHANNEL-ID: nobody signs it.",
        ..told(
            "payment/other-channel",
            "CHANNEL-ID with H2H",
            Alteration::Channel(Some("H2H")),
            Must::Accept,
        )
    },
    Case {
        mend: "Decide nothing by CHANNEL-ID: nobody signs it.",
        ..told(
            "payment/no-channel",
            "no CHANNEL-ID",
            Alteration::Channel(None),
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
        "payment/unknown-members",
        "a member that nobody knows",
        Alteration::UnknownMembers,
        Must::Accept,
    ),
    told(
        "payment/amount-as-number",
        "the amount as a JSON number",
        Alteration::AmountAsNumber,
        Must::Accept,
    ),
    told(
        "payment/numbers",
        "partnerServiceId as a JSON number",
        Alteration::NumbersAsNumbers,
        Must::Accept,
    ),
    Case {
        mend: "Match a payment without trxId by its number.",
        ..told(
            "payment/no-trx-id",
            "no trxId, as after an inquiry",
            Alteration::WithoutTrxId,
            Must::Accept,
        )
    },
    Case {
        mend: "Minify the bytes that arrived before they are hashed.",
        ..told(
            "payment/spread",
            "blanks and lines between members",
            Alteration::Spread,
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
        mend: "Take a notification for 24 hours: DOKU sends again up to 12 hours later, perhaps byte for byte.",
        ..told(
            "payment/late",
            "X-TIMESTAMP 12 hours old, truly signed",
            Alteration::Stale(Duration::from_secs(12 * 60 * 60)),
            Must::Accept,
        )
    },
    Case {
        must: Must::NotAcknowledge,
        mend: "Answer 5xx to what is signed and not understood, and keep it: DOKU sends again.",
        ..told(
            "payment/no-json",
            "a signed body that is no JSON",
            Alteration::NoJson,
            Must::NotAcknowledge,
        )
    },
    Case {
        mend: BOUNDED,
        ..told(
            "payment/deep",
            "a signed body, 5000 levels deep",
            Alteration::DeepBody,
            Must::AnswerAndLive,
        )
    },
];
