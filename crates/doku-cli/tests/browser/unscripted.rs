//! A browser that runs no scripts.

use serde_json::json;

use crate::browser::{Browser, Screen};
use crate::shop::Shop;

#[tokio::test]
async fn without_scripts_all_is_shown_and_the_page_still_turns_to_paid() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let shop = Shop::open();
    let account = shop.order("INV-1", &json!({}));
    browser.scripts(false).await;
    browser.on(Screen::Phone).await;
    browser.goto(&account.page).await;
    assert_eq!(browser.text("#number").await, account.grouped);
    assert_eq!(browser.text(".amount").await, "Rp11.500");
    assert!(browser.text("time").await.starts_with("31 Desember 2099"));
    assert_eq!(browser.texts("summary").await.len(), 3);
    // What only a script can do is not offered.
    for scripted in [".copy", ".countdown"] {
        let element = browser.element(scripted).await;
        assert!(!element.is_displayed().await.unwrap(), "{scripted}");
    }
    shop.pay(&account, "11500.00");
    browser.element(".state.paid").await;
    assert_eq!(browser.text("h1").await, "Sudah dibayar");
}
