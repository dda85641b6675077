//! What can happen to a call, and what each of it is called.

use serde::{Deserialize, Serialize};

use super::echo::EchoedMember;

/// What happens to a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[non_exhaustive]
pub enum FaultKind {
    /// The connection is cut, and nothing was done.
    DropBefore,
    /// The call is done, and the connection is cut without an answer.
    DropAfter,
    /// The call is done, and the answer comes late.
    Delay {
        /// How late; ten minutes at most.
        milliseconds: u64,
    },
    /// The call is done, and no answer ever comes.
    Hang,
    /// The answer is this HTTP status, with a SNAP body.
    Status {
        /// 400 to 599.
        status: u16,
        /// Whether the call is done all the same.
        #[serde(default = "yes")]
        after_work: bool,
    },
    /// The call is done, and the answer is a page of HTML, as proxies send it.
    Html {
        /// 200 to 599.
        #[serde(default = "bad_gateway")]
        status: u16,
    },
    /// The call is done, and the answer is a bare 409.
    Conflict,
    /// The call is done, and the connection is cut in the middle of the answer's body.
    CutBody,
    /// The token that the call presents was revoked: DOKU answers `401xx01`. In a call to the merchant, it is one that
    /// the merchant never issued.
    InvalidToken,
    /// The token that the call presents has run out, before its time: DOKU answers `401xx01` as well, and the journal
    /// tells the two apart. In a call to the merchant, it is the token that DOKU had last, however long ago it ran out.
    ExpiredToken,
    /// The call is worked on twice, as where a proxy repeats it, and the answer is the second one's. To the merchant:
    /// the same bytes twice, at the same time.
    Duplicate,
    /// The call is held, and worked on after the next call of the merchant's, whichever it is; where none comes, after
    /// two seconds, and where the caller has gone by then, all the same. To the merchant: the notification is held back
    /// until after the next one.
    OutOfOrder,
    /// The call is done, and the answer speaks of something else than was asked. Where an answer does not have the
    /// member, nothing is spoilt. Of a notification: it is about something else than was paid, and is signed properly.
    WrongEcho {
        /// What it says otherwise.
        #[serde(default)]
        member: EchoedMember,
    },
    /// To the merchant: the signature is wrong in one bit.
    BrokenSignature,
    /// To the merchant: the timestamp and signature of the call before, over another body.
    ReplayedSignature,
    /// To the merchant: the notification tells of one rupiah more than was paid, and is signed properly.
    WrongAmount,
}

impl FaultKind {
    /// The name it has in JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::DropBefore => "dropBefore",
            Self::DropAfter => "dropAfter",
            Self::Delay { .. } => "delay",
            Self::Hang => "hang",
            Self::Status { .. } => "status",
            Self::Html { .. } => "html",
            Self::Conflict => "conflict",
            Self::CutBody => "cutBody",
            Self::InvalidToken => "invalidToken",
            Self::ExpiredToken => "expiredToken",
            Self::Duplicate => "duplicate",
            Self::OutOfOrder => "outOfOrder",
            Self::WrongEcho { .. } => "wrongEcho",
            Self::BrokenSignature => "brokenSignature",
            Self::ReplayedSignature => "replayedSignature",
            Self::WrongAmount => "wrongAmount",
        }
    }
}

impl FaultKind {
    /// The name of one kind, as [`Self::name`] gives it; `None` of what is no kind.
    pub(crate) fn named(name: &str) -> Option<&'static str> {
        KINDS.into_iter().find(|kind| *kind == name)
    }
}

/// The names of all kinds, in the order of their declaration.
pub(crate) const KINDS: [&str; 16] = [
    "dropBefore",
    "dropAfter",
    "delay",
    "hang",
    "status",
    "html",
    "conflict",
    "cutBody",
    "invalidToken",
    "expiredToken",
    "duplicate",
    "outOfOrder",
    "wrongEcho",
    "brokenSignature",
    "replayedSignature",
    "wrongAmount",
];

const fn yes() -> bool {
    true
}

const fn bad_gateway() -> u16 {
    502
}
