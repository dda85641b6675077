//! The token endpoint.

use std::time::Duration;

use doku_model::Operation;

use super::{Case, NO_TOKEN, STRICT_HEADERS, TOKEN_CHECK, TOKEN_FORGED};
use crate::config::TimestampForm;
use crate::conformance::alteration::Alteration;
use crate::conformance::verdict::Must;

const fn case(name: &'static str, sent: &'static str, alteration: Alteration, must: Must) -> Case {
    let accepts = matches!(must, Must::Accept | Must::AnswerWithTheMembers);
    Case {
        name,
        sent,
        must,
        why: if accepts { NO_TOKEN } else { TOKEN_FORGED },
        mend: if accepts {
            "Answer 2007300 with accessToken, tokenType Bearer and expiresIn, for every writing of X-TIMESTAMP that SNAP BI allows."
        } else {
            TOKEN_CHECK
        },
        operation: Operation::Token,
        alteration,
    }
}

pub(super) static CASES: &[Case] = &[
    case(
        "token/genuine",
        "a genuine request",
        Alteration::Nothing,
        Must::Accept,
    ),
    case(
        "token/members",
        "a genuine request",
        Alteration::Nothing,
        Must::AnswerWithTheMembers,
    ),
    case(
        "token/utc",
        "X-TIMESTAMP in UTC, with Z",
        Alteration::Timestamps(TimestampForm::Utc),
        Must::Accept,
    ),
    case(
        "token/milliseconds",
        "X-TIMESTAMP with milliseconds and Z",
        Alteration::Timestamps(TimestampForm::UtcMilliseconds),
        Must::Accept,
    ),
    case(
        "token/another-key",
        "signed with another key",
        Alteration::OtherKey,
        Must::Refuse,
    ),
    case(
        "token/another-client",
        "X-CLIENT-KEY of another client, truly signed",
        Alteration::OtherClient,
        Must::Refuse,
    ),
    case(
        "token/another-timestamp",
        "signed over another X-TIMESTAMP",
        Alteration::OtherTimestamp,
        Must::Refuse,
    ),
    case(
        "token/unsigned",
        "a signature of zeros",
        Alteration::Unsigned,
        Must::Refuse,
    ),
    case(
        "token/stale",
        "X-TIMESTAMP 20 minutes old, truly signed",
        Alteration::Stale(Duration::from_secs(20 * 60)),
        Must::Refuse,
    ),
    case(
        "token/early",
        "X-TIMESTAMP 20 minutes ahead, truly signed",
        Alteration::Early(Duration::from_secs(20 * 60)),
        Must::Refuse,
    ),
    Case {
        mend: STRICT_HEADERS,
        ..case(
            "token/without-signature",
            "no X-SIGNATURE",
            Alteration::Without("x-signature"),
            Must::Refuse,
        )
    },
    Case {
        mend: STRICT_HEADERS,
        ..case(
            "token/without-timestamp",
            "no X-TIMESTAMP",
            Alteration::Without("x-timestamp"),
            Must::Refuse,
        )
    },
    Case {
        mend: STRICT_HEADERS,
        ..case(
            "token/without-client",
            "no X-CLIENT-KEY",
            Alteration::Without("x-client-key"),
            Must::Refuse,
        )
    },
    Case {
        mend: STRICT_HEADERS,
        ..case(
            "token/two-signatures",
            "X-SIGNATURE twice",
            Alteration::Twice("x-signature"),
            Must::Refuse,
        )
    },
    case("token/put", "PUT for POST", Alteration::Put, Must::Refuse),
];
