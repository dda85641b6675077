//! The headers that are read. Each must be there once, short and printable; what is not read may be anything.

use http::HeaderMap;

use super::refusal::{HeaderFault, Refusal};

pub(super) const CLIENT_KEY: &str = "X-CLIENT-KEY";
pub(super) const TIMESTAMP: &str = "X-TIMESTAMP";
pub(super) const SIGNATURE: &str = "X-SIGNATURE";
pub(super) const AUTHORIZATION: &str = "Authorization";
pub(super) const EXTERNAL_ID: &str = "X-EXTERNAL-ID";

/// The longest unsigned header that is kept for a person to read.
const KEPT: usize = 128;

/// A header that must be there.
pub(super) fn mandatory<'h>(
    headers: &'h HeaderMap,
    name: &'static str,
    limit: usize,
) -> Result<&'h str, Refusal> {
    optional(headers, name, limit)?.ok_or(Refusal::Header {
        name,
        fault: HeaderFault::Missing,
    })
}

/// A header that may be missing or empty.
pub(super) fn optional<'h>(
    headers: &'h HeaderMap,
    name: &'static str,
    limit: usize,
) -> Result<Option<&'h str>, Refusal> {
    let refused = |fault| Err(Refusal::Header { name, fault });
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return refused(HeaderFault::Repeated);
    }
    if value.len() > limit {
        return refused(HeaderFault::TooLong {
            found: value.len(),
            limit,
        });
    }
    match value.to_str() {
        Ok("") => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(_) => refused(HeaderFault::NotAscii),
    }
}

/// X-EXTERNAL-ID as far as it can be shown. It is not signed, so it decides nothing.
pub(super) fn external_id(headers: &HeaderMap) -> Option<Box<str>> {
    let text = headers.get(EXTERNAL_ID)?.to_str().ok()?;
    Some(text.get(..KEPT).unwrap_or(text).into())
}
