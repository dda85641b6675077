//! The statements of a group commit, bare: the ledger's own texts, prepared, with values of the same sizes.

use std::collections::HashMap;

use doku_ledger::Location;
use sqlx::postgres::{PgArguments, PgConnectOptions};
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{
    Arguments as _, AssertSqlSafe, ConnectOptions as _, Executor as _, PgConnection,
    SqliteConnection,
};

use super::accounts::{BIN, PATH, body, customer_no, trx_id};

/// The moment of everything.
const NOW: i64 = 1_790_000_000_000_000;

const HEADERS: &str = concat!(
    r#"{"X-EXTERNAL-ID":"729100000000","X-SIGNATURE":"0123456789012345678901234567890123456789012345678901234567890123"#,
    r#"456789012345678901234567","X-TIMESTAMP":"2026-09-04T07:00:00Z"}"#
);
const RECEIVED: &str = concat!(
    r#"{"type":"payment.received","data":{"payment":"pay_100000","amount":"11500.00","paymentRequestId":"#,
    r#""12839218700000000","source":"notification","late":null}}"#
);
const PAID: &str = r#"{"type":"account.paid","data":{"payment":"pay_100000","amount":"11500.00"}}"#;

/// A connection of the floor's own.
enum Connection {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
}

enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Vec<u8>),
    Bool(bool),
}

/// A payment that is written bare: of the n-th account.
pub(crate) struct Payment {
    account_id: i64,
    number: String,
    trx_id: String,
    request_id: String,
    body: Vec<u8>,
}

impl Payment {
    pub(crate) fn of(n: u64) -> Self {
        Self {
            // The account that is multiplied is the first one.
            account_id: i64::try_from(n + 1).expect("an id"),
            number: format!("{BIN}{}", customer_no(n)),
            trx_id: trx_id(n),
            request_id: format!("128392187{n:08}"),
            body: body(n).into_bytes(),
        }
    }
}

pub(crate) struct Bare {
    connection: Connection,
    /// Texts by statement and number of tuples: made once, as prepared statements are.
    texts: HashMap<(&'static str, usize), &'static str>,
}

impl Bare {
    /// With the settings of the ledger's own connections.
    pub(crate) async fn connect(location: &Location) -> Self {
        let connection = match location {
            Location::Sqlite(file) => {
                let options = SqliteConnectOptions::new()
                    .filename(file)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .statement_cache_capacity(1024)
                    .pragma("cache_size", "-16384")
                    .disable_statement_logging();
                Connection::Sqlite(Box::new(options.connect().await.expect("the file")))
            }
            Location::Postgres(url) => {
                let options: PgConnectOptions = url.parse().expect("a URL");
                let options = options
                    .statement_cache_capacity(1024)
                    .options([
                        ("synchronous_commit", "on"),
                        ("default_transaction_isolation", "read committed"),
                        ("plan_cache_mode", "force_custom_plan"),
                        ("enable_seqscan", "off"),
                        ("enable_bitmapscan", "off"),
                        ("enable_hashjoin", "off"),
                        ("enable_mergejoin", "off"),
                    ])
                    .disable_statement_logging();
                Connection::Postgres(Box::new(options.connect().await.expect("PostgreSQL")))
            }
        };
        Self {
            connection,
            texts: HashMap::new(),
        }
    }

    /// One commit.
    pub(crate) async fn commit(&mut self, payments: &[Payment]) {
        match &self.connection {
            Connection::Sqlite(_) => self.control("BEGIN IMMEDIATE").await,
            Connection::Postgres(_) => {
                self.control("BEGIN").await;
                self.take_turns(payments).await;
            }
        }
        self.read(payments).await;
        self.insert(payments).await;
        self.write_back(payments).await;
        self.tell(payments).await;
        self.control("COMMIT").await;
    }

    async fn take_turns(&mut self, payments: &[Payment]) {
        const SQL: &str =
            "SELECT count(pg_advisory_xact_lock(n.column1)::text) AS n FROM (VALUES {}) AS n";
        let names: Vec<i64> = payments
            .iter()
            .flat_map(|payment| [payment.account_id, -payment.account_id])
            .collect();
        for chunk in together(&names) {
            let values = chunk.iter().map(|name| Value::Int(Some(*name)));
            self.run(SQL, chunk.len(), 1, 1, values.collect()).await;
        }
    }

