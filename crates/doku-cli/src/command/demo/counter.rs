//! The bank's counter: what an ATM shows, what is paid, and what is not.

use doku::hosted::Freshness;
use doku::{Operation, PositiveAmount, VirtualAccountNo, rupiah};
use doku_sandbox::{AtmScreen, PayError, TellerError};

use super::book::Entry;
use super::call::Call;
use super::stage::Stage;
use super::story::{must, wrong};
use crate::exit::Failure;

/// A payment that was taken, and that the shop was told of.
pub(super) struct Receipt {
    /// What a resend is asked for by.
    pub(super) notification: u64,
    /// As it stands in the shop's book.
    pub(super) entry: Entry,
    /// DOKU's calls to the shop.
    pub(super) calls: Vec<Call>,
}

/// Pays, and sees to it that the shop was told of this payment, by DOKU, and once.
///
/// What travelled before must have been told.
pub(super) async fn pay(
    stage: &Stage,
    number: &VirtualAccountNo,
    amount: PositiveAmount,
) -> Result<Receipt, Failure> {
    let before = stage.book().paid().len();
    let paid = stage
        .sandbox()
        .pay_and_notify(number, amount)
        .await
        .map_err(|error| wrong("the teller did not take the money").because(&error))?;
    let notification = paid
        .notification
        .filter(|notification| notification.acknowledged)
        .ok_or_else(|| wrong("the shop did not acknowledge a payment"))?;
    let calls = stage.calls();
    let told = calls
        .last()
        .filter(|call| call.is_done(Operation::Payment))
        .ok_or_else(|| wrong("a payment was not told as one"))?;
    let book = stage.book().paid();
    let entry = book
        .last()
        .filter(|_| book.len() == before + 1)
        .ok_or_else(|| wrong("a payment does not stand in the book once"))?;
    must(
        entry.key.payment_request_id().as_str() == paid.payment.payment_request_id
            && entry.amount == amount
            && entry.external_id == told.external_id,
        "another payment stands in the book than was told",
    )?;
    must(
        entry.freshness == Freshness::LiveBearer,
        "a payment was told without a bearer of the shop's",
    )?;
    Ok(Receipt {
        notification: notification.id,
        entry: entry.clone(),
        calls,
    })
}

/// Tries to pay what the bank must not take; nobody may be told of it. Says why it is not taken.
pub(super) async fn try_to_pay(
    stage: &Stage,
    number: &VirtualAccountNo,
    amount: PositiveAmount,
) -> Result<TellerError, Failure> {
    let before = stage.book().paid().len();
    let Err(refused) = stage.sandbox().pay_and_notify(number, amount).await else {
        return Err(wrong("the teller took money that nobody may pay"));
    };
    must(
        stage.book().paid().len() == before,
        "the shop was told of a payment that was not made",
    )?;
    Ok(refused)
}

/// Why the bank took no money, with amounts as the story prints them.
pub(super) fn why_refused(refused: &TellerError) -> String {
    match refused {
        TellerError::Bank(PayError::WrongAmount { expected }) => {
            format!("the bill is closed: pay exactly {}", rupiah(*expected))
        }
        TellerError::Bank(PayError::OutsideLimits {
            min: Some(min),
            max: Some(max),
        }) => format!("pay from {} to {}", rupiah(*min), rupiah(*max)),
        TellerError::Refused {
            response_code: Some(code),
            response_message: Some(message),
            ..
        } => format!("the shop answers {code}, {message}"),
        other => other.to_string(),
    }
}

/// What an ATM shows, in one line.
pub(super) fn screen(shown: &AtmScreen) -> Result<String, Failure> {
    let amount = |text: &Option<String>| -> Result<Option<String>, Failure> {
        let Some(text) = text else { return Ok(None) };
        let amount = text
            .parse()
            .map_err(|error| wrong("the ATM shows no amount").because(&error))?;
        Ok(Some(rupiah(amount)))
    };
    let to_pay = match (
        amount(&shown.amount)?,
        amount(&shown.min_amount)?,
        amount(&shown.max_amount)?,
    ) {
        (Some(amount), ..) => amount,
        (None, Some(min), Some(max)) => format!("any amount from {min} to {max}"),
        _ => "any amount".to_owned(),
    };
    Ok(format!("{}, {to_pay}", shown.virtual_account_name))
}

/// A line of the shop's book.
pub(super) fn written(entry: &Entry) -> String {
    format!("{}, {}", entry.key, rupiah(entry.amount.amount()))
}
