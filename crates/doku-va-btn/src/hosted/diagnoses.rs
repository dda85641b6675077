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

/// How many more signatures are diagnosed in the minute that runs.
///
/// A diagnosis compares up to thousands of signatures, and anybody can present a wrong one.
#[derive(Debug)]
pub(super) struct Budget {
    a_minute: u32,
    spent: Mutex<Spent>,
}

#[derive(Debug)]
struct Spent {
    since: OffsetDateTime,
    diagnoses: u32,
}

impl Budget {
    pub(super) const fn new(a_minute: u32) -> Self {
        Self {
            a_minute,
            spent: Mutex::new(Spent {
                since: OffsetDateTime::UNIX_EPOCH,
                diagnoses: 0,
            }),
        }
    }

    pub(super) fn allows_one(&self, now: OffsetDateTime) -> bool {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        // Either way, for a clock that was set back.
        if (now - spent.since).unsigned_abs() >= MINUTE {
            *spent = Spent {
                since: now,
                diagnoses: 0,
            };
        }
        let allowed = spent.diagnoses < self.a_minute;
        spent.diagnoses += u32::from(allowed);
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

    #[test]
    fn a_minute_has_its_diagnoses_and_no_more() {
        let at =
            |second: u64| OffsetDateTime::UNIX_EPOCH + Duration::from_secs(1_789_000_000 + second);
        let budget = Budget::new(2);
        let allowed = [0, 1, 59, 60, 61, 62].map(|second| budget.allows_one(at(second)));
        assert_eq!(allowed, [true, true, false, true, true, false]);
        assert!(budget.allows_one(at(0)), "a clock that was set back");
        assert!(!Budget::new(0).allows_one(at(0)));
    }
}
