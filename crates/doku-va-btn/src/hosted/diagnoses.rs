//! Why a signature did not fit: for the merchant, and never for the caller.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use doku_model::Operation;
use doku_sign::AccessToken;
use doku_sign::diagnose::{Case, Diagnosis, Presented};
use http::Request;
use http::header::HOST;
use time::OffsetDateTime;

use super::headers;
use super::refusal::Refusal;
use super::verify::Verifier;

const MINUTE: Duration = Duration::from_secs(60);

/// How many are diagnosed one after the other before the minute is spread evenly.
const BURST: u32 = 5;

/// How many more signatures are diagnosed.
///
/// A diagnosis compares up to thousands of signatures on the task of the request, and anybody can present a wrong one. So a
/// minute's diagnoses are not had at once: others would wait meanwhile, and DOKU's own mistake would find none left.
#[derive(Debug)]
pub(super) struct Budget {
    a_minute: u32,
    left: Mutex<Left>,
}

#[derive(Debug)]
struct Left {
    /// When the last one was earned.
    since: OffsetDateTime,
    diagnoses: u32,
}

impl Budget {
    pub(super) const fn new(a_minute: u32) -> Self {
        Self {
            a_minute,
            left: Mutex::new(Left {
                since: OffsetDateTime::UNIX_EPOCH,
                diagnoses: 0,
            }),
        }
    }

    pub(super) fn allows_one(&self, now: OffsetDateTime) -> bool {
        let Some(each) = MINUTE.checked_div(self.a_minute) else {
            return false;
        };
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        // Either way, for a clock that was set back.
        let passed = (now - left.since).unsigned_abs();
        let earned = passed.as_nanos() / each.as_nanos().max(1);
        if earned > 0 {
            let earned = u32::try_from(earned).unwrap_or(u32::MAX);
            left.diagnoses = left
                .diagnoses
                .saturating_add(earned)
                .min(BURST.min(self.a_minute));
            left.since = now;
        }
        let allowed = left.diagnoses > 0;
        left.diagnoses = left.diagnoses.saturating_sub(1);
        allowed
    }
}

impl Refusal {
    /// Whether the signature was what did not fit.
    pub(super) const fn is_of_the_signature(&self) -> bool {
        matches!(self, Self::Mismatch(_) | Self::Unreadable(_))
    }
}

impl Verifier {
    /// What is wrong with the signature of a call that was refused for it.
    pub(super) fn diagnose(
        &self,
        operation: Operation,
        request: &Request<Bytes>,
        now: OffsetDateTime,
    ) -> Option<Diagnosis> {
        let limit = self.bounds.header;
        let all = request.headers();
        let token = headers::optional(all, &headers::AUTHORIZATION, limit)
            .ok()
            .flatten()
            .and_then(|text| AccessToken::from_authorization(text).ok());
        let paths = self.path.candidates(request.uri());
        let presented = Presented {
            method: request.method().as_str(),
            path: paths.first(),
            timestamp: headers::mandatory(all, &headers::TIMESTAMP, limit).ok()?,
            token: token.as_ref(),
            client_id: self.credentials.client_id().as_str(),
            body: request.body(),
            signature: headers::mandatory(all, &headers::SIGNATURE, limit).ok()?,
        };
        let (secrets, doku) = (self.credentials.secrets(), self.credentials.doku());
        let case = match operation {
            Operation::Token => Case::token_request(presented, doku.first()?),
            _ => Case::transaction(presented, secrets.first()?),
        };
        let urls = public_urls(request);
        let tokens = self.merchants_own_tokens();
        let case = secrets.iter().fold(case, Case::also);
        let case = doku.iter().fold(case, Case::also);
        let case = self.credentials.verifying().iter().fold(case, Case::also);
        let case = tokens.iter().fold(case, Case::also_token);
        let case = urls.iter().fold(case, |case, url| case.sent_to(url));
        Some(case.at(SystemTime::from(now)).diagnose())
    }
}

/// The URLs that the caller may have had in mind; the path that arrived may be a part of it.
fn public_urls(request: &Request<Bytes>) -> Vec<String> {
    let host = request.headers().get(HOST);
    let host = host
        .and_then(|host| host.to_str().ok())
        .or_else(|| request.uri().authority().map(http::uri::Authority::as_str));
    host.map(|host| ["https", "http"].map(|scheme| format!("{scheme}://{host}")))
        .into_iter()
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::from_secs(1_789_000_000 + second)
    }

    #[test]
    fn a_few_are_had_at_once_and_then_one_at_a_time() {
        let budget = Budget::new(60);
        let allowed =
            [0, 0, 0, 0, 0, 0, 1, 1, 2, 4, 4, 4].map(|second| budget.allows_one(at(second)));
        let expected = [1, 1, 1, 1, 1, 0, 1, 0, 1, 1, 1, 0].map(|allowed| allowed == 1);
        assert_eq!(allowed, expected);
        assert!(budget.allows_one(at(0)), "a clock that was set back");
    }

    #[test]
    fn a_minute_has_as_many_as_it_may() {
        for a_minute in [0, 1, 7, 60, 1000] {
            let budget = Budget::new(a_minute);
            // The first ones were saved up.
            while budget.allows_one(at(0)) {}
            let allowed = (1..=60_000).filter(|millisecond| {
                budget.allows_one(at(0) + Duration::from_millis(*millisecond))
            });
            let allowed = allowed.count();
            assert!(allowed <= a_minute as usize, "{allowed} of {a_minute}");
            // What is earned between two questions is rounded down.
            assert!(
                allowed >= a_minute as usize * 9 / 10,
                "{allowed} of {a_minute}"
            );
        }
    }
}
