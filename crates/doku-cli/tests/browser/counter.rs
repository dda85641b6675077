//! A developer with a fresh local DOKU: where to begin, a bill at the bank's counter, and who is told of it.

use serde_json::json;
use thirtyfour::prelude::Key;

use crate::browser::{Browser, Screen};
use crate::local::{Local, ask};

const STAYS: &str = "window.stays = true";

#[tokio::test]
async fn a_bill_is_created_paid_and_told_of_while_the_page_follows() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let local = Local::open();
    browser.goto(&local.page("/")).await;
    assert_eq!(
        browser.text("#base-url").await,
        local.server.sandbox.base_url()
    );
    // Somebody who has never seen it is told what to paste.
    let lines = browser.text("#lines").await;
    assert!(
        lines.starts_with("export DOKU_ENVIRONMENT=http://127.0.0.1:"),
        "{lines}"
    );
    let first = browser.text("#first").await;
    assert!(first.starts_with("doku va create "), "{first}");
    assert_eq!(browser.texts("p.empty").await.len(), 4);
    browser.allow_clipboard(&local.page("/")).await;
    browser.click("[data-copy=first]").await;
    browser
        .until("document.getElementById('said').innerText === 'Copied.'")
        .await;
    let copied = browser.promised("navigator.clipboard.readText()").await;
    assert_eq!(copied, json!(first));

    browser.run(STAYS).await;
    let number = local.created("INV-1");
    let row = browser.text("#account-1").await;
    assert!(
        row.contains("Budi Santoso") && row.contains("Rp11.500"),
        "{row}"
    );
    browser
        .until("document.querySelectorAll('#journal li.inbound').length === 2")
        .await;
    assert_eq!(browser.run("return window.stays").await, true);
    assert_eq!(browser.run("return document.title").await, "Local DOKU");

    ask(&browser, &number).await;
    let shown = browser.text("#screen-number").await;
    assert_eq!(shown.replace(' ', ""), number);
    assert_eq!(browser.text("#screen-name").await, "Budi Santoso");
    assert_eq!(browser.text("#screen-amount").await, "Rp11.500");
    browser.click("#pay-button").await;
    assert_eq!(browser.text("#receipt-amount").await, "Rp11.500");
    assert_eq!(
        browser.text("#receipt-told").await,
        "The merchant was told, and acknowledged it."
    );

    // The next one is paid elsewhere, while somebody looks.
    let number = local.created("INV-2");
    browser.goto(&local.page("/")).await;
    browser.run(STAYS).await;
    assert_eq!(browser.count("#notification-2").await, 0);
    let told = local.server.pay(&number, "11500.00");
    assert_eq!(told["notification"]["acknowledged"], true, "{told}");
    assert_eq!(browser.text("#notification-2 .badge").await, "acknowledged");
    let last = local.last_entry();
    let row = browser.text(&format!("#entry-summary-{last}")).await;
    assert!(
        row.contains("DOKU → merchant") && row.contains("2002500"),
        "{row}"
    );
    browser
        .until("document.querySelector('#account-2 .badge').innerText === 'paid'")
        .await;
    browser.picture("sandbox-desktop-en").await;
    assert_eq!(browser.run("return window.stays").await, true);
}

#[tokio::test]
async fn a_refused_signature_shows_both_texts_and_an_open_row_stays_open() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let local = Local::open();
    let number = local.created("INV-1");
    let told = local.server.pay(&number, "11500.00");
    assert_eq!(told["notification"]["acknowledged"], true, "{told}");
    browser.goto(&local.page("/")).await;
    let entry = local.signed_wrongly().await;
    let row = format!("#entry-{entry}");
    browser.click(&format!("#entry-summary-{entry}")).await;
    let cause = browser.text(&format!("{row} .signature dd strong")).await;
    assert!(!cause.is_empty());
    let expected = browser.text(&format!("{row} pre.expected")).await;
    let presented = browser.text(&format!("{row} pre.presented")).await;
    assert!(
        expected.starts_with("POST:/virtual-accounts/"),
        "{expected}"
    );
    assert_ne!(expected, presented);
    let differs = |text: &str, of: &str| text.replacen(of, "", 1);
    let marks = browser.texts(&format!("{row} mark")).await;
    assert_eq!(marks.len(), 2, "{marks:?}");
    assert_eq!(
        differs(&expected, &marks[0]),
        differs(&presented, &marks[1]),
        "the rest is the same"
    );

    // What happens meanwhile neither closes it nor takes the focus away.
    browser
        .run(&format!(
            "document.getElementById('entry-summary-{entry}').focus()"
        ))
        .await;
    local.created("INV-2");
    let last = local.last_entry();
    browser.element(&format!("#entry-summary-{last}")).await;
    let open = format!("document.getElementById('entry-{entry}').open");
    assert_eq!(browser.run(&format!("return {open}")).await, true);
    let focused = browser.run("return document.activeElement.id").await;
    assert_eq!(focused, format!("entry-summary-{entry}"));

    browser.click(&format!("#entry-link-{entry}")).await;
    assert_eq!(
        browser.text("#entry-title").await,
        format!("Journal entry {entry}")
    );
    let again = browser.text("pre.expected").await;
    assert_eq!(again, expected);
    browser
        .picture_of(".signature", "sandbox-signature-en")
        .await;
}

