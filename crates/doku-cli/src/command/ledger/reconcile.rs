//! `doku ledger reconcile`: one round by hand.

use std::sync::Arc;
use std::time::Duration;

use doku::{Client, ReqwestTransport};
use doku_ledger::reconcile::{Round, Worker};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::args::ReconcileArguments;
use crate::command::place;
use crate::exit::{Exit, Failure};
use crate::output::{Card, Format, Output};

/// How often the clock of the bar moves while an answer is waited for.
const TICK: Duration = Duration::from_millis(250);

/// What a round did.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reconciled {
    operation: &'static str,
    recovered: u64,
    checked: u64,
    payments: u64,
    suspicions: u64,
    expired: u64,
    failed: u64,
}

pub(super) fn reconcile(arguments: &ReconcileArguments, output: &Output) -> Result<Exit, Failure> {
    let config = place::config(&arguments.place)?;
    let round = crate::command::wait_for(async {
        let client = Client::new(config.doku().clone(), Arc::new(ReqwestTransport::new()))?;
        let ledger = place::open(config.ledger()).await?;
        let worker = Worker::new(ledger.clone(), Arc::new(client)).per_second(arguments.per_second);
        let bar = bar(output);
        let round = worker
            .round_with(|progress| {
                let done = progress
                    .so_far
                    .checked
                    .saturating_add(progress.so_far.failed);
                bar.set_length(progress.due.max(done));
                bar.set_position(done);
            })
            .await;
        bar.finish_and_clear();
        ledger.close().await;
        Ok(round?)
    })?;
    tell(&round, output)?;
    // A question without an answer is asked again later.
    Ok(if round.failed == 0 {
        Exit::Done
    } else {
        Exit::NotSent
    })
}

/// On a terminal only, and for people.
fn bar(output: &Output) -> ProgressBar {
    if output.format() == Format::Json {
        return ProgressBar::hidden();
    }
    // It draws nothing where stderr is no terminal.
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos} of {len} asked, {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(TICK);
    bar
}

fn tell(round: &Round, output: &Output) -> Result<(), Failure> {
    let sentence = match round.failed {
        0 => "DOKU was asked about everything that was due.",
        _ => "Some questions got no answer; they are asked again later.",
    };
    let card = Card::new(sentence)
        .fact("settled", &round.recovered)
        .fact("asked about", &round.checked)
        .fact("payments", &round.payments)
        .fact("suspected", &round.suspicions)
        .fact("expired", &round.expired)
        .fact("no answer", &round.failed);
    let shape = Reconciled {
        operation: "ledgerReconcile",
        recovered: round.recovered,
        checked: round.checked,
        payments: round.payments,
        suspicions: round.suspicions,
        expired: round.expired,
        failed: round.failed,
    };
    output.result(&card, &shape)
}
