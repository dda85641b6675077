//! What a signature is made of, stage by stage.

use doku::AccessToken;
use doku::sign::{MinifiedBody, StringToSign};
use serde::Serialize;

use super::non_snap;
use super::subject::Subject;
use crate::args::Formula;
use crate::output::Card;

/// The stages before the signature.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Stages {
    /// The body as it is hashed; none where the formula has no body.
    #[serde(skip_serializing_if = "Option::is_none")]
    hashed_body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_hash: Option<String>,
    /// With the token masked.
    string_to_sign: String,
}

impl Stages {
    pub(super) fn of(subject: &Subject) -> Self {
        let body = MinifiedBody::of(&subject.body);
        let minified = String::from_utf8_lossy(body.as_bytes()).into_owned();
        let hash = body.sha256_hex().to_string();
        let (method, path) = (&subject.method, &subject.target);
        let time = &subject.timestamp.text;
        match subject.formula {
            Formula::Token => Self {
                hashed_body: None,
                body_hash: None,
                string_to_sign: StringToSign::snap_token(&subject.client_id.text, time).masked(),
            },
            Formula::NonSnap => Self {
                hashed_body: Some(String::from_utf8_lossy(&subject.body).into_owned()),
                body_hash: non_snap::digest(&subject.body).map(|digest| digest.to_string()),
                string_to_sign: non_snap::string_to_sign(subject).masked(),
            },
            Formula::Asymmetric => Self {
                hashed_body: Some(minified),
                body_hash: Some(hash),
                string_to_sign: StringToSign::snap_asymmetric_transaction(
                    method, path, &body, time,
                )
                .masked(),
            },
            Formula::Transaction => {
                let empty = AccessToken::empty();
                let token = subject.token.as_ref().unwrap_or(&empty);
                Self {
                    hashed_body: Some(minified),
                    body_hash: Some(hash),
                    string_to_sign: StringToSign::snap_transaction(
                        method, path, token, &body, time,
                    )
                    .masked(),
                }
            }
        }
    }

    /// For a person, with the signature at the end where there is one.
    pub(super) fn card(&self, signature: Option<&str>) -> Card {
        let mut card = Card::new("Stages")
            .maybe("hashed body", self.hashed_body.as_deref())
            .maybe("hash", self.body_hash.as_deref());
        for (index, line) in self.string_to_sign.lines().enumerate() {
            card = card.fact(if index == 0 { "to sign" } else { "" }, line);
        }
        card.maybe("signature", signature)
    }
}
