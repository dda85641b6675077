//! Create: prepare, send, and find the way out where the answer was lost.

use doku_model::{CustomerNo, Meaning, Operation, PartnerServiceId, Timestamp, wire};

use super::call::{Call, CallOptions};
use super::integrity::created;
use super::prepared::PreparedCreate;
use super::verdict::examined;
use super::{Client, Inner, outgoing};
use crate::answer::Response;
use crate::create_va::{CreateVa, Mode};
use crate::error::{BuildError, Error, Outcome};
use crate::virtual_account::VirtualAccount;

impl Client {
    /// Creates a virtual account: [`prepare`](Self::prepare) and [`send`](Self::send) in one.
    ///
    /// Where DOKU knows the trxId already and shows that the account is the one that is asked for, that account is returned, and
    /// [`Answer::is_of_an_earlier_call`](crate::Answer::is_of_an_earlier_call) says so: it may have been paid or deleted since.
    ///
    /// Where the answer is lost the error says [`Outcome::Unknown`](crate::Outcome::Unknown), and a second call would ask
    /// for a second account. Whoever must not lose track of one prepares first.
    ///
    /// # Errors
    ///
    /// [`Error::Build`] before anything is sent, and each phase after it.
    pub fn create<'a>(&'a self, order: &'a CreateVa) -> Call<'a, VirtualAccount> {
        Call::new(async move |options: CallOptions| {
            let prepared = self.inner.prepare(order, &options)?;
            self.inner.create(&prepared, &options).await
        })
    }

    /// Makes a create that can be written down before it is sent.
    ///
    /// # Errors
    ///
    /// [`Error::Build`] where no BIN or no prefix is known.
    pub fn prepare(&self, order: &CreateVa) -> Result<PreparedCreate, Error> {
        self.inner.prepare(order, &CallOptions::default())
    }

    /// Sends a prepared create, for the first time or again. An external id given to the call is ignored: the prepared
    /// one counts.
    ///
    /// Sending it again on the same day is safe: DOKU knows the external id and answers as before. The answer counts as
    /// success only if its trxId, bill and expiry are those that were asked for.
    ///
    /// # Errors
    ///
    /// [`BuildError::AnotherDay`] where the day has changed in Jakarta or in UTC since it was prepared, and each phase of
    /// a call. The [`outcome`](Error::outcome) is that of this sending; of all of them together, ask
    /// [`settle`](Self::settle).
    pub fn send<'a>(&'a self, prepared: &'a PreparedCreate) -> Call<'a, VirtualAccount> {
        Call::new(async move |options: CallOptions| {
            self.inner.still_today(prepared)?;
            self.inner.create(prepared, &options).await
        })
    }

    /// Finds out what became of a prepared create whose outcome is unknown.
    ///
    /// On the day it was prepared it is sent again. Where that does not decide it, or the day has changed, check status
    /// is asked about an MGPC number, and counts where it names the trxId that was sent. A DGPC number is not known before
    /// DOKU tells it, so the outcome stays unknown until a notification or a person settles it.
    ///
    /// # Errors
    ///
    /// The error of the last question. Its [`outcome`](Error::outcome) speaks of the account, not of the question: it is
    /// [`Outcome::NotDone`] only where DOKU refuses what was asked for, as it must have done the first time. Where a
    /// question could not be asked, or was refused for another reason, it is [`Error::Unsettled`].
    pub async fn settle(
        &self,
        prepared: &PreparedCreate,
    ) -> Result<Response<VirtualAccount>, Error> {
        let undecided = match self.send(prepared).await {
            Err(error) if !decides(&error) => error,
            decided => return decided,
        };
        if prepared.order.mode != Mode::MerchantGenerated {
            return Err(unsettled(prepared, undecided));
        }
        match self.inner.find_registered(prepared).await {
            Ok(Some(found)) => Ok(found),
            Ok(None) => Err(unsettled(prepared, undecided)),
            Err(error) => Err(unsettled(prepared, error)),
        }
    }
}

/// Whether the answer to a repeated create says what became of the first: a refusal of its content, which was the same
/// then, byte for byte. A refusal of the token, the signature or the moment says nothing of it.
fn decides(error: &Error) -> bool {
    matches!(
        error,
        Error::Refused(answer) if matches!(
            answer.meaning(),
            Meaning::BadRequest
                | Meaning::InvalidFieldFormat
                | Meaning::InvalidMandatoryField
                | Meaning::InvalidParameter
                | Meaning::FeatureNotAllowed
                | Meaning::NotPermitted
        )
    )
}

/// The error that says of the account what `error` may say of the last question only.
fn unsettled(prepared: &PreparedCreate, error: Error) -> Error {
    match error.outcome() {
        Outcome::Unknown => error,
        Outcome::NotDone => Error::Unsettled {
            external_id: prepared.external_id.clone(),
            source: Box::new(error),
        },
    }
}

impl Inner {
    fn prepare(&self, order: &CreateVa, options: &CallOptions) -> Result<PreparedCreate, Error> {
        let partner_service_id: PartnerServiceId = order
            .partner_service_id
            .clone()
            .or_else(|| self.config.partner_service_id.clone())
            .ok_or(BuildError::NoPartnerServiceId)?;
        let customer_no: CustomerNo = order
            .customer_no
            .clone()
            .or_else(|| self.config.customer_no_prefix.clone())
            .ok_or(BuildError::NoPrefix)?;
        let channel = self.config.channel.clone();
        let payload = outgoing::create(
            order,
            &partner_service_id,
            &customer_no,
            &channel,
            &self.config.dialect,
        );
        // JSON is UTF-8; the second way is for the type alone.
        let body = String::from_utf8(wire::encode(&payload))
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Ok(PreparedCreate {
            external_id: self.external_id(options),
            prepared_at: Timestamp::wib(self.clock.now()),
            body,
            partner_service_id,
            customer_no,
            channel,
            order: order.clone(),
        })
    }

    fn still_today(&self, prepared: &PreparedCreate) -> Result<(), Error> {
        if prepared.is_of_today(self.clock.now()) {
            Ok(())
        } else {
            let prepared_at = prepared.prepared_at.clone();
            Err(BuildError::AnotherDay { prepared_at }.into())
        }
    }

    async fn create(
        &self,
        prepared: &PreparedCreate,
        options: &CallOptions,
    ) -> Result<Response<VirtualAccount>, Error> {
        let received = self
            .exchange(
                Operation::CreateVa,
                &prepared.bytes(),
                &prepared.external_id,
                options.deadline,
            )
            .await?;
        examined(
            received.verdict().success_or_earlier()?,
            |response, proof| created(prepared, response, proof),
        )
    }
}
