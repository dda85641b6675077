//! The file, key by key, before anything is understood.

use std::fs;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{ConfigError, Language, ShownName};

/// The whole file. Every key is optional; a key that is not known is refused by name.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) database: Option<String>,
    pub(super) listen: Option<String>,
    pub(super) api_listen: Option<String>,
    pub(super) public_url: Option<String>,
    pub(super) questions_per_second: Option<u32>,
    pub(super) doku: DokuTable,
    pub(super) paths: PathsTable,
    pub(super) dialect: DialectTable,
    pub(super) hosted: HostedTable,
    pub(super) bounds: BoundsTable,
    pub(super) page: PageTable,
    pub(super) api_keys: Vec<ApiKeyTable>,
    pub(super) webhooks: Vec<WebhookTable>,
}

/// What the variables `DOKU_…` say, for those who would rather write it into the file; secrets by the names of their files.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct DokuTable {
    pub(super) environment: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) partner_service_id: Option<String>,
    pub(super) customer_no_prefix: Option<String>,
    /// How long one call may take, all its attempts together.
    pub(super) deadline_seconds: Option<NonZeroU32>,
    pub(super) secret_key_file: Option<PathBuf>,
    pub(super) private_key_file: Option<PathBuf>,
    pub(super) private_key_passphrase_file: Option<PathBuf>,
    pub(super) public_key_file: Option<PathBuf>,
    /// The ones before these, while they are rotated.
    pub(super) previous_secret_key_file: Option<PathBuf>,
    pub(super) previous_merchant_public_key_file: Option<PathBuf>,
    pub(super) previous_public_key_file: Option<PathBuf>,
}

/// Where DOKU calls.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct PathsTable {
    pub(super) token: Option<String>,
    pub(super) inquiry: Option<String>,
    pub(super) payment: Option<String>,
    /// What a proxy cuts off the front.
    pub(super) prefix: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum OpenAmountWord {
    Zero,
    ZeroWithDecimals,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum StatusNumbersWord {
    AsSent,
    AsReturned,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum OffsetWord {
    Utc,
    Wib,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum InquiryInfoWord {
    Nested,
    TopLevel,
    Both,
}

/// What public sources leave open about our calls.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct DialectTable {
    pub(super) open_amount: Option<OpenAmountWord>,
    pub(super) status_numbers: Option<StatusNumbersWord>,
    /// CHANNEL-ID of every call; empty leaves it out.
    pub(super) channel_id: Option<String>,
    pub(super) token_timestamps: Option<OffsetWord>,
    pub(super) transaction_timestamps: Option<OffsetWord>,
}

/// What public sources leave open about DOKU's calls.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct HostedTable {
    pub(super) own_bearer: Option<bool>,
    pub(super) doku_bearer: Option<bool>,
    pub(super) empty_token: Option<bool>,
    pub(super) inquiry_info: Option<InquiryInfoWord>,
    pub(super) open_amount: Option<OpenAmountWord>,
}

/// What a call of DOKU's is allowed.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct BoundsTable {
    pub(super) body_bytes: Option<usize>,
    pub(super) header_bytes: Option<usize>,
    pub(super) bearers: Option<usize>,
    pub(super) diagnoses_per_minute: Option<u32>,
    pub(super) arrival_seconds: Option<u64>,
    pub(super) inquiry_seconds: Option<u64>,
    pub(super) payment_seconds: Option<u64>,
}

/// How payment pages look.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct PageTable {
    pub(super) name: Option<ShownName>,
    pub(super) merchant: Option<String>,
    pub(super) language: Option<Language>,
}

/// A key to the merchant API: its file, or its hash.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct ApiKeyTable {
    pub(super) name: Option<String>,
    pub(super) key_file: Option<PathBuf>,
    pub(super) sha256: Option<String>,
}

/// An address that is told of events.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct WebhookTable {
    pub(super) name: Option<String>,
    pub(super) url: Option<String>,
    pub(super) secret_file: Option<PathBuf>,
    pub(super) previous_secret_file: Option<PathBuf>,
    pub(super) events: Option<Vec<String>>,
}

impl File {
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path).map_err(|source| ConfigError::File {
            path: path.to_owned(),
            source,
        })?;
        // The error of toml would print the line, which may hold a secret that somebody wrote there.
        toml::from_str(&text).map_err(|error| ConfigError::Syntax {
            path: path.to_owned(),
            line: error
                .span()
                .and_then(|span| text.get(..span.start))
                .map_or(1, |before| before.matches('\n').count().saturating_add(1)),
            message: error.message().to_owned(),
        })
    }
}
