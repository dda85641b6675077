//! Trying mistakes: none, then one, then two, until the presented signature comes out.

use std::borrow::Cow;
use std::ops::{ControlFlow, RangeInclusive};

use zeroize::Zeroizing;

use super::Cause;
use super::bodies::BodyHashes;
use super::choice::{Causes, Choice};
use super::readings::Reading;
use super::scheme::{Method, Scheme, TextKind};
use crate::client_secret::ClientSecret;
use crate::key::Recovered;
use crate::signature::Signature;
use crate::string_to_sign::Text;

/// How many bytes are signed for one diagnosis.
const WORK: usize = 32 * 1024 * 1024;

/// What a signature costs beside its text, in bytes: the blocks of the key and the padding.
const WORK_EACH: usize = 384;

/// Every value of every part, the right one first.
pub(super) struct Parts<'a> {
    pub(super) methods: Vec<Choice<Cow<'a, str>>>,
    pub(super) paths: Vec<Choice<Cow<'a, str>>>,
    pub(super) tokens: Vec<Choice<Zeroizing<String>>>,
    pub(super) body_hashes: BodyHashes<'a>,
    pub(super) timestamps: Vec<Choice<Cow<'a, str>>>,
    pub(super) client_ids: Vec<Choice<Cow<'a, str>>>,
    pub(super) request_ids: Vec<Choice<Cow<'a, str>>>,
}

/// A list of choices, whatever holds their texts.
type Slot<'p> = Vec<(&'p str, Causes)>;

impl Parts<'_> {
    /// The choices for each part of a formula, in its order.
    fn slots(&self, kind: TextKind) -> Vec<Slot<'_>> {
        fn slot<T: AsRef<str>>(choices: &[Choice<T>]) -> Slot<'_> {
            choices
                .iter()
                .map(|choice| (choice.value.as_ref(), choice.causes))
                .collect()
        }
        match kind {
            TextKind::Token => vec![slot(&self.client_ids), slot(&self.timestamps)],
            TextKind::Transaction => vec![
                slot(&self.methods),
                slot(&self.paths),
                slot(&self.tokens),
                slot(&self.body_hashes.choices().list),
                slot(&self.timestamps),
            ],
            TextKind::AsymmetricTransaction => vec![
                slot(&self.methods),
                slot(&self.paths),
                slot(&self.body_hashes.choices().list),
                slot(&self.timestamps),
            ],
            TextKind::NonSnap => vec![
                slot(&self.client_ids),
                slot(&self.request_ids),
                slot(&self.timestamps),
                slot(&self.paths),
                slot(&self.body_hashes.choices().list),
            ],
            TextKind::NonSnapWithoutBody => vec![
                slot(&self.client_ids),
                slot(&self.request_ids),
                slot(&self.timestamps),
                slot(&self.paths),
            ],
        }
    }

    /// The text with nothing wrong in it.
    pub(super) fn right(&self, kind: TextKind) -> Text {
        let slots = self.slots(kind);
        let parts: Vec<&str> = slots.iter().map(|slot| first(slot)).collect();
        Text::assemble(kind.formula(), &parts)
    }
}

fn first<'p>(slot: &Slot<'p>) -> &'p str {
    slot.first().map_or("", |(text, _)| text)
}

/// A public key that a signature may have been made for.
pub(super) struct PublicHalf<'a> {
    pub(super) key: super::Key<'a>,
    pub(super) causes: Causes,
}

/// Who may have made one reading of the signature.
enum Signer<'s> {
    HmacSha512(&'s ClientSecret),
    HmacSha256(&'s ClientSecret),
    /// Certain already; only the text is to be found.
    Rsa(super::Key<'s>, Recovered),
}

impl Signer<'_> {
    const fn method(&self) -> Method {
        match self {
            Self::HmacSha512(_) => Method::HmacSha512,
            Self::HmacSha256(_) => Method::HmacSha256,
            Self::Rsa(..) => Method::Rsa,
        }
    }

    fn signed(&self, text: &[u8], signature: &Signature) -> bool {
        match self {
            Self::HmacSha512(secret) => signature.must_equal(&secret.hmac_sha512(text)).is_ok(),
            Self::HmacSha256(secret) => signature.must_equal(&secret.hmac_sha256(text)).is_ok(),
            Self::Rsa(key, recovered) => {
                // The hash alone is quick to compare; a match is then verified in full.
                recovered.is_of(text) && (!recovered.is_usual() || key.verifies(text, signature))
            }
        }
    }
}

/// One reading of the signature by one of those who may have made it.
struct Suspect<'s> {
    signature: &'s Signature,
    signer: Signer<'s>,
    causes: Causes,
}

/// What made the presented signature.
pub(super) struct Hit {
    pub(super) text: Text,
    pub(super) causes: Causes,
}

pub(super) struct Search<'s> {
    suspects: Vec<Suspect<'s>>,
    schemes: &'s [Scheme],
    left: usize,
    /// How many signatures were compared.
    pub(super) tried: usize,
}

