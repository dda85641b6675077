//! The teller: what is paid, what is not, and whom a payment must never be told of.

use doku::{PaymentStatus, PositiveAmount, VirtualAccount, rupiah};

use doku_sandbox::PayError;

use super::accounts::{order, stated};
use super::stage::Stage;
use super::story::{Step, Story, must};
use crate::exit::Failure;

pub(super) async fn neighbour(
    stage: &Stage,
    story: &mut Story<'_>,
) -> Result<VirtualAccount, Failure> {
    let order = order("INV-2026-0002", "Dewi Lestari", "250000.00")?;
    let created = stage.client.create(&order).await?;
    story.tell(
        Step::new("A second order, under the same prefix")
            .told(format!(
                "Both orders were sent with the prefix {}; we ask about each by name,",
                created.value.sent_customer_no()
            ))
            .told("so that one paid order never makes the other look paid.")
            .answered(&created.answer)
            .about(&created.value),
    )?;
    Ok(created.value)
}

pub(super) fn paid_at_the_teller(
    stage: &Stage,
    story: &mut Story<'_>,
    va: &VirtualAccount,
) -> Result<(), Failure> {
    let number = va.number();
    let Err(refused) = stage.sandbox().pay(&number, stated("11500.00")?) else {
        return Err(Failure::internal("the teller took the old amount"));
    };
    let right: PositiveAmount = stated("12000.00")?;
    let payment = stage.sandbox().pay(&number, right).map_err(|error| {
        Failure::internal("the teller did not take the right amount").because(&error)
    })?;
    story.tell(
        Step::new("The customer pays at BTN's teller")
            .told(format!(
                "Rp11.500, the old amount: refused, {}.",
                why_refused(&refused)
            ))
            .told(format!(
                "{}: taken, as payment {}.",
                rupiah(right.amount()),
                payment.payment_request_id
            ))
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
        return Err(Failure::internal("the paid account does not read paid"));
    };
    must(
        paid.bill().amount() == Some(amount),
        "another amount was paid than was asked for",
    )?;
    story.tell(
        Step::new("Ask again: the first order")
            .told(format!("Paid: {}.", rupiah(amount)))
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
            .answered(&said.answer)
            .about(neighbour),
    )
}

/// Why the bank took no money, with amounts as the story prints them.
pub(super) fn why_refused(refused: &PayError) -> String {
    match refused {
        PayError::WrongAmount { expected } => {
            format!("the bill is closed: pay exactly {}", rupiah(*expected))
        }
        PayError::OutsideLimits {
            min: Some(min),
            max: Some(max),
        } => format!(
            "the amount lies outside the limits: pay from {} to {}",
            rupiah(*min),
            rupiah(*max)
        ),
        other => other.to_string(),
    }
}

pub(super) fn outside_the_limits(
    stage: &Stage,
    story: &mut Story<'_>,
    va: &VirtualAccount,
) -> Result<(), Failure> {
    let number = va.number();
    let pay =
        |text: &str| -> Result<_, Failure> { Ok(stage.sandbox().pay(&number, stated(text)?)) };
    let Err(refused) = pay("5000.00")? else {
        return Err(Failure::internal("the teller took less than the least"));
    };
    must(pay("50000.00")?.is_ok(), "the first top-up was not taken")?;
    must(pay("75000.00")?.is_ok(), "the second top-up was not taken")?;
    story.tell(
        Step::new("Two top-ups, and one that is too small")
            .told(format!("Rp5.000: refused, {}.", why_refused(&refused)))
            .told("Rp50.000 and Rp75.000: taken, both to the same number.")
            .about(va),
    )
}
