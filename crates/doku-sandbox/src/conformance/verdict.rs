//! What must happen, and whether it did.

use doku_model::Operation;
use serde::Serialize;

use super::answer::Answer;
use super::member::{Member, Standing, of_a_success};

/// What a server must do with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Must {
    /// Take it: HTTP 2xx. Whether the answer is well-formed is another case.
    Accept,
    /// Take it, with HTTP 200 and the operation's own response code.
    AnswerWithTheCode,
    /// Take it, with every member that DOKU expects.
    AnswerWithTheMembers,
    /// Take it twice, with the same answer.
    AcceptTwice,
    /// Refuse it.
    Refuse,
    /// Refuse it with two members and no account.
    RefuseInTwoMembers,
    /// Refuse it, or cut it off, and answer the next call.
    RefuseAndLive,
    /// Answer it, one way or the other, and the next call too.
    AnswerAndLive,
    /// Not acknowledge it, so that it is sent again, and answer the next call.
    NotAcknowledge,
}

impl Must {
    /// Whether a genuine call follows, to see whether anybody is left.
    pub(super) const fn asks_for_life(self) -> bool {
        matches!(
            self,
            Self::RefuseAndLive | Self::NotAcknowledge | Self::AnswerAndLive
        )
    }

    /// Whether the server must take the call.
    pub(super) const fn accepts(self) -> bool {
        matches!(
            self,
            Self::Accept | Self::AnswerWithTheCode | Self::AnswerWithTheMembers | Self::AcceptTwice
        )
    }

    /// Whether the server must not take it. To answer is all that the others ask.
    pub(super) const fn refuses(self) -> bool {
        matches!(
            self,
            Self::Refuse | Self::RefuseInTwoMembers | Self::RefuseAndLive | Self::NotAcknowledge
        )
    }

    /// Whether the server may hang up instead of answering.
    pub(super) const fn may_cut_off(self) -> bool {
        matches!(self, Self::RefuseAndLive | Self::NotAcknowledge)
    }

    /// In a few words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "is accepted",
            Self::AnswerWithTheCode => "HTTP 200 and the code of success",
            Self::AnswerWithTheMembers => "every member that DOKU expects",
            Self::AcceptTwice => "is accepted twice, alike",
            Self::Refuse => "is refused",
            Self::RefuseInTwoMembers => "is refused in two members",
            Self::RefuseAndLive => "is refused or cut off, and nothing dies",
            Self::AnswerAndLive => "is answered, and nothing dies",
            Self::NotAcknowledge => "is not acknowledged, and nothing dies",
        }
    }
}

/// How a row ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Verdict {
    /// What had to happen happened.
    Passed,
    /// It did not.
    Failed,
    /// The case could not be tried, or would prove nothing.
    Skipped,
}

impl Verdict {
    /// In one word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// What a server did with one case.
pub(super) struct Heard {
    pub(super) sent: Vec<u8>,
    pub(super) first: Answer,
    /// Where the call was made twice.
    pub(super) second: Option<Answer>,
    /// Whether a genuine call was answered afterwards, where that was asked.
    pub(super) lives: bool,
}

/// A verdict, and what was heard in words.
pub(super) fn judge(must: Must, operation: Operation, heard: &Heard) -> (Verdict, String) {
    let first = &heard.first;
    let mut happened = first.shown();
    let refused = first.status.is_some() && !first.accepts();
    let good = match must {
        Must::Accept => first.accepts(),
        Must::AnswerWithTheCode => {
            let members = of_a_success(operation, &heard.sent, first);
            let head = members.iter().filter(|member| !member.member.contains('.'));
            says(&mut happened, head)
        }
        Must::AnswerWithTheMembers => {
            let members = of_a_success(operation, &heard.sent, first);
            // The code has a row of its own, for a token too.
            let told = members
                .iter()
                .filter(|member| !matches!(&*member.member, "responseCode" | "responseMessage"));
            says(&mut happened, told)
        }
        Must::AcceptTwice => match &heard.second {
            Some(second) => {
                happened = format!("{happened}; then {}", second.shown());
                first.accepts() && second.accepts() && first.code() == second.code()
            }
            None => false,
        },
        Must::Refuse => refused,
        Must::RefuseInTwoMembers => {
            let more = ["virtualAccountData", "additionalInfo"]
                .into_iter()
                .find(|name| first.member(name).is_some());
            if let Some(name) = more {
                happened = format!("{happened}, with {name}");
            }
            refused && more.is_none()
        }
        Must::RefuseAndLive | Must::NotAcknowledge | Must::AnswerAndLive => {
            if !heard.lives {
                happened = format!("{happened}; a genuine call afterwards was not answered");
            }
            let right = match must {
                Must::AnswerAndLive => first.status.is_some(),
                _ => !first.accepts(),
            };
            right && heard.lives
        }
    };
    let verdict = if good {
        Verdict::Passed
    } else {
        Verdict::Failed
    };
    (verdict, happened)
}

/// Whether nothing is wrong; what is comes into the words.
fn says<'m>(happened: &mut String, members: impl Iterator<Item = &'m Member>) -> bool {
    let mut good = true;
    for member in members {
        if member.verdict == Standing::Wrong {
            good = false;
            happened.push_str(&format!("; {} is {}", member.member, member.found));
        }
    }
    good
}
