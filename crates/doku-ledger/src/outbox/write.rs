//! Events are written in the transaction of what they tell of.

use time::OffsetDateTime;

use super::EventKind;
use crate::database::{Statement, Transaction, Value, together, tuples};
use crate::error::Error;
use crate::moment::micros;

/// An event to be written.
#[derive(Debug)]
pub(crate) struct NewEvent {
    pub(crate) account_id: Option<i64>,
    pub(crate) kind: EventKind,
}

impl NewEvent {
    pub(crate) const fn of(account_id: i64, kind: EventKind) -> Self {
        Self {
            account_id: Some(account_id),
            kind,
        }
    }
}

/// Writes them in their order, many with one statement.
pub(crate) async fn write(
    transaction: &mut Transaction,
    merchant: i64,
    now: OffsetDateTime,
    events: &[NewEvent],
) -> Result<(), Error> {
    const WIDTH: usize = 5;
    for chunk in together(events) {
        let sql = format!(
            "INSERT INTO event (merchant, at, account_id, kind, data) VALUES {}",
            tuples(chunk.len(), WIDTH, 1)
        );
        let mut statement = Statement::new(sql);
        for event in chunk {
            let data = serde_json::to_string(&event.kind)
                .map_err(|error| Error::unreadable("event", error))?;
            statement = statement.bind_all([
                Value::from(merchant),
                micros(now).into(),
                event.account_id.into(),
                event.kind.name().into(),
                data.into(),
            ]);
        }
        transaction.execute(statement).await?;
    }
    Ok(())
}
