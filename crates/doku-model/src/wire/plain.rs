//! A reader of JSON that is spelled plainly, as DOKU spells nearly all of it: one line, texts without escapes, flags, and no
//! numbers.
//!
//! It is several times as fast as a reader of all JSON, and never has the last word: what it does not take may be good JSON
//! all the same, or a payload with a fault, and [`decode`](super::decode) asks serde_json about it. What it does take,
//! serde_json would read in the same way.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

use super::sight;
use super::unusual::Unusual;

/// What [`Text`](super::Text) asks for: the value in the spelling it has.
pub(super) const SPELLED: &str = "doku_model::wire::Text";

/// Deeper than any payload is nested.
const DEEPEST: usize = 16;

/// The payload, if all of `text` is plain.
#[inline]
pub(super) fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Unusual> {
    // Asked of all bytes at once, so that every text ends at the next quote.
    if !sight::is_plain(text.as_bytes()) {
        return Err(Unusual);
    }
    let mut reader = Reader {
        rest: text,
        open: 0,
    };
    let payload = T::deserialize(&mut reader)?;
    match reader.peek() {
        None => Ok(payload),
        Some(_) => Err(Unusual),
    }
}

struct Reader<'de> {
    /// What was not read yet.
    rest: &'de str,
    /// Objects and arrays around it.
    open: usize,
}

impl<'de> Reader<'de> {
    /// The next byte that is no blank. It stays the next one.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.rest.as_bytes().first()?;
            if byte != b' ' {
                return Some(byte);
            }
            self.skip(1)?;
        }
    }

    /// Goes on behind some bytes.
    #[inline]
    fn skip(&mut self, bytes: usize) -> Option<()> {
        self.rest = self.rest.get(bytes..)?;
        Some(())
    }

    #[inline]
    fn expect(&mut self, expected: u8) -> Result<(), Unusual> {
        if self.peek() != Some(expected) {
            return Err(Unusual);
        }
        self.skip(1).ok_or(Unusual)
    }

    /// What stands between two quotes.
    fn quoted(&mut self) -> Result<&'de str, Unusual> {
        self.expect(b'"')?;
        let end = quote(self.rest.as_bytes()).ok_or(Unusual)?;
        let (quoted, rest) = self.rest.split_at_checked(end).ok_or(Unusual)?;
        self.rest = rest;
        self.skip(1).ok_or(Unusual)?;
        Ok(quoted)
    }

    /// One of JSON's three words.
    fn word(&mut self, word: &'static str) -> Result<&'static str, Unusual> {
        self.rest = self.rest.strip_prefix(word).ok_or(Unusual)?;
        Ok(word)
    }

    /// The members of an object, to the brace that ends it.
    fn object<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unusual> {
        self.expect(b'{')?;
        let value = self.inside(|reader| visitor.visit_map(Parts::of(reader)))?;
        self.expect(b'}')?;
        Ok(value)
    }

    /// The items of an array, to the bracket that ends it.
    fn array<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unusual> {
        self.expect(b'[')?;
        let value = self.inside(|reader| visitor.visit_seq(Parts::of(reader)))?;
        self.expect(b']')?;
        Ok(value)
    }

    fn inside<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Unusual>,
    ) -> Result<T, Unusual> {
        if self.open == DEEPEST {
            return Err(Unusual);
        }
        self.open += 1;
        let value = read(self)?;
        self.open -= 1;
        Ok(value)
    }
}

/// Where the first quote is. Eight bytes are looked at together, because texts are short.
fn quote(bytes: &[u8]) -> Option<usize> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGHEST: u64 = EACH << 7;
    const QUOTES: u64 = EACH * b'"' as u64;
    let (words, tail) = bytes.as_chunks();
    for (count, word) in words.iter().enumerate() {
        let zero_where_quote = u64::from_le_bytes(*word) ^ QUOTES;
        // The borrow of a zero sets its highest bit, and perhaps those of bytes behind it.
        let found = zero_where_quote.wrapping_sub(EACH) & !zero_where_quote & HIGHEST;
        if found != 0 {
            return Some(count * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let after = tail.iter().position(|byte| *byte == b'"')?;
    Some(words.len() * 8 + after)
}

/// The members of an object or the items of an array, with commas between them.
struct Parts<'r, 'de> {
    reader: &'r mut Reader<'de>,
    is_first: bool,
}

impl<'r, 'de> Parts<'r, 'de> {
    fn of(reader: &'r mut Reader<'de>) -> Self {
        let is_first = true;
        Self { reader, is_first }
    }

    /// Whether there is another one before `end`.
    fn follows(&mut self, end: u8) -> Result<bool, Unusual> {
        if self.reader.peek() == Some(end) {
            return Ok(false);
        }
        if !self.is_first {
            self.reader.expect(b',')?;
        }
        self.is_first = false;
        Ok(true)
    }
}

impl<'de> MapAccess<'de> for Parts<'_, 'de> {
    type Error = Unusual;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unusual> {
        if !self.follows(b'}')? {
            return Ok(None);
        }
        let name = self.reader.quoted()?;
        seed.deserialize(BorrowedStrDeserializer::new(name))
            .map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unusual> {
        self.reader.expect(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

impl<'de> SeqAccess<'de> for Parts<'_, 'de> {
    type Error = Unusual;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Unusual> {
        if !self.follows(b']')? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Unusual;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        match self.peek() {
            Some(b'"') => visitor.visit_borrowed_str(self.quoted()?),
            Some(b'{') => self.object(visitor),
            Some(b'[') => self.array(visitor),
            Some(b't') => self.word("true").and_then(|_| visitor.visit_bool(true)),
            Some(b'f') => self.word("false").and_then(|_| visitor.visit_bool(false)),
            Some(b'n') => self.word("null").and_then(|_| visitor.visit_unit()),
            _ => Err(Unusual),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        self.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        match self.peek() {
            Some(b'n') => self.word("null").and_then(|_| visitor.visit_none()),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unusual> {
        if name != SPELLED {
            return visitor.visit_newtype_struct(self);
        }
        visitor.visit_borrowed_str(match self.peek() {
            Some(b'"') => self.quoted()?,
            Some(b't') => self.word("true")?,
            Some(b'f') => self.word("false")?,
            Some(b'n') => self.word("null")?,
            _ => return Err(Unusual),
        })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        self.object(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unusual> {
        self.object(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        self.array(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        visitor.visit_borrowed_str(self.quoted()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        self.deserialize_str(visitor)
    }

    // No payload has one of these, so serde_json may say what they are.
    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
        enum
    }
}

#[cfg(test)]
mod tests;
