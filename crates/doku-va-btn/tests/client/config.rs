//! The configuration from variables: each that can be wrong, with its message.

use std::collections::HashMap;
use std::error::Error as _;
use std::fmt::Write as _;
use std::fs;

use doku_transport::testing::Scripted;
use doku_va_btn::{Config, ConfigError};

use crate::support::{Bench, SECRET, created, key, mgpc, then};

struct Variables(HashMap<String, String>);

impl Variables {
    fn good() -> Self {
        let pem = key().to_pkcs8_pem().unwrap();
        Self(HashMap::new())
            .set("DOKU_ENVIRONMENT", "sandbox")
            .set("DOKU_CLIENT_ID", "BRN-0259-1678068334526")
            .set("DOKU_SECRET_KEY", SECRET)
            .set("DOKU_PRIVATE_KEY", &pem)
    }

    fn set(mut self, name: &str, value: &str) -> Self {
        self.0.insert(name.to_owned(), value.to_owned());
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.0.remove(name);
        self
    }

    fn read(&self) -> Result<Config, ConfigError> {
        Config::from_variables(|name| self.0.get(name).cloned())
    }
}

#[test]
fn the_least_that_is_needed_is_enough() {
    let config = Variables::good().read().unwrap();
    assert_eq!(
        config.environment().base_url(),
        "https://api-sandbox.doku.com"
    );
    assert_eq!(config.client_id().as_str(), "BRN-0259-1678068334526");
    assert_eq!(config.private_key().fingerprint(), key().fingerprint());
    assert!(config.doku_public_key().is_none());
    assert!(config.partner_service_id().is_none());
}

#[test]
fn everything_is_read_and_blanks_around_values_do_not_count() {
    let pem = key().public_key().to_pem().unwrap();
    let config = Variables::good()
        .set("DOKU_ENVIRONMENT", " http://127.0.0.1:8090 \n")
        .set("DOKU_CLIENT_ID", "BRN-0259-1678068334526\n")
        .set("DOKU_PUBLIC_KEY", &pem)
        .set("DOKU_PARTNER_SERVICE_ID", "   95962\n")
        .set("DOKU_CUSTOMER_NO_PREFIX", " 6 ")
        .read()
        .unwrap();
    assert_eq!(config.environment().base_url(), "http://127.0.0.1:8090");
    assert_eq!(config.client_id().as_str(), "BRN-0259-1678068334526");
    assert!(config.doku_public_key().is_some());
    assert_eq!(config.partner_service_id().unwrap().digits(), "95962");
}

#[test]
fn a_key_on_one_line_with_written_line_ends_is_a_key() {
    let pem = key().to_pkcs8_pem().unwrap().replace('\n', "\\n");
    let config = Variables::good()
        .set("DOKU_PRIVATE_KEY", &pem)
        .read()
        .unwrap();
    assert_eq!(config.private_key().fingerprint(), key().fingerprint());
}

#[tokio::test(start_paused = true)]
async fn secrets_and_keys_may_stand_in_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let config = Variables::good()
        .without("DOKU_SECRET_KEY")
        .without("DOKU_PRIVATE_KEY")
        .set(
            "DOKU_SECRET_KEY_FILE",
            &file("secret", &format!("{SECRET}\n")),
        )
        .set(
            "DOKU_PRIVATE_KEY_FILE",
            &file("key", &key().to_pkcs8_pem().unwrap()),
        )
        .set(
            "DOKU_PUBLIC_KEY_FILE",
            &file("public", &key().public_key().to_pem().unwrap()),
        )
        .read()
        .unwrap();
    assert!(config.doku_public_key().is_some());
    // The line end of the file does not belong to the secret.
    assert_eq!(
        signature(config).await,
        signature(Variables::good().read().unwrap()).await
    );
}

/// The signature of one call that depends on nothing but the secret and the order of events.
async fn signature(config: Config) -> String {
    let config = config.with_partner_service_id("95962".parse().unwrap());
    let script = then(Scripted::new(), 200, &created());
    let bench = Bench::script_with(config, script);
    bench.client.create(&mgpc()).await.unwrap();
    bench.calls()[0].header("x-signature").unwrap().to_owned()
}

#[test]
fn a_key_in_the_wrong_place_is_told_in_words_of_that_place() {
    const PROTECTED: &str = include_str!("fixtures/protected.key");
    let told = |name: &str, value: &str| {
        let error = Variables::good().set(name, value).read().unwrap_err();
        error.to_string()
    };
    let closed = told("DOKU_PRIVATE_KEY", PROTECTED);
    assert!(
        closed.contains("DOKU_PRIVATE_KEY_PASSPHRASE_FILE"),
        "{closed}"
    );
    // To export a public half of one's own would be the wrong advice here.
    let own = told("DOKU_PUBLIC_KEY", &key().to_pkcs8_pem().unwrap());
    assert!(
        own.contains("back office") && !own.contains("openssl"),
        "{own}"
    );
}

