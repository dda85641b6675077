//! From a case to its diagnosis.

use std::borrow::Cow;
use std::mem;

use super::bodies::BodyHashes;
use super::choice::{Causes, Choice, MOST_MISTAKES};
use super::readings::{self, Reading};
use super::scheme::{Method, TextKind, schemes};
use super::search::{Hit, Parts, PublicHalf, Search};
use super::shown::Scrubber;
use super::timestamp::{self, Moment};
use super::{Case, Cause, Diagnosis, Finding, Key, Presented, Skew, other_parts, paths, theirs};
use crate::access_token::AccessToken;
use crate::client_secret::ClientSecret;
use crate::string_to_sign::{Difference, NON_SNAP_REQUEST, SNAP_TOKEN, SNAP_TRANSACTION, Text};

/// Longer parts are taken as they are: no header of a real request is so long, and each way to
/// write one would be a copy.
const LONGEST_PART: usize = 16 * 1024;

/// What a shell or an editor leaves at the end of a text.
const LINE_ENDS: [&str; 2] = ["\n", "\r\n"];

/// How many other keys, tokens and URLs are tried.
const MOST_OTHERS: usize = 16;

impl Case<'_> {
    /// Finds out what went wrong.
    ///
    /// Never fails and takes bounded time, on any input. See the [module](super) for who may see
    /// the result.
    #[must_use]
    pub fn diagnose(&self) -> Diagnosis {
        let readings = self.readings();
        let schemes = schemes(self.kind);
        let (secrets, keys) = (self.secrets(), self.keys());
        let mut parts = self.parts();
        self.add_line_ends(&mut parts);
        let expected = parts.right(self.kind);
        let mut search = Search::new(&readings, &schemes, &secrets, &keys);
        let hit = self.fewest_mistakes(&mut search, &mut parts);
        let scrubber = self.scrubber();

        let mut diagnosis = Diagnosis {
            is_right: false,
            findings: Vec::new(),
            expected: scrubber.shown(&expected).masked(),
            reproduced: None,
            theirs: None,
            difference: None,
            skew: self.skew(),
            tried: search.tried,
            is_complete: hit.is_some() || parts.body_hashes.is_complete() && search.is_complete(),
        };
        let theirs = self.theirs.map(|text| {
            let read = theirs::read(text).filter(|read| scrubber.lets_through(read));
            (text, read)
        });
        diagnosis.theirs = theirs.as_ref().map(|(text, read)| match read {
            Some(read) => scrubber.shown(read).masked(),
            None => format!("[{} chars, not shown]", text.chars().count()),
        });
        match hit {
            Some(hit) => {
                diagnosis.is_right = hit.causes.len() == 0;
                diagnosis.findings = hit.causes.iter().map(Finding::proven).collect();
                if !diagnosis.is_right {
                    diagnosis.show_signed(&scrubber, &expected, &hit.text);
                }
            }
            None => {
                let told = theirs.and_then(|(text, read)| {
                    diagnosis.ask_theirs(&search, &scrubber, &expected, text, read.as_ref())
                });
                diagnosis.findings = told.unwrap_or_else(|| self.hints(&search, &readings));
            }
        }
        if self.client.is_some_and(|id| id != self.presented.client_id) {
            diagnosis.findings.push(Finding::proven(Cause::OtherClient));
        }
        if let Some(skew) = diagnosis.skew
            && skew.size() > self.tolerance
        {
            let finding = Finding::proven(Cause::ClockSkew(skew));
            diagnosis.findings.push(finding);
        }
        diagnosis
    }

    /// What made the signature, with as few mistakes as can be. A large body is read as often as is needed, and no more.
    fn fewest_mistakes<'a>(
        &'a self,
        search: &mut Search<'_>,
        parts: &mut Parts<'a>,
    ) -> Option<Hit> {
        if let Some(hit) = search.run(parts, 0..=0) {
            return Some(hit);
        }
        parts.body_hashes.add_plain();
        if let Some(hit) = search.run(parts, 1..=1) {
            return Some(hit);
        }
        parts.body_hashes.add_respelled();
        if let Some(hit) = search.run(parts, 1..=1) {
            return Some(hit);
        }
        let others = mem::replace(&mut parts.timestamps, self.with_milliseconds());
        if let Some(hit) = search.run(parts, 1..=1) {
            return Some(hit);
        }
        parts.timestamps = others;
        search.run(parts, 2..=MOST_MISTAKES)
    }

    fn with_milliseconds(&self) -> Vec<Choice<Cow<'_, str>>> {
        let others = timestamp::with_milliseconds(self.presented.timestamp);
        timestamps(self.presented.timestamp, others)
    }

    fn readings(&self) -> Vec<Reading> {
        if self.kind.is_snap() {
            readings::of(self.presented.signature)
        } else {
            readings::of_non_snap(self.presented.signature)
        }
    }

    fn parts(&self) -> Parts<'_> {
        let Self { presented, .. } = self;
        let short = |part: &str| part.len() <= LONGEST_PART;
        let urls: Vec<&str> = self
            .urls
            .iter()
            .copied()
            .filter(|url| short(url))
            .take(MOST_OTHERS)
            .collect();
        let tokens: Vec<&AccessToken> = self
            .tokens
            .iter()
            .copied()
            .filter(|token| short(token.expose()))
            .take(MOST_OTHERS)
            .collect();
        Parts {
            methods: match presented.method {
                method if short(method) => other_parts::methods(method),
                long => as_it_is(long),
            },
            paths: match presented.path {
                path if short(path) => paths::of(path, &urls),
                long => as_it_is(long),
            },
            tokens: other_parts::tokens(presented.token, &tokens),
            body_hashes: if self.kind.is_snap() {
                BodyHashes::new(presented.body)
            } else {
                BodyHashes::digests(presented.body)
            },
            timestamps: timestamps(presented.timestamp, timestamp::others(presented.timestamp)),
            client_ids: match presented.client_id {
                id if short(id) => other_parts::client_ids(id),
                long => as_it_is(long),
            },
            request_ids: match self.request_id {
                id if short(id) => other_parts::request_ids(id),
                long => as_it_is(long),
            },
        }
    }

    /// A line end after the text is one after its last part.
    fn add_line_ends<'a>(&'a self, parts: &mut Parts<'a>) {
        let with_end = |part: &str, end: &str| Choice {
            value: Cow::Owned(format!("{part}{end}")),
            causes: Causes::of(&[Cause::LineEndAfterText]),
        };
        let Presented {
            path, timestamp, ..
        } = self.presented;
        match self.kind {
            TextKind::Token | TextKind::Transaction | TextKind::AsymmetricTransaction
                if timestamp.len() <= LONGEST_PART =>
            {
                let ended = LINE_ENDS.map(|end| with_end(timestamp, end));
                parts.timestamps.extend(ended);
            }
            TextKind::NonSnap => parts.body_hashes.add_line_ends(&LINE_ENDS),
            TextKind::NonSnapWithoutBody if path.len() <= LONGEST_PART => {
                parts.paths.extend(LINE_ENDS.map(|end| with_end(path, end)));
            }
            _ => {}
        }
    }

    fn secrets(&self) -> Vec<Choice<ClientSecret>> {
        let others: Vec<&ClientSecret> = self
            .others
            .iter()
            .filter_map(|key| match key {
                Key::Secret(secret) => Some(*secret),
                _ => None,
            })
            .take(MOST_OTHERS)
            .collect();
        let id = match self.presented.client_id {
            id if id.len() <= LONGEST_PART => id,
            _ => "",
        };
        match self.right {
            Key::Secret(right) => other_parts::secrets(&[right], &others, id),
            // Where RSA is due, no secret is more wrong than another.
            _ => other_parts::secrets(&others, &[], id),
        }
    }

    fn keys(&self) -> Vec<PublicHalf<'_>> {
        let rsa_is_due = self.kind.is_for_rsa();
        let right = Some(PublicHalf {
            key: self.right,
            causes: Causes::none(),
        });
        let others = self.others.iter().filter_map(|key| {
            let other = key.as_other()?;
            let causes = if rsa_is_due {
                Causes::of(&[other])
            } else {
                Causes::none()
            };
            Some(PublicHalf { key: *key, causes })
        });
        right
            .filter(|_| rsa_is_due)
            .into_iter()
            .chain(others)
            .take(MOST_OTHERS)
            .collect()
    }

    fn scrubber(&self) -> Scrubber {
        let tokens = self.presented.token.into_iter();
        let keys = std::iter::once(&self.right).chain(&self.others);
        Scrubber::new(
            tokens.chain(self.tokens.iter().copied()),
            keys.filter_map(|key| match key {
                Key::Secret(secret) => Some(*secret),
                _ => None,
            }),
        )
    }

    fn skew(&self) -> Option<Skew> {
        let timestamp = Moment::read(self.presented.timestamp)?.unix();
        let seconds = timestamp.saturating_sub(timestamp::unix(self.now?));
        Some(Skew::of_seconds(seconds))
    }

    /// How long a right signature is.
    fn signature_bytes(&self) -> usize {
        match self.right.rsa_bytes() {
            Some(bytes) => bytes,
            None if self.kind.is_snap() => 64,
            None => 32,
        }
    }

    /// What the signature looks like, where nothing makes it.
    fn hints(&self, search: &Search<'_>, readings: &[Reading]) -> Vec<Finding> {
        // RSA tells its key whatever the text is.
        if let Some(maker) = search.makers().min_by_key(|causes| causes.len()) {
            let due = (!self.kind.is_for_rsa()).then_some(Cause::RsaInsteadOfHmac);
            // Hashes that are not made here leave it open whether the text is the right one.
            let open = maker
                .iter()
                .any(|cause| matches!(cause, Cause::OtherHash(hash) if !hash.is_made_here()));
            return due
                .into_iter()
                .chain(maker.iter())
                .chain((!open).then_some(Cause::OtherText))
                .map(Finding::proven)
                .collect();
        }
        let fault = if self.kind.is_snap() {
            readings::fault(self.presented.signature)
        } else {
            readings::fault_of_non_snap(self.presented.signature)
        };
        if let Some(cause @ (Cause::NoSignature | Cause::NotBase64)) = fault
            && readings.is_empty()
        {
            return vec![Finding::proven(cause)];
        }
        let usual = self.signature_bytes();
        let length = |reading: &&Reading| reading.signature.as_bytes().len();
        let Some(reading) = readings
            .iter()
            .find(|reading| length(reading) == usual)
            .or_else(|| readings.first())
        else {
            return fault.into_iter().map(Finding::likely).collect();
        };
        let kind = match (self.right, length(&reading)) {
            (Key::Secret(_), bytes) if bytes == usual => None,
            (Key::Secret(_), 32) => Some(Finding::likely(Cause::HmacSha256)),
            (Key::Secret(_), 64) => Some(Finding::likely(Cause::HmacSha512)),
            (Key::Secret(_), 256 | 384 | 512) => Some(Finding::likely(Cause::RsaInsteadOfHmac)),
            (Key::Merchant(_) | Key::Doku(_), 256..=512) => {
                Some(Finding::likely(Cause::UnknownKey))
            }
            (Key::Merchant(_) | Key::Doku(_), 64) => Some(Finding::likely(Cause::HmacInsteadOfRsa)),
            (_, bytes) => Some(Finding::proven(Cause::WrongLength { bytes })),
        };
        reading
            .causes
            .iter()
            .map(Finding::likely)
            .chain(kind)
            .collect()
    }
}

