//! The configuration from environment variables.

use std::str::FromStr;
use std::{env, fs, io};

use doku_model::FieldError;
use doku_sign::{ClientSecret, ClientSecretError, DokuPublicKey, KeyError, MerchantPrivateKey};
use zeroize::Zeroizing;

use super::{Config, EnvironmentError};

/// The environment does not make a configuration. The message names the variable and never its content.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A variable that is needed is absent or empty.
    #[error("{variable} is not set{}", file_form(.variable))]
    Missing {
        /// The variable.
        variable: &'static str,
    },
    /// A variable and its `_FILE` form are both set, and it is not clear which counts.
    #[error("{variable} and {variable}_FILE are both set: unset one of them")]
    Both {
        /// The variable.
        variable: &'static str,
    },
    /// The file that a variable names cannot be read.
    #[error("{variable}_FILE: cannot read the file {path}: {source}")]
    Unreadable {
        /// The variable, without `_FILE`.
        variable: &'static str,
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// A variable is set and does not hold what it should.
    #[error("{variable}: {source}")]
    Invalid {
        /// The variable.
        variable: &'static str,
        /// Why.
        source: InvalidVariable,
    },
}

/// Why the content of a variable does not serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidVariable {
    /// Not an environment.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// Not the value.
    #[error(transparent)]
    Value(#[from] FieldError),
    /// Not a secret key.
    #[error(transparent)]
    Secret(#[from] ClientSecretError),
    /// Not an RSA key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A passphrase protects the merchant's key, and none is set.
    #[error(
        "a passphrase protects this key: set DOKU_PRIVATE_KEY_PASSPHRASE_FILE to the file that holds it, or remove it: \
         openssl pkey -in private.key -out plain.key"
    )]
    PassphraseMissing,
    /// A private key in the place of DOKU's public one.
    #[error(
        "this is a private key, and DOKU's public key is wanted: copy that from DOKU's back office; a key of your own does not \
         serve, neither half"
    )]
    PrivateKeyForDokus,
    /// A passphrase, and a build that cannot use it.
    #[error("this build cannot open protected keys: build with the feature `encrypted-keys`")]
    PassphraseUnsupported,
}

impl ConfigError {
    /// Why the key that `variable` holds does not serve, in words that fit the variable.
    ///
    /// ```
    /// use doku_va_btn::ConfigError;
    /// use doku_sign::KeyError;
    ///
    /// let error = ConfigError::of_key("DOKU_PRIVATE_KEY", KeyError::PassphraseNeeded);
    /// assert!(error.to_string().contains("DOKU_PRIVATE_KEY_PASSPHRASE_FILE"));
    /// ```
    #[must_use]
    pub fn of_key(variable: &'static str, error: KeyError) -> Self {
        let source = match (variable, error) {
            ("DOKU_PRIVATE_KEY" | "DOKU_PRIVATE_KEY_FILE", KeyError::PassphraseNeeded) => {
                InvalidVariable::PassphraseMissing
            }
            ("DOKU_PUBLIC_KEY" | "DOKU_PUBLIC_KEY_FILE", KeyError::PrivateKeyGiven) => {
                InvalidVariable::PrivateKeyForDokus
            }
            (_, error) => error.into(),
        };
        Self::Invalid { variable, source }
    }
}

fn file_form(variable: &str) -> String {
    let has_file_form = variable.contains("KEY");
    if has_file_form {
        format!(" (nor is {variable}_FILE)")
    } else {
        String::new()
    }
}

impl Config {
    /// The configuration that the environment variables of this process describe.
    ///
    /// | variable | what | needed |
    /// |---|---|---|
    /// | `DOKU_ENVIRONMENT` | `sandbox`, `production` or a base URL | yes |
    /// | `DOKU_CLIENT_ID` | `BRN-…` or `MCH-…` | yes |
    /// | `DOKU_SECRET_KEY` | the secret key, `SK-…` | yes, or `_FILE` |
    /// | `DOKU_PRIVATE_KEY` | the merchant's RSA key as PEM | yes, or `_FILE` |
    /// | `DOKU_PRIVATE_KEY_PASSPHRASE` | its passphrase; needs the feature `encrypted-keys` | no, or `_FILE` |
    /// | `DOKU_PUBLIC_KEY` | DOKU's RSA public key as PEM | no, or `_FILE` |
    /// | `DOKU_PARTNER_SERVICE_ID` | the BIN | to create |
    /// | `DOKU_CUSTOMER_NO_PREFIX` | the prefix that DOKU completes | for DGPC |
    ///
    /// Each secret and key may stand in a file instead, named by the same variable with `_FILE` at its end.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], which names the variable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(|name| env::var(name).ok())
    }

    /// The same from another source of variables, such as a test or a file of settings.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], which names the variable.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let variables = Variables(variable);
        Self::read(&variables).map_err(|error| variables.where_it_stands(error))
    }

    fn read<F: Fn(&str) -> Option<String>>(variables: &Variables<F>) -> Result<Self, ConfigError> {
        let environment = needed("DOKU_ENVIRONMENT", variables.value("DOKU_ENVIRONMENT")?)?;
        let client_id = needed("DOKU_CLIENT_ID", variables.value("DOKU_CLIENT_ID")?)?;
        let secret = needed("DOKU_SECRET_KEY", variables.secret("DOKU_SECRET_KEY")?)?;
        let secret_key = ClientSecret::new(secret.trim()).map_err(invalid("DOKU_SECRET_KEY"))?;
        let private_key = variables.private_key()?;
        let mut config = Self::new(environment, client_id, secret_key, private_key);
        if let Some(pem) = variables.secret("DOKU_PUBLIC_KEY")? {
            let key = DokuPublicKey::from_pem(&pem)
                .map_err(|error| ConfigError::of_key("DOKU_PUBLIC_KEY", error))?;
            config.doku_public_key = Some(key);
        }
        config.partner_service_id = variables.value("DOKU_PARTNER_SERVICE_ID")?;
        config.customer_no_prefix = variables.value("DOKU_CUSTOMER_NO_PREFIX")?;
        Ok(config)
    }
}

