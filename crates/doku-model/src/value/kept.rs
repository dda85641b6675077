//! How a value keeps its text: in place where it is short, as nearly all are, and shared where it is long.
//!
//! A payment has ten texts, and an allocation for each of them costs more than checking it.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// The longest text that is kept in place. All numbers are, and nearly all references and names.
const SHORT: usize = 30;

/// A text that is cheap to clone.
#[derive(Clone)]
pub(super) enum Kept {
    /// The first so many of the bytes.
    Short(u8, [u8; SHORT]),
    Long(Arc<str>),
}

impl Kept {
    /// `text` behind as many blanks as make it `width` bytes wide.
    pub(super) fn padded(text: &str, width: u8) -> Self {
        let mut bytes = [b' '; SHORT];
        let end = usize::from(width);
        let place = end
            .checked_sub(text.len())
            .and_then(|begin| bytes.get_mut(begin..end));
        match place {
            Some(place) => {
                place.copy_from_slice(text.as_bytes());
                Self::Short(width, bytes)
            }
            None => format!("{text:>end$}").as_str().into(),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            // It was a text when it came, so this never takes the empty default.
            Self::Short(..) => str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Self::Long(text) => text,
        }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Short(length, bytes) => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Self::Long(text) => text.as_bytes(),
        }
    }
}

impl From<&str> for Kept {
    fn from(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(place), Ok(length)) => {
                place.copy_from_slice(text.as_bytes());
                Self::Short(length, bytes)
            }
            _ => Self::Long(text.into()),
        }
    }
}

impl Deref for Kept {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Kept {}

impl PartialOrd for Kept {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Kept {
    fn cmp(&self, other: &Self) -> Ordering {
        // The order of texts is that of their bytes.
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for Kept {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_is_the_same_at_every_length() {
        for length in [0, 1, SHORT - 1, SHORT, SHORT + 1, 255, 256, 300] {
            let text = "x".repeat(length);
            let kept = Kept::from(text.as_str());
            assert_eq!(kept.as_str(), text);
            assert_eq!(matches!(kept, Kept::Short(..)), length <= SHORT);
        }
        assert_eq!(size_of::<Kept>(), SHORT + 2);
    }

    #[test]
    fn padding_stands_before_a_text() {
        assert_eq!(Kept::padded("95962", 8).as_str(), "   95962");
        assert_eq!(Kept::padded("00095962", 8).as_str(), "00095962");
        assert_eq!(Kept::padded("123456789", 8).as_str(), "123456789");
        assert_eq!(Kept::padded("1", 31).as_str(), format!("{:>31}", 1));
    }

    proptest! {
        #[test]
        fn it_compares_as_a_text(one in ".{0,20}", other in ".{0,20}") {
            let kept = [&one, &other].map(|text| Kept::from(text.as_str()));
            prop_assert_eq!(kept[0].as_str(), &*one);
            prop_assert_eq!(kept[0] == kept[1], one == other);
            prop_assert_eq!(kept[0].cmp(&kept[1]), one.cmp(&other));
        }
    }
}
