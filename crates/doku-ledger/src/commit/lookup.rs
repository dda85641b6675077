//! Group look-up: claims that arrive together share one statement, as payments share a commit.

use std::collections::HashMap;
use std::sync::Arc;

use doku_model::PositiveAmount;
use doku_va_btn::hosted::PaymentKey;
use tokio::sync::{mpsc, oneshot};

use crate::account::positive;
use crate::core::Core;
use crate::database::{Statement, together, tuples};
use crate::error::Error;

/// How many may wait.
const QUEUE: usize = 1024;

/// How many share a statement.
const BATCH: usize = 64;

/// The amounts that were kept under a key, the smallest first.
type Amounts = Result<Vec<PositiveAmount>, Error>;

/// Somebody who asks about a key.
struct Asked {
    number: String,
    trx_id: String,
    payment_request_id: String,
    amounts: oneshot::Sender<Amounts>,
}

/// The way to the task that looks up.
#[derive(Clone)]
pub(crate) struct Lookups {
    queue: mpsc::Sender<Asked>,
}

impl Lookups {
    /// Starts the task. It ends when every way to it is gone and everybody is answered.
    pub(crate) fn spawn(core: Arc<Core>) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(run(core, waiting));
        Self { queue }
    }

    /// The amounts of the payments that were notified under a key.
    pub(crate) async fn kept_amounts(&self, key: &PaymentKey) -> Amounts {
        let (amounts, answer) = oneshot::channel();
        let asked = Asked {
            number: key.number().to_owned(),
            trx_id: key
                .trx_id()
                .map_or_else(String::new, |trx_id| trx_id.as_str().to_owned()),
            payment_request_id: key.payment_request_id().as_str().to_owned(),
            amounts,
        };
        self.queue.send(asked).await.map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }
}

async fn run(core: Arc<Core>, mut waiting: mpsc::Receiver<Asked>) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let mut found = look_up(&core, &batch).await;
        for (place, asked) in batch.drain(..).enumerate() {
            let amounts = match &mut found {
                Ok(found) => Ok(found.remove(&place).unwrap_or_default()),
                Err(error) => Err(error.shared().unwrap_or(Error::Closed)),
            };
            // Whoever asked may have given up.
            let _ = asked.amounts.send(amounts);
        }
    }
}

/// What was kept, by the place of who asked.
async fn look_up(
    core: &Core,
    batch: &[Asked],
) -> Result<HashMap<usize, Vec<PositiveAmount>>, Error> {
    const WIDTH: usize = 4;
    let mut found: HashMap<usize, Vec<PositiveAmount>> = HashMap::new();
    let places: Vec<(usize, &Asked)> = batch.iter().enumerate().collect();
    for chunk in together(&places) {
        let sql = format!(
            "SELECT k.column1 AS ask, p.sen FROM (VALUES {}) AS k CROSS JOIN payment p WHERE p.merchant = $1 \
             AND p.number = k.column2 AND p.trx_id = k.column3 AND p.payment_request_id = k.column4 \
             AND p.told_at IS NOT NULL ORDER BY p.sen",
            tuples(chunk.len(), WIDTH, 2)
        );
        let mut statement = Statement::new(sql).bind(core.merchant);
        for (place, asked) in chunk {
            statement = statement
                .bind(i64::try_from(*place).unwrap_or(i64::MAX))
                .bind(asked.number.as_str())
                .bind(asked.trx_id.as_str())
                .bind(asked.payment_request_id.as_str());
        }
        for row in core.database.rows(statement).await? {
            let place = usize::try_from(row.int("ask")?).unwrap_or(usize::MAX);
            let amount = positive(row.int("sen")?)?;
            found.entry(place).or_default().push(amount);
        }
    }
    Ok(found)
}
