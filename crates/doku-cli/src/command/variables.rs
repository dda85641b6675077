//! The variables of the environment one by one, for commands that do with those that are there.

use std::path::PathBuf;
use std::str::FromStr;
use std::{env, fs};

use doku::{ClientSecret, ConfigError, DokuPublicKey, InvalidVariable, MerchantPrivateKey};
use zeroize::Zeroizing;

pub(super) const CLIENT_ID: &str = "DOKU_CLIENT_ID";
pub(super) const ENVIRONMENT: &str = "DOKU_ENVIRONMENT";
pub(super) const SECRET_KEY: &str = "DOKU_SECRET_KEY";
pub(super) const PRIVATE_KEY: &str = "DOKU_PRIVATE_KEY";
pub(super) const PASSPHRASE: &str = "DOKU_PRIVATE_KEY_PASSPHRASE";
pub(super) const PUBLIC_KEY: &str = "DOKU_PUBLIC_KEY";

/// What a variable holds, or the file that it names.
pub(super) struct Held {
    /// Wiped when it is dropped.
    pub(super) text: Zeroizing<String>,
    /// The file, where the text is not in the variable itself.
    pub(super) file: Option<PathBuf>,
}

impl Held {
    /// The variable as a person finds it: the one that names the file, where the text stands in one.
    fn named(&self, variable: &'static str) -> &'static str {
        match (&self.file, variable) {
            (Some(_), SECRET_KEY) => "DOKU_SECRET_KEY_FILE",
            (Some(_), PRIVATE_KEY) => "DOKU_PRIVATE_KEY_FILE",
            (Some(_), PUBLIC_KEY) => "DOKU_PUBLIC_KEY_FILE",
            _ => variable,
        }
    }
}

/// A variable; an empty one counts as absent.
pub(super) fn plain(variable: &str) -> Option<String> {
    env::var(variable)
        .ok()
        .filter(|text| !text.trim().is_empty())
}

/// A variable with a value in it.
pub(super) fn value<T>(variable: &'static str) -> Result<Option<T>, ConfigError>
where
    T: FromStr,
    T::Err: Into<InvalidVariable>,
{
    plain(variable)
        .map(|text| text.trim().parse().map_err(invalid(variable)))
        .transpose()
}

/// A variable, or the file that the same variable with `_FILE` names.
pub(super) fn held(variable: &'static str) -> Result<Option<Held>, ConfigError> {
    let inline = plain(variable).map(Zeroizing::new);
    match (inline, plain(&format!("{variable}_FILE"))) {
        (Some(_), Some(_)) => Err(ConfigError::Both { variable }),
        (Some(text), None) => Ok(Some(Held { text, file: None })),
        (None, None) => Ok(None),
        (None, Some(path)) => match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(Held {
                text: Zeroizing::new(text),
                file: Some(path.into()),
            })),
            Err(source) => Err(ConfigError::Unreadable {
                variable,
                path,
                source,
            }),
        },
    }
}

/// The secret key, where there is one.
pub(super) fn secret_key() -> Result<Option<ClientSecret>, ConfigError> {
    let Some(held) = held(SECRET_KEY)? else {
        return Ok(None);
    };
    let secret = ClientSecret::new(held.text.trim()).map_err(invalid(held.named(SECRET_KEY)))?;
    Ok(Some(secret))
}

/// The merchant's private key, where there is one, opened with its passphrase.
pub(super) fn private_key() -> Result<Option<MerchantPrivateKey>, ConfigError> {
    let Some(held) = held(PRIVATE_KEY)? else {
        return Ok(None);
    };
    let key = match self::held(PASSPHRASE)? {
        None => MerchantPrivateKey::from_pem(&held.text),
        Some(passphrase) => MerchantPrivateKey::from_encrypted_pem(
            &held.text,
            passphrase.text.trim_end_matches(['\r', '\n']),
        ),
    };
    let key = key.map_err(|error| ConfigError::of_key(held.named(PRIVATE_KEY), error))?;
    Ok(Some(key))
}

/// DOKU's public key, where there is one.
pub(super) fn public_key() -> Result<Option<DokuPublicKey>, ConfigError> {
    let Some(held) = held(PUBLIC_KEY)? else {
        return Ok(None);
    };
    let key = DokuPublicKey::from_pem(&held.text)
        .map_err(|error| ConfigError::of_key(held.named(PUBLIC_KEY), error))?;
    Ok(Some(key))
}

fn invalid<E: Into<InvalidVariable>>(variable: &'static str) -> impl FnOnce(E) -> ConfigError {
    move |source| ConfigError::Invalid {
        variable,
        source: source.into(),
    }
}
