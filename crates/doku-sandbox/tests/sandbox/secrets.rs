//! Planted markers: no secret comes out of the journal, the control plane or a Debug.

use doku_model::Operation;
use doku_sandbox::SandboxConfig;

use crate::support::{MERCHANT, World, create, now, token_request};

#[tokio::test]
async fn never_come_out_again() {
    let world = World::start().await;
    let token = world.token().await;
    let secret = MERCHANT.client_secret();
    let body = create("INV-1").to_string();
    let good = || world.signed(Operation::CreateVa, body.as_bytes(), &token);
    let signature = good().header("X-SIGNATURE").to_owned();
    let token_signature = token_request(&now()).header("X-SIGNATURE").to_owned();

    // Everywhere a careless caller may put them.
    let mut in_query = good();
    in_query
        .target
        .push_str(&format!("?secret={secret}&token={token}"));
    let mut in_path = good();
    in_path.target = format!("/{secret}/{token}");
    let in_body = format!(
        r#"{{"a":"{secret}","b":"{token}","c":"-----BEGIN PRIVATE KEY-----MARKER-----END PRIVATE KEY-----"}}"#
    );
    let calls = [
        good(),
        good().set("X-SIGNATURE", "c2ln"),
        good().set("X-PARTNER-ID", secret),
        good().set("X-TIMESTAMP", secret),
        good().set("X-EXTERNAL-ID", secret),
        good().set("X-MY-SECRET", "MARKER"),
        good().set("Cookie", "MARKER"),
        good().set("Authorization", "Basic MARKER"),
        good().set("Authorization", "Bearer OPAQUE-MARKER"),
        good().set("User-Agent", secret),
        token_request(&now()),
        token_request(&now()).set("X-CLIENT-KEY", secret),
        in_query,
        in_path,
        world.signed(Operation::CreateVa, in_body.as_bytes(), &token),
        world.signed(Operation::UpdateVa, in_body.as_bytes(), "OPAQUE-MARKER"),
    ];
    for call in &calls {
        world.send(call).await.unwrap();
    }
    let jwt_signature = token.rsplit('.').next().unwrap();
    let journal = world.get("/_sandbox/journal").await.text();
    let accounts = world.get("/_sandbox/virtual-accounts").await.text();
    let debug = format!(
        "{:?} {:?} {:?} {:?} {:?}",
        world.running,
        world.sandbox().journal(0),
        *MERCHANT,
        SandboxConfig::for_merchant(&MERCHANT).unwrap(),
        world.sandbox(),
    );
    let private_key = MERCHANT.private_key().to_pkcs8_pem().unwrap();
    let key_line = private_key.lines().nth(3).unwrap();
    for text in [&journal, &accounts, &debug] {
        for marker in [
            secret,
            &token,
            jwt_signature,
            &signature,
            &token_signature,
            "MARKER",
            key_line,
        ] {
            assert!(!text.contains(marker), "{marker} in {text}");
        }
    }
    assert_eq!(world.sandbox().journal(0).len(), calls.len() + 1);
    assert!(journal.contains("[secret]") && journal.contains("[token]"));
}
