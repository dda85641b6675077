//! How a text is to be read: which entry is meant, and who opens the files that a command names.

use std::fmt;

use crate::captured::{Captured, Format, without_mark};
use crate::curl::{self, Files};
use crate::error::CaptureError;
use crate::har::{self, Fits, Wanted};
use crate::raw;

/// Reads captured requests.
///
/// ```
/// use doku_capture::Reader;
///
/// let raw = b"PUT /v1/things HTTP/1.1\nHost: api.example\n\n{}\n";
/// let captured = Reader::new().read(raw)?;
/// assert_eq!((captured.method(), captured.target()), ("PUT", "/v1/things"));
/// assert_eq!(captured.host(), Some("api.example"));
/// assert_eq!(captured.body().as_ref(), b"{}");
/// # Ok::<(), doku_capture::CaptureError>(())
/// ```
#[derive(Clone, Copy, Default)]
#[must_use = "a reader does nothing until it reads"]
pub struct Reader<'a> {
    wanted: Wanted<'a>,
    files: Option<Files<'a>>,
}

impl<'a> Reader<'a> {
    /// Reads any request, and opens no file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of a HAR file, the entry whose URL is this, or holds it.
    pub const fn with_url(mut self, url: &'a str) -> Self {
        self.wanted.url = Some(url);
        self
    }

    /// Of a HAR file, the entry with this number, counted from 1.
    pub const fn entry(mut self, number: usize) -> Self {
        self.wanted.entry = Some(number);
        self
    }

    /// Of a HAR file, an entry for which this is true, if no number says which.
    pub const fn that_fits(mut self, fits: Fits<'a>) -> Self {
        self.wanted.fits = Some(fits);
        self
    }

    /// Opens the files that a curl command line names, each by the name that stands there.
    pub const fn with_files(mut self, files: Files<'a>) -> Self {
        self.files = Some(files);
        self
    }

    /// Reads one request.
    ///
    /// # Errors
    ///
    /// [`CaptureError`], which says where the text is wrong or which entries of a HAR file are meant.
    pub fn read(&self, text: &[u8]) -> Result<Captured, CaptureError> {
        let text = without_mark(text);
        if text.trim_ascii().is_empty() {
            return Err(CaptureError::Empty);
        }
        match Format::of(text) {
            Format::Raw => raw::read(text),
            Format::Curl => curl::read(text, self.files),
            Format::Har => har::read(text, &self.wanted),
        }
    }
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("url", &self.wanted.url)
            .field("entry", &self.wanted.entry)
            .field("fits", &self.wanted.fits.is_some())
            .field("files", &self.files.is_some())
            .finish()
    }
}
