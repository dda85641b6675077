//! The bank's counter with the merchant behind it: what an ATM shows, and a whole payment up to its notification.

use std::sync::Arc;

use doku_model::{PositiveAmount, VirtualAccountNo};

use crate::calls::{CallFailure, Failing, Inquired};
use crate::config::Bin;
use crate::counter::{AtmScreen, Paid, ScreenSource, TellerError};
use crate::desk::Desk;
use crate::faults::OperationName;
use crate::outbound::{Notification, Record, Told};
use crate::state::{Keeper, Memory, Offer, PayError, Payment};

impl TellerError {
    /// Why the merchant was no help.
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
