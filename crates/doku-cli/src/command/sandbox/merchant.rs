//! Whom the sandbox serves: a merchant that is given, one from a file, or one that is made up.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use doku::sign::DokuPrivateKey;
use doku::{Backend, MerchantPublicKey, ReqwestTransport};
use doku_sandbox::{Endpoints, Merchant, MerchantFiles, SandboxConfig, SandboxFile};

use super::data::Data;
use crate::args::SandboxArguments;
use crate::exit::Failure;
use crate::file::{self, shown};

/// The BIN for numbers that the merchant makes, which a made-up merchant has besides the one for DGPC.
const MGPC_BIN: &str = "8129:mgpc";

/// What makes and uses the keys: the quicker of the two, so that the sandbox is ready soon.
const BACKEND: Backend = Backend::AwsLcRs;

/// Whom the sandbox serves.
pub(super) enum Served {
    /// Nobody that exists.
    MadeUp {
        merchant: Box<Merchant>,
        files: MerchantFiles,
        folder: KeysFolder,
    },
    /// Somebody who has keys of their own.
    Given {
        client_id: String,
        secret_key_file: Option<PathBuf>,
        /// The BIN and the prefix of the first range that DOKU completes.
        range: Option<(String, String)>,
    },
}

/// Where the keys of a made-up merchant are. A temporary folder goes with this.
pub(super) struct KeysFolder {
    path: PathBuf,
    temporary: bool,
}

impl KeysFolder {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) const fn is_temporary(&self) -> bool {
        self.temporary
    }
}

