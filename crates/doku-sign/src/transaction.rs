//! The parts of a symmetric SNAP signature, for whoever has them all and needs no text of them.

use crate::bearer::Bearer;
use crate::body::BodyHash;

/// What is signed in a SNAP transaction: `METHOD:path:token:body hash:timestamp`.
///
/// [`ClientSecret::verify_transaction`](crate::ClientSecret::verify_transaction) reads the parts where they lie, so no
/// copy of the token is made.
///
/// ```
/// use doku_sign::{Bearer, ClientSecret, MinifiedBody, Signature, SnapTransaction};
///
/// let transaction = SnapTransaction {
///     method: "POST",
///     path: "/path",
///     token: Bearer::from_authorization("Bearer TOKEN")?,
///     body_hash: &MinifiedBody::empty().sha256_hex(),
///     timestamp: "2024-03-19T14:39:01+07:00",
/// };
/// let secret = ClientSecret::new("SK-EXAMPLE")?;
/// let header = secret.sign(&transaction.string_to_sign()).to_base64();
/// secret.verify_transaction(&transaction, &Signature::from_base64(&header)?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "the formula is fixed by SNAP BI")]
pub struct SnapTransaction<'a> {
    /// The HTTP method, in upper case.
    pub method: &'a str,
    /// The path, beginning with `/`, without scheme and host, with the query if there is one.
    pub path: &'a str,
    /// What stands in the token's place.
    pub token: Bearer<'a>,
    /// The hash of the minified body.
    pub body_hash: &'a BodyHash,
    /// The exact text of `X-TIMESTAMP`.
    pub timestamp: &'a str,
}

impl<'a> SnapTransaction<'a> {
    /// In the order of the formula.
    pub(crate) fn parts(&self) -> [&'a str; 5] {
        [
            self.method,
            self.path,
            self.token.expose(),
            self.body_hash.as_str(),
            self.timestamp,
        ]
    }
}
