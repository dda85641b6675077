//! Who gets in, how much is read, and what is where.

use bytes::Bytes;
use http::Method;
use serde_json::json;

use crate::support::{KEY, World, dgpc};

#[tokio::test]
async fn nobody_gets_in_without_a_key() {
    let world = World::open().await;
    let shorter = format!("Bearer {}", &KEY[..KEY.len() - 1]);
    let longer = format!("Bearer {KEY}x");
    let basic = format!("Basic {KEY}");
    let cases: [&[(&str, &str)]; 8] = [
        &[],
        &[("authorization", "")],
        &[("authorization", "Bearer")],
        &[("authorization", "Bearer ")],
        &[("authorization", KEY)],
        &[("authorization", &shorter)],
        &[("authorization", &longer)],
        &[("authorization", &basic)],
    ];
    let paths = world.caller.document["paths"].as_object().unwrap().clone();
    for headers in cases {
        for (path, item) in &paths {
            for (method, operation) in item.as_object().unwrap() {
                if method == "parameters" || operation.get("security").is_some() {
                    continue;
                }
                let path = path.replace("{trxId}", "INV-1").replace("{id}", "dlv_1");
                let method: Method = method.to_ascii_uppercase().parse().unwrap();
                let reply = world.caller.raw(method, &path, None, headers).await;
                assert_eq!(reply.status, 401, "{path} {headers:?}");
                assert_eq!(reply.headers["www-authenticate"], "Bearer");
                assert!(!reply.text.contains(KEY));
            }
        }
    }
    let good = format!("bearer {KEY}");
    let twice = [
        ("authorization", good.as_str()),
        ("authorization", good.as_str()),
    ];
    assert_eq!(
        world
            .caller
            .raw(Method::GET, "/v1/payments", None, &twice)
            .await
            .status,
        401
    );
    assert_eq!(
        world
            .caller
            .raw(Method::GET, "/v1/payments", None, &twice[..1])
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn bodies_are_bounded_and_must_be_json() {
    let world = World::open().await;
    let path = "/v1/virtual-accounts";
    let bearer = format!("Bearer {KEY}");
    let json = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    let post = |body: Bytes| world.caller.raw(Method::POST, path, Some(body), &json);
    assert_eq!(post(vec![b' '; 33 * 1024].into()).await.status, 413);
    for text in [
        "",
        "{",
        "[]",
        "null",
        "7",
        "\u{feff}{}",
        r#"{"mode":"x","mode":"y"}"#,
    ] {
        let reply = post(Bytes::from(text.to_owned())).await;
        assert_eq!(reply.status, 400, "{text}: {}", reply.json);
    }
    let deep = "[".repeat(10_000);
    assert_eq!(post(deep.into()).await.status, 400);
    assert_eq!(post(Bytes::from_static(&[0xff, 0xfe])).await.status, 400);
    let body = Some(Bytes::from(dgpc("INV-1").to_string()));
    let text = [
        ("authorization", bearer.as_str()),
        ("content-type", "text/plain"),
    ];
    assert_eq!(
        world
            .caller
            .raw(Method::POST, path, body.clone(), &text)
            .await
            .status,
        415
    );
    assert_eq!(
        world
            .caller
            .raw(Method::POST, path, body, &text[..1])
            .await
            .status,
        415
    );
    let long = "k".repeat(256);
    for key in ["", long.as_str()] {
        let reply = world.caller.post_keyed(path, &dgpc("INV-1"), key).await;
        assert_eq!(
            (reply.status, reply.places()),
            (400, vec!["Idempotency-Key"]),
            "{key}"
        );
    }
    assert!(world.bank().virtual_accounts().is_empty());
}

#[tokio::test]
async fn parameters_are_read_strictly() {
    let world = World::open().await;
    for (path, place) in [
        ("/v1/payments?limit=0", "limit"),
        ("/v1/payments?limit=1001", "limit"),
        ("/v1/payments?limit=ten", "limit"),
        ("/v1/payments?after=1", "after"),
        ("/v1/payments?page=1", "page"),
        ("/v1/payments?limit=1&limit=2", "limit"),
        ("/v1/virtual-accounts?state=gone", "state"),
        ("/v1/virtual-accounts?order=up", "order"),
        ("/v1/webhooks/dead-letters?after=", "after"),
        ("/v1/virtual-accounts/%20x", "trxId"),
    ] {
        let reply = world.caller.get(path).await;
        assert_eq!((reply.status, reply.places()), (400, vec![place]), "{path}");
    }
    // What counts less is read all the same.
    let reply = world
        .caller
        .call(
            Method::GET,
            "/v1/events?after=1",
            None,
            &[("last-event-id", "0.0.0")],
        )
        .await;
    assert_eq!((reply.status, reply.places()), (400, vec!["after"]));
    let reply = world
        .caller
        .post("/v1/webhooks/dead-letters/x/resend", &json!({}))
        .await;
    assert_eq!((reply.status, reply.places()), (400, vec!["id"]));
    let reply = world
        .caller
        .post("/v1/webhooks/dead-letters/dlv_9/resend", &json!({}))
        .await;
    assert_eq!(reply.status, 404);
    let reply = world.caller.get("/v1/virtual-accounts/%ff").await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_and_each_listener_has_its_own() {
    let world = World::open().await;
    assert_eq!(world.caller.get("/v2").await.status, 404);
    assert_eq!(world.caller.delete("/v1/payments").await.status, 405);
    // From outside nothing of the merchant's API is there, nor the other way round.
    for path in [
        "/",
        "/healthz",
        "/metrics",
        "/openapi.json",
        "/v1/payments",
        "/pay",
        "/pay/",
        "/favicon.ico",
    ] {
        assert_eq!(world.page(path, &[]).await.status, 404, "{path}");
    }
    for path in [
        "/pay/0123456789abcdefghjkmnpqrs",
        "/v1.1/transfer-va/inquiry",
    ] {
        assert_eq!(world.caller.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn probes_and_figures_tell_how_it_fares() {
    let world = World::open().await;
    assert_eq!(world.caller.get("/healthz").await.text, "ok\n");
    assert_eq!(world.caller.get("/readyz").await.text, "ready\n");
    let account = world.order("INV-1").await;
    world
        .pay(account["number"].as_str().unwrap(), "11500.00")
        .await;
    // The counting of events may be a moment behind.
    let mut changes = world.server.ledger().changes();
    let text = loop {
        let text = world.caller.get("/metrics").await.text;
        if text.contains("doku_payments_total 1") {
            break text;
        }
        let moment = std::time::Duration::from_secs(1);
        let _ = tokio::time::timeout(moment, changes.changed()).await;
    };
    for line in [
        r#"doku_calls_total{direction="in",operation="payment",code="2002500"} 1"#,
        r#"doku_calls_total{direction="in",operation="token",code="2007300"} 1"#,
        r#"doku_calls_total{direction="out",operation="create",code="2002700"} 1"#,
        "doku_acknowledgement_seconds_count 1",
        "doku_ledger_up 1",
        "doku_open_intents 0",
        "doku_due_checks 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(!text.contains("INV-1"), "{text}");
    world.server.ledger().close().await;
    assert_eq!(world.caller.get("/readyz").await.status, 503);
    let text = world.caller.get("/metrics").await.text;
    assert!(text.contains("doku_ledger_up 0"), "{text}");
    let reply = world.caller.get("/v1/payments").await;
    assert_eq!(
        (reply.status, &reply.json["money"]),
        (503, &json!("untouched"))
    );
    assert_eq!(world.caller.get("/healthz").await.status, 200);
}
