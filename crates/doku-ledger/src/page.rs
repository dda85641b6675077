//! Reading in pages: where a page ended, and where the next one begins.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A place in the order in which events and payments are shown.
///
/// Opaque, totally ordered, and printable: keep its text, and go on after it. Whoever reads after a cursor misses nothing,
/// however late a transaction commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Cursor {
    pub(crate) era: i64,
    pub(crate) xid: u64,
    pub(crate) id: i64,
}

impl Cursor {
    /// Before everything.
    pub const START: Self = Self {
        era: 0,
        xid: 0,
        id: 0,
    };
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.era, self.xid, self.id)
    }
}

/// A text that is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no cursor; use the text of one that was given, or none to begin at the start")]
pub struct InvalidCursor;

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split('.');
        let mut number = || {
            parts
                .next()
                .filter(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
                .ok_or(InvalidCursor)
        };
        let cursor = Self {
            era: number()?.parse().map_err(|_| InvalidCursor)?,
            xid: number()?.parse().map_err(|_| InvalidCursor)?,
            id: number()?.parse().map_err(|_| InvalidCursor)?,
        };
        match parts.next() {
            None => Ok(cursor),
            Some(_) => Err(InvalidCursor),
        }
    }
}

impl Serialize for Cursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Some of what there is, and where to go on.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// What was read, in order; empty where there is nothing after the cursor.
    pub items: Vec<T>,
    /// Where to go on. After an empty page that is the cursor that was given, or a later place where everything before it
    /// concerns others.
    pub next: Cursor,
}

impl<T> Page<T> {
    /// There is nothing after a cursor.
    pub(crate) const fn none_after(cursor: Cursor) -> Self {
        Self {
            items: Vec::new(),
            next: cursor,
        }
    }
}

/// How many rows a page may have.
///
/// Written into the statement: a planner that does not know how few rows are wanted reads whole tables for them.
pub(crate) fn bounded(limit: usize) -> i64 {
    const MOST: usize = 1_000;
    i64::try_from(limit.clamp(1, MOST)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cursor_comes_back_from_its_text(era in 0..i64::MAX, xid: u64, id in 0..i64::MAX) {
            let cursor = Cursor { era, xid, id };
            prop_assert_eq!(cursor.to_string().parse::<Cursor>(), Ok(cursor));
        }

        #[test]
        fn any_text_is_a_cursor_or_an_error(text: String) {
            if let Ok(cursor) = text.parse::<Cursor>() {
                prop_assert!(cursor >= Cursor::START);
            }
        }
    }

    #[test]
    fn signs_and_blanks_are_no_cursor() {
        for text in [
            "", "1", "1.2", "1.2.3.4", "+1.2.3", "1.2.-3", " 1.2.3", "1..3", "a.b.c",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(InvalidCursor), "{text:?}");
        }
    }
}
