//! From a file and the environment to a configuration. Where both speak, the environment counts.

use std::collections::HashMap;
use std::env;
use std::path::Path;
use std::time::Duration;

use doku_axum::Paths;
use doku_sign::{ClientSecret, DokuPublicKey, MerchantPublicKey};
use doku_va_btn::hosted::{Credentials, SignedPath};

use super::environment::{Variables, beside, read_secret};
use super::error::invalid;
use super::exposed::exposed;
use super::file::{DialectTable, DokuTable, File, PathsTable};
use super::named::{api_keys, webhooks};
use super::switches::{bounds, hosted, outgoing};
use super::{Config, ConfigError};

impl Config {
    /// The configuration that a file, where one is named, and the environment of this process describe.
    ///
    /// Credentials come from the variables of [`doku_va_btn::Config::from_env`], or from the file's table `doku`. For the
    /// rest:
    ///
    /// | variable | key of the file | what |
    /// |---|---|---|
    /// | `DOKU_SERVER_DATABASE` | `database` | a file, or `postgres://…`; `doku.sqlite` |
    /// | `DOKU_SERVER_LISTEN` | `listen` | for DOKU and customers; `127.0.0.1:8080` |
    /// | `DOKU_SERVER_API_LISTEN` | `apiListen` | for the merchant API; `127.0.0.1:8081` |
    /// | `DOKU_SERVER_PUBLIC_URL` | `publicUrl` | how customers reach the payment pages |
    /// | `DOKU_SERVER_API_KEYS` or `…_FILE` | `[[apiKeys]]` | `name=key`, several separated by commas or lines |
    /// | `DOKU_SERVER_WEBHOOK_URL` | `[[webhooks]]` | who is told of events, under the name `default` |
    /// | `DOKU_SERVER_WEBHOOK_SECRET` or `…_FILE` | | `whsec_…` |
    /// | `DOKU_SERVER_WEBHOOK_EVENTS` | | types, separated by commas; all where there are none |
    ///
    /// In the file alone stand `questionsPerSecond`, 5, and `deadlineSeconds` in the table `doku`, 45: how long one call to
    /// DOKU may take. The file's other tables are `paths`, `dialect`, `hosted`, `bounds` and `page`. Files that it names are looked for
    /// beside it. No secret stands in it, only the names of files, or the hash of an API key.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], which names the key.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        Self::from_sources(file, |name| env::var(name).ok())
    }

    /// The same from another source of variables.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], which names the key.
    pub fn from_sources(
        path: Option<&Path>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let file = path.map_or_else(|| Ok(File::default()), File::read)?;
        let folder = path.and_then(Path::parent);
        let variables = Variables(variable);
        let doku = client(&file.doku, &file.dialect, folder, &variables)?;
        let mut config = Self::new(doku)?;
        config.credentials = rotating(config.credentials, &file.doku, folder)?;
        config.exposed = exposed(&file, folder, &variables);

        let settings = Settings {
            variables: &variables,
        };
        if let Some((key, text)) = settings.of("DATABASE", "database", file.database) {
            config.database = text.parse().map_err(invalid(&key))?;
        }
        if let Some((key, text)) = settings.of("LISTEN", "listen", file.listen) {
            config.listen = text.parse().map_err(invalid(&key))?;
        }
        if let Some((key, text)) = settings.of("API_LISTEN", "apiListen", file.api_listen) {
            config.api_listen = text.parse().map_err(invalid(&key))?;
        }
        if let Some((key, text)) = settings.of("PUBLIC_URL", "publicUrl", file.public_url) {
            config.public_url = Some(text.parse().map_err(invalid(&key))?);
        }
        if let Some(questions) = file.questions_per_second {
            config.questions_per_second = questions.max(1);
        }
        if let Some(seconds) = file.doku.deadline_seconds {
            config.deadline = Duration::from_secs(seconds.get().into());
        }
        config.paths = paths(&file.paths)?;
        if let Some(prefix) = file.paths.prefix {
            config.signed_path = SignedPath::UnderPrefix(prefix);
        }
        config.hosted = hosted(&file.hosted);
        config.bounds = bounds(&file.bounds);
        config.shown_name = file.page.name.unwrap_or_default();
        config.merchant = file.page.merchant;
        config.language = file.page.language.unwrap_or_default();
        config.api_keys = api_keys(&file.api_keys, folder, &variables)?;
        config.webhooks = webhooks(&file.webhooks, folder, &variables)?;
        Ok(config)
    }
}

