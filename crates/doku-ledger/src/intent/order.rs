//! What an order says that its accessors do not.

use doku_va_btn::{CreateVa, PreparedCreate};
use time::OffsetDateTime;

use crate::error::Error;

/// Whether it may be paid more than once, and its end.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    #[serde(default)]
    reusable: bool,
    #[serde(default)]
    expired_date: Option<doku_model::Timestamp>,
}

fn stored(order: &CreateVa) -> Result<Stored, Error> {
    serde_json::to_value(order)
        .and_then(serde_json::from_value)
        .map_err(|error| Error::unreadable("order", error))
}

pub(super) fn is_reusable(order: &CreateVa) -> Result<bool, Error> {
    stored(order).map(|stored| stored.reusable)
}

pub(super) fn asked_expiry(order: &CreateVa) -> Result<Option<OffsetDateTime>, Error> {
    let stored = stored(order)?;
    Ok(stored.expired_date.map(|date| date.instant()))
}

/// The number as it is sent, without padding; of DGPC, the prefix.
pub(super) fn sent(prepared: &PreparedCreate) -> Result<String, Error> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Numbers {
        virtual_account_no: doku_model::VirtualAccountNo,
    }
    let numbers: Numbers = serde_json::from_str(prepared.body())
        .map_err(|error| Error::unreadable("prepared create", error))?;
    Ok(numbers.virtual_account_no.normalised().to_owned())
}
