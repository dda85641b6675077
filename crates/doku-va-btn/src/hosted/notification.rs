//! A payment as the handler gets it: what was paid, by what it is known, and whether it was told otherwise before.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{BuildHasher as _, Hash, Hasher, RandomState};
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use doku_model::request::Payment;
use doku_model::{ClientId, PaymentRequestId, PositiveAmount, TrxId, VirtualAccountNo};

/// A payment that DOKU notifies. Reads like the [`Payment`] inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    payment: Payment,
    key: PaymentKey,
    other_amounts: Vec<PositiveAmount>,
}

impl Notification {
    pub(super) fn new(client_id: &ClientId, payment: Payment) -> Self {
        Self {
            key: PaymentKey::of(client_id, &payment),
            payment,
            other_amounts: Vec::new(),
        }
    }

    pub(super) fn beside(&self, other_amounts: Vec<PositiveAmount>) -> Self {
        Self {
            payment: self.payment.clone(),
            key: self.key.clone(),
            other_amounts,
        }
    }

    /// What was paid.
    #[must_use]
    pub const fn payment(&self) -> &Payment {
        &self.payment
    }

    /// By what the payment is known: use it as a key, and never pay out twice for it.
    #[must_use]
    pub const fn key(&self) -> &PaymentKey {
        &self.key
    }

    /// Other amounts that were notified before under the same key. Empty as a rule.
    ///
    /// Where it is not, keep this notification and let a person look: it is no repeat, and perhaps no second payment.
    #[must_use]
    pub fn other_amounts(&self) -> &[PositiveAmount] {
        &self.other_amounts
    }
}

impl Deref for Notification {
    type Target = Payment;

    fn deref(&self) -> &Payment {
        &self.payment
    }
}

/// What one payment is known by: client id, number without padding, `trxId` and `paymentRequestId`.
///
/// The headers are not part of it, because nobody signs them, and neither is the amount: the same payment with another
/// amount is kept and flagged.
///
/// ```
/// use doku_model::request::Payment;
/// use doku_model::wire::{self, PaymentRequest};
/// use doku_va_btn::hosted::PaymentKey;
///
/// let payment = |number: &str| {
///     let body = format!(
///         r#"{{"virtualAccountNo":"{number}","paymentRequestId":"12839","paidAmount":{{"value":"1.00"}}}}"#
///     );
///     Payment::try_from(&wire::decode::<PaymentRequest<'_>>(body.as_bytes()).unwrap()).unwrap()
/// };
/// let client_id = "BRN-0211".parse()?;
/// let padded = PaymentKey::of(&client_id, &payment("   777770001"));
/// let with_zeros = PaymentKey::of(&client_id, &payment("000777770001"));
/// assert_eq!(padded, with_zeros);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub struct PaymentKey {
    /// Of the parts, made once: the key is looked up several times for each notification, and hashed again whenever a
    /// table of them grows.
    hash: u64,
    parts: Arc<Parts>,
}

struct Parts {
    client_id: ClientId,
    number: VirtualAccountNo,
    trx_id: Option<TrxId>,
    payment_request_id: PaymentRequestId,
}

/// Nobody outside knows which keys have the same hash.
static HASHES: LazyLock<RandomState> = LazyLock::new(RandomState::new);

impl PaymentKey {
    /// The key of `payment`, notified to `client_id`.
    #[must_use]
    pub fn of(client_id: &ClientId, payment: &Payment) -> Self {
        let parts = Parts {
            client_id: client_id.clone(),
            number: payment.virtual_account_no.clone(),
            trx_id: payment.trx_id.clone(),
            payment_request_id: payment.payment_request_id.clone(),
        };
        // The two that tell payments apart as a rule.
        let telling = (&parts.payment_request_id, &parts.number);
        Self {
            hash: HASHES.hash_one(telling),
            parts: Arc::new(parts),
        }
    }

    /// The merchant's client id.
    #[must_use]
    pub fn client_id(&self) -> &ClientId {
        &self.parts.client_id
    }

    /// The number's digits without padding of blanks or zeros.
    #[must_use]
    pub fn number(&self) -> &str {
        self.parts.number.normalised()
    }

    /// The merchant's invoice number, where one was told.
    #[must_use]
    pub fn trx_id(&self) -> Option<&TrxId> {
        self.parts.trx_id.as_ref()
    }

    /// The id of the payment.
    #[must_use]
    pub fn payment_request_id(&self) -> &PaymentRequestId {
        &self.parts.payment_request_id
    }
}

impl Hash for PaymentKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl PartialOrd for PaymentKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PaymentKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts.cmp(&other.parts)
    }
}

impl Parts {
    fn all(&self) -> (&ClientId, &str, Option<&TrxId>, &PaymentRequestId) {
        (
            &self.client_id,
            self.number.normalised(),
            self.trx_id.as_ref(),
            &self.payment_request_id,
        )
    }
}

impl PartialEq for Parts {
    fn eq(&self, other: &Self) -> bool {
        self.all() == other.all()
    }
}

impl Eq for Parts {}

impl PartialOrd for Parts {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Parts {
    fn cmp(&self, other: &Self) -> Ordering {
        self.all().cmp(&other.all())
    }
}

impl fmt::Debug for PaymentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentKey")
            .field("client_id", self.client_id())
            .field("number", &self.number())
            .field("trx_id", &self.trx_id())
            .field("payment_request_id", self.payment_request_id())
            .finish()
    }
}

impl fmt::Display for PaymentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.payment_request_id();
        write!(f, "payment {id} of {}", self.number())?;
        match self.trx_id() {
            Some(trx_id) => write!(f, " for {trx_id}"),
            None => Ok(()),
        }
    }
}
