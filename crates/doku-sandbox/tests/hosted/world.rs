//! A sandbox, a client and a merchant's endpoints, all on the sandbox's clock.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use axum::Router;
use doku_model::{Bill, PositiveAmount, VirtualAccountNo};
use doku_sandbox::{
    Endpoints as Urls, HeaderClock, JournalEntry, Merchant, Notification, Paid, Running, Sandbox,
    SandboxConfig, TellerError,
};
use doku_sign::ClientSecret;
use doku_transport::ReqwestTransport;
use doku_va_btn::hosted::{
    Credentials, Endpoints, EndpointsBuilder, HandledInMemory, Payable, PaymentCode, PaymentCodes,
    TakenInMemory,
};
use doku_va_btn::{Client, Clock, Config, CreateVa, RetryPolicy, VirtualAccount};
use time::OffsetDateTime;

use crate::merchant::{Books, Line};
use crate::server::Server;

/// The BIN whose numbers the merchant registers.
pub(crate) const MGPC: &str = "8129";
/// The BIN whose numbers only the merchant knows.
pub(crate) const DIPC: &str = "8130";

/// Making keys takes time, so every test is the same merchant.
pub(crate) static MERCHANT: LazyLock<Merchant> = LazyLock::new(|| Merchant::make_up().unwrap());

type Change<T> = Box<dyn FnOnce(T) -> T>;

/// How a world differs from the usual one.
pub(crate) struct Plan {
    sandbox: Change<SandboxConfig>,
    endpoints: Change<EndpointsBuilder>,
    mount: Change<Router>,
    /// What stands before the three paths in the URLs that DOKU knows, and behind them.
    around: (&'static str, &'static str),
    front: Option<String>,
    closed: bool,
}

impl Plan {
    pub(crate) fn new() -> Self {
        Self {
            sandbox: Box::new(|config| config),
            endpoints: Box::new(|builder| builder),
            mount: Box::new(|router| router),
            around: ("", ""),
            front: None,
            closed: false,
        }
    }

    pub(crate) fn sandbox(
        self,
        change: impl FnOnce(SandboxConfig) -> SandboxConfig + 'static,
    ) -> Self {
        let sandbox = Box::new(|config| change((self.sandbox)(config)));
        Self { sandbox, ..self }
    }

    pub(crate) fn endpoints(
        self,
        change: impl FnOnce(EndpointsBuilder) -> EndpointsBuilder + 'static,
    ) -> Self {
        let endpoints = Box::new(change);
        Self { endpoints, ..self }
    }

    /// The merchant puts its endpoints somewhere into its own router.
    pub(crate) fn mounted(self, mount: impl FnOnce(Router) -> Router + 'static) -> Self {
        let mount = Box::new(mount);
        Self { mount, ..self }
    }

    /// What the URLs have around the three paths.
    pub(crate) fn urls(self, prefix: &'static str, suffix: &'static str) -> Self {
        let around = (prefix, suffix);
        Self { around, ..self }
    }

    /// DOKU calls this server, which stands before the merchant's.
    pub(crate) fn behind(self, front: &Server) -> Self {
        let front = Some(front.base_url());
        Self { front, ..self }
    }

    /// The merchant's server is not there yet.
    pub(crate) fn closed(self) -> Self {
        Self {
            closed: true,
            ..self
        }
    }

