//! What may have been signed in the place of each other part, and with which secret.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::search::{Causes, Choice, Choices};
use super::spelling::without_spaces;
use super::{Cause, Spelling};
use crate::access_token::AccessToken;
use crate::client_secret::ClientSecret;
use crate::encoding::hex32;
use crate::minify::minify;

/// How many bytes of bodies are written and hashed for one diagnosis.
const BODY_WORK: usize = 32 * 1024 * 1024;

/// The longest body that is tried in the place of its own hash.
const LONGEST_UNHASHED: usize = 4 * 1024;

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
    if !token.is_empty() {
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

/// What may stand in the place of the body's hash, and whether every spelling was tried.
pub(super) fn body_hashes(body: &[u8]) -> (Vec<Choice<Zeroizing<String>>>, bool) {
    let compact = minify(body);
    let mut hashes = Hashes {
        choices: Choices::new(hash_of(&compact)),
        left: BODY_WORK,
    };
    hashes.as_it_is(body);
    if body.is_empty() {
        for value in ["{}", "[]", "null", "\"\""] {
            hashes.add(value.as_bytes(), Cause::BodyInvented);
        }
    } else {
        for value in ["", "{}", "[]", "null"] {
            hashes.add(value.as_bytes(), Cause::EmptyBody);
        }
    }
    for every in [true, false] {
        let stripped = without_spaces(&compact, every);
        hashes.add(&stripped, Cause::BlanksInStringsDropped);
        // As often in one go over the whole body.
        let stripped = without_spaces(body, every);
        hashes.add(&stripped, Cause::BlanksInStringsDropped);
    }
    for spelling in Spelling::all() {
        if hashes.left == 0 {
            break;
        }
        if let Some(respelled) = spelling.respell(body) {
            let cause = match spelling {
                Spelling::SlashesEscaped => Cause::SlashesEscaped,
                Spelling::SlashesPlain => Cause::SlashesPlain,
                other => Cause::Reserialised(*other),
            };
            hashes.add(&respelled, cause);
        }
        hashes.spend(body.len());
    }
    hashes.other_forms(&compact, body);
    let complete = hashes.left > 0;
    (hashes.choices.list, complete)
}

struct Hashes {
    choices: Choices<Zeroizing<String>>,
    left: usize,
}

impl Hashes {
    fn add(&mut self, bytes: &[u8], cause: Cause) {
        if self.left > 0 {
            self.spend(bytes.len());
            self.choices.add(hash_of(bytes), cause);
        }
    }

    fn spend(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
    }

    /// Not minified, perhaps with the line ends of another system.
    fn as_it_is(&mut self, body: &[u8]) {
        self.add(body, Cause::RawBody);
        self.add(body.trim_ascii(), Cause::RawBody);
        self.add(&[body, b"\n"].concat(), Cause::RawBody);
        if body.contains(&b'\n') {
            let unix: Vec<u8> = body.iter().copied().filter(|byte| *byte != b'\r').collect();
            let dos: Vec<u8> = unix
                .iter()
                .flat_map(|byte| match byte {
                    b'\n' => b"\r\n".as_slice(),
                    other => std::slice::from_ref(other),
                })
                .copied()
                .collect();
            self.add(&unix, Cause::RawBody);
            self.add(&dos, Cause::RawBody);
        }
    }

    /// The right hash in another form, or none.
    fn other_forms(&mut self, compact: &[u8], body: &[u8]) {
        for (bytes, causes) in [(compact, &[][..]), (body, &[Cause::RawBody])] {
            let hash = hash_of(bytes);
            let with = |cause| {
                let mut all = causes.to_vec();
                all.push(cause);
                Causes::of(&all)
            };
            self.choices.add_all(
                Zeroizing::new(hash.to_ascii_uppercase()),
                with(Cause::BodyHashInCapitals),
            );
            self.choices.add_all(
                Zeroizing::new(STANDARD.encode(Sha256::digest(bytes))),
                with(Cause::BodyHashInBase64),
            );
            if bytes.len() <= LONGEST_UNHASHED
                && let Ok(text) = str::from_utf8(bytes)
            {
                let text = Zeroizing::new(text.to_owned());
                self.choices.add_all(text, with(Cause::BodyNotHashed));
            }
        }
    }
}

fn hash_of(bytes: &[u8]) -> Zeroizing<String> {
    let hex = hex32(&Sha256::digest(bytes).into());
    Zeroizing::new(str::from_utf8(&hex).unwrap_or_default().to_owned())
}
