//! An account as a row: read whole, and written back where it was account.

use std::collections::HashMap;

use doku_model::Bill;
use doku_va_btn::Mode;
use time::OffsetDateTime;

use super::bill::{BillVersion, Standing, amount};
use super::{Account, Asked, State};
use crate::database::{Row, Statement, Transaction, Value, together, tuples};
use crate::error::Error;
use crate::moment::{micros, moment};

/// The columns of an account `a` and its bill `b`.
pub(crate) const COLUMNS: &str = "a.id AS a_id, a.public_id, a.trx_id AS a_trx_id, a.mode, a.state, \
    a.number AS a_number, a.sent_number, a.reusable, a.expires_at AS a_expires_at, a.asked, a.returned, \
    a.credited_sen, a.credited_count, a.outstanding, a.suspected_sen, a.paid_at AS a_paid_at, \
    a.check_at, a.checks, a.created_at, a.updated_at, \
    b.version AS b_version, b.standing AS b_standing, b.trx_type AS b_trx_type, b.sen AS b_sen, \
    b.min_sen AS b_min_sen, b.max_sen AS b_max_sen, b.expires_at AS b_expires_at, b.from_at AS b_from_at, \
    b.until_at AS b_until_at";

/// Every account comes with its bills, one row for each.
pub(crate) const JOIN_BILLS: &str = "LEFT JOIN bill b ON b.account_id = a.id";

/// An account as it was read, with what only the ledger needs.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    pub(crate) id: i64,
    pub(crate) public_id: String,
    pub(crate) trx_id: String,
    pub(crate) mode: Mode,
    pub(crate) state: State,
    pub(crate) number: Option<String>,
    pub(crate) sent_number: String,
    pub(crate) reusable: bool,
    pub(crate) expires_at: Option<OffsetDateTime>,
    asked: String,
    returned: Option<String>,
    pub(crate) credited_sen: i64,
    pub(crate) credited_count: i64,
    pub(crate) outstanding: i64,
    pub(crate) suspected_sen: Option<i64>,
    pub(crate) paid_at: Option<OffsetDateTime>,
    pub(crate) check_at: Option<OffsetDateTime>,
    pub(crate) checks: i64,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
    pub(crate) bills: Vec<BillVersion>,
}

impl Snapshot {
    fn of(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.int("a_id")?,
            public_id: row.text("public_id")?,
            trx_id: row.text("a_trx_id")?,
            mode: mode(&row.text("mode")?)?,
            state: row.parsed("state")?,
            number: row.maybe_text("a_number")?,
            sent_number: row.text("sent_number")?,
            reusable: row.flag("reusable")?,
            expires_at: row.maybe_int("a_expires_at")?.map(moment),
            asked: row.text("asked")?,
            returned: row.maybe_text("returned")?,
            credited_sen: row.int("credited_sen")?,
            credited_count: row.int("credited_count")?,
            outstanding: row.int("outstanding")?,
            suspected_sen: row.maybe_int("suspected_sen")?,
            paid_at: row.maybe_int("a_paid_at")?.map(moment),
            check_at: row.maybe_int("check_at")?.map(moment),
            checks: row.int("checks")?,
            created_at: moment(row.int("created_at")?),
            updated_at: moment(row.int("updated_at")?),
            bills: BillVersion::of(row)?.into_iter().collect(),
        })
    }

    /// The bill that counts now: the newest in force, or the newest that was asked for.
    pub(crate) fn bill(&self) -> Option<&BillVersion> {
        let newest = |standing| {
            self.bills
                .iter()
                .rev()
                .find(|version| version.standing == standing)
        };
        newest(Standing::InForce)
            .or_else(|| newest(Standing::Pending))
            .or_else(|| self.bills.last())
    }

    /// The highest version there is.
    pub(crate) fn last_version(&self) -> i64 {
        self.bills
            .iter()
            .map(|bill| bill.version)
            .max()
            .unwrap_or(0)
    }

    /// The account as it is shown.
    pub(crate) fn into_account(self) -> Result<Account, Error> {
        let bill: Bill = self
            .bill()
            .map(|version| version.bill)
            .ok_or_else(|| Error::unreadable("account", "it has no bill"))?;
        let asked: Asked = serde_json::from_str(&self.asked)
            .map_err(|error| Error::unreadable("account", error))?;
        let virtual_account = match (&self.returned, &asked) {
            (Some(json), _) => Some(
                serde_json::from_str(json).map_err(|error| Error::unreadable("account", error))?,
            ),
            (None, Asked::Direct(direct)) => Some(direct.virtual_account()),
            (None, Asked::Create(_)) => None,
        };
        Ok(Account {
            public_id: self
                .public_id
                .parse()
                .map_err(|error| Error::unreadable("public id", error))?,
            trx_id: self
                .trx_id
                .parse()
                .map_err(|error| Error::unreadable("trxId", error))?,
            mode: self.mode,
            state: self.state,
            number: self.number,
            reusable: self.reusable,
            bill,
            bills: self.bills,
            expires_at: self.expires_at,
            asked,
            virtual_account,
            credited: amount(self.credited_sen)?,
            payments: u64::try_from(self.credited_count).unwrap_or(0),
            paid_at: self.paid_at,
            check_at: self.check_at,
            created_at: self.created_at,
            updated_at: self.updated_at,
            checks: self.checks,
            id: self.id,
        })
    }
}

