//! A transaction that is half verified: what comes before the body's hash was taken in already.

use std::fmt;

use hmac::{Hmac, Mac as _};
use sha2::Sha512;

use crate::bearer::Bearer;
use crate::body::BodyHash;
use crate::signature::{Signature, SignatureMismatch};
use crate::string_to_sign::{Formula, SNAP_TRANSACTION};

/// Method, path and token stand before what differs from call to call.
const BEGINNING: usize = 3;

/// The HMAC of [`ClientSecret`](crate::ClientSecret) after `METHOD:path:token:`, where the body's hash follows.
///
/// A token lives for many calls and is most of what they sign. Whoever keeps this beside a token hashes the rest alone. It
/// is as secret as the key: it is wiped when it is dropped, and `Debug` shows nothing of it.
///
/// ```
/// use doku_sign::{Bearer, ClientSecret, MinifiedBody, Signature, SnapTransaction};
///
/// let secret = ClientSecret::new("SK-EXAMPLE")?;
/// let token = Bearer::from_authorization("Bearer TOKEN")?;
/// let begun = secret.begin_transaction("POST", "/path", token);
///
/// let transaction = SnapTransaction {
///     method: "POST",
///     path: "/path",
///     token,
///     body_hash: &MinifiedBody::of(b"{}").sha256_hex(),
///     timestamp: "2024-03-19T14:39:01+07:00",
/// };
/// let signature = secret.sign(&transaction.string_to_sign());
/// begun.verify(transaction.body_hash, transaction.timestamp, &signature)?;
/// assert_eq!(format!("{begun:?}"), "BegunTransaction(..)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct BegunTransaction(Hmac<Sha512>);

impl BegunTransaction {
    pub(crate) fn new(
        mut keyed: Hmac<Sha512>,
        method: &str,
        path: &str,
        token: Bearer<'_>,
    ) -> Self {
        let (beginning, _) = formula();
        let parts = [method, path, token.expose()].map(str::as_bytes);
        take_in(&mut keyed, beginning, &parts);
        Self(keyed)
    }

    /// Verifies the signature of a transaction that began like this, in constant time.
    ///
    /// # Errors
    ///
    /// [`SignatureMismatch`] when it was made with another secret or over another text.
    pub fn verify(
        &self,
        body_hash: &BodyHash,
        timestamp: &str,
        signature: &Signature,
    ) -> Result<(), SignatureMismatch> {
        self.clone().verified(body_hash, timestamp, signature)
    }

    pub(crate) fn verified(
        self,
        body_hash: &BodyHash,
        timestamp: &str,
        signature: &Signature,
    ) -> Result<(), SignatureMismatch> {
        let Self(mut mac) = self;
        let (_, rest) = formula();
        let parts = [body_hash.as_bytes(), timestamp.as_bytes()];
        take_in(&mut mac, rest, &parts);
        signature.must_equal(&mac.finalize().into_bytes())
    }
}

fn formula() -> (&'static Formula, &'static Formula) {
    SNAP_TRANSACTION
        .split_at_checked(BEGINNING)
        .unwrap_or((SNAP_TRANSACTION, &[]))
}

fn take_in(mac: &mut Hmac<Sha512>, formula: &Formula, parts: &[&[u8]]) {
    for ((lead, _), part) in formula.iter().zip(parts) {
        mac.update(lead.as_bytes());
        mac.update(part);
    }
}

impl fmt::Debug for BegunTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BegunTransaction(..)")
    }
}
