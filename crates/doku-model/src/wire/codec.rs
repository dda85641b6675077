//! Bytes to payloads and back.

use serde::{Deserialize, Serialize};

use super::lenient::Body;
use super::{compact, plain};

/// A body that is not the payload it was meant to be.
///
/// Names the member, never its content: a body holds personal data and tokens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The body is not JSON at all: empty, cut off, HTML, or broken at this place.
    #[error("the body is not JSON (line {line}, column {column})")]
    NotJson {
        /// Line, counted from 1.
        line: usize,
        /// Bytes of that line that were read, the offending one included; 0 for an empty body.
        column: usize,
    },
    /// A member has a type that nothing can be made of, or stands there twice.
    #[error(
        "{} has the wrong type, or a member in it stands there twice",
        place(path)
    )]
    Member {
        /// The member, with dots between levels, or the object in which one stands twice; `.` is the body itself.
        path: String,
    },
}

/// The place of a wrong member, in words.
fn place(path: &str) -> String {
    if path == "." {
        "the body, which should be a JSON object,".to_owned()
    } else {
        format!("the member `{path}`")
    }
}

/// Reads a payload from a body.
///
/// # Errors
///
/// [`DecodeError::NotJson`] or [`DecodeError::Member`].
///
/// ```
/// use doku_model::wire::{self, CheckStatusRequest};
///
/// let request: CheckStatusRequest<'_> = wire::decode(br#"{"customerNo": 6, "unknown": true}"#)?;
/// assert_eq!(request.customer_no.unwrap().as_str(), "6");
/// # Ok::<(), wire::DecodeError>(())
/// ```
pub fn decode<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    match str::from_utf8(body) {
        Ok(text) => decode_text(text),
        Err(_) => serde_json::from_slice(body)
            .map(|Body(payload)| payload)
            .map_err(|error| explain::<T>(body, &error)),
    }
}

/// The same of a body that is known to be a text.
///
/// # Errors
///
/// As [`decode`].
#[inline]
pub fn decode_text<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, DecodeError> {
    if let Ok(Body(payload)) = plain::read(body) {
        return Ok(payload);
    }
    serde_json::from_str(body)
        .map(|Body(payload)| payload)
        .map_err(|error| explain::<T>(body.as_bytes(), &error))
}

/// One more pass, after a failure only: it costs as much again and knows the member.
#[cold]
fn explain<'a, T: Deserialize<'a>>(body: &'a [u8], error: &serde_json::Error) -> DecodeError {
    if !error.is_data() {
        return DecodeError::NotJson {
            line: error.line(),
            column: error.column(),
        };
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let path = match serde_path_to_error::deserialize::<_, Body<T>>(&mut deserializer) {
        Ok(_) => ".".to_owned(),
        Err(error) => error.path().to_string(),
    };
    DecodeError::Member { path }
}

/// Writes a payload: compact, members in alphabetical order, ready to be signed and sent.
///
/// ```
/// use doku_model::wire::{self, TokenRequest};
///
/// let body = wire::encode(&TokenRequest::client_credentials());
/// assert_eq!(body, br#"{"grantType":"client_credentials"}"#);
/// ```
#[must_use]
pub fn encode<T: Serialize>(payload: &T) -> Vec<u8> {
    // Most requests have between 200 and 700 bytes; growing twice costs more than the spare room.
    let mut body = Vec::with_capacity(1024);
    if compact::write(payload, &mut body).is_err() {
        body.clear();
        // Writing to memory cannot fail, and no payload here has a map with keys that are not texts.
        let written = serde_json::to_writer(&mut body, payload);
        debug_assert!(written.is_ok(), "a payload is always JSON");
    }
    body
}
