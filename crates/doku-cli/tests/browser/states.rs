//! Pages of accounts that are over, of open bills, and of nobody.

use serde_json::json;
use time::Duration;

use crate::browser::{Browser, Screen};
use crate::shop::{Shop, from_now};

#[tokio::test]
async fn what_ends_while_somebody_looks_is_seen_to_end() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let shop = Shop::open();
    browser.on(Screen::Phone).await;
    let account = shop.order("INV-1", &json!({}));
    browser.goto(&account.page).await;
    assert_eq!(browser.text("#number").await, account.grouped);
    let (status, told) = shop
        .server
        .api("DELETE", "/v1/virtual-accounts/INV-1", None);
    assert_eq!(status, 200, "{told}");
    browser.element(".state.deleted").await;
    assert_eq!(browser.text("h1").await, "Pembayaran dibatalkan");
    assert_eq!(browser.count("#number, .copy, .how").await, 0);

    let end = from_now(Duration::seconds(4));
    let account = shop.order("INV-2", &json!({ "expiredDate": end }));
    browser.goto(&account.page).await;
    browser.element(".state.expired").await;
    assert_eq!(browser.text("h1").await, "Waktu pembayaran habis");
    assert_eq!(browser.count("#number, .copy, .how").await, 0);
    browser.picture("pay-phone-expired-id").await;

    let nobody = account.page.rsplit_once('/').unwrap().0.to_owned();
    browser
        .goto(&format!("{nobody}/0123456789abcdefghjkmnpqrs"))
        .await;
    assert_eq!(browser.text("h1").await, "Halaman tidak ditemukan");
    assert_eq!(
        browser.run("return document.documentElement.lang").await,
        "id"
    );
}

#[tokio::test]
async fn an_open_bill_says_what_may_be_paid_and_counts_what_came() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let shop = Shop::open();
    let open = json!({
        "bill": { "type": "open", "limits": { "min": "10000.00", "max": "5000000.00" } },
        "reusable": true,
    });
    let account = shop.order("TOPUP-1", &open);
    browser.on(Screen::Phone).await;
    browser.goto(&format!("{}?lang=en", account.page)).await;
    assert_eq!(browser.text(".amount").await, "As you choose");
    let page = browser.text("main").await;
    assert!(page.contains("Rp10.000 – Rp5.000.000"), "{page}");
    // It has no exact amount to pay.
    assert!(!page.contains("exact amount"), "{page}");
    browser.picture("pay-phone-open-en").await;

    shop.pay(&account, "25000.00");
    browser
        .until("document.body.innerText.includes('Rp25.000')")
        .await;
    assert_eq!(browser.text("h1").await, "Payment received");
    // It may be paid again.
    assert_eq!(browser.text("#number").await, account.grouped);
}
