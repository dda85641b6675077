//! A merchant with keys in files, and requests that were captured: signed by hand, so that mistakes can be made.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::{fs, io::Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doku::sign::{DokuPrivateKey, MinifiedBody, StringToSign};
use doku::{AccessToken, MerchantPrivateKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::{Digest as _, Sha256, Sha512};
use tempfile::TempDir;

pub(crate) const SECRET: &str = "SK-PENANDA7RAHASIA";
pub(crate) const OLD_SECRET: &str = "SK-PENANDA6KEMARIN";
pub(crate) const TOKEN: &str = "eyJPENANDA8TOKEN.abc";
pub(crate) const OTHER_TOKEN: &str = "eyJPENANDA9LAINNYA.xyz";
pub(crate) const CLIENT: &str = "MCH-0008";
pub(crate) const PATH: &str = "/virtual-accounts/bi-snap-va/v1.1/transfer-va/create-va";
pub(crate) const TOKEN_PATH: &str = "/authorization/v1/access-token/b2b";
pub(crate) const TIME: &str = "2026-09-04T07:00:00+07:00";
/// What a merchant sends, with blanks in a string and a slash.
pub(crate) const BODY: &str = "{\n  \"partnerServiceId\": \"   19008\",\n  \"virtualAccountName\": \"Budi Santoso\",\n  \"amount\": 10000.00,\n  \"url\": \"https://toko.id/a\"\n}";

/// A folder with the merchant's files.
pub(crate) struct Stage {
    pub(crate) folder: TempDir,
    pub(crate) merchant: MerchantPrivateKey,
    pub(crate) doku: DokuPrivateKey,
}

/// Keys take a while to make.
pub(crate) static STAGE: LazyLock<Stage> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    let merchant = MerchantPrivateKey::generate(2048).unwrap();
    let doku = DokuPrivateKey::generate(2048).unwrap();
    let stage = Stage {
        folder,
        merchant,
        doku,
    };
    for (name, text) in [
        ("secret", format!("{SECRET}\n")),
        ("old-secret", OLD_SECRET.to_owned()),
        ("sign-body.json", BODY.to_owned()),
        ("sign-token", format!("{TOKEN}\n")),
        ("other-token", format!("Bearer {OTHER_TOKEN}\n")),
        (
            "private.pem",
            stage.merchant.to_pkcs8_pem().unwrap().to_string(),
        ),
        ("public.pem", stage.merchant.public_key().to_pem().unwrap()),
        ("doku.pem", stage.doku.public_key().to_pem().unwrap()),
    ] {
        fs::write(stage.file(name), text).unwrap();
    }
    stage
});

/// How a run ended, and what it printed.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.stdout.lines().count(), 1, "{self:?}");
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// The names of the causes that were found.
    #[track_caller]
    pub(crate) fn causes(&self) -> Vec<String> {
        let json = self.json();
        let findings = json["findings"].as_array().unwrap();
        let cause = |finding: &Value| {
            assert_eq!(finding["proven"], true, "{self:?}");
            finding["cause"].as_str().unwrap().to_owned()
        };
        findings.iter().map(cause).collect()
    }

    /// Nothing secret was printed.
    #[track_caller]
    pub(crate) fn keeps_secrets(&self) {
        for secret in [SECRET, OLD_SECRET, TOKEN, OTHER_TOKEN, "PRIVATE KEY"] {
            assert!(
                !self.stdout.contains(secret) && !self.stderr.contains(secret),
                "{self:?}"
            );
        }
    }
}

