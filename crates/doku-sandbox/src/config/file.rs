//! The same as a file: members in camelCase, keys and secrets by the path of the file that holds them.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use doku_model::{ClientId, PartnerServiceId, Timestamp};
use doku_sign::{ClientSecretError, DokuPrivateKey, KeyError, MerchantPublicKey};
use serde::{Deserialize, Serialize};
use time::UtcOffset;
use zeroize::Zeroizing;

use super::dialect::{Dialect, HeaderClock, RepeatedTrxId, Resend};
use super::endpoints::{Endpoints, MerchantUrl};
use super::sandbox_config::{SandboxConfig, StatusNumbers};
use crate::bin::Bin;

/// A sandbox's configuration as it stands in a file, TOML for instance.
///
/// ```toml
/// clientId = "MCH-0008-1296507211683"
/// clientSecretFile = "secret-key"
/// merchantPublicKeyFile = "public.pem"
/// bins = ["95962:dgpc:6", "8129:mgpc"]
/// strict = true
/// statusNumbers = "short"
/// tokenUrl = "http://127.0.0.1:3000/authorization/v1/access-token/b2b"
/// notificationUrl = "http://127.0.0.1:3000/v1/transfer-va/payment"
/// resend = "identical"
///
/// [dialect]
/// padding = "zeros"
///
/// [binEndpoints.8129]
/// notificationUrl = "http://127.0.0.1:3000/top-up/payment"
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct SandboxFile {
    /// The merchant's client id.
    pub client_id: ClientId,
    /// The file that holds the client secret and nothing else.
    pub client_secret_file: PathBuf,
    /// The merchant's public key, PEM.
    pub merchant_public_key_file: PathBuf,
    /// DOKU's private key, PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doku_private_key_file: Option<PathBuf>,
    /// The BINs, as [`Bin`] reads them.
    pub bins: Vec<Bin>,
    /// See [`SandboxConfig::strict`].
    #[serde(default)]
    pub strict: bool,
    /// See [`SandboxConfig::clock_start`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_start: Option<Timestamp>,
    /// See [`SandboxConfig::timestamp_window`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp_window_seconds: Option<u64>,
    /// See [`SandboxConfig::token_lifetime`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_lifetime_seconds: Option<u64>,
    /// See [`SandboxConfig::day_offset`]; in hours from UTC, 7 for Western Indonesian Time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_offset_hours: Option<i8>,
    /// See [`SandboxConfig::status_numbers`].
    #[serde(default)]
    pub status_numbers: StatusNumbers,
    /// See [`SandboxConfig::repeated_trx_id`].
    #[serde(default)]
    pub repeated_trx_id: RepeatedTrxId,
    /// See [`SandboxConfig::journal_entries`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journal_entries: Option<usize>,
    /// See [`SandboxConfig::public_url`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// See [`Endpoints::token_url`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_url: Option<MerchantUrl>,
    /// See [`Endpoints::inquiry_url`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inquiry_url: Option<MerchantUrl>,
    /// See [`Endpoints::notification_url`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification_url: Option<MerchantUrl>,
    /// See [`SandboxConfig::merchant_timeout`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant_timeout_seconds: Option<u64>,
    /// See [`SandboxConfig::resend`].
    #[serde(default)]
    pub resend: Resend,
    /// See [`SandboxConfig::header_clock`].
    #[serde(default)]
    pub header_clock: HeaderClock,
    /// See [`SandboxConfig::dialect`].
    #[serde(default)]
    pub dialect: Dialect,
    /// See [`SandboxConfig::endpoints_of`].
    #[serde(default, skip_serializing_if = "HashMap::is_empty")]
    pub bin_endpoints: HashMap<PartnerServiceId, Endpoints>,
}

/// A configuration file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// A file it names cannot be read.
    #[error("{} cannot be read; check the path and its permissions", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file it names holds no usable key.
    #[error("{} holds no usable key: {source}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Why.
        source: KeyError,
    },
    /// The file with the secret holds none.
    #[error("{} holds no usable client secret: {source}", path.display())]
    Secret {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ClientSecretError,
    },
    /// An offset beyond a day.
    #[error("dayOffsetHours must lie between -23 and 23, for instance 7")]
    DayOffset,
}

impl SandboxFile {
    /// Reads the files that it names, relative ones from `folder`.
    ///
    /// # Errors
    ///
    /// [`FileError`] for the first file that cannot be read or used.
    pub fn load(self, folder: &Path) -> Result<SandboxConfig, FileError> {
        let secret_path = folder.join(&self.client_secret_file);
        let secret = read(&secret_path)?;
        let public_path = folder.join(&self.merchant_public_key_file);
        let public =
            MerchantPublicKey::from_pem(&read(&public_path)?).map_err(|source| FileError::Key {
                path: public_path,
                source,
            })?;
        // Editors and shells end a file with a line end; DOKU's secrets have no blanks.
        let mut config =
            SandboxConfig::new(self.client_id, secret.trim(), public).map_err(|source| {
                FileError::Secret {
                    path: secret_path,
                    source,
                }
            })?;
        if let Some(path) = self.doku_private_key_file {
            let path = folder.join(path);
            let key = DokuPrivateKey::from_pem(&read(&path)?)
                .map_err(|source| FileError::Key { path, source })?;
            config = config.doku_private_key(key);
        }
        if let Some(hours) = self.day_offset_hours {
            let offset = UtcOffset::from_hms(hours, 0, 0).map_err(|_| FileError::DayOffset)?;
            config = config.day_offset(offset);
        }
        config = self.bins.into_iter().fold(config, SandboxConfig::with_bin);
        config.clock_start = self.clock_start.map(|start| start.instant());
        if let Some(seconds) = self.timestamp_window_seconds {
            config = config.timestamp_window(Duration::from_secs(seconds));
        }
        if let Some(seconds) = self.token_lifetime_seconds {
            config = config.token_lifetime(Duration::from_secs(seconds));
        }
        if let Some(entries) = self.journal_entries {
            config = config.journal_entries(entries);
        }
        if let Some(url) = self.public_url {
            config = config.public_url(url);
        }
        if let Some(seconds) = self.merchant_timeout_seconds {
            config = config.merchant_timeout(Duration::from_secs(seconds));
        }
        for (bin, endpoints) in self.bin_endpoints {
            config = config.endpoints_of(bin, endpoints);
        }
        let endpoints = Endpoints {
            token_url: self.token_url,
            inquiry_url: self.inquiry_url,
            notification_url: self.notification_url,
        };
        Ok(config
            .endpoints(endpoints)
            .dialect(self.dialect)
            .resend(self.resend)
            .header_clock(self.header_clock)
            .strict(self.strict)
            .status_numbers(self.status_numbers)
            .repeated_trx_id(self.repeated_trx_id))
    }
}

fn read(path: &Path) -> Result<Zeroizing<String>, FileError> {
    fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|source| FileError::Read {
            path: path.to_owned(),
            source,
        })
}