#[cfg(feature = "encrypted-keys")]
#[test]
fn a_protected_key_is_opened_with_its_passphrase_and_no_other() {
    const PROTECTED: &str = include_str!("fixtures/protected.key");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("passphrase");
    // Blanks belong to a passphrase, the line end of its file does not.
    fs::write(&path, " kunci toko \n").unwrap();
    let variables = || Variables::good().set("DOKU_PRIVATE_KEY", PROTECTED);
    let inline = variables().set("DOKU_PRIVATE_KEY_PASSPHRASE", " kunci toko ");
    let in_file = variables().set("DOKU_PRIVATE_KEY_PASSPHRASE_FILE", path.to_str().unwrap());
    let keys = [inline, in_file].map(|variables| variables.read().unwrap());
    assert_eq!(
        keys[0].private_key().fingerprint(),
        keys[1].private_key().fingerprint()
    );

    let wrong = variables().set("DOKU_PRIVATE_KEY_PASSPHRASE", "planted-passphrase");
    let needless = Variables::good().set("DOKU_PRIVATE_KEY_PASSPHRASE", "planted-passphrase");
    for error in [variables(), wrong, needless].map(|variables| variables.read().unwrap_err()) {
        let told = format!("{error}{error:?}");
        assert!(told.starts_with("DOKU_PRIVATE_KEY: "), "{told}");
        assert!(!told.contains("planted-passphrase"), "{told}");
    }
}

#[cfg(not(feature = "encrypted-keys"))]
#[test]
fn a_passphrase_needs_a_build_that_can_use_it() {
    let error = Variables::good()
        .set("DOKU_PRIVATE_KEY_PASSPHRASE", "planted-passphrase")
        .read()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "DOKU_PRIVATE_KEY_PASSPHRASE: this build cannot open protected keys: build with the \
         feature `encrypted-keys`"
    );
}

#[test]
fn every_mistake_names_its_variable_and_never_its_content() {
    let marker = "planted-content";
    let mut told = String::new();
    let mut tell = |what: &str, variables: &Variables| {
        let error = variables.read().unwrap_err();
        assert!(!format!("{error}{error:?}").contains(marker), "{what}");
        assert!(!error.to_string().contains('\n'), "{what}");
        writeln!(told, "{what}\n  {error}").unwrap();
    };
    for name in [
        "DOKU_ENVIRONMENT",
        "DOKU_CLIENT_ID",
        "DOKU_SECRET_KEY",
        "DOKU_PRIVATE_KEY",
    ] {
        tell(&format!("no {name}"), &Variables::good().without(name));
        tell(
            &format!("{name} empty"),
            &Variables::good().set(name, " \n"),
        );
    }
    for name in ["DOKU_SECRET_KEY", "DOKU_PRIVATE_KEY"] {
        let file = format!("{name}_FILE");
        tell(
            &format!("both of {name}"),
            &Variables::good().set(&file, "/a"),
        );
        let gone = Variables::good()
            .without(name)
            .set(&file, "/nowhere/at/all");
        tell(&format!("{file} that is not there"), &gone);
    }
    for (name, value) in [
        ("DOKU_ENVIRONMENT", marker),
        ("DOKU_ENVIRONMENT", "http://api.doku.com"),
        ("DOKU_ENVIRONMENT", "https://api.doku.com/v2"),
        ("DOKU_CLIENT_ID", "planted-content with blanks"),
        ("DOKU_PRIVATE_KEY", marker),
        ("DOKU_PUBLIC_KEY", marker),
        ("DOKU_PARTNER_SERVICE_ID", "123456789"),
        ("DOKU_PARTNER_SERVICE_ID", "BTN"),
        ("DOKU_CUSTOMER_NO_PREFIX", "6-1"),
    ] {
        tell(
            &format!("{name} = {value}").replace(marker, "nonsense"),
            &Variables::good().set(name, value),
        );
    }
    insta::assert_snapshot!(told.trim_end());
}

#[test]
fn the_cause_is_kept() {
    let gone = Variables::good()
        .without("DOKU_SECRET_KEY")
        .set("DOKU_SECRET_KEY_FILE", "/nowhere/at/all");
    let error = gone.read().unwrap_err();
    assert!(error.source().is_some());
}
