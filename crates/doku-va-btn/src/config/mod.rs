//! Who the merchant is and where DOKU is: what one client is made of.

mod environment;
mod from_env;
mod retry_policy;

use doku_model::{Channel, ClientId, CustomerNo, PartnerServiceId};
use doku_sign::{ClientSecret, DokuPublicKey, MerchantPrivateKey};

pub use environment::{Environment, EnvironmentError};
pub use from_env::{ConfigError, InvalidVariable};
pub use retry_policy::RetryPolicy;

use crate::dialect::Dialect;

/// One set of credentials and the choices that go with it.
///
/// From code with [`Config::new`] and the `with_` methods, or from the environment with [`Config::from_env`]. Immutable
/// once a client is made of it. `Debug` shows no secret.
#[derive(Debug, Clone)]
pub struct Config {
    pub(crate) environment: Environment,
    pub(crate) client_id: ClientId,
    pub(crate) secret_key: ClientSecret,
    pub(crate) private_key: MerchantPrivateKey,
    pub(crate) doku_public_key: Option<DokuPublicKey>,
    pub(crate) partner_service_id: Option<PartnerServiceId>,
    pub(crate) customer_no_prefix: Option<CustomerNo>,
    pub(crate) channel: Channel,
    pub(crate) dialect: Dialect,
    pub(crate) retry: RetryPolicy,
}

impl Config {
    /// The least that every call needs.
    #[must_use]
    pub fn new(
        environment: Environment,
        client_id: ClientId,
        secret_key: ClientSecret,
        private_key: MerchantPrivateKey,
    ) -> Self {
        Self {
            environment,
            client_id,
            secret_key,
            private_key,
            doku_public_key: None,
            partner_service_id: None,
            customer_no_prefix: None,
            channel: Channel::btn(),
            dialect: Dialect::default(),
            retry: RetryPolicy::default(),
        }
    }

    /// With the public key of DOKU, from its back office. Outbound calls do not need it.
    #[must_use]
    pub fn with_doku_public_key(mut self, key: DokuPublicKey) -> Self {
        self.doku_public_key = Some(key);
        self
    }

    /// With the BIN that new virtual accounts are made under.
    #[must_use]
    pub fn with_partner_service_id(mut self, id: PartnerServiceId) -> Self {
        self.partner_service_id = Some(id);
        self
    }

    /// With the prefix that DOKU completes in DGPC, "Prefix Customer No" in its back office.
    #[must_use]
    pub fn with_customer_no_prefix(mut self, prefix: CustomerNo) -> Self {
        self.customer_no_prefix = Some(prefix);
        self
    }

    /// With another channel than `VIRTUAL_ACCOUNT_BTN`.
    #[must_use]
    pub fn with_channel(mut self, channel: Channel) -> Self {
        self.channel = channel;
        self
    }

    /// With other choices than the documented ones where public sources leave something open.
    #[must_use]
    pub fn with_dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// With another policy of retries, deadline and budget.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Where DOKU is.
    #[must_use]
    pub const fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Who the merchant is.
    #[must_use]
    pub const fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// The merchant's RSA key, as DOKU knows its public half.
    #[must_use]
    pub const fn private_key(&self) -> &MerchantPrivateKey {
        &self.private_key
    }

    /// The public key of DOKU, where it was given.
    #[must_use]
    pub const fn doku_public_key(&self) -> Option<&DokuPublicKey> {
        self.doku_public_key.as_ref()
    }

    /// The BIN that new virtual accounts are made under, where it was given.
    #[must_use]
    pub const fn partner_service_id(&self) -> Option<&PartnerServiceId> {
        self.partner_service_id.as_ref()
    }
}
