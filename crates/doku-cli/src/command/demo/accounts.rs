//! The life of an account: a token, a number, another amount, and its end.

use std::str::FromStr;

use doku::{
    Bill, Change, CreateVa, FieldError, Limits, PaymentStatus, PositiveAmount, VirtualAccount,
    rupiah,
};

use super::money::why_refused;
use super::stage::Stage;
use super::story::{Step, Story, must};
use crate::exit::Failure;

pub(super) async fn token(stage: &Stage, story: &mut Story<'_>) -> Result<(), Failure> {
    let token = stage.client.token().await?;
    let entry = stage.last_entry()?;
    must(
        entry.response_code.as_deref() == Some("2007300"),
        "the token was not granted",
    )?;
    let minutes = token.life_left().as_secs().div_ceil(60);
    story.tell(
        Step::new("Get an access token")
            .told("Asked for with the merchant's RSA signature.")
            .told("Below, \"code\" is DOKU's answer in a number: 200 at its front means done.")
            .told(format!(
                "It is kept for {minutes} minutes and shared by all calls. It is not shown: it is a secret."
            ))
            .identified(None, entry.response_code.clone()),
    )
}

pub(super) async fn doku_generated(
    stage: &Stage,
    story: &mut Story<'_>,
) -> Result<VirtualAccount, Failure> {
    let order = order("INV-2026-0001", "Budi Santoso", "11500.00")?;
    let created = stage.client.create(&order).await?;
    let va = created.value;
    let sent = va.sent_customer_no();
    must(
        va.customer_no() != sent && va.customer_no().as_str().starts_with(sent.as_str()),
        "DOKU did not complete the prefix",
    )?;
    story.tell(
        Step::new("Create a virtual account whose number DOKU makes (DGPC)")
            .told("DGPC: the merchant sends a prefix, and DOKU makes the rest of the number.")
            .told(format!(
                "We sent the prefix {sent}, DOKU completed it to {}.",
                va.customer_no()
            ))
            .told("The external id names this one call: DOKU does the same call under it only once a day.")
            .answered(&created.answer)
            .about(&va),
    )?;
    Ok(va)
}

/// An order of the shop.
pub(super) fn order(trx_id: &str, name: &str, amount: &str) -> Result<CreateVa, Failure> {
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
        .ok_or_else(|| Failure::internal("there are no instructions in English"))?;
    let mut step = Step::new("Show it to the customer")
        .told(format!(
            "Pay {} to {}",
            va.amount_as_rupiah().unwrap_or_default(),
            va.number_grouped()
        ))
        .told(format!("at {}:", english.channel));
    for (index, line) in english.steps.iter().enumerate() {
        step = step.told(format!("  {}. {line}", index + 1));
    }
    if let Some(page) = va.how_to_pay_page() {
        step = step.told(format!("or on DOKU's page: {page}"));
    }
    story.tell(step.about(va))
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
            .answered(&said.answer)
            .about(va),
    )
}

pub(super) async fn dearer(
    stage: &Stage,
    story: &mut Story<'_>,
    va: &VirtualAccount,
) -> Result<VirtualAccount, Failure> {
    let dearer = Bill::Closed(stated("12000.00")?);
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
            .answered(&updated.answer)
            .about(&updated.value),
    )?;
    Ok(updated.value)
}

pub(super) async fn merchant_generated(
    stage: &Stage,
    story: &mut Story<'_>,
) -> Result<VirtualAccount, Failure> {
    let order = top_up()?;
    let created = stage.client.create(&order).await?;
    let va = created.value;
    must(
        va.customer_no() == va.sent_customer_no(),
        "DOKU changed the merchant's number",
    )?;
    story.tell(
        Step::new("Create a top-up number of our own making (MGPC)")
            .told("MGPC: the merchant makes the whole number, and DOKU keeps it as it is.")
            .told("The payer chooses the amount, from Rp10.000 to Rp5.000.000, as often as they like.")
            .answered(&created.answer)
            .about(&va),
    )?;
    Ok(va)
}

fn top_up() -> Result<CreateVa, Failure> {
    let limits = Limits::between(stated("10000.00")?, stated("5000000.00")?).map_err(|error| {
        Failure::internal("the limits of the demonstration are refused").because(&error)
    })?;
    Ok(CreateVa::merchant_generated(
        stated("081234567890")?,
        stated("TOPUP-0001")?,
        stated("Siti Rahma")?,
        Bill::Open(Some(limits)),
    )
    .under(stated("8129")?)
    .reusable())
}

pub(super) async fn deleted(
    stage: &Stage,
    story: &mut Story<'_>,
    va: &VirtualAccount,
) -> Result<(), Failure> {
    let deleted = stage.client.delete(va).await?;
    let number = va.number();
    let amount: PositiveAmount = stated("20000.00")?;
    let Err(refused) = stage.sandbox().pay(&number, amount) else {
        return Err(Failure::internal("a deleted account was paid"));
    };
    story.tell(
        Step::new("Delete it")
            .told(format!(
                "The customer tries to pay {} all the same. The bank refuses:",
                rupiah(amount.amount())
            ))
            .told(format!("{}.", why_refused(&refused)))
            .answered(&deleted.answer)
            .about(va),
    )
}

/// A value that is written in the story itself.
pub(super) fn stated<T: FromStr<Err = FieldError>>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|error| {
        Failure::internal("a value of the demonstration is refused").because(&error)
    })
}
