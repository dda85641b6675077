//! The token endpoint.

use std::time::Duration;

use doku_model::Operation;

use super::{
    AFTERWARDS, BOUNDED, Case, NO_TOKEN, OTHER_BYTES, TOKEN_CHECK, TOKEN_FORGED, TOKEN_HEADERS,
    TOKEN_MOMENT,
};
use crate::config::TimestampForm;
use crate::conformance::alteration::Alteration;
use crate::conformance::draft::Change;
use crate::conformance::verdict::Must;
use crate::conformance::written::Writing;

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
        "token/client-changed",
        "another X-CLIENT-KEY than the one signed",
        Alteration::ClientChanged,
        Must::Refuse,
    ),
    Case {
        mend: "Verify X-SIGNATURE with DOKU's public key alone: what you signed for DOKU can be sent back to you.",
        ..case(
            "token/own-key",
            "signed with the merchant's own key",
            Alteration::OwnKey,
            Must::Refuse,
        )
    },
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
    Case {
        mend: OTHER_BYTES,
        ..case(
            "token/other-case",
            "the signature with capitals for small letters",
            Alteration::OtherCase,
            Must::Refuse,
        )
    },
    case(
        "token/cut-short",
        "half of the signature",
        Alteration::CutShort,
        Must::Refuse,
    ),
    Case {
        mend: TOKEN_MOMENT,
        ..case(
            "token/stale",
            "X-TIMESTAMP 20 minutes old, truly signed",
            Alteration::Stale(Duration::from_secs(20 * 60)),
            Must::Refuse,
        )
    },
    Case {
        mend: TOKEN_MOMENT,
        ..case(
            "token/early",
            "X-TIMESTAMP 20 minutes ahead, truly signed",
            Alteration::Early(Duration::from_secs(20 * 60)),
            Must::Refuse,
        )
    },
    Case {
        mend: TOKEN_MOMENT,
        ..case(
            "token/no-moment",
            "X-TIMESTAMP that is no moment, truly signed",
            Alteration::NoMoment,
            Must::Refuse,
        )
    },
    Case {
        mend: "Issue a token for grantType client_credentials and for nothing else.",
        ..case(
            "token/other-grant",
            "grantType password",
            Alteration::Body(Writing::OtherGrant),
            Must::Refuse,
        )
    },
    Case {
        mend: "Issue a token for grantType client_credentials and for nothing else.",
        ..case(
            "token/no-json",
            "a body that is no JSON",
            Alteration::Body(Writing::NoJson),
            Must::Refuse,
        )
    },
    Case {
        mend: TOKEN_HEADERS,
        ..case(
            "token/without-signature",
            "no X-SIGNATURE",
            Alteration::Header("x-signature", Change::LeftOut),
            Must::Refuse,
        )
    },
    Case {
        mend: TOKEN_HEADERS,
        ..case(
            "token/without-timestamp",
            "no X-TIMESTAMP",
            Alteration::Header("x-timestamp", Change::LeftOut),
            Must::Refuse,
        )
    },
    Case {
        mend: TOKEN_HEADERS,
        ..case(
            "token/without-client",
            "no X-CLIENT-KEY",
            Alteration::Header("x-client-key", Change::LeftOut),
            Must::Refuse,
        )
    },
    Case {
        mend: TOKEN_HEADERS,
        ..case(
            "token/two-signatures",
            "X-SIGNATURE twice",
            Alteration::Header("x-signature", Change::Twice),
            Must::Refuse,
        )
    },
    Case {
        mend: TOKEN_HEADERS,
        ..case(
            "token/two-timestamps",
            "X-TIMESTAMP twice",
            Alteration::Header("x-timestamp", Change::Twice),
            Must::Refuse,
        )
    },
    Case {
        mend: TOKEN_HEADERS,
        ..case(
            "token/two-clients",
            "X-CLIENT-KEY twice, another one first",
            Alteration::Header("x-client-key", Change::After(b"BRN-0000-0000000000000")),
            Must::Refuse,
        )
    },
    Case {
        mend: TOKEN_HEADERS,
        ..case(
            "token/empty-signature",
            "an empty X-SIGNATURE",
            Alteration::Header("x-signature", Change::Emptied),
            Must::Refuse,
        )
    },
    Case {
        mend: TOKEN_HEADERS,
        ..case(
            "token/empty-client",
            "an empty X-CLIENT-KEY",
            Alteration::Header("x-client-key", Change::Emptied),
            Must::Refuse,
        )
    },
    Case {
        mend: TOKEN_HEADERS,
        ..case(
            "token/not-ascii",
            "X-CLIENT-KEY with bytes beyond ASCII behind it",
            Alteration::Header("x-client-key", Change::Followed(b"\xC3\xA9")),
            Must::Refuse,
        )
    },
    Case {
        mend: TOKEN_HEADERS,
        ..case(
            "token/long-signature",
            "X-SIGNATURE of 16 KiB",
            Alteration::Header("x-signature", Change::Stretched),
            Must::RefuseAndLive,
        )
    },
    case("token/put", "PUT for POST", Alteration::Put, Must::Refuse),
    Case {
        mend: BOUNDED,
        ..case(
            "token/huge",
            "two megabytes, unsigned",
            Alteration::HugeBody,
            Must::RefuseAndLive,
        )
    },
    Case {
        mend: AFTERWARDS,
        ..case(
            "token/afterwards",
            "a genuine request, after all of that",
            Alteration::Nothing,
            Must::Accept,
        )
    },
];
