//! The formulas as tables, and a text put together by one of them.

use zeroize::Zeroizing;

use super::Component;
use super::difference::mask;

/// The most parts a formula has.
const MAX_PARTS: usize = 5;

/// What stands before a part, and what the part is.
pub(crate) type Formula = [(&'static str, Component)];

pub(crate) const SNAP_TOKEN: &Formula = &[("", Component::ClientId), ("|", Component::Timestamp)];

pub(crate) const SNAP_TRANSACTION: &Formula = &[
    ("", Component::Method),
    (":", Component::Path),
    (":", Component::AccessToken),
    (":", Component::BodyHash),
    (":", Component::Timestamp),
];

pub(crate) const SNAP_ASYMMETRIC_TRANSACTION: &Formula = &[
    ("", Component::Method),
    (":", Component::Path),
    (":", Component::BodyHash),
    (":", Component::Timestamp),
];

pub(crate) const NON_SNAP_REQUEST: &Formula = &[
    ("Client-Id:", Component::ClientId),
    ("\nRequest-Id:", Component::RequestId),
    ("\nRequest-Timestamp:", Component::Timestamp),
    ("\nRequest-Target:", Component::Path),
    ("\nDigest:", Component::BodyHash),
];

pub(super) const NON_SNAP_RESPONSE: &Formula = &[
    ("Client-Id:", Component::ClientId),
    ("\nRequest-Id:", Component::RequestId),
    ("\nResponse-Timestamp:", Component::Timestamp),
    ("\nRequest-Target:", Component::Path),
    ("\nDigest:", Component::BodyHash),
];

/// Parts joined by a formula, with the memory of where each part ends.
///
/// Knows nothing of algorithms; [`StringToSign`](super::StringToSign) adds that.
#[derive(Clone)]
pub(crate) struct Text {
    text: Zeroizing<String>,
    formula: &'static Formula,
    /// Where each part ends in `text`; as many as `formula` has parts are used.
    ends: [usize; MAX_PARTS],
}

impl Text {
    /// Joins the parts; a formula's last parts may be missing.
    #[inline]
    pub(crate) fn assemble(formula: &'static Formula, parts: &[&str]) -> Self {
        let length = formula.iter().map(|(lead, _)| lead.len()).sum::<usize>()
            + parts.iter().map(|part| part.len()).sum::<usize>();
        // One allocation of the final size: growing would leave copies of the token behind.
        let mut text = Zeroizing::new(String::with_capacity(length));
        let mut ends = [0; MAX_PARTS];
        for (((lead, _), part), end) in formula.iter().zip(parts).zip(&mut ends) {
            text.push_str(lead);
            text.push_str(part);
            *end = text.len();
        }
        Self {
            text,
            formula: formula.get(..parts.len()).unwrap_or(formula),
            ends,
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    pub(crate) const fn formula(&self) -> &'static Formula {
        self.formula
    }

    /// The text with the access token replaced by its length.
    pub(crate) fn masked(&self) -> String {
        let mut masked = String::new();
        for (lead, component, text) in self.parts() {
            masked.push_str(lead);
            match component {
                Component::AccessToken => masked.push_str(&mask(text)),
                _ => masked.push_str(text),
            }
        }
        masked
    }

    /// The parts in order: what stands before each, what it is, and its text.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&'static str, Component, &str)> {
        let mut from = 0;
        self.formula
            .iter()
            .zip(self.ends)
            .map(move |(&(lead, component), end)| {
                let text = self.text.get(from + lead.len()..end).unwrap_or_default();
                from = end;
                (lead, component, text)
            })
    }
}
