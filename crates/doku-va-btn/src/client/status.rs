//! Check status: was it paid? Never answered with what another account did.

use bytes::Bytes;
use doku_model::wire::{self, CheckStatusResponse, optional};
use doku_model::{CustomerNo, Meaning, Operation, PaymentFlag, PaymentRequestId};
use tokio::time::Instant;

use super::call::{Call, CallOptions};
use super::integrity::{Said, status_of};
use super::prepared::PreparedCreate;
use super::verdict::not_understood;
use super::{Client, Inner, outgoing};
use crate::answer::{Answer, Response};
use crate::dialect::StatusNumbers;
use crate::error::Error;
use crate::payment_status::{PaymentStatus, UnknownStatus};
use crate::virtual_account::VirtualAccount;

impl Client {
    /// Whether a virtual account was paid. DOKU asks not to be asked within 60 seconds of a payment.
    ///
    /// After DGPC there are two numbers to ask with; where the answer to the first does not identify this account, the
    /// other one is asked too, under an external id of its own and within the same deadline. An answer counts only if it names this account's trxId or,
    /// naming none, its full number; otherwise the status is [`PaymentStatus::Unknown`].
    ///
    /// # Errors
    ///
    /// Each phase of a call. A call that only asks changes nothing, whatever became of it.
    pub fn status<'a>(&'a self, va: &'a VirtualAccount) -> Call<'a, PaymentStatus> {
        Call::new(async move |options: CallOptions| self.inner.status(va, options).await)
    }
}

impl Inner {
    async fn status(
        &self,
        va: &VirtualAccount,
        mut options: CallOptions,
    ) -> Result<Response<PaymentStatus>, Error> {
        let started = Instant::now();
        let deadline = options.deadline.unwrap_or(self.config.retry.deadline);
        let [first, second] = self.numbers_to_ask(va);
        let first = self.ask(va, first, &options).await;
        if !va.has_two_numbers() || first.as_ref().is_ok_and(|said| said.value.is_decided()) {
            return first;
        }
        // A refusal of one number says nothing of the other; every other error does.
        if !matches!(first, Ok(_) | Err(Error::Refused(_))) {
            return first;
        }
        let left = deadline.saturating_sub(started.elapsed());
        if left.is_zero() {
            return first;
        }
        options = CallOptions {
            external_id: None,
            deadline: Some(left),
        };
        match (first, self.ask(va, second, &options).await) {
            (Ok(first), Err(Error::Refused(_))) => Ok(first),
            (_, second) => second,
        }
    }

    fn numbers_to_ask<'v>(&self, va: &'v VirtualAccount) -> [&'v CustomerNo; 2] {
        match self.config.dialect.status_numbers {
            StatusNumbers::AsSent => [&va.sent_customer_no, &va.customer_no],
            StatusNumbers::AsReturned => [&va.customer_no, &va.sent_customer_no],
        }
    }

    async fn ask(
        &self,
        va: &VirtualAccount,
        customer_no: &CustomerNo,
        options: &CallOptions,
    ) -> Result<Response<PaymentStatus>, Error> {
        match self.asked(va, customer_no, options).await {
            Ok(answer) => read(va, answer).map(|said| said.map(|said| said.status)),
            Err(Error::Refused(answer)) => {
                // A refusal names no account. One that answers the full number can only mean this one.
                let unmistakable = *customer_no == va.customer_no;
                let status = match answer.meaning() {
                    Meaning::TransactionExpired | Meaning::BillExpired if unmistakable => {
                        PaymentStatus::Expired
                    }
                    Meaning::TransactionExpired | Meaning::BillExpired => {
                        PaymentStatus::Unknown(UnknownStatus::NotIdentified)
                    }
                    Meaning::TransactionNotFound | Meaning::BillNotFound => {
                        PaymentStatus::Unknown(UnknownStatus::NotFound)
                    }
                    _ => return Err(Error::Refused(answer)),
                };
                Ok(Response::new(status, *answer))
            }
            Err(error) => Err(error),
        }
    }

    /// The answer to check status under one of the numbers, where it is a success.
    async fn asked(
        &self,
        va: &VirtualAccount,
        customer_no: &CustomerNo,
        options: &CallOptions,
    ) -> Result<Answer, Error> {
        let request = outgoing::status(&va.partner_service_id, customer_no);
        let body = Bytes::from(wire::encode(&request));
        let external_id = self.external_id(options);
        let received = self
            .exchange(
                Operation::CheckStatus,
                &body,
                &external_id,
                options.deadline,
            )
            .await?;
        received.verdict().success().map(|(answer, _)| answer)
    }

    /// The account of an MGPC create whose answer was lost, if DOKU knows it under the number and trxId that were sent.
    ///
    /// The number alone proves nothing: it may have been registered before, under another trxId and with another bill.
    pub(super) async fn find_registered(
        &self,
        prepared: &PreparedCreate,
    ) -> Result<Option<Response<VirtualAccount>>, Error> {
        let sought = prepared.as_registered();
        let options = CallOptions::default();
        let answer = match self.asked(&sought, &sought.customer_no, &options).await {
            Ok(answer) => answer,
            // No refusal names a trxId.
            Err(Error::Refused(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let said = read(&sought, answer)?;
        let exists = said.value.by_trx_id && said.value.status.is_decided();
        Ok(exists.then(|| said.map(|_| sought)))
    }
}

/// What an answer says, and whether it names the trxId of the account.
struct Reading {
    status: PaymentStatus,
    by_trx_id: bool,
}

fn read(va: &VirtualAccount, answer: Answer) -> Result<Response<Reading>, Error> {
    // Cheap: the bytes are shared.
    let raw = answer.raw.clone();
    let response = match wire::decode::<CheckStatusResponse<'_>>(&raw) {
        Ok(response) => response,
        Err(source) => return Err(not_understood(answer, source)),
    };
    let reading = status_of(va, &response).map_or(
        Reading {
            status: PaymentStatus::Unknown(UnknownStatus::NotIdentified),
            by_trx_id: false,
        },
        |said| Reading {
            status: status(&said),
            by_trx_id: said.by_trx_id,
        },
    );
    Ok(Response::new(reading, answer))
}

fn status(said: &Said<'_, '_>) -> PaymentStatus {
    let data = said.data;
    match said.flag {
        PaymentFlag::Pending => PaymentStatus::Pending,
        PaymentFlag::Expired => PaymentStatus::Expired,
        // What is beside the point of being paid is told where it can be read.
        PaymentFlag::Paid => PaymentStatus::Paid {
            amount: data.paid_amount.as_ref().and_then(|money| {
                optional("paidAmount.value", money.value.as_ref())
                    .ok()
                    .flatten()
            }),
            payment_request_id: optional(PaymentRequestId::FIELD, data.payment_request_id.as_ref())
                .ok()
                .flatten(),
        },
        _ => PaymentStatus::Unknown(UnknownStatus::UnknownWord),
    }
}
