//! A wallet is topped up: the merchant makes the number and registers it, and it is paid as often as one likes.

use doku::{Amount, Bill, CreateVa, Limits, Operation, PositiveAmount, VirtualAccount, rupiah};

use super::counter::{Receipt, pay, try_to_pay, why_refused, written};
use super::stage::{Stage, stated};
use super::story::{Step, Story, must, wrong};
use crate::exit::Failure;

const LEAST: &str = "10000.00";
const MOST: &str = "5000000.00";

pub(super) async fn created(
    stage: &Stage,
    story: &mut Story<'_>,
) -> Result<VirtualAccount, Failure> {
    let (least, most): (Amount, Amount) = (stated(LEAST)?, stated(MOST)?);
    let limits = Limits::between(least, most)
        .map_err(|error| wrong("the limits of the demonstration are refused").because(&error))?;
    let wallet = CreateVa::merchant_generated(
        stated("081234567890")?,
        stated("TOPUP-0001")?,
        stated("Siti Rahma")?,
        Bill::Open(Some(limits)),
    )
    .under(stated("8129")?)
    .reusable();
    let created = stage.client.create(&wallet).await?;
    let va = created.value;
    must(
        va.customer_no() == va.sent_customer_no(),
        "DOKU changed the merchant's number",
    )?;
    story.tell(
        Step::new("Create a top-up number of our own making (MGPC)")
            .told(format!(
                "The shop makes the whole number, and DOKU keeps it as it is. The payer chooses the \
                 amount, from {} to {}, as often as they like.",
                rupiah(least),
                rupiah(most)
            ))
            .calls(stage.calls())
            .answered(&created.answer)
            .about(&va),
    )?;
    Ok(va)
}

/// Two payments, of which the last one is given back.
pub(super) async fn topped_up(
    stage: &Stage,
    story: &mut Story<'_>,
    va: &VirtualAccount,
) -> Result<Receipt, Failure> {
    let number = va.number();
    let small: PositiveAmount = stated("5000.00")?;
    let refused = try_to_pay(stage, &number, small).await?;
    must(stage.calls().is_empty(), "DOKU asked the shop")?;
    let first = pay(stage, &number, stated("50000.00")?).await?;
    let second = pay(stage, &number, stated("75000.00")?).await?;
    must(
        first.entry.key != second.entry.key
            && first.entry.key.number() == second.entry.key.number(),
        "two payments of one number are not two payments",
    )?;
    story.tell(
        Step::new("Two top-ups, two notifications, two payments")
            .fact(
                "refused",
                format!("{}: {}", rupiah(small.amount()), why_refused(&refused)),
            )
            .fact("taken", rupiah(first.entry.amount.amount()))
            .calls(first.calls)
            .fact("taken", rupiah(second.entry.amount.amount()))
            .calls(second.calls.clone())
            .fact("the book", written(&first.entry))
            .fact("", written(&second.entry))
            .about(va),
    )?;
    Ok(second)
}

pub(super) async fn told_again(
    stage: &Stage,
    story: &mut Story<'_>,
    last: &Receipt,
) -> Result<(), Failure> {
    let before = stage.book().paid().len();
    let again = stage
        .sandbox()
        .resend(last.notification)
        .await
        .ok_or_else(|| wrong("DOKU does not remember a notification"))?;
    let attempt = again
        .attempts
        .last()
        .ok_or_else(|| wrong("a notification was not sent again"))?;
    let calls = stage.calls();
    must(
        attempt.acknowledged
            && again.attempts.len() == 2
            && calls.last().is_some_and(|call| {
                call.is_done(Operation::Payment) && call.external_id != last.entry.external_id
            }),
        "a notification that was sent again was not acknowledged",
    )?;
    let after = stage.book().paid().len();
    must(after == before, "a payment was handled twice")?;
    story.tell(
        Step::new("DOKU tells of the last one again")
            .told(
                "As it does where an acknowledgement gets lost. It is acknowledged again, under \
                 another id, and does not reach the shop's handler.",
            )
            .calls(calls)
            .fact("the book", format!("{after} payments, as before"))
            .numbered(last.entry.key.number()),
    )
}

pub(super) async fn deleted(
    stage: &Stage,
    story: &mut Story<'_>,
    va: &VirtualAccount,
) -> Result<(), Failure> {
    let deleted = stage.client.delete(va).await?;
    let amount: PositiveAmount = stated("20000.00")?;
    let refused = try_to_pay(stage, &va.number(), amount).await?;
    story.tell(
        Step::new("Delete it")
            .calls(stage.calls())
            .fact(
                "refused",
                format!("{}: {}", rupiah(amount.amount()), why_refused(&refused)),
            )
            .answered(&deleted.answer)
            .about(va),
    )
}
