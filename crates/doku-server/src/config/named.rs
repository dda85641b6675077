//! What a configuration has several of, each with a name: API keys and webhooks.

use std::path::Path;

use super::environment::{Variables, beside, read_secret};
use super::error::invalid;
use super::file::{ApiKeyTable, WebhookTable};
use super::{ApiKey, ConfigError, InvalidSetting, Target};

/// The keys of the merchant API: those of the file, and those of the environment.
pub(super) fn api_keys<F: Fn(&str) -> Option<String>>(
    tables: &[ApiKeyTable],
    folder: Option<&Path>,
    variables: &Variables<F>,
) -> Result<Vec<ApiKey>, ConfigError> {
    let mut keys: Vec<ApiKey> = Vec::new();
    for (place, table) in tables.iter().enumerate() {
        let at = |member: &str| format!("apiKeys[{place}].{member}");
        let name = table
            .name
            .clone()
            .ok_or_else(|| ConfigError::Missing { key: at("name") })?;
        let key = match (&table.key_file, &table.sha256) {
            (Some(_), Some(_)) => {
                return Err(ConfigError::Both {
                    key: at("keyFile"),
                    other: at("sha256"),
                });
            }
            (Some(path), None) => {
                let secret = read_secret(&at("keyFile"), &beside(folder, path))?;
                ApiKey::new(name, &secret).map_err(invalid(&at("keyFile")))?
            }
            (None, Some(hex)) => ApiKey::from_sha256(name, hex).map_err(invalid(&at("sha256")))?,
            (None, None) => return Err(ConfigError::Missing { key: at("keyFile") }),
        };
        keys.push(key);
    }
    const VARIABLE: &str = "DOKU_SERVER_API_KEYS";
    if let Some(found) = variables.secret(VARIABLE)? {
        for entry in found
            .text
            .split([',', '\n'])
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
        {
            let (name, key) = entry.split_once('=').ok_or_else(|| ConfigError::Invalid {
                key: found.key.clone(),
                source: InvalidSetting::Form(
                    "write name=key, several separated by commas or lines",
                ),
            })?;
            let key = ApiKey::new(name.trim(), key.trim()).map_err(invalid(&found.key))?;
            // The environment counts.
            keys.retain(|known| known.name() != key.name());
            keys.push(key);
        }
    }
    no_name_twice("apiKeys", keys.iter().map(ApiKey::name))?;
    Ok(keys)
}

/// Who is told of events: the targets of the file, and the one of the environment.
pub(super) fn webhooks<F: Fn(&str) -> Option<String>>(
    tables: &[WebhookTable],
    folder: Option<&Path>,
    variables: &Variables<F>,
) -> Result<Vec<Target>, ConfigError> {
    let mut targets: Vec<Target> = Vec::new();
    for (place, table) in tables.iter().enumerate() {
        let at = |member: &str| format!("webhooks[{place}].{member}");
        let missing = |member: &str| ConfigError::Missing { key: at(member) };
        let name = table.name.clone().ok_or_else(|| missing("name"))?;
        let url = table.url.as_ref().ok_or_else(|| missing("url"))?;
        let file = table.secret_file.as_ref();
        let file = file.ok_or_else(|| missing("secretFile"))?;
        let secret = read_secret(&at("secretFile"), &beside(folder, file))?;
        let mut target = Target::new(
            name,
            url.parse().map_err(invalid(&at("url")))?,
            secret.parse().map_err(invalid(&at("secretFile")))?,
        );
        if let Some(file) = &table.previous_secret_file {
            let key = at("previousSecretFile");
            let secret = read_secret(&key, &beside(folder, file))?;
            target = target.previous_secret(secret.parse().map_err(invalid(&key))?);
        }
        if let Some(events) = &table.events {
            target = target
                .only(events.iter().cloned())
                .map_err(invalid(&at("events")))?;
        }
        targets.push(target);
    }
    if let Some(target) = webhook_of(variables)? {
        targets.retain(|known| known.name != target.name);
        targets.push(target);
    }
    no_name_twice(
        "webhooks",
        targets.iter().map(|target| target.name.as_str()),
    )?;
    Ok(targets)
}

/// The target that the environment describes.
fn webhook_of<F: Fn(&str) -> Option<String>>(
    variables: &Variables<F>,
) -> Result<Option<Target>, ConfigError> {
    const URL: &str = "DOKU_SERVER_WEBHOOK_URL";
    const SECRET: &str = "DOKU_SERVER_WEBHOOK_SECRET";
    const EVENTS: &str = "DOKU_SERVER_WEBHOOK_EVENTS";
    let missing = |key: &str| ConfigError::Missing {
        key: key.to_owned(),
    };
    let secret = variables.secret(SECRET)?;
    let (url, secret) = match (variables.text(URL), secret) {
        (None, None) => return Ok(None),
        (None, Some(_)) => return Err(missing(URL)),
        (Some(_), None) => return Err(missing(SECRET)),
        (Some(url), Some(secret)) => (url, secret),
    };
    let target = Target::new(
        "default",
        url.parse().map_err(invalid(URL))?,
        secret.text.parse().map_err(invalid(&secret.key))?,
    );
    match variables.text(EVENTS) {
        None => Ok(Some(target)),
        Some(events) => target
            .only(events.split(',').map(str::trim))
            .map(Some)
            .map_err(invalid(EVENTS)),
    }
}

fn no_name_twice<'n>(key: &str, names: impl Iterator<Item = &'n str>) -> Result<(), ConfigError> {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if seen.contains(&name) {
            return Err(invalid(key)(InvalidSetting::Twice(name.to_owned())));
        }
        seen.push(name);
    }
    Ok(())
}
