//! The merchant API as a page of its own origin calls it: a whole order, and the stream of events beside it.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::server::API_KEY;
use crate::shop::Shop;

/// What a page calls the API with: status, headers and JSON of each answer.
const CALL: &str = r#"
window.call = async (method, path, body, headers = {}) => {
  const key = { Authorization: 'Bearer KEY', ...headers };
  const kind = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const answer = await fetch(path, { method, headers: { ...key, ...kind }, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, kind: answer.headers.get('content-type'), location: answer.headers.get('location'), json: JSON.parse(text) };
};
window.heard = [];
window.listen = async () => {
  const answer = await fetch('/v1/events', { headers: { Authorization: 'Bearer KEY' } });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  window.listening = answer.headers.get('content-type');
  for (;;) {
    const { value, done } = await reader.read();
    if (done) { return; }
    const messages = (rest + value).split('\n\n');
    rest = messages.pop();
    for (const message of messages) {
      const data = message.split('\n').find((line) => line.startsWith('data: '));
      if (data) { window.heard.push(JSON.parse(data.slice(6))); }
    }
  }
};
"#;

#[tokio::test]
async fn an_order_is_made_followed_changed_checked_and_deleted_from_a_page() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let shop = Shop::open();
    let api = shop.server.ready["apiUrl"].as_str().unwrap();
    // The only thing of that origin that a browser can open without a key.
    browser.goto(&format!("{api}/openapi.json")).await;
    browser.run(&CALL.replace("KEY", API_KEY)).await;
    let call = async |method: &str, path: &str, body: Value| {
        let body = if body.is_null() {
            "undefined".to_owned()
        } else {
            body.to_string()
        };
        browser
            .promised(&format!("call('{method}', '{path}', {body})"))
            .await
    };
    browser.run("window.listen()").await;
    browser
        .until("(window.listening || '').startsWith('text/event-stream')")
        .await;

    let order = json!({
        "mode": "doku_generated",
        "trxId": "INV/1",
        "name": "Budi Santoso",
        "bill": { "type": "closed", "amount": "11500.00" },
    });
    let made = call("POST", "/v1/virtual-accounts", order.clone()).await;
    assert_eq!(made["status"], 201, "{made}");
    assert_eq!(made["kind"], "application/json");
    let at = made["location"].as_str().unwrap();
    assert_eq!(at, "/v1/virtual-accounts/INV%2F1");
    let read = call("GET", at, Value::Null).await;
    assert_eq!(read["json"], made["json"]);

    let dearer = json!({ "bill": { "type": "closed", "amount": "12000.00" } });
    let changed = call("PATCH", at, dearer).await;
    assert_eq!(changed["status"], 200, "{changed}");
    assert_eq!(changed["json"]["bill"]["amount"], "12000.00");
    let check = call("POST", &format!("{at}/check"), Value::Null).await;
    assert_eq!(check["json"]["finding"], "nothing", "{check}");

    let told = shop
        .server
        .pay(made["json"]["number"].as_str().unwrap(), "12000.00");
    assert_eq!(told["notification"]["acknowledged"], true, "{told}");
    browser
        .until("window.heard.some((event) => event.type === 'account.paid')")
        .await;
    let heard = browser
        .run("return window.heard.map((event) => [event.type, event.trxId])")
        .await;
    let heard: Vec<(String, String)> = serde_json::from_value(heard).unwrap();
    let kinds: Vec<&str> = heard.iter().map(|(kind, _)| kind.as_str()).collect();
    assert!(
        heard.iter().all(|(_, trx_id)| trx_id == "INV/1"),
        "{heard:?}"
    );
    let place = |kind: &str| {
        let found = kinds.iter().position(|known| *known == kind);
        found.unwrap_or_else(|| panic!("no {kind} in {kinds:?}"))
    };
    assert!(place("account.requested") < place("account.activated"));
    assert!(place("account.activated") < place("account.updated"));
    assert!(place("account.updated") < place("account.paid"));
    let payments = call("GET", &format!("{at}/payments"), Value::Null).await;
    assert_eq!(payments["json"]["items"][0]["amount"], "12000.00");

    let mut second = order;
    second["trxId"] = json!("INV-2");
    call("POST", "/v1/virtual-accounts", second.clone()).await;
    let deleted = call("DELETE", "/v1/virtual-accounts/INV-2", Value::Null).await;
    assert_eq!(deleted["json"]["state"], "deleted", "{deleted}");
    browser
        .until("window.heard.some((event) => event.type === 'account.deleted')")
        .await;

    // What does not serve is a problem that a page can show.
    second["trxId"] = json!("");
    let refused = call("POST", "/v1/virtual-accounts", second).await;
    assert_eq!(refused["status"], 400);
    assert_eq!(refused["kind"], "application/problem+json");
    assert_eq!(refused["json"]["errors"][0]["pointer"], "/trxId");
    let nobody = browser
        .promised("call('GET', '/v1/payments', undefined, { Authorization: 'Bearer nobody' })")
        .await;
    assert_eq!(nobody["status"], 401);
}

#[tokio::test]
async fn a_page_of_another_origin_gets_nothing() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let shop = Shop::open();
    let api = shop.server.ready["apiUrl"].as_str().unwrap();
    // Nothing of ours: no policy of its own, and not the API's origin.
    browser.goto("about:blank").await;
    for call in [
        format!(
            "fetch('{api}/v1/payments', {{ headers: {{ Authorization: 'Bearer {API_KEY}' }} }})"
        ),
        format!("fetch('{api}/openapi.json')"),
    ] {
        let sent = browser.promised(&call).await;
        assert!(sent.as_str().unwrap().starts_with("failed: "), "{sent}");
    }
}
