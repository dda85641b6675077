//! Delete: a virtual account that nobody shall pay any more.

use bytes::Bytes;
use doku_model::{Operation, wire};

use super::call::{Call, CallOptions};
use super::integrity::concerns;
use super::verdict::examined;
use super::{Client, outgoing};
use crate::virtual_account::VirtualAccount;

impl Client {
    /// Deletes a virtual account, with the numbers that DOKU returned and the trxId of the create call.
    ///
    /// # Errors
    ///
    /// [`BuildError::DirectInquiry`](crate::BuildError::DirectInquiry) for a DIPC number, and each phase of a call. Where
    /// the outcome is unknown the account may be gone, or may still be paid.
    pub fn delete<'a>(&'a self, va: &'a VirtualAccount) -> Call<'a, ()> {
        Call::new(async move |options: CallOptions| {
            self.inner.known_to_doku(va)?;
            let body = Bytes::from(wire::encode(&outgoing::delete(va)));
            let external_id = self.inner.external_id(&options);
            let received = self
                .inner
                .exchange(Operation::DeleteVa, &body, &external_id, options.deadline)
                .await?;
            examined(received.verdict().success()?, |response, proof| {
                concerns(va, None, response, proof)
            })
        })
    }
}
