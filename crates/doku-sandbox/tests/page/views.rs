//! Each page: that it is there, in both languages, whole, and under a policy.

use doku_model::Operation;
use serde_json::json;

use crate::support::{World, changed, create};
use crate::visitor::get;

const PAGES: [&str; 7] = [
    "/",
    "/teller",
    "/accounts",
    "/notifications",
    "/journal",
    "/faults",
    "/clock",
];

#[tokio::test]
async fn every_page_is_there_in_both_languages() {
    let world = World::start().await;
    world.created("INV-1").await;
    for page in PAGES.into_iter().chain(["/accounts/1", "/journal/1"]) {
        for (language, code, word) in [("en-GB", "en", "Overview"), ("id", "id", "Ringkasan")] {
            let reply = world.page_in(page, language).await;
            assert_eq!(reply.status, 200, "{page}");
            let text = reply.text();
            assert!(text.contains(&format!("<html lang=\"{code}\">")), "{page}");
            assert!(text.contains(word), "{page}");
            for landmark in [
                "<main id=\"content\"",
                "class=\"skip\"",
                "<nav ",
                "<h1",
                "role=\"status\"",
            ] {
                assert!(text.contains(landmark), "{page} {landmark}");
            }
            assert!(text.trim_end().ends_with("</html>"), "{page}");
        }
    }
}

