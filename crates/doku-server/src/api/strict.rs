//! JSON in which no member stands twice: of two, nobody knows which counts. Members are in alphabetical order, whatever order
//! they came in and whatever order serde_json's maps are built to keep, because what is the same request must look the same.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

/// A JSON value as it was sent.
#[derive(Debug)]
pub(super) struct Strict(pub(super) Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Strict;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Strict, E> {
        Ok(Strict(
            Number::from_f64(value).map_or(Value::Null, Value::Number),
        ))
    }

    fn visit_str<E>(self, value: &str) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Strict, E> {
        Ok(Strict(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Strict, A::Error> {
        let mut all = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            all.push(item);
        }
        Ok(Strict(Value::Array(all)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Strict, A::Error> {
        let mut all = BTreeMap::new();
        while let Some((name, Strict(value))) = members.next_entry::<String, Strict>()? {
            if all.contains_key(&name) {
                return Err(A::Error::custom(format_args!(
                    "the member {name:?} is there twice"
                )));
            }
            all.insert(name, value);
        }
        Ok(Strict(Value::Object(all.into_iter().collect())))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_member_that_is_there_twice_is_refused() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"b":{"c":1,"d":2,"c":3}}]"#] {
            let error = serde_json::from_str::<Strict>(text).unwrap_err();
            assert!(error.to_string().contains("is there twice"), "{error}");
        }
    }

    #[test]
    fn members_come_in_alphabetical_order() {
        let Strict(value) = serde_json::from_str(r#"{"b":{"d":1,"c":2},"a":3}"#).unwrap();
        assert_eq!(value.to_string(), r#"{"a":3,"b":{"c":2,"d":1}}"#);
    }

    proptest! {
        #[test]
        fn other_json_is_read_as_it_is(text in r#"(\[|\]|\{|\}|"[a-c]"|:|,|1|-2|0\.5|null|true){1,12}"#) {
            match serde_json::from_str::<Strict>(&text) {
                Ok(Strict(value)) => prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value),
                Err(error) if error.to_string().contains("is there twice") => {}
                Err(_) => prop_assert!(serde_json::from_str::<Value>(&text).is_err()),
            }
        }
    }
}
