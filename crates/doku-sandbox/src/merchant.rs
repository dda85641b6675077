//! A made-up merchant: client id, secret and keys for somebody who has none yet.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;

use doku_model::{ClientId, FieldError};
use doku_sign::{
    Backend, ClientSecret, ClientSecretError, DokuPrivateKey, KeyError, MerchantPrivateKey,
};
use zeroize::Zeroizing;

use crate::bin::{Bin, BinError};

/// The size DOKU's instructions use.
const KEY_BITS: usize = 2048;

/// The file of a merchant that is kept which holds its client id.
const CLIENT_ID: &str = "client-id";

/// DOKU's BIN at BTN in its documentation, with a prefix.
const BIN: &str = "95962:dgpc:6";

/// A merchant that DOKU never heard of, with everything that registering gives.
#[derive(Clone)]
pub struct Merchant {
    client_id: ClientId,
    client_secret: Zeroizing<String>,
    private_key: MerchantPrivateKey,
    doku_private_key: DokuPrivateKey,
    bin: Bin,
}

/// A merchant that could not be read from where it is kept, or be kept there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeptMerchantError {
    /// None could be made up.
    #[error(transparent)]
    MakeUp(#[from] MakeUpError),
    /// A file or folder cannot be read or written.
    #[error("{} cannot be read or written", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file holds no key.
    #[error("{} holds no private key; put back a copy, or move the folder away to have another merchant made up", .path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: KeyError,
    },
    /// A file holds no client id.
    #[error("{} holds no client id; put back a copy, or move the folder away to have another merchant made up", .path.display())]
    ClientId {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: FieldError,
    },
    /// A file holds no secret key.
    #[error("{} holds no secret key; put back a copy, or move the folder away to have another merchant made up", .path.display())]
    Secret {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: ClientSecretError,
    },
}

impl KeptMerchantError {
    fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}

