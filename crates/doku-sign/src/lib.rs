#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice
    )
)]

mod access_token;
mod authorization;
mod bearer;
mod begun;
mod body;
mod client_secret;
pub mod diagnose;
mod encoding;
mod key;
mod merchant_token;
mod minify;
mod non_snap;
mod signature;
mod string_to_sign;
mod transaction;

pub use access_token::AccessToken;
pub use authorization::AuthorizationError;
pub use bearer::Bearer;
pub use begun::BegunTransaction;
pub use body::{BodyHash, BodyHashError, MinifiedBody};
pub use client_secret::{ClientSecret, ClientSecretError};
pub use key::{
    Backend, Doku, DokuPrivateKey, DokuPublicKey, Fingerprint, KeyError, MAX_KEY_BITS,
    MIN_KEY_BITS, Merchant, MerchantPrivateKey, MerchantPublicKey, PrivateKey, PublicKey, Role,
    SignError,
};
pub use merchant_token::{IssueError, MAX_TOKEN_BYTES, MerchantToken, TokenError, TokenParties};
pub use minify::minify;
pub use non_snap::{Digest, NonSnapRequest, NonSnapResponse};
pub use signature::{NonSnapSignature, Signature, SignatureError, SignatureMismatch};
pub use string_to_sign::{
    Algorithm, Component, Difference, HmacSha256, HmacSha512, RsaSha256, StringToSign,
};
pub use transaction::SnapTransaction;
