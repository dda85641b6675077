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
    deserializer.deserialize_any(Single(PhantomData))
}

/// One object, an array of them, or nothing. Items that are no objects are skipped.
pub(super) fn one_or_many<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    some_or_many(deserializer).map(Option::unwrap_or_default)
}

/// Like [`one_or_many`], where an empty array is not the same as nothing.
pub(super) fn some_or_many<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(Objects(PhantomData))
}

/// An item of an array, which counts only if it is an object: a derived reader would take an array for the members
/// in their order.
struct Item<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Item<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer).map(Self)
    }
}

struct Single<T>(PhantomData<T>);

struct Objects<T>(PhantomData<T>);

/// A scalar where an object was promised holds nothing for us.
macro_rules! nothing {
    ($($method:ident: $scalar:ty),+) => {
        $(fn $method<E>(self, _: $scalar) -> Result<Self::Value, E> {
            Ok(None)
        })+

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
    };
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Single<T> {
    type Value = Option<T>;

    nothing!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Objects<T> {
    type Value = Option<Vec<T>>;

    nothing!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|item| Some(vec![item]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Item(item)) = sequence.next_element()? {
            items.extend(item);
        }
        Ok(Some(items))
    }
}

/// A whole body: an object and nothing else.
pub(super) struct Body<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Body<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(BodyVisitor(PhantomData))
    }
}

struct BodyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for BodyVisitor<T> {
    type Value = Body<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Body)
    }
}

/// Texts: an array of them, one of them, or nothing. A null among them is skipped.
pub(super) fn texts<'de: 'a, 'a, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Text<'a>>, D::Error> {
    deserializer.deserialize_any(Texts(PhantomData))
}

struct Texts<'a>(PhantomData<Text<'a>>);

impl<'de: 'a, 'a> Visitor<'de> for Texts<'a> {
    type Value = Vec<Text<'a>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("texts")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(vec![Text::from(text.to_owned())])
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = sequence.next_element::<Option<Text<'a>>>()? {
            texts.extend(text);
        }
        Ok(texts)
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
