//! The macro that gives a checked text its one way in and its ways out.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::Deserializer;
use serde::de::{Error, Visitor};

use crate::error::FieldError;

/// Defines a value that is a checked text: private, made by parsing, printed and stored as that text. Cheap to clone.
///
/// `open` values show their text in `Debug`; `personal` ones show only its length.
macro_rules! text_value {
    ($(#[$doc:meta])* $visibility:ident $name:ident, $field:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(crate::value::kept::Kept);

        impl $name {
            /// The member that carries this value, as the wire spells it.
            pub const FIELD: &'static str = $field;

            /// The text, exactly as it was parsed.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::error::FieldError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let check: fn(&str) -> Result<(), crate::error::FieldError> = $check;
                check(text)?;
                Ok(Self(text.into()))
            }
        }

        crate::value::text::text_traits!($name);
        crate::value::text::text_debug!($visibility $name);
    };
}

/// The conversions and serde of a type that has `FromStr` (with `FieldError`) and `as_str`.
macro_rules! text_traits {
    ($name:ident) => {
        impl TryFrom<&str> for $name {
            type Error = crate::error::FieldError;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl TryFrom<String> for $name {
            type Error = crate::error::FieldError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::value::text::deserialize(deserializer)
            }
        }
    };
}

macro_rules! text_debug {
    (open $name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.as_str())
            }
        }
    };
    (personal $name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(
                    f,
                    "{}({} characters)",
                    stringify!($name),
                    self.as_str().chars().count()
                )
            }
        }
    };
}

/// Reads a value from a text. A number in its place may be somebody's phone number, so the error does not show it, as
/// serde's own would.
pub(crate) fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = FieldError>,
{
    let visitor = TextVisitor(PhantomData);
    if deserializer.is_human_readable() {
        deserializer.deserialize_any(visitor)
    } else {
        deserializer.deserialize_str(visitor)
    }
}

struct TextVisitor<T>(PhantomData<T>);

macro_rules! no_text {
    ($($method:ident: $scalar:ty),+) => {
        $(fn $method<E: Error>(self, _: $scalar) -> Result<Self::Value, E> {
            Err(E::custom("a text is expected"))
        })+
    };
}

impl<T: FromStr<Err = FieldError>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    no_text!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_i128: i128, visit_u128: u128, visit_f64: f64);
}

pub(crate) use {text_debug, text_traits, text_value};
