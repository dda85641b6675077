//! A number of your own: DOKU has never heard of it, and asks the shop when somebody types it.

use std::sync::Arc;

use doku::hosted::{Payable, PaymentCode, PaymentCodes, TakenInMemory};
use doku::{Bill, Operation, PositiveAmount, rupiah};
use doku_sandbox::ScreenSource;

use super::counter::{pay, screen, try_to_pay, why_refused, written};
use super::stage::{Stage, stated};
use super::story::{Step, Story, must, wrong};
use crate::exit::Failure;

/// What the customer owes.
pub(super) const OWED: &str = "18000.00";

/// Digits after the BIN: 16 in all, as at most banks.
const DIGITS: usize = 12;

pub(super) async fn made_up(stage: &Stage, story: &mut Story<'_>) -> Result<PaymentCode, Failure> {
    let codes = PaymentCodes::new(stated("8130")?, DIGITS, Arc::new(TakenInMemory::new()))
        .map_err(|error| wrong("no numbers can be made").because(&error))?;
    let code = codes
        .next()
        .await
        .map_err(|error| wrong("no number was made").because(&error))?;
    let owed: PositiveAmount = stated(OWED)?;
    let payable = Payable::new(
        stated("Agus Salim")?,
        Bill::Closed(owed),
        stated("COFFEE-0001")?,
    );
    stage.book().owe(code.clone(), payable);
    let number = code.to_string();
    let known = stage.sandbox().virtual_accounts();
    must(
        stage.calls().is_empty() && !known.iter().any(|va| va.virtual_account_no == number),
        "DOKU knows a number that it was not told",
    )?;
    story.tell(
        Step::new("The shop makes a number that only it knows (DIPC)")
            .told(format!(
                "Its digits are random, so that nobody finds one by counting. {} is owed under it. \
                 Nothing was sent: DOKU keeps {} accounts, and this is none of them.",
                rupiah(owed.amount()),
                known.len()
            ))
            .numbered(number),
    )?;
    Ok(code)
}

pub(super) async fn inquired(
    stage: &Stage,
    story: &mut Story<'_>,
    code: &PaymentCode,
) -> Result<(), Failure> {
    let shown = stage
        .sandbox()
        .inquire(code.virtual_account_no())
        .await
        .map_err(|error| wrong("the shop did not answer").because(&error))?;
    let calls = stage.calls();
    must(
        shown.source == ScreenSource::Merchant
            && shown.notes.is_empty()
            && shown.amount.as_deref() == Some(OWED)
            && calls
                .last()
                .is_some_and(|call| call.is_done(Operation::Inquiry)),
        "the ATM does not show what the shop answered",
    )?;
    story.tell(
        Step::new("A customer types it at an ATM, and DOKU asks the shop")
            .calls(calls)
            .fact(
                "ATM shows",
                format!("{}, as the shop answered", screen(&shown)?),
            )
            .numbered(code.to_string()),
    )
}

pub(super) async fn paid(
    stage: &Stage,
    story: &mut Story<'_>,
    code: &PaymentCode,
) -> Result<(), Failure> {
    let number = code.virtual_account_no();
    let owed: PositiveAmount = stated(OWED)?;
    let receipt = pay(stage, number, owed).await?;
    must(
        receipt
            .calls
            .first()
            .is_some_and(|call| call.is_done(Operation::Inquiry)),
        "DOKU did not ask before it took the money",
    )?;
    story.tell(
        Step::new("The customer pays: DOKU asks once more, and tells the shop")
            .fact("taken", rupiah(owed.amount()))
            .calls(receipt.calls)
            .fact("the book", written(&receipt.entry))
            .numbered(code.to_string()),
    )?;
    let refused = try_to_pay(stage, number, owed).await?;
    must(
        refused.kind() == "alreadyPaid",
        "the shop did not say that it was paid",
    )?;
    story.tell(
        Step::new("Somebody pays the same number again")
            .calls(stage.calls())
            .fact("refused", why_refused(&refused))
            .numbered(code.to_string()),
    )
}
