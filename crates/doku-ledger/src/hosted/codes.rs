//! Which payment codes are taken, for all replicas and for good.

use async_trait::async_trait;
use doku_va_btn::hosted::{PaymentCode, PaymentCodeStore, StoreError};

use crate::database::Statement;
use crate::ledger::Ledger;

#[async_trait]
impl PaymentCodeStore for Ledger {
    async fn take(&self, code: &PaymentCode) -> Result<bool, StoreError> {
        let statement = Statement::new(
            "INSERT INTO payment_code (merchant, number) VALUES ($1, $2) ON CONFLICT (merchant, number) DO NOTHING",
        )
        .bind(self.merchant())
        .bind(code.virtual_account_no().normalised());
        let taken = self
            .database()
            .execute(statement)
            .await
            .map_err(|error| StoreError::Failed(error.into()))?;
        Ok(taken == 1)
    }
}
