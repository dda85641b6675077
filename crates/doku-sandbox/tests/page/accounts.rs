//! The lists: newest first, page by page, with what can be done.

use doku_model::Operation;
use serde_json::json;

use crate::support::{World, changed, create};

#[tokio::test]
async fn shows_accounts_with_state_and_countdown() {
    let world = World::start().await;
    let end =
        doku_model::Timestamp::wib(world.sandbox().now().instant() + time::Duration::minutes(90));
    let body = changed(create("INV-1"), json!({ "expiredDate": end.as_str() }));
    world.call(Operation::CreateVa, &body).await;
    let page = world.page("/").await;
    assert!(page.contains("Budi Santoso") && page.contains("Rp11.500"));
    assert!(page.contains("<span class=\"badge pending\">pending</span>"));
    assert!(page.contains(&format!("data-ends=\"{}\"", end.as_str())));
    assert!(
        page.contains(">1 h 29 min</span>") || page.contains(">1 h 30 min</span>"),
        "{page}"
    );

    world.form("/clock", &[("minutes", "91")]).await;
    let page = world.page("/accounts/1").await;
    assert!(
        page.contains("id=\"account-state\">expired</span>"),
        "{page}"
    );
    assert!(!page.contains("id=\"account-pay\""));
}

#[tokio::test]
async fn shows_many_page_by_page_and_each_once() {
    let world = World::start().await;
    let token = world.token().await;
    for number in 1..=60 {
        let body = create(&format!("INV-{number}")).to_string();
        let call = world.signed(Operation::CreateVa, body.as_bytes(), &token);
        assert_eq!(world.send(&call).await.unwrap().status, 200);
    }
    let first = world.page("/accounts").await;
    assert!(first.contains("<code>INV-60</code>") && first.contains("<code>INV-11</code>"));
    assert!(!first.contains("<code>INV-10</code>"));
    assert!(first.contains("11–60 of 60") && first.contains("/accounts?before=11"));
    let rest = world.page("/accounts?before=11").await;
    assert!(rest.contains("<code>INV-10</code>") && rest.contains("<code>INV-1</code>"));
    assert!(!rest.contains("<code>INV-11</code>") && !rest.contains("class=\"older\""));

    let first = world.page("/journal").await;
    assert_eq!(first.matches("<details id=\"entry-").count(), 50);
    let rest = world.page("/journal?before=12").await;
    assert_eq!(rest.matches("<details id=\"entry-").count(), 11);
    assert!(rest.contains("1–11 of 61") && !rest.contains("class=\"older\""));
}

#[tokio::test]
async fn shows_the_newest_of_many_payments() {
    let world = World::start().await;
    let body = changed(
        create("TOPUP-1"),
        json!({
            "virtualAccountTrxType": "O",
            "totalAmount": { "value": "0", "currency": "IDR" },
            "additionalInfo": {
                "channel": "VIRTUAL_ACCOUNT_BTN",
                "virtualAccountConfig": { "reusableStatus": true },
            },
        }),
    );
    let reply = world.call(Operation::CreateVa, &body).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let account = &world.sandbox().virtual_accounts()[0];
    let number = account.virtual_account_no.parse().unwrap();
    for rupiah in 1001..=1060 {
        let amount = format!("{rupiah}.00").parse().unwrap();
        world.sandbox().pay(&number, amount).unwrap();
    }
    let page = world.page("/accounts/1").await;
    assert_eq!(page.matches("<li class=\"payment\">").count(), 50);
    assert!(page.contains("Rp1.060") && page.contains("Rp1.011"));
    assert!(!page.contains("Rp1.010") && page.contains("11–60 of 60"));
}
