//! `doku demo`: what a merchant does with DOKU, told as a story, against a local DOKU over real HTTP.

mod accounts;
mod money;
mod overheard;
mod refusals;
mod stage;
mod story;

use tokio::runtime::Builder;

use crate::exit::{Exit, Failure};
use crate::output::Output;
use stage::Stage;
use story::Story;

pub(crate) fn run(output: &Output) -> Result<Exit, Failure> {
    match super::runtime(&mut Builder::new_current_thread())?.block_on(tell(output)) {
        // Nobody is told a story who has left.
        Err(failure) if failure.reader_gone => Ok(Exit::Done),
        told => told,
    }
}

/// Every step checks that what happened is what it tells, and ends the story where it is not.
async fn tell(output: &Output) -> Result<Exit, Failure> {
    let mut story = Story::new(output);
    let stage = Stage::set(&mut story).await?;

    accounts::token(&stage, &mut story).await?;
    let order = accounts::doku_generated(&stage, &mut story).await?;
    accounts::shown_to_the_customer(&stage, &mut story, &order).await?;
    accounts::still_pending(&stage, &mut story, &order).await?;
    let order = accounts::dearer(&stage, &mut story, &order).await?;

    let neighbour = money::neighbour(&stage, &mut story).await?;
    money::paid_at_the_teller(&stage, &mut story, &order)?;
    money::one_paid_one_pending(&stage, &mut story, &order, &neighbour).await?;

    let top_up = accounts::merchant_generated(&stage, &mut story).await?;
    money::outside_the_limits(&stage, &mut story, &top_up)?;
    accounts::deleted(&stage, &mut story, &top_up).await?;

    refusals::wrong_secret(&stage, &mut story).await?;
    refusals::home_made_signature(&stage, &mut story).await?;

    story.end()?;
    stage.clear().await;
    Ok(Exit::Done)
}
