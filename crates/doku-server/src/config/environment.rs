//! Variables of the environment, and the files that some of them name.

use std::fs;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::ConfigError;

/// A secret, and the variable under which it was found: the one that a person has to look at where it does not serve.
pub(super) struct Found {
    pub(super) key: String,
    pub(super) text: Zeroizing<String>,
}

/// Reads variables; an empty one counts as absent.
pub(super) struct Variables<F>(pub(super) F);

impl<F: Fn(&str) -> Option<String>> Variables<F> {
    pub(super) fn text(&self, variable: &str) -> Option<String> {
        (self.0)(variable)
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    }

    /// What a variable holds, or the file that its `_FILE` form names.
    pub(super) fn secret(&self, variable: &str) -> Result<Option<Found>, ConfigError> {
        let in_file = format!("{variable}_FILE");
        match (self.text(variable), self.text(&in_file)) {
            (Some(_), Some(_)) => Err(ConfigError::Both {
                key: variable.to_owned(),
                other: in_file,
            }),
            (Some(text), None) => Ok(Some(Found {
                key: variable.to_owned(),
                text: Zeroizing::new(text),
            })),
            (None, Some(path)) => Ok(Some(Found {
                text: read_secret(&in_file, Path::new(&path))?,
                key: in_file,
            })),
            (None, None) => Ok(None),
        }
    }

    /// Whether a variable or its `_FILE` form is set.
    pub(super) fn speaks_of(&self, variable: &str) -> bool {
        self.text(variable).is_some() || self.text(&format!("{variable}_FILE")).is_some()
    }
}

/// A secret in a file of its own, without the line end that editors leave.
pub(super) fn read_secret(key: &str, path: &Path) -> Result<Zeroizing<String>, ConfigError> {
    let text = fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|source| ConfigError::Unreadable {
            key: key.to_owned(),
            path: path.to_owned(),
            source,
        })?;
    Ok(Zeroizing::new(text.trim().to_owned()))
}

/// Paths in a file of settings start where that file is.
pub(super) fn beside(folder: Option<&Path>, path: &Path) -> PathBuf {
    folder.map_or_else(|| path.to_owned(), |folder| folder.join(path))
}
