//! Requests as they go over the wire, or as an editor keeps them.

use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

use crate::captured::{Captured, Format, Target, add_header, method};
use crate::error::{CaptureError, Place};

/// Reads the one request that `text` is.
pub(crate) fn read(text: &[u8]) -> Result<Captured, CaptureError> {
    let mut lines = Lines {
        rest: text,
        number: 0,
    };
    let first = loop {
        match lines.next() {
            // A title that somebody put above it: no method begins so.
            Some(line) if line.trim_ascii().is_empty() || line.starts_with(b"#") => {}
            Some(line) => break line,
            None => return Err(CaptureError::Empty),
        }
    };
    let (verb, target) = request_line(first, Place::Line(lines.number))?;
    let headers = headers(&mut lines)?;
    let (body, missing) = body(lines.rest, &headers)?;
    Ok(Captured {
        format: Format::Raw,
        method: verb,
        target,
        headers,
        body,
        missing,
    })
}

/// The lines of the head, however they end.
struct Lines<'t> {
    rest: &'t [u8],
    /// Of the line that was read last.
    number: usize,
}

impl<'t> Lines<'t> {
    fn next(&mut self) -> Option<&'t [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|byte| *byte == b'\n');
        let (line, rest) = match end {
            Some(at) => (
                self.rest.get(..at).unwrap_or_default(),
                self.rest.get(at + 1..).unwrap_or_default(),
            ),
            None => (self.rest, &[][..]),
        };
        self.rest = rest;
        self.number += 1;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}

/// `POST /path HTTP/1.1`; the version may be missing, and a URL may stand for the path.
fn request_line(line: &[u8], place: Place) -> Result<(http::Method, Target), CaptureError> {
    let wrong = || CaptureError::RequestLine { place };
    let line = str::from_utf8(line).map_err(|_| wrong())?;
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let (verb, target) = match words.as_slice() {
        [verb, target] => (verb, target),
        [verb, target, version] if version.starts_with("HTTP/") => (verb, target),
        _ => return Err(wrong()),
    };
    let target = Target::read(target).ok_or_else(wrong)?;
    Ok((method(verb.as_bytes(), place)?, target))
}

fn headers(lines: &mut Lines<'_>) -> Result<HeaderMap, CaptureError> {
    let mut headers = HeaderMap::new();
    while let Some(line) = lines.next() {
        if line.is_empty() {
            break;
        }
        let place = Place::Line(lines.number);
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = colon
            .and_then(|at| Some((line.get(..at)?, line.get(at + 1..)?)))
            .ok_or(CaptureError::Header { place })?;
        add_header(&mut headers, name, value, place)?;
    }
    Ok(headers)
}

/// The body, and how many bytes of it are missing.
fn body(rest: &[u8], headers: &HeaderMap) -> Result<(Bytes, u64), CaptureError> {
    let chunked = headers.get(TRANSFER_ENCODING).is_some_and(|coding| {
        let coding = coding.as_bytes().to_ascii_lowercase();
        coding.ends_with(b"chunked")
    });
    if chunked {
        return Ok((dechunked(rest).ok_or(CaptureError::Chunks)?.into(), 0));
    }
    let promised = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| str::from_utf8(length.as_bytes()).ok())
        .and_then(|length| length.parse::<u64>().ok());
    let found = rest.len() as u64;
    let kept = match promised {
        // What follows is an editor's line end, or another request.
        Some(promised) if promised <= found => usize::try_from(promised)
            .ok()
            .and_then(|length| rest.get(..length))
            .unwrap_or(rest),
        Some(_) => rest,
        None => {
            let rest = rest.strip_suffix(b"\n").unwrap_or(rest);
            rest.strip_suffix(b"\r").unwrap_or(rest)
        }
    };
    let missing = promised.map_or(0, |promised| promised.saturating_sub(found));
    Ok((Bytes::copy_from_slice(kept), missing))
}

/// The chunks in one piece. `None` where they are none, or do not end.
fn dechunked(rest: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    let mut lines = Lines { rest, number: 0 };
    loop {
        let head = str::from_utf8(lines.next()?).ok()?;
        let digits = head.split(';').next().unwrap_or(head).trim();
        let size = usize::from_str_radix(digits, 16).ok()?;
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(lines.rest.get(..size)?);
        lines.rest = lines.rest.get(size..)?;
        if !lines.next()?.is_empty() {
            return None;
        }
    }
}