impl Drop for KeysFolder {
    fn drop(&mut self) {
        if self.temporary {
            // Nobody is left to tell that it could not be removed.
            let _removed = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// The configuration that the command line describes.
pub(super) fn of(
    arguments: &SandboxArguments,
    data: Option<&Data>,
) -> Result<(SandboxConfig, Served), Failure> {
    let strict = arguments.strict;
    let bins = arguments.bin.clone();
    // DOKU's calls to the merchant go over real HTTP, wherever the URLs come from.
    let transport = Arc::new(ReqwestTransport::new());
    let finish = |config: SandboxConfig| {
        let config = bins.into_iter().fold(config, SandboxConfig::with_bin);
        let config = config.transport(transport);
        // An unusual key stays where it is understood.
        let config = config.clone().on(BACKEND).unwrap_or(config);
        // A file may ask for it too.
        if strict { config.strict(true) } else { config }
    };
    match (&arguments.config, &arguments.client_id) {
        (Some(path), _) => {
            let config = finish(from_file(path)?);
            let served = Served::given(&config, None);
            Ok((config, served))
        }
        (None, Some(_)) => {
            let secret_key_file = arguments.secret_key_file.clone();
            let config = finish(called(given(arguments)?, arguments));
            let secret_key_file = secret_key_file
                .filter(|path| !file::is_stdin(path))
                .map(|path| absolute(&path))
                .transpose()?;
            let served = Served::given(&config, secret_key_file);
            Ok((config, served))
        }
        (None, None) => {
            let (config, served) = match data {
                Some(data) => kept(data)?,
                None => made_up(arguments.keys.clone())?,
            };
            Ok((finish(called(config, arguments)), served))
        }
    }
}

/// The configuration with what the command line says of calls to the merchant.
fn called(config: SandboxConfig, arguments: &SandboxArguments) -> SandboxConfig {
    let mut endpoints = Endpoints::new();
    endpoints.token_url = arguments.token_url.clone();
    endpoints.inquiry_url = arguments.inquiry_url.clone();
    endpoints.notification_url = arguments.notification_url.clone();
    let config = match &arguments.public_url {
        Some(url) => config.public_url(url.as_str()),
        None => config,
    };
    config
        .endpoints(endpoints)
        .resend(arguments.resend)
        .repeated_trx_id(arguments.repeated_trx_id)
        .dialect(arguments.dialect)
}

fn from_file(path: &Path) -> Result<SandboxConfig, Failure> {
    let unusable = |error: &(dyn std::error::Error + 'static)| {
        Failure::usage(format!("{} is no configuration of a sandbox", shown(path)))
            .because(error)
            .next("Mend the file and start again.")
    };
    let text = file::read(path)?;
    let settings: SandboxFile = toml::from_str(&text).map_err(|error| unusable(&error))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    settings.load(folder).map_err(|error| unusable(&error))
}

fn given(arguments: &SandboxArguments) -> Result<SandboxConfig, Failure> {
    // The parser has seen to it that the three come together.
    let (Some(client_id), Some(secret_path), Some(public_path)) = (
        &arguments.client_id,
        &arguments.secret_key_file,
        &arguments.merchant_public_key,
    ) else {
        return Err(Failure::usage(
            "--client-id, --secret-key-file and --merchant-public-key go together",
        )
        .next("Give all three, or none of them for a made-up merchant."));
    };
    let unusable = |path: &Path, error: &(dyn std::error::Error + 'static)| {
        Failure::usage(format!("{}: {error}", shown(path)))
            .next("Check that it is the file that was meant.")
    };
    let secret = file::read(secret_path)?;
    let public = MerchantPublicKey::from_pem(&file::read(public_path)?)
        .map_err(|error| unusable(public_path, &error))?;
    let config = SandboxConfig::new(client_id.clone(), secret.trim(), public)
        .map_err(|error| unusable(secret_path, &error))?;
    match &arguments.doku_private_key {
        None => Ok(config),
        Some(path) => {
            let key = DokuPrivateKey::from_pem(&file::read(path)?)
                .map_err(|error| unusable(path, &error))?;
            Ok(config.doku_private_key(key))
        }
    }
}

fn made_up(folder: Option<PathBuf>) -> Result<(SandboxConfig, Served), Failure> {
    let failed = |error: &(dyn std::error::Error + 'static)| {
        Failure::internal("a merchant cannot be made up").because(error)
    };
    let (path, temporary) = match folder {
        // The lines to paste are for terminals that stand elsewhere.
        Some(folder) => (absolute(&folder)?, false),
        None => {
            let random = getrandom::u64().map_err(|error| failed(&error))?;
            let name = format!("doku-sandbox-{random:016x}");
            (std::env::temp_dir().join(name), true)
        }
    };
    let merchant = Merchant::make_up_on(BACKEND).map_err(|error| failed(&error))?;
    let files = merchant.write_to(&path).map_err(|error| {
        Failure::usage(format!("{} cannot be made", shown(&path)))
            .because(&error)
            .next("Choose a folder that does not exist yet.")
    })?;
    serve(merchant, files, KeysFolder { path, temporary })
}

/// The merchant of an earlier start, or a new one that the next start finds.
fn kept(data: &Data) -> Result<(SandboxConfig, Served), Failure> {
    let path = data.merchant();
    let (merchant, files) = Merchant::kept_in(&path, BACKEND).map_err(|error| {
        let failure = Failure::usage(error.to_string())
            .next("Put the folder back as it was, or choose another one with --data-dir.");
        match std::error::Error::source(&error) {
            Some(source) => failure.because(source),
            None => failure,
        }
    })?;
    let folder = KeysFolder {
        path,
        temporary: false,
    };
    serve(merchant, files, folder)
}

fn serve(
    merchant: Merchant,
    files: MerchantFiles,
    folder: KeysFolder,
) -> Result<(SandboxConfig, Served), Failure> {
    let failed = |error: &(dyn std::error::Error + 'static)| {
        Failure::internal("a merchant cannot be made up").because(error)
    };
    let config = SandboxConfig::for_merchant(&merchant).map_err(|error| failed(&error))?;
    let mgpc = MGPC_BIN
        .parse()
        .map_err(|error: doku_sandbox::BinError| failed(&error))?;
    let served = Served::MadeUp {
        merchant: Box::new(merchant),
        files,
        folder,
    };
    Ok((config.with_bin(mgpc), served))
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(|error| {
        Failure::usage(format!("{} names no place", shown(path)))
            .because(&error)
            .next("Give the path of a folder.")
    })
}

impl Served {
    fn given(config: &SandboxConfig, secret_key_file: Option<PathBuf>) -> Self {
        let range = config.bins().iter().find_map(|bin| {
            let prefix = bin.prefix()?.to_string();
            Some((bin.partner_service_id().digits().to_owned(), prefix))
        });
        Self::Given {
            client_id: config.client_id().to_string(),
            secret_key_file,
            range,
        }
    }

    /// What a client is to find in its environment, as far as it is known here.
    pub(super) fn environment(&self, base_url: &str) -> Vec<(String, serde_json::Value)> {
        let settings: Vec<(&str, String)> = match self {
            Self::MadeUp {
                merchant, files, ..
            } => merchant
                .environment(base_url, files)
                .iter()
                .map(|(name, value)| (name, value.to_owned()))
                .collect(),
            Self::Given {
                client_id,
                secret_key_file,
                range,
            } => {
                let mut settings = vec![
                    ("DOKU_ENVIRONMENT", base_url.to_owned()),
                    ("DOKU_CLIENT_ID", client_id.clone()),
                ];
                if let Some(path) = secret_key_file {
                    settings.push(("DOKU_SECRET_KEY_FILE", path.display().to_string()));
                }
                if let Some((bin, prefix)) = range {
                    settings.push(("DOKU_PARTNER_SERVICE_ID", bin.clone()));
                    settings.push(("DOKU_CUSTOMER_NO_PREFIX", prefix.clone()));
                }
                settings
            }
        };
        settings
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect()
    }
}
