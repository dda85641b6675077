//! HTTP archives, as browsers and proxies write them. Source: HAR 1.2.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;

use crate::captured::{Captured, Format, Target, add_header, method};
use crate::error::{CaptureError, Place};

/// Whether an entry may be the one that is meant.
pub(crate) type Fits<'a> = &'a dyn Fn(&Captured) -> bool;

/// Which entry is meant.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wanted<'a> {
    pub(crate) url: Option<&'a str>,
    /// Its number, counted from 1.
    pub(crate) entry: Option<usize>,
    pub(crate) fits: Option<Fits<'a>>,
}

/// Reads the entry that is meant.
pub(crate) fn read(text: &[u8], meant: &Wanted<'_>) -> Result<Captured, CaptureError> {
    let archive: Value = serde_json::from_slice(text).map_err(|error| CaptureError::NotJson {
        line: error.line(),
        column: error.column(),
    })?;
    // Browsers copy single entries, too.
    if archive.get("request").is_some() {
        return captured(&archive, Place::Entry(1));
    }
    let entries = archive
        .pointer("/log/entries")
        .and_then(Value::as_array)
        .ok_or(CaptureError::NotHar)?;
    let count = entries.len();
    if let Some(number) = meant.entry {
        let entry = number.checked_sub(1).and_then(|index| entries.get(index));
        let entry = entry.ok_or(CaptureError::NoSuchEntry {
            number,
            entries: count,
        })?;
        return captured(entry, Place::Entry(number));
    }
    let mut found = Vec::new();
    for (number, entry) in (1..).zip(entries) {
        let url = entry.pointer("/request/url").and_then(Value::as_str);
        let wanted = match meant.url {
            Some(wanted) => url.is_some_and(|url| url.contains(wanted)),
            None => true,
        };
        if !wanted {
            continue;
        }
        let read = captured(entry, Place::Entry(number));
        // A broken entry is told of only where it is the one that is left.
        let fits = match (&read, meant.fits) {
            (Ok(request), Some(fits)) => fits(request),
            _ => true,
        };
        if fits {
            found.push((number, url, read));
        }
    }
    if found.iter().any(|(_, _, read)| read.is_ok()) && meant.url.is_none() {
        found.retain(|(_, _, read)| read.is_ok());
    }
    if found.len() > 1
        && let Some(wanted) = meant.url
        && found
            .iter()
            .filter(|(_, url, _)| *url == Some(wanted))
            .count()
            == 1
    {
        found.retain(|(_, url, _)| *url == Some(wanted));
    }
    if found.len() > 1 {
        let entries = found.iter().map(|(number, _, _)| *number).collect();
        return Err(CaptureError::SeveralFit { entries });
    }
    match found.pop() {
        Some((_, _, read)) => read,
        None => Err(CaptureError::NoneFits { entries: count }),
    }
}

fn captured(entry: &Value, place: Place) -> Result<Captured, CaptureError> {
    let missing = |member| CaptureError::Member { place, member };
    let request = entry.get("request").ok_or_else(|| missing("method"))?;
    let text = |member| {
        let value = request.get(member).and_then(Value::as_str);
        value.ok_or_else(|| missing(member))
    };
    let verb = method(text("method")?.as_bytes(), place)?;
    let target = Target::read(text("url")?).ok_or(CaptureError::Url { place })?;
    let listed = request.get("headers").and_then(Value::as_array);
    let mut headers = HeaderMap::new();
    for header in listed.ok_or_else(|| missing("headers"))? {
        let part = |member| header.get(member).and_then(Value::as_str);
        let (Some(name), Some(value)) = (part("name"), part("value")) else {
            return Err(missing("headers"));
        };
        // HTTP/2 writes method and path as headers.
        if !name.starts_with(':') {
            add_header(&mut headers, name.as_bytes(), value.as_bytes(), place)?;
        }
    }
    Ok(Captured {
        format: Format::Har,
        method: verb,
        target,
        headers,
        body: body(request, place)?,
        missing: 0,
    })
}

fn body(request: &Value, place: Place) -> Result<Bytes, CaptureError> {
    let data = request.get("postData").filter(|data| !data.is_null());
    let Some(data) = data else {
        let size = request.get("bodySize").and_then(Value::as_i64);
        return match size {
            Some(1..) => Err(CaptureError::NoBody { place }),
            _ => Ok(Bytes::new()),
        };
    };
    let text = data.get("text").and_then(Value::as_str);
    let text = text.ok_or(CaptureError::NoBody { place })?;
    if data.get("encoding").and_then(Value::as_str) == Some("base64") {
        let decoded = STANDARD.decode(text);
        return decoded
            .map(Bytes::from)
            .map_err(|_| CaptureError::NoBody { place });
    }
    Ok(Bytes::copy_from_slice(text.as_bytes()))
}
