//! A writer of payloads as they nearly all are: objects and arrays of texts that need no escape, flags and whole numbers.
//!
//! It writes what serde_json would write, several times as fast. What it cannot write, [`encode`](super::encode) gives to
//! serde_json.

use serde::Serialize;
use serde::ser::{Impossible, SerializeSeq, SerializeStruct, Serializer};

use super::sight;
use super::unusual::Unusual;

/// Appends the payload to `out`. After a failure there may be a part of it.
pub(super) fn write<T: Serialize>(payload: &T, out: &mut Vec<u8>) -> Result<(), Unusual> {
    let begin = out.len();
    let mut writer = Writer { out, quotes: 0 };
    payload.serialize(&mut writer)?;
    let Writer { out, quotes } = writer;
    let written = out.get(begin..).unwrap_or_default();
    // Asked of all texts at once: where there are quotes that the writer did not put there, a text holds one.
    if sight::is_plain(written) && sight::quotes(written) == quotes {
        Ok(())
    } else {
        Err(Unusual)
    }
}

struct Writer<'w> {
    out: &'w mut Vec<u8>,
    /// How many the writer put there, as opposed to those that a text may hold.
    quotes: usize,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) -> Result<(), Unusual> {
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn quoted(&mut self, text: &str) {
        self.quotes += 2;
        self.out.push(b'"');
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'"');
    }
}

/// What stands between braces or brackets, with commas.
struct Parts<'p, 'w> {
    writer: &'p mut Writer<'w>,
    is_first: bool,
    end: &'static str,
}

impl<'p, 'w> Parts<'p, 'w> {
    fn between(
        writer: &'p mut Writer<'w>,
        begin: &'static str,
        end: &'static str,
    ) -> Result<Self, Unusual> {
        writer.put(begin)?;
        Ok(Self {
            writer,
            is_first: true,
            end,
        })
    }

    fn comma(&mut self) -> Result<(), Unusual> {
        if std::mem::take(&mut self.is_first) {
            return Ok(());
        }
        self.writer.put(",")
    }
}

impl SerializeStruct for Parts<'_, '_> {
    type Ok = ();
    type Error = Unusual;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Unusual> {
        self.comma()?;
        self.writer.quoted(name);
        self.writer.out.push(b':');
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Unusual> {
        self.writer.put(self.end)
    }
}

impl SerializeSeq for Parts<'_, '_> {
    type Ok = ();
    type Error = Unusual;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unusual> {
        self.comma()?;
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Unusual> {
        self.writer.put(self.end)
    }
}

/// Nothing that a payload holds.
macro_rules! unusual {
    ($($method:ident($($kind:ty),*) -> $result:ty;)+) => {
        $(fn $method(self, $(_: $kind),*) -> Result<$result, Unusual> {
            Err(Unusual)
        })+
    };
}

type Never = Impossible<(), Unusual>;
type Name = &'static str;

impl<'p, 'w> Serializer for &'p mut Writer<'w> {
    type Ok = ();
    type Error = Unusual;
    type SerializeSeq = Parts<'p, 'w>;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Parts<'p, 'w>;
    type SerializeStructVariant = Never;

    fn serialize_str(self, text: &str) -> Result<(), Unusual> {
        self.quoted(text);
        Ok(())
    }

    fn serialize_bool(self, flag: bool) -> Result<(), Unusual> {
        self.put(if flag { "true" } else { "false" })
    }

    fn serialize_u64(self, number: u64) -> Result<(), Unusual> {
        self.put(&number.to_string())
    }

    fn serialize_none(self) -> Result<(), Unusual> {
        self.put("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unusual> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Unusual> {
        Parts::between(self, "[", "]")
    }

    fn serialize_struct(self, _: Name, _: usize) -> Result<Self::SerializeStruct, Unusual> {
        Parts::between(self, "{", "}")
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: Name,
        _: &T,
    ) -> Result<(), Unusual> {
        Err(Unusual)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: Name,
        _: u32,
        _: Name,
        _: &T,
    ) -> Result<(), Unusual> {
        Err(Unusual)
    }

    unusual! {
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_unit() -> ();
        serialize_unit_struct(Name) -> ();
        serialize_unit_variant(Name, u32, Name) -> ();
        serialize_tuple(usize) -> Never;
        serialize_tuple_struct(Name, usize) -> Never;
        serialize_tuple_variant(Name, u32, Name, usize) -> Never;
        serialize_map(Option<usize>) -> Never;
        serialize_struct_variant(Name, u32, Name, usize) -> Never;
    }
}

#[cfg(test)]
mod tests;