/// The word for a mode.
pub(crate) const fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::DokuGenerated => "doku_generated",
        Mode::MerchantGenerated => "merchant_generated",
        Mode::DirectInquiry => "direct_inquiry",
    }
}

fn mode(word: &str) -> Result<Mode, Error> {
    [
        Mode::DokuGenerated,
        Mode::MerchantGenerated,
        Mode::DirectInquiry,
    ]
    .into_iter()
    .find(|mode| mode_word(*mode) == word)
    .ok_or_else(|| Error::unreadable("mode", "an unknown word"))
}

/// The accounts of rows that join their bills, in the order in which they first appear.
pub(crate) fn snapshots(rows: &[Row]) -> Result<Vec<Snapshot>, Error> {
    let mut all: Vec<Snapshot> = Vec::new();
    let mut places: HashMap<i64, usize> = HashMap::new();
    for row in rows {
        let id = row.int("a_id")?;
        match places.get(&id).and_then(|place| all.get_mut(*place)) {
            Some(known) => {
                // An account that was asked for twice comes twice.
                let bill = BillVersion::of(row)?.filter(|bill| {
                    known
                        .bills
                        .iter()
                        .all(|other| other.version != bill.version)
                });
                known.bills.extend(bill);
            }
            None => {
                places.insert(id, all.len());
                all.push(Snapshot::of(row)?);
            }
        }
    }
    for snapshot in &mut all {
        snapshot.bills.sort_by_key(|bill| bill.version);
    }
    Ok(all)
}

/// Writes back what a payment or a check may change, many accounts with one statement.
pub(crate) async fn write_back(
    all: &[&Snapshot],
    transaction: &mut Transaction,
    now: OffsetDateTime,
) -> Result<(), Error> {
    const WIDTH: usize = 11;
    for chunk in together(all) {
        let sql = format!(
            "UPDATE account SET state = k.column2, payable = k.column3, number = k.column4, \
             credited_sen = k.column5, credited_count = k.column6, outstanding = k.column7, \
             suspected_sen = k.column8, paid_at = k.column9, check_at = k.column10, updated_at = k.column11 \
             FROM (VALUES {}) AS k WHERE account.id = k.column1",
            tuples(chunk.len(), WIDTH, 1)
        );
        let values = chunk.iter().flat_map(|account| {
            [
                Value::from(account.id),
                account.state.as_str().into(),
                account.state.is_payable().into(),
                account.number.clone().into(),
                account.credited_sen.into(),
                account.credited_count.into(),
                account.outstanding.into(),
                account.suspected_sen.into(),
                account.paid_at.map(micros).into(),
                account.check_at.map(micros).into(),
                micros(now).into(),
            ]
        });
        transaction
            .execute(Statement::new(sql).bind_all(values))
            .await?;
    }
    Ok(())
}
