//! Which version the tables have, and why they may not be touched.

/// Which version the tables of a database have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Schema {
    /// There are none yet. Opening the ledger makes them.
    Empty,
    /// They are older than this version of the crate. Opening the ledger brings them up to date.
    Older {
        /// Theirs.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// They are up to date.
    Current {
        /// Theirs.
        version: i64,
    },
}

/// Tables that this version of the crate must not touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// A newer version has been at work.
    #[error(
        "the tables have version {found}, and this program knows up to {known}; run the newer program, or restore the backup made before it"
    )]
    Newer {
        /// Theirs.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// A step was made by another text than the one that is known.
    #[error(
        "step {version} of the tables was made by another text than this program's; do not go on, and find out which program made it"
    )]
    Altered {
        /// The step.
        version: i64,
    },
}
