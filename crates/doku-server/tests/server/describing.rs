//! The document describes what is served: everything, and nothing else.

use std::collections::BTreeSet;
use std::time::Duration;

use doku_ledger::delivery::{Next, Recipient};
use doku_model::Operation;
use doku_sandbox::{Fault, FaultKind};
use doku_server::Target;
use http::Method;
use serde_json::json;

use crate::support::{World, dgpc, dipc};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Visits everything once, and finds every operation and every member of every answer on the way. That each answer is as the
/// document says, the caller sees to.
#[tokio::test]
async fn every_operation_and_every_member_is_met() {
    let world = World::with(|config| {
        let url = "https://shop.example/hooks".parse().unwrap();
        // Only what never happens here, so that its deliveries are this test's own.
        let target = Target::new("shop", url, SECRET.parse().unwrap());
        config.webhook(target.only(["account.change_refused"]).unwrap())
    })
    .await;
    let caller = &world.caller;
    let mut order = dgpc("INV-1");
    order["expiredDate"] = json!("2099-12-31T23:59:59+07:00");
    let account = caller.post_keyed("/v1/virtual-accounts", &order, "k").await;
    assert_eq!(account.status, 201, "{}", account.json);
    caller.post_keyed("/v1/virtual-accounts", &order, "k").await;
    caller
        .post("/v1/virtual-accounts", &json!({ "mode": 1 }))
        .await;
    caller.get("/v1/payments?limit=0").await;
    caller.post("/v1/virtual-accounts", &order).await;
    let mut elsewhere = dgpc("INV-2");
    elsewhere["partnerServiceId"] = json!("12345");
    caller.post("/v1/virtual-accounts", &elsewhere).await;
    let lost = Fault::once(FaultKind::Status {
        status: 500,
        after_work: true,
    })
    .on(Operation::CreateVa);
    world.bank().fault(lost).unwrap();
    let reply = caller.post("/v1/virtual-accounts", &dgpc("INV-3")).await;
    assert_eq!(reply.status, 202, "{}", reply.json);
    let limits = json!({ "bill": { "type": "variable", "amount": "1.00", "limits": { "min": "1.00", "max": "2.00" } } });
    caller
        .post("/v1/virtual-accounts", &dipc("INV-4", "4"))
        .await;
    assert_eq!(
        caller
            .patch("/v1/virtual-accounts/INV-4", &limits)
            .await
            .status,
        200
    );
    caller.delete("/v1/virtual-accounts/INV-4").await;
    caller.get("/v1/virtual-accounts/INV-4").await;

    let number = account.json["number"].as_str().unwrap().parse().unwrap();
    world
        .bank()
        .pay(&number, "11500.00".parse().unwrap())
        .unwrap();
    let check = caller
        .post("/v1/virtual-accounts/INV-1/check", &json!({}))
        .await;
    assert_eq!(check.json["finding"], "payment");
    // A payment that DOKU tells of, with its own id.
    let told = caller
        .post("/v1/virtual-accounts", &dipc("INV-5", "5"))
        .await
        .json;
    assert!(
        world
            .pay(told["number"].as_str().unwrap(), "25000.00")
            .await
    );
    let over = caller
        .post("/v1/virtual-accounts", &dipc("INV-7", "7"))
        .await
        .json;
    world
        .pay_after_the_end("INV-7", over["number"].as_str().unwrap())
        .await;
    caller.get("/v1/virtual-accounts?limit=10").await;
    caller.get("/v1/payments").await;
    caller.get("/v1/virtual-accounts/INV-5/payments").await;

    // A webhook that nobody takes.
    let ledger = world.server.ledger();
    let nobody = Recipient::new("nobody");
    ledger.enrol(&nobody).await.unwrap();
    caller
        .post("/v1/virtual-accounts", &dipc("INV-6", "6"))
        .await;
    while ledger.plan_deliveries(&nobody, 100).await.unwrap() > 0 {}
    let taken = ledger
        .take_deliveries(&nobody, 1, Duration::from_secs(60))
        .await
        .unwrap();
    assert!(
        ledger
            .not_delivered(&taken[0], "HTTP 500", Next::GiveUp)
            .await
            .unwrap()
    );
    let dead = caller.get("/v1/webhooks/dead-letters").await.json;
    let id = dead["items"][0]["id"].as_str().unwrap().to_owned();
    let again = caller
        .post(
            &format!("/v1/webhooks/dead-letters/{id}/resend"),
            &json!({}),
        )
        .await;
    assert_eq!(again.status, 202);

    for path in ["/healthz", "/readyz", "/metrics", "/openapi.json"] {
        assert_eq!(caller.get(path).await.status, 200);
    }
    let headers = [("last-event-id", "x")];
    caller.call(Method::GET, "/v1/events", None, &headers).await;

    let seen = caller.seen.lock().unwrap().clone();
    let mut missing = BTreeSet::new();
    for (path, item) in caller.document["paths"].as_object().unwrap() {
        for method in item
            .as_object()
            .unwrap()
            .keys()
            .filter(|name| *name != "parameters")
        {
            let at = format!("{method} {path} ");
            // The stream has no end; reading it has tests of its own.
            let success =
                path == "/v1/events" || seen.iter().any(|met| met.starts_with(&format!("{at}2")));
            if !success {
                missing.insert(at);
            }
        }
    }
    for schema in [
        "Account",
        "AccountPage",
        "Bill",
        "Limits",
        "Check",
        "Payment",
        "PaymentPage",
        "Event",
        "DeadLetter",
        "DeadLetterPage",
        "Resent",
        "Problem",
        "Fault",
        "Outcome",
    ] {
        let properties = caller.document["components"]["schemas"][schema]["properties"]
            .as_object()
            .unwrap();
        for name in properties.keys() {
            let member = format!("{schema}.{name}");
            if !seen.contains(&member) {
                missing.insert(member);
            }
        }
    }
    assert!(missing.is_empty(), "described and not met: {missing:?}");
}
