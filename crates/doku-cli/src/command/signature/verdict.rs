//! What is said of a signature, for machines.

use doku::sign::diagnose::Skew;
use serde::Serialize;

use super::judge::Judged;
use super::words::Words;

/// What is said of a signature.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Verdict {
    right: bool,
    /// Everything that is wrong with it is among the findings.
    explained: bool,
    findings: Vec<Finding>,
    expected: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    signed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skew_seconds: Option<i64>,
}

#[derive(Serialize)]
struct Finding {
    cause: &'static str,
    proven: bool,
    text: String,
    advice: &'static str,
}

impl Verdict {
    pub(super) fn new(Judged(diagnosis): &Judged, words: Words) -> Self {
        Self {
            right: diagnosis.is_right,
            explained: diagnosis.is_right || diagnosis.is_explained(),
            findings: diagnosis
                .findings
                .iter()
                .map(|finding| Finding {
                    cause: finding.cause.name(),
                    proven: finding.proven,
                    text: finding.cause.describe(words.0),
                    advice: finding.cause.advice(words.0),
                })
                .collect(),
            expected: diagnosis.expected.clone(),
            signed: diagnosis.reproduced.clone(),
            difference: diagnosis.difference_in_words(words.0),
            skew_seconds: diagnosis.skew.map(Skew::as_seconds),
        }
    }
}