    async fn read(&mut self, payments: &[Payment]) {
        const KNOWN: &str = "SELECT p.id, p.sen, p.number, p.trx_id, p.payment_request_id, p.told_at \
             FROM (VALUES {}) AS k CROSS JOIN payment p WHERE p.merchant = $1 AND p.number = k.column1 \
             AND p.trx_id = k.column2 AND p.payment_request_id = k.column3";
        const ACCOUNTS: &str = "SELECT k.column1 AS ask, a.id AS a_id, a.public_id, a.trx_id AS a_trx_id, a.mode, a.state, \
             a.number AS a_number, a.sent_number, a.reusable, a.expires_at AS a_expires_at, a.asked, a.returned, \
             a.credited_sen, a.credited_count, a.outstanding, a.suspected_sen, a.paid_at AS a_paid_at, \
             a.check_at, a.checks, a.created_at, a.updated_at, \
             b.version AS b_version, b.standing AS b_standing, b.trx_type AS b_trx_type, b.sen AS b_sen, \
             b.min_sen AS b_min_sen, b.max_sen AS b_max_sen, b.expires_at AS b_expires_at, b.from_at AS b_from_at, \
             b.until_at AS b_until_at FROM (VALUES {}) AS k CROSS JOIN account a LEFT JOIN bill b ON b.account_id = a.id \
             WHERE a.id = CASE WHEN k.column2 <> '' \
             THEN (SELECT id FROM account WHERE merchant = $1 AND trx_id = k.column2) \
             ELSE coalesce((SELECT id FROM account WHERE merchant = $1 AND number = k.column3  AND payable = TRUE \
             AND (expires_at IS NULL OR expires_at >= k.column4) ORDER BY id DESC LIMIT 1), \
             (SELECT id FROM account WHERE merchant = $1 AND number = k.column3  ORDER BY payable DESC, id DESC LIMIT 1)) END";
        for chunk in together(payments) {
            let mut values = vec![Value::Int(Some(1))];
            values.extend(chunk.iter().flat_map(|payment| {
                [
                    text(&payment.number),
                    text(&payment.trx_id),
                    text(&payment.request_id),
                ]
            }));
            self.run(KNOWN, chunk.len(), 3, 2, values).await;
        }
        for chunk in together(payments) {
            let mut values = vec![Value::Int(Some(1))];
            values.extend(chunk.iter().flat_map(|payment| {
                [
                    Value::Int(Some(payment.account_id)),
                    text(&payment.trx_id),
                    text(&payment.number),
                    Value::Int(Some(NOW)),
                ]
            }));
            self.run(ACCOUNTS, chunk.len(), 4, 2, values).await;
        }
    }

    async fn insert(&mut self, payments: &[Payment]) {
        const SQL: &str = "INSERT INTO payment (merchant, account_id, number, trx_id, payment_request_id, sen, verdict, late, \
             bill_version, source, paid_at, recorded_at, told_at, path, headers, body) VALUES {} \
             RETURNING id, number, trx_id, payment_request_id, sen";
        for chunk in together(payments) {
            let values = chunk.iter().flat_map(|payment| {
                [
                    Value::Int(Some(1)),
                    Value::Int(Some(payment.account_id)),
                    text(&payment.number),
                    text(&payment.trx_id),
                    text(&payment.request_id),
                    Value::Int(Some(1_150_000)),
                    text("satisfied"),
                    Value::Text(None),
                    Value::Int(Some(1)),
                    text("notification"),
                    Value::Int(Some(NOW)),
                    Value::Int(Some(NOW)),
                    Value::Int(Some(NOW)),
                    text(PATH),
                    text(HEADERS),
                    Value::Bytes(payment.body.clone()),
                ]
            });
            self.run(SQL, chunk.len(), 16, 1, values.collect()).await;
        }
    }

