//! Files of secrets that everybody on this machine may read.

use std::path::{Path, PathBuf};

use super::environment::{Variables, beside};
use super::file::File;

/// A file that holds a secret, and the key or variable that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exposed {
    pub(crate) key: String,
    pub(crate) path: PathBuf,
}

/// Of the files that hold secrets, those that are open to everybody.
pub(super) fn exposed<F: Fn(&str) -> Option<String>>(
    file: &File,
    folder: Option<&Path>,
    variables: &Variables<F>,
) -> Vec<Exposed> {
    let named = [
        "DOKU_SECRET_KEY_FILE",
        "DOKU_PRIVATE_KEY_FILE",
        "DOKU_PRIVATE_KEY_PASSPHRASE_FILE",
        "DOKU_SERVER_API_KEYS_FILE",
        "DOKU_SERVER_WEBHOOK_SECRET_FILE",
    ]
    .into_iter()
    .filter_map(|variable| Some((variable.to_owned(), variables.text(variable)?.into())));
    named
        .chain(
            in_file(file)
                .into_iter()
                .map(|(key, path)| (key, beside(folder, path))),
        )
        .filter(|(_, path)| is_open(path))
        .map(|(key, path)| Exposed { key, path })
        .collect()
}

fn in_file(file: &File) -> Vec<(String, &PathBuf)> {
    let doku = &file.doku;
    let mut all: Vec<(String, Option<&PathBuf>)> = [
        ("secretKeyFile", &doku.secret_key_file),
        ("privateKeyFile", &doku.private_key_file),
        (
            "privateKeyPassphraseFile",
            &doku.private_key_passphrase_file,
        ),
        ("previousSecretKeyFile", &doku.previous_secret_key_file),
    ]
    .into_iter()
    .map(|(key, path)| (format!("doku.{key}"), path.as_ref()))
    .collect();
    for (place, key) in file.api_keys.iter().enumerate() {
        all.push((format!("apiKeys[{place}].keyFile"), key.key_file.as_ref()));
    }
    for (place, target) in file.webhooks.iter().enumerate() {
        let at = |member: &str| format!("webhooks[{place}].{member}");
        all.push((at("secretFile"), target.secret_file.as_ref()));
        all.push((
            at("previousSecretFile"),
            target.previous_secret_file.as_ref(),
        ));
    }
    all.into_iter()
        .filter_map(|(key, path)| Some((key, path?)))
        .collect()
}

/// Whether others than its owner and group may read it. What cannot be looked at is told by whoever reads it.
#[cfg(unix)]
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    false
}
