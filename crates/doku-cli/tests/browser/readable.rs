//! Pages that anybody can read: on small screens, in the dark, and by ear.

use serde_json::{Value, json};

use crate::browser::{Browser, Screen};
use crate::local::{Local, ask};
use crate::shop::{Account, Shop};

/// Texts whose contrast with what is behind them is less than WCAG's AA asks for.
const FAINT: &str = r#"
const channel = (value) => { value /= 255; return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4; };
const parsed = (colour) => { const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number); return { r, g, b, a }; };
const luminance = ({ r, g, b }) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = parsed(getComputedStyle(at).backgroundColor);
    if (colour.a === 1) { return colour; }
  }
  return { r: 255, g: 255, b: 255, a: 1 };
};
const faint = [];
let looked = 0;
for (const element of document.querySelectorAll('body *')) {
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
  if (!own || !element.checkVisibility() || ['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(element.tagName)) { continue; }
  looked += 1;
  const style = getComputedStyle(element);
  const [one, other] = [luminance(parsed(style.color)), luminance(behind(element))];
  const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  const large = parseFloat(style.fontSize) >= 24;
  if (ratio < (large ? 3 : 4.5)) { faint.push(element.className + ' ' + element.textContent.trim() + ' ' + ratio.toFixed(2)); }
}
return { faint, looked };
"#;

/// What sticks out to the side, and what is too small to be hit with a thumb.
const CRAMPED: &str = r#"
const width = document.documentElement.clientWidth;
const cramped = [];
if (document.documentElement.scrollWidth > width) { cramped.push('the page is wider than the screen'); }
for (const element of document.querySelectorAll('body *')) {
  if (!element.checkVisibility()) { continue; }
  const box = element.getBoundingClientRect();
  if (box.width > 0 && (box.right > width + 0.5 || box.left < -0.5)) { cramped.push('sticks out: ' + element.outerHTML.slice(0, 80)); }
  if (element.matches('button, nav a, summary') && Math.min(box.width, box.height) < 44) {
    cramped.push('too small: ' + element.outerHTML.slice(0, 80) + ' ' + box.width + 'x' + box.height);
  }
}
for (const button of document.querySelectorAll('button')) {
  const range = document.createRange();
  range.selectNodeContents(button);
  const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
  const box = button.getBoundingClientRect();
  const text = range.getBoundingClientRect();
  if (lines.size > button.textContent.trim().split(/\s+/).length || text.right > box.right || text.left < box.left) { cramped.push('a button too narrow: ' + button.textContent); }
}
for (const row of document.querySelectorAll('.account, summary, .head, .deeds')) {
  const boxes = [...row.children].map((part) => { const range = document.createRange(); range.selectNodeContents(part); return range.getBoundingClientRect(); });
  const one = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  if (boxes.some((box, place) => boxes.slice(place + 1).some((other) => one(box, other)))) { cramped.push('texts overlap: ' + row.textContent.trim().slice(0, 80)); }
}
const number = document.getElementById('number');
if (number) {
  const lines = new Set([...(() => { const range = document.createRange(); range.selectNodeContents(number); return range.getClientRects(); })()].map((box) => Math.round(box.top)));
  if (lines.size > 1) { cramped.push('the number is broken over ' + lines.size + ' lines'); }
}
return cramped;
"#;

async fn is_readable(browser: &Browser, what: &str) {
    let seen = browser.run(FAINT).await;
    assert_eq!(seen["faint"], json!([]), "{what}");
    assert!(seen["looked"].as_u64().unwrap() >= 2, "{what}: {seen}");
    assert_eq!(browser.run(CRAMPED).await, json!([]), "{what}");
}

fn pages(shop: &Shop) -> Vec<Account> {
    let long = "x".repeat(64);
    let open = json!({ "bill": { "type": "open", "limits": { "max": "9999999999999999.99" } } });
    let dear = json!({ "bill": { "type": "closed", "amount": "9999999999999999.99" } });
    let all = vec![
        shop.order("INV-1", &json!({})),
        shop.order(&long, &dear),
        shop.order("TOPUP-1", &open),
        shop.order("INV-2", &json!({})),
        shop.order("INV-3", &json!({})),
    ];
    shop.pay(&all[3], "11500.00");
    let (status, _) = shop
        .server
        .api("DELETE", "/v1/virtual-accounts/INV-3", None);
    assert_eq!(status, 200);
    all
}

#[tokio::test]
async fn on_every_screen_in_both_lights_and_languages() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let shop = Shop::open();
    let mut pages: Vec<String> = pages(&shop)
        .into_iter()
        .map(|account| account.page)
        .collect();
    pages.push(pages[0].replace("/pay/", "/pay/nobody"));
    let mut grounds = Vec::new();
    for dark in [false, true] {
        browser.dark(dark).await;
        for page in &pages {
            for language in ["id", "en"] {
                browser.goto(&format!("{page}?lang={language}")).await;
                for screen in [Screen::Narrow, Screen::Phone, Screen::Desktop] {
                    browser.on(screen).await;
                    let what = format!("{page} {language} {screen:?} dark: {dark}");
                    is_readable(&browser, &what).await;
                }
            }
        }
        let ground = "return getComputedStyle(document.body).backgroundColor";
        grounds.push(browser.run(ground).await);
        if dark {
            browser.goto(&pages[0]).await;
            browser.on(Screen::Phone).await;
            browser.picture("pay-phone-dark-id").await;
        }
    }
    assert_ne!(grounds[0], grounds[1], "the dark page is dark");
}

#[tokio::test]
async fn the_sandbox_on_every_screen_in_both_lights_and_languages() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let local = Local::open();
    browser.goto(&local.page("/")).await;
    browser.on(Screen::Narrow).await;
    is_readable(&browser, "the empty overview").await;
    // Long names, huge amounts, refusals, faults, and a clock that was moved.
    let long = "X".repeat(64);
    local.created(&long);
    let number = local.created("INV-1");
    local.server.pay(&number, "11500.00");
    let dear = ["--trx-id", "INV-2", "--amount", "9999999999999999.99"];
    let name = [
        "va",
        "create",
        "--name",
        "Raden Mas Sastrodiningrat Kusumowardhani",
    ];
    let open = [
        "--trx-id",
        "TOPUP-1",
        "--open",
        "--min",
        "10000",
        "--max",
        "5000000",
        "--reusable",
    ];
    for bill in [&dear[..], &open[..]] {
        let made = local.server.doku(&[&name[..], bill].concat()).run();
        assert_eq!(made.code, 0, "{made:?}");
    }
    let entry = local.signed_wrongly().await;
    let sandbox = &local.server.sandbox;
    sandbox.control(
        "POST",
        "faults",
        r#"{ "kind": "dropAfter", "percent": 30 }"#,
    );
    sandbox.control("POST", "clock", r#"{ "advanceSeconds": 100000 }"#);
    let mut pages: Vec<String> = [
        "/",
        "/accounts",
        "/accounts/1",
        "/journal",
        "/notifications",
        "/faults",
        "/clock",
        "/journal/0",
    ]
    .map(str::to_owned)
    .to_vec();
    pages.push(format!("/journal/{entry}"));
    // A screen, a receipt and a refusal.
    browser.on(Screen::Desktop).await;
    browser.goto(&local.page("/accounts")).await;
    browser.click("#account-pay-1").await;
    browser.element("#screen").await;
    pages.push(browser.path().await);
    browser.click("#pay-button").await;
    browser.element("#receipt").await;
    pages.push(browser.path().await);
    browser.goto(&local.page("/teller")).await;
    ask(&browser, &number).await;
    browser.element("#refusal").await;
    pages.push(browser.path().await);
    let mut grounds = Vec::new();
    for dark in [false, true] {
        browser.dark(dark).await;
        for page in &pages {
            for language in ["id", "en"] {
                browser.goto(&local.page_in(page, language)).await;
                open_everything(&browser).await;
                for screen in [Screen::Narrow, Screen::Phone, Screen::Desktop] {
                    browser.on(screen).await;
                    let what = format!("{page} {language} {screen:?} dark: {dark}");
                    is_readable(&browser, &what).await;
                }
            }
        }
        let ground = "return getComputedStyle(document.body).backgroundColor";
        grounds.push(browser.run(ground).await);
    }
    assert_ne!(grounds[0], grounds[1], "the dark page is dark");
}

/// Opens whatever can be opened on the page.
async fn open_everything(browser: &Browser) {
    browser
        .run("for (const one of document.querySelectorAll('details')) { one.open = true; }")
        .await;
}

#[tokio::test]
async fn by_ear_the_sandbox_has_landmarks_names_and_a_quiet_voice() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let local = Local::open();
    let number = local.created("INV-1");
    local.server.pay(&number, "11500.00");
    browser.goto(&local.page("/")).await;
    browser.element("[data-copy=lines]:not([hidden])").await;
    let spoken = browser.spoken().await;
    let has = |role: &str, name: &str| {
        let found = spoken
            .iter()
            .any(|(known, said)| known == role && said == name);
        assert!(found, "no {role} {name:?} in {spoken:?}");
    };
    has("main", "");
    has("contentinfo", "");
    has("navigation", "Sections");
    has("navigation", "Language");
    has("heading", "Overview");
    for region in [
        "Begin here",
        "Virtual accounts",
        "BTN teller",
        "Clock",
        "Notifications",
        "Faults",
        "Journal",
    ] {
        has("region", region);
        has("heading", region);
    }
    has("textbox", "Virtual account number");
    has("link", "Skip to the content");
    let unnamed: Vec<_> = spoken
        .iter()
        .filter(|(role, name)| {
            ["button", "link", "textbox"].contains(&role.as_str()) && name.is_empty()
        })
        .collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
    // One voice for all that changes; the lists themselves are not read out.
    let voices = browser
        .run("return [...document.querySelectorAll('[aria-live], [role=status], [role=alert]')].map((voice) => voice.id)")
        .await;
    assert_eq!(voices, json!(["said"]));
    local.created("INV-2");
    browser
        .until("document.getElementById('said').innerText !== ''")
        .await;
}

