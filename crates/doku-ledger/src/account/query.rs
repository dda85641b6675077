//! Finding accounts: by invoice number, by number, by the name for anybody, and in pages.

use doku_model::{TrxId, VirtualAccountNo};
use doku_va_btn::Mode;
use futures_util::stream::{self, Stream, StreamExt as _, TryStreamExt as _};

use super::record::mode_word;
use super::{Account, COLUMNS, JOIN_BILLS, PublicId, Snapshot, State, snapshots};
use crate::database::{Statement, Transaction};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::micros;
use crate::page::{Cursor, Page, bounded};

/// Which accounts are listed.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct AccountFilter {
    state: Option<State>,
    newest_first: bool,
}

impl AccountFilter {
    /// All of them, the oldest first.
    #[must_use]
    pub const fn all() -> Self {
        Self {
            state: None,
            newest_first: false,
        }
    }

    /// Those in this state.
    #[must_use]
    pub const fn in_state(mut self, state: State) -> Self {
        self.state = Some(state);
        self
    }

    /// The newest first.
    #[must_use]
    pub const fn newest_first(mut self) -> Self {
        self.newest_first = true;
        self
    }
}

impl Ledger {
    /// The account for an invoice number.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn account(&self, trx_id: &TrxId) -> Result<Option<Account>, Error> {
        let by_trx_id = "a.merchant = $1 AND a.trx_id = $2";
        self.one(by_trx_id, trx_id.as_str()).await
    }

    /// The account that a payment to this number would be for, if it names no invoice number: the newest that may still be
    /// paid and whose time is not over, otherwise the newest that may still be paid, otherwise the newest.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn account_by_number(
        &self,
        number: &VirtualAccountNo,
    ) -> Result<Option<Account>, Error> {
        let by_number = meant("", "$2", "> $3");
        self.one_now(&by_number, number.normalised()).await
    }

    /// The account of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn account_by_public_id(&self, id: &PublicId) -> Result<Option<Account>, Error> {
        let by_public_id = "a.merchant = $1 AND a.public_id = $2";
        self.one(by_public_id, id.as_str()).await
    }

    /// The DIPC account that an inquiry about this number, without padding, is about.
    pub(crate) async fn direct_account(&self, number: &str) -> Result<Option<Account>, Error> {
        const DIRECT: &str = "AND mode = 'direct_inquiry'";
        debug_assert!(DIRECT.contains(mode_word(Mode::DirectInquiry)));
        self.one_now(&meant(DIRECT, "$2", "> $3"), number).await
    }

    /// The account whose id an expression gives, with a value as `$2` and the moment as `$3`.
    async fn one_now(&self, id: &str, value: &str) -> Result<Option<Account>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM account a {JOIN_BILLS} WHERE a.id = {id}");
        let statement = Statement::new(sql)
            .bind(self.merchant())
            .bind(value)
            .bind(micros(self.now()));
        self.first(statement).await
    }

    async fn one(&self, condition: &str, value: &str) -> Result<Option<Account>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM account a {JOIN_BILLS} WHERE {condition}");
        self.first(Statement::new(sql).bind(self.merchant()).bind(value))
            .await
    }

    async fn first(&self, statement: Statement) -> Result<Option<Account>, Error> {
        let rows = self.database().rows(statement).await?;
        let found = snapshots(&rows)?.into_iter().next();
        found.map(Snapshot::into_account).transpose()
    }

    /// A page of accounts after `cursor`, at most `limit` of them (1 to 1000). Begin with [`Cursor::START`].
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn accounts(
        &self,
        filter: AccountFilter,
        cursor: Cursor,
        limit: usize,
    ) -> Result<Page<Account>, Error> {
        let (after, direction) = if filter.newest_first {
            ("(id < $2 OR $2 = 0)", "DESC")
        } else {
            ("id > $2", "ASC")
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM (SELECT * FROM account WHERE merchant = $1 AND {after} \
             AND ($3 = '' OR state = $3) ORDER BY id {direction} LIMIT {}) a {JOIN_BILLS} \
             ORDER BY a.id {direction}, b.version",
            bounded(limit)
        );
        let statement = Statement::new(sql)
            .bind(self.merchant())
            .bind(cursor.id)
            .bind(filter.state.map_or("", State::as_str));
        let rows = self.database().rows(statement).await?;
        let items = snapshots(&rows)?
            .into_iter()
            .map(Snapshot::into_account)
            .collect::<Result<Vec<_>, _>>()?;
        let next = items.last().map_or(cursor, |account| Cursor {
            id: account.id,
            ..Cursor::START
        });
        Ok(Page { items, next })
    }

    /// Every account, the oldest first, read in pages as they are asked for.
    pub fn all_accounts(&self) -> impl Stream<Item = Result<Account, Error>> + Send + '_ {
        const PAGE: usize = 500;
        stream::try_unfold(Cursor::START, move |cursor| async move {
            let page = self.accounts(AccountFilter::all(), cursor, PAGE).await?;
            Ok::<_, Error>((!page.items.is_empty()).then_some((page.items, page.next)))
        })
        .map_ok(|items| stream::iter(items).map(Ok))
        .try_flatten()
    }
}

/// An expression: the id of the account that a number means, of the merchant `$1`. `end` compares an account's end, `> $3`.
///
/// Several accounts may have had one number after the other, and a newer one may end before an older. So the newest that may
/// still be paid and is not over comes first, then the newest that may still be paid, then the newest. Two look-ups in the index
/// rather than one in another order, which would read all accounts of the number.
pub(crate) fn meant(of: &str, number: &str, end: &str) -> String {
    format!(
        "coalesce((SELECT id FROM account WHERE merchant = $1 AND number = {number} {of} AND payable = TRUE \
         AND (expires_at IS NULL OR expires_at {end}) ORDER BY id DESC LIMIT 1), \
         (SELECT id FROM account WHERE merchant = $1 AND number = {number} {of} ORDER BY payable DESC, id DESC LIMIT 1))"
    )
}

/// The account for an invoice number, within a transaction that holds its lock.
pub(crate) async fn by_trx_id(
    transaction: &mut Transaction,
    merchant: i64,
    trx_id: &str,
) -> Result<Option<Snapshot>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM account a {JOIN_BILLS} WHERE a.merchant = $1 AND a.trx_id = $2"
    );
    let statement = Statement::new(sql).bind(merchant).bind(trx_id);
    let rows = transaction.rows(statement).await?;
    Ok(snapshots(&rows)?.into_iter().next())
}
