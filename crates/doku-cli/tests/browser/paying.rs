//! A customer with a link: reads, copies, and sees that the payment has come.

use serde_json::json;
use thirtyfour::prelude::Key;
use time::Duration;

use crate::browser::{Browser, Screen};
use crate::shop::{NAME, Shop, from_now};

#[tokio::test]
async fn on_a_phone_the_number_is_copied_and_the_page_turns_to_paid_by_itself() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let shop = Shop::open();
    let account = shop.order(
        "INV-2026-0001",
        &json!({ "expiredDate": from_now(Duration::hours(47)) }),
    );
    browser.on(Screen::Phone).await;
    browser.allow_clipboard(&account.page).await;
    browser.goto(&account.page).await;
    assert_eq!(browser.text("h1").await, "Silakan bayar");
    assert_eq!(browser.text(".merchant").await, NAME);
    assert_eq!(browser.text("#number").await, account.grouped);
    assert_eq!(account.grouped.replace(' ', ""), account.number);
    assert!(
        account.grouped.split(' ').all(|group| group.len() <= 4),
        "{}",
        account.grouped
    );
    assert_eq!(browser.text(".amount").await, "Rp11.500");
    assert!(browser.text("time").await.ends_with(" WIB"));

    let left = browser.text(".countdown dd").await;
    assert!(left.starts_with("1 hari 22:"), "{left}");
    let ticked = format!(
        "document.querySelector('.countdown dd').innerText !== {}",
        json!(left)
    );
    browser.until(&ticked).await;
    browser.picture("pay-phone-id").await;

    browser.click(".copy").await;
    browser
        .until("document.getElementById('told').innerText !== ''")
        .await;
    assert_eq!(browser.text("#told").await, "Nomor sudah disalin.");
    let copied = browser.promised("navigator.clipboard.readText()").await;
    assert_eq!(copied, json!(account.number));

    shop.pay(&account, "11500.00");
    browser.element(".state.paid").await;
    assert_eq!(browser.text("h1").await, "Sudah dibayar");
    assert_eq!(browser.text(".amount").await, "Rp11.500");
    assert_eq!(browser.count("#number, .copy, .how").await, 0);
    browser.picture("pay-phone-paid-id").await;
}

#[tokio::test]
async fn at_a_desk_it_is_read_in_two_languages_and_used_without_a_mouse() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let shop = Shop::open();
    let account = shop.order(
        "INV-2026-0002",
        &json!({ "expiredDate": from_now(Duration::hours(47)) }),
    );
    browser.on(Screen::Desktop).await;
    browser.allow_clipboard(&account.page).await;
    browser.goto(&account.page).await;
    assert_eq!(
        browser.run("return document.documentElement.lang").await,
        "id"
    );
    browser.picture("pay-desktop-id").await;
    browser.click("nav a[lang=en]").await;
    browser.element("html[lang=en]").await;
    assert_eq!(browser.text("h1").await, "Please pay");
    assert_eq!(browser.text("#number").await, account.grouped);
    assert_eq!(browser.text(".amount").await, "Rp11.500");
    assert!(browser.text("time").await.ends_with(" WIB (UTC+7)"));
    let title = browser.run("return document.title").await;
    assert_eq!(title, format!("Please pay – {NAME}"));

    // Every way to pay is there; one is open, and the others open with a key.
    let ways = browser.texts("summary").await;
    assert_eq!(
        ways,
        ["BTN ATM", "BTN mobile banking", "BTN internet banking"]
    );
    assert_eq!(browser.count("details[open]").await, 1);
    browser.picture("pay-desktop-en").await;
    let focused = |what: &str| format!("document.activeElement.matches({})", json!(what));
    let mut walked = Vec::new();
    for _ in 0..20 {
        browser.press(Key::Tab).await;
        let on = browser
            .run("const at = document.activeElement; return at.className || at.localName")
            .await;
        walked.push(on.as_str().unwrap().to_owned());
        if walked.iter().filter(|on| *on == "summary").count() == 2 {
            break;
        }
    }
    // In the order in which it is read: the other language, the number, the ways to pay.
    assert_eq!(walked, ["a", "copy", "summary", "summary"]);
    browser.press(Key::Enter).await;
    browser
        .until("document.querySelectorAll('details')[1].open")
        .await;
    let visible = browser.text("details:nth-of-type(2) li").await;
    assert!(!visible.is_empty());
    browser
        .run("document.querySelector('summary').focus()")
        .await;
    browser.back_by_key().await;
    browser.until(&focused(".copy")).await;
    // Whoever tabs sees where they are.
    let outline = browser
        .run("return getComputedStyle(document.activeElement).outlineStyle")
        .await;
    assert_eq!(outline, "solid");
    browser.press(Key::Enter).await;
    browser
        .until("document.getElementById('told').innerText !== ''")
        .await;
    assert_eq!(browser.text("#told").await, "The number was copied.");
    let copied = browser.promised("navigator.clipboard.readText()").await;
    assert_eq!(copied, json!(account.number));

    // The language stays when the page turns.
    shop.pay(&account, "11500.00");
    browser.element(".state.paid").await;
    assert_eq!(browser.text("h1").await, "Paid");
    browser.picture("pay-desktop-paid-en").await;
}

#[tokio::test]
async fn where_the_clipboard_is_closed_the_number_is_marked_to_be_copied_by_hand() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let shop = Shop::open();
    let account = shop.order("INV-1", &json!({}));
    browser.goto(&account.page).await;
    // As on a page without TLS, which has no clipboard.
    browser
        .run("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        .await;
    browser.click(".copy").await;
    browser
        .until("document.getElementById('told').innerText !== ''")
        .await;
    assert!(
        browser
            .text("#told")
            .await
            .starts_with("Nomor sudah ditandai")
    );
    let marked = browser.run("return getSelection().toString().trim()").await;
    assert_eq!(marked, json!(account.grouped));
}
