//! What went wrong with a signature, as the journal tells it.

use doku_sign::AccessToken;
use doku_sign::diagnose::{self, Case, Cause, Diagnosis, Language};

use super::presented::Presented;
use super::verifier::Verifier;
use crate::journal::{InWords, SignatureReport};

/// The mistake behind the signature of a transaction.
pub(super) fn of_transaction(
    verifier: &Verifier,
    call: &Presented<'_>,
    token: &AccessToken,
    timestamp: &str,
    presented: &str,
) -> SignatureReport {
    let presented = diagnose::Presented {
        token: Some(token),
        ..verifier.presented(call, timestamp, presented)
    };
    let case = Case::transaction(presented, &verifier.secret).also(&verifier.merchant_key);
    report(call, case)
}

/// The mistake behind the signature of a token request.
pub(super) fn of_token_request(
    verifier: &Verifier,
    call: &Presented<'_>,
    timestamp: &str,
    presented: &str,
) -> SignatureReport {
    let presented = verifier.presented(call, timestamp, presented);
    let case = Case::token_request(presented, &verifier.merchant_key).also(&verifier.secret);
    report(call, case)
}

fn report(call: &Presented<'_>, case: Case<'_>) -> SignatureReport {
    let diagnosis = match call.url() {
        Some(url) => [format!("http://{url}"), format!("https://{url}")]
            .iter()
            .fold(case, |case, url| case.sent_to(url))
            .diagnose(),
        None => case.diagnose(),
    };
    diagnosis.into()
}

impl From<Diagnosis> for SignatureReport {
    fn from(diagnosis: Diagnosis) -> Self {
        let mut causes = diagnosis.findings.iter().map(|finding| finding.cause);
        let cause = causes.next();
        let also: Vec<_> = causes.collect();
        let said = |language| {
            let all = cause.iter().chain(&also);
            all.map(|cause| cause.describe(language)).collect()
        };
        let advice = |language| diagnosis.advice(language).unwrap_or_default();
        Self {
            cause_name: cause.as_ref().map_or("unknown", Cause::name).into(),
            also_names: also.iter().map(|cause| cause.name().into()).collect(),
            in_words: InWords {
                english: said(Language::English),
                indonesian: said(Language::Indonesian),
                advice_indonesian: advice(Language::Indonesian).to_owned(),
                difference_indonesian: diagnosis.difference_in_words(Language::Indonesian),
            },
            advice: advice(Language::English).into(),
            cause,
            also,
            proven: diagnosis.findings.first().is_some_and(|first| first.proven),
            difference: diagnosis.difference_in_words(Language::English),
            presented: diagnosis.reproduced,
            expected: diagnosis.expected,
        }
    }
}

impl Verifier {
    fn presented<'a>(
        &'a self,
        call: &Presented<'a>,
        timestamp: &'a str,
        signature: &'a str,
    ) -> diagnose::Presented<'a> {
        diagnose::Presented {
            method: call.operation.method().as_str(),
            path: call.target,
            timestamp,
            token: None,
            client_id: self.client_id.as_str(),
            body: call.body,
            signature,
        }
    }
}
