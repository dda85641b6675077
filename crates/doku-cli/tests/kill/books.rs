//! What is known of payments, on three sides: the customers' receipts, DOKU's journal, and the ledger as it is read along.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::money;
use crate::orders::mark;
use crate::world::World;

/// A payment as a customer knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) trx_id: String,
    pub(crate) sen: u64,
}

#[derive(Default)]
pub(crate) struct Books {
    /// By DOKU's id of the payment.
    pub(crate) receipts: BTreeMap<String, Receipt>,
    /// What DOKU's journal says was answered with HTTP 200 and `2002500`.
    pub(crate) acknowledged: BTreeSet<String>,
    journal: u64,
    /// The payments of the merchant API, as an application reads them that goes on from where it was.
    pub(crate) followed: Vec<Value>,
    cursor: Option<String>,
    /// How often somebody else's transaction hid what was new.
    marks: u64,
    /// What was in the ledger after a kill although DOKU had not heard so.
    pub(crate) kept_unheard: BTreeSet<String>,
}

impl Books {
    pub(crate) fn paid(&mut self, payment: String, trx_id: String, sen: u64) {
        let before = self.receipts.insert(payment, Receipt { trx_id, sen });
        assert_eq!(before, None, "the bank gives each payment an id of its own");
    }

    pub(crate) fn paid_orders(&self) -> BTreeSet<String> {
        let orders = self.receipts.values();
        orders.map(|receipt| receipt.trx_id.clone()).collect()
    }

    /// Reads on in DOKU's journal, which keeps the last thousands of entries only.
    fn read_journal(&mut self, world: &World) {
        let journal = world.look(&format!("journal?after={}", self.journal));
        for entry in journal["entries"].as_array().unwrap() {
            let number = entry["number"].as_u64().unwrap();
            assert_eq!(number, self.journal + 1, "an entry was lost");
            self.journal = number;
            if entry["operation"] != "payment" || entry["direction"] != "outbound" {
                continue;
            }
            if entry["status"] == 200 && entry["responseCode"] == "2002500" {
                let body: Value = serde_json::from_str(entry["body"].as_str().unwrap()).unwrap();
                let id = body["paymentRequestId"].as_str().unwrap();
                self.acknowledged.insert(id.to_owned());
            }
        }
    }

    /// Reads on in the ledger.
    fn follow(&mut self, world: &World) {
        let after = self.cursor.take().unwrap_or_else(|| "0.0.0".to_owned());
        let (more, cursor) = world.list("payments", &after);
        self.cursor = Some(cursor);
        self.followed.extend(more);
    }

    /// Whatever was acknowledged is there, before anybody tells it again, and once.
    pub(crate) fn check_after_a_kill(&mut self, world: &World) {
        self.read_journal(world);
        self.follow(world);
        let unseen = |books: &Self| {
            let seen = |payment: &Value| payment["paymentRequestId"].as_str().map(str::to_owned);
            let seen: BTreeSet<String> = books.followed.iter().filter_map(seen).collect();
            !books.acknowledged.is_subset(&seen)
        };
        if unseen(self) {
            self.marks += 1;
            mark(world, &self.marks.to_string());
            self.follow(world);
        }
        let mut kept: BTreeMap<&str, u64> = BTreeMap::new();
        for payment in &self.followed {
            let id = payment["paymentRequestId"].as_str().unwrap();
            let amount = money::sen(&payment["amount"]);
            assert_eq!(kept.insert(id, amount), None, "{id} is there twice");
        }
        for id in &self.acknowledged {
            assert!(
                kept.contains_key(id.as_str()),
                "{id} was acknowledged, and is not in the ledger"
            );
        }
        for id in kept.into_keys() {
            if !self.acknowledged.contains(id) {
                self.kept_unheard.insert(id.to_owned());
            }
        }
    }
}
