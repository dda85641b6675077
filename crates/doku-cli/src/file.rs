//! Files and standard input: what is read, and what is written for its owner's eyes only.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::exit::Failure;

/// The most that is read. What this command reads has a few KiB.
const LARGEST: u64 = 1024 * 1024;

/// Whether a path means standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The text of a file, or of standard input for `-`. Wiped when it is dropped, because it may be a key.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let mut text = Zeroizing::new(String::new());
    let read = if is_stdin(path) {
        io::stdin().lock().take(LARGEST).read_to_string(&mut text)
    } else {
        File::open(path).and_then(|file| file.take(LARGEST).read_to_string(&mut text))
    };
    match read {
        Ok(_) => Ok(text),
        Err(error) => Err(Failure::usage(format!("{} cannot be read", shown(path)))
            .because(&error)
            .next("Check the path and its permissions.")),
    }
}

/// The bytes of a file, or of standard input for `-`, which must not be more than `most`.
pub(crate) fn read_bytes(path: &Path, most: u64) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = if is_stdin(path) {
        io::stdin().lock().take(most + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes))
    };
    match read {
        Ok(length) if length as u64 > most => {
            Err(
                Failure::usage(format!("{} has more than {} MiB", shown(path), most >> 20))
                    .next("Keep the one request that is meant."),
            )
        }
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::usage(format!("{} cannot be read", shown(path)))
            .because(&error)
            .next("Check the path and its permissions.")),
    }
}

/// What a file of this command may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    VirtualAccount,
    PreparedCreate,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::VirtualAccount => "a virtual account",
            Self::PreparedCreate => "a prepared create",
        }
    }

    /// Where it comes from.
    const fn source(self) -> &'static str {
        match self {
            Self::VirtualAccount => {
                "Give the file that --save wrote, or what `doku va create` printed with --output json."
            }
            Self::PreparedCreate => "Give the file that `doku va create --prepare` wrote.",
        }
    }

    /// What to do with a file of this kind that was given in place of the other one.
    const fn proper_use(self) -> &'static str {
        match self {
            Self::VirtualAccount => {
                "Give the file that --prepare wrote. This one is for status, update, delete and how-to-pay."
            }
            Self::PreparedCreate => {
                "Run `doku va settle FILE --save va.json` with it, and give va.json here."
            }
        }
    }

    /// What a document is, by the members that only its kind has.
    fn of(value: &serde_json::Value) -> Option<Self> {
        let has = |member| value.get(member).is_some();
        if has("preparedAt") {
            Some(Self::PreparedCreate)
        } else if has("virtualAccount") || (has("customerNo") && has("bill")) {
            Some(Self::VirtualAccount)
        } else {
            None
        }
    }
}

/// A value that was stored as JSON: bare, or as a member of what `--output json` printed.
pub(crate) fn read_stored<T: DeserializeOwned>(path: &Path, kind: Kind) -> Result<T, Failure> {
    let text = read(path)?;
    let (place, what) = (shown(path), kind.name());
    let refused = |error: serde_json::Error| {
        let fault = without_values(&error.to_string());
        Failure::usage(format!("{place} does not hold {what}: {fault}")).next(kind.source())
    };
    let mut value: serde_json::Value = serde_json::from_str(&text).map_err(refused)?;
    if let Some(other) = Kind::of(&value).filter(|found| *found != kind) {
        let name = other.name();
        return Err(
            Failure::usage(format!("{place} holds {name}, not {what}")).next(other.proper_use())
        );
    }
    let stored = match kind {
        Kind::VirtualAccount => value.get_mut("virtualAccount").map(serde_json::Value::take),
        Kind::PreparedCreate => None,
    };
    serde_json::from_value(stored.unwrap_or(value)).map_err(refused)
}

/// An error about a document without the values that it quotes: one of them may be somebody's name.
fn without_values(error: &str) -> String {
    let parts = error.split('"').enumerate();
    parts
        .map(|(index, part)| if index % 2 == 0 { part } else { "…" })
        .collect::<Vec<_>>()
        .join("\"")
}

