//! The verdict on a request's signature, by the key that is due.

use std::time::SystemTime;

use doku::sign::diagnose::{Case, Diagnosis, Presented, PresentedNonSnap};
use doku::{ClientSecret, DokuPublicKey, MerchantPublicKey};

use super::role::Role;
use super::subject::Subject;
use super::words::Words;
use crate::args::Formula;
use crate::command::keyring::Keyring;
use crate::exit::Exit;
use crate::output::{Style, Tone};

/// The key that is due, found.
pub(super) enum Due<'k> {
    Secret(&'k ClientSecret),
    Merchant(&'k MerchantPublicKey),
    Doku(&'k DokuPublicKey),
}

impl<'k> Due<'k> {
    /// The key that verifies the request, or the role that nothing was given for.
    pub(super) fn of(subject: &Subject, keys: &'k Keyring) -> Result<Self, Role> {
        let role = Role::due(subject.formula, subject.from);
        let found = match role {
            Role::Secret => keys.secret.as_ref().map(Self::Secret),
            Role::Merchant => keys.merchant.as_ref().map(Self::Merchant),
            Role::Doku => keys.doku.as_ref().map(Self::Doku),
        };
        found.ok_or(role)
    }
}

/// What is said of a signature.
pub(super) struct Judged(pub(super) Diagnosis);

impl Judged {
    /// Looks at the signature of a request.
    pub(super) fn of(subject: &Subject, keys: &Keyring, due: &Due<'_>, now: SystemTime) -> Self {
        Self(case(subject, keys, due).at(now).diagnose())
    }

    /// Whether it would be refused.
    pub(super) const fn exit(&self) -> Exit {
        if self.0.is_right && self.0.findings.is_empty() {
            Exit::Done
        } else {
            Exit::Refused
        }
    }

    /// The report, with its first line in colour, and what else may be tried where it explains nothing.
    pub(super) fn told(&self, formula: Formula, words: Words, style: Style) -> String {
        let mut report = self.0.report(words.0).to_string();
        if !self.0.is_right && !self.0.is_explained() {
            let label = words.of("next", "langkah");
            let next = words.more_to_try(formula);
            report.push_str(&format!("\n{label:<14}{next}"));
        }
        let (first, rest) = report.split_once('\n').unwrap_or((&report, ""));
        let tone = match self.exit() {
            Exit::Done => Tone::Good,
            _ => Tone::Bad,
        };
        format!("{}\n{rest}\n", style.paint(tone, first))
    }
}

fn case<'a>(subject: &'a Subject, keys: &'a Keyring, due: &Due<'a>) -> Case<'a> {
    let presented = Presented {
        method: &subject.method,
        path: &subject.target,
        timestamp: &subject.timestamp.text,
        token: subject.token.as_ref(),
        client_id: &subject.client_id.text,
        body: &subject.body,
        signature: &subject.signature.text,
    };
    let is_token = subject.formula == Formula::Token;
    let mut case = match due {
        Due::Secret(secret) if subject.formula == Formula::NonSnap => Case::non_snap(
            PresentedNonSnap {
                client_id: presented.client_id,
                request_id: &subject.request_id.text,
                request_timestamp: presented.timestamp,
                request_target: presented.path,
                body: presented.body,
                signature: presented.signature,
            },
            secret,
        ),
        Due::Secret(secret) => Case::transaction(presented, secret),
        Due::Merchant(key) if is_token => Case::token_request(presented, *key),
        Due::Merchant(key) => Case::asymmetric_transaction(presented, *key),
        Due::Doku(key) if is_token => Case::token_request(presented, *key),
        Due::Doku(key) => Case::asymmetric_transaction(presented, *key),
    };
    if let Some(secret) = &keys.secret
        && !matches!(due, Due::Secret(_))
    {
        case = case.also(secret);
    }
    if let Some(key) = &keys.merchant
        && !matches!(due, Due::Merchant(_))
    {
        case = case.also(key);
    }
    if let Some(key) = &keys.doku
        && !matches!(due, Due::Doku(_))
    {
        case = case.also(key);
    }
    for secret in &keys.others.secrets {
        case = case.also(secret);
    }
    for key in &keys.others.keys {
        case = case.also(key);
    }
    for token in &keys.others.tokens {
        case = case.also_token(token);
    }
    for url in &subject.urls {
        case = case.sent_to(url);
    }
    if let Some(environment) = &keys.environment {
        case = case.sent_to(environment.base_url());
    }
    if let Some(own) = &keys.client_id
        && subject.must_be_of_client()
    {
        case = case.of_client(own);
    }
    if let Some(text) = &keys.others.text {
        case = case.they_signed(text);
    }
    case
}
