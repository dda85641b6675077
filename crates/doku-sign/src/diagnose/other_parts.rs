//! What may have been signed in the place of method, token, client id and request id, and with which secret.

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::Cause;
use super::choice::{Causes, Choice, Choices};
use crate::access_token::AccessToken;
use crate::client_secret::ClientSecret;

/// Longer tokens are signed as they are: each way to change one would be a copy.
const LONGEST_TOKEN: usize = 16 * 1024;

const METHODS: [&str; 5] = ["POST", "PUT", "DELETE", "GET", "PATCH"];

pub(super) fn methods(method: &str) -> Vec<Choice<Cow<'_, str>>> {
    let mut choices = Choices::new(Cow::Borrowed(method));
    choices.add(method.to_ascii_lowercase().into(), Cause::LowerCaseMethod);
    if let Some((first, rest)) = method.split_at_checked(1) {
        let title = format!(
            "{}{}",
            first.to_ascii_uppercase(),
            rest.to_ascii_lowercase()
        );
        choices.add(title.into(), Cause::LowerCaseMethod);
    }
    choices.add(method.to_ascii_uppercase().into(), Cause::OtherMethod);
    for other in METHODS {
        choices.add(other.into(), Cause::OtherMethod);
    }
    choices.list
}

/// `others` with the numbers they are called by.
pub(super) fn tokens(
    token: Option<&AccessToken>,
    others: &[&AccessToken],
) -> Vec<Choice<Zeroizing<String>>> {
    let token = token.map_or("", AccessToken::expose);
    let around =
        |before: &str, token: &str, after: &str| Zeroizing::new([before, token, after].concat());
    let mut choices = Choices::new(around("", token, ""));
    if token.len() > LONGEST_TOKEN {
        choices.add(around("", "", ""), Cause::EmptyToken);
    } else if !token.is_empty() {
        choices.add(around("Bearer ", token, ""), Cause::BearerInToken);
        choices.add(around("bearer ", token, ""), Cause::BearerInToken);
        choices.add(around("Bearer", token, ""), Cause::BearerInToken);
        choices.add(around("", "", ""), Cause::EmptyToken);
        for (before, after) in AROUND.into_iter().chain(QUOTES) {
            choices.add(around(before, token, after), Cause::BlanksInToken);
        }
    }
    for (number, other) in (1..).zip(others) {
        let cause = Cause::OtherToken { number };
        choices.add(around("", other.expose(), ""), cause);
        choices.add_all(
            around("Bearer ", other.expose(), ""),
            Causes::of(&[cause, Cause::BearerInToken]),
        );
    }
    choices.list
}

/// What careless copying leaves around a value.
const AROUND: [(&str, &str); 11] = [
    ("", "\n"),
    ("", "\r\n"),
    ("", " "),
    (" ", ""),
    (" ", " "),
    ("", "\r"),
    ("", "\t"),
    ("\t", ""),
    ("\u{feff}", ""),
    ("", "\u{a0}"),
    ("\u{a0}", ""),
];

const QUOTES: [(&str, &str); 2] = [("\"", "\""), ("'", "'")];

/// The right secret and what copying makes of it, then the others.
pub(super) fn secrets(
    right: &[&ClientSecret],
    others: &[&ClientSecret],
    client_id: &str,
) -> Vec<Choice<ClientSecret>> {
    let mut choices = Vec::new();
    let mut add = |secret: Option<ClientSecret>, causes: &[Cause]| {
        choices.extend(secret.map(|value| Choice {
            value,
            causes: Causes::of(causes),
        }));
    };
    for secret in right {
        add(Some((*secret).clone()), &[]);
    }
    for (number, secret) in (1..).zip(others) {
        add(Some((*secret).clone()), &[Cause::OtherSecret { number }]);
    }
    for secret in right {
        for (before, after) in AROUND {
            add(secret.between(before, after), &[Cause::BlanksInSecret]);
        }
        for (before, after) in QUOTES {
            add(secret.between(before, after), &[Cause::QuotedSecret]);
        }
    }
    for (number, secret) in (1..).zip(others) {
        let other = Cause::OtherSecret { number };
        for (before, after) in AROUND {
            add(
                secret.between(before, after),
                &[other, Cause::BlanksInSecret],
            );
        }
    }
    add(ClientSecret::from_bytes(b""), &[Cause::EmptySecret]);
    if !client_id.is_empty() {
        let secret = ClientSecret::from_bytes(client_id.as_bytes());
        add(secret, &[Cause::ClientIdAsSecret]);
    }
    choices
}

pub(super) fn request_ids(request_id: &str) -> Vec<Choice<Cow<'_, str>>> {
    let mut choices = Choices::new(Cow::Borrowed(request_id));
    for (before, after) in AROUND {
        let text = [before, request_id, after].concat();
        choices.add(text.into(), Cause::RequestId);
    }
    choices.add("".into(), Cause::RequestId);
    choices.list
}

pub(super) fn client_ids(client_id: &str) -> Vec<Choice<Cow<'_, str>>> {
    let mut choices = Choices::new(Cow::Borrowed(client_id));
    for (before, after) in AROUND {
        let text = [before, client_id, after].concat();
        choices.add(text.into(), Cause::BlanksInClientId);
    }
    choices.add(client_id.trim().into(), Cause::BlanksInClientId);
    choices.add("".into(), Cause::EmptyClientId);
    choices.list
}
