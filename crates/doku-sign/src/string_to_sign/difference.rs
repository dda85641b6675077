//! Where two strings-to-sign part, in words for the person who has to find out why.

use std::fmt;

use super::{Component, Text};

/// How much of each side an excerpt shows, in characters.
const BEFORE: usize = 8;
const AFTER: usize = 24;

/// The first place in which two strings-to-sign differ.
///
/// Holds no byte of an access token: of tokens it tells the lengths and the position.
///
/// ```
/// use doku_sign::{AccessToken, MinifiedBody, StringToSign};
///
/// let to_sign = |timestamp| {
///     let token = AccessToken::new("TOKEN");
///     StringToSign::snap_transaction("POST", "/p", &token, &MinifiedBody::empty(), timestamp)
/// };
/// let ours = to_sign("2026-09-04T07:00:00+07:00");
/// let theirs = to_sign("2026-09-04T00:00:00Z");
///
/// let difference = ours.first_difference(&theirs).expect("the timestamps differ");
/// assert_eq!(
///     difference.to_string(),
///     "the timestamp differs from character 13 on: \
///      \"…-09-04T07:00:00+07:00\" here, \"…-09-04T00:00:00Z\" there",
/// );
/// assert!(ours.first_difference(&ours).is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// The two follow different formulas, or one has a part that the other lacks.
    Formula {
        /// The masked text of the first one.
        ours: String,
        /// The masked text of the second one.
        theirs: String,
    },
    /// A part differs.
    Part {
        /// Which part.
        component: Component,
        /// The first character that differs, counted from 0 within the part.
        offset: usize,
        /// The part around that place in the first one; `[token, N chars]` for a token.
        ours: String,
        /// The part around that place in the second one; `[token, N chars]` for a token.
        theirs: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Formula { ours, theirs } => {
                write!(f, "the formulas differ: {ours:?} here, {theirs:?} there")
            }
            Self::Part {
                component,
                offset,
                ours,
                theirs,
            } => write!(
                f,
                "the {component} differs from character {} on: {ours:?} here, {theirs:?} there",
                offset.saturating_add(1)
            ),
        }
    }
}

impl Text {
    /// Compares part by part; `None` when both are the same text.
    pub(crate) fn first_difference(&self, theirs: &Self) -> Option<Difference> {
        if self.formula() != theirs.formula() {
            return Some(Difference::Formula {
                ours: self.masked(),
                theirs: theirs.masked(),
            });
        }
        let mut pairs = self.parts().zip(theirs.parts());
        pairs.find_map(|((_, component, ours), (_, _, theirs))| {
            let offset = first_difference(ours, theirs)?;
            let show = |text: &str| match component {
                Component::AccessToken => mask(text),
                _ => excerpt(text, offset),
            };
            Some(Difference::Part {
                component,
                offset,
                ours: show(ours),
                theirs: show(theirs),
            })
        })
    }
}

/// What stands in place of a token.
pub(super) fn mask(token: &str) -> String {
    if token.is_empty() {
        "[no token]".to_owned()
    } else {
        format!("[token, {} chars]", token.chars().count())
    }
}

/// The first character that differs, or `None` for equal texts.
fn first_difference(ours: &str, theirs: &str) -> Option<usize> {
    if ours == theirs {
        return None;
    }
    Some(
        ours.chars()
            .zip(theirs.chars())
            .take_while(|(a, b)| a == b)
            .count(),
    )
}

/// The text around a character, with an ellipsis where it was cut.
fn excerpt(text: &str, around: usize) -> String {
    let from = around.saturating_sub(BEFORE);
    let mut excerpt = String::new();
    if from > 0 {
        excerpt.push('…');
    }
    let mut rest = text.chars().skip(from);
    excerpt.extend(rest.by_ref().take(BEFORE + AFTER));
    if rest.next().is_some() {
        excerpt.push('…');
    }
    excerpt
}
