//! Check status: was it paid? Never answered with what another account did.

use bytes::Bytes;
use doku_model::wire::{self, CheckStatusResponse, optional};
use doku_model::{CustomerNo, Meaning, Operation, PaymentFlag, PaymentRequestId};

use super::call::{Call, CallOptions};
use super::integrity::status_of;
use super::prepared::PreparedCreate;
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
    /// other one is asked too, under an external id of its own. An answer counts only if it names this account's trxId or,
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
    pub(super) async fn status(
        &self,
        va: &VirtualAccount,
        mut options: CallOptions,
    ) -> Result<Response<PaymentStatus>, Error> {
        let first = self.ask(va, self.first_number(va), &options).await;
        if !va.has_two_numbers() || first.as_ref().is_ok_and(|said| said.value.is_decided()) {
            return first;
        }
        // A refusal of one number says nothing of the other; every other error does.
        if !matches!(first, Ok(_) | Err(Error::Refused(_))) {
            return first;
        }
        options.external_id = None;
        match (first, self.ask(va, self.second_number(va), &options).await) {
            (Ok(first), Err(Error::Refused(_))) => Ok(first),
            (_, second) => second,
        }
    }

    fn first_number<'v>(&self, va: &'v VirtualAccount) -> &'v CustomerNo {
        match self.config.dialect.status_numbers {
            StatusNumbers::AsSent => &va.sent_customer_no,
            StatusNumbers::AsReturned => &va.customer_no,
        }
    }

    fn second_number<'v>(&self, va: &'v VirtualAccount) -> &'v CustomerNo {
        match self.config.dialect.status_numbers {
            StatusNumbers::AsSent => &va.customer_no,
            StatusNumbers::AsReturned => &va.sent_customer_no,
        }
    }

    async fn ask(
        &self,
        va: &VirtualAccount,
        customer_no: &CustomerNo,
        options: &CallOptions,
    ) -> Result<Response<PaymentStatus>, Error> {
        let request = outgoing::status(&va.partner_service_id, customer_no);
        let body = Bytes::from(wire::encode(&request));
        let external_id = self.external_id(options);
        let asked = self
            .exchange(
                Operation::CheckStatus,
                &body,
                &external_id,
                options.deadline,
            )
            .await;
        match asked {
            Ok(answer) => read(va, answer),
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

    /// The account of an MGPC create whose answer was lost, if DOKU knows it under the number and trxId that were sent.
    pub(super) async fn find_registered(
        &self,
        prepared: &PreparedCreate,
    ) -> Result<Option<Response<VirtualAccount>>, Error> {
        let sought = prepared.as_registered();
        let said = self.status(&sought, CallOptions::default()).await?;
        let exists = match said.value {
            PaymentStatus::Paid { .. } | PaymentStatus::Pending => true,
            // Expired may have been said by a code that names no trxId, and an unknown word proves nothing.
            PaymentStatus::Expired | PaymentStatus::Unknown(_) => false,
        };
        Ok(exists.then(|| said.map(|_| sought)))
    }
}

fn read(va: &VirtualAccount, answer: Answer) -> Result<Response<PaymentStatus>, Error> {
    let raw = answer.raw.clone();
    let response = match wire::decode::<CheckStatusResponse<'_>>(&raw) {
        Ok(response) => response,
        Err(source) => {
            return Err(Error::NotUnderstood {
                answer: Box::new(answer),
                source,
            });
        }
    };
    let status = match status_of(va, &response) {
        None => PaymentStatus::Unknown(UnknownStatus::NotIdentified),
        Some((_, PaymentFlag::Pending)) => PaymentStatus::Pending,
        Some((_, PaymentFlag::Expired)) => PaymentStatus::Expired,
        Some((data, PaymentFlag::Paid)) => PaymentStatus::Paid {
            amount: data.paid_amount.as_ref().and_then(|money| {
                optional("paidAmount.value", money.value.as_ref())
                    .ok()
                    .flatten()
            }),
            payment_request_id: optional(PaymentRequestId::FIELD, data.payment_request_id.as_ref())
                .ok()
                .flatten(),
        },
        Some((_, _)) => PaymentStatus::Unknown(UnknownStatus::UnknownWord),
    };
    Ok(Response::new(status, answer))
}
