//! Delete: only with the trxId of the create call.

use doku_model::Operation;
use doku_model::request::DeleteVa;

use super::memory::Memory;
use crate::answer::{Answer, Refusal};

const DELETE: Operation = Operation::DeleteVa;

impl Memory {
    pub(super) fn delete(&mut self, request: &DeleteVa) -> Result<Answer, Refusal> {
        let id = self.changeable(DELETE, &request.numbers, &request.channel)?;
        let account = self
            .accounts
            .at(id)
            .ok_or_else(|| Self::out_of_order(DELETE))?;
        if account.trx_id != request.trx_id {
            return Err(Refusal::invalid_bill(DELETE)
                .because("delete wants the trxId of the create call, and this one is another"));
        }
        if account.is_settled() {
            return Err(Refusal::paid_bill(DELETE));
        }
        let bin = self
            .accounts
            .bin(account)
            .ok_or_else(|| Self::out_of_order(DELETE))?;
        let answer = account.deletion_answer(bin);
        if let Some(account) = self.accounts.at_mut(id) {
            account.deleted = true;
        }
        Ok(answer)
    }
}
