//! A text of the wire, whatever JSON spelled it with.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::plain::SPELLED;
use crate::error::FieldError;

/// A text, or a number or boolean in the spelling it had: `"11500.00"` and `11500.00` are both `11500.00`.
///
/// A number is never read as a number, so that no amount passes through a float. `Debug` shows the length only.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Text<'a>(Cow<'a, str>);

impl<'a> Text<'a> {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, free of the body it was read from.
    #[must_use]
    pub fn into_owned(self) -> Text<'static> {
        Text(Cow::Owned(self.0.into_owned()))
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "text[{}]", self.0.chars().count())
    }
}

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(SPELLED, TextVisitor(PhantomData))
    }
}

struct TextVisitor<'a>(PhantomData<Text<'a>>);

impl<'de: 'a, 'a> Visitor<'de> for TextVisitor<'a> {
    type Value = Text<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    /// A reader that knows what is asked for gives the spelling.
    fn visit_borrowed_str<E>(self, spelled: &'de str) -> Result<Text<'a>, E> {
        Ok(spelled.into())
    }

    /// serde_json gives the whole value, quotes and all.
    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Text<'a>, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?.get();
        match raw.as_bytes().first() {
            Some(b'"') => unquote(raw).map(Text).map_err(D::Error::custom),
            Some(b'{' | b'[') | None => Err(D::Error::custom("a text is expected")),
            Some(_) => Ok(raw.into()),
        }
    }
}

/// The content of a JSON string; borrowed where it has no escapes.
fn unquote(raw: &str) -> Result<Cow<'_, str>, &'static str> {
    let plain = raw
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    match plain {
        Some(plain) if !plain.contains('\\') => Ok(Cow::Borrowed(plain)),
        // A lone surrogate is the one thing that a scanner of JSON lets pass and a text cannot hold.
        _ => serde_json::from_str(raw)
            .map(Cow::Owned)
            .map_err(|_| "a text of Unicode is expected"),
    }
}

/// The value that a mandatory member holds.
///
/// # Errors
///
/// [`crate::Fault::Missing`] where it is absent, null or empty; otherwise what the value's own rule says, under the
/// name `field`.
pub fn required<T: FromStr<Err = FieldError>>(
    field: &'static str,
    member: Option<&Text<'_>>,
) -> Result<T, FieldError> {
    optional(field, member)?.ok_or_else(|| FieldError::missing(field))
}

/// The value that an optional member holds; an empty text counts as none.
///
/// # Errors
///
/// What the value's own rule says, under the name `field`.
pub fn optional<T: FromStr<Err = FieldError>>(
    field: &'static str,
    member: Option<&Text<'_>>,
) -> Result<Option<T>, FieldError> {
    match member.map(Text::as_str) {
        None | Some("") => Ok(None),
        Some(text) => text
            .parse()
            .map(Some)
            .map_err(|error: FieldError| error.at(field)),
    }
}
