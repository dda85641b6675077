//! The headers that are read. Each must be there once, short and printable; what is not read may be anything.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::refusal::{HeaderFault, Refusal};

/// A header that is read: as it is looked up, and as SNAP BI writes it.
pub(super) struct Header {
    name: HeaderName,
    written: &'static str,
}

pub(super) static CLIENT_KEY: Header = Header {
    name: HeaderName::from_static("x-client-key"),
    written: "X-CLIENT-KEY",
};
pub(super) static TIMESTAMP: Header = Header {
    name: HeaderName::from_static("x-timestamp"),
    written: "X-TIMESTAMP",
};
pub(super) static SIGNATURE: Header = Header {
    name: HeaderName::from_static("x-signature"),
    written: "X-SIGNATURE",
};
pub(super) static AUTHORIZATION: Header = Header {
    name: http::header::AUTHORIZATION,
    written: "Authorization",
};
static EXTERNAL_ID: HeaderName = HeaderName::from_static("x-external-id");

/// The longest unsigned header that is kept for a person to read.
const KEPT: usize = 128;

/// A header that must be there.
pub(super) fn mandatory<'h>(
    headers: &'h HeaderMap,
    header: &Header,
    limit: usize,
) -> Result<&'h str, Refusal> {
    optional(headers, header, limit)?.ok_or(Refusal::Header {
        name: header.written,
        fault: HeaderFault::Missing,
    })
}

/// A header that may be missing or empty.
pub(super) fn optional<'h>(
    headers: &'h HeaderMap,
    header: &Header,
    limit: usize,
) -> Result<Option<&'h str>, Refusal> {
    let name = header.written;
    let refused = |fault| Err(Refusal::Header { name, fault });
    let mut values = headers.get_all(&header.name).iter();
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
    match text(value) {
        Some("") => Ok(None),
        Some(text) => Ok(Some(text)),
        None => refused(HeaderFault::NotAscii),
    }
}

/// What [`HeaderValue::to_str`] says. That one looks at a byte at a time, and a bearer is long. No value of a header holds a
/// control character but the tab, so what is ASCII can be shown.
fn text(value: &HeaderValue) -> Option<&str> {
    let bytes = value.as_bytes();
    bytes.is_ascii().then(|| str::from_utf8(bytes).ok())?
}

/// X-EXTERNAL-ID as far as it can be shown. It is not signed, so it decides nothing.
pub(super) fn external_id(headers: &HeaderMap) -> Option<&str> {
    let text = text(headers.get(&EXTERNAL_ID)?)?;
    Some(text.get(..KEPT).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_what_http_takes_for_one() {
        for byte in 0..=u8::MAX {
            let value = HeaderValue::from_bytes(&[b'a', byte]);
            if let Ok(value) = value {
                assert_eq!(text(&value), value.to_str().ok(), "{byte}");
            }
        }
    }
}
