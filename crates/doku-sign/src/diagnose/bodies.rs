//! What may have been signed in the place of the body's hash, or of its digest in a non-SNAP call.

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::choice::{Causes, Choices};
use super::spelling::without_spaces;
use super::{Cause, Spelling};
use crate::encoding::{base64, hex32};
use crate::minify::minify;

/// How many bytes of bodies are written and hashed for one diagnosis.
const WORK: usize = 32 * 1024 * 1024;

/// The longest body that is tried in the place of its own hash.
const LONGEST_UNHASHED: usize = 4 * 1024;

/// How a hash is written where it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// SNAP: of the minified body, in hex.
    Hash,
    /// Other channels: of the body as it is, in base64.
    Digest,
}

impl Form {
    fn of(self, bytes: &[u8]) -> Zeroizing<String> {
        match self {
            Self::Hash => hash_of(bytes),
            Self::Digest => Zeroizing::new(digest_of(bytes)),
        }
    }
}

/// The right hash, and those of the mistakes that were asked for so far.
pub(super) struct BodyHashes<'b> {
    body: &'b [u8],
    compact: Cow<'b, [u8]>,
    form: Form,
    choices: Choices<Zeroizing<String>>,
    left: usize,
}

impl<'b> BodyHashes<'b> {
    /// The right hash alone.
    pub(super) fn new(body: &'b [u8]) -> Self {
        let compact = minify(body);
        Self {
            body,
            choices: Choices::new(Form::Hash.of(&compact)),
            compact,
            form: Form::Hash,
            left: WORK,
        }
    }

    /// The same for a non-SNAP call.
    pub(super) fn digests(body: &'b [u8]) -> Self {
        Self {
            body,
            choices: Choices::new(Form::Digest.of(body)),
            compact: minify(body),
            form: Form::Digest,
            left: WORK,
        }
    }

    /// Adds what one look at the bytes is enough for.
    pub(super) fn add_plain(&mut self) {
        if self.form == Form::Digest {
            return self.add_plain_digests();
        }
        self.as_it_is(self.body, Cause::RawBody);
        if self.body.is_empty() {
            for value in ["{}", "[]", "null", "\"\""] {
                self.add(value.as_bytes(), Cause::BodyInvented);
            }
        } else {
            for value in ["", "{}", "[]", "null"] {
                self.add(value.as_bytes(), Cause::EmptyBody);
            }
        }
        let compact = self.compact.clone();
        for every in [true, false] {
            // In one go over the whole body as often as after minifying.
            for body in [&compact, self.body] {
                let stripped = without_spaces(body, every);
                self.add(&stripped, Cause::BlanksInStringsDropped);
            }
        }
        self.other_forms(&compact, self.body);
    }

    /// The line is there or not, which is another scheme; here it has another value.
    fn add_plain_digests(&mut self) {
        let compact = self.compact.clone();
        self.add(&compact, Cause::MinifiedBody);
        for value in ["", "{}", "[]", "null"] {
            self.add(value.as_bytes(), Cause::EmptyBody);
        }
        self.as_it_is(self.body, Cause::LineEnds);
        if let Ok(text) = str::from_utf8(self.body) {
            self.add(text.replace('/', "\\/").as_bytes(), Cause::SlashesEscaped);
            self.add(text.replace("\\/", "/").as_bytes(), Cause::SlashesPlain);
        }
        for (bytes, causes) in [(self.body, &[][..]), (&compact, &[Cause::MinifiedBody])] {
            let with = |cause| Causes::of(&[causes, &[cause]].concat());
            let hash = hash_of(bytes);
            let capitals = Zeroizing::new(hash.to_ascii_uppercase());
            self.choices.add_all(hash, with(Cause::DigestInHex));
            self.choices.add_all(capitals, with(Cause::DigestInHex));
            if let Some(text) = unhashed(bytes) {
                self.choices.add_all(text, with(Cause::BodyNotHashed));
            }
        }
    }

    /// Adds what the body has to be written again for.
    pub(super) fn add_respelled(&mut self) {
        for spelling in Spelling::all() {
            if self.left == 0 {
                break;
            }
            if let Some(respelled) = spelling.respell(self.body) {
                let cause = match spelling {
                    Spelling::SlashesEscaped => Cause::SlashesEscaped,
                    Spelling::SlashesPlain => Cause::SlashesPlain,
                    other => Cause::Reserialised(*other),
                };
                self.add(&respelled, cause);
            }
            self.spend(self.body.len());
        }
    }

    /// Adds the right digest with a line end: it is the last thing that a non-SNAP call signs.
    pub(super) fn add_line_ends(&mut self, ends: &[&str]) {
        let right = self.form.of(self.body);
        for end in ends {
            let text = Zeroizing::new(format!("{}{end}", right.as_str()));
            self.choices.add(text, Cause::LineEndAfterText);
        }
    }

    pub(super) const fn choices(&self) -> &Choices<Zeroizing<String>> {
        &self.choices
    }

    /// Whether everything that was asked for was tried.
    pub(super) const fn is_complete(&self) -> bool {
        self.left > 0
    }

    fn add(&mut self, bytes: &[u8], cause: Cause) {
        if self.left > 0 {
            self.spend(bytes.len());
            self.choices.add(self.form.of(bytes), cause);
        }
    }

    fn spend(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
    }

    /// Not minified, perhaps with the line ends of another system.
    fn as_it_is(&mut self, body: &[u8], cause: Cause) {
        self.add(body, cause);
        self.add(body.trim_ascii(), cause);
        self.add(&[body, b"\n"].concat(), cause);
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
            self.add(&unix, cause);
            self.add(&dos, cause);
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
                Zeroizing::new(digest_of(bytes)),
                with(Cause::BodyHashInBase64),
            );
            if let Some(text) = unhashed(bytes) {
                self.choices.add_all(text, with(Cause::BodyNotHashed));
            }
        }
    }
}

/// The body in the place of its hash, if it is short enough.
fn unhashed(bytes: &[u8]) -> Option<Zeroizing<String>> {
    (bytes.len() <= LONGEST_UNHASHED)
        .then(|| str::from_utf8(bytes).ok())?
        .map(|text| Zeroizing::new(text.to_owned()))
}

fn digest_of(bytes: &[u8]) -> String {
    base64(&Sha256::digest(bytes))
}

fn hash_of(bytes: &[u8]) -> Zeroizing<String> {
    let hex = hex32(&Sha256::digest(bytes).into());
    Zeroizing::new(str::from_utf8(&hex).unwrap_or_default().to_owned())
}
