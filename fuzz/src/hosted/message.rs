//! Requests as text, so that a seed and a finding can be read.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Uri};

use super::world::Signed;

/// Reads a message as a lenient server would: `METHOD target`, headers, an empty line, the body.
///
/// What cannot be in an `http::Request` at all never gets as far as the endpoints. It is left out, or POST and `/` stand
/// in its place, so that the rest of the input is of use.
pub(super) fn read(message: &[u8]) -> Request<Bytes> {
    let (line, mut rest) = split_line(message);
    let mut words = line
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty());
    let method = words.next().and_then(|word| Method::from_bytes(word).ok());
    let target = words.next().and_then(|word| Uri::try_from(word).ok());
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = method.unwrap_or(Method::POST);
    if let Some(target) = target {
        *request.uri_mut() = target;
    }
    while !rest.is_empty() {
        let (line, after) = split_line(rest);
        rest = after;
        if line.is_empty() {
            break;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let (name, value) = line.split_at(colon);
        let value = value.strip_prefix(b":").unwrap_or(value).trim_ascii();
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            request.headers_mut().append(name, value);
        }
    }
    *request.body_mut() = Bytes::copy_from_slice(rest);
    request
}

fn split_line(text: &[u8]) -> (&[u8], &[u8]) {
    match text.iter().position(|byte| *byte == b'\n') {
        None => (text, &[]),
        Some(end) => {
            let (line, rest) = text.split_at(end);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            (line, rest.strip_prefix(b"\n").unwrap_or(rest))
        }
    }
}

/// Writes a call as the message that [`read`] reads.
pub(super) fn written(signed: &Signed) -> Vec<u8> {
    let mut message = format!("POST {}\n", signed.path);
    for (name, value) in signed.headers() {
        message.push_str(&format!("{name}: {value}\n"));
    }
    message.push('\n');
    let mut message = message.into_bytes();
    message.extend_from_slice(&signed.body);
    message
}
