//! Command lines of curl: which options make the request, and how.

mod options;

use std::io;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::captured::{Captured, Format, Target, add_header, method};
use crate::error::{CaptureError, Place};
use crate::shell;
use options::{Meaning, of_letter, of_name};

/// Opens a file that a command line names.
pub(crate) type Files<'a> = &'a dyn Fn(&str) -> io::Result<Vec<u8>>;

/// Reads the first command of `text`.
pub(crate) fn read(text: &[u8], files: Option<Files<'_>>) -> Result<Captured, CaptureError> {
    let text = str::from_utf8(text).map_err(|_| CaptureError::NotText)?;
    let text = text.trim_start();
    let text = text.strip_prefix('$').unwrap_or(text);
    let words = shell::words(text)?;
    let mut request = Request::default();
    let mut words = (1..).zip(words).skip(1);
    let mut options_end = false;
    while let Some((number, word)) = words.next() {
        let place = Place::Word(number);
        let mut value = || {
            let next = words.next();
            next.ok_or(CaptureError::NoValue { place })
        };
        if options_end || !word.starts_with('-') || word == "-" {
            request.url(&word, place)?;
        } else if word == "--" {
            options_end = true;
        } else if let Some(name) = word.strip_prefix("--") {
            let meaning = of_name(name).ok_or(CaptureError::UnknownOption { place })?;
            let value = match meaning {
                Meaning::Flag | Meaning::Get | Meaning::Head => (number, String::new()),
                _ => value()?,
            };
            request.apply(meaning, &value.1, Place::Word(value.0), files)?;
        } else {
            // Letters stand together, and the last one may take what follows.
            let mut letters = word.chars().skip(1);
            while let Some(letter) = letters.next() {
                let meaning = of_letter(letter).ok_or(CaptureError::UnknownOption { place })?;
                if matches!(meaning, Meaning::Flag | Meaning::Get | Meaning::Head) {
                    request.apply(meaning, "", place, files)?;
                    continue;
                }
                let rest: String = letters.by_ref().collect();
                let value = if rest.is_empty() {
                    value()?
                } else {
                    (number, rest)
                };
                request.apply(meaning, &value.1, Place::Word(value.0), files)?;
            }
        }
    }
    request.finish()
}

/// The request that the options make.
#[derive(Default)]
struct Request {
    method: Option<Method>,
    target: Option<Target>,
    headers: HeaderMap,
    /// Headers that are taken away from those curl adds by itself.
    removed: Vec<HeaderName>,
    body: Option<Vec<u8>>,
    json: bool,
    get: bool,
    head: bool,
}

impl Request {
    fn url(&mut self, text: &str, place: Place) -> Result<(), CaptureError> {
        if self.target.is_some() {
            return Err(CaptureError::SeveralUrls);
        }
        let target = if text.contains("://") {
            Target::read(text)
        } else if text.starts_with('/') {
            None
        } else {
            // As curl guesses.
            Target::read(&format!("http://{text}"))
        };
        self.target = Some(target.ok_or(CaptureError::Url { place })?);
        Ok(())
    }

    fn apply(
        &mut self,
        meaning: Meaning,
        value: &str,
        place: Place,
        files: Option<Files<'_>>,
    ) -> Result<(), CaptureError> {
        match meaning {
            Meaning::Flag | Meaning::Value => {}
            Meaning::Get => self.get = true,
            Meaning::Head => self.head = true,
            Meaning::Url => self.url(value, place)?,
            Meaning::Method => self.method = Some(method(value.as_bytes(), place)?),
            Meaning::Header => self.header(value, place)?,
            Meaning::Bearer => {
                let value = format!("Bearer {value}");
                add_header(
                    &mut self.headers,
                    AUTHORIZATION.as_str().as_bytes(),
                    value.as_bytes(),
                    place,
                )?;
            }
            Meaning::Data => {
                let data = match value.strip_prefix('@') {
                    // curl leaves line ends out of such files.
                    Some(name) => opened(name, place, files)?
                        .into_iter()
                        .filter(|byte| !matches!(byte, b'\r' | b'\n' | 0))
                        .collect(),
                    None => value.as_bytes().to_vec(),
                };
                self.data(&data, b"&");
            }
            Meaning::Raw => self.data(value.as_bytes(), b"&"),
            Meaning::Binary => self.data(&at_file(value, place, files)?, b"&"),
            Meaning::Json => {
                self.json = true;
                self.data(&at_file(value, place, files)?, b"");
            }
            Meaning::Unsupported(option) => return Err(CaptureError::Unsupported { option }),
        }
        Ok(())
    }

    fn data(&mut self, more: &[u8], between: &[u8]) {
        match &mut self.body {
            Some(body) => {
                body.extend_from_slice(between);
                body.extend_from_slice(more);
            }
            None => self.body = Some(more.to_vec()),
        }
    }

    /// `Name: value`; `Name:` takes away, `Name;` is empty.
    fn header(&mut self, text: &str, place: Place) -> Result<(), CaptureError> {
        let wrong = || CaptureError::Header { place };
        match text.split_once(':') {
            Some((name, value)) if value.trim().is_empty() => {
                let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| wrong())?;
                self.removed.push(name);
                Ok(())
            }
            Some((name, value)) => add_header(
                &mut self.headers,
                name.trim().as_bytes(),
                value.as_bytes(),
                place,
            ),
            None => {
                let name = text.strip_suffix(';').ok_or_else(wrong)?;
                add_header(&mut self.headers, name.as_bytes(), b"", place)
            }
        }
    }

    fn finish(mut self) -> Result<Captured, CaptureError> {
        let mut target = self.target.ok_or(CaptureError::NoUrl)?;
        let body = match self.body {
            Some(body) if self.get => {
                let query = String::from_utf8(body).map_err(|_| CaptureError::NotText)?;
                let text = target.url_text();
                let sign = if text.contains('?') { '&' } else { '?' };
                target =
                    Target::read(&format!("{text}{sign}{query}")).ok_or(CaptureError::NoUrl)?;
                None
            }
            body => body,
        };
        let usual = match (&body, self.head) {
            (_, true) => Method::HEAD,
            (Some(_), _) => Method::POST,
            (None, _) => Method::GET,
        };
        let mut offer = |name: HeaderName, value: &'static str| {
            if !self.headers.contains_key(&name) && !self.removed.contains(&name) {
                self.headers.insert(name, HeaderValue::from_static(value));
            }
        };
        if self.json {
            offer(CONTENT_TYPE, "application/json");
            offer(ACCEPT, "application/json");
        } else if body.is_some() {
            offer(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        Ok(Captured {
            format: Format::Curl,
            method: self.method.unwrap_or(usual),
            target,
            headers: self.headers,
            body: Bytes::from(body.unwrap_or_default()),
            missing: 0,
        })
    }
}

/// `@file`, byte for byte, or the text itself.
fn at_file(value: &str, place: Place, files: Option<Files<'_>>) -> Result<Vec<u8>, CaptureError> {
    match value.strip_prefix('@') {
        Some(name) => opened(name, place, files),
        None => Ok(value.as_bytes().to_vec()),
    }
}

fn opened(name: &str, place: Place, files: Option<Files<'_>>) -> Result<Vec<u8>, CaptureError> {
    let found = match files {
        Some(open) => open(name),
        None => Err(io::Error::other("no file is opened here")),
    };
    found.map_err(|source| CaptureError::File { place, source })
}
