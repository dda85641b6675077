//! How a text is to be read: which entry is meant, and who opens the files that a command names.

use std::{fmt, io};

use crate::captured::{Captured, Format, without_mark};
use crate::error::CaptureError;
use crate::{curl, har, raw};

/// Opens a file that a command line names.
type Files<'a> = &'a dyn Fn(&str) -> io::Result<Vec<u8>>;

/// Whether an entry of a HAR file may be the one that is meant.
type Fits<'a> = &'a dyn Fn(&Captured) -> bool;

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
    pub(crate) url: Option<&'a str>,
    pub(crate) entry: Option<usize>,
    pub(crate) fits: Option<Fits<'a>>,
    pub(crate) files: Option<Files<'a>>,
}

impl<'a> Reader<'a> {
    /// Reads any request, and opens no file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of a HAR file, the entry whose URL is this, or holds it.
    pub const fn with_url(mut self, url: &'a str) -> Self {
        self.url = Some(url);
        self
    }

    /// Of a HAR file, the entry with this number, counted from 1.
    pub const fn entry(mut self, number: usize) -> Self {
        self.entry = Some(number);
        self
    }

    /// Of a HAR file, an entry for which this is true, if no number says which.
    pub const fn that_fits(mut self, fits: Fits<'a>) -> Self {
        self.fits = Some(fits);
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
            Format::Curl => curl::read(text, self),
            Format::Har => har::read(text, self),
        }
    }
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("url", &self.url)
            .field("entry", &self.entry)
            .field("fits", &self.fits.is_some())
            .field("files", &self.files.is_some())
            .finish()
    }
}
