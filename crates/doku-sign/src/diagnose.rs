//! Why a signature does not match.
//!
//! Give a [`Case`] what was presented and what it should have been verified with. It tries the
//! mistakes that are made with these signatures, first one at a time and then two together, until
//! one *reproduces* the presented signature: such a cause is proven, not guessed. Where none does,
//! the [`Diagnosis`] shows the string-to-sign and, if the other side told its own, the first
//! difference.
//!
//! ```
//! use doku_sign::diagnose::{Case, Cause, Presented};
//! use doku_sign::{AccessToken, ClientSecret, MinifiedBody, StringToSign};
//!
//! let secret = ClientSecret::new("SK-EXAMPLE")?;
//! let token = AccessToken::new("eyJhbGciOi");
//! let body = br#"{ "trxId": "INV-1" }"#;
//!
//! // Somebody forgot to minify the body.
//! let signature = secret.sign(&StringToSign::snap_transaction(
//!     "POST",
//!     "/notification",
//!     &token,
//!     &MinifiedBody::raw(body),
//!     "2026-09-04T07:00:00+07:00",
//! ));
//!
//! let diagnosis = Case::transaction(
//!     Presented {
//!         method: "POST",
//!         path: "/notification",
//!         timestamp: "2026-09-04T07:00:00+07:00",
//!         token: Some(&token),
//!         client_id: "MCH-0008",
//!         body,
//!         signature: &signature.to_base64(),
//!     },
//!     &secret,
//! )
//! .diagnose();
//!
//! let finding = diagnosis.findings.first().expect("it is found");
//! assert_eq!(finding.cause, Cause::RawBody);
//! assert!(finding.proven);
//! # Ok::<(), doku_sign::ClientSecretError>(())
//! ```
//!
//! # Who may see it
//!
//! A diagnosis is for the party that owns the keys: for its logs, its console, its developers.
//! **Never send any of it to whoever presented the signature.** It says how near a forged request
//! came, which nobody who forges may learn; the answer to a wrong signature is that it is wrong.
//! Nothing here shows a secret, a token, or a body.
//!
//! It is no verification either: verify with [`ClientSecret::verify`](crate::ClientSecret::verify)
//! or [`PublicKey::verify`](crate::PublicKey::verify), and ask here only about what was refused.
//! A diagnosis costs up to thousands of signatures. The work is bounded, at about ten milliseconds
//! for an ordinary request and a few hundred for a body of one MiB, but it should not be had for
//! the asking: limit how often a stranger's request is diagnosed.

mod bodies;
mod case;
mod cause;
mod choice;
mod diagnosis;
mod examine;
mod other_parts;
mod paths;
mod readings;
mod scheme;
mod search;
mod shown;
mod skew;
mod spelling;
mod theirs;
mod timestamp;
mod words;

pub use case::{Case, Key, Presented, PresentedNonSnap, VerifyingKey};
pub use cause::{Cause, KeyOwner};
pub use diagnosis::{Diagnosis, Finding, Report};
pub use skew::Skew;
pub use spelling::Spelling;
pub use words::Language;

pub use crate::key::SignedHash;