fn invalid<E: Into<InvalidVariable>>(variable: &'static str) -> impl FnOnce(E) -> ConfigError {
    move |source| ConfigError::Invalid {
        variable,
        source: source.into(),
    }
}

fn needed<T>(variable: &'static str, found: Option<T>) -> Result<T, ConfigError> {
    found.ok_or(ConfigError::Missing { variable })
}

/// Reads variables; an empty one counts as absent.
struct Variables<F>(F);

impl<F: Fn(&str) -> Option<String>> Variables<F> {
    fn maybe(&self, variable: &str) -> Option<String> {
        (self.0)(variable).filter(|text| !text.trim().is_empty())
    }

    /// What a variable holds, blanks and line ends around it left out.
    fn value<T>(&self, variable: &'static str) -> Result<Option<T>, ConfigError>
    where
        T: FromStr,
        T::Err: Into<InvalidVariable>,
    {
        self.maybe(variable)
            .map(|text| text.trim().parse().map_err(invalid(variable)))
            .transpose()
    }

    /// What a variable holds, or the file that it names; as it stands, because blanks may belong to it.
    fn secret(&self, variable: &'static str) -> Result<Option<Zeroizing<String>>, ConfigError> {
        let inline = self.maybe(variable).map(Zeroizing::new);
        let file = self.maybe(&format!("{variable}_FILE"));
        match (inline, file) {
            (Some(_), Some(_)) => Err(ConfigError::Both { variable }),
            (inline, None) => Ok(inline),
            (None, Some(path)) => fs::read_to_string(&path)
                .map(|text| Some(Zeroizing::new(text)))
                .map_err(|source| ConfigError::Unreadable {
                    variable,
                    path,
                    source,
                }),
        }
    }

    /// What does not serve is named as a person finds it: by the variable that names its file, where it stands in one.
    fn where_it_stands(&self, error: ConfigError) -> ConfigError {
        match error {
            ConfigError::Invalid { variable, source } => {
                let in_file = match variable {
                    "DOKU_SECRET_KEY" => "DOKU_SECRET_KEY_FILE",
                    "DOKU_PRIVATE_KEY" => "DOKU_PRIVATE_KEY_FILE",
                    "DOKU_PUBLIC_KEY" => "DOKU_PUBLIC_KEY_FILE",
                    other => other,
                };
                let variable = self.maybe(in_file).map_or(variable, |_| in_file);
                ConfigError::Invalid { variable, source }
            }
            other => other,
        }
    }

    fn private_key(&self) -> Result<MerchantPrivateKey, ConfigError> {
        const VARIABLE: &str = "DOKU_PRIVATE_KEY";
        let pem = needed(VARIABLE, self.secret(VARIABLE)?)?;
        match self.secret("DOKU_PRIVATE_KEY_PASSPHRASE")? {
            None => MerchantPrivateKey::from_pem(&pem)
                .map_err(|error| ConfigError::of_key(VARIABLE, error)),
            Some(passphrase) => open(&pem, passphrase.trim_end_matches(['\r', '\n'])),
        }
    }
}

#[cfg(feature = "encrypted-keys")]
fn open(pem: &str, passphrase: &str) -> Result<MerchantPrivateKey, ConfigError> {
    MerchantPrivateKey::from_encrypted_pem(pem, passphrase).map_err(invalid("DOKU_PRIVATE_KEY"))
}

#[cfg(not(feature = "encrypted-keys"))]
fn open(_pem: &str, _passphrase: &str) -> Result<MerchantPrivateKey, ConfigError> {
    Err(ConfigError::Invalid {
        variable: "DOKU_PRIVATE_KEY_PASSPHRASE",
        source: InvalidVariable::PassphraseUnsupported,
    })
}
