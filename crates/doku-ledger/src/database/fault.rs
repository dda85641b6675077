//! What a database's error means for the record.

use std::sync::Arc;

use crate::error::{Error, Fault, Kept};

/// The error of the ledger for an error of the database.
pub(super) fn storage(kept: Kept, error: sqlx::Error) -> Error {
    Error::Storage {
        kept,
        fault: of(&error),
        source: Arc::new(error),
    }
}

/// Whether a commit that ended so may have been done: a refusal says no, a lost connection says nothing.
pub(super) fn of_commit(error: &sqlx::Error) -> Kept {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Tls(_) => Kept::Perhaps,
        sqlx::Error::Database(error) if error.code().as_deref().is_some_and(is_shutdown) => {
            Kept::Perhaps
        }
        _ => Kept::No,
    }
}

/// Whether somebody else is at it, and it may be tried again.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    of(error) == Fault::Busy
}

/// Whether a file is none of SQLite's.
pub(super) fn is_not_sqlite(error: &sqlx::Error) -> bool {
    const NOT_A_DATABASE: &str = "26";
    matches!(error, sqlx::Error::Database(error) if error.code().as_deref() == Some(NOT_A_DATABASE))
}

/// Whether a file, or its folder, takes no writes and SQLite wants to.
pub(super) fn is_shut(error: &sqlx::Error) -> bool {
    matches!(of(error), Fault::ReadOnly | Fault::File)
}

/// Whether the connection is of no use any more.
pub(super) fn is_gone(error: &sqlx::Error) -> bool {
    of(error) == Fault::Gone
}

fn of(error: &sqlx::Error) -> Fault {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) => Fault::Gone,
        sqlx::Error::WorkerCrashed | sqlx::Error::PoolClosed => Fault::Gone,
        sqlx::Error::PoolTimedOut => Fault::Busy,
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            // SQLite has numbers, PostgreSQL five characters.
            match code.parse::<i32>() {
                Ok(code) if code.to_string().len() < 5 => of_sqlite(code),
                _ => of_postgres(&code),
            }
        }
        _ => Fault::Other,
    }
}

/// The primary code is the low byte.
fn of_sqlite(code: i32) -> Fault {
    match code & 0xff {
        5 | 6 => Fault::Busy,
        8 => Fault::ReadOnly,
        11 | 26 => Fault::Damaged,
        10 | 14 => Fault::File,
        13 => Fault::Full,
        19 | 20 => Fault::Row,
        _ => Fault::Other,
    }
}

fn of_postgres(code: &str) -> Fault {
    match code {
        // No room, out of memory.
        "53100" | "53200" => Fault::Full,
        // In a read-only transaction, or on a standby.
        "25006" => Fault::ReadOnly,
        // A deadlock, a transaction that could not be serialised.
        "40P01" | "40001" => Fault::Collision,
        // A lock or a statement that took too long, too many connections.
        "55P03" | "57014" | "53300" => Fault::Busy,
        code if is_shutdown(code) || code.starts_with("08") => Fault::Gone,
        code if code.starts_with("XX") || code.starts_with("58") => Fault::Damaged,
        // A constraint, a value, a trigger that raised.
        code if code.starts_with("22") || code.starts_with("23") || code.starts_with("P0") => {
            Fault::Row
        }
        _ => Fault::Other,
    }
}

/// The server goes down, or was told to end the connection.
fn is_shutdown(code: &str) -> bool {
    matches!(code, "57P01" | "57P02" | "57P03" | "25P03" | "57P05")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_are_told_apart() {
        for (code, fault) in [
            (13, Fault::Full),
            (8, Fault::ReadOnly),
            (8 | 4 << 8, Fault::ReadOnly),
            (5, Fault::Busy),
            (10 | 13 << 8, Fault::File),
            (14, Fault::File),
            (11, Fault::Damaged),
            (19 | 8 << 8, Fault::Row),
            (1, Fault::Other),
        ] {
            assert_eq!(of_sqlite(code), fault, "{code}");
        }
        for (code, fault) in [
            ("53100", Fault::Full),
            ("25006", Fault::ReadOnly),
            ("40P01", Fault::Collision),
            ("57P01", Fault::Gone),
            ("08006", Fault::Gone),
            ("23505", Fault::Row),
            ("P0001", Fault::Row),
            ("42P01", Fault::Other),
        ] {
            assert_eq!(of_postgres(code), fault, "{code}");
        }
    }
}
