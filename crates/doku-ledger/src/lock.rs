//! At what whoever touches an account waits for a turn: its invoice number, and the numbers it goes by.

use sha2::{Digest as _, Sha256};

use crate::database::LockName;

/// Whoever touches an account of this invoice number waits for a turn at this.
pub(crate) fn trx_lock(merchant: i64, trx_id: &str) -> LockName {
    lock(merchant, b'T', trx_id)
}

/// Whoever touches an account of this number waits for a turn at this.
pub(crate) fn number_lock(merchant: i64, number: &str) -> LockName {
    lock(merchant, b'N', number)
}

fn lock(merchant: i64, kind: u8, text: &str) -> LockName {
    let digest = Sha256::new()
        .chain_update(merchant.to_be_bytes())
        .chain_update([kind])
        .chain_update(text.as_bytes())
        .finalize();
    digest
        .first_chunk::<8>()
        .map_or(0, |bytes| i64::from_be_bytes(*bytes))
}