    pub(crate) async fn start(self) -> World {
        let mut server = Server::closed();
        let base_url = self.front.unwrap_or_else(|| server.base_url());
        let (prefix, suffix) = self.around;
        let url = |path: &str| format!("{base_url}{prefix}{path}{suffix}").parse().unwrap();
        let paths = doku_axum::Paths::default();
        let urls = Urls::new()
            .token_url(url(paths.token()))
            .inquiry_url(url(paths.inquiry()))
            .notification_url(url(paths.payment()));
        let config = SandboxConfig::for_merchant(&MERCHANT)
            .unwrap()
            .with_bin(format!("{MGPC}:mgpc").parse().unwrap())
            .with_bin(format!("{DIPC}:dipc").parse().unwrap())
            .transport(Arc::new(ReqwestTransport::new()))
            .header_clock(HeaderClock::Sandbox)
            .endpoints(urls);
        let running = Sandbox::start((self.sandbox)(config), "127.0.0.1:0")
            .await
            .unwrap();
        let clock = Arc::new(SandboxClock(running.sandbox().clone()));
        let client = Client::with_clock(
            config_for(running.base_url()),
            Arc::new(ReqwestTransport::new()),
            Arc::clone(&clock) as Arc<dyn Clock>,
        )
        .unwrap();
        let books = Arc::new(Books::default());
        let handled = Arc::new(HandledInMemory::new());
        let endpoints = (self.endpoints)(builder(credentials(), &books, &handled, clock)).build();
        if !self.closed {
            server.open((self.mount)(doku_axum::router(endpoints.clone())));
        }
        World {
            running,
            client,
            books,
            server,
            endpoints,
            handled,
            codes: PaymentCodes::new(DIPC.parse().unwrap(), 12, Arc::new(TakenInMemory::new()))
                .unwrap(),
            paid: Mutex::default(),
        }
    }
}

/// Everything there is.
pub(crate) struct World {
    pub(crate) running: Running,
    pub(crate) client: Client,
    pub(crate) books: Arc<Books>,
    pub(crate) server: Server,
    pub(crate) endpoints: Endpoints,
    handled: Arc<HandledInMemory>,
    codes: PaymentCodes,
    /// What the bank took.
    paid: Mutex<Vec<Line>>,
}

impl World {
    pub(crate) async fn start() -> Self {
        Plan::new().start().await
    }

    pub(crate) fn sandbox(&self) -> &Sandbox {
        self.running.sandbox()
    }

    /// Opens the merchant's server as it was planned.
    pub(crate) fn open(&mut self) {
        self.server.open(doku_axum::router(self.endpoints.clone()));
    }

    /// The merchant starts anew with other credentials. It remembers its books and what was handled.
    pub(crate) async fn restart_as(&mut self, credentials: Credentials) {
        self.server.close().await;
        let clock = Arc::new(SandboxClock(self.sandbox().clone()));
        self.endpoints = builder(credentials, &self.books, &self.handled, clock).build();
        self.open();
    }

    /// An account of DGPC.
    pub(crate) async fn created(&self, trx_id: &str, bill: Bill) -> VirtualAccount {
        let order = CreateVa::doku_generated(trx_id.parse().unwrap(), name(), bill);
        self.client.create(&order).await.unwrap().value
    }

    /// A number of the merchant's own that nobody had before, and that nobody offers yet.
    pub(crate) async fn code(&self) -> PaymentCode {
        self.codes.next().await.unwrap()
    }

    /// A number of the merchant's own, offered to whoever pays it.
    pub(crate) async fn offered(&self, trx_id: &str, bill: Bill) -> VirtualAccountNo {
        let code = self.code().await;
        let payable = Payable::new(name(), bill, trx_id.parse().unwrap());
        self.books.offer(&code, payable, false);
        code.virtual_account_no().clone()
    }

    /// Pays at the counter, and remembers that the bank took the money.
    pub(crate) async fn pay(
        &self,
        number: &VirtualAccountNo,
        amount: PositiveAmount,
    ) -> Result<Paid, TellerError> {
        let paid = self.sandbox().pay_and_notify(number, amount).await?;
        let told = paid.notification.as_ref().unwrap();
        let payment = &paid.payment;
        assert_eq!(payment.amount, amount);
        assert_eq!(told.payment_request_id, payment.payment_request_id);
        self.paid.lock().unwrap().push((
            number.normalised().to_owned(),
            told.trx_id.clone(),
            payment.payment_request_id.clone(),
            payment.amount.amount().sen(),
        ));
        Ok(paid)
    }

    /// Creates an account, pays it, and gives the notification after its first attempt.
    pub(crate) async fn paid(&self, trx_id: &str) -> Notification {
        let va = self.created(trx_id, closed(11_500)).await;
        let paid = self.pay(&va.number(), rupiah(11_500)).await.unwrap();
        paid.notification.unwrap()
    }

