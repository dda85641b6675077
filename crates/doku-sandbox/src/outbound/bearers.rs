//! The tokens that merchants gave DOKU, which it presents until they expire.

use std::collections::HashMap;

use doku_sign::AccessToken;
use time::OffsetDateTime;
use tokio::sync::Mutex;

use crate::config::MerchantUrl;

/// The tokens that merchants gave DOKU, by the URL they came from.
#[derive(Debug, Default)]
pub(crate) struct Bearers {
    pub(crate) kept: Mutex<HashMap<MerchantUrl, Bearer>>,
}

/// A token, and how long it may be presented.
#[derive(Debug)]
pub(crate) struct Bearer {
    pub(crate) token: AccessToken,
    pub(crate) expires: OffsetDateTime,
}

impl Bearers {
    pub(super) fn forget_all(&self) {
        // Somebody who fetches one at this moment keeps it, which a reset cannot prevent either way.
        if let Ok(mut kept) = self.kept.try_lock() {
            kept.clear();
        }
    }
}
