//! The payment page, in every state.

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doku_ledger::intent::Begun;
use doku_model::{Bill, Operation};
use doku_sandbox::{Fault, FaultKind};
use doku_server::{Language, ShownName};
use doku_transport::ReqwestTransport;
use doku_va_btn::{Client, CreateVa};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{Page, World, dgpc, dipc, doku_at, merchant};

fn path(account: &Value) -> String {
    format!("/pay/{}", account["publicId"].as_str().unwrap())
}

/// What stands between two tags.
fn within<'t>(text: &'t str, tag: &str) -> Vec<&'t str> {
    text.split(&format!("<{tag}>"))
        .skip(1)
        .map(|rest| rest.split(&format!("</{tag}>")).next().unwrap())
        .collect()
}

fn holds_to_its_policy(page: &Page) {
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    for tag in ["style", "script"] {
        let found = within(&page.text, tag);
        for text in &found {
            let hash = STANDARD.encode(Sha256::digest(text));
            assert!(
                policy.contains(&format!("{tag}-src 'sha256-{hash}'")),
                "{tag}"
            );
        }
        assert_eq!(
            page.text.matches(&format!("<{tag}")).count(),
            found.len(),
            "{tag} with attributes"
        );
    }
    // Nothing is loaded, no event is handled and no style is set in an attribute.
    for loads in [
        " src=",
        "<link rel=\"stylesheet",
        "@import",
        "url(",
        " style=",
        " onclick",
        " onload",
        "javascript:",
    ] {
        assert!(!page.text.contains(loads), "{loads}");
    }
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(page.headers[name], value, "{name}");
    }
    assert!(
        page.headers["x-robots-tag"]
            .to_str()
            .unwrap()
            .contains("noindex")
    );
    assert!(
        page.text
            .contains(r#"<meta name="robots" content="noindex, nofollow">"#)
    );
}

