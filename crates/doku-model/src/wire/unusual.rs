//! What the reader and the writer of plain JSON say when they leave it to serde_json.

use std::fmt;

/// Something else than plain JSON, or than what the payload wants.
#[derive(Debug)]
pub(super) struct Unusual;

impl serde::de::Error for Unusual {
    /// serde_json will say it better.
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl serde::ser::Error for Unusual {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl std::error::Error for Unusual {}

impl fmt::Display for Unusual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not plain JSON")
    }
}