impl Diagnosis {
    fn show_signed(&mut self, scrubber: &Scrubber, expected: &Text, signed: &Text) {
        let (expected, signed) = (scrubber.shown(expected), scrubber.shown(signed));
        self.difference = expected.first_difference(&signed);
        self.reproduced = Some(signed.masked());
    }

    /// Whether the other side really signed what it says, and what that tells; `None` for
    /// nothing.
    fn ask_theirs(
        &mut self,
        search: &Search<'_>,
        scrubber: &Scrubber,
        expected: &Text,
        text: &str,
        read: Option<&Text>,
    ) -> Option<Vec<Finding>> {
        let signer = search.signer_of(text.as_bytes());
        if let Some(read) = read {
            let (expected, read) = (scrubber.shown(expected), scrubber.shown(read));
            self.difference = expected.first_difference(&read);
        }
        if let Some(causes) = signer {
            self.reproduced.clone_from(&self.theirs);
            let text = match &self.difference {
                Some(Difference::Part { component, .. }) => Cause::OtherPart(*component),
                Some(Difference::Formula { .. }) => other_formula(read),
                None => Cause::OtherText,
            };
            let causes = causes.iter().chain([text]);
            return Some(causes.map(Finding::proven).collect());
        }
        (text.as_bytes() == expected.as_bytes() && search.natural() != Some(Method::Rsa))
            .then(|| vec![Finding::likely(Cause::UnknownKey)])
    }
}

fn as_it_is(part: &str) -> Vec<Choice<Cow<'_, str>>> {
    vec![Choice {
        value: Cow::Borrowed(part),
        causes: Causes::none(),
    }]
}

/// The timestamp as it is, and then what may have been signed in its place.
fn timestamps(presented: &str, others: Vec<(String, Cause)>) -> Vec<Choice<Cow<'_, str>>> {
    let mut timestamps = as_it_is(presented);
    timestamps.extend(others.into_iter().map(|(text, cause)| Choice {
        value: Cow::Owned(text),
        causes: Causes::of(&[cause]),
    }));
    timestamps
}

fn other_formula(read: Option<&Text>) -> Cause {
    match read.map(Text::formula) {
        Some(formula) if formula == SNAP_TOKEN => Cause::TokenFormula,
        Some(formula) if formula == SNAP_TRANSACTION => Cause::TransactionFormula,
        Some(formula) if NON_SNAP_REQUEST.starts_with(formula) => Cause::NonSnapFormula,
        _ => Cause::AsymmetricFormula,
    }
}
