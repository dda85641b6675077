//! A merchant with a client, and the sandbox it talks to.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use doku_model::wire::{self, VirtualAccountData};
use doku_model::{Bill, CustomerNo, TrxId};
use doku_sandbox::{Merchant, Running, Sandbox, SandboxConfig};
use doku_sign::{AccessToken, ClientSecret, MinifiedBody, StringToSign};
use doku_transport::{HttpTransport, ReqwestTransport, TransportError};
use doku_va_btn::{Client, Clock, Config, CreateVa, RetryPolicy};
use http::{Request, Response};
use time::OffsetDateTime;

/// The BIN whose numbers the merchant makes.
pub(crate) const MGPC_BIN: &str = "8129";

/// One merchant for all tests: making keys takes time.
pub(crate) fn merchant() -> &'static Merchant {
    static MERCHANT: OnceLock<Merchant> = OnceLock::new();
    MERCHANT.get_or_init(|| Merchant::make_up().expect("a merchant"))
}

/// A sandbox and a client that keeps its time.
pub(crate) struct Shop {
    pub(crate) running: Running,
    pub(crate) client: Client,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::open_with(|sandbox| sandbox, |config| config).await
    }

    pub(crate) async fn open_with(
        sandbox: impl FnOnce(SandboxConfig) -> SandboxConfig,
        config: impl FnOnce(Config) -> Config,
    ) -> Self {
        let sandbox_config = SandboxConfig::for_merchant(merchant())
            .expect("a secret")
            .with_bin(format!("{MGPC_BIN}:mgpc").parse().expect("a BIN"));
        let running = Sandbox::start(sandbox(sandbox_config), "127.0.0.1:0")
            .await
            .expect("a sandbox");
        let config = config(config_for(running.base_url()));
        let client = client(config, &running);
        Self { running, client }
    }

    pub(crate) fn sandbox(&self) -> &Sandbox {
        self.running.sandbox()
    }

    /// Another client of the same sandbox.
    pub(crate) fn client_with(&self, change: impl FnOnce(Config) -> Config) -> Client {
        client(change(config_for(self.running.base_url())), &self.running)
    }

    /// A client whose request bodies are changed on their way, and signed anew.
    pub(crate) fn meddled(
        &self,
        change: impl Fn(&mut VirtualAccountData<'_>) + Send + Sync + 'static,
    ) -> Client {
        let transport = Meddler {
            inner: ReqwestTransport::new(),
            change: Box::new(change),
        };
        let clock = SandboxClock(self.sandbox().clone());
        Client::with_clock(
            config_for(self.running.base_url()),
            Arc::new(transport),
            Arc::new(clock),
        )
        .expect("a client")
    }

    /// The numbers that the sandbox knows for a trxId.
    pub(crate) fn numbers_of(&self, trx_id: &TrxId) -> Vec<String> {
        self.sandbox()
            .virtual_accounts()
            .into_iter()
            .filter(|va| va.trx_id == trx_id.as_str())
            .map(|va| va.virtual_account_no)
            .collect()
    }
}

/// The merchant's configuration for a sandbox at `base_url`.
pub(crate) fn config_for(base_url: &str) -> Config {
    let merchant = merchant();
    Config::new(
        base_url.parse().expect("a base URL"),
        merchant.client_id().clone(),
        ClientSecret::new(merchant.client_secret()).expect("a secret"),
        merchant.private_key().clone(),
    )
    .with_partner_service_id(merchant.bin().partner_service_id().clone())
    .with_customer_no_prefix(merchant.bin().prefix().expect("a prefix").clone())
    .with_retry(RetryPolicy {
        first_wait: Duration::from_millis(5),
        ..RetryPolicy::default()
    })
}

fn client(config: Config, running: &Running) -> Client {
    let clock = SandboxClock(running.sandbox().clone());
    Client::with_clock(config, Arc::new(ReqwestTransport::new()), Arc::new(clock))
        .expect("a client")
}

/// The merchant's clock follows the sandbox's, which tests move.
#[derive(Debug)]
pub(crate) struct SandboxClock(pub(crate) Sandbox);

impl Clock for SandboxClock {
    fn now(&self) -> OffsetDateTime {
        self.0.now().instant()
    }
}

/// An order with a trxId of its own.
pub(crate) fn dgpc(trx_id: &str, bill: Bill) -> CreateVa {
    CreateVa::doku_generated(trx_id.parse().expect("a trxId"), name(), bill)
}

/// The same under a number that the merchant makes.
pub(crate) fn mgpc(customer_no: &str, trx_id: &str, bill: Bill) -> CreateVa {
    let customer_no: CustomerNo = customer_no.parse().expect("a customer number");
    CreateVa::merchant_generated(customer_no, trx_id.parse().expect("a trxId"), name(), bill)
        .under(MGPC_BIN.parse().expect("a BIN"))
}

fn name() -> doku_model::VirtualAccountName {
    "Budi Santoso".parse().expect("a name")
}

pub(crate) fn closed(rupiah: u64) -> Bill {
    Bill::Closed(doku_model::PositiveAmount::rupiah(rupiah).expect("an amount"))
}

type Meddling = Box<dyn Fn(&mut VirtualAccountData<'_>) + Send + Sync>;

/// Changes the body of a call as a faulty client would, and signs what it made of it.
struct Meddler {
    inner: ReqwestTransport,
    change: Meddling,
}

impl std::fmt::Debug for Meddler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meddler").finish_non_exhaustive()
    }
}

#[async_trait]
impl HttpTransport for Meddler {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let (mut parts, mut body) = request.into_parts();
        let header = |name: &str| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
        };
        if !header("authorization").is_empty() {
            let changed = {
                let mut data: VirtualAccountData<'_> = wire::decode(&body).expect("our own body");
                (self.change)(&mut data);
                wire::encode(&data)
            };
            body = changed.into();
            let token = AccessToken::from_authorization(header("authorization")).expect("a token");
            let to_sign = StringToSign::snap_transaction(
                parts.method.as_str(),
                parts.uri.path(),
                &token,
                &MinifiedBody::of(&body),
                header("x-timestamp"),
            );
            let secret = ClientSecret::new(merchant().client_secret()).expect("a secret");
            let signature = secret.sign(&to_sign).to_base64();
            parts
                .headers
                .insert("x-signature", signature.parse().expect("a header"));
        }
        self.inner.send(Request::from_parts(parts, body)).await
    }
}
