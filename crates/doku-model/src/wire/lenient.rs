//! The shapes that servers mix up: an object that may be something else, one or many, a flag, a number of seconds.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::text::Text;

/// An object, or nothing where a text, a number, an array or null stands in its place.
pub(super) fn object<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    many(deserializer, false).map(|mut found| found.pop())
}

/// One object, an array of them, or nothing.
pub(super) fn one_or_many<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    many(deserializer, true)
}

fn many<'de, D, T>(deserializer: D, arrays: bool) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(Objects {
        arrays,
        item: PhantomData,
    })
}

struct Objects<T> {
    arrays: bool,
    item: PhantomData<T>,
}

/// A scalar where an object was promised holds nothing for us.
macro_rules! nothing {
    ($($method:ident: $scalar:ty),+) => {
        $(fn $method<E>(self, _: $scalar) -> Result<Self::Value, E> {
            Ok(Vec::new())
        })+
    };
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Objects<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    nothing!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|item| vec![item])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        if self.arrays {
            while let Some(item) = sequence.next_element()? {
                items.push(item);
            }
        } else {
            while sequence.next_element::<IgnoredAny>()?.is_some() {}
        }
        Ok(items)
    }
}

/// A boolean, spelled as one or as a text; nothing where it is neither.
pub(super) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    let text = Option::<Text<'de>>::deserialize(deserializer)?;
    Ok(match text.as_ref().map(Text::as_str) {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    })
}

/// A number of seconds, written as a number, read from a number or a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Seconds(u64);

impl Seconds {
    /// A number of seconds.
    #[must_use]
    pub const fn new(seconds: u64) -> Self {
        Self(seconds)
    }

    /// The number.
    #[must_use]
    pub const fn as_u64(self) -> u64 {
        self.0
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        let whole = text.as_str().trim();
        // `900.0` is how some servers spell a whole number.
        let whole = whole.split_once('.').map_or(whole, |(whole, zeros)| {
            if zeros.bytes().all(|byte| byte == b'0') {
                whole
            } else {
                ""
            }
        });
        whole
            .parse()
            .map(Self)
            .map_err(|_| D::Error::custom("a number of seconds is expected"))
    }
}
