//! Looking before starting.

use doku_server::{ApiKey, Config, Finding, Server, Severity, Target};
use tokio::net::TcpListener;

use crate::support::{KEY, World, config_at, doku_at, merchant};

fn about<'f>(findings: &'f [Finding], subject: &str) -> &'f Finding {
    findings
        .iter()
        .find(|finding| finding.subject == subject)
        .unwrap_or_else(|| panic!("nothing about {subject}"))
}

#[tokio::test]
async fn what_is_well_is_fine() {
    let world = World::open().await;
    let folder = tempfile::tempdir().unwrap();
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().unwrap();
    let target = Target::new("shop", "https://shop.example/".parse().unwrap(), secret);
    let config = config_at(world.sandbox.base_url(), merchant(), &folder)
        .public_url("https://bayar.example".parse().unwrap())
        .webhook(target);
    let findings = Server::check(&config).await;
    for finding in &findings {
        assert_eq!(finding.severity, Severity::Fine, "{finding}");
        assert!(!finding.to_string().contains(KEY));
    }
    // It changes nothing.
    assert!(!folder.path().join("ledger.sqlite").exists());
    assert!(world.bank().virtual_accounts().is_empty());
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let nowhere = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let own = merchant().private_key().public_key().to_pem().unwrap();
    let mistaken = doku_sign::DokuPublicKey::from_pem(&own).unwrap();
    let doku = doku_at(&format!("http://{nowhere}"), merchant()).with_doku_public_key(mistaken);
    let missing = folder.path().join("no/such/folder/ledger.sqlite");
    let config = Config::new(doku)
        .unwrap()
        .database(missing.display().to_string().parse().unwrap())
        .listen(address)
        .api_listen(address);
    let findings = Server::check(&config).await;
    for subject in ["keys", "doku", "database", "listen", "apiListen"] {
        assert_eq!(
            about(&findings, subject).severity,
            Severity::Problem,
            "{subject}"
        );
    }
    for subject in ["publicUrl", "apiKeys", "webhooks"] {
        assert_eq!(
            about(&findings, subject).severity,
            Severity::Warning,
            "{subject}"
        );
    }
    assert!(
        about(&findings, "apiKeys")
            .message
            .contains("every path under /v1 answers 401"),
    );
    // A file that is no database.
    let file = folder.path().join("text");
    std::fs::write(
        &file,
        "this is no database at all, and long enough to be taken for one".repeat(20),
    )
    .unwrap();
    let config = config
        .database(file.display().to_string().parse().unwrap())
        .api_key(ApiKey::new("a", KEY).unwrap());
    let findings = Server::check(&config).await;
    assert_eq!(about(&findings, "database").severity, Severity::Problem);
    assert_eq!(about(&findings, "apiKeys").severity, Severity::Fine);
}

#[cfg(unix)]
#[tokio::test]
async fn a_secret_that_everybody_may_read_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let files = merchant().write_to(&folder.path().join("keys")).unwrap();
    let keys = folder.path().join("api-keys");
    std::fs::write(&keys, format!("shop={KEY}\n")).unwrap();
    let environment = merchant().environment("http://127.0.0.1:9", &files);
    for (mode, open) in [(0o644, true), (0o640, false), (0o600, false)] {
        std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(mode)).unwrap();
        let config = Config::from_sources(None, |name| match name {
            "DOKU_SERVER_API_KEYS_FILE" => Some(keys.display().to_string()),
            _ => environment
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.to_owned()),
        })
        .unwrap();
        let findings = Server::check(&config).await;
        let told: Vec<&Finding> = findings
            .iter()
            .filter(|finding| finding.subject == "secrets")
            .collect();
        assert_eq!(told.len(), usize::from(open), "{mode:o}: {told:?}");
        for finding in told {
            assert_eq!(finding.severity, Severity::Warning);
            let named = finding.message.contains("DOKU_SERVER_API_KEYS_FILE")
                && finding.message.contains("chmod o-r");
            assert!(named, "{finding}");
        }
    }
}
