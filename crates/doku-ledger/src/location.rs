//! Where the database is.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where a ledger is kept: a file, or a PostgreSQL server.
///
/// `Debug` and `Display` show no password.
///
/// ```
/// use doku_ledger::Location;
///
/// let file: Location = "ledger.sqlite".parse()?;
/// let server: Location = "postgres://doku:secret@db.internal/doku".parse()?;
/// assert_eq!(file.to_string(), "ledger.sqlite");
/// assert_eq!(server.to_string(), "postgres://…@db.internal/doku");
/// # Ok::<(), doku_ledger::InvalidLocation>(())
/// ```
#[derive(Clone)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a third database would be another crate's worth of work"
)]
pub enum Location {
    /// A file of SQLite, made where there is none.
    Sqlite(PathBuf),
    /// A URL of PostgreSQL, which may hold a password.
    Postgres(String),
}

impl FromStr for Location {
    type Err = InvalidLocation;

    /// Reads `postgres://…`, `postgresql://…`, `sqlite:FILE`, `sqlite://FILE`, or the name of a file.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let file = match text.strip_prefix("sqlite:") {
            Some(rest) => rest.strip_prefix("//").unwrap_or(rest),
            None => text,
        };
        if file.is_empty() || file.contains(":memory:") {
            return Err(InvalidLocation::NoFile);
        }
        if file.contains("://") {
            return Err(InvalidLocation::Scheme);
        }
        Ok(Self::Sqlite(file.into()))
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => write!(f, "{}", file.display()),
            Self::Postgres(url) => {
                // What stands behind a question mark may hold a password, too.
                let plain = url.split('?').next().unwrap_or_default();
                let (scheme, rest) = plain.split_once("://").unwrap_or(("postgres", ""));
                match rest.rsplit_once('@') {
                    Some((_, host)) => write!(f, "{scheme}://…@{host}"),
                    None => write!(f, "{scheme}://{rest}"),
                }
            }
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Location({self})")
    }
}

/// A text that names no database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidLocation {
    /// No file is named; a ledger in memory would forget.
    #[error("a ledger needs a file that outlives the process: name one, as in ledger.sqlite")]
    NoFile,
    /// The scheme belongs to another database.
    #[error("a ledger is kept in SQLite or PostgreSQL: name a file, or postgres://…")]
    Scheme,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        for url in [
            "postgres://u:hunter2@h/d",
            "postgres://u:hun@ter2@h/d?password=hunter2",
            "postgresql://h/d?password=hunter2",
        ] {
            let location: Location = url.parse().unwrap();
            assert!(
                !format!("{location:?} {location}").contains("ter2"),
                "{location}"
            );
        }
    }

    #[test]
    fn what_names_no_database_is_refused() {
        assert_eq!("".parse::<Location>().unwrap_err(), InvalidLocation::NoFile);
        assert_eq!(
            "sqlite::memory:".parse::<Location>().unwrap_err(),
            InvalidLocation::NoFile
        );
        assert_eq!(
            "mysql://h/d".parse::<Location>().unwrap_err(),
            InvalidLocation::Scheme
        );
    }

    #[test]
    fn a_file_is_named_in_three_ways() {
        for text in ["a/b.sqlite", "sqlite:a/b.sqlite", "sqlite://a/b.sqlite"] {
            assert_eq!(text.parse::<Location>().unwrap().to_string(), "a/b.sqlite");
        }
    }
}
