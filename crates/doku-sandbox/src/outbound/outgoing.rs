//! A call to the merchant that is ready to be sent, and what the one before it was signed with.

use bytes::Bytes;
use doku_model::Operation;
use doku_sign::AccessToken;
use hyper::http::HeaderMap;

use crate::config::MerchantUrl;
use crate::journal::Signed;

/// A call that is ready to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    pub(crate) operation: Operation,
    pub(crate) url: MerchantUrl,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// What must not be shown of the answer, should the merchant send it back.
    pub(crate) presented: Option<AccessToken>,
    /// What its signature is of.
    pub(crate) signed: Signed,
}

/// What a call was signed with, for a replay.
#[derive(Debug)]
pub(crate) struct SignedBefore {
    pub(crate) timestamp: String,
    pub(crate) signature: String,
    pub(crate) signed: Signed,
}