#[tokio::test]
async fn by_ear_every_part_has_a_role_and_a_name() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let shop = Shop::open();
    let account = shop.order("INV-1", &json!({}));
    browser.goto(&account.page).await;
    browser.element(".copy:not([hidden])").await;
    let spoken = browser.spoken().await;
    let has = |role: &str, name: &str| {
        let found = spoken
            .iter()
            .any(|(known, said)| known == role && said == name);
        assert!(found, "no {role} {name:?} in {spoken:?}");
    };
    has("heading", "Silakan bayar");
    has("heading", "Nomor Virtual Account Bank BTN");
    has("heading", "Cara membayar");
    has("button", "Salin nomor");
    has("navigation", "Bahasa");
    has("link", "English");
    has("main", "");
    has("contentinfo", "");
    // A number that is read as one is read as billions: its groups are told one by one.
    has("StaticText", &account.grouped);
    let roles = |role: &str| spoken.iter().filter(|(known, _)| known == role).count();
    assert_eq!(roles("status"), 2, "the state, and that it was copied");
    // Seconds are not called out.
    let live = browser
        .run("return document.querySelector('.countdown dd').getAttribute('role')")
        .await;
    assert_eq!(live, "timer");
    let levels = browser
        .run("return [...document.querySelectorAll('h1, h2, h3')].map((heading) => heading.localName)")
        .await;
    assert_eq!(levels, json!(["h1", "h2", "h2"]));
    let other = browser
        .run("return document.querySelector('nav a').lang")
        .await;
    assert_eq!(other, Value::from("en"));
}
