//! `doku demo`: what a merchant does with DOKU and DOKU with a merchant, told as a story, over real HTTP on this machine.

mod attacks;
mod book;
mod call;
mod counter;
mod order;
mod overheard;
mod own_number;
mod page;
mod refusals;
mod shop;
mod stage;
mod story;
mod wallet;

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
    let story = &mut story;

    story.chapter("The shop opens")?;
    let stage = Stage::set(story).await?;
    order::token(&stage, story).await?;

    story.chapter("A shop sells an order")?;
    let order = order::created(&stage, story).await?;
    order::shown_to_the_customer(&stage, story, &order).await?;
    order::still_pending(&stage, story, &order).await?;
    let order = order::dearer(&stage, story, &order).await?;
    let neighbour = order::neighbour(&stage, story).await?;
    order::paid(&stage, story, &order).await?;
    order::one_paid_one_pending(&stage, story, &order, &neighbour).await?;

    story.chapter("A wallet is topped up")?;
    let wallet = wallet::created(&stage, story).await?;
    let last = wallet::topped_up(&stage, story, &wallet).await?;
    wallet::told_again(&stage, story, &last).await?;
    wallet::deleted(&stage, story, &wallet).await?;

    story.chapter("A number of your own")?;
    let code = own_number::made_up(&stage, story).await?;
    own_number::inquired(&stage, story, &code).await?;
    own_number::paid(&stage, story, &code).await?;

    story.chapter("What goes wrong")?;
    refusals::wrong_secret(&stage, story).await?;
    refusals::home_made_signature(&stage, story).await?;
    attacks::forged_bearer(&stage, story, &neighbour).await?;
    attacks::tampered_body(&stage, story, code.to_string()).await?;

    stage.clear().await?;
    story.end()?;
    Ok(Exit::Done)
}
