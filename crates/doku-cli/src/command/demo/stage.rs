//! What the story needs before it begins: a local DOKU, a merchant, and the merchant's client.

use std::sync::Arc;

use doku::{Client, ClientSecret, Config, Environment, ReqwestTransport};
use doku_sandbox::{JournalEntry, Merchant, Running, Sandbox, SandboxConfig};

use super::overheard::Overheard;
use super::story::{Step, Story};
use crate::exit::Failure;

/// Numbers that DOKU makes and numbers that the merchant makes have BINs of their own.
const MGPC_BIN: &str = "8129:mgpc";

/// The cast.
pub(super) struct Stage {
    running: Running,
    merchant: Merchant,
    pub(super) client: Client,
    pub(super) transport: Arc<ReqwestTransport>,
}

impl Stage {
    /// Makes up a merchant and starts a DOKU that knows it.
    pub(super) async fn set(story: &mut Story<'_>) -> Result<Self, Failure> {
        let merchant = Merchant::make_up().map_err(|error| unset(&error))?;
        let config = SandboxConfig::for_merchant(&merchant)
            .map_err(|error| unset(&error))?
            .with_bin(
                MGPC_BIN
                    .parse()
                    .map_err(|error: doku_sandbox::BinError| unset(&error))?,
            );
        let running = Sandbox::start(config, "127.0.0.1:0")
            .await
            .map_err(|error| unset(&error))?;
        let transport = Arc::new(ReqwestTransport::new());
        let config = config_of(&merchant, running.base_url(), merchant.client_secret())?;
        let client = Client::new(config, Arc::clone(&transport) as _)?;
        story.tell(
            Step::new("A DOKU of our own")
                .told(format!(
                    "It listens at {} and knows one merchant, {}, made up a moment ago.",
                    running.base_url(),
                    merchant.client_id()
                ))
                .told(
                    "Everything below travels over HTTP, signed and verified, as it would to DOKU.",
                ),
        )?;
        Ok(Self {
            running,
            merchant,
            client,
            transport,
        })
    }

    /// The same merchant with another secret, and what its requests were signed over.
    pub(super) fn client_with_secret(
        &self,
        secret: &str,
    ) -> Result<(Client, Arc<Overheard>), Failure> {
        let config = config_of(&self.merchant, self.running.base_url(), secret)?;
        let overheard = Arc::new(Overheard::new(Arc::clone(&self.transport)));
        let client = Client::new(config, Arc::clone(&overheard) as _)?;
        Ok((client, overheard))
    }

    /// The merchant's own secret, for those who sign by hand.
    pub(super) fn secret(&self) -> Result<ClientSecret, Failure> {
        ClientSecret::new(self.merchant.client_secret()).map_err(|error| unset(&error))
    }

    pub(super) fn sandbox(&self) -> &Sandbox {
        self.running.sandbox()
    }

    /// What the sandbox wrote down about the last request.
    pub(super) fn last_entry(&self) -> Result<Arc<JournalEntry>, Failure> {
        let entries = self.sandbox().journal(0);
        entries
            .last()
            .cloned()
            .ok_or_else(|| Failure::internal("the sandbox's journal is empty"))
    }

    /// Sends everybody home.
    pub(super) async fn clear(self) {
        drop(self.client);
        drop(self.transport);
        self.running.shutdown().await;
    }
}

fn config_of(merchant: &Merchant, base_url: &str, secret: &str) -> Result<Config, Failure> {
    let environment: Environment = base_url
        .parse()
        .map_err(|error: doku::EnvironmentError| unset(&error))?;
    let secret = ClientSecret::new(secret).map_err(|error| unset(&error))?;
    let config = Config::new(
        environment,
        merchant.client_id().clone(),
        secret,
        merchant.private_key().clone(),
    )
    .with_partner_service_id(merchant.bin().partner_service_id().clone());
    Ok(match merchant.bin().prefix() {
        Some(prefix) => config.with_customer_no_prefix(prefix.clone()),
        None => config,
    })
}

pub(super) fn unset(error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure::internal("the demonstration cannot begin").because(error)
}
