//! Faults: what the caller sees on the wire, and whether the work was done.

use std::time::{Duration, Instant};

use doku_model::Operation;
use doku_sandbox::{EchoedMember, Fault, FaultKind, Verdict};
use serde_json::{Value, json};

use crate::support::{World, ask, changed, create, create_own};

const CREATE: Operation = Operation::CreateVa;

async fn send(
    world: &World,
    fault: FaultKind,
) -> Result<crate::support::Reply, crate::support::CutOff> {
    let token = world.token().await;
    world
        .sandbox()
        .fault(Fault::once(fault).on(CREATE))
        .unwrap();
    let call = world.signed(CREATE, create("INV-1").to_string().as_bytes(), &token);
    world.send(&call).await
}

fn accounts(world: &World) -> usize {
    world.sandbox().virtual_accounts().len()
}

#[tokio::test]
async fn drop_before_leaves_nothing_behind() {
    let world = World::start().await;
    let cut = send(&world, FaultKind::DropBefore).await.unwrap_err();
    assert!(
        cut.received.is_empty(),
        "{:?}",
        String::from_utf8_lossy(&cut.received)
    );
    assert_eq!(accounts(&world), 0);
    let entry = world.last_entry();
    assert_eq!(
        (entry.verdict, entry.status, entry.fault),
        (Verdict::Faulted, 0, Some("dropBefore"))
    );
}

#[tokio::test]
async fn drop_after_leaves_the_account_behind() {
    let world = World::start().await;
    let cut = send(&world, FaultKind::DropAfter).await.unwrap_err();
    assert!(cut.received.is_empty());
    assert_eq!(accounts(&world), 1);
}

#[tokio::test]
async fn a_cut_body_breaks_off_after_its_promise() {
    let world = World::start().await;
    let cut = send(&world, FaultKind::CutBody).await.unwrap_err();
    let received = String::from_utf8(cut.received).unwrap();
    let (head, body) = received.split_once("\r\n\r\n").expect("the head arrived");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let promised = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .expect("a length was promised");
    let promised: usize = promised.parse().unwrap();
    assert_eq!(body.len(), promised / 2);
    assert!(body.starts_with("{\"responseCode\":\"2002700\""), "{body}");
    assert_eq!(accounts(&world), 1);
}

#[tokio::test]
async fn a_status_comes_after_the_work_or_before_it() {
    for (after_work, left) in [(true, 1), (false, 0)] {
        let world = World::start().await;
        let fault = FaultKind::Status {
            status: 503,
            after_work,
        };
        let reply = send(&world, fault).await.unwrap();
        assert_eq!((reply.status, reply.code().as_str()), (503, "5032700"));
        assert_eq!(accounts(&world), left);
        assert_eq!(world.last_entry().status, 503);
    }
}

#[tokio::test]
async fn a_page_of_html_comes_with_any_status() {
    for status in [200, 502] {
        let world = World::start().await;
        let reply = send(&world, FaultKind::Html { status }).await.unwrap();
        assert_eq!(reply.status, status);
        assert_eq!(reply.header("content-type"), Some("text/html"));
        assert!(reply.text().starts_with("<!DOCTYPE html>"));
        assert_eq!(accounts(&world), 1);
    }
}

#[tokio::test]
async fn a_conflict_hides_the_success() {
    let world = World::start().await;
    let reply = send(&world, FaultKind::Conflict).await.unwrap();
    assert_eq!((reply.status, reply.code().as_str()), (409, "4092700"));
    assert_eq!(accounts(&world), 1);
}

#[tokio::test]
async fn a_late_answer_is_the_right_one() {
    let world = World::start().await;
    let begun = Instant::now();
    let reply = send(&world, FaultKind::Delay { milliseconds: 60 })
        .await
        .unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(60));
    assert_eq!(reply.code(), "2002700");
}

