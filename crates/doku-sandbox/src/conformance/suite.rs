//! The run: each case against the server, one after the other, with genuine calls between those that would prove nothing
//! without them.

use std::time::Duration;

use super::alteration::Stranger;
use super::caller::Caller;
use super::catalogue::{self, Case};
use super::patience::Patience;
use super::payable::Payable;
use super::report::{Report, Row};
use super::run::Run;
use super::target::Target;
use super::verdict::Verdict;

/// How long a run waits in all for a server that puts calls off.
const PATIENCE: Duration = Duration::from_secs(120);

/// Every case that is to be tried against one server.
///
/// ```no_run
/// # async fn example(target: doku_sandbox::conformance::Target, payable: doku_sandbox::conformance::Payable) {
/// use doku_sandbox::conformance::Suite;
///
/// let report = Suite::new(target, Some(payable)).run(|row| println!("{}", row.name)).await;
/// assert!(report.is_good(), "{}", report.to_junit());
/// # }
/// ```
#[derive(Debug)]
pub struct Suite {
    target: Target,
    payable: Option<Payable>,
    only: Vec<String>,
    patience: Duration,
}

impl Suite {
    /// Every case. Without something to pay, only those of the token endpoint can be tried.
    #[must_use]
    pub fn new(target: Target, payable: Option<Payable>) -> Self {
        Self {
            target,
            payable,
            only: Vec::new(),
            patience: PATIENCE,
        }
    }

    /// Only the cases with one of these names, or with names that begin so: `payment/alg-none`, `token`.
    #[must_use]
    pub fn only(mut self, names: Vec<String>) -> Self {
        self.only = names;
        self
    }

    /// How long a run waits in all for a server that puts calls off (429, 502, 503, 504) or gives no answer; 120 seconds
    /// otherwise. Each call is made up to three times. What is put off all the same is skipped.
    #[must_use]
    pub const fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Every case there is, in the order of a run.
    pub fn cases() -> impl Iterator<Item = &'static Case> {
        catalogue::all()
    }

    /// The cases that this suite tries.
    pub fn chosen(&self) -> impl Iterator<Item = &'static Case> {
        let fits = |case: &&Case| {
            self.only.is_empty()
                || self
                    .only
                    .iter()
                    .any(|name| case.name.starts_with(name.as_str()))
        };
        catalogue::all().filter(fits)
    }

    /// Tries them, and tells `each` of every row as soon as it is certain: a refusal is, once a genuine call was accepted
    /// after it.
    pub async fn run(&self, mut each: impl FnMut(&Row)) -> Report {
        let mut report = Report::default();
        let mut keep = |rows: Vec<Row>| {
            rows.iter().for_each(&mut each);
            report.rows.extend(rows);
        };
        let mut away = None;
        // Making keys takes long, so it does not happen on a thread that serves.
        let stranger = match tokio::task::spawn_blocking(Stranger::make).await {
            Ok(stranger) => stranger,
            Err(_) => Err("making keys was interrupted".to_owned()),
        };
        match stranger {
            Ok(stranger) => {
                let patience = Patience::of(self.patience);
                let caller = Caller::new(&self.target, self.payable.as_ref(), patience);
                let mut run = Run::new(caller, stranger);
                for case in self.chosen() {
                    keep(run.step(case).await);
                }
                keep(run.settle().await);
                away = run.away();
            }
            Err(reason) => {
                let skipped = |case| Row::of(case, Verdict::Skipped, reason.clone());
                keep(self.chosen().map(skipped).collect());
            }
        }
        report.away = away;
        report
    }
}
