//! The account that a path names: which one it is, where it is found, and what is said where there is none.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use doku_ledger::account::Account;
use doku_model::TrxId;

use super::problem::{Fault, Problem};
use crate::site::Site;

/// The invoice number in a path.
pub(super) fn trx_id(path: Result<Path<String>, PathRejection>) -> Result<TrxId, Problem> {
    let fault = |detail: String| Problem::faults(vec![Fault::of_parameter("trxId", detail)]);
    let Path(text) = path.map_err(|_| fault("is no text".to_owned()))?;
    text.parse()
        .map_err(|error: doku_model::FieldError| fault(error.fault().to_string()))
}

/// Where an account is found.
pub(super) fn location(trx_id: &TrxId) -> String {
    let mut path = String::from("/v1/virtual-accounts/");
    for byte in trx_id.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    path
}

/// The account, or that there is none.
pub(super) async fn found(site: &Site, trx_id: &TrxId) -> Result<Account, Problem> {
    let account = site.ledger.account(trx_id).await;
    account
        .map_err(|error| Problem::ledger(&error))?
        .ok_or_else(|| {
            Problem::not_found(format!("there is no account for {trx_id}")).about(trx_id)
        })
}

/// The task that made it did not come to its end; what it recorded is found again.
pub(super) fn unfinished(trx_id: &TrxId) -> Problem {
    Problem::internal("the server failed on the way").unknown(location(trx_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_one_segment() {
        let trx_id: TrxId = "INV/2026 %1".parse().unwrap();
        assert_eq!(location(&trx_id), "/v1/virtual-accounts/INV%2F2026%20%251");
    }
}