#[tokio::test]
async fn a_hanging_call_is_done_and_does_not_hold_up_the_end() {
    let world = World::start().await;
    let token = world.token().await;
    world.sandbox().fault(Fault::once(FaultKind::Hang)).unwrap();
    let call = world.signed(CREATE, create("INV-1").to_string().as_bytes(), &token);
    let recorded = async {
        while world.last_entry().fault.is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        answer = world.send(&call) => panic!("nothing may be answered: {answer:?}"),
        () = recorded => {}
    }
    assert_eq!(accounts(&world), 1);
    let begun = Instant::now();
    world.running.shutdown().await;
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn a_token_can_be_revoked_or_run_out() {
    for (kind, reason) in [
        (FaultKind::InvalidToken, "was revoked"),
        (FaultKind::ExpiredToken, "has expired"),
    ] {
        let world = World::start().await;
        let name = kind.name();
        let reply = send(&world, kind).await.unwrap();
        assert_eq!((reply.status, reply.code().as_str()), (401, "4012701"));
        assert_eq!(accounts(&world), 0);
        let entry = world.last_entry();
        assert_eq!(
            (entry.verdict, entry.fault),
            (Verdict::Refused, Some(name)),
            "the journal says why"
        );
        assert!(entry.reason.unwrap().contains(reason), "{name}");
        let reply = world.call(CREATE, &create("INV-1")).await;
        assert_eq!(reply.code(), "2002700", "a new token is good");
    }
}

/// What the answer to create says otherwise.
fn otherwise(member: EchoedMember) -> Value {
    match member {
        EchoedMember::TrxId => json!({ "trxId": "INV-0" }),
        EchoedMember::VirtualAccountNo => {
            json!({ "customerNo": "9", "virtualAccountNo": "    81299" })
        }
        EchoedMember::Amount => {
            json!({ "totalAmount": { "currency": "IDR", "value": "11501.00" } })
        }
        EchoedMember::Currency => {
            json!({ "totalAmount": { "currency": "USD", "value": "11500.00" } })
        }
        EchoedMember::ExpiredDate => json!({ "expiredDate": "2099-01-02T10:55:00+07:00" }),
        other => panic!("{other:?} has no row in this table"),
    }
}

#[tokio::test]
async fn an_answer_speaks_of_something_else_and_the_record_does_not() {
    for member in [
        EchoedMember::TrxId,
        EchoedMember::VirtualAccountNo,
        EchoedMember::Amount,
        EchoedMember::Currency,
        EchoedMember::ExpiredDate,
    ] {
        let world = World::start().await;
        let order = create_own("INV-1", "6");
        let kind = FaultKind::WrongEcho { member };
        world.sandbox().fault(Fault::once(kind).on(CREATE)).unwrap();
        let token = world.token().await;
        let call = world.signed(CREATE, order.to_string().as_bytes(), &token);
        let wrong = world.send(&call).await.unwrap();
        assert_eq!((wrong.status, wrong.code().as_str()), (200, "2002700"));
        let entry = world.last_entry();
        assert_eq!(
            (entry.verdict, entry.status, entry.fault),
            (Verdict::Faulted, 200, Some("wrongEcho"))
        );
        assert!(entry.reason.unwrap().starts_with("the answer has another "));

        // The same call again gets the answer that was due, and that is all that differs.
        let mut right = world.send(&call).await.unwrap().json();
        let data = right["virtualAccountData"].take();
        right["virtualAccountData"] = changed(data, otherwise(member));
        assert_eq!(right, wrong.json(), "{member:?}");
        assert_eq!(accounts(&world), 1);
    }
}

#[tokio::test]
async fn a_refusal_has_nothing_to_say_otherwise() {
    let world = World::start().await;
    let kind = FaultKind::WrongEcho {
        member: EchoedMember::TrxId,
    };
    world.sandbox().fault(Fault::once(kind)).unwrap();
    let nobody = ask(&create_own("INV-1", "404"));
    let reply = world.call(Operation::CheckStatus, &nobody).await;
    assert_eq!(reply.code(), "4042601");
    let entry = world.last_entry();
    assert_eq!(
        (entry.verdict, entry.fault),
        (Verdict::Refused, Some("wrongEcho"))
    );
    assert!(entry.reason.unwrap().contains("nothing to spoil"));
}

#[tokio::test]
async fn the_control_plane_orders_and_takes_back() {
    let world = World::start().await;
    let order = json!({ "operation": "createVa", "kind": "status", "status": 500, "count": 2 });
    let reply = world.post("/_sandbox/faults", &order).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json()["faults"][0]["count"], 2);
    assert_eq!(world.call(CREATE, &create("INV-1")).await.status, 500);
    let mut clear = world.signed(CREATE, b"", "");
    clear.method = "DELETE";
    clear.target = "/_sandbox/faults".to_owned();
    assert_eq!(world.send(&clear).await.unwrap().status, 200);
    assert_eq!(world.call(CREATE, &create("INV-2")).await.status, 200);
    for wrong in [
        json!({ "kind": "explode" }),
        json!({ "kind": "status", "status": 200 }),
        json!({ "kind": "hang", "count": 0 }),
        json!({ "operation": "refund", "kind": "hang" }),
        json!({ "operation": "deleteVa", "kind": "wrongEcho", "member": "amount" }),
        json!({ "kind": "wrongEcho", "member": "colour" }),
        json!({ "operation": "token", "kind": "expiredToken" }),
    ] {
        let reply = world.post("/_sandbox/faults", &wrong).await;
        assert!(
            (400..500).contains(&reply.status),
            "{wrong}: {}",
            reply.status
        );
    }
}

#[tokio::test]
async fn the_control_plane_shows_what_was_ordered_and_says_what_cannot_be() {
    let world = World::start().await;
    let post = async |order: Value| world.post("/_sandbox/faults", &order).await;
    let default = post(json!({ "operation": "createVa", "kind": "wrongEcho" })).await;
    assert_eq!(default.json()["faults"][0]["member"], "trxId");
    for kind in ["duplicate", "outOfOrder", "expiredToken"] {
        let reply = post(json!({ "kind": kind })).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    let signed = post(json!({ "kind": "brokenSignature" })).await;
    assert_eq!(signed.status, 400);
    assert_eq!(
        signed.json()["reason"],
        "brokenSignature cannot happen to calls of the merchant: DOKU's answers carry no signature"
    );
}
