//! A create that can be written down before it is sent.

use std::fmt;

use bytes::Bytes;
use doku_model::{
    Channel, CustomerNo, ExternalId, FieldError, PartnerServiceId, Timestamp, TrxId,
    VirtualAccountNo, WIB,
};
use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, UtcOffset};

use crate::create_va::{CreateVa, Mode};
use crate::virtual_account::VirtualAccount;

/// A create, ready to be sent: its external id and its exact bytes.
///
/// Store it (it serialises with serde) before it is sent, and a crash or a lost answer can be resolved: sending it again
/// on the same day asks for the same virtual account, never for a second one. Each time it is sent it is signed afresh.
///
/// `Debug` shows the length of the body only: it holds personal data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PreparedCreate {
    pub(crate) external_id: ExternalId,
    pub(crate) prepared_at: Timestamp,
    pub(crate) body: String,
    pub(crate) partner_service_id: PartnerServiceId,
    /// As sent; of DGPC, the prefix.
    pub(crate) customer_no: CustomerNo,
    pub(crate) channel: Channel,
    pub(crate) order: CreateVa,
}

impl PreparedCreate {
    /// X-EXTERNAL-ID, the same each time it is sent.
    #[must_use]
    pub const fn external_id(&self) -> &ExternalId {
        &self.external_id
    }

    /// The merchant's invoice number.
    #[must_use]
    pub const fn trx_id(&self) -> &TrxId {
        &self.order.trx_id
    }

    /// The body that is signed and sent, byte for byte.
    #[must_use]
    pub const fn body(&self) -> &str {
        self.body.as_str()
    }

    /// When it was prepared.
    #[must_use]
    pub const fn prepared_at(&self) -> &Timestamp {
        &self.prepared_at
    }

    /// What was asked for.
    #[must_use]
    pub const fn order(&self) -> &CreateVa {
        &self.order
    }

    /// Whether its external id still protects it at `now`: DOKU remembers ids for a day, and does not say whether that is
    /// a day of Jakarta or of UTC, so both must be the day it was prepared on.
    #[must_use]
    pub fn is_of_today(&self, now: OffsetDateTime) -> bool {
        let then = self.prepared_at.instant();
        [UtcOffset::UTC, WIB].into_iter().all(|offset| {
            let day =
                |moment: OffsetDateTime| moment.checked_to_offset(offset).map(OffsetDateTime::date);
            day(then).is_some_and(|then| day(now) == Some(then))
        })
    }

    /// The account that DOKU made of this, where its number is all that is known of the answer: as a person reads it in DOKU's
    /// back office.
    ///
    /// # Errors
    ///
    /// A number that cannot be of this create: another BIN, or another customer number or prefix than was sent.
    pub fn made_as(&self, number: &VirtualAccountNo) -> Result<VirtualAccount, FieldError> {
        let sent = self.customer_no.as_str();
        let customer_no = number
            .customer_no(&self.partner_service_id)
            .filter(|whole| match self.order.mode {
                Mode::DokuGenerated => {
                    whole.as_str().len() > sent.len() && whole.as_str().starts_with(sent)
                }
                Mode::MerchantGenerated | Mode::DirectInquiry => whole.as_str() == sent,
            })
            .ok_or_else(|| {
                FieldError::rule(
                    VirtualAccountNo::FIELD,
                    "must be the BIN and the customer number that were sent, of a generated number its beginning",
                )
            })?;
        Ok(VirtualAccount {
            customer_no,
            ..self.as_registered()
        })
    }

    /// The account this create asks for, under the number that was sent. Right for MGPC, where that is the whole number.
    pub(crate) fn as_registered(&self) -> VirtualAccount {
        VirtualAccount {
            mode: self.order.mode,
            partner_service_id: self.partner_service_id.clone(),
            sent_customer_no: self.customer_no.clone(),
            customer_no: self.customer_no.clone(),
            trx_id: self.order.trx_id.clone(),
            channel: self.channel.clone(),
            name: self.order.name.clone(),
            bill: self.order.bill,
            reusable: self.order.reusable,
            expired_date: self.order.expired_date.clone(),
            how_to_pay_page: None,
            how_to_pay_api: None,
        }
    }

    pub(crate) fn bytes(&self) -> Bytes {
        Bytes::copy_from_slice(self.body.as_bytes())
    }
}

impl fmt::Debug for PreparedCreate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreparedCreate")
            .field("external_id", &self.external_id)
            .field("prepared_at", &self.prepared_at)
            .field("trx_id", &self.order.trx_id)
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use doku_model::Bill;
    use time::macros::datetime;

    use super::*;

    fn prepared(at: OffsetDateTime) -> PreparedCreate {
        PreparedCreate {
            external_id: "1".parse().unwrap(),
            prepared_at: Timestamp::wib(at),
            body: "{}".to_owned(),
            partner_service_id: "95962".parse().unwrap(),
            customer_no: "6".parse().unwrap(),
            channel: Channel::btn(),
            order: CreateVa::doku_generated(
                "INV-1".parse().unwrap(),
                "Budi".parse().unwrap(),
                Bill::Open(None),
            ),
        }
    }

    #[test]
    fn today_ends_at_midnight_in_jakarta_and_at_midnight_in_utc() {
        let morning = prepared(datetime!(2026-01-31 08:00 +07:00));
        assert!(morning.is_of_today(datetime!(2026-01-31 23:59:59 +07:00)));
        assert!(!morning.is_of_today(datetime!(2026-02-01 00:00 +07:00)));
        // 06:59 in Jakarta is still yesterday in UTC.
        let early = prepared(datetime!(2026-01-31 06:59 +07:00));
        assert!(!early.is_of_today(datetime!(2026-01-31 07:00 +07:00)));
        assert!(early.is_of_today(datetime!(2026-01-31 06:59:59 +07:00)));
    }

    #[test]
    fn a_number_that_was_not_asked_for_is_not_of_it() {
        let generated = prepared(datetime!(2026-01-31 08:00 +07:00));
        for number in [
            "9596260000161862",
            "   9596260000161862",
            "0009596260000161862",
        ] {
            let made = generated.made_as(&number.parse().unwrap()).unwrap();
            assert_eq!(made.customer_no().as_str(), "60000161862");
            assert_eq!(made.sent_customer_no().as_str(), "6");
            assert_eq!(made.number_as_typed(), "9596260000161862");
        }
        // Another prefix, another BIN, and the prefix alone.
        for number in ["9596270000161862", "7706260000161862", "959626"] {
            assert!(
                generated.made_as(&number.parse().unwrap()).is_err(),
                "{number}"
            );
        }
        let own = PreparedCreate {
            customer_no: "60001".parse().unwrap(),
            order: CreateVa::merchant_generated(
                "60001".parse().unwrap(),
                "INV-1".parse().unwrap(),
                "Budi".parse().unwrap(),
                Bill::Open(None),
            ),
            ..generated
        };
        assert!(own.made_as(&"9596260001".parse().unwrap()).is_ok());
        assert!(own.made_as(&"95962600011".parse().unwrap()).is_err());
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_day_of_today() {
        let last = datetime!(9999-12-31 23:59:59 -07:00);
        assert!(!prepared(last).is_of_today(last));
    }

    #[test]
    fn a_clock_that_went_back_a_day_does_not_count_as_today() {
        let prepared = prepared(datetime!(2026-01-31 12:00 +07:00));
        assert!(!prepared.is_of_today(datetime!(2026-01-30 12:00 +07:00)));
    }
}
