//! Blocks of TOML are read by whoever would read them: cargo, the server, the sandbox.

use std::fs;
use std::path::Path;

use doku::sign::{DokuPrivateKey, MerchantPrivateKey};
use doku::{Dialect, HostedDialect};
use doku_sandbox::SandboxFile;
use doku_server::Config;
use toml::{Table, Value};

use crate::page;

/// A dependency that is ours has the features that are asked for.
fn is_a_manifest(at: &str, table: &Table) {
    let ours = table["dependencies"].as_table().unwrap();
    for (name, dependency) in ours.iter().filter(|(name, _)| name.starts_with("doku-")) {
        let manifest = page::repository()
            .join("crates")
            .join(name)
            .join("Cargo.toml");
        let manifest: Table = toml::from_str(&fs::read_to_string(manifest).unwrap()).unwrap();
        for feature in dependency
            .get("features")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            assert!(
                manifest["features"]
                    .get(feature.as_str().unwrap())
                    .is_some(),
                "{at}: {name} {feature:?}"
            );
        }
        if let Some(git) = dependency.get("git") {
            let root = fs::read_to_string(page::repository().join("Cargo.toml")).unwrap();
            let root: Table = toml::from_str(&root).unwrap();
            assert_eq!(git, &root["workspace"]["package"]["repository"], "{at}");
        }
    }
}

/// The files that settings name, with a key in them that serves.
fn write_files(folder: &Path, value: &Value) {
    let Some(table) = value.as_table() else {
        for value in value.as_array().into_iter().flatten() {
            write_files(folder, value);
        }
        return;
    };
    for (name, value) in table {
        let Some(file) = value.as_str().filter(|_| name.ends_with("File")) else {
            write_files(folder, value);
            continue;
        };
        let content = match name.as_str() {
            "privateKeyFile" => MerchantPrivateKey::generate(2048)
                .unwrap()
                .to_pkcs8_pem()
                .unwrap()
                .to_string(),
            "publicKeyFile" => DokuPrivateKey::generate(2048)
                .unwrap()
                .public_key()
                .to_pem()
                .unwrap(),
            "merchantPublicKeyFile" => MerchantPrivateKey::generate(2048)
                .unwrap()
                .public_key()
                .to_pem()
                .unwrap(),
            "secretKeyFile" | "clientSecretFile" => "SK-EXAMPLE".to_owned(),
            "keyFile" => "a-key-that-nobody-guesses-4711".to_owned(),
            "secretFile" => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(),
            other => panic!("what is in {other}?"),
        };
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

/// Settings that speak of switches alone are completed by a merchant.
const MERCHANT: &str = r#"
[doku]
environment = "sandbox"
clientId = "BRN-0211-1696919651918"
secretKeyFile = "secret-key"
privateKeyFile = "private.pem"
publicKeyFile = "doku-public.pem"
"#;

fn is_of_the_server(at: &str, code: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mut code = code.to_owned();
    if !code.contains("[doku]") {
        code.push_str(MERCHANT);
    }
    write_files(folder.path(), &toml::from_str(&code).unwrap());
    let file = folder.path().join("doku.toml");
    fs::write(&file, &code).unwrap();
    let config =
        Config::from_sources(Some(&file), |_| None).unwrap_or_else(|error| panic!("{at}: {error}"));
    if at.contains("open-questions") {
        // "All at their defaults", the page says.
        let config = format!("{config:?}");
        for defaults in [
            format!("{:?}", Dialect::default()),
            format!("{:?}", HostedDialect::default()),
        ] {
            assert!(config.contains(&defaults), "{at}: {defaults}");
        }
    }
}

fn is_of_the_sandbox(at: &str, code: &str) {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), &toml::from_str(code).unwrap());
    let file: SandboxFile = toml::from_str(code).unwrap_or_else(|error| panic!("{at}: {error}"));
    assert_eq!(file.dialect, doku_sandbox::Dialect::default(), "{at}");
    assert_eq!(file.resend, doku_sandbox::Resend::default(), "{at}");
    assert_eq!(
        file.header_clock,
        doku_sandbox::HeaderClock::default(),
        "{at}"
    );
    assert_eq!(
        file.status_numbers,
        doku_sandbox::StatusNumbers::default(),
        "{at}"
    );
    assert_eq!(
        file.repeated_trx_id,
        doku_sandbox::RepeatedTrxId::default(),
        "{at}"
    );
    file.load(folder.path())
        .unwrap_or_else(|error| panic!("{at}: {error}"));
}

#[test]
fn each_is_read_by_whoever_would_read_it() {
    let blocks = page::blocks_in("toml");
    assert!(blocks.len() >= 5, "{}", blocks.len());
    for (at, code) in blocks {
        let table: Table = toml::from_str(&code).unwrap_or_else(|error| panic!("{at}: {error}"));
        if table.contains_key("dependencies") {
            is_a_manifest(&at, &table);
        } else if table.contains_key("bins") {
            is_of_the_sandbox(&at, &code);
        } else {
            is_of_the_server(&at, &code);
        }
    }
}
