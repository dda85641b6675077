//! What the official SDKs send: accepted with a note, or refused by a strict sandbox.

use doku_model::{Operation, Timestamp};
use serde_json::{Value, json};

use crate::support::{Call, World, changed, create, now, token_request};

const CREATE: Operation = Operation::CreateVa;

/// Every oddity: the call, and the header or member that is odd.
fn oddities(world: &World, token: &str) -> Vec<(Call, &'static str)> {
    let text = |body: &Value| body.to_string();
    let of = |trx_id: &str| world.signed(CREATE, text(&create(trx_id)).as_bytes(), token);
    let with = |trx_id: &str, members: Value| {
        let body = text(&changed(create(trx_id), members));
        world.signed(CREATE, body.as_bytes(), token)
    };
    let info = |members: Value| json!({ "additionalInfo": changed(json!({ "channel": "VIRTUAL_ACCOUNT_BTN" }), members) });
    let moment = Timestamp::utc(std::time::SystemTime::now().into());
    let minus_zero = moment.as_str().replace('Z', "-00:00");
    let spaced = text(&create("INV-9")).replace("\":", "\": ");
    let null_limits = text(&create("INV-10")).replace(
        r#""channel":"VIRTUAL_ACCOUNT_BTN""#,
        r#""channel":"VIRTUAL_ACCOUNT_BTN","virtualAccountConfig":{"minAmount":null,"maxAmount":null,"reusableStatus":false}"#,
    );
    let limits = changed(
        info(json!({ "virtualAccountConfig": { "minAmount": 10000, "maxAmount": "50000.00" } })),
        json!({ "virtualAccountTrxType": "O", "totalAmount": { "value": "0", "currency": "IDR" } }),
    );
    vec![
        (of("INV-1").set("CHANNEL-ID", "SDK"), "CHANNEL-ID"),
        (
            of("INV-2").set("CHANNEL-ID", "VIRTUAL_ACCOUNT_BTN"),
            "CHANNEL-ID",
        ),
        (of("INV-3").without("CHANNEL-ID"), "CHANNEL-ID"),
        (
            of("INV-4").set("X-EXTERNAL-ID", &"7".repeat(55)),
            "X-EXTERNAL-ID",
        ),
        (
            of("INV-5").set("X-EXTERNAL-ID", "0cdc2f0a-11e2-4b3b-9f51-2f5a5ec9e7b6"),
            "X-EXTERNAL-ID",
        ),
        (
            with("INV-6", json!({ "origin": { "product": "SDK" } })),
            "origin",
        ),
        (
            with("INV-7", info(json!({ "origin": { "product": "SDK" } }))),
            "additionalInfo.origin",
        ),
        (
            with(
                "INV-8",
                json!({ "freeTexts": [{ "english": "a", "indonesia": "b" }] }),
            ),
            "freeTexts",
        ),
        (world.signed(CREATE, spaced.as_bytes(), token), "body"),
        (
            world.signed(CREATE, null_limits.as_bytes(), token),
            "additionalInfo.virtualAccountConfig.maxAmount",
        ),
        (
            with("INV-11", limits),
            "additionalInfo.virtualAccountConfig.minAmount",
        ),
        (
            world.signed_at(
                CREATE,
                text(&create("INV-12")).as_bytes(),
                token,
                &minus_zero,
            ),
            "X-TIMESTAMP",
        ),
        (of("INV-13").without("Content-Type"), "Content-Type"),
    ]
}

#[tokio::test]
async fn is_accepted_with_a_note() {
    let world = World::start().await;
    let token = world.token().await;
    for (call, field) in oddities(&world, &token) {
        let reply = world.send(&call).await.unwrap();
        assert_eq!(reply.code(), "2002700", "{field}: {}", reply.text());
        let notes = world.last_entry().notes;
        assert!(
            notes.iter().any(|note| note.field == field),
            "{field}: {notes:?}"
        );
    }
}

#[tokio::test]
async fn is_refused_by_a_strict_sandbox() {
    let world = World::with(|config| config.strict(true)).await;
    let token = world.token().await;
    for (call, field) in oddities(&world, &token) {
        let reply = world.send(&call).await.unwrap();
        assert_eq!(reply.code(), "4002701", "{field}: {}", reply.text());
        assert!(
            reply.message().contains(&format!("{{{field}}}")),
            "{}",
            reply.text()
        );
    }
    assert!(world.sandbox().virtual_accounts().is_empty());
}

#[tokio::test]
async fn documented_calls_have_no_notes() {
    let world = World::with(|config| config.strict(true)).await;
    let data = world.created("INV-1").await;
    assert!(world.last_entry().notes.is_empty());
    let token = world.token().await;
    // CHANNEL-ID is not among the documented headers of check status.
    let body = crate::support::ask(&data).to_string();
    let call = world.signed(Operation::CheckStatus, body.as_bytes(), &token);
    let reply = world.send(&call.without("CHANNEL-ID")).await.unwrap();
    assert_eq!(reply.code(), "2002600");
}

#[tokio::test]
async fn a_token_request_with_more_than_its_grant_is_noted() {
    for (strict, code) in [(false, "2007300"), (true, "4007301")] {
        let world = World::with(|config| config.strict(strict)).await;
        let mut call = token_request(&now());
        call.body = br#"{"grantType":"client_credentials","additionalInfo":""}"#.to_vec();
        assert_eq!(world.send(&call).await.unwrap().code(), code);
        assert_eq!(world.last_entry().notes[0].field, "additionalInfo");
    }
}

#[tokio::test]
async fn a_misspelt_member_is_pointed_out() {
    let world = World::start().await;
    let misspelt = json!({ "virtualAccountTrxType": null, "virtualAccounTrxType": "C" });
    let reply = world
        .call(CREATE, &changed(create("INV-1"), misspelt))
        .await;
    assert_eq!(reply.code(), "4002702");
    let notes = world.last_entry().notes;
    assert!(notes[0].what.contains("misspelt"), "{notes:?}");
}
