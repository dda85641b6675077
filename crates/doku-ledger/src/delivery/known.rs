//! Who is told, and who is to be told no more.

use super::Recipient;
use crate::database::Statement;
use crate::error::Error;
use crate::ledger::Ledger;

impl Ledger {
    /// Everybody who was ever [enrolled](Ledger::enrol) and not forgotten, by name. Nobody may be working on what waits for one
    /// of them: a name that was taken out of a configuration stays.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn recipients(&self) -> Result<Vec<Recipient>, Error> {
        let statement =
            Statement::new("SELECT name FROM recipient WHERE merchant = $1 ORDER BY name")
                .bind(self.merchant());
        let rows = self.database().rows(statement).await?;
        rows.iter()
            .map(|row| Ok(Recipient::new(row.text("name")?)))
            .collect()
    }

    /// Forgets a recipient with all that waits for it, dead letters included; says how many deliveries they were, or `None`
    /// where nobody of this name is known. Events stay, and who is enrolled again is told of what happens from then on.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`]. Nothing is forgotten then.
    pub async fn forget_recipient(&self, recipient: &Recipient) -> Result<Option<u64>, Error> {
        let mut transaction = self.begin(vec![self.turn(recipient)]).await?;
        let gone = Statement::new("DELETE FROM recipient WHERE merchant = $1 AND name = $2")
            .bind(self.merchant())
            .bind(recipient.name());
        if transaction.execute(gone).await? == 0 {
            return Ok(None);
        }
        let deliveries =
            Statement::new("DELETE FROM delivery WHERE merchant = $1 AND recipient = $2")
                .bind(self.merchant())
                .bind(recipient.name());
        let dropped = transaction.execute(deliveries).await?;
        transaction.commit().await?;
        Ok(Some(dropped))
    }
}
