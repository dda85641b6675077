//! External ids: one use a day, and the earlier answer for the same call.

use std::time::Duration;

use doku_model::{Operation, WIB};
use insta::assert_json_snapshot;
use serde_json::json;
use time::{OffsetDateTime, UtcOffset};

use crate::support::{World, changed, create, now};

const CREATE: Operation = Operation::CreateVa;

#[tokio::test]
async fn the_same_call_gets_the_earlier_answer_under_409() {
    let world = World::start().await;
    let token = world.token().await;
    let body = create("INV-1").to_string();
    let first = world.signed(CREATE, body.as_bytes(), &token);
    let answered = world.send(&first).await.unwrap();
    assert_eq!(answered.status, 200);

    // Signed anew, at another moment, with another token and other blanks: still the same call.
    let token = world.token().await;
    let spaced = serde_json::to_string_pretty(&create("INV-1")).unwrap();
    let again = world
        .signed_at(CREATE, spaced.as_bytes(), &token, &now())
        .set("X-EXTERNAL-ID", first.header("X-EXTERNAL-ID"));
    let repeated = world.send(&again).await.unwrap();
    assert_eq!(repeated.status, 409);
    assert_eq!(repeated.body, answered.body);
    assert_eq!(repeated.code(), "2002700");
    assert_eq!(world.sandbox().virtual_accounts().len(), 1);
    let entry = world.last_entry();
    assert_eq!(entry.verdict, doku_sandbox::Verdict::Repeated);
    assert!(entry.reason.unwrap().contains("same call"));
}

#[tokio::test]
async fn another_call_gets_a_bare_conflict() {
    let world = World::start().await;
    let token = world.token().await;
    let send = async |operation, body: String| {
        let call = world.signed(operation, body.as_bytes(), &token);
        world
            .send(&call.set("X-EXTERNAL-ID", "4711"))
            .await
            .unwrap()
    };
    assert_eq!(send(CREATE, create("INV-1").to_string()).await.status, 200);
    let reply = send(CREATE, create("INV-2").to_string()).await;
    assert_eq!((reply.status, reply.code().as_str()), (409, "4092700"));
    assert_json_snapshot!("conflict", reply.json());
    let reply = send(Operation::DeleteVa, create("INV-1").to_string()).await;
    assert_eq!(reply.code(), "4093100", "the same body, another operation");
    assert_eq!(world.sandbox().virtual_accounts().len(), 1);
}

#[tokio::test]
async fn a_refusal_is_remembered_too() {
    let world = World::start().await;
    let token = world.token().await;
    let body = changed(create("INV-1"), json!({ "trxId": null })).to_string();
    let call = world.signed(CREATE, body.as_bytes(), &token);
    let first = world.send(&call).await.unwrap();
    let second = world.send(&call).await.unwrap();
    assert_eq!((first.status, second.status), (400, 409));
    assert_eq!(first.body, second.body);
}

#[tokio::test]
async fn the_day_ends_where_it_is_said_to_end() {
    // 23:30 in Jakarta is 16:30 UTC: half an hour later it is tomorrow in one place only.
    let late = OffsetDateTime::from_unix_timestamp(1_767_198_600).unwrap();
    assert_eq!(late.to_offset(WIB).hour(), 23);
    for (offset, forgotten) in [(WIB, true), (UtcOffset::UTC, false)] {
        let world = World::with(|config| config.clock_start(late).day_offset(offset)).await;
        let time = || world.sandbox().now().to_string();
        let token = async || {
            let request = crate::support::token_request(&time());
            let reply = world.send(&request).await.unwrap();
            reply.json()["accessToken"].as_str().unwrap().to_owned()
        };
        let send = async |trx_id: &str| {
            let body = create(trx_id).to_string();
            let call = world.signed_at(CREATE, body.as_bytes(), &token().await, &time());
            world
                .send(&call.set("X-EXTERNAL-ID", "4711"))
                .await
                .unwrap()
        };
        assert_eq!(send("INV-1").await.status, 200);
        world.sandbox().advance(Duration::from_secs(1700));
        assert_eq!(send("INV-2").await.status, 409);
        world.sandbox().advance(Duration::from_secs(200));
        let expected = if forgotten { 200 } else { 409 };
        assert_eq!(send("INV-3").await.status, expected, "{offset}");
        world.sandbox().advance(Duration::from_secs(24 * 3600));
        assert_eq!(send("INV-4").await.status, 200);
    }
}
