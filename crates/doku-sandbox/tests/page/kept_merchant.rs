//! A made-up merchant that is kept in a folder: the same one after a restart, and a broken file by its name.

use std::path::Path;

use doku_sandbox::{KeptMerchantError, Merchant};
use doku_sign::Backend;

fn kept(folder: &Path) -> Result<Merchant, KeptMerchantError> {
    Merchant::kept_in(folder, Backend::default()).map(|(merchant, _)| merchant)
}

#[test]
fn is_the_same_one_again_and_a_beginning_that_was_cut_short_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("merchant");
    // As a start leaves it that was killed while it wrote.
    let new = folder.path().join("merchant.new");
    std::fs::create_dir(&new).unwrap();
    std::fs::write(new.join("secret-key"), "half").unwrap();
    let first = kept(&path).unwrap();
    assert!(!new.exists());
    let again = kept(&path).unwrap();
    assert_eq!(again.client_id(), first.client_id());
    assert_eq!(again.client_secret(), first.client_secret());
    let public = |merchant: &Merchant| merchant.private_key().public_key().to_pem().unwrap();
    assert_eq!(public(&again), public(&first));
}

#[test]
fn what_is_broken_is_named_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("merchant");
    kept(&path).unwrap();
    for name in ["client-id", "secret-key", "private.pem", "doku-private.pem"] {
        let file = path.join(name);
        let whole = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, "\n").unwrap();
        let error = kept(&path).unwrap_err();
        let named = match &error {
            KeptMerchantError::ClientId { path, .. }
            | KeptMerchantError::Secret { path, .. }
            | KeptMerchantError::Key { path, .. } => path,
            other => panic!("{name}: {other}"),
        };
        assert_eq!(named, &file);
        assert!(error.to_string().contains(name), "{error}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "\n");

        std::fs::remove_file(&file).unwrap();
        let error = kept(&path).unwrap_err();
        assert!(
            matches!(&error, KeptMerchantError::Io { path, .. } if *path == file),
            "{error}"
        );
        std::fs::write(&file, whole).unwrap();
    }
    kept(&path).unwrap();
}
