//! A shop sells an order: DOKU makes the number, the customer pays it, and the shop is told.

use doku::{
    Bill, Change, CreateVa, Operation, PaymentStatus, PositiveAmount, VirtualAccount, rupiah,
};

use super::counter::{pay, screen, try_to_pay, why_refused, written};
use super::stage::{Stage, stated};
use super::story::{Step, Story, must, wrong};
use crate::exit::Failure;

/// The amount of the first order as it was created, and after it changed.
const FIRST: &str = "11500.00";
const DEARER: &str = "12000.00";

pub(super) async fn token(stage: &Stage, story: &mut Story<'_>) -> Result<(), Failure> {
    let token = stage.client.token().await?;
    let entry = stage.last_entry()?;
    must(
        entry.response_code.as_deref() == Some(Operation::Token.success().as_str()),
        "the token was not granted",
    )?;
    let minutes = token.life_left().as_secs().div_ceil(60);
    story.tell(
        Step::new("The shop gets an access token")
            .told(format!(
                "Asked for with the merchant's RSA signature, kept for {minutes} minutes and shared by all \
                 calls. It is not shown: it is a secret."
            ))
            .calls(stage.calls())
            .identified(None, entry.response_code.clone()),
    )
}

pub(super) async fn created(
    stage: &Stage,
    story: &mut Story<'_>,
) -> Result<VirtualAccount, Failure> {
    let order = doku_generated("INV-2026-0001", "Budi Santoso", FIRST)?;
    let created = stage.client.create(&order).await?;
    let va = created.value;
    let sent = va.sent_customer_no();
    must(
        va.customer_no() != sent && va.customer_no().as_str().starts_with(sent.as_str()),
        "DOKU did not complete the prefix",
    )?;
    story.tell(
        Step::new("Create a virtual account whose number DOKU makes (DGPC)")
            .told(format!(
                "The shop sends the prefix {sent}, and DOKU completes it to {}.",
                va.customer_no()
            ))
            .calls(stage.calls())
            .answered(&created.answer)
            .about(&va),
    )?;
    Ok(va)
}

/// An order of the shop, whose number DOKU makes.
pub(super) fn doku_generated(trx_id: &str, name: &str, amount: &str) -> Result<CreateVa, Failure> {
    let bill = Bill::Closed(stated(amount)?);
    Ok(CreateVa::doku_generated(
        stated(trx_id)?,
        stated(name)?,
        bill,
    ))
}

pub(super) async fn shown_to_the_customer(
    stage: &Stage,
    story: &mut Story<'_>,
    va: &VirtualAccount,
) -> Result<(), Failure> {
    let instructions = stage.client.how_to_pay(va).await?.instructions;
    let english = instructions
        .iter()
        .find(|instruction| instruction.language.eq_ignore_ascii_case("en"))
        .ok_or_else(|| wrong("there are no instructions in English"))?;
    let mut step = Step::new("Show it to the customer")
        .fact(
            "pay",
            format!(
                "{} to {}",
                va.amount_as_rupiah().unwrap_or_default(),
                va.number_grouped()
            ),
        )
        .fact("at", english.channel.as_str());
    for (index, line) in english.steps.iter().enumerate() {
        step = step.fact("", format!("{}. {line}", index + 1));
    }
    if let Some(page) = va.how_to_pay_page() {
        step = step.told(format!("or on DOKU's page: {page}"));
    }
    story.tell(step.calls(stage.calls()).about(va))
}

pub(super) async fn still_pending(
    stage: &Stage,
    story: &mut Story<'_>,
    va: &VirtualAccount,
) -> Result<(), Failure> {
    let said = stage.client.status(va).await?;
    must(said.value == PaymentStatus::Pending, "it is not pending")?;
    story.tell(
        Step::new("Ask whether it was paid")
            .told("Pending: nobody has paid it yet.")
            .calls(stage.calls())
            .answered(&said.answer)
            .about(va),
    )
}

