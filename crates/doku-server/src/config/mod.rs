//! What a server is made of: from a file, from the environment, or from code.

mod environment;
mod error;
mod exposed;
mod file;
mod key;
mod named;
mod read;
mod secret;
mod switches;
mod url;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use doku_axum::Paths;
use doku_ledger::{Location, Settings};
use doku_va_btn::HostedDialect;
use doku_va_btn::hosted::{Bounds, Credentials, NoDokuPublicKey, SignedPath};
use serde::Deserialize;

pub use error::{ConfigError, InvalidSetting};
pub(crate) use exposed::Exposed;
pub(crate) use key::presented;
pub use key::{ApiKey, InvalidApiKey};
pub use secret::{InvalidSecret, WebhookSecret};
pub use url::{InvalidUrl, PublicUrl, WebhookUrl};

use crate::view::EVENT_TYPES;

/// Everything a server needs to know. `Debug` shows no secret.
///
/// From a file and the environment with [`Config::load`], or from code:
///
/// ```
/// use doku_server::{ApiKey, Config};
/// # use doku_sign::{ClientSecret, DokuPrivateKey, MerchantPrivateKey};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let doku_public_key = DokuPrivateKey::generate(2048)?.public_key();
/// # let private_key = MerchantPrivateKey::generate(2048)?;
/// let doku = doku_va_btn::Config::new(
///     "sandbox".parse()?,
///     "BRN-0211-1696919651918".parse()?,
///     ClientSecret::new("SK-EXAMPLE")?,
///     private_key,
/// )
/// .with_doku_public_key(doku_public_key);
/// let config = Config::new(doku)?
///     .database("orders.sqlite".parse()?)
///     .api_key(ApiKey::new("shop", "a-key-that-nobody-guesses-4711")?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Config {
    pub(crate) doku: doku_va_btn::Config,
    pub(crate) credentials: Credentials,
    pub(crate) database: Location,
    pub(crate) listen: SocketAddr,
    pub(crate) api_listen: SocketAddr,
    pub(crate) public_url: Option<PublicUrl>,
    pub(crate) paths: Paths,
    pub(crate) signed_path: SignedPath,
    pub(crate) api_keys: Vec<ApiKey>,
    pub(crate) webhooks: Vec<Target>,
    pub(crate) hosted: HostedDialect,
    pub(crate) bounds: Bounds,
    pub(crate) shown_name: ShownName,
    pub(crate) merchant: Option<String>,
    pub(crate) language: Language,
    pub(crate) questions_per_second: u32,
    pub(crate) deadline: Duration,
    /// Files of secrets that everybody may read.
    pub(crate) exposed: Vec<Exposed>,
}

/// An address that is told of events.
#[derive(Debug, Clone)]
pub struct Target {
    pub(crate) name: String,
    pub(crate) url: WebhookUrl,
    pub(crate) secrets: Vec<WebhookSecret>,
    pub(crate) events: Option<Vec<String>>,
}

/// What of the payer's name a payment page shows.
///
/// Whoever has the page's address sees it; the payer compares it with what the bank shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "all of it, some of it, or nothing")]
pub enum ShownName {
    /// The first letter of each word: `B*** S***`. The default.
    #[default]
    Masked,
    /// All of it.
    Full,
    /// Nothing.
    Hidden,
}

/// The language of a payment page where the browser asks for neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::exhaustive_enums,
    reason = "the pages are written in these two"
)]
pub enum Language {
    /// Indonesian. The default.
    #[default]
    Id,
    /// English.
    En,
}

/// The file of the embedded database where nothing else is said.
const DATABASE: &str = "doku.sqlite";

const PORT: u16 = 8080;
const API_PORT: u16 = 8081;

impl Config {
    /// With the documented defaults: a file `doku.sqlite`, DOKU and customers at 127.0.0.1:8080, the merchant API at
    /// 127.0.0.1:8081, no API key and no webhook.
    ///
    /// # Errors
    ///
    /// [`NoDokuPublicKey`], because nobody could tell whether it is DOKU who calls.
    pub fn new(doku: doku_va_btn::Config) -> Result<Self, NoDokuPublicKey> {
        Ok(Self {
            credentials: Credentials::from_config(&doku)?,
            doku,
            database: Location::Sqlite(DATABASE.into()),
            listen: (Ipv4Addr::LOCALHOST, PORT).into(),
            api_listen: (Ipv4Addr::LOCALHOST, API_PORT).into(),
            public_url: None,
            paths: Paths::default(),
            signed_path: SignedPath::default(),
            api_keys: Vec::new(),
            webhooks: Vec::new(),
            hosted: HostedDialect::default(),
            bounds: Bounds::default(),
            shown_name: ShownName::default(),
            merchant: None,
            language: Language::default(),
            questions_per_second: 5,
            deadline: Duration::from_secs(45),
            exposed: Vec::new(),
        })
    }

