//! What is said of a signature, for machines.

use doku::sign::diagnose::Skew;
use serde::Serialize;

use super::judge::Judged;
use super::non_snap::Mistake;
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
    pub(super) fn new(judged: &Judged, words: Words) -> Self {
        match judged {
            Judged::Snap(diagnosis) => Self {
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
                difference: diagnosis.difference.as_ref().map(ToString::to_string),
                skew_seconds: diagnosis.skew.map(Skew::as_seconds),
            },
            Judged::NonSnap(found) => {
                let mistake = found.mistake.map(|mistake| Finding {
                    cause: mistake.name(),
                    proven: mistake != Mistake::Unknown,
                    text: mistake.describe(words).to_owned(),
                    advice: mistake.advice(words),
                });
                let skew = found.too_far().map(|cause| Finding {
                    cause: cause.name(),
                    proven: true,
                    text: cause.describe(words.0),
                    advice: cause.advice(words.0),
                });
                Self {
                    right: found.right,
                    explained: found.mistake != Some(Mistake::Unknown),
                    findings: mistake.into_iter().chain(skew).collect(),
                    expected: found.expected.clone(),
                    signed: None,
                    difference: None,
                    skew_seconds: found.skew.map(Skew::as_seconds),
                }
            }
        }
    }
}
