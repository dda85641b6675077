//! A second opinion on what stands in a JSON text, by no code of the crates under test.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// A JSON value as it is spelled.
pub(crate) type Raw<'a> = &'a RawValue;

/// The members of an object; nothing where it is none.
pub(crate) fn members(json: &str) -> Option<BTreeMap<String, Raw<'_>>> {
    serde_json::from_str(json).ok()
}

/// The member at the end of a path of names.
pub(crate) fn member<'a>(json: &'a str, path: &[&str]) -> Option<&'a str> {
    let (name, rest) = path.split_first()?;
    let found = members(json)?.get(*name)?.get();
    if rest.is_empty() {
        Some(found)
    } else {
        member(found, rest)
    }
}

/// The text at the end of a path: a string unescaped, a number or a boolean as it is spelled. Null, an empty text, an
/// object and an array are none.
pub(crate) fn text(json: &str, path: &[&str]) -> Option<String> {
    let found = member(json, path)?;
    let text = match found.as_bytes().first()? {
        b'"' => serde_json::from_str(found).ok()?,
        b'n' | b'{' | b'[' => return None,
        _ => found.to_owned(),
    };
    Some(text).filter(|text: &String| !text.trim().is_empty())
}

/// The objects at the end of a path: one, or those of an array.
pub(crate) fn objects<'a>(json: &'a str, path: &[&str]) -> Vec<&'a str> {
    let Some(found) = member(json, path) else {
        return Vec::new();
    };
    match serde_json::from_str::<Vec<Raw<'a>>>(found) {
        Ok(items) => items.into_iter().map(RawValue::get).collect(),
        Err(_) => vec![found],
    }
}
