//! Everything that a sandbox is told, one setting at a time.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use doku_model::{ClientId, PartnerServiceId, WIB};
use doku_sign::{
    Backend, ClientSecret, ClientSecretError, DokuPrivateKey, KeyError, MerchantPublicKey,
};
use doku_transport::HttpTransport;
use time::{OffsetDateTime, UtcOffset};
use zeroize::Zeroizing;

use super::dialect::{Dialect, HeaderClock, RepeatedTrxId, Resend};
use super::endpoints::Endpoints;
use crate::bin::Bin;
use crate::merchant::Merchant;

/// Which numbers check status answers for.
///
/// After a DGPC create there are two: the short one that was sent, which every virtual account of the prefix
/// shares, and the full one that was returned. Real DOKU was seen to answer for the short one; its own sample shows
/// a full one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum StatusNumbers {
    /// The short one only; it speaks of the most recent virtual account of the prefix.
    Short,
    /// The full one only.
    Full,
    /// Either.
    #[default]
    Both,
}

/// Everything a sandbox is told at its start.
///
/// ```
/// use doku_sandbox::{Merchant, SandboxConfig};
///
/// let merchant = Merchant::make_up()?;
/// let config = SandboxConfig::for_merchant(&merchant)?
///     .with_bin("8129:mgpc".parse()?)
///     .strict(true);
/// assert_eq!(config.bins().len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SandboxConfig {
    pub(crate) client_id: ClientId,
    pub(crate) client_secret: ClientSecret,
    /// Kept in clear to take it out of what the journal shows.
    pub(crate) secret_text: Zeroizing<String>,
    pub(crate) merchant_public_key: MerchantPublicKey,
    pub(crate) doku_private_key: Option<DokuPrivateKey>,
    pub(crate) bins: Vec<Bin>,
    pub(crate) strict: bool,
    pub(crate) clock_start: Option<OffsetDateTime>,
    pub(crate) timestamp_window: Duration,
    pub(crate) token_lifetime: Duration,
    pub(crate) day_offset: UtcOffset,
    pub(crate) status_numbers: StatusNumbers,
    pub(crate) repeated_trx_id: RepeatedTrxId,
    pub(crate) journal_entries: usize,
    pub(crate) public_url: Option<String>,
    pub(crate) endpoints: Endpoints,
    pub(crate) endpoints_of: HashMap<PartnerServiceId, Endpoints>,
    pub(crate) transport: Option<Arc<dyn HttpTransport>>,
    pub(crate) merchant_timeout: Duration,
    pub(crate) dialect: Dialect,
    pub(crate) resend: Resend,
    pub(crate) header_clock: HeaderClock,
    pub(crate) state_file: Option<PathBuf>,
    pub(crate) environment: Option<Vec<(String, String)>>,
}

impl SandboxConfig {
    /// Life of a token in DOKU's documentation.
    pub const TOKEN_LIFETIME: Duration = Duration::from_secs(900);

    /// How far X-TIMESTAMP may be from the clock, either way. DOKU publishes no window; this is what other SNAP BI
    /// providers ask for.
    pub const TIMESTAMP_WINDOW: Duration = Duration::from_secs(15 * 60);

    /// Entries that the journal keeps.
    pub const JOURNAL_ENTRIES: usize = 10_000;

    /// How long DOKU waits for the merchant's answer. DOKU publishes nothing; banks give their own networks ten
    /// seconds.
    pub const MERCHANT_TIMEOUT: Duration = Duration::from_secs(10);

    /// A sandbox for one merchant, without a BIN yet.
    ///
    /// # Errors
    ///
    /// [`ClientSecretError`] for a secret that is empty or has blanks around it.
    pub fn new(
        client_id: ClientId,
        client_secret: &str,
        merchant_public_key: MerchantPublicKey,
    ) -> Result<Self, ClientSecretError> {
        Ok(Self {
            client_id,
            client_secret: ClientSecret::new(client_secret)?,
            secret_text: Zeroizing::new(client_secret.to_owned()),
            merchant_public_key,
            doku_private_key: None,
            bins: Vec::new(),
            strict: false,
            clock_start: None,
            timestamp_window: Self::TIMESTAMP_WINDOW,
            token_lifetime: Self::TOKEN_LIFETIME,
            day_offset: WIB,
            status_numbers: StatusNumbers::default(),
            repeated_trx_id: RepeatedTrxId::default(),
            journal_entries: Self::JOURNAL_ENTRIES,
            public_url: None,
            endpoints: Endpoints::new(),
            endpoints_of: HashMap::new(),
            transport: None,
            merchant_timeout: Self::MERCHANT_TIMEOUT,
            dialect: Dialect::default(),
            resend: Resend::default(),
            header_clock: HeaderClock::default(),
            state_file: None,
            environment: None,
        })
    }