    /// With other credentials for DOKU's calls than the client's: with the ones before these, while they are rotated.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// With another database.
    pub fn database(mut self, location: Location) -> Self {
        self.database = location;
        self
    }

    /// With another address for DOKU and for customers; port 0 takes any free one.
    pub const fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// With another address for the merchant API; port 0 takes any free one.
    pub const fn api_listen(mut self, address: SocketAddr) -> Self {
        self.api_listen = address;
        self
    }

    /// With the URL under which customers reach the payment pages; otherwise it is the address that is listened at.
    pub fn public_url(mut self, url: PublicUrl) -> Self {
        self.public_url = Some(url);
        self
    }

    /// With other paths for DOKU's calls.
    pub fn paths(mut self, paths: Paths) -> Self {
        self.paths = paths;
        self
    }

    /// With a path that differs from the one that arrives.
    pub fn signed_path(mut self, path: SignedPath) -> Self {
        self.signed_path = path;
        self
    }

    /// With one more key to the merchant API.
    pub fn api_key(mut self, key: ApiKey) -> Self {
        self.api_keys.push(key);
        self
    }

    /// With one more address that is told of events.
    pub fn webhook(mut self, target: Target) -> Self {
        self.webhooks.push(target);
        self
    }

    /// With other choices where public sources leave something open about DOKU's calls.
    pub const fn hosted(mut self, dialect: HostedDialect) -> Self {
        self.hosted = dialect;
        self
    }

    /// With other bounds for DOKU's calls.
    pub const fn bounds(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// With more or less of the payer's name on payment pages.
    pub const fn shown_name(mut self, name: ShownName) -> Self {
        self.shown_name = name;
        self
    }

    /// With the merchant's name on payment pages.
    pub fn merchant(mut self, name: impl Into<String>) -> Self {
        self.merchant = Some(name.into());
        self
    }

    /// With another language for browsers that ask for neither.
    pub const fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// With another bound for what reconciliation asks DOKU in a second; 5.
    pub const fn questions_per_second(mut self, questions: u32) -> Self {
        self.questions_per_second = questions;
        self
    }

    /// With another bound for one call to DOKU, all its attempts together; 45 s. A create, update or delete that has no end 30 s
    /// after it is taken for lost, and settled. All servers of one ledger have the same.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// What the client calls DOKU with.
    #[must_use]
    pub const fn doku(&self) -> &doku_va_btn::Config {
        &self.doku
    }

    /// How the ledger is opened: where it is kept, whose it is, and how long a call to DOKU may take.
    #[must_use]
    pub fn ledger(&self) -> Settings {
        Settings::new(self.database.clone(), self.doku.client_id().clone()).deadline(self.deadline)
    }

    /// Where the ledger is kept.
    #[must_use]
    pub const fn location(&self) -> &Location {
        &self.database
    }
}

impl Target {
    /// Told of everything. The name is what the ledger remembers; another name is another target.
    #[must_use]
    pub fn new(name: impl Into<String>, url: WebhookUrl, secret: WebhookSecret) -> Self {
        Self {
            name: name.into(),
            url,
            secrets: vec![secret],
            events: None,
        }
    }

    /// Signed with this secret, too: the one before, while the receiver changes over.
    #[must_use]
    pub fn previous_secret(mut self, secret: WebhookSecret) -> Self {
        self.secrets.truncate(1);
        self.secrets.push(secret);
        self
    }

    /// Told of events of these types alone, such as `account.paid`.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting::EventType`] for a type that there is not.
    pub fn only<E: Into<String>>(
        mut self,
        events: impl IntoIterator<Item = E>,
    ) -> Result<Self, InvalidSetting> {
        let events: Vec<String> = events.into_iter().map(Into::into).collect();
        if let Some(unknown) = events
            .iter()
            .find(|event| !EVENT_TYPES.contains(&event.as_str()))
        {
            return Err(InvalidSetting::EventType(unknown.clone()));
        }
        self.events = Some(events);
        Ok(self)
    }
}
