//! `doku ledger resolve`: what only a person can settle, said twice before it is recorded.

use doku::{TrxId, VirtualAccount, VirtualAccountNo};
use doku_ledger::account::{Account, State};
use doku_ledger::intent::{Resolution, Unsettled};
use doku_ledger::{Error, Ledger};
use serde::Serialize;

use super::view::{AccountRow, moment};
use super::{changing_ledger, with_ledger};
use crate::args::ResolveArguments;
use crate::exit::{Exit, Failure};
use crate::file::{self, Kind};
use crate::output::{Card, Output};

/// What somebody found out.
enum Found {
    Made(Box<VirtualAccount>),
    MadeAs(VirtualAccountNo),
    NeverMade(String),
    GiveUp(String),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resolved {
    operation: &'static str,
    /// Whether it was recorded.
    done: bool,
    /// What is, or would be, recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<&'static str>,
    account: AccountRow,
    #[serde(skip_serializing_if = "Option::is_none")]
    unsettled: Option<UnsettledRow>,
}

/// What was asked of DOKU and is not settled.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UnsettledRow {
    asked: &'static str,
    external_id: String,
    attempts: u64,
    since: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    again_at: Option<String>,
    is_being_sent: bool,
}

impl From<&Unsettled> for UnsettledRow {
    fn from(unsettled: &Unsettled) -> Self {
        Self {
            asked: unsettled.asked,
            external_id: unsettled.external_id.to_string(),
            attempts: unsettled.attempts,
            since: moment(unsettled.since),
            reason: unsettled.reason.clone(),
            again_at: unsettled.again_at.map(moment),
            is_being_sent: unsettled.is_being_sent,
        }
    }
}

pub(super) fn resolve(arguments: &ResolveArguments, output: &Output) -> Result<Exit, Failure> {
    let trx_id = &arguments.trx_id;
    let found = found(arguments)?;
    let (account, unsettled) = with_ledger(&arguments.place, async |ledger| {
        stands(ledger, trx_id).await
    })?;
    let Some(found) = found else {
        tell(&account, unsettled.as_ref(), output)?;
        return Ok(Exit::Done);
    };
    found.suits(&account, unsettled.as_ref())?;
    let resolution = Some(found.word());
    if !arguments.yes {
        let card = Card::new(format!(
            "Nothing was changed. With --yes {}",
            found.consequence(trx_id)
        ));
        let shape = Resolved {
            operation: "ledgerResolve",
            done: false,
            resolution,
            account: AccountRow::from(&account),
            unsettled: unsettled.as_ref().map(UnsettledRow::from),
        };
        output.result(&described(card, unsettled.as_ref()), &shape)?;
        return Ok(Exit::Done);
    }
    let account = changing_ledger(&arguments.place, async |ledger| {
        Ok(match found {
            Found::Made(made) => ledger.resolve_create(trx_id, Resolution::Made(made)).await,
            Found::MadeAs(number) => {
                ledger
                    .resolve_create(trx_id, Resolution::MadeAs(number))
                    .await
            }
            Found::NeverMade(reason) => {
                ledger
                    .resolve_create(trx_id, Resolution::NeverMade(reason))
                    .await
            }
            Found::GiveUp(reason) => ledger.give_up_change(trx_id, reason).await,
        }?)
    })?;
    let card = Card::new(format!("{trx_id} is {}.", account.state))
        .maybe("number", account.number.as_ref());
    let shape = Resolved {
        operation: "ledgerResolve",
        done: true,
        resolution,
        account: AccountRow::from(&account),
        unsettled: None,
    };
    output.result(&card, &shape)?;
    Ok(Exit::Done)
}

fn found(arguments: &ResolveArguments) -> Result<Option<Found>, Failure> {
    if let Some(path) = &arguments.account {
        let made = file::read_stored(path, Kind::VirtualAccount)?;
        return Ok(Some(Found::Made(Box::new(made))));
    }
    Ok(arguments
        .number
        .clone()
        .map(Found::MadeAs)
        .or_else(|| arguments.never_made.clone().map(Found::NeverMade))
        .or_else(|| arguments.give_up.clone().map(Found::GiveUp)))
}

