//! Making numbers up: at random, and never one that is taken.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use doku_model::{CustomerNo, FieldError, PartnerServiceId};

use super::handled::StoreError;
use super::payment_code::PaymentCode;

/// The most digits a merchant may choose.
const MOST_DIGITS: usize = 20;

/// How often another number is tried before giving up.
const ATTEMPTS: u32 = 16;

/// Makes payment codes: the BIN, perhaps a prefix, and random digits.
///
/// Random, so that nobody finds a valid number by counting. Unique, because each is taken in a store before it is given;
/// where it was taken already another one is tried, up to 16 times.
///
/// ```
/// use std::sync::Arc;
/// use doku_va_btn::hosted::{PaymentCodes, TakenInMemory};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let codes = PaymentCodes::new("77062".parse()?, 11, Arc::new(TakenInMemory::new()))?;
/// let code = codes.next().await?;
/// assert_eq!(code.to_string().len(), 16);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PaymentCodes {
    partner_service_id: PartnerServiceId,
    prefix: String,
    random_digits: usize,
    store: Arc<dyn PaymentCodeStore>,
}

impl PaymentCodes {
    /// Codes with `digits` digits after the BIN, 1 to 20.
    ///
    /// # Errors
    ///
    /// [`PaymentCodesError::Digits`] for another number of digits, [`PaymentCodesError::Field`] for a BIN of zeros only.
    pub fn new(
        partner_service_id: PartnerServiceId,
        digits: usize,
        store: Arc<dyn PaymentCodeStore>,
    ) -> Result<Self, PaymentCodesError> {
        Self::make(partner_service_id, String::new(), digits, store)
    }

    /// Codes with `digits` digits after the BIN, the first of them `prefix` ("Prefix Customer No" in the back office).
    ///
    /// # Errors
    ///
    /// As [`PaymentCodes::new`]; the prefix must leave at least one digit.
    pub fn with_prefix(
        partner_service_id: PartnerServiceId,
        prefix: &CustomerNo,
        digits: usize,
        store: Arc<dyn PaymentCodeStore>,
    ) -> Result<Self, PaymentCodesError> {
        Self::make(
            partner_service_id,
            prefix.as_str().to_owned(),
            digits,
            store,
        )
    }

    fn make(
        partner_service_id: PartnerServiceId,
        prefix: String,
        digits: usize,
        store: Arc<dyn PaymentCodeStore>,
    ) -> Result<Self, PaymentCodesError> {
        let random_digits = digits
            .checked_sub(prefix.len())
            .filter(|random| *random > 0 && digits <= MOST_DIGITS)
            .ok_or(PaymentCodesError::Digits {
                prefix: prefix.len(),
                digits,
            })?;
        let codes = Self {
            partner_service_id,
            prefix,
            random_digits,
            store,
        };
        // Whatever the digits turn out to be, the code will be valid.
        codes.code(&"0".repeat(random_digits))?;
        Ok(codes)
    }

    /// A code that nobody has.
    ///
    /// # Errors
    ///
    /// [`NoPaymentCode`] where the store or the operating system fails, or all that were tried are taken.
    pub async fn next(&self) -> Result<PaymentCode, NoPaymentCode> {
        for _ in 0..ATTEMPTS {
            let code = self.code(&random_digits(self.random_digits)?)?;
            if self.store.take(&code).await? {
                return Ok(code);
            }
        }
        Err(NoPaymentCode::AllTaken { attempts: ATTEMPTS })
    }

    fn code(&self, random: &str) -> Result<PaymentCode, FieldError> {
        let customer_no = format!("{}{random}", self.prefix).parse()?;
        PaymentCode::new(self.partner_service_id.clone(), customer_no)
    }
}

impl fmt::Debug for PaymentCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentCodes")
            .field("partner_service_id", &self.partner_service_id)
            .field("prefix", &self.prefix)
            .field("random_digits", &self.random_digits)
            .finish_non_exhaustive()
    }
}

/// Digits from the operating system, each as likely as any other.
fn random_digits(count: usize) -> Result<String, getrandom::Error> {
    /// Multiples of ten below 256 end here; a byte above would favour the low digits.
    const FAIR: u8 = 250;
    let mut digits = String::with_capacity(count);
    let mut bytes = [0_u8; 32];
    while digits.len() < count {
        getrandom::fill(&mut bytes)?;
        let fair = bytes.iter().filter(|byte| **byte < FAIR);
        let missing = count - digits.len();
        digits.extend(fair.take(missing).map(|byte| char::from(b'0' + byte % 10)));
    }
    Ok(digits)
}

/// Remembers which codes are taken. Replicas share one.
#[async_trait]
pub trait PaymentCodeStore: Send + Sync + 'static {
    /// Takes `code`; `false` where it was taken before. Of two calls with the same code one gets `true`.
    async fn take(&self, code: &PaymentCode) -> Result<bool, StoreError>;
}

/// Codes in memory, for one process and its life: 1,000,000 by default, and an error beyond.
pub struct TakenInMemory {
    capacity: usize,
    taken: Mutex<HashSet<PaymentCode>>,
}

impl TakenInMemory {
    /// Room for 1,000,000 codes.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(1_000_000)
    }

    /// Room for `capacity` codes.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            capacity,
            taken: Mutex::default(),
        }
    }
}

impl Default for TakenInMemory {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for TakenInMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TakenInMemory")
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl PaymentCodeStore for TakenInMemory {
    async fn take(&self, code: &PaymentCode) -> Result<bool, StoreError> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.len() >= self.capacity && !taken.contains(code) {
            return Err(StoreError::Full {
                capacity: self.capacity,
            });
        }
        Ok(taken.insert(code.clone()))
    }
}

/// Codes cannot be made this way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PaymentCodesError {
    /// Too many digits, or none that are left to chance.
    #[error(
        "a code has 1 to 20 digits after the BIN, at least one of them beyond the prefix; asked for {digits} with a prefix of {prefix}"
    )]
    Digits {
        /// Digits of the prefix.
        prefix: usize,
        /// Digits asked for, prefix included.
        digits: usize,
    },
    /// The BIN does not serve.
    #[error(transparent)]
    Field(#[from] FieldError),
}

/// There is no code to give.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NoPaymentCode {
    /// Everything that was tried is taken: nearly all codes of this length are.
    #[error("{attempts} random codes were all taken; make the codes longer")]
    AllTaken {
        /// How many.
        attempts: u32,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system gave no random numbers.
    #[error("the operating system gave no random numbers for a code")]
    NoRandomNumbers(#[from] getrandom::Error),
    /// The code is not valid, which the constructor excludes.
    #[error(transparent)]
    Field(#[from] FieldError),
}