/// A merchant that could not be made up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MakeUpError {
    /// The system gives no randomness.
    #[error(
        "the system gives no randomness; try again, or bring your own client id, secret and keys"
    )]
    Randomness(#[source] getrandom::Error),
    /// No key could be made.
    #[error("no key could be made: {0}")]
    Key(#[from] KeyError),
    /// A thread that made a key ended early.
    #[error("making a key was interrupted; try again")]
    Interrupted,
    /// A made-up value broke its own rule, which does not happen.
    #[error("a made-up value is refused: {0}")]
    Value(#[from] FieldError),
    /// The BIN broke its own rule, which does not happen.
    #[error("the made-up BIN is refused: {0}")]
    Bin(#[from] BinError),
}

impl Merchant {
    /// Makes up a client id, a secret, the merchant's key pair, DOKU's key pair and a DGPC BIN at BTN.
    ///
    /// The two keys are made at the same time, on two threads.
    ///
    /// # Errors
    ///
    /// [`MakeUpError`] where the system gives no randomness or no thread.
    pub fn make_up() -> Result<Self, MakeUpError> {
        Self::make_up_on(Backend::default())
    }

    /// The same, with keys that are made and used by one implementation of RSA: how fast somebody is made up depends on
    /// little else.
    ///
    /// # Errors
    ///
    /// As [`Self::make_up`].
    pub fn make_up_on(backend: Backend) -> Result<Self, MakeUpError> {
        let (doku_private_key, private_key) = thread::scope(|scope| {
            let doku = scope.spawn(|| DokuPrivateKey::generate_on(backend, KEY_BITS));
            let merchant = MerchantPrivateKey::generate_on(backend, KEY_BITS);
            (doku.join().map_err(|_| MakeUpError::Interrupted), merchant)
        });
        Ok(Self {
            client_id: format!("MCH-0000-{}", *random_text(b"0123456789", 13)?).parse()?,
            client_secret: Zeroizing::new(format!("SK-{}", *random_text(LETTERS, 32)?)),
            private_key: private_key?,
            doku_private_key: doku_private_key??,
            bin: BIN.parse()?,
        })
    }

    /// The client id.
    #[must_use]
    pub fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// The secret key, in clear.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        &self.client_secret
    }

    /// The merchant's key, which signs token requests.
    #[must_use]
    pub fn private_key(&self) -> &MerchantPrivateKey {
        &self.private_key
    }

    /// DOKU's key, which signs its own token requests; the merchant knows its public half.
    #[must_use]
    pub fn doku_private_key(&self) -> &DokuPrivateKey {
        &self.doku_private_key
    }

    /// The merchant's BIN.
    #[must_use]
    pub fn bin(&self) -> &Bin {
        &self.bin
    }

    /// Writes the secret and the keys as files that only their owner may read.
    ///
    /// `folder` must not exist yet, so that nobody's keys are overwritten; it is made, with the folders above it.
    ///
    /// # Errors
    ///
    /// [`io::Error`], of kind `AlreadyExists` if the folder is there.
    pub fn write_to(&self, folder: &Path) -> io::Result<MerchantFiles> {
        if let Some(above) = folder.parent() {
            fs::create_dir_all(above)?;
        }
        make_private_folder(folder)?;
        let files = MerchantFiles::of(folder);
        write_private(&files.secret_key, &self.client_secret)?;
        let key = |result: Result<Zeroizing<String>, KeyError>| result.map_err(io::Error::other);
        write_private(&files.private_key, &key(self.private_key.to_pkcs8_pem())?)?;
        write_private(
            &files.doku_private_key,
            &key(self.doku_private_key.to_pkcs8_pem())?,
        )?;
        let public = self.private_key.public_key().to_pem();
        write_private(&files.public_key, &public.map_err(io::Error::other)?)?;
        let doku_public = self.doku_private_key.public_key().to_pem();
        write_private(
            &files.doku_public_key,
            &doku_public.map_err(io::Error::other)?,
        )?;
        Ok(files)
    }

    /// The merchant that is kept in `folder`; where nobody is kept there, one is made up and written there, all of it or
    /// nothing. The keys are on `backend`.
    ///
    /// # Errors
    ///
    /// [`KeptMerchantError`] where the folder cannot be read or written, or holds something that is no merchant.
    pub fn kept_in(
        folder: &Path,
        backend: Backend,
    ) -> Result<(Self, MerchantFiles), KeptMerchantError> {
        let files = MerchantFiles::of(folder);
        if !folder.exists() {
            let merchant = Self::make_up_on(backend)?;
            let mut new = folder.as_os_str().to_owned();
            new.push(".new");
            let new = Path::new(&new);
            let in_folder = |error| KeptMerchantError::io(folder, error);
            // What a start that was cut short left behind.
            if new.exists() {
                fs::remove_dir_all(new).map_err(in_folder)?;
            }
            merchant.write_to(new).map_err(in_folder)?;
            write_private(&new.join(CLIENT_ID), merchant.client_id.as_str()).map_err(in_folder)?;
            fs::rename(new, folder).map_err(in_folder)?;
            return Ok((merchant, files));
        }
        let read = |path: &Path| {
            fs::read_to_string(path)
                .map(Zeroizing::new)
                .map_err(|error| KeptMerchantError::io(path, error))
        };
        let bad_key = |path: &Path| {
            let path = path.to_owned();
            move |source| KeptMerchantError::Key { path, source }
        };
        let private_key = MerchantPrivateKey::from_pem(&read(&files.private_key)?)
            .and_then(|key| key.on(backend))
            .map_err(bad_key(&files.private_key))?;
        let doku_private_key = DokuPrivateKey::from_pem(&read(&files.doku_private_key)?)
            .and_then(|key| key.on(backend))
            .map_err(bad_key(&files.doku_private_key))?;
        let client_secret = Zeroizing::new(read(&files.secret_key)?.trim().to_owned());
        ClientSecret::new(client_secret.as_str()).map_err(|source| KeptMerchantError::Secret {
            path: files.secret_key.clone(),
            source,
        })?;
        let path = folder.join(CLIENT_ID);
        let client_id = read(&path)?.trim().parse();
        let merchant = Self {
            client_id: client_id.map_err(|source| KeptMerchantError::ClientId { path, source })?,
            client_secret,
            private_key,
            doku_private_key,
            bin: BIN.parse().map_err(MakeUpError::from)?,
        };
        Ok((merchant, files))
    }

    /// The settings that a client of this project reads from its environment.
    #[must_use]
    pub fn environment(&self, base_url: &str, files: &MerchantFiles) -> Environment {
        let path = |path: &Path| path.display().to_string();
        let mut settings = vec![
            ("DOKU_ENVIRONMENT", base_url.to_owned()),
            ("DOKU_CLIENT_ID", self.client_id.to_string()),
            ("DOKU_SECRET_KEY_FILE", path(&files.secret_key)),
            ("DOKU_PRIVATE_KEY_FILE", path(&files.private_key)),
            ("DOKU_PUBLIC_KEY_FILE", path(&files.doku_public_key)),
            (
                "DOKU_PARTNER_SERVICE_ID",
                self.bin.partner_service_id().digits().to_owned(),
            ),
        ];
        if let Some(prefix) = self.bin.prefix() {
            settings.push(("DOKU_CUSTOMER_NO_PREFIX", prefix.to_string()));
        }
        Environment { settings }
    }
}

impl fmt::Debug for Merchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merchant")
            .field("client_id", &self.client_id)
            .field("private_key", &self.private_key)
            .field("doku_private_key", &self.doku_private_key)
            .field("bin", &self.bin)
            .finish_non_exhaustive()
    }
}