pub(super) async fn dearer(
    stage: &Stage,
    story: &mut Story<'_>,
    va: &VirtualAccount,
) -> Result<VirtualAccount, Failure> {
    let dearer = Bill::Closed(stated(DEARER)?);
    let updated = stage.client.update(va, &Change::new().bill(dearer)).await?;
    let said = stage.client.status(&updated.value).await?;
    must(*updated.value.bill() == dearer, "the amount did not change")?;
    must(
        said.value == PaymentStatus::Pending,
        "it is not pending after the update",
    )?;
    story.tell(
        Step::new("The order changed: update the amount")
            .told(format!(
                "From {} to {}. The number stays, and it is still pending.",
                va.amount_as_rupiah().unwrap_or_default(),
                updated.value.amount_as_rupiah().unwrap_or_default()
            ))
            .calls(stage.calls())
            .answered(&updated.answer)
            .about(&updated.value),
    )?;
    Ok(updated.value)
}

pub(super) async fn neighbour(
    stage: &Stage,
    story: &mut Story<'_>,
) -> Result<VirtualAccount, Failure> {
    let order = doku_generated("INV-2026-0002", "Dewi Lestari", "250000.00")?;
    let created = stage.client.create(&order).await?;
    story.tell(
        Step::new("A second order, under the same prefix")
            .told(format!(
                "Both orders were sent with the prefix {}; we ask about each by name, so that one paid \
                 order never makes the other look paid.",
                created.value.sent_customer_no()
            ))
            .calls(stage.calls())
            .answered(&created.answer)
            .about(&created.value),
    )?;
    Ok(created.value)
}

pub(super) async fn paid(
    stage: &Stage,
    story: &mut Story<'_>,
    va: &VirtualAccount,
) -> Result<(), Failure> {
    let number = va.number();
    let shown = stage
        .sandbox()
        .inquire(&number)
        .await
        .map_err(|error| wrong("the ATM shows nothing").because(&error))?;
    let (old, right): (PositiveAmount, PositiveAmount) = (stated(FIRST)?, stated(DEARER)?);
    let refused = try_to_pay(stage, &number, old).await?;
    must(stage.calls().is_empty(), "DOKU asked the shop")?;
    let receipt = pay(stage, &number, right).await?;
    must(
        receipt
            .calls
            .first()
            .is_some_and(|call| call.is_done(Operation::Token)),
        "DOKU did not get a token",
    )?;
    story.tell(
        Step::new("The customer pays at BTN, and DOKU tells the shop")
            .fact("ATM shows", screen(&shown)?)
            .fact(
                "refused",
                format!(
                    "{}, the old amount: {}",
                    rupiah(old.amount()),
                    why_refused(&refused)
                ),
            )
            .fact("taken", rupiah(right.amount()))
            .told(
                "DOKU gets a token from the shop with its RSA signature, and tells of the payment.",
            )
            .calls(receipt.calls)
            .fact("the book", written(&receipt.entry))
            .about(va),
    )
}

pub(super) async fn one_paid_one_pending(
    stage: &Stage,
    story: &mut Story<'_>,
    paid: &VirtualAccount,
    neighbour: &VirtualAccount,
) -> Result<(), Failure> {
    let said = stage.client.status(paid).await?;
    let PaymentStatus::Paid {
        amount: Some(amount),
        ..
    } = said.value
    else {
        return Err(wrong("the paid account does not read paid"));
    };
    must(
        paid.bill().amount() == Some(amount),
        "another amount was paid than was asked for",
    )?;
    let calls = stage.calls();
    must(calls.len() == 2, "the prefix was enough to ask with")?;
    story.tell(
        Step::new("Ask again: the first order")
            .calls(calls)
            .told(format!(
                "Paid: {}. The answer to the prefix did not name this order, so the client asked again \
                 with the whole number.",
                rupiah(amount)
            ))
            .answered(&said.answer)
            .about(paid),
    )?;
    let said = stage.client.status(neighbour).await?;
    must(
        said.value == PaymentStatus::Pending,
        "the other account does not read pending",
    )?;
    story.tell(
        Step::new("Ask again: the second order")
            .told("Pending. An answer counts only if it names this very account.")
            .calls(stage.calls())
            .answered(&said.answer)
            .about(neighbour),
    )
}
