//! A shop with a server of ours and a local DOKU, and its orders.

use serde_json::{Value, json};
use tempfile::TempDir;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::server::Server;

/// What the page calls the merchant.
pub(crate) const NAME: &str = "Toko Maju";

pub(crate) struct Shop {
    pub(crate) server: Server,
    _settings: TempDir,
}

impl Shop {
    pub(crate) fn open() -> Self {
        let settings = TempDir::new().unwrap();
        let file = settings.path().join("doku.toml");
        std::fs::write(&file, format!("[page]\nmerchant = \"{NAME}\"\n")).unwrap();
        Self {
            server: Server::start_with(&["--config", file.to_str().unwrap()]),
            _settings: settings,
        }
    }

    /// An account for an order of Rp11.500 until the end of 2099, with these members changed.
    pub(crate) fn order(&self, trx_id: &str, changes: &Value) -> Account {
        let mut order = json!({
            "mode": "doku_generated",
            "trxId": trx_id,
            "name": "Budi Santoso",
            "bill": { "type": "closed", "amount": "11500.00" },
            "expiredDate": "2099-12-31T23:59:59+07:00",
        });
        for (name, value) in changes.as_object().unwrap() {
            order[name] = value.clone();
        }
        let (status, made) = self
            .server
            .api("POST", "/v1/virtual-accounts", Some(&order));
        assert_eq!(status, 201, "{made}");
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        Account {
            number: text("number"),
            grouped: text("numberGrouped"),
            page: text("payUrl"),
        }
    }

    /// Pays at the counter, and DOKU notifies it.
    pub(crate) fn pay(&self, account: &Account, amount: &str) {
        let told = self.server.pay(&account.number, amount);
        assert_eq!(told["notification"]["acknowledged"], true, "{told}");
    }
}

/// The moment so long from now, as an order says it.
pub(crate) fn from_now(wait: Duration) -> String {
    let end = OffsetDateTime::now_utc() + wait;
    end.replace_nanosecond(0).unwrap().format(&Rfc3339).unwrap()
}

/// What a customer is sent.
pub(crate) struct Account {
    pub(crate) number: String,
    pub(crate) grouped: String,
    pub(crate) page: String,
}
