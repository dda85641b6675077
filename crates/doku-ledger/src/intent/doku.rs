//! DOKU as the ledger calls it: the client, or whatever a test puts in its place.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use doku_model::{ExternalId, Meaning};
use doku_va_btn::{
    Change, Client, CreateVa, Error, Outcome, PaymentStatus, PreparedCreate, Response,
    VirtualAccount,
};

/// The calls that the ledger makes. [`Client`] is one.
#[async_trait]
pub trait Doku: Send + Sync + 'static {
    /// Makes a create that can be written down.
    ///
    /// # Errors
    ///
    /// Where the client is not configured for it. Nothing is sent.
    fn prepare(&self, order: &CreateVa) -> Result<PreparedCreate, Error>;

    /// Sends a prepared create.
    async fn send(
        &self,
        prepared: &PreparedCreate,
        deadline: Duration,
    ) -> Result<VirtualAccount, Failed>;

    /// Finds out what became of a prepared create.
    async fn settle(
        &self,
        prepared: &PreparedCreate,
        deadline: Duration,
    ) -> Result<VirtualAccount, Failed>;

    /// Changes an account, under this external id.
    async fn update(
        &self,
        account: &VirtualAccount,
        change: &Change,
        external_id: ExternalId,
        deadline: Duration,
    ) -> Result<VirtualAccount, Failed>;

    /// Deletes an account, under this external id.
    async fn delete(
        &self,
        account: &VirtualAccount,
        external_id: ExternalId,
        deadline: Duration,
    ) -> Result<(), Failed>;

    /// Asks whether an account was paid.
    async fn status(
        &self,
        account: &VirtualAccount,
        deadline: Duration,
    ) -> Result<PaymentStatus, Failed>;
}

#[async_trait]
impl Doku for Client {
    fn prepare(&self, order: &CreateVa) -> Result<PreparedCreate, Error> {
        Self::prepare(self, order)
    }

    async fn send(
        &self,
        prepared: &PreparedCreate,
        deadline: Duration,
    ) -> Result<VirtualAccount, Failed> {
        let sent = Self::send(self, prepared).deadline(deadline).await;
        value(sent)
    }

    async fn settle(
        &self,
        prepared: &PreparedCreate,
        deadline: Duration,
    ) -> Result<VirtualAccount, Failed> {
        match tokio::time::timeout(deadline, Self::settle(self, prepared)).await {
            Ok(settled) => value(settled),
            Err(_) => Err(Failed::unknown("the deadline passed before it was settled")),
        }
    }

    async fn update(
        &self,
        account: &VirtualAccount,
        change: &Change,
        external_id: ExternalId,
        deadline: Duration,
    ) -> Result<VirtualAccount, Failed> {
        let updated = Self::update(self, account, change)
            .external_id(external_id)
            .deadline(deadline)
            .await;
        value(updated)
    }

    async fn delete(
        &self,
        account: &VirtualAccount,
        external_id: ExternalId,
        deadline: Duration,
    ) -> Result<(), Failed> {
        let deleted = Self::delete(self, account)
            .external_id(external_id)
            .deadline(deadline)
            .await;
        value(deleted)
    }

    async fn status(
        &self,
        account: &VirtualAccount,
        deadline: Duration,
    ) -> Result<PaymentStatus, Failed> {
        let asked = Self::status(self, account).deadline(deadline).await;
        value(asked)
    }
}

/// What was answered, without what it took to hear it.
fn value<T>(answered: Result<Response<T>, Error>) -> Result<T, Failed> {
    Ok(answered?.value)
}

/// A call that did not end in the success it asked for.
#[derive(Debug)]
pub struct Failed {
    outcome: Outcome,
    not_found: bool,
    reason: String,
    source: Option<Box<Error>>,
}

impl Failed {
    /// Nothing was done at DOKU.
    #[must_use]
    pub fn not_done(reason: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::NotDone,
            not_found: false,
            reason: reason.into(),
            source: None,
        }
    }

    /// It may have been done.
    #[must_use]
    pub fn unknown(reason: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Unknown,
            ..Self::not_done(reason)
        }
    }

    /// Nothing was done, because DOKU knows no such account.
    #[must_use]
    pub fn no_such_account(reason: impl Into<String>) -> Self {
        Self {
            not_found: true,
            ..Self::not_done(reason)
        }
    }

    /// Whether it may have been done.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Whether DOKU said that it knows no such account.
    #[must_use]
    pub const fn is_not_found(&self) -> bool {
        self.not_found
    }

    /// Why, in one line.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The client's error, where it was the client who called.
    #[must_use]
    pub fn client_error(&self) -> Option<&Error> {
        self.source.as_deref()
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        let meaning = error.response_code().map(doku_model::ResponseCode::meaning);
        let not_found = matches!(&error, Error::Refused(_))
            && matches!(
                meaning,
                Some(Meaning::TransactionNotFound | Meaning::BillNotFound)
            );
        Self {
            outcome: error.outcome(),
            not_found,
            reason: error.to_string(),
            source: Some(Box::new(error)),
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Failed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source
            .as_ref()
            .map(|error| error as &(dyn std::error::Error + 'static))
    }
}
