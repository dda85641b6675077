//! The verdict on a request's signature, by the key that is due.

use std::time::SystemTime;

use doku::sign::diagnose::{Case, Diagnosis, Presented};
use doku::{ClientSecret, DokuPublicKey, MerchantPublicKey};

use super::non_snap;
use super::subject::Subject;
use super::words::Words;
use crate::args::{Formula, Party};
use crate::command::keyring::Keyring;
use crate::exit::Exit;
use crate::output::{Style, Tone};

/// A key that a formula wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Secret,
    Merchant,
    Doku,
}

impl Role {
    pub(super) const ALL: [Self; 3] = [Self::Secret, Self::Merchant, Self::Doku];

    /// The variable that gives it.
    pub(super) const fn variable(self) -> &'static str {
        match self {
            Self::Secret => "DOKU_SECRET_KEY_FILE",
            Self::Merchant => "DOKU_PRIVATE_KEY_FILE",
            Self::Doku => "DOKU_PUBLIC_KEY_FILE",
        }
    }

    /// Whether it is in a keyring.
    pub(super) const fn is_in(self, keys: &Keyring) -> bool {
        match self {
            Self::Secret => keys.secret.is_some(),
            Self::Merchant => keys.merchant.is_some(),
            Self::Doku => keys.doku.is_some(),
        }
    }

    /// The key that verifies a request.
    pub(super) const fn due(formula: Formula, from: Party) -> Self {
        match (formula, from) {
            (Formula::Transaction | Formula::NonSnap, _) => Self::Secret,
            (_, Party::Merchant) => Self::Merchant,
            (_, Party::Doku) => Self::Doku,
        }
    }
}

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
pub(super) enum Judged {
    Snap(Box<Diagnosis>),
    NonSnap(non_snap::Found),
}

impl Judged {
    /// Looks at the signature of a request.
    pub(super) fn of(subject: &Subject, keys: &Keyring, due: &Due<'_>, now: SystemTime) -> Self {
        match (subject.formula, due) {
            (Formula::NonSnap, Due::Secret(secret)) => {
                Self::NonSnap(non_snap::judge(subject, secret, keys, now))
            }
            _ => Self::Snap(Box::new(diagnose(subject, keys, due, now))),
        }
    }

    pub(super) fn is_right(&self) -> bool {
        match self {
            Self::Snap(diagnosis) => diagnosis.is_right,
            Self::NonSnap(found) => found.right,
        }
    }

    /// Whether it would be refused.
    pub(super) fn exit(&self) -> Exit {
        let fresh = match self {
            Self::Snap(diagnosis) => diagnosis.findings.is_empty(),
            Self::NonSnap(found) => found.too_far().is_none(),
        };
        if self.is_right() && fresh {
            Exit::Done
        } else {
            Exit::Refused
        }
    }

    /// The report, with its first line in colour.
    pub(super) fn told(&self, words: Words, style: Style) -> String {
        let report = match self {
            Self::Snap(diagnosis) => diagnosis.report(words.0).to_string(),
            Self::NonSnap(found) => found.report(words),
        };
        let (first, rest) = report.split_once('\n').unwrap_or((&report, ""));
        let tone = if self.is_right() {
            Tone::Good
        } else {
            Tone::Bad
        };
        format!("{}\n{rest}\n", style.paint(tone, first))
    }
}

fn diagnose(subject: &Subject, keys: &Keyring, due: &Due<'_>, now: SystemTime) -> Diagnosis {
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
    if let Some(text) = &keys.others.text {
        case = case.they_signed(text);
    }
    case.at(now).diagnose()
}