    /// Moves the clock, and waits for what becomes due.
    pub(crate) async fn advance(&self, by: Duration) {
        self.sandbox().advance(by);
        self.sandbox().deliver_due().await;
    }

    /// A notification as it stands now.
    pub(crate) fn notification(&self, id: u64) -> Notification {
        let all = self.sandbox().notifications();
        all.into_iter().find(|known| known.id == id).unwrap()
    }

    /// Notifications that the merchant has not acknowledged.
    pub(crate) fn unacknowledged(&self) -> Vec<Notification> {
        let all = self.sandbox().notifications().into_iter();
        all.filter(|known| !known.acknowledged).collect()
    }

    /// Both sides have the same payments, each once, to the sen; and DOKU has nothing left to tell.
    #[track_caller]
    pub(crate) fn assert_settled(&self) {
        assert_eq!(self.unacknowledged(), []);
        self.assert_books_agree();
    }

    /// Both sides have the same payments, each once, to the sen.
    #[track_caller]
    pub(crate) fn assert_books_agree(&self) {
        let mut paid = self.paid.lock().unwrap().clone();
        paid.sort();
        assert_eq!(self.books.lines(), paid);
    }

    /// Nobody was told of a payment, and nobody wrote one down.
    #[track_caller]
    pub(crate) fn assert_nothing_paid(&self) {
        assert_eq!(self.sandbox().notifications(), []);
        assert_eq!(self.books.runs(), 0);
        assert!(
            self.sandbox()
                .virtual_accounts()
                .iter()
                .all(|va| va.payments.is_empty())
        );
    }

    /// The calls of one operation that DOKU made, oldest first.
    pub(crate) fn calls(&self, operation: &str) -> Vec<Arc<JournalEntry>> {
        let mut journal = self.sandbox().journal(0);
        journal.retain(|entry| entry.operation == Some(operation));
        journal
    }
}

/// The merchant's clock follows the sandbox's, which tests move.
#[derive(Debug)]
struct SandboxClock(Sandbox);

impl Clock for SandboxClock {
    fn now(&self) -> OffsetDateTime {
        self.0.now().instant()
    }
}

fn builder(
    credentials: Credentials,
    books: &Arc<Books>,
    handled: &Arc<HandledInMemory>,
    clock: Arc<dyn Clock>,
) -> EndpointsBuilder {
    Endpoints::builder(credentials)
        .inquiries(Arc::clone(books))
        .payments(Arc::clone(books))
        .events(Arc::clone(books))
        .handled(Arc::clone(handled))
        .clock(clock)
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new(
        MERCHANT.client_id().clone(),
        secret(),
        MERCHANT.private_key().clone(),
        MERCHANT.doku_private_key().public_key(),
    )
}

/// The secret that the sandbox signs with.
pub(crate) fn secret() -> ClientSecret {
    ClientSecret::new(MERCHANT.client_secret()).unwrap()
}

fn config_for(base_url: &str) -> Config {
    Config::new(
        base_url.parse().unwrap(),
        MERCHANT.client_id().clone(),
        secret(),
        MERCHANT.private_key().clone(),
    )
    .with_partner_service_id(MERCHANT.bin().partner_service_id().clone())
    .with_customer_no_prefix(MERCHANT.bin().prefix().unwrap().clone())
    .with_retry(RetryPolicy {
        first_wait: Duration::from_millis(5),
        ..RetryPolicy::default()
    })
}

pub(crate) fn name() -> doku_model::VirtualAccountName {
    "Siti Rahma".parse().unwrap()
}

pub(crate) fn rupiah(rupiah: u64) -> PositiveAmount {
    PositiveAmount::rupiah(rupiah).unwrap()
}

pub(crate) fn closed(amount: u64) -> Bill {
    Bill::Closed(rupiah(amount))
}

pub(crate) const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

pub(crate) const fn hours(hours: u64) -> Duration {
    minutes(hours * 60)
}
