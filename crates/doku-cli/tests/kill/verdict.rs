//! Whether everything agrees in the end.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::books::{Books, Receipt};
use crate::money;
use crate::orders::{MARK, Mode, Order};
use crate::payments;
use crate::world::World;

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    let text = value[member].as_str();
    text.unwrap_or_else(|| panic!("no {member}: {value}"))
}

/// Payments by DOKU's id, each of which must be there once.
fn by_id<'v>(payments: impl IntoIterator<Item = &'v Value>) -> BTreeMap<String, Receipt> {
    let mut all = BTreeMap::new();
    for payment in payments {
        assert_eq!(payment["verdict"], "satisfied", "{payment}");
        let receipt = Receipt {
            trx_id: text(payment, "trxId").to_owned(),
            sen: money::sen(&payment["amount"]),
        };
        let id = text(payment, "paymentRequestId").to_owned();
        assert_eq!(all.insert(id, receipt), None, "twice: {payment}");
    }
    all
}

/// What each order was credited, and how often.
fn by_order(receipts: &BTreeMap<String, Receipt>) -> BTreeMap<String, (u64, u64)> {
    let mut orders: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for receipt in receipts.values() {
        let (sen, count) = orders.entry(receipt.trx_id.clone()).or_default();
        *sen += receipt.sen;
        *count += 1;
    }
    orders
}

/// Every payment is in the ledger once, by every way to look, and to the sen. Gives the sum.
pub(crate) fn payments_agree(world: &World, orders: &[Order], books: &Books) -> u64 {
    let told = world.notifications();
    let by_doku: BTreeMap<String, Receipt> = told
        .iter()
        .map(|told| {
            let receipt = Receipt {
                trx_id: text(told, "trxId").to_owned(),
                sen: money::sen(&told["paidAmount"]),
            };
            (text(told, "paymentRequestId").to_owned(), receipt)
        })
        .collect();
    assert_eq!(by_doku, books.receipts, "DOKU and the customers disagree");
    for told in &told {
        assert_eq!(told["acknowledged"], true, "{told}");
        let id = text(told, "paymentRequestId");
        assert!(books.acknowledged.contains(id), "{told}");
    }
    assert_eq!(books.acknowledged.len(), told.len());

    let (listed, _) = world.list("payments", "0.0.0");
    assert_eq!(by_id(&listed), books.receipts, "the merchant API");
    assert_eq!(by_id(&books.followed), books.receipts, "whoever read along");
    let exported = world.export("payments");
    assert_eq!(by_id(&exported), books.receipts, "the export");

    let credited: BTreeMap<String, (u64, u64)> = world
        .export("accounts")
        .iter()
        .filter(|account| account["payments"] != 0)
        .map(|account| {
            let credited = money::sen(&account["credited"]);
            let count = account["payments"].as_u64().unwrap();
            (text(account, "trxId").to_owned(), (credited, count))
        })
        .collect();
    let expected = by_order(&books.receipts);
    assert_eq!(credited, expected, "what the orders were credited");
    assert_eq!(expected.len(), orders.len(), "every order was paid");
    let sum = |orders: &BTreeMap<String, (u64, u64)>| orders.values().map(|(sen, _)| sen).sum();
    let total: u64 = sum(&credited);
    assert_eq!(
        total,
        books
            .receipts
            .values()
            .map(|receipt| receipt.sen)
            .sum::<u64>()
    );
    total
}

/// Each payment was told of by one event, and each order that may be paid once was fulfilled once.
pub(crate) fn events_agree(seen: &[Value], orders: &[Order], books: &Books) {
    let mut ids = BTreeSet::new();
    let mut received = BTreeMap::new();
    let mut paid = BTreeSet::new();
    for event in seen {
        assert!(ids.insert(text(event, "id")), "twice: {event}");
        match text(event, "type") {
            "payment.received" => {
                let receipt = Receipt {
                    trx_id: text(event, "trxId").to_owned(),
                    sen: money::sen(&event["data"]["amount"]),
                };
                let id = text(&event["data"], "paymentRequestId").to_owned();
                assert_eq!(received.insert(id, receipt), None, "twice: {event}");
            }
            "account.paid" => {
                assert!(paid.insert(text(event, "trxId")), "twice: {event}");
            }
            other => assert!(!other.starts_with("payment."), "{event}"),
        }
    }
    assert_eq!(received, books.receipts, "the events");
    let once: BTreeSet<&str> = orders
        .iter()
        .filter(|order| !order.reusable)
        .map(|order| order.trx_id.as_str())
        .collect();
    assert_eq!(paid, once, "the orders that are fulfilled");
}

/// DOKU has made no second account for any order. It would: of a repeated create it knows the external id alone.
#[track_caller]
pub(crate) fn one_account_each(world: &World) {
    let mut numbers: BTreeMap<String, String> = BTreeMap::new();
    for account in world.accounts_at_doku(0) {
        let number = text(&account, "virtualAccountNo").to_owned();
        let trx_id = text(&account, "trxId").to_owned();
        if let Some(other) = numbers.insert(trx_id.clone(), number.clone()) {
            panic!("{trx_id} has two accounts, {other} and {number}");
        }
    }
}

/// No order has two accounts, at DOKU or here, and the one that DOKU has is the one that is known here.
pub(crate) fn accounts_agree(world: &World, orders: &[Order], left: &BTreeSet<String>) {
    one_account_each(world);
    let numbers = payments::numbers(world);
    let expected = orders
        .iter()
        .filter(|order| order.mode != Mode::DirectInquiry)
        .count();
    assert_eq!(numbers.len(), expected, "every order has its account");
    let (mut accounts, _) = world.list("virtual-accounts", "0.0.0");
    accounts.retain(|account| !text(account, "trxId").starts_with(MARK));
    assert_eq!(accounts.len(), orders.len() + left.len());
    let mut seen = BTreeSet::new();
    for account in &accounts {
        let trx_id = text(account, "trxId");
        assert!(seen.insert(trx_id), "twice: {account}");
        if left.contains(trx_id) {
            assert_eq!(account["state"], "unknown", "{account}");
            continue;
        }
        let order = orders.iter().find(|order| order.trx_id == trx_id).unwrap();
        let state = if order.reusable { "active" } else { "paid" };
        assert_eq!(account["state"], state, "{account}");
        if order.mode != Mode::DirectInquiry {
            assert_eq!(numbers[trx_id], text(account, "number"), "{account}");
        }
    }
}
