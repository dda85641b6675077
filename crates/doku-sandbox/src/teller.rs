//! The bank's counter with the merchant behind it: what an ATM shows, and a whole payment up to its notification.

use std::sync::Arc;

use doku_model::{PositiveAmount, Timestamp, VirtualAccountNo};
use serde::Serialize;

use crate::calls::{CallFailure, Failing, Inquired};
use crate::config::Bin;
use crate::desk::Desk;
use crate::faults::OperationName;
use crate::journal::Note;
use crate::outbound::{Notification, Record, Told};
use crate::state::{Keeper, Memory, Offer, PayError, Payment, written};

/// What an ATM shows before it takes money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AtmScreen {
    /// The number as the payer types it.
    pub virtual_account_no: String,
    /// Who is to be paid for.
    pub virtual_account_name: String,
    /// The merchant's invoice number, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trx_id: Option<String>,
    /// `C`, `O` or `V`.
    pub virtual_account_trx_type: &'static str,
    /// What is asked for, `11500.00`; none for an open bill.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// The least that may be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_amount: Option<String>,
    /// The most that may be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_amount: Option<String>,
    /// Whether it may be paid more than once.
    pub reusable: bool,
    /// When it stops being payable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired_date: Option<String>,
    /// Lines for the payer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub free_text: Vec<ScreenLine>,
    /// Who said so.
    pub source: ScreenSource,
    /// What is missing or wrong in the merchant's answer, where there was one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// A line for the payer, in two languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ScreenLine {
    /// English.
    pub english: String,
    /// Indonesian.
    pub indonesia: String,
}

/// Where the bank has it from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ScreenSource {
    /// DOKU's own record (DGPC, MGPC).
    Record,
    /// The merchant, who was asked (DIPC).
    Merchant,
}

/// A payment that was taken, and how the merchant was told.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Paid {
    /// The payment. It is made, whatever became of the notification.
    pub payment: Payment,
    /// The notification after its first attempt; none where the merchant hosts no notification URL.
    pub notification: Option<Notification>,
}

/// Why the bank shows nothing, or takes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TellerError {
    /// Against the rules of the bank.
    #[error(transparent)]
    Bank(#[from] PayError),
    /// The merchant should have been asked, and could not be.
    #[error("{operation} was not called: {reason}")]
    NotAsked {
        /// The call.
        operation: &'static str,
        /// What is missing.
        reason: String,
    },
    /// The merchant gave no answer.
    #[error("{operation} was not answered: {reason}")]
    NoAnswer {
        /// The call.
        operation: &'static str,
        /// Why.
        reason: String,
    },
    /// The merchant refused.
    #[error("the merchant refused {operation}: {reason}")]
    Refused {
        /// The call.
        operation: &'static str,
        /// The HTTP status.
        status: u16,
        /// `responseCode`.
        response_code: Option<String>,
        /// `responseMessage`.
        response_message: Option<String>,
        /// In a sentence.
        reason: String,
    },
    /// The merchant's answer is no use; a payer would be shown "General Error".
    #[error("the merchant's answer to {operation} cannot be used: {reason}")]
    Unusable {
        /// The call.
        operation: &'static str,
        /// In a sentence.
        reason: String,
        /// What is missing or wrong in it.
        notes: Vec<Note>,
    },
}

impl TellerError {
    /// A word for machines. What a merchant refuses for the reasons that a bank knows has the bank's word.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Bank(error) => error.kind(),
            Self::NotAsked { .. } => "notAsked",
            Self::NoAnswer { .. } => "noAnswer",
            Self::Unusable { .. } => "unusable",
            Self::Refused { response_code, .. } => match response_code.as_deref() {
                Some("4042412") => "notFound",
                Some("4042413") => "wrongAmount",
                Some("4042414") => "alreadyPaid",
                Some("4042419" | "4032400") => "expired",
                _ => "refused",
            },
        }
    }

    /// What is missing or wrong in the merchant's answer.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        match self {
            Self::Unusable { notes, .. } => notes,
            _ => &[],
        }
    }

    fn of(desk: &Desk, failure: CallFailure) -> Self {
        let operation = OperationName::outbound(failure.operation).as_str();
        let clean = |text: &str| desk.scrubber.text(text);
        match failure.what {
            Failing::NotMade(reason) => Self::NotAsked {
                operation,
                reason: clean(&reason),
            },
            Failing::NoAnswer(reason) => Self::NoAnswer {
                operation,
                reason: clean(&reason),
            },
            Failing::Refused {
                status,
                code,
                message,
                reason,
            } => Self::Refused {
                operation,
                status,
                response_code: code.map(|code| clean(&code)),
                response_message: message.map(|message| clean(&message)),
                reason: clean(&reason),
            },
            Failing::Unusable(reason) => Self::Unusable {
                operation,
                reason: clean(&reason),
                notes: failure.notes,
            },
        }
    }
}