#[tokio::test]
async fn a_customer_sees_how_to_pay_and_then_that_it_was_paid() {
    let world = World::with(|config| config.merchant("Toko <b>Maju</b>")).await;
    let mut order = dgpc("INV-1");
    order["email"] = json!("budi@example.com");
    order["phone"] = json!("6281234567890");
    order["expiredDate"] = json!("2099-12-31T23:59:59+07:00");
    let account = world.caller.post("/v1/virtual-accounts", &order).await.json;
    let pay_url = account["payUrl"].as_str().unwrap();
    assert_eq!(
        pay_url,
        format!("http://{}{}", world.server.address(), path(&account))
    );

    let page = world.page(&path(&account), &[]).await;
    assert_eq!(page.status, 200);
    holds_to_its_policy(&page);
    let number = account["number"].as_str().unwrap();
    let grouped = account["numberGrouped"].as_str().unwrap();
    for shown in [
        r#"<html lang="id">"#,
        grouped,
        &format!(r#"data-copy="{number}""#),
        "Rp11.500",
        "31 Desember 2099, 23.59 WIB",
        r#"datetime="2099-12-31T16:59:59Z""#,
        "Silakan bayar",
        "ATM BTN",
        "Mobile banking BTN",
        "Internet banking BTN",
        "B*** S***",
        "INV-1",
        "Toko &#60;b&#62;Maju",
        r#"<meta http-equiv="refresh""#,
        r#"href="?lang=en""#,
    ] {
        assert!(
            page.text.contains(shown),
            "{shown} is not in\n{}",
            page.text
        );
    }
    for hidden in ["Budi", "Santoso", "example.com", "6281234567890", "<b>Maju"] {
        assert!(!page.text.contains(hidden), "{hidden}");
    }
    let english = world
        .page(&format!("{}?lang=en", path(&account)), &[])
        .await;
    assert!(english.text.contains(r#"<html lang="en">"#) && english.text.contains("Please pay"));
    let english = world
        .page(&path(&account), &[("accept-language", "en-GB, id;q=0.5")])
        .await;
    assert!(english.text.contains("31 December 2099, 23:59 WIB"));

    // The script asks for the version.
    let json = [("accept", "application/json")];
    let before = world.page(&path(&account), &json).await;
    assert_eq!(before.headers["content-type"], "application/json");
    let before: Value = serde_json::from_str(&before.text).unwrap();
    let shown = format!(r#"data-version="{}""#, before["version"].as_str().unwrap());
    assert!(page.text.contains(&shown), "{shown}");

    assert!(world.pay(number, "11500.00").await);
    let after = world.page(&path(&account), &json).await;
    assert_ne!(serde_json::from_str::<Value>(&after.text).unwrap(), before);
    let paid = world.page(&path(&account), &[]).await;
    holds_to_its_policy(&paid);
    assert!(paid.text.contains("Sudah dibayar") && paid.text.contains("Rp11.500"));
    for gone in [grouped, "http-equiv=\"refresh\"", "ATM BTN"] {
        assert!(!paid.text.contains(gone), "{gone}");
    }
}

#[tokio::test]
async fn every_state_has_its_page() {
    let world = World::open().await;
    let mut seen = BTreeSet::new();
    let mut look = async |account: &Value, state: &str, headline: &str| {
        let page = world.page(&path(account), &[]).await;
        assert_eq!(page.status, 200);
        holds_to_its_policy(&page);
        assert!(
            page.text.contains(&format!("class=\"state {state}\"")),
            "{state}\n{}",
            page.text
        );
        assert!(page.text.contains(headline), "{headline}");
        let number = account["numberGrouped"].as_str().unwrap_or("no number");
        assert_eq!(page.text.contains(number), state == "active", "{state}");
        seen.insert(state.to_owned());
    };
    let active = world.order("INV-1").await;
    look(&active, "active", "Silakan bayar").await;
    world
        .caller
        .patch("/v1/virtual-accounts/INV-1", &json!({ "active": false }))
        .await;
    look(&active, "inactive", "tidak aktif").await;
    world.caller.delete("/v1/virtual-accounts/INV-1").await;
    look(&active, "deleted", "dibatalkan").await;

    let lost = Fault::once(FaultKind::DropAfter).on(Operation::CreateVa);
    world.bank().fault(lost).unwrap();
    let unknown = world
        .caller
        .post("/v1/virtual-accounts", &dgpc("INV-2"))
        .await;
    assert_eq!(unknown.status, 202);
    look(&unknown.json, "unknown", "sedang diperiksa").await;

    let mut over = dipc("INV-3", "3");
    over["expiredDate"] = json!("2020-01-01T00:00:00+07:00");
    let over = world.caller.post("/v1/virtual-accounts", &over).await.json;
    look(&over, "expired", "Waktu pembayaran habis").await;

    let mut refused = dgpc("INV-4");
    refused["partnerServiceId"] = json!("12345");
    world.caller.post("/v1/virtual-accounts", &refused).await;
    let refused = world.caller.get("/v1/virtual-accounts/INV-4").await.json;
    look(&refused, "refused", "tidak dapat dibuat").await;

    // Begun and not sent yet.
    let config = doku_at(world.sandbox.base_url(), merchant());
    let client = Client::new(config, Arc::new(ReqwestTransport::new())).unwrap();
    let bill = Bill::Closed("11500.00".parse().unwrap());
    let order = CreateVa::doku_generated("INV-5".parse().unwrap(), "Budi".parse().unwrap(), bill);
    let prepared = client.prepare(&order).unwrap();
    let begun = world
        .server
        .ledger()
        .begin_create(prepared, None)
        .await
        .unwrap();
    assert!(matches!(begun, Begun::New(_)));
    let creating = world.caller.get("/v1/virtual-accounts/INV-5").await.json;
    look(&creating, "creating", "sedang disiapkan").await;

    let paid = world
        .caller
        .post("/v1/virtual-accounts", &dipc("INV-6", "6"))
        .await
        .json;
    assert!(
        world
            .pay(paid["number"].as_str().unwrap(), "25000.00")
            .await
    );
    look(&paid, "paid", "Sudah dibayar").await;
    assert_eq!(seen.len(), doku_ledger::account::State::ALL.len());
}

#[tokio::test]
async fn a_number_that_may_be_paid_again_says_what_has_come() {
    let world =
        World::with(|config| config.shown_name(ShownName::Full).language(Language::En)).await;
    let mut order = dipc("INV-1", "1");
    order["reusable"] = json!(true);
    order["bill"] = json!({ "type": "open", "limits": { "min": "10000.00" } });
    let account = world.caller.post("/v1/virtual-accounts", &order).await.json;
    let page = world.page(&path(&account), &[]).await;
    for shown in ["As you choose", "at least Rp10.000", "Siti Aminah"] {
        assert!(page.text.contains(shown), "{shown}");
    }
    assert!(
        world
            .pay(account["number"].as_str().unwrap(), "15000.00")
            .await
    );
    let page = world.page(&path(&account), &[]).await;
    for shown in [
        "Payment received",
        "Rp15.000",
        account["numberGrouped"].as_str().unwrap(),
    ] {
        assert!(page.text.contains(shown), "{shown}");
    }
}

#[tokio::test]
async fn an_order_named_like_markup_is_text() {
    let world = World::with(|config| config.shown_name(ShownName::Hidden)).await;
    let trx_id = r#""><script>alert(1)</script>"#;
    let mut order = dipc("INV-1", "1");
    order["trxId"] = json!(trx_id);
    let account = world.caller.post("/v1/virtual-accounts", &order).await.json;
    let page = world.page(&path(&account), &[]).await;
    holds_to_its_policy(&page);
    assert!(!page.text.contains("<script>alert"));
    assert!(!page.text.contains("S***"));
}

#[tokio::test]
async fn nobody_finds_a_page_by_guessing() {
    let world = World::open().await;
    world.order("INV-1").await;
    for path in [
        "/pay/INV-1",
        "/pay/0123456789abcdefghjkmnpqrs",
        "/pay/%ff",
        "/pay/..%2f..%2fetc%2fpasswd",
    ] {
        let page = world.page(path, &[]).await;
        assert_eq!(page.status, 404, "{path}");
        holds_to_its_policy(&page);
        assert!(page.text.contains("Halaman tidak ditemukan"));
    }
    world.server.ledger().close().await;
    let page = world.page("/pay/0123456789abcdefghjkmnpqrs", &[]).await;
    assert_eq!(page.status, 503);
    holds_to_its_policy(&page);
}
