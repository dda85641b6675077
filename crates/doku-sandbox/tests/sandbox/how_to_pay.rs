//! The links of how to pay lead somewhere.

use doku_model::Operation;
use doku_model::wire::{self, HowToPay};
use insta::assert_json_snapshot;
use serde_json::json;

use crate::support::{World, changed, create};

/// Path of a link under the public URL.
fn path(data: &serde_json::Value, link: &str) -> String {
    let link = data["additionalInfo"][link].as_str().unwrap();
    link.strip_prefix("https://sandbox.test")
        .unwrap()
        .to_owned()
}

async fn world() -> (World, serde_json::Value) {
    // The clock is fixed to the second it was started, so that dates can be compared.
    let world = World::start().await;
    let members = json!({
        "virtualAccountName": "Budi 'Bos' Santoso",
        "virtualAccountEmail": "a&b@example.id",
        "freeText": [{ "english": "<b>Order</b> 7", "indonesia": "Pesanan 7" }],
    });
    let reply = world
        .call(Operation::CreateVa, &changed(create("INV-<1>"), members))
        .await;
    assert_eq!(reply.code(), "2002700", "{}", reply.text());
    let data = reply.json()["virtualAccountData"].clone();
    (world, data)
}

#[tokio::test]
async fn a_page_for_people_with_nothing_unescaped() {
    let (world, data) = world().await;
    let reply = world.get(&path(&data, "howToPayPage")).await;
    assert_eq!(reply.status, 200);
    assert!(
        reply
            .header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
    let page = reply.text();
    assert!(page.contains("INV-&#60;1&#62;") && page.contains("Budi &#39;Bos&#39; Santoso"));
    assert!(page.contains("&#60;b&#62;Order&#60;/b&#62; 7"));
    assert!(page.contains(data["virtualAccountNo"].as_str().unwrap().trim()));
    assert!(!page.contains("<b>"));
}

#[tokio::test]
async fn json_for_machines_that_ask_for_it() {
    let (world, data) = world().await;
    let mut call = world
        .signed(Operation::CreateVa, b"", "")
        .set("Accept", "application/json");
    call.method = "GET";
    call.target = path(&data, "howToPayApi");
    let reply = world.send(&call).await.unwrap();
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let read: HowToPay<'_> = wire::decode(&reply.body).unwrap();
    assert_eq!(read.payment_instruction.len(), 4);
    let mut answer = reply.json();
    answer["client"]["id"] = "[client]".into();
    for moment in ["created_date", "expired_in"] {
        assert!(answer["virtual_account_info"][moment].is_string());
        answer["virtual_account_info"][moment] = "[time]".into();
    }
    assert_json_snapshot!("how_to_pay", answer);
}

#[tokio::test]
async fn xml_for_machines_that_do_not() {
    let (world, data) = world().await;
    let reply = world.get(&path(&data, "howToPayApi")).await;
    assert_eq!(reply.header("content-type"), Some("application/xml"));
    let xml = reply.text();
    assert!(xml.starts_with("<HowToPayResponseDto>") && xml.ends_with("</HowToPayResponseDto>"));
    assert!(xml.contains("<invoice_number>INV-&lt;1&gt;</invoice_number>"));
    assert!(xml.contains("<email>a&amp;b@example.id</email>"));
    assert!(xml.contains("<status>PENDING</status>"));
}

#[tokio::test]
async fn not_for_numbers_that_nobody_has() {
    let (world, data) = world().await;
    let api = path(&data, "howToPayApi");
    for target in [
        "/how-to-pay/virtual-account/btn/1234",
        "/how-to-pay/virtual-account/btn/x",
        "/pay-instruction/btn/1234",
        &api.replace("/btn/", "/bca/"),
    ] {
        assert_eq!(world.get(target).await.status, 404, "{target}");
    }
}