impl<'s> Search<'s> {
    pub(super) fn new(
        readings: &'s [Reading],
        schemes: &'s [Scheme],
        secrets: &'s [Choice<ClientSecret>],
        keys: &'s [PublicHalf<'s>],
    ) -> Self {
        let mut suspects = Vec::new();
        for reading in readings {
            let mut add = |signer, causes: Causes| {
                if let Some(causes) = reading.causes.join(causes) {
                    suspects.push(Suspect {
                        signature: &reading.signature,
                        signer,
                        causes,
                    });
                }
            };
            // The length alone rules most of them out.
            let length = reading.signature.as_bytes().len();
            for secret in secrets {
                match length {
                    64 => add(Signer::HmacSha512(&secret.value), secret.causes),
                    32 => add(Signer::HmacSha256(&secret.value), secret.causes),
                    _ => {}
                }
            }
            for half in keys {
                if let Some(recovered) = half.key.recover(&reading.signature) {
                    let causes = match recovered.is_usual() {
                        true => Some(half.causes),
                        false => half.causes.and(Cause::OtherHash(recovered.algorithm)),
                    };
                    if let Some(causes) = causes {
                        add(Signer::Rsa(half.key, recovered), causes);
                    }
                }
            }
        }
        Self {
            suspects,
            schemes,
            left: WORK,
            tried: 0,
        }
    }

    /// The fewest mistakes that make the signature, of those numbers of mistakes.
    pub(super) fn run(
        &mut self,
        parts: &Parts<'_>,
        mistakes: RangeInclusive<usize>,
    ) -> Option<Hit> {
        let slots: Vec<(&Scheme, Vec<Slot<'_>>)> = self
            .schemes
            .iter()
            .map(|scheme| (scheme, parts.slots(scheme.value.0)))
            .collect();
        for mistakes in mistakes {
            for (scheme, slots) in &slots {
                for at in 0..self.suspects.len() {
                    let suspect = self.suspects.get(at)?;
                    if suspect.signer.method() != scheme.value.1 {
                        continue;
                    }
                    let Some(causes) = scheme.causes.join(suspect.causes) else {
                        continue;
                    };
                    let Some(rest) = mistakes.checked_sub(causes.len()) else {
                        continue;
                    };
                    let found = texts(slots, rest, &mut |parts, more| {
                        self.compare(at, scheme.value.0, parts, causes.join(more))
                    });
                    match found {
                        ControlFlow::Break(hit) => return hit,
                        ControlFlow::Continue(()) => {}
                    }
                }
            }
        }
        None
    }

    /// Breaks with a hit, or with nothing when the work is used up.
    fn compare(
        &mut self,
        suspect: usize,
        kind: TextKind,
        parts: &[&str],
        causes: Option<Causes>,
    ) -> ControlFlow<Option<Hit>> {
        let (Some(suspect), Some(causes)) = (self.suspects.get(suspect), causes) else {
            return ControlFlow::Continue(());
        };
        let length: usize = parts.iter().map(|part| part.len()).sum();
        let Some(left) = self.left.checked_sub(length.saturating_add(WORK_EACH)) else {
            self.left = 0;
            return ControlFlow::Break(None);
        };
        self.left = left;
        self.tried += 1;
        let text = Text::assemble(kind.formula(), parts);
        if suspect.signer.signed(text.as_bytes(), suspect.signature) {
            ControlFlow::Break(Some(Hit { text, causes }))
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Whoever signed exactly this text, and what is wrong with that beside the text.
    pub(super) fn signer_of(&self, text: &[u8]) -> Option<Causes> {
        let natural = self.natural()?;
        if text.len().saturating_mul(self.suspects.len()) > WORK {
            return None;
        }
        let mut found: Vec<Causes> = self
            .suspects
            .iter()
            .filter(|suspect| suspect.signer.signed(text, suspect.signature))
            .filter_map(|suspect| match suspect.signer.method() {
                method if method == natural => Some(suspect.causes),
                Method::Rsa => suspect.causes.and(Cause::RsaInsteadOfHmac),
                _ if natural == Method::Rsa => suspect.causes.and(Cause::HmacInsteadOfRsa),
                Method::HmacSha256 => suspect.causes.and(Cause::HmacSha256),
                Method::HmacSha512 => suspect.causes.and(Cause::HmacSha512),
            })
            .collect();
        found.sort_by_key(|causes| causes.len());
        found.first().copied()
    }

    /// What is wrong with each key that certainly made the signature, over whatever text; nothing
    /// for the right key.
    pub(super) fn makers(&self) -> impl Iterator<Item = Causes> {
        self.suspects
            .iter()
            .filter(|suspect| suspect.signer.method() == Method::Rsa)
            .map(|suspect| suspect.causes)
    }

    /// The algorithm that is due.
    pub(super) fn natural(&self) -> Option<Method> {
        self.schemes.first().map(|scheme| scheme.value.1)
    }

    /// Whether everything was tried.
    pub(super) const fn is_complete(&self) -> bool {
        self.left > 0
    }
}

/// Calls `visit` with every text that has exactly `mistakes` mistakes, until it breaks.
fn texts<B>(
    slots: &[Slot<'_>],
    mistakes: usize,
    visit: &mut impl FnMut(&[&str], Causes) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let mut parts: Vec<&str> = slots.iter().map(first).collect();
    vary(slots, 0, mistakes, Causes::none(), &mut parts, visit)
}

/// Varies the parts from `from` on. As deep as there are parts, which are five at most.
fn vary<'p, B>(
    slots: &[Slot<'p>],
    from: usize,
    mistakes: usize,
    causes: Causes,
    parts: &mut Vec<&'p str>,
    visit: &mut impl FnMut(&[&str], Causes) -> ControlFlow<B>,
) -> ControlFlow<B> {
    if mistakes == 0 {
        return visit(parts, causes);
    }
    for (at, slot) in slots.iter().enumerate().skip(from) {
        for (text, wrong) in slot.iter().skip(1) {
            let (Some(rest), Some(causes)) =
                (mistakes.checked_sub(wrong.len()), causes.join(*wrong))
            else {
                continue;
            };
            if let Some(part) = parts.get_mut(at) {
                *part = text;
            }
            vary(slots, at + 1, rest, causes, parts, visit)?;
        }
        if let Some(part) = parts.get_mut(at) {
            *part = first(slot);
        }
    }
    ControlFlow::Continue(())
}
