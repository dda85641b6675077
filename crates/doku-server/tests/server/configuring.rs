//! A configuration from a file and the environment.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use doku_server::{Config, ConfigError};
use tempfile::TempDir;

use crate::support::{KEY, merchant};

const WEBHOOK: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A folder with keys, a file of settings, and variables.
struct Given {
    folder: TempDir,
    variables: HashMap<String, String>,
}

impl Given {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = merchant().write_to(&folder.path().join("keys")).unwrap();
        let environment = merchant().environment("http://127.0.0.1:9", &files);
        let variables = environment
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self { folder, variables }
    }

    fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn load(&self, text: Option<&str>) -> Result<Config, ConfigError> {
        let path = text.map(|text| self.file("doku.toml", text));
        Config::from_sources(path.as_deref(), |name| self.variables.get(name).cloned())
    }

    fn error(&self, text: Option<&str>) -> String {
        self.load(text).unwrap_err().to_string()
    }
}

#[test]
fn the_environment_alone_is_enough() {
    let given = Given::new();
    let config = given.load(None).unwrap();
    let shown = format!("{config:?}");
    assert!(shown.contains("Location(doku.sqlite)"), "{shown}");
    assert!(shown.contains("127.0.0.1:8080") && shown.contains("127.0.0.1:8081"));
    let given = given
        .set("DOKU_SERVER_DATABASE", "postgres://me:hunter2@db/doku")
        .set("DOKU_SERVER_LISTEN", "0.0.0.0:80")
        .set("DOKU_SERVER_API_LISTEN", "[::1]:81")
        .set("DOKU_SERVER_PUBLIC_URL", "https://bayar.example/")
        .set("DOKU_SERVER_API_KEYS", &format!("shop={KEY}, back={KEY}2"))
        .set(
            "DOKU_SERVER_WEBHOOK_URL",
            "https://shop.example/hooks?key=hunter2",
        )
        .set("DOKU_SERVER_WEBHOOK_SECRET", WEBHOOK)
        .set(
            "DOKU_SERVER_WEBHOOK_EVENTS",
            "account.paid, payment.flagged",
        );
    let config = given.load(None).unwrap();
    let shown = format!("{config:?}");
    for part in [
        "postgres://…@db/doku",
        "0.0.0.0:80",
        "[::1]:81",
        "https://bayar.example",
        "ApiKey(shop)",
        "ApiKey(back)",
        "https://shop.example/hooks",
        "payment.flagged",
    ] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    for secret in ["hunter2", KEY, WEBHOOK, merchant().client_secret()] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

#[test]
fn a_file_says_the_same_and_more() {
    let mut given = Given::new();
    given.variables.clear();
    given.file("api-key", &format!("{KEY}\n"));
    given.file("hook", &format!("{WEBHOOK}\n"));
    let text = format!(
        r#"
        database = "orders.sqlite"
        listen = "127.0.0.1:9080"
        apiListen = "127.0.0.1:9081"
        publicUrl = "https://bayar.example"
        questionsPerSecond = 2

        [doku]
        environment = "sandbox"
        clientId = "{}"
        secretKeyFile = "keys/secret-key"
        privateKeyFile = "keys/private.pem"
        publicKeyFile = "keys/doku-public.pem"
        partnerServiceId = "95962"
        customerNoPrefix = "6"
        deadlineSeconds = 20
        previousSecretKeyFile = "keys/secret-key"
        previousMerchantPublicKeyFile = "keys/public.pem"
        previousPublicKeyFile = "keys/doku-public.pem"

        [paths]
        token = "/token"
        payment = "/paid"
        prefix = "/doku"

        [dialect]
        openAmount = "zeroWithDecimals"
        statusNumbers = "asReturned"
        channelId = "SDK"
        tokenTimestamps = "wib"
        transactionTimestamps = "utc"

        [hosted]
        ownBearer = true
        dokuBearer = true
        emptyToken = true
        inquiryInfo = "both"
        openAmount = "zero"

        [bounds]
        bodyBytes = 16384
        headerBytes = 4096
        bearers = 10
        diagnosesPerMinute = 1
        arrivalSeconds = 3
        inquirySeconds = 4
        paymentSeconds = 5

        [page]
        merchant = "Toko Maju"
        name = "hidden"
        language = "en"

        [[apiKeys]]
        name = "shop"
        keyFile = "api-key"

        [[apiKeys]]
        name = "back"
        sha256 = "{}"

        [[webhooks]]
        name = "shop"
        url = "https://shop.example/hooks"
        secretFile = "hook"
        previousSecretFile = "hook"
        events = ["account.paid"]
        "#,
        merchant().client_id(),
        "ab".repeat(32),
    );
    let shown = format!("{:?}", given.load(Some(&text)).unwrap());
    for part in [
        "orders.sqlite",
        "api-sandbox.doku.com",
        "127.0.0.1:9080",
        "/token",
        "/paid",
        "/v1.1/transfer-va/inquiry",
        "UnderPrefix(\"/doku\")",
        "ZeroWithDecimals",
        "AsReturned",
        "Some(\"SDK\")",
        "empty: true",
        "doku_bearer: true",
        "inquiry_info: Both",
        "body: 16384",
        "payment: 5s",
        "diagnoses: 1",
        "Hidden",
        "En",
        "Toko Maju",
        "ApiKey(back)",
        "questions_per_second: 2",
        "deadline: 20s",
        "account.paid",
    ] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    // The environment counts.
    let given = given
        .set("DOKU_SERVER_LISTEN", "127.0.0.1:7000")
        .set("DOKU_SECRET_KEY", "SK-ANOTHER")
        .set("DOKU_SERVER_API_KEYS", &format!("shop={KEY}"));
    let shown = format!("{:?}", given.load(Some(&text)).unwrap());
    assert!(shown.contains("127.0.0.1:7000") && !shown.contains("127.0.0.1:9080"));
    assert_eq!(shown.matches("ApiKey(shop)").count(), 1);
}

#[test]
fn every_mistake_is_named_by_its_key() {
    let hook = "[[webhooks]]\nname = \"a\"\nurl = \"https://a.example\"\nsecretFile = \"hook\"\n";
    let key = format!(
        "[[apiKeys]]\nname = \"a\"\nsha256 = \"{}\"\n",
        "ab".repeat(32)
    );
    for (text, named) in [
        ("databse = \"x\"", "databse"),
        ("listen = 80", "line 1"),
        ("\n[doku]\nsecretKey = \"SK-HUNTER2\"", "line 3"),
        ("listen = \"nowhere\"", "listen"),
        ("apiListen = \"127.0.0.1\"", "apiListen"),
        ("publicUrl = \"bayar.example\"", "publicUrl"),
        ("database = \"mysql://x\"", "database"),
        ("[paths]\ntoken = \"token\"", "paths"),
        ("[paths]\ntoken = \"/a\"\npayment = \"/a\"", "paths"),
        ("[page]\nname = \"some\"", "line 2"),
        ("[doku]\ndeadlineSeconds = 0", "line 2"),
        ("[hosted]\ninquiryInfo = \"above\"", "line 2"),
        (
            "[doku]\npreviousSecretKeyFile = \"nowhere\"",
            "doku.previousSecretKeyFile",
        ),
        (
            "[doku]\npreviousMerchantPublicKeyFile = \"hook\"",
            "doku.previousMerchantPublicKeyFile",
        ),
        (
            "[doku]\npreviousPublicKeyFile = \"hook\"",
            "doku.previousPublicKeyFile",
        ),
        ("[[apiKeys]]\nkeyFile = \"hook\"", "apiKeys[0].name"),
        ("[[apiKeys]]\nname = \"a\"", "apiKeys[0].keyFile"),
        (
            "[[apiKeys]]\nname = \"a\"\nsha256 = \"00\"",
            "apiKeys[0].sha256",
        ),
        (
            "[[apiKeys]]\nname = \"a\"\nkeyFile = \"nowhere\"",
            "apiKeys[0].keyFile",
        ),
        (
            "[[apiKeys]]\nname = \"a\"\nkeyFile = \"x\"\nsha256 = \"y\"",
            "apiKeys[0].sha256",
        ),
        (&format!("{key}{key}"), "apiKeys"),
        ("[[webhooks]]\nname = \"a\"", "webhooks[0].url"),
        (
            "[[webhooks]]\nurl = \"https://a.example\"",
            "webhooks[0].name",
        ),
        (
            "[[webhooks]]\nname = \"a\"\nurl = \"https://a.example\"",
            "webhooks[0].secretFile",
        ),
        (
            "[[webhooks]]\nname = \"a\"\nurl = \"http://a.example\"\nsecretFile = \"hook\"",
            "webhooks[0].url",
        ),
        (
            "[[webhooks]]\nname = \"a\"\nurl = \"https://a.example\"\nsecretFile = \"keys/secret-key\"",
            "webhooks[0].secretFile",
        ),
        (
            &format!("{hook}events = [\"account.payed\"]"),
            "webhooks[0].events",
        ),
        (&format!("{hook}{hook}"), "webhooks"),
    ] {
        let given = Given::new();
        given.file("hook", WEBHOOK);
        let error = given.error(Some(text));
        assert!(error.contains(named), "{text}: {error}");
        for secret in ["HUNTER2", WEBHOOK, merchant().client_secret()] {
            assert!(!error.contains(secret), "{error}");
        }
        assert!(!error.contains('\n'), "{error}");
    }
    for (name, value, named) in [
        ("DOKU_SERVER_LISTEN", "x", "DOKU_SERVER_LISTEN"),
        ("DOKU_SERVER_API_KEYS", "hunter2", "DOKU_SERVER_API_KEYS"),
        (
            "DOKU_SERVER_API_KEYS",
            "shop=hunter2",
            "DOKU_SERVER_API_KEYS",
        ),
        (
            "DOKU_SERVER_WEBHOOK_URL",
            "https://a.example",
            "DOKU_SERVER_WEBHOOK_SECRET",
        ),
        (
            "DOKU_SERVER_WEBHOOK_SECRET",
            WEBHOOK,
            "DOKU_SERVER_WEBHOOK_URL",
        ),
        ("DOKU_ENVIRONMENT", "nowhere", "DOKU_ENVIRONMENT"),
        ("DOKU_PUBLIC_KEY_FILE", "", "DOKU_PUBLIC_KEY"),
        (
            "DOKU_SERVER_API_KEYS_FILE",
            "/nowhere",
            "DOKU_SERVER_API_KEYS_FILE",
        ),
    ] {
        let error = Given::new().set(name, value).error(None);
        assert!(error.contains(named), "{name}: {error}");
        assert!(
            !error.contains("hunter2") && !error.contains(WEBHOOK),
            "{error}"
        );
    }
    // What stands in a file is named by the variable that names the file.
    for variable in [
        "DOKU_PRIVATE_KEY_FILE",
        "DOKU_PUBLIC_KEY_FILE",
        "DOKU_SERVER_API_KEYS_FILE",
        "DOKU_SERVER_WEBHOOK_SECRET_FILE",
    ] {
        let given = Given::new();
        let path = given.file("odd", "hun ter2\u{7f}");
        let error = given
            .set(variable, path.to_str().unwrap())
            .set("DOKU_SERVER_WEBHOOK_URL", "https://a.example")
            .set(
                "DOKU_SERVER_WEBHOOK_SECRET",
                if variable.contains("WEBHOOK") {
                    ""
                } else {
                    WEBHOOK
                },
            )
            .error(None);
        assert!(error.starts_with(&format!("{variable}: ")), "{error}");
        assert!(!error.contains("ter2"), "{error}");
    }
    let given = Given::new();
    let path = given.file("empty", "\n");
    let error = given
        .set("DOKU_SECRET_KEY_FILE", path.to_str().unwrap())
        .error(None);
    assert!(error.starts_with("DOKU_SECRET_KEY_FILE: "), "{error}");
    let both = Given::new()
        .set("DOKU_SERVER_API_KEYS", KEY)
        .set("DOKU_SERVER_API_KEYS_FILE", "x");
    assert!(both.error(None).contains("both set"));
    assert!(matches!(
        Config::from_sources(Some("/nowhere/doku.toml".as_ref()), |_| None),
        Err(ConfigError::File { .. })
    ));
}
