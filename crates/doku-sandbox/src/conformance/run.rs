//! One run: each case against the server, one after the other, between genuine calls. A refusal proves something only where a
//! genuine call is accepted before it and after it.

use doku_model::Operation;
use doku_sign::AccessToken;

use super::alteration::{Alteration, Repeat, Stranger, apply};
use super::answer::Answer;
use super::caller::{Caller, Skip};
use super::catalogue::Case;
use super::forgery;
use super::payable::Form;
use super::report::Row;
use super::verdict::{Heard, Must, Verdict, judge};
use super::written;

/// After how many rows a genuine call shows whether they prove anything.
const EVERY: usize = 8;

/// How often it is tried to get a genuine call accepted again.
const CHANCES: u32 = 3;

/// What a genuine call showed.
enum Shown {
    /// It was accepted.
    Good,
    /// It was accepted with a new token, and refused with the one before.
    GoodAgain(String),
    /// It was not accepted.
    Bad(Skip),
}

/// Whether the rows of one endpoint stand on anything.
#[derive(Debug, Default)]
struct Ground {
    operation: Option<Operation>,
    /// Whether the last genuine call was accepted.
    good: bool,
    failures: u32,
    last: Option<Skip>,
    /// Whether the server takes a bearer of its own key that it has not issued itself.
    own_bearer: Option<Result<(), String>>,
}

/// A row that is not told yet.
struct Open {
    row: Row,
    /// Whether it is worth nothing where the next genuine call is not accepted.
    rests: bool,
}

/// A run that goes on.
pub(super) struct Run<'s> {
    caller: Caller<'s>,
    stranger: Stranger,
    ground: Ground,
    open: Vec<Open>,
}

impl<'s> Run<'s> {
    pub(super) fn new(caller: Caller<'s>, stranger: Stranger) -> Self {
        Self {
            caller,
            stranger,
            ground: Ground::default(),
            open: Vec::new(),
        }
    }

    /// Why nobody could be called, where not one call went out.
    pub(super) fn away(&self) -> Option<String> {
        self.caller.away().map(str::to_owned)
    }

    /// Tries a case; gives the rows that are certain by now.
    pub(super) async fn step(&mut self, case: &Case) -> Vec<Row> {
        let mut certain = Vec::new();
        if self.ground.operation != Some(case.operation) {
            certain = self.settle().await;
            self.ground = Ground {
                operation: Some(case.operation),
                ..Ground::default()
            };
        }
        let open = self.row(case).await;
        // A genuine call that was accepted shows that those before it met a server that accepts.
        let shows = case.must.accepts() && open.row.verdict == Verdict::Passed;
        self.open.push(open);
        if shows {
            self.ground.good = true;
            certain.extend(self.open.drain(..).map(|open| open.row));
        } else if self.open.len() >= EVERY {
            certain.extend(self.settle().await);
        }
        certain
    }

    /// The rows that are left, with a genuine call after them where they rest on one.
    pub(super) async fn settle(&mut self) -> Vec<Row> {
        let rests = self.open.iter().any(|open| open.rests);
        let shown = match self.ground.operation {
            Some(operation) if rests => self.control(operation).await,
            _ => Shown::Good,
        };
        let why = match shown {
            Shown::Good => None,
            Shown::GoodAgain(reason) => Some(reason),
            Shown::Bad(skip) => Some(skip.reason()),
        };
        self.open
            .drain(..)
            .map(|open| match &why {
                Some(why) if open.rests => open.row.undecided_because(why),
                _ => open.row,
            })
            .collect()
    }

    async fn row(&mut self, case: &Case) -> Open {
        let standing = |row: Row| Open { row, rests: false };
        match self.tried(case).await {
            Ok(heard) => {
                let (verdict, happened) = judge(case.must, case.operation, &heard);
                let rests = !case.is_control()
                    && match verdict {
                        Verdict::Passed => case.must.refuses(),
                        Verdict::Failed => !case.must.refuses(),
                        Verdict::Skipped => false,
                    };
                Open {
                    row: Row::of(case, verdict, happened),
                    rests,
                }
            }
            // What nobody answers is no reason to skip, but to fail: without it nothing works.
            Err(Skip::Unfounded(reason)) if case.is_control() => {
                standing(Row::of(case, Verdict::Failed, reason))
            }
            Err(Skip::Missing(reason)) => standing(Row::of(case, Verdict::Skipped, reason)),
            Err(skip) => standing(Row::undecided(case, skip.reason())),
        }
    }