#[tokio::test]
async fn no_page_loads_anything_from_elsewhere_or_runs_anything_inline() {
    let world = World::start().await;
    for page in
        PAGES
            .into_iter()
            .chain(["/assets/page.css", "/assets/page.js", "/live", "/journal/9"])
    {
        let reply = world.page_in(page, "en").await;
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{page} {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(reply.header("referrer-policy"), Some("same-origin"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        let text = reply.text();
        if text.starts_with("<!DOCTYPE") {
            assert_eq!(text.matches("<script").count(), 1, "{page}");
            assert!(text.contains("<script src=\"/assets/page.js\" defer></script>"));
            for inline in ["<style", " style=", " onclick", " onload", "javascript:"] {
                assert!(!text.contains(inline), "{page} {inline}");
            }
            for source in text.split("src=\"").chain(text.split("<link ")).skip(1) {
                assert!(!source.starts_with("http"), "{page} {source}");
            }
        }
    }
}

#[tokio::test]
async fn a_language_that_was_chosen_is_remembered() {
    let world = World::start().await;
    let reply = world.page_in("/?lang=id", "en").await;
    assert!(reply.text().contains("Ringkasan"));
    let cookie = reply.header("set-cookie").unwrap();
    assert!(cookie.contains("SameSite=Strict") && cookie.contains("HttpOnly"));
    let cookie = cookie.split(';').next().unwrap();
    let call = get("/journal")
        .set("Accept-Language", "en")
        .set("Cookie", cookie);
    assert!(world.send(&call).await.unwrap().text().contains("Jurnal"));
    assert_eq!(world.page_in("/", "en").await.header("set-cookie"), None);
}

#[tokio::test]
async fn says_where_to_begin_and_shows_no_secret() {
    let world = World::with(|config| {
        config.environment([
            (
                "DOKU_ENVIRONMENT".to_owned(),
                "https://sandbox.test".to_owned(),
            ),
            (
                "DOKU_SECRET_KEY_FILE".to_owned(),
                "/tmp/a b/secret-key".to_owned(),
            ),
        ])
    })
    .await;
    let page = world.page("/").await;
    assert!(page.contains("<code id=\"base-url\">https://sandbox.test</code>"));
    assert!(page.contains("export DOKU_SECRET_KEY_FILE=&#39;/tmp/a b/secret-key&#39;"));
    assert!(page.contains("doku va create --trx-id INV-1"));
    assert!(page.contains("with files of your own: <code>DOKU_PRIVATE_KEY_FILE</code></p>"));

    let world = World::start().await;
    let page = world.page("/").await;
    assert!(
        page.contains("export DOKU_PARTNER_SERVICE_ID=95962\nexport DOKU_CUSTOMER_NO_PREFIX=6\n")
    );
    world.created("INV-1").await;
    let token = world.token().await;
    let call = world.signed(
        Operation::CreateVa,
        create("INV-2").to_string().as_bytes(),
        &token,
    );
    world.send(&call).await.unwrap();
    let secret = crate::support::MERCHANT.client_secret();
    for page in PAGES
        .into_iter()
        .chain(["/journal/3", "/journal/4", "/accounts/1"])
    {
        let text = world.page(page).await;
        for marker in [secret, token.as_str(), call.header("X-SIGNATURE")] {
            assert!(!text.contains(marker), "{page}");
        }
    }
}

#[tokio::test]
async fn the_journal_explains_a_signature_in_both_languages() {
    let world = World::start().await;
    let token = world.token().await;
    let body = create("INV-1").to_string();
    let time = crate::support::now();
    let to_sign = doku_sign::StringToSign::snap_transaction(
        "POST",
        "/virtual-accounts/wrong",
        &doku_sign::AccessToken::new(token.as_str()),
        &doku_sign::MinifiedBody::of(body.as_bytes()),
        &time,
    );
    let call = world.signed_over(
        Operation::CreateVa,
        body.as_bytes(),
        &token,
        &time,
        &to_sign,
    );
    assert_eq!(world.send(&call).await.unwrap().code(), "4012700");
    let bearer = doku_sign::StringToSign::snap_transaction(
        "POST",
        Operation::CreateVa.path(),
        &doku_sign::AccessToken::new(format!("Bearer {token}")),
        &doku_sign::MinifiedBody::of(body.as_bytes()),
        &time,
    );
    let call = world.signed_over(Operation::CreateVa, body.as_bytes(), &token, &time, &bearer);
    assert_eq!(world.send(&call).await.unwrap().code(), "4012700");
    let entry = world.last_entry();
    let page = world.page(&format!("/journal/{}", entry.number)).await;
    assert!(page.contains("The signature does not match"));
    assert!(
        page.contains("the token was signed with the word Bearer before it"),
        "{page}"
    );
    assert!(page.contains("<code>bearerInToken</code>"));
    assert!(
        page.contains("<pre class=\"expected\"") && page.contains("<pre class=\"presented\""),
        "{page}"
    );
    assert!(page.contains("<mark>") && !page.contains(&token));
    let indonesian = world
        .page_in(&format!("/journal/{}", entry.number), "id")
        .await
        .text();
    assert!(indonesian.contains("Signature tidak cocok"));
    let differs = "access token berbeda mulai karakter 1:";
    assert!(
        indonesian.contains(differs) && !page.contains(differs),
        "{indonesian}"
    );
    assert!(
        !indonesian.contains("the token was signed with"),
        "{indonesian}"
    );
}

#[tokio::test]
async fn hostile_texts_stay_texts() {
    let world = World::start().await;
    let hostile = "\"><script>alert(1)</script>";
    let body = changed(
        create("INV-1"),
        json!({ "trxId": hostile, "virtualAccountName": hostile }),
    );
    world.call(Operation::CreateVa, &body).await;
    let accepted = changed(
        create("\"><b>x"),
        json!({ "virtualAccountName": "Budi <i>'&\"" }),
    );
    world.call(Operation::CreateVa, &accepted).await;
    world
        .get("/%22%3E%3Cscript%3Ealert(1)%3C/script%3E?\"><script>")
        .await;
    let mut seen = String::new();
    for page in ["/", "/journal", "/journal/2", "/journal/4", "/accounts"] {
        let text = world.page(page).await;
        assert_eq!(text.matches("<script").count(), 1, "{page}");
        assert!(!text.contains("<b>x") && !text.contains("<i>'"), "{page}");
        seen.push_str(&text);
    }
    assert!(
        seen.contains("&lt;script&gt;") || seen.contains("&#60;script&#62;"),
        "{seen}"
    );
    for (target, fields) in [
        ("/teller/ask", [("number", hostile), ("a", "")]),
        ("/teller/pay", [("number", hostile), ("amount", hostile)]),
        ("/faults", [("kind", hostile), ("calls", hostile)]),
        ("/clock", [("minutes", hostile), ("a", "")]),
    ] {
        let reply = world.form(target, &fields).await;
        assert_eq!(reply.status, 422, "{target}");
        assert_eq!(reply.text().matches("<script").count(), 1, "{target}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_to_be_missing() {
    let world = World::start().await;
    for page in [
        "/journal/1",
        "/journal/x",
        "/accounts/0",
        "/accounts/1",
        "/accounts/x",
        "/teller/1",
        "/teller/0",
    ] {
        let reply = world.page_in(page, "en").await;
        assert_eq!(reply.status, 404, "{page}");
        assert!(reply.text().contains("There is no such page"), "{page}");
    }
}

#[tokio::test]
async fn an_entry_shows_the_answer_of_either_side_and_what_doku_signed() {
    // Nobody listens there: the call is made, signed, and not answered.
    let world = World::with(|config| {
        let transport = std::sync::Arc::new(doku_transport::ReqwestTransport::new());
        let url = || "http://127.0.0.1:1/told".parse().unwrap();
        let endpoints = doku_sandbox::Endpoints::new()
            .token_url(url())
            .notification_url(url());
        config.transport(transport).endpoints(endpoints)
    })
    .await;
    let data = world.created("INV-1").await;
    let created = world.last_entry().number;
    let shown = world.page(&format!("/journal/{created}")).await;
    assert!(shown.contains("class=\"answer\""), "{shown}");
    assert!(shown.contains("2002700"), "{shown}");
    assert!(!shown.contains("class=\"signed\""), "{shown}");
    let number = data["virtualAccountNo"].as_str().unwrap().parse().unwrap();
    let paid = world
        .sandbox()
        .pay_and_notify(&number, "11500.00".parse().unwrap());
    paid.await.unwrap();
    let asked = world.last_entry();
    assert_eq!(asked.operation, Some("merchantToken"));
    let signed = asked.signed.unwrap().string_to_sign;
    for (language, words) in [
        ("en", "The string-to-sign that DOKU signed"),
        ("id", "String-to-sign yang ditandatangani DOKU"),
    ] {
        let target = format!("/journal/{}", asked.number);
        let shown = world.page_in(&target, language).await.text();
        assert!(shown.contains("class=\"signed\""), "{shown}");
        assert!(shown.contains(words), "{shown}");
        assert!(shown.contains(&signed), "{shown}");
    }
}