impl AtmScreen {
    fn of(bin: &Bin, offer: &Offer, source: ScreenSource, notes: Vec<Note>) -> Self {
        let limits = offer.bill.limits();
        Self {
            virtual_account_no: format!(
                "{}{}",
                bin.partner_service_id().digits(),
                offer.customer_no
            ),
            virtual_account_name: offer.name.clone(),
            trx_id: offer.trx_id.clone(),
            virtual_account_trx_type: offer.bill.trx_type().as_str(),
            amount: written(offer.bill.amount()),
            min_amount: written(limits.and_then(|limits| limits.min())),
            max_amount: written(limits.and_then(|limits| limits.max())),
            reusable: offer.reusable,
            expired_date: offer.expired_date.as_ref().map(Timestamp::to_string),
            free_text: offer
                .free_text
                .iter()
                .map(|(english, indonesia)| ScreenLine {
                    english: english.clone(),
                    indonesia: indonesia.clone(),
                })
                .collect(),
            source,
            notes,
        }
    }
}

impl Desk {
    /// What an ATM shows for a number.
    pub(crate) async fn inquire(
        &self,
        number: &VirtualAccountNo,
    ) -> Result<AtmScreen, TellerError> {
        let keeper = self.memory().keeper(number).ok_or(PayError::NotFound)?;
        let (offer, source, notes) = match keeper {
            Keeper::Record => {
                let offer = self.memory().offer(self.clock.now(), number)?;
                (offer, ScreenSource::Record, Vec::new())
            }
            Keeper::Merchant { bin, customer_no } => {
                let asked = self.bin(bin)?;
                let Inquired { offer, notes } = self
                    .ask(bin, &asked, &customer_no)
                    .await
                    .map_err(|failure| TellerError::of(self, failure))?;
                offer.must_not_have_expired(self.clock.now())?;
                (offer, ScreenSource::Merchant, notes)
            }
        };
        let bin = self.bin(offer.bin)?;
        Ok(AtmScreen::of(&bin, &offer, source, notes))
    }

    /// Takes the money, and tells the merchant.
    ///
    /// Once the money is taken the notification is written down, and is delivered even if whoever asked goes away.
    pub(crate) async fn pay_and_notify(
        self: &Arc<Self>,
        number: &VirtualAccountNo,
        amount: PositiveAmount,
    ) -> Result<Paid, TellerError> {
        let keeper = self.memory().keeper(number).ok_or(PayError::NotFound)?;
        let (payment, record) = match keeper {
            Keeper::Record => {
                let now = self.clock.now();
                let mut memory = self.memory();
                let offer = memory.offer(now, number)?;
                let payment = memory.pay(now, number, amount)?;
                // Before the memory is let go: who keeps it keeps both or neither.
                let record = self.write_down_payment(&memory, offer, &payment)?;
                drop(memory);
                (payment, record)
            }
            Keeper::Merchant { bin, customer_no } => {
                let asked = self.bin(bin)?;
                let Inquired { offer, .. } = self
                    .ask(bin, &asked, &customer_no)
                    .await
                    .map_err(|failure| TellerError::of(self, failure))?;
                let now = self.clock.now();
                let mut memory = self.memory();
                let payment = memory.pay_direct(now, offer.clone(), amount)?;
                let record = self.write_down_payment(&memory, offer, &payment)?;
                drop(memory);
                (payment, record)
            }
        };
        self.changed();
        let notification = match record {
            None => None,
            Some(record) => {
                let (desk, told) = (Arc::clone(self), Arc::clone(&record));
                let delivered = tokio::spawn(async move { desk.deliver_scheduled(&told).await });
                // It can only have been aborted with its runtime.
                let _ended = delivered.await;
                Some(record.view())
            }
        };
        Ok(Paid {
            payment,
            notification,
        })
    }

    /// Sends a notification again; `None` where there is no such one.
    pub(crate) async fn notify_again(self: &Arc<Self>, id: u64) -> Option<Notification> {
        let record = self.outbound.notifications.by_id(id)?;
        let (desk, told) = (Arc::clone(self), Arc::clone(&record));
        let delivered = tokio::spawn(async move { desk.resend(&told).await });
        let _ended = delivered.await;
        Some(record.view())
    }

    /// Writes down what is to be told of a payment, if anybody is to be told.
    fn write_down_payment(
        &self,
        memory: &Memory,
        offer: Offer,
        payment: &Payment,
    ) -> Result<Option<Arc<Record>>, PayError> {
        let endpoints = self.outbound.endpoints(offer.bin);
        if endpoints.notification_url.is_none() {
            return Ok(None);
        }
        let bin = memory.bin(offer.bin).ok_or(PayError::NotFound)?;
        let told = Told {
            bin,
            index: offer.bin,
            offer,
            payment: payment.clone(),
        };
        Ok(Some(self.outbound.notifications.add(told)))
    }

    fn bin(&self, index: u16) -> Result<Bin, PayError> {
        // The numbers of BINs come from the list of BINs, which does not change.
        self.memory().bin(index).ok_or(PayError::NotFound)
    }
}
