//! The client, and something that happens while it calls.

use std::pin::Pin;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use doku_ledger::intent::{Doku, Failed};
use doku_model::ExternalId;
use doku_va_btn::{Change, Client, CreateVa, Error, PaymentStatus, PreparedCreate, VirtualAccount};

type Happening = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Passes every call on to DOKU. Around the first of them something happens.
pub(crate) struct Meanwhile {
    client: Client,
    before: Mutex<Option<Happening>>,
    after: Mutex<Option<Happening>>,
}

impl Meanwhile {
    /// It happens before the first call reaches DOKU.
    pub(crate) fn before(
        client: &Client,
        happening: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        Self {
            client: client.clone(),
            before: Mutex::new(Some(Box::pin(happening))),
            after: Mutex::default(),
        }
    }

    /// It happens after DOKU has answered the first call, before the answer arrives.
    pub(crate) fn after(
        client: &Client,
        happening: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        Self {
            client: client.clone(),
            before: Mutex::default(),
            after: Mutex::new(Some(Box::pin(happening))),
        }
    }

    async fn around<T>(&self, call: impl Future<Output = T> + Send) -> T {
        happen(&self.before).await;
        let answer = call.await;
        happen(&self.after).await;
        answer
    }
}

async fn happen(happening: &Mutex<Option<Happening>>) {
    let happening = happening.lock().unwrap().take();
    if let Some(happening) = happening {
        happening.await;
    }
}

#[async_trait]
impl Doku for Meanwhile {
    fn prepare(&self, order: &CreateVa) -> Result<PreparedCreate, Error> {
        self.client.prepare(order)
    }

    async fn send(
        &self,
        prepared: &PreparedCreate,
        deadline: Duration,
    ) -> Result<VirtualAccount, Failed> {
        let call = Doku::send(&self.client, prepared, deadline);
        self.around(call).await
    }

    async fn settle(
        &self,
        prepared: &PreparedCreate,
        deadline: Duration,
    ) -> Result<VirtualAccount, Failed> {
        let call = Doku::settle(&self.client, prepared, deadline);
        self.around(call).await
    }

    async fn update(
        &self,
        account: &VirtualAccount,
        change: &Change,
        external_id: ExternalId,
        deadline: Duration,
    ) -> Result<VirtualAccount, Failed> {
        let call = Doku::update(&self.client, account, change, external_id, deadline);
        self.around(call).await
    }

    async fn delete(
        &self,
        account: &VirtualAccount,
        external_id: ExternalId,
        deadline: Duration,
    ) -> Result<(), Failed> {
        let call = Doku::delete(&self.client, account, external_id, deadline);
        self.around(call).await
    }

    async fn status(
        &self,
        account: &VirtualAccount,
        deadline: Duration,
    ) -> Result<PaymentStatus, Failed> {
        let call = Doku::status(&self.client, account, deadline);
        self.around(call).await
    }
}