#[tokio::test]
async fn without_a_mouse_a_number_is_typed_and_paid() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let local = Local::open();
    let number = local.created("INV-1");
    browser.goto(&local.page_in("/teller", "id")).await;
    let mut reached = false;
    for _ in 0..20 {
        browser.press(Key::Tab).await;
        let on = browser.run("return document.activeElement.id").await;
        if on == "number" {
            reached = true;
            break;
        }
    }
    assert!(reached, "the number is reached by Tab");
    browser.type_in(&number).await;
    let typed = browser.run("return document.activeElement.value").await;
    assert_eq!(typed, json!(number));
    browser.press(Key::Enter).await;
    assert_eq!(browser.text("#screen-name").await, "Budi Santoso");
    // The focus is on the screen, where an Enter that is held down pays nothing; the amount is next.
    let on = "return document.activeElement.id";
    browser
        .until("document.activeElement.id === 'screen-title'")
        .await;
    browser.press(Key::Enter).await;
    browser.press(Key::Tab).await;
    assert_eq!(browser.run(on).await, "amount");
    let amount = browser.run("return document.activeElement.value").await;
    assert_eq!(amount, "11.500");
    let outline = browser
        .run("return getComputedStyle(document.activeElement).outlineStyle")
        .await;
    assert_eq!(outline, "solid");
    browser.press(Key::Enter).await;
    assert_eq!(browser.text("#receipt-amount").await, "Rp11.500");
    browser
        .until("document.activeElement.id === 'receipt-title'")
        .await;
    assert_eq!(local.notifications().len(), 1);
}

#[tokio::test]
async fn who_clicks_twice_pays_once_and_sees_the_receipt() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let local = Local::open();
    let number = local.created("INV-1");
    browser.goto(&local.page("/teller")).await;
    ask(&browser, &number).await;
    browser.element("#pay-button").await;
    browser
        .run("const pay = document.getElementById('pay-button'); pay.click(); pay.click();")
        .await;
    assert_eq!(browser.text("#receipt-amount").await, "Rp11.500");
    // Whoever goes back and asks again may send the form again, and is told.
    browser.run("history.back()").await;
    browser.click("#pay-button").await;
    let refused = browser.text("#refusal .big").await;
    assert_eq!(refused, "It was paid already, and may be paid only once.");
}

#[tokio::test]
async fn without_scripts_everything_works_by_forms_and_links() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let local = Local::open();
    let number = local.created("INV-1");
    browser.scripts(false).await;
    browser.on(Screen::Phone).await;
    browser.goto(&local.page_in("/", "id")).await;
    // What only a script can do is not offered or claimed.
    for scripted in ["[data-copy=lines]", "#live-state"] {
        let element = browser.element(scripted).await;
        assert!(!element.is_displayed().await.unwrap(), "{scripted}");
    }
    ask(&browser, &number).await;
    assert_eq!(browser.text("#screen-name").await, "Budi Santoso");
    browser.picture("sandbox-phone-id").await;
    browser.click("#pay-button").await;
    assert_eq!(
        browser.text("#receipt-told").await,
        "Merchant sudah diberi tahu dan mengonfirmasi."
    );
    browser.click("nav.sections a[href='/notifications']").await;
    assert_eq!(browser.text("#notification-1 .badge").await, "dikonfirmasi");
    browser.click("#resend-1").await;
    browser.element("#attempts-1 li:nth-child(2)").await;
    browser.click("#attempts-summary-1").await;
    let attempts = browser.texts("#attempts-1 li").await;
    assert_eq!(attempts.len(), 2, "{attempts:?}");
    assert!(attempts[1].contains("dikirim lagi"), "{attempts:?}");

    browser.click("nav.sections a[href='/faults']").await;
    browser.element("#faults .empty").await;
    browser.click("#order-button").await;
    assert!(browser.text("#faults li").await.contains("dropAfter"));
    browser.click("#clear-faults").await;
    browser.element("#faults .empty").await;
    browser.click("nav.sections a[href='/clock']").await;
    browser.click("#forward-60").await;
    assert_eq!(browser.text("#moved").await, "1 jam 0 mnt");
    browser.click("#set-back").await;
    browser.element("#clock .live:not(:has(#moved))").await;
}
