//! A merchant that is away: nobody answers the notification, the page says when it is sent again, and sends it.

use crate::browser::Browser;
use crate::local::{Local, ask};

#[tokio::test]
async fn a_notification_that_fails_is_seen_to_wait_and_is_sent_again() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let mut local = Local::open();
    let number = local.created("INV-1");
    let ended = local.server.end("TERM");
    assert_eq!(ended.code, 0, "{ended:?}");

    browser.goto(&local.page("/teller")).await;
    ask(&browser, &number).await;
    browser.click("#pay-button").await;
    assert_eq!(
        browser.text("#receipt-told").await,
        "The merchant has not acknowledged the notification."
    );
    assert!(browser.text("#receipt").await.contains("next attempt"));
    browser.goto(&local.page("/notifications")).await;
    assert_eq!(
        browser.text("#notification-1 .badge").await,
        "not acknowledged"
    );
    let left = "#notification-1 [data-ends]";
    let wait = browser.text(left).await;
    assert!(wait.starts_with("29:") || wait == "30:00", "{wait}");

    // Half an hour later DOKU tries again by itself, and then in some hours.
    browser.goto(&local.page("/clock")).await;
    browser.click("#forward-30").await;
    assert_eq!(browser.text("#moved").await, "30 min");
    browser.goto(&local.page("/notifications")).await;
    browser.click("#attempts-summary-1").await;
    let attempts = browser.texts("#attempts-1 li").await;
    assert_eq!(attempts.len(), 2, "{attempts:?}");
    assert!(attempts[1].contains("scheduled retry"), "{attempts:?}");
    assert!(attempts[1].contains("no answer"), "{attempts:?}");
    let later = browser.text(left).await;
    assert!(
        later.contains(':') && later.len() >= "1:00:00".len(),
        "{later}"
    );

    // The merchant comes back, and the button finds it.
    local.server = local.server.begin();
    browser.click("#resend-1").await;
    browser
        .until("document.querySelector('#notification-1 .badge').innerText === 'acknowledged'")
        .await;
    browser.element("#attempts-1 li:nth-child(3)").await;
    browser.click("#attempts-summary-1").await;
    let attempts = browser.texts("#attempts-1 li").await;
    assert_eq!(attempts.len(), 3, "{attempts:?}");
    assert!(attempts[2].contains("sent again by hand"), "{attempts:?}");
    assert!(attempts[2].contains("2002500"), "{attempts:?}");
    assert_eq!(browser.count(left).await, 0);
}

#[tokio::test]
async fn a_sandbox_that_is_gone_is_told() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let local = Local::open();
    browser.goto(&local.page("/")).await;
    assert!(browser.text("#live-state").await.starts_with("Live"));
    drop(local);
    browser
        .until("document.getElementById('live-state').className === 'lost'")
        .await;
    assert!(
        browser
            .text("#live-state")
            .await
            .starts_with("The sandbox does not answer")
    );
}