/// A file that did not exist, opened before there is anything to write: what happened at DOKU must not be lost because
/// of a mistyped path.
#[derive(Debug)]
pub(crate) struct NewFile {
    path: PathBuf,
    file: File,
}

impl NewFile {
    /// Makes the file, readable by its owner only. One that is there already is left alone.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        let refused = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                Failure::usage(format!("{} is there already", shown(path)))
                    .next("Nothing is overwritten: choose another path.")
            }
            _ => Failure::internal(format!("{} cannot be made", shown(path)))
                .because(&error)
                .next("Nothing was sent. Check the path and its permissions."),
        };
        let file = private(path).map_err(refused)?;
        Ok(Self {
            path: path.to_owned(),
            file,
        })
    }

    /// Writes the whole content and waits until it is on the disk.
    pub(crate) fn write(mut self, text: &str) -> Result<(), Failure> {
        self.file
            .write_all(text.as_bytes())
            .and_then(|()| self.file.sync_all())
            .map_err(|error| unwritable(&self.path, &error))
    }

    /// Takes content piece by piece, for what is too much to be held; [`NewFile::finish`] ends it.
    pub(crate) fn writer(&self) -> impl io::Write {
        &self.file
    }

    /// Waits until everything is on the disk.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        self.file
            .sync_all()
            .map_err(|error| unwritable(&self.path, &error))
    }

    /// Why it took no more.
    pub(crate) fn unwritable(&self, error: &io::Error) -> Failure {
        unwritable(&self.path, error)
    }

    /// Takes the file away again, because there is nothing to write.
    pub(crate) fn discard(self) {
        // An empty file that stays is a nuisance and no more.
        let _left = fs::remove_file(&self.path);
    }
}

/// The new content of a file that may be there already: it takes the place of the old one in one step, so that a reader sees
/// either of them. Begun before there is anything to write, so that a mistyped path is found at once.
#[derive(Debug)]
pub(crate) struct Replacement {
    path: PathBuf,
    beside: PathBuf,
    file: File,
    finished: bool,
}

impl Replacement {
    /// Makes a file beside the one that is to be replaced, readable by its owner only.
    pub(crate) fn begin(path: &Path) -> Result<Self, Failure> {
        if path.is_dir() {
            return Err(Failure::usage(format!("{} is a folder", shown(path)))
                .next("Give the path of a file."));
        }
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".{}.new", std::process::id()));
        let beside = PathBuf::from(beside);
        let file = private(&beside).map_err(|error| {
            unwritable(path, &error).next("Check the path and its permissions.")
        })?;
        Ok(Self {
            path: path.to_owned(),
            beside,
            file,
            finished: false,
        })
    }

    /// Writes the whole content, and puts it in its place.
    pub(crate) fn finish(mut self, text: &str) -> Result<(), Failure> {
        let written = self
            .file
            .write_all(text.as_bytes())
            .and_then(|()| self.file.sync_all())
            .and_then(|()| fs::rename(&self.beside, &self.path));
        self.finished = written.is_ok();
        written.map_err(|error| unwritable(&self.path, &error))
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if !self.finished {
            // An empty file that stays is a nuisance and no more.
            let _left = fs::remove_file(&self.beside);
        }
    }
}

/// Writes a file that may be there already, in one step.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    Replacement::begin(path)?.finish(text)
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::internal(format!("{} cannot be written", shown(path))).because(error)
}

/// A path as it is told to a person.
pub(crate) fn shown(path: &Path) -> String {
    if is_stdin(path) {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

/// Makes a folder that only its owner may enter.
#[cfg(unix)]
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

/// Makes a folder.
#[cfg(not(unix))]
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

#[cfg(unix)]
fn private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

#[cfg(not(unix))]
fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_about_a_document_quotes_nothing_of_it() {
        let told = without_values("invalid type: string \"Budi\", expected struct X at line 1");
        assert_eq!(
            told,
            "invalid type: string \"…\", expected struct X at line 1"
        );
        assert_eq!(
            without_values("missing field `mode`"),
            "missing field `mode`"
        );
        assert_eq!(without_values("open \"Budi"), "open \"…");
    }
}