/// `doku` in the folder of the stage, with no environment.
pub(crate) fn bare(arguments: &[&str], environment: &[(&str, &str)], stdin: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_doku"))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .current_dir(STAGE.folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may be gone before it is written.
    let _unread = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// `doku` with every key of the stage.
pub(crate) fn doku(arguments: &[&str], stdin: &str) -> Run {
    let environment = [
        ("DOKU_CLIENT_ID", CLIENT),
        ("DOKU_SECRET_KEY_FILE", "secret"),
        ("DOKU_PRIVATE_KEY_FILE", "private.pem"),
        ("DOKU_PUBLIC_KEY_FILE", "doku.pem"),
    ];
    let run = bare(arguments, &environment, stdin);
    run.keeps_secrets();
    run
}

impl Stage {
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Checks a snapshot, with what differs each time taken out.
pub(crate) fn snapshot(name: &str, run: &Run) {
    let text = format!(
        "exit code: {}\n----- stdout -----\n{}----- stderr -----\n{}",
        run.code, run.stdout, run.stderr
    );
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(r"\(os error \d+\)", "(os error [N])");
    settings.add_filter(r"127\.0\.0\.1:\d+", "127.0.0.1:[PORT]");
    settings.add_filter(r"\b[0-9a-f]{16}\b", "[FINGERPRINT]");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

pub(crate) fn sha256(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

pub(crate) fn hmac512(secret: &str, text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

pub(crate) fn hmac256(secret: &str, text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(crate) fn compact() -> String {
    String::from_utf8(MinifiedBody::of(BODY.as_bytes()).as_bytes().to_vec()).unwrap()
}

/// What goes into the string-to-sign of a transaction, all of it right until it is changed.
pub(crate) struct Signed {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) token: String,
    pub(crate) hash: String,
    pub(crate) time: String,
}

impl Signed {
    pub(crate) fn right() -> Self {
        Self {
            method: "POST".to_owned(),
            path: PATH.to_owned(),
            token: TOKEN.to_owned(),
            hash: sha256(&compact()),
            time: TIME.to_owned(),
        }
    }

    pub(crate) fn text(&self) -> String {
        let Self {
            method,
            path,
            token,
            hash,
            time,
        } = self;
        format!("{method}:{path}:{token}:{hash}:{time}")
    }
}

/// The right signature but for one change of the text.
pub(crate) fn but(change: impl FnOnce(&mut Signed)) -> String {
    let mut signed = Signed::right();
    change(&mut signed);
    base64(&hmac512(SECRET, &signed.text()))
}

/// The headers of a transaction.
fn headers(signature: &str) -> Vec<(&'static str, String)> {
    vec![
        ("Content-Type", "application/json".to_owned()),
        ("Authorization", format!("Bearer {TOKEN}")),
        ("X-PARTNER-ID", CLIENT.to_owned()),
        ("X-EXTERNAL-ID", "418075533589".to_owned()),
        ("X-TIMESTAMP", TIME.to_owned()),
        ("CHANNEL-ID", "H2H".to_owned()),
        ("X-SIGNATURE", signature.to_owned()),
    ]
}

/// A transaction with this signature, as raw HTTP.
pub(crate) fn raw(signature: &str) -> String {
    let mut text = format!("POST {PATH} HTTP/1.1\r\nHost: api-sandbox.doku.com\r\n");
    for (name, value) in headers(signature) {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    format!("{text}Content-Length: {}\r\n\r\n{BODY}\n", BODY.len())
}

/// The same as a command line.
pub(crate) fn curl(signature: &str) -> String {
    let mut text = format!("curl -X POST 'https://api-sandbox.doku.com{PATH}' \\\n");
    for (name, value) in headers(signature) {
        text.push_str(&format!("  -H '{name}: {value}' \\\n"));
    }
    format!("{text}  --data-raw '{BODY}'\n")
}

/// The same as a HAR file, among the rest of a page.
pub(crate) fn har(signature: &str) -> String {
    let headers: Vec<Value> = headers(signature)
        .into_iter()
        .map(|(name, value)| serde_json::json!({"name": name, "value": value}))
        .collect();
    serde_json::json!({"log": {"version": "1.2", "entries": [
        {"request": {"method": "GET", "url": "https://toko.example/", "headers": []}},
        {"request": {"method": "POST", "url": format!("https://api-sandbox.doku.com{PATH}"),
            "headers": headers, "postData": {"mimeType": "application/json", "text": BODY}}},
    ]}})
    .to_string()
}

/// A token request of the merchant, or of DOKU to a shop.
pub(crate) fn token_request(host: &str, signature: &str) -> String {
    format!(
        "POST {TOKEN_PATH} HTTP/1.1\nHost: {host}\nContent-Type: application/json\nX-CLIENT-KEY: {CLIENT}\n\
         X-TIMESTAMP: {TIME}\nX-SIGNATURE: {signature}\n\n{{\"grantType\":\"client_credentials\"}}\n"
    )
}

/// The merchant's signature for a token.
pub(crate) fn token_signature() -> String {
    let text = StringToSign::snap_token(CLIENT, TIME);
    STAGE.merchant.sign(&text).unwrap().to_base64()
}

/// The merchant's key over the formula of a transaction.
pub(crate) fn asymmetric_signature() -> String {
    let body = MinifiedBody::of(BODY.as_bytes());
    let text = StringToSign::snap_asymmetric_transaction("POST", PATH, &body, TIME);
    STAGE.merchant.sign(&text).unwrap().to_base64()
}

/// The right signature of the transaction, by the library.
pub(crate) fn library_signature() -> String {
    let secret = doku::ClientSecret::new(SECRET).unwrap();
    let body = MinifiedBody::of(BODY.as_bytes());
    let token = AccessToken::new(TOKEN);
    let text = StringToSign::snap_transaction("POST", PATH, &token, &body, TIME);
    secret.sign(&text).to_base64()
}