    /// A sandbox for a made-up merchant, with its BIN and with DOKU's key pair.
    ///
    /// # Errors
    ///
    /// [`ClientSecretError`], which a made-up secret never causes.
    pub fn for_merchant(merchant: &Merchant) -> Result<Self, ClientSecretError> {
        let config = Self::new(
            merchant.client_id().clone(),
            merchant.client_secret(),
            merchant.private_key().public_key(),
        )?;
        Ok(config
            .with_bin(merchant.bin().clone())
            .doku_private_key(merchant.doku_private_key().clone()))
    }

    /// One BIN more. A later one with the same partner service id replaces an earlier one.
    #[must_use]
    pub fn with_bin(mut self, bin: Bin) -> Self {
        self.bins
            .retain(|known| known.partner_service_id() != bin.partner_service_id());
        self.bins.push(bin);
        self
    }

    /// The key that DOKU signs with. Without one, a key is made when it is first needed.
    #[must_use]
    pub fn doku_private_key(mut self, key: DokuPrivateKey) -> Self {
        self.doku_private_key = Some(key);
        self
    }

    /// The same configuration with its keys on one implementation of RSA; a key that DOKU makes later is made by it, too.
    ///
    /// # Errors
    ///
    /// [`KeyError::RefusedByBackend`] for an unusual key that only one implementation takes.
    pub fn on(mut self, backend: Backend) -> Result<Self, KeyError> {
        self.merchant_public_key = self.merchant_public_key.on(backend)?;
        self.doku_private_key = self
            .doku_private_key
            .map(|key| key.on(backend))
            .transpose()?;
        Ok(self)
    }

    /// Whether to refuse what DOKU was seen to accept although its documentation says otherwise. Off by default.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// The moment the clock shows at the start; by default the machine's.
    #[must_use]
    pub fn clock_start(mut self, start: OffsetDateTime) -> Self {
        self.clock_start = Some(start);
        self
    }

    /// How far X-TIMESTAMP may be from the clock, either way. Default: [`Self::TIMESTAMP_WINDOW`].
    #[must_use]
    pub fn timestamp_window(mut self, window: Duration) -> Self {
        self.timestamp_window = window;
        self
    }