    /// Makes the call of a case.
    async fn tried(&mut self, case: &Case) -> Result<Heard, Skip> {
        let operation = case.operation;
        if !matches!(case.alteration, Alteration::Nothing) {
            self.stands(operation).await?;
        }
        if case.alteration.takes_own_bearer() {
            self.own_bearer(operation).await?;
        }
        if case.alteration.makes_another_payment() && self.caller.has_one_payment() {
            return Err(Skip::Missing(
                "the number takes one payment, and this is another".to_owned(),
            ));
        }
        let target = self.caller.target;
        let mut draft = self.caller.draft(operation, case.alteration.form()).await?;
        apply(case.alteration, &mut draft, target, &self.stranger).map_err(Skip::Missing)?;
        let request = draft.finish(target).map_err(Skip::Missing)?;
        let insists = !case.must.may_cut_off();
        let first = self.caller.send(&request, insists).await;
        let second = match case.alteration.repeats() {
            None => None,
            Some(Repeat::Identical) => Some(self.caller.send(&request, insists).await),
            Some(repeat) => {
                let mut again = self.caller.anew(&draft);
                if repeat == Repeat::Padded {
                    again.body = written::padded_with_zeros(&again.body);
                }
                let request = again.finish(target).map_err(Skip::Missing)?;
                Some(self.caller.send(&request, insists).await)
            }
        };
        for answer in std::iter::once(&first).chain(&second) {
            worth_something(case.must, answer)?;
        }
        let lives = !case.must.asks_for_life() || self.is_alive().await?;
        Ok(Heard {
            sent: draft.body,
            first,
            second,
            lives,
        })
    }

    /// Whether a genuine call was accepted: without that, neither a refusal nor its want proves anything.
    async fn stands(&mut self, operation: Operation) -> Result<(), Skip> {
        if self.ground.good {
            return Ok(());
        }
        if let Some(last) = self
            .ground
            .last
            .as_ref()
            .filter(|_| self.ground.failures >= CHANCES)
        {
            return Err(last.clone());
        }
        match self.control(operation).await {
            Shown::Good | Shown::GoodAgain(_) => Ok(()),
            Shown::Bad(skip) => Err(skip),
        }
    }

    /// Makes a genuine call, with a new token where the one there was is no longer taken.
    async fn control(&mut self, operation: Operation) -> Shown {
        let shown = self.asked(operation).await;
        self.ground.good = !matches!(shown, Shown::Bad(_));
        if let Shown::Bad(skip) = &shown {
            self.ground.failures += 1;
            self.ground.last = Some(skip.clone());
        }
        shown
    }

    async fn asked(&mut self, operation: Operation) -> Shown {
        let first = match self.caller.genuine(operation).await {
            Ok(answer) if answer.accepts() => return Shown::Good,
            Ok(answer) => answer,
            Err(skip) => return Shown::Bad(skip),
        };
        if operation == Operation::Token || first.status != Some(401) {
            return Shown::Bad(Skip::after(operation, &first));
        }
        if let Err(skip) = self.caller.renew().await {
            return Shown::Bad(skip);
        }
        match self.caller.genuine(operation).await {
            Ok(answer) if answer.accepts() => Shown::GoodAgain(format!(
                "a genuine {operation} call was accepted with a new token only, and came to this with the one before: {}",
                first.shown()
            )),
            Ok(answer) => Shown::Bad(Skip::after(operation, &answer)),
            Err(skip) => Shown::Bad(skip),
        }
    }

    /// Whether anybody is left. A server may have closed the connection that it was called through before, so the second try
    /// counts as well.
    async fn is_alive(&mut self) -> Result<bool, Skip> {
        let answer = self.caller.genuine(Operation::Token).await?;
        if answer.puts_off() {
            return Err(Skip::after(Operation::Token, &answer));
        }
        Ok(answer.accepts())
    }

    /// Whether the server takes a bearer of its own key that it has not issued itself.
    async fn own_bearer(&mut self, operation: Operation) -> Result<(), Skip> {
        if let Some(known) = &self.ground.own_bearer {
            return known.clone().map_err(Skip::Missing);
        }
        let target = self.caller.target;
        let mut draft = self.caller.draft(operation, Form::default()).await?;
        let genuine = draft.bearer.clone().unwrap_or_else(AccessToken::empty);
        draft.bearer = Some(forgery::as_issued(&genuine, target).map_err(Skip::Missing)?);
        let request = draft.finish(target).map_err(Skip::Missing)?;
        let answer = self.caller.send(&request, true).await;
        if !answer.is_judgement() {
            return Err(Skip::PutOff(format!(
                "a bearer of the server's own key came to: {}",
                answer.shown()
            )));
        }
        let known = if answer.accepts() {
            Ok(())
        } else {
            Err(format!(
                "the server issues tokens in another form, and takes none made with its key: {}",
                answer.shown()
            ))
        };
        self.ground.own_bearer = Some(known.clone());
        known.map_err(Skip::Missing)
    }
}

/// Refuses an answer by which nobody judged the call.
fn worth_something(must: Must, answer: &Answer) -> Result<(), Skip> {
    if answer.puts_off() {
        return Err(Skip::PutOff(format!(
            "put off, and so neither accepted nor refused: {}",
            answer.shown()
        )));
    }
    // Whoever hangs up may have been refused by anything between here and there.
    if answer.status.is_none() && must.refuses() && !must.may_cut_off() {
        return Err(Skip::PutOff(format!(
            "neither accepted nor refused: {}",
            answer.shown()
        )));
    }
    Ok(())
}

impl Case {
    /// Whether everything else of its operation builds upon it.
    const fn is_control(&self) -> bool {
        matches!(self.alteration, Alteration::Nothing) && matches!(self.must, Must::Accept)
    }
}
