//! Ten thousand creates at once on a cold client.

use std::collections::HashSet;

use tokio::task::JoinSet;

use crate::shop::{Shop, closed, dgpc};

const CROWD: usize = 10_000;

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_creates_at_once_cost_one_token_and_make_ten_thousand_accounts() {
    let shop = Shop::open_with(
        |sandbox| sandbox.journal_entries(2 * CROWD),
        |config| {
            let retry = doku_va_btn::RetryPolicy {
                attempt: std::time::Duration::from_secs(240),
                deadline: std::time::Duration::from_secs(240),
                ..doku_va_btn::RetryPolicy::default()
            };
            config.with_retry(retry)
        },
    )
    .await;
    let mut creates = JoinSet::new();
    for position in 0..CROWD {
        let client = shop.client.clone();
        creates.spawn(async move {
            let order = dgpc(&format!("INV-{position}"), closed(11_500));
            let created = client.create(&order).await.expect("an account");
            let id = created
                .answer
                .external_id()
                .expect("an external id")
                .clone();
            (created.value.number_as_typed(), id)
        });
    }
    let (mut numbers, mut ids) = (HashSet::new(), HashSet::new());
    while let Some(created) = creates.join_next().await {
        let (number, id) = created.expect("no panic");
        numbers.insert(number);
        ids.insert(id);
    }
    assert_eq!(numbers.len(), CROWD);
    assert_eq!(ids.len(), CROWD);
    assert_eq!(shop.sandbox().virtual_accounts().len(), CROWD);
    let journal = shop.sandbox().journal(0);
    let tokens = journal
        .iter()
        .filter(|entry| entry.operation == Some("token"))
        .count();
    assert_eq!(tokens, 1);
    assert_eq!(journal.len(), CROWD + 1, "nothing was sent twice");
}