    /// How long a token lives, at least a second. Default: [`Self::TOKEN_LIFETIME`].
    #[must_use]
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime.max(Duration::from_secs(1));
        self
    }

    /// Where a day begins, within which an external id is used once. DOKU does not say; default: Western
    /// Indonesian Time.
    #[must_use]
    pub fn day_offset(mut self, offset: UtcOffset) -> Self {
        self.day_offset = offset;
        self
    }

    /// Which numbers check status answers for. Default: both.
    #[must_use]
    pub fn status_numbers(mut self, numbers: StatusNumbers) -> Self {
        self.status_numbers = numbers;
        self
    }

    /// What a create gives whose trxId has an account already. Default: that account, under `4000500`.
    #[must_use]
    pub fn repeated_trx_id(mut self, given: RepeatedTrxId) -> Self {
        self.repeated_trx_id = given;
        self
    }

    /// How many entries the journal keeps, at least one. Default: [`Self::JOURNAL_ENTRIES`].
    #[must_use]
    pub fn journal_entries(mut self, entries: usize) -> Self {
        self.journal_entries = entries.max(1);
        self
    }

    /// The URL that callers know the sandbox by: it stands in the links of how to pay, and the pages and the control plane
    /// answer to its name. Default: where it listens.
    #[must_use]
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        let mut url = url.into();
        url.truncate(url.trim_end_matches('/').len());
        self.public_url = Some(url);
        self
    }

    /// The URL that callers know it by, where it is not where it listens.
    #[must_use]
    pub fn known_as(&self) -> Option<&str> {
        self.public_url.as_deref()
    }

    /// What the merchant hosts: where DOKU gets a token, asks about numbers and tells of payments. Default: nothing.
    #[must_use]
    pub fn endpoints(mut self, endpoints: Endpoints) -> Self {
        self.endpoints = endpoints;
        self
    }

    /// What the merchant hosts for one BIN; what is not named here is taken from [`Self::endpoints`].
    #[must_use]
    pub fn endpoints_of(mut self, bin: PartnerServiceId, endpoints: Endpoints) -> Self {
        self.endpoints_of.insert(bin, endpoints);
        self
    }

    /// What carries DOKU's calls to the merchant, such as a `doku_transport::ReqwestTransport`. Needed as soon as
    /// there are endpoints.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn HttpTransport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// How long DOKU waits for the merchant's answer, at least a second. Default: [`Self::MERCHANT_TIMEOUT`].
    #[must_use]
    pub fn merchant_timeout(mut self, timeout: Duration) -> Self {
        self.merchant_timeout = timeout.max(Duration::from_secs(1));
        self
    }

    /// In which form DOKU writes to the merchant.
    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// How a notification is sent again. Default: signed anew.
    #[must_use]
    pub fn resend(mut self, resend: Resend) -> Self {
        self.resend = resend;
        self
    }

    /// Which clock X-TIMESTAMP shows in calls to the merchant. Default: the machine's.
    #[must_use]
    pub fn header_clock(mut self, clock: HeaderClock) -> Self {
        self.header_clock = clock;
        self
    }

    /// The file that the state is kept in, so that a sandbox that is started again goes on where it stopped. Default:
    /// none, and everything is forgotten.
    ///
    /// The file is written soon after a change, as a whole, and once more on [`Running::stop`](crate::Running::stop). A
    /// process that is killed loses what changed since the last writing: a quarter of a second and the time of one writing,
    /// and of a state whose writing takes long, ten times as long. One sandbox at a time may have the file.
    ///
    /// Kept are accounts, payments, notifications with their attempts, external ids, the validity of tokens, the clock's
    /// moves and the last entries of the journal. Faults, and tokens that the merchant gave, are not.
    #[must_use]
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// What a client of this sandbox is to find in its environment, for the page to show: names and values. Default: what
    /// is known here, without the names of files. Never give it a secret.
    #[must_use]
    pub fn environment(mut self, lines: impl IntoIterator<Item = (String, String)>) -> Self {
        self.environment = Some(lines.into_iter().collect());
        self
    }

    /// Whether DOKU would call the merchant with this configuration.
    pub(crate) fn calls_merchant(&self) -> bool {
        self.all_endpoints().any(|endpoints| endpoints.are_called())
    }

    /// Whether some call would have to present a token that there is no way to get.
    pub(crate) fn lacks_token_url(&self) -> bool {
        self.dialect.token_slot.needs_token_url()
            && self
                .all_endpoints()
                .any(|endpoints| endpoints.are_called() && endpoints.token_url.is_none())
    }

    /// The endpoints of every BIN.
    fn all_endpoints(&self) -> impl Iterator<Item = Endpoints> {
        self.bins
            .iter()
            .map(|bin| self.endpoints_for(bin.partner_service_id()))
    }

    /// The endpoints of one BIN.
    pub(crate) fn endpoints_for(&self, bin: &PartnerServiceId) -> Endpoints {
        match self.endpoints_of.get(bin) {
            Some(own) => own.or(&self.endpoints),
            None => self.endpoints.clone(),
        }
    }

    /// The BINs so far.
    #[must_use]
    pub fn bins(&self) -> &[Bin] {
        &self.bins
    }

    /// The client id so far.
    #[must_use]
    pub fn client_id(&self) -> &ClientId {
        &self.client_id
    }
}

impl fmt::Debug for SandboxConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxConfig")
            .field("client_id", &self.client_id)
            .field("bins", &self.bins)
            .field("strict", &self.strict)
            .field("status_numbers", &self.status_numbers)
            .field("endpoints", &self.endpoints)
            .field("dialect", &self.dialect)
            .finish_non_exhaustive()
    }
}
