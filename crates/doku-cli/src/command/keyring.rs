//! The keys that are there, from the environment and from files: one, some or all of them.

use doku::{
    AccessToken, ClientSecret, DokuPublicKey, Environment, MerchantPrivateKey, MerchantPublicKey,
};
use zeroize::Zeroizing;

use super::variables;
use crate::args::KeyArguments;
use crate::exit::Failure;
use crate::file::{self, shown};

/// The keys of a merchant, as far as they are known here.
#[derive(Debug, Default)]
pub(super) struct Keyring {
    pub(super) environment: Option<Environment>,
    pub(super) client_id: Option<String>,
    pub(super) secret: Option<ClientSecret>,
    pub(super) private_key: Option<MerchantPrivateKey>,
    /// The public half of the merchant's key.
    pub(super) merchant: Option<MerchantPublicKey>,
    pub(super) doku: Option<DokuPublicKey>,
    pub(super) others: Others,
}

/// What may have been used instead.
#[derive(Default)]
pub(super) struct Others {
    pub(super) secrets: Vec<ClientSecret>,
    pub(super) keys: Vec<MerchantPublicKey>,
    pub(super) tokens: Vec<AccessToken>,
    /// The string-to-sign of the other side.
    pub(super) text: Option<Zeroizing<String>>,
}

impl std::fmt::Debug for Others {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Others")
            .field("secrets", &self.secrets.len())
            .field("keys", &self.keys)
            .field("tokens", &self.tokens.len())
            .finish_non_exhaustive()
    }
}

impl Keyring {
    /// Those of the environment.
    pub(super) fn from_env() -> Result<Self, Failure> {
        let private_key = variables::private_key()?;
        Ok(Self {
            environment: variables::value(variables::ENVIRONMENT)?,
            client_id: variables::plain(variables::CLIENT_ID).map(|id| id.trim().to_owned()),
            secret: variables::secret_key()?,
            merchant: private_key.as_ref().map(MerchantPrivateKey::public_key),
            private_key,
            doku: variables::public_key()?,
            others: Others::default(),
        })
    }

    /// With those of the command line, which are files.
    pub(super) fn with(mut self, arguments: &KeyArguments) -> Result<Self, Failure> {
        if let Some(path) = &arguments.merchant_public_key {
            self.merchant = Some(public_key(path)?);
        }
        for path in &arguments.other_secret_file {
            let text = file::read(path)?;
            let secret = ClientSecret::new(text.trim()).map_err(|error| {
                Failure::usage(format!("{}: {error}", shown(path)))
                    .next("Give a file that holds a secret key and nothing else.")
            })?;
            self.others.secrets.push(secret);
        }
        for path in &arguments.other_public_key {
            self.others.keys.push(public_key(path)?);
        }
        for path in &arguments.other_token_file {
            let text = file::read(path)?;
            self.others.tokens.push(AccessToken::new(bare(&text)));
        }
        if let Some(path) = &arguments.their_text {
            let text = file::read(path)?;
            let line = text.strip_suffix('\n').unwrap_or(&text);
            self.others.text = Some(Zeroizing::new(line.to_owned()));
        }
        Ok(self)
    }
}

/// A token as it was pasted, without blanks and without the word before it.
pub(super) fn bare(text: &str) -> &str {
    let text = text.trim();
    match text.split_at_checked(7) {
        Some((word, token)) if word.eq_ignore_ascii_case("bearer ") => token.trim(),
        _ => text,
    }
}

fn public_key(path: &std::path::Path) -> Result<MerchantPublicKey, Failure> {
    let pem = file::read(path)?;
    MerchantPublicKey::from_pem(&pem).map_err(|error| {
        Failure::usage(format!("{}: {error}", shown(path)))
            .next("Give the file with a public key, in PEM.")
    })
}