/// Where a made-up merchant's secret and keys were written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MerchantFiles {
    /// The client secret, without a line end.
    pub secret_key: PathBuf,
    /// The merchant's private key, PKCS#8 PEM.
    pub private_key: PathBuf,
    /// The merchant's public key, PEM: what DOKU's back office asks for.
    pub public_key: PathBuf,
    /// DOKU's private key, PKCS#8 PEM: for starting a sandbox with the same keys again.
    pub doku_private_key: PathBuf,
    /// DOKU's public key, PEM: what the back office shows.
    pub doku_public_key: PathBuf,
}

impl MerchantFiles {
    fn of(folder: &Path) -> Self {
        Self {
            secret_key: folder.join("secret-key"),
            private_key: folder.join("private.pem"),
            public_key: folder.join("public.pem"),
            doku_private_key: folder.join("doku-private.pem"),
            doku_public_key: folder.join("doku-public.pem"),
        }
    }
}

/// Settings for a process's environment. Prints one `NAME=value` a line, ready to paste into a shell or a file.
///
/// It names the files with the secrets, never the secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    settings: Vec<(&'static str, String)>,
}

impl Environment {
    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.iter() {
            writeln!(f, "{name}={}", quoted(value))?;
        }
        Ok(())
    }
}

/// The value as a shell reads it back.
pub(crate) fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    if value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}

const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// `length` characters of `alphabet`, each as likely as any other.
fn random_text(alphabet: &[u8], length: usize) -> Result<Zeroizing<String>, MakeUpError> {
    // Bytes beyond a whole number of alphabets would favour its first letters.
    let fair = 256 - 256 % alphabet.len().max(1);
    let mut text = Zeroizing::new(String::with_capacity(length));
    while text.len() < length {
        let mut bytes = Zeroizing::new([0_u8; 64]);
        getrandom::fill(bytes.as_mut_slice()).map_err(MakeUpError::Randomness)?;
        let missing = length - text.len();
        let letters = bytes
            .iter()
            .map(|byte| usize::from(*byte))
            .filter(|byte| *byte < fair)
            .filter_map(|byte| alphabet.get(byte % alphabet.len()))
            .map(|letter| char::from(*letter));
        text.extend(letters.take(missing));
    }
    Ok(text)
}

#[cfg(unix)]
fn make_private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)
}

#[cfg(unix)]
fn private_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = private_file(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