    async fn write_back(&mut self, payments: &[Payment]) {
        const SQL: &str = "UPDATE account SET state = k.column2, payable = k.column3, number = k.column4, \
             credited_sen = k.column5, credited_count = k.column6, outstanding = k.column7, \
             suspected_sen = k.column8, paid_at = k.column9, check_at = k.column10, updated_at = k.column11 \
             FROM (VALUES {}) AS k WHERE account.id = k.column1";
        for chunk in together(payments) {
            let values = chunk.iter().flat_map(|payment| {
                [
                    Value::Int(Some(payment.account_id)),
                    text("paid"),
                    Value::Bool(false),
                    text(&payment.number),
                    Value::Int(Some(1_150_000)),
                    Value::Int(Some(1)),
                    Value::Int(Some(0)),
                    Value::Int(None),
                    Value::Int(Some(NOW)),
                    Value::Int(None),
                    Value::Int(Some(NOW)),
                ]
            });
            self.run(SQL, chunk.len(), 11, 1, values.collect()).await;
        }
    }

    async fn tell(&mut self, payments: &[Payment]) {
        const SQL: &str = "INSERT INTO event (merchant, at, account_id, kind, data) VALUES {}";
        let events: Vec<_> = payments
            .iter()
            .flat_map(|payment| {
                [
                    (payment.account_id, "payment.received", RECEIVED),
                    (payment.account_id, "account.paid", PAID),
                ]
            })
            .collect();
        for chunk in together(&events) {
            let values = chunk.iter().flat_map(|(account_id, kind, data)| {
                [
                    Value::Int(Some(1)),
                    Value::Int(Some(NOW)),
                    Value::Int(Some(*account_id)),
                    text(kind),
                    text(data),
                ]
            });
            self.run(SQL, chunk.len(), 5, 1, values.collect()).await;
        }
    }

    async fn control(&mut self, sql: &'static str) {
        match &mut self.connection {
            Connection::Sqlite(connection) => connection.execute(sql).await.map(|_| ()),
            Connection::Postgres(connection) => connection.execute(sql).await.map(|_| ()),
        }
        .expect("it is done");
    }

    /// One statement over so many tuples, prepared when it is met first.
    async fn run(
        &mut self,
        sql: &'static str,
        count: usize,
        width: usize,
        first: usize,
        values: Vec<Value>,
    ) {
        let text: &'static str = self.texts.entry((sql, count)).or_insert_with(|| {
            // As long as the process lives.
            Box::leak(
                sql.replace("{}", &tuples(count, width, first))
                    .into_boxed_str(),
            )
        });
        let text = AssertSqlSafe(text);
        match &mut self.connection {
            Connection::Sqlite(connection) => {
                let mut arguments = SqliteArguments::default();
                for value in values {
                    match value {
                        Value::Int(value) => arguments.add(value),
                        Value::Text(value) => arguments.add(value),
                        Value::Bytes(value) => arguments.add(value),
                        Value::Bool(value) => arguments.add(value),
                    }
                    .expect("a value");
                }
                let query = sqlx::query_with(text, arguments);
                query.fetch_all(&mut **connection).await.map(|_| ())
            }
            Connection::Postgres(connection) => {
                let mut arguments = PgArguments::default();
                for value in values {
                    match value {
                        Value::Int(value) => arguments.add(value),
                        Value::Text(value) => arguments.add(value),
                        Value::Bytes(value) => arguments.add(value),
                        Value::Bool(value) => arguments.add(value),
                    }
                    .expect("a value");
                }
                let query = sqlx::query_with(text, arguments);
                query.fetch_all(&mut **connection).await.map(|_| ())
            }
        }
        .expect("it is done");
    }
}

fn text(text: &str) -> Value {
    Value::Text(Some(text.to_owned()))
}

fn tuples(count: usize, width: usize, first: usize) -> String {
    let tuple = |tuple| {
        let places: Vec<_> = (0..width)
            .map(|place| format!("${}", first + tuple * width + place))
            .collect();
        format!("({})", places.join(","))
    };
    (0..count).map(tuple).collect::<Vec<_>>().join(",")
}

/// In as few statements as can be, as the ledger does it.
fn together<T>(items: &[T]) -> std::slice::Chunks<'_, T> {
    items.chunks(64)
}
