//! Update: another amount, another end, or out of service for a while.

use bytes::Bytes;
use doku_model::{Operation, wire};

use super::call::{Call, CallOptions};
use super::integrity::{concerns, shows};
use super::verdict::examined;
use super::{Client, Inner, outgoing};
use crate::change::Change;
use crate::create_va::Mode;
use crate::error::BuildError;
use crate::virtual_account::VirtualAccount;

impl Client {
    /// Changes a virtual account and returns it as it is then. Its numbers stay.
    ///
    /// # Errors
    ///
    /// [`BuildError::DirectInquiry`] for a DIPC number, and each phase of a call. Where the outcome is unknown the change
    /// may have been made.
    pub fn update<'a>(
        &'a self,
        va: &'a VirtualAccount,
        change: &'a Change,
    ) -> Call<'a, VirtualAccount> {
        Call::new(async move |options: CallOptions| {
            self.inner.known_to_doku(va)?;
            let body = wire::encode(&outgoing::update(va, change, &self.inner.config.dialect));
            let external_id = self.inner.external_id(&options);
            let received = self
                .inner
                .exchange(
                    Operation::UpdateVa,
                    &Bytes::from(body),
                    &external_id,
                    options.deadline,
                )
                .await?;
            examined(received.verdict().success()?, |response, proof| {
                let changed = changed(va, change);
                concerns(&changed, Some(&changed.bill), response, proof)?;
                shows(change, response, proof).map(|()| changed)
            })
        })
    }
}

impl Inner {
    /// A DIPC number exists in the merchant's answers only.
    pub(super) fn known_to_doku(&self, va: &VirtualAccount) -> Result<(), BuildError> {
        if va.mode == Mode::DirectInquiry {
            return Err(BuildError::DirectInquiry {
                trx_id: va.trx_id.clone(),
            });
        }
        Ok(())
    }
}

fn changed(va: &VirtualAccount, change: &Change) -> VirtualAccount {
    VirtualAccount {
        name: change.name.clone().unwrap_or_else(|| va.name.clone()),
        bill: change.bill.unwrap_or(va.bill),
        expired_date: change
            .expired_date
            .clone()
            .or_else(|| va.expired_date.clone()),
        ..va.clone()
    }
}
