//! Changing and deleting.

use doku_model::Operation;
use doku_sandbox::{Fault, FaultKind};
use serde_json::json;

use crate::support::{World, dipc};

const ACCOUNT: &str = "/v1/virtual-accounts/INV-1";

#[tokio::test]
async fn a_bill_is_changed_and_an_account_switched_off_and_on() {
    let world = World::open().await;
    world.order("INV-1").await;
    let bill = json!({ "type": "closed", "amount": "12000.00" });
    let change = json!({ "bill": bill, "name": "Budi S", "email": "b@example.com", "phone": "62811111111",
                         "expiredDate": "2099-01-01T00:00:00Z" });
    let reply = world.caller.patch(ACCOUNT, &change).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    assert_eq!(reply.json["bill"], bill);
    assert_eq!(reply.json["name"], "Budi S");
    assert_eq!(reply.json["expiredDate"], "2099-01-01T00:00:00Z");
    assert_eq!(
        world.bank().virtual_accounts()[0].amount.as_deref(),
        Some("12000.00")
    );
    for (active, state) in [(false, "inactive"), (true, "active")] {
        let reply = world
            .caller
            .patch(ACCOUNT, &json!({ "active": active }))
            .await;
        assert_eq!((reply.status, &reply.json["state"]), (200, &json!(state)));
    }
    let reply = world.caller.delete(ACCOUNT).await;
    assert_eq!(
        (reply.status, &reply.json["state"]),
        (200, &json!("deleted"))
    );
    let reply = world.caller.delete(ACCOUNT).await;
    assert_eq!(
        (reply.status, &reply.json["state"]),
        (409, &json!("deleted"))
    );
}

#[tokio::test]
async fn numbers_of_the_merchants_own_are_changed_without_doku() {
    let world = World::open().await;
    world
        .caller
        .post("/v1/virtual-accounts", &dipc("INV-1", "1"))
        .await;
    let bill = json!({ "type": "open", "limits": { "max": "9000.00" } });
    let reply = world.caller.patch(ACCOUNT, &json!({ "bill": bill })).await;
    assert_eq!((reply.status, &reply.json["bill"]), (200, &bill));
    let reply = world.caller.delete(ACCOUNT).await;
    assert_eq!(
        (reply.status, &reply.json["state"]),
        (200, &json!("deleted"))
    );
    assert!(world.bank().journal(0).is_empty());
}

#[tokio::test]
async fn a_lost_answer_to_a_change_is_said() {
    for (operation, method) in [
        (Operation::UpdateVa, "patch"),
        (Operation::DeleteVa, "delete"),
    ] {
        let world = World::open().await;
        world.order("INV-1").await;
        let drop = Fault::once(FaultKind::DropAfter).on(operation);
        world.bank().fault(drop).unwrap();
        let reply = match method {
            "patch" => {
                world
                    .caller
                    .patch(ACCOUNT, &json!({ "active": false }))
                    .await
            }
            _ => world.caller.delete(ACCOUNT).await,
        };
        assert_eq!(reply.status, 202, "{}", reply.json);
        assert_eq!(reply.json["state"], "active");
        assert_eq!(reply.json["outcome"]["money"], "unknown");
        // It is under way, so nothing else is begun.
        let reply = world.caller.delete(ACCOUNT).await;
        assert_eq!(
            (reply.status, &reply.json["money"]),
            (409, &json!("untouched"))
        );
    }
}

#[tokio::test]
async fn what_cannot_be_changed_is_said() {
    let world = World::open().await;
    world.order("INV-1").await;
    for (change, places) in [
        (json!({}), vec![""]),
        (json!({ "name": null }), vec!["/name"]),
        (json!({ "amount": "1.00" }), vec!["/amount", ""]),
        (json!({ "active": 1 }), vec!["/active"]),
        (
            json!({ "bill": { "type": "closed", "amount": "" } }),
            vec!["/bill/amount"],
        ),
    ] {
        let reply = world.caller.patch(ACCOUNT, &change).await;
        assert_eq!((reply.status, reply.places()), (400, places), "{change}");
    }
    let nobody = "/v1/virtual-accounts/INV-9";
    let change = json!({ "active": false });
    assert_eq!(world.caller.patch(nobody, &change).await.status, 404);
    assert_eq!(world.caller.delete(nobody).await.status, 404);
    assert_eq!(world.caller.get(nobody).await.status, 404);
    let check = format!("{nobody}/check");
    assert_eq!(world.caller.post(&check, &json!({})).await.status, 404);
    // DOKU refuses what it does not know.
    let gone = Fault::once(FaultKind::Status {
        status: 404,
        after_work: false,
    })
    .on(Operation::UpdateVa);
    world.bank().fault(gone).unwrap();
    let reply = world.caller.patch(ACCOUNT, &change).await;
    assert_eq!(
        (reply.status, &reply.json["money"]),
        (422, &json!("untouched")),
        "{}",
        reply.json
    );
}
