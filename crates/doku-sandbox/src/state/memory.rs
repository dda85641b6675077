//! Everything that DOKU remembers, and the one way in which a call changes it.

use std::sync::Arc;

use doku_model::Operation;
use doku_model::request::{CheckStatus, CreateVa, DeleteVa, UpdateVa};
use time::{OffsetDateTime, UtcOffset};

use super::accounts::{AccountId, Accounts};
use super::direct::DirectPayments;
use super::external_ids::{Earlier, ExternalIds};
use super::fingerprint::Fingerprints;
use crate::answer::{Answer, Refusal};
use crate::config::{Bin, RepeatedTrxId, StatusNumbers};

/// What a genuine call asks for, or why it cannot be done.
#[derive(Debug)]
pub(crate) enum Call {
    Create(Box<CreateVa>),
    Update(Box<UpdateVa>),
    Delete(DeleteVa),
    CheckStatus(CheckStatus),
    /// Understood to be a call, but not which one.
    Refused(Refusal),
}

/// What came of a call.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) answer: Answer,
    /// Why it is not the answer to this call alone; for the journal.
    pub(crate) repeated: Option<Repeated>,
}

/// Which kind of repetition a call was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeated {
    /// The same call under the same external id.
    SameCall,
    /// Another call under an external id that was used today.
    OtherCall,
}

/// Everything DOKU remembers.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(super) accounts: Accounts,
    pub(super) direct: DirectPayments,
    pub(super) external_ids: ExternalIds,
    pub(super) prints: Fingerprints,
    pub(super) settings: Settings,
    /// How many there ever were, for the ids of the next.
    pub(super) payments: u64,
}

/// What the rules depend on.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) bins: Arc<[Bin]>,
    pub(crate) day_offset: UtcOffset,
    pub(crate) status_numbers: StatusNumbers,
    pub(crate) repeated_trx_id: RepeatedTrxId,
    /// Where the links of how to pay lead.
    pub(crate) base_url: String,
}

impl Memory {
    pub(crate) fn new(settings: Settings, prints: Fingerprints) -> Self {
        Self {
            accounts: Accounts::new(Arc::clone(&settings.bins), prints.clone()),
            direct: DirectPayments::new(),
            external_ids: ExternalIds::new(settings.day_offset),
            prints,
            payments: 0,
            settings,
        }
    }

    /// Forgets everything. The next payment still has an id of its own: the merchant remembers those before.
    pub(crate) fn reset(&mut self) {
        *self = Self {
            payments: self.payments,
            ..Self::new(self.settings.clone(), self.prints.clone())
        };
    }

    /// Does a genuine call, unless its external id was used today.
    pub(crate) fn perform(
        &mut self,
        now: OffsetDateTime,
        operation: Operation,
        external_id: &str,
        body: &[u8],
        call: Call,
    ) -> Done {
        let external_id = self.prints.of(external_id);
        let print = self.prints.of(&(operation, body));
        self.external_ids.turn_to(now);
        if let Some(used) = self.external_ids.used(external_id) {
            return if used.call == print {
                let earlier = match &used.earlier {
                    Earlier::Created(account) => self.created(*account),
                    Earlier::Other(answer) => (**answer).clone(),
                };
                Done {
                    answer: earlier.repeated(),
                    repeated: Some(Repeated::SameCall),
                }
            } else {
                Done {
                    answer: Answer::conflict(operation),
                    repeated: Some(Repeated::OtherCall),
                }
            };
        }
        let (answer, earlier) = self.work(now, call);
        self.external_ids.remember(external_id, print, earlier);
        Done {
            answer,
            repeated: None,
        }
    }

    fn work(&mut self, now: OffsetDateTime, call: Call) -> (Answer, Earlier) {
        let answer = match call {
            Call::Create(request) => match self.create(now, *request) {
                Ok(account) => return (self.created(account), Earlier::Created(account)),
                Err(answer) => answer,
            },
            Call::Update(request) => self.update(now, *request).unwrap_or_else(Answer::from),
            Call::Delete(request) => self.delete(&request).unwrap_or_else(Answer::from),
            Call::CheckStatus(request) => self
                .check_status(now, &request)
                .unwrap_or_else(Answer::from),
            Call::Refused(refusal) => refusal.into(),
        };
        let earlier = Earlier::Other(Box::new(answer.clone()));
        (answer, earlier)
    }

    /// What the creation of this account answered.
    pub(super) fn created(&self, id: AccountId) -> Answer {
        let answer = self.accounts.at(id).and_then(|account| {
            let bin = self.accounts.bin(account)?;
            Some(match &account.created_answer {
                Some(answer) => (**answer).clone(),
                None => account.creation_answer(
                    bin,
                    &self.settings.base_url,
                    Operation::CreateVa.success(),
                ),
            })
        });
        // An account that was created is never taken out of the table.
        answer.unwrap_or_else(|| Self::out_of_order(Operation::CreateVa).into())
    }

    /// The sandbox contradicts itself: answered as DOKU answers its own failures.
    pub(super) fn out_of_order(operation: Operation) -> Refusal {
        Refusal::of(operation, 500, 0, "General Error")
    }

    pub(crate) fn accounts(&self) -> &Accounts {
        &self.accounts
    }
}