struct Settings<'v, F> {
    variables: &'v Variables<F>,
}

impl<F: Fn(&str) -> Option<String>> Settings<'_, F> {
    /// A setting, and the name under which it was found.
    fn of(&self, variable: &str, key: &str, in_file: Option<String>) -> Option<(String, String)> {
        let variable = format!("DOKU_SERVER_{variable}");
        self.variables
            .text(&variable)
            .map(|text| (variable, text))
            .or_else(|| in_file.map(|text| (key.to_owned(), text)))
    }
}

/// The client's configuration: each variable from the environment, or from the file where the environment does not speak of
/// it.
fn client<F: Fn(&str) -> Option<String>>(
    table: &DokuTable,
    dialect: &DialectTable,
    folder: Option<&Path>,
    variables: &Variables<F>,
) -> Result<doku_va_btn::Config, ConfigError> {
    let mut in_file: HashMap<&str, String> = HashMap::new();
    for (variable, text) in [
        ("DOKU_ENVIRONMENT", &table.environment),
        ("DOKU_CLIENT_ID", &table.client_id),
        ("DOKU_PARTNER_SERVICE_ID", &table.partner_service_id),
        ("DOKU_CUSTOMER_NO_PREFIX", &table.customer_no_prefix),
    ] {
        if let Some(text) = text {
            in_file.insert(variable, text.clone());
        }
    }
    for (variable, with_file, path) in [
        (
            "DOKU_SECRET_KEY",
            "DOKU_SECRET_KEY_FILE",
            &table.secret_key_file,
        ),
        (
            "DOKU_PRIVATE_KEY",
            "DOKU_PRIVATE_KEY_FILE",
            &table.private_key_file,
        ),
        (
            "DOKU_PRIVATE_KEY_PASSPHRASE",
            "DOKU_PRIVATE_KEY_PASSPHRASE_FILE",
            &table.private_key_passphrase_file,
        ),
        (
            "DOKU_PUBLIC_KEY",
            "DOKU_PUBLIC_KEY_FILE",
            &table.public_key_file,
        ),
    ] {
        if let Some(path) = path
            && !variables.speaks_of(variable)
        {
            let path = beside(folder, path);
            in_file.insert(with_file, path.display().to_string());
        }
    }
    let config = doku_va_btn::Config::from_variables(|name| {
        (variables.0)(name)
            .filter(|text| !text.trim().is_empty())
            .or_else(|| in_file.get(name).cloned())
    })?;
    Ok(config.with_dialect(outgoing(dialect)))
}

/// With what was in use before.
fn rotating(
    mut credentials: Credentials,
    table: &DokuTable,
    folder: Option<&Path>,
) -> Result<Credentials, ConfigError> {
    if let Some(path) = &table.previous_secret_key_file {
        let key = "doku.previousSecretKeyFile";
        let secret = read_secret(key, &beside(folder, path))?;
        let secret = ClientSecret::new(secret.as_str()).map_err(invalid(key))?;
        credentials = credentials.with_previous_secret(secret);
    }
    if let Some(path) = &table.previous_merchant_public_key_file {
        let key = "doku.previousMerchantPublicKeyFile";
        let pem = read_secret(key, &beside(folder, path))?;
        let public = MerchantPublicKey::from_pem(&pem).map_err(invalid(key))?;
        credentials = credentials.with_previous_public_key(public);
    }
    if let Some(path) = &table.previous_public_key_file {
        let key = "doku.previousPublicKeyFile";
        let pem = read_secret(key, &beside(folder, path))?;
        let public = DokuPublicKey::from_pem(&pem).map_err(invalid(key))?;
        credentials = credentials.with_previous_doku_public_key(public);
    }
    Ok(credentials)
}

fn paths(table: &PathsTable) -> Result<Paths, ConfigError> {
    let usual = Paths::default();
    let of =
        |given: &Option<String>, usual: &str| given.clone().unwrap_or_else(|| usual.to_owned());
    Paths::new(
        of(&table.token, usual.token()),
        of(&table.inquiry, usual.inquiry()),
        of(&table.payment, usual.payment()),
    )
    .map_err(invalid("paths"))
}
