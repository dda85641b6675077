//! One statement with its values, and the rows it gives: the same for both databases.

use std::borrow::Cow;

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, AssertSqlSafe, Executor, Postgres, Row as _, Sqlite};

use crate::error::Error;

/// A value that is bound.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Bool(bool),
}

macro_rules! value_of {
    ($($from:ty => |$value:ident| $made:expr;)*) => {
        $(impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $made
            }
        })*
    };
}

value_of! {
    i64 => |value| Self::Int(Some(value));
    Option<i64> => |value| Self::Int(value);
    bool => |value| Self::Bool(value);
    &str => |value| Self::Text(Some(value.to_owned()));
    String => |value| Self::Text(Some(value));
    Option<String> => |value| Self::Text(value);
    Option<&str> => |value| Self::Text(value.map(str::to_owned));
    Vec<u8> => |value| Self::Bytes(Some(value));
    Option<Vec<u8>> => |value| Self::Bytes(value);
}

/// A text of SQL and what is bound to its `$1`, `$2`, …
///
/// The text is made in this crate alone, of constants and counted placeholders; every value is bound.
#[derive(Debug)]
pub(crate) struct Statement {
    sql: Cow<'static, str>,
    values: Vec<Value>,
}

macro_rules! bound {
    ($($name:ident -> $arguments:ty;)*) => {
        $(fn $name(self) -> Result<(AssertSqlSafe<Cow<'static, str>>, $arguments), sqlx::Error> {
            let mut arguments = <$arguments>::default();
            for value in self.values {
                match value {
                    Value::Int(value) => arguments.add(value),
                    Value::Text(value) => arguments.add(value),
                    Value::Bytes(value) => arguments.add(value),
                    Value::Bool(value) => arguments.add(value),
                }
                .map_err(sqlx::Error::Encode)?;
            }
            Ok((AssertSqlSafe(self.sql), arguments))
        })*
    };
}

impl Statement {
    pub(crate) fn new(sql: impl Into<Cow<'static, str>>) -> Self {
        Self {
            sql: sql.into(),
            values: Vec::new(),
        }
    }

    /// Binds the next value.
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Binds the next values.
    pub(crate) fn bind_all(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        self.values.extend(values);
        self
    }

    bound! {
        sqlite -> SqliteArguments;
        postgres -> PgArguments;
    }

    pub(super) async fn sqlite_rows<'c>(
        self,
        executor: impl Executor<'c, Database = Sqlite>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let (sql, arguments) = self.sqlite()?;
        let rows = sqlx::query_with(sql, arguments).fetch_all(executor).await?;
        Ok(rows.into_iter().map(Row::Sqlite).collect())
    }

    pub(super) async fn postgres_rows<'c>(
        self,
        executor: impl Executor<'c, Database = Postgres>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let (sql, arguments) = self.postgres()?;
        let rows = sqlx::query_with(sql, arguments).fetch_all(executor).await?;
        Ok(rows.into_iter().map(Row::Postgres).collect())
    }

    pub(super) async fn sqlite_execute<'c>(
        self,
        executor: impl Executor<'c, Database = Sqlite>,
    ) -> Result<u64, sqlx::Error> {
        let (sql, arguments) = self.sqlite()?;
        let done = sqlx::query_with(sql, arguments).execute(executor).await?;
        Ok(done.rows_affected())
    }

    pub(super) async fn postgres_execute<'c>(
        self,
        executor: impl Executor<'c, Database = Postgres>,
    ) -> Result<u64, sqlx::Error> {
        let (sql, arguments) = self.postgres()?;
        let done = sqlx::query_with(sql, arguments).execute(executor).await?;
        Ok(done.rows_affected())
    }
}

/// `($3,$4),($5,$6)`: so many tuples of so many placeholders, the first of them `$first`.
pub(crate) fn tuples(count: usize, width: usize, first: usize) -> String {
    let mut text = String::with_capacity(count.saturating_mul(width).saturating_mul(5));
    for tuple in 0..count {
        text.push_str(if tuple == 0 { "(" } else { ",(" });
        for place in 0..width {
            if place > 0 {
                text.push(',');
            }
            text.push('$');
            text.push_str(&(first + tuple * width + place).to_string());
        }
        text.push(')');
    }
    text
}

/// How many tuples one statement has at most.
const LARGEST: usize = 64;

/// How many statements a connection keeps prepared: there are eleven lists, each of 64 sizes, and the rest.
pub(super) const PREPARED: usize = 1024;

/// The items in as few chunks as can be: 31 of them are written by one statement. A size that was met is prepared already
/// when it is met again.
pub(crate) fn together<T>(items: &[T]) -> std::slice::Chunks<'_, T> {
    items.chunks(LARGEST)
}

/// A row, read by the names of its columns.
#[derive(Debug)]
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! read {
    ($($name:ident -> $kind:ty;)*) => {
        $(pub(crate) fn $name(&self, column: &'static str) -> Result<$kind, Error> {
            match self {
                Self::Sqlite(row) => row.try_get(column),
                Self::Postgres(row) => row.try_get(column),
            }
            .map_err(|error| Error::unreadable(column, error))
        })*
    };
}

impl Row {
    read! {
        int -> i64;
        maybe_int -> Option<i64>;
        text -> String;
        maybe_text -> Option<String>;
        bytes -> Vec<u8>;
        maybe_bytes -> Option<Vec<u8>>;
        flag -> bool;
    }

    /// A text that stands for a value.
    pub(crate) fn parsed<T>(&self, column: &'static str) -> Result<T, Error>
    where
        T: std::str::FromStr,
        T::Err: std::error::Error + Send + Sync + 'static,
    {
        self.text(column)?
            .parse()
            .map_err(|error| Error::unreadable(column, error))
    }

    /// The same where there may be none.
    pub(crate) fn maybe_parsed<T>(&self, column: &'static str) -> Result<Option<T>, Error>
    where
        T: std::str::FromStr,
        T::Err: std::error::Error + Send + Sync + 'static,
    {
        self.maybe_text(column)?
            .map(|text| text.parse())
            .transpose()
            .map_err(|error| Error::unreadable(column, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_counted() {
        assert_eq!(tuples(2, 3, 2), "($2,$3,$4),($5,$6,$7)");
        assert_eq!(tuples(0, 3, 1), "");
    }

    #[test]
    fn chunks_hold_everything_in_order() {
        for count in 0..200_usize {
            let items: Vec<usize> = (0..count).collect();
            let chunks: Vec<_> = together(&items).collect();
            assert_eq!(chunks.len(), count.div_ceil(64));
            assert_eq!(chunks.concat(), items);
        }
    }
}
