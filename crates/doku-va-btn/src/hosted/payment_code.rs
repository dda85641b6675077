//! A number that the merchant makes up itself (DIPC).

use std::fmt;

use doku_model::request::Numbers;
use doku_model::{CustomerNo, FieldError, PartnerServiceId, VirtualAccountNo};

/// A number of the merchant's own, which DOKU asks about when somebody types it.
///
/// It is the merchant's BIN, padded to 8 characters, and 1 to 20 digits of the merchant's choice: at most 28 characters.
/// What the payer types is the same without the padding; a BIN of 5 digits leaves 20 to choose.
///
/// ```
/// use doku_va_btn::hosted::PaymentCode;
///
/// let code = PaymentCode::new("77062".parse()?, "2007".parse()?)?;
/// assert_eq!(code.to_string(), "770622007");
/// assert_eq!(code.virtual_account_no().as_str(), "   770622007");
/// assert!(code.is(&"000770622007".parse()?));
/// # Ok::<(), doku_model::FieldError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PaymentCode {
    numbers: Numbers,
}

impl PaymentCode {
    /// The code made of its two parts.
    ///
    /// # Errors
    ///
    /// A BIN of zeros only: it could not be told from the padding of another number.
    pub fn new(
        partner_service_id: PartnerServiceId,
        customer_no: CustomerNo,
    ) -> Result<Self, FieldError> {
        if partner_service_id
            .digits()
            .bytes()
            .all(|digit| digit == b'0')
        {
            return Err(FieldError::rule(
                PartnerServiceId::FIELD,
                "must not be zeros only",
            ));
        }
        Ok(Self {
            numbers: Numbers::of(partner_service_id, customer_no),
        })
    }

    /// The code that a payer typed or DOKU asks about, in any padding.
    ///
    /// # Errors
    ///
    /// A number that does not begin with the BIN, or ends with it.
    pub fn from_number(
        partner_service_id: PartnerServiceId,
        number: &VirtualAccountNo,
    ) -> Result<Self, FieldError> {
        let customer_no = number.customer_no(&partner_service_id).ok_or_else(|| {
            FieldError::rule(
                VirtualAccountNo::FIELD,
                "must be partnerServiceId followed by 1 to 20 digits",
            )
        })?;
        Self::new(partner_service_id, customer_no)
    }

    /// The merchant's BIN.
    #[must_use]
    pub const fn partner_service_id(&self) -> &PartnerServiceId {
        &self.numbers.partner_service_id
    }

    /// The digits of the merchant's choice.
    #[must_use]
    pub const fn customer_no(&self) -> &CustomerNo {
        &self.numbers.customer_no
    }

    /// Both together, padded as the wire wants it.
    #[must_use]
    pub const fn virtual_account_no(&self) -> &VirtualAccountNo {
        &self.numbers.virtual_account_no
    }

    /// Whether `number` is this code, however it is padded.
    #[must_use]
    pub fn is(&self, number: &VirtualAccountNo) -> bool {
        self.virtual_account_no() == number
    }
}

impl fmt::Display for PaymentCode {
    /// What the payer types.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.virtual_account_no().digits())
    }
}
