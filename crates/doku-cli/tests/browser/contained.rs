//! What a page may do: nothing leaves its origin, and nothing runs in it that is not its own.

use serde_json::{Value, json};

use crate::browser::{Browser, Screen};
use crate::local::{Local, ask};
use crate::shop::Shop;

#[tokio::test]
async fn no_request_leaves_the_origin_and_no_policy_is_broken() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let shop = Shop::open();
    let account = shop.order("INV-1", &json!({}));
    let origin = account.page.split_once("/pay/").unwrap().0.to_owned();
    browser.on(Screen::Phone).await;
    browser.requests().await;
    browser.goto(&account.page).await;
    browser.goto(&format!("{}?lang=en", account.page)).await;
    browser.click(".copy").await;
    shop.pay(&account, "11500.00");
    browser.element(".state.paid").await;
    browser.goto(&format!("{origin}/pay/nobody")).await;

    let asked = browser.requests().await;
    assert!(asked.len() >= 4, "{asked:?}");
    for url in &asked {
        // The icon is in the page itself.
        let within = url.starts_with(&format!("{origin}/pay/")) || url == "data:,";
        assert!(within, "{url}");
    }
    let said = browser.console().await;
    // A page that nobody has is told as an error by the browser itself.
    let odd: Vec<&String> = said
        .iter()
        .filter(|line| !line.contains("/pay/nobody") || !line.contains("404"))
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
}

#[tokio::test]
async fn no_request_of_the_sandbox_leaves_its_origin_and_no_policy_is_broken() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let local = Local::open();
    let origin = local.server.sandbox.base_url().to_owned();
    let number = local.created("INV-1");
    let entry = local.signed_wrongly().await;
    browser.requests().await;
    for path in [
        "/",
        "/accounts",
        "/accounts/1",
        "/journal",
        &format!("/journal/{entry}"),
        "/notifications",
        "/faults",
        "/clock",
        "/teller",
    ] {
        browser.goto(&local.page(path)).await;
    }
    ask(&browser, &number).await;
    browser.click("#pay-button").await;
    browser.element("#receipt").await;
    browser.goto(&local.page("/")).await;
    local.created("INV-2");
    browser.element("#account-2").await;

    let asked = browser.requests().await;
    assert!(asked.len() >= 20, "{asked:?}");
    for url in &asked {
        let within = url.starts_with(&format!("{origin}/")) || url == "data:,";
        assert!(within, "{url}");
    }
    let said = browser.console().await;
    assert!(said.is_empty(), "{said:?}");
    nothing_runs_or_calls(&browser).await;
    assert_eq!(browser.text("#base-url").await, origin);
}

#[tokio::test]
async fn what_is_put_into_the_page_neither_runs_nor_calls() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let shop = Shop::open();
    let account = shop.order("INV-1", &json!({}));
    browser.goto(&account.page).await;
    nothing_runs_or_calls(&browser).await;
    assert_eq!(browser.text("#number").await, account.grouped);
}

/// Puts scripts, pictures, styles and forms into the page that is open, and sees each of them stopped.
async fn nothing_runs_or_calls(browser: &Browser) {
    browser
        .run(
            "window.broken = [];
             document.addEventListener('securitypolicyviolation',
                 (event) => window.broken.push(event.effectiveDirective));
             const script = document.createElement('script');
             script.textContent = 'window.ran = true';
             document.body.append(script);
             const image = document.createElement('img');
             image.src = 'http://127.0.0.1:9/pixel.png';
             document.body.append(image);
             const style = document.createElement('style');
             style.textContent = 'body { display: none }';
             document.head.append(style);
             const form = document.createElement('form');
             form.action = 'http://127.0.0.1:9/';
             document.body.append(form);
             form.submit();",
        )
        .await;
    let sent = browser.promised("fetch('http://127.0.0.1:9/')").await;
    assert!(sent.as_str().unwrap().starts_with("failed: "), "{sent}");
    browser.until("window.broken.length >= 5").await;
    let mut broken: Vec<String> = browser
        .run("return window.broken")
        .await
        .as_array()
        .unwrap()
        .iter()
        .map(|directive| directive.as_str().unwrap().to_owned())
        .collect();
    broken.sort_unstable();
    assert_eq!(
        broken,
        [
            "connect-src",
            "form-action",
            "img-src",
            "script-src-elem",
            "style-src-elem"
        ]
    );
    assert_eq!(browser.run("return window.ran ?? null").await, Value::Null);
}
