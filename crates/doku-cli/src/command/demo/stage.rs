//! What the story needs before it begins: a local DOKU, a shop that it calls, and the shop's client.

use std::cell::Cell;
use std::str::FromStr;
use std::sync::Arc;

use doku::{Backend, Client, ClientSecret, Config, Environment, FieldError, ReqwestTransport};
use doku_sandbox::{BinError, JournalEntry, Merchant, Running, Sandbox, SandboxConfig};

use super::book::Book;
use super::call::Call;
use super::overheard::Overheard;
use super::shop::{Shop, unset};
use super::story::{Step, Story, must, wrong};
use crate::exit::Failure;

/// Numbers that the merchant makes and registers have a BIN of their own.
const MGPC_BIN: &str = "8129:mgpc";

/// So have numbers that DOKU asks the merchant about.
const DIPC_BIN: &str = "8130:dipc";

/// The cast.
pub(super) struct Stage {
    running: Running,
    merchant: Merchant,
    shop: Shop,
    pub(super) client: Client,
    pub(super) transport: Arc<ReqwestTransport>,
    /// What DOKU sends to the shop.
    pub(super) from_doku: Arc<Overheard>,
    /// How much of the sandbox's journal was told.
    told: Cell<u64>,
}

impl Stage {
    /// Makes up a merchant, opens its shop, and starts a DOKU that knows both.
    pub(super) async fn set(story: &mut Story<'_>) -> Result<Self, Failure> {
        let merchant = Merchant::make_up_on(Backend::AwsLcRs).map_err(|error| unset(&error))?;
        let shop = Shop::open(&merchant).await?;
        let bin = |text: &str| text.parse().map_err(|error: BinError| unset(&error));
        let transport = Arc::new(ReqwestTransport::new());
        let from_doku = Arc::new(Overheard::new(Arc::clone(&transport)));
        let config = SandboxConfig::for_merchant(&merchant)
            .map_err(|error| unset(&error))?
            .with_bin(bin(MGPC_BIN)?)
            .with_bin(bin(DIPC_BIN)?)
            .endpoints(shop.urls()?)
            .transport(Arc::clone(&from_doku) as _);
        let running = Sandbox::start(config, "127.0.0.1:0")
            .await
            .map_err(|error| unset(&error))?;
        let config = config_of(&merchant, running.base_url(), merchant.client_secret())?;
        let client = Client::new(config, Arc::clone(&transport) as _)?;
        story.tell(
            Step::new("A DOKU and a shop, both on this machine")
                .fact("DOKU", format!("listens at {}", running.base_url()))
                .fact("the shop", format!("listens at {}", shop.base_url()))
                .fact(
                    "merchant",
                    format!("{}, made up a moment ago", merchant.client_id()),
                )
                .told(
                    "Both call each other over HTTP, and prove with signatures who they are. Each call \
                     below tells its path, the answer's code (200 at its front means done), what the \
                     receiver made of the signature, and the id of the call.",
                ),
        )?;
        Ok(Self {
            running,
            merchant,
            shop,
            client,
            transport,
            from_doku,
            told: Cell::new(0),
        })
    }

    /// The same merchant with another secret, and what it sends.
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

    pub(super) fn book(&self) -> &Book {
        &self.shop.book
    }

    /// Where the shop listens.
    pub(super) fn shop_url(&self) -> &str {
        self.shop.base_url()
    }

    /// What travelled since this was last asked, in either direction.
    pub(super) fn calls(&self) -> Vec<Call> {
        let entries = self.sandbox().journal(self.told.get());
        if let Some(last) = entries.last() {
            self.told.set(last.number);
        }
        entries.iter().map(|entry| Call::of(entry)).collect()
    }

    /// What the sandbox wrote down about the last request.
    pub(super) fn last_entry(&self) -> Result<Arc<JournalEntry>, Failure> {
        let entries = self.sandbox().journal(0);
        entries
            .last()
            .cloned()
            .ok_or_else(|| wrong("the sandbox's journal is empty"))
    }

    /// Sends everybody home. Nothing may be left that was not told.
    pub(super) async fn clear(self) -> Result<(), Failure> {
        must(self.calls().is_empty(), "a call was not told")?;
        must(!self.book().has_events(), "the shop has something to tell")?;
        drop(self.client);
        drop(self.transport);
        drop(self.from_doku);
        self.running.shutdown().await;
        self.shop.close().await
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

/// A value that is written in the story itself.
pub(super) fn stated<T: FromStr<Err = FieldError>>(text: &str) -> Result<T, Failure> {
    text.parse()
        .map_err(|error| wrong("a value of the demonstration is refused").because(&error))
}