async fn stands(ledger: &Ledger, trx_id: &TrxId) -> Result<(Account, Option<Unsettled>), Failure> {
    let account = ledger.account(trx_id).await?;
    let account = account.ok_or_else(|| Error::NoSuchAccount {
        what: trx_id.to_string(),
    })?;
    let unsettled = ledger.unsettled(trx_id).await?;
    Ok((account, unsettled))
}

impl Found {
    const fn word(&self) -> &'static str {
        match self {
            Self::Made(_) | Self::MadeAs(_) => "made",
            Self::NeverMade(_) => "neverMade",
            Self::GiveUp(_) => "givenUp",
        }
    }

    /// Whether it answers what is open. The ledger looks once more when it records it.
    fn suits(&self, account: &Account, unsettled: Option<&Unsettled>) -> Result<(), Failure> {
        let trx_id = &account.trx_id;
        let Some(unsettled) = unsettled else {
            let was_made = matches!(self, Self::Made(_) | Self::MadeAs(_));
            if was_made && account.state == State::Refused {
                // Somebody may have been mistaken.
                return Ok(());
            }
            let settled = format!(
                "{trx_id} is {}, and nothing about it is unsettled",
                account.state
            );
            return Err(Failure::usage(settled).next("Look at it with `doku ledger show`."));
        };
        if unsettled.is_being_sent {
            return Err(Error::Underway {
                trx_id: trx_id.clone(),
            }
            .into());
        }
        let of_a_create = unsettled.asked == "create";
        match self {
            Self::GiveUp(_) if of_a_create => Err(Failure::usage(format!(
                "the create of {trx_id} is unsettled, and no change"
            ))
            .next("Say --number, --account or --never-made.")),
            Self::Made(_) | Self::MadeAs(_) | Self::NeverMade(_) if !of_a_create => {
                Err(Failure::usage(format!(
                    "it is known that {trx_id} was made; the {} is unsettled",
                    unsettled.asked
                ))
                .next("Say --give-up, if it shall not be sent again."))
            }
            _ => Ok(()),
        }
    }

    fn consequence(&self, trx_id: &TrxId) -> String {
        match self {
            Self::Made(made) => format!(
                "it is recorded that DOKU made {trx_id} as {}.",
                made.number_as_typed()
            ),
            Self::MadeAs(number) => format!(
                "it is recorded that DOKU made {trx_id} as {}.",
                number.digits()
            ),
            Self::NeverMade(_) => format!(
                "{trx_id} becomes {}, and may be asked for again: if DOKU has an account for it after all, there will be two.",
                State::Refused
            ),
            Self::GiveUp(_) => format!(
                "the change of {trx_id} is not sent again, and the account counts as it was: if DOKU has made the change after \
                 all, the two differ."
            ),
        }
    }
}

fn tell(account: &Account, unsettled: Option<&Unsettled>, output: &Output) -> Result<(), Failure> {
    let trx_id = &account.trx_id;
    let sentence = match unsettled {
        None => format!(
            "{trx_id} is {}, and nothing about it is unsettled.",
            account.state
        ),
        Some(Unsettled { asked, .. }) => {
            format!(
                "{trx_id} is {}, and nobody knows what became of its {asked}.",
                account.state
            )
        }
    };
    let shape = Resolved {
        operation: "ledgerResolve",
        done: false,
        resolution: None,
        account: AccountRow::from(account),
        unsettled: unsettled.map(UnsettledRow::from),
    };
    output.result(&described(Card::new(sentence), unsettled), &shape)?;
    if let Some(unsettled) = unsettled {
        let how = if unsettled.asked == "create" {
            "--number, --account or --never-made"
        } else {
            "--give-up"
        };
        output.note(&format!(
            "Look it up in DOKU's back office, then say {how}."
        ));
    }
    Ok(())
}

fn described(card: Card, unsettled: Option<&Unsettled>) -> Card {
    let Some(unsettled) = unsettled else {
        return card;
    };
    let again = match (unsettled.is_being_sent, unsettled.again_at) {
        (true, _) => "it is being sent now".to_owned(),
        (false, Some(at)) => moment(at),
        (false, None) => "never by itself".to_owned(),
    };
    card.fact("asked", unsettled.asked)
        .fact("attempts", &unsettled.attempts)
        .fact("external id", &unsettled.external_id)
        .fact("since", &moment(unsettled.since))
        .maybe("because", unsettled.reason.as_ref())
        .fact("again", &again)
}
