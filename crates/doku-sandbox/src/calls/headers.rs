//! The headers of a call to the merchant.

use hyper::http::{HeaderMap, HeaderName, HeaderValue};

pub(super) const X_SIGNATURE: HeaderName = HeaderName::from_static("x-signature");
pub(super) const X_TIMESTAMP: HeaderName = HeaderName::from_static("x-timestamp");

/// The headers that every call has.
pub(super) fn json_headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    insert(&mut headers, "content-type", "application/json");
    insert(&mut headers, "accept", "application/json");
    headers
}

/// Sets a header. A value that no header can have is left out, and the merchant will miss it.
pub(super) fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(mut value) = HeaderValue::from_str(value) {
        value.set_sensitive(matches!(name, "authorization" | "x-signature"));
        headers.insert(HeaderName::from_static(name), value);
    }
}
