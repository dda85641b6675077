//! Orders, and an application that wants an account for each and asks again where it got no answer.

use serde_json::{Value, json};

use crate::draws::Draws;
use crate::events;
use crate::moment::{Moment, When, under_kill};
use crate::money;
use crate::world::World;

/// How often an application asks before it gives up. A server that lives answers the first time.
const PATIENCE: usize = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    DokuGenerated,
    MerchantGenerated,
    DirectInquiry,
}

/// What may be paid, in sen.
#[derive(Debug, Clone, Copy)]
enum Bill {
    Closed(u64),
    Between(u64, u64),
}

/// What the application knows of its order's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nothing.
    Nothing,
    /// It was asked for, and the server will find out what became of it.
    Asked,
    /// Its number.
    Number(String),
}

#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) trx_id: String,
    pub(crate) mode: Mode,
    pub(crate) reusable: bool,
    key: Option<String>,
    body: String,
    bill: Bill,
    pub(crate) known: Known,
}

/// What the application made of an answer.
enum Answer {
    Knows(Known),
    /// None, or one that says that nothing was done.
    None,
    /// Under this key nothing will ever be made.
    KeyIsSpent,
}

impl Order {
    /// The `place`th order of all, with everything about it drawn but the mode, of which each has its turn.
    pub(crate) fn of(place: usize, draws: &mut Draws) -> Self {
        let trx_id = format!("INV-{place}");
        let reusable = draws.one_in(2);
        let amount = 1_000_000 + draws.below(900_000_000);
        let limits = json!({ "min": money::text(amount), "max": money::text(amount * 2) });
        let (bill, asked) = match draws.below(3) {
            0 => (
                Bill::Closed(amount),
                json!({ "type": "closed", "amount": money::text(amount) }),
            ),
            1 => (
                Bill::Between(amount, amount * 2),
                json!({ "type": "open", "limits": limits }),
            ),
            _ => (
                Bill::Between(amount, amount * 2),
                json!({ "type": "variable", "amount": money::text(amount), "limits": limits }),
            ),
        };
        let mut body = json!({
            "trxId": trx_id,
            "name": "Budi Santoso",
            "bill": asked,
            "reusable": reusable,
        });
        let mode = match place % 3 {
            0 => Mode::DokuGenerated,
            1 => Mode::MerchantGenerated,
            _ => Mode::DirectInquiry,
        };
        let (word, bin) = match mode {
            Mode::DokuGenerated => ("doku_generated", None),
            Mode::MerchantGenerated => ("merchant_generated", Some("8129")),
            Mode::DirectInquiry => ("direct_inquiry", Some("8130")),
        };
        body["mode"] = word.into();
        if let Some(bin) = bin {
            body["partnerServiceId"] = bin.into();
            body["customerNo"] = format!("{:012}", 100_000 + place).into();
        }
        Self {
            key: draws.one_in(2).then(|| format!("key of {trx_id}")),
            trx_id,
            mode,
            reusable,
            body: body.to_string(),
            bill,
            known: Known::Nothing,
        }
    }

    /// What somebody pays.
    pub(crate) fn amount(&self, draws: &mut Draws) -> u64 {
        match self.bill {
            Bill::Closed(amount) => amount,
            Bill::Between(min, max) => min + draws.below(max - min + 1),
        }
    }

    fn path(&self) -> String {
        format!("/v1/virtual-accounts/{}", self.trx_id)
    }

    /// The same request each time, as an application sends it that cannot know whether it arrived.
    fn ask(&self, world: &World) -> Answer {
        let key = self.key.as_deref();
        let Some(reply) = world.api("POST", "/v1/virtual-accounts", key, &self.body) else {
            return Answer::None;
        };
        match reply.status {
            200 | 201 => Answer::Knows(number(&reply.json())),
            202 => Answer::Knows(Known::Asked),
            // It was recorded, by a request that had no key to be known by.
            409 if key.is_none() => {
                assert_eq!(reply.json()["trxId"], self.trx_id, "{reply:?}");
                Answer::Knows(Known::Asked)
            }
            422 if key.is_some() => Answer::KeyIsSpent,
            502 | 503 => Answer::None,
            _ => panic!("{}: {reply:?}", self.trx_id),
        }
    }

    /// Looks at the account, where it was asked for.
    pub(crate) fn look(&mut self, world: &World) {
        let account = world.ask(&self.path());
        assert_eq!(account["trxId"], self.trx_id, "{account}");
        if account["state"] == "active" || account["state"] == "paid" {
            self.known = number(&account);
        }
    }

    /// Asks until something is known.
    fn insist(&mut self, world: &World) {
        for _ in 0..PATIENCE {
            match self.ask(world) {
                Answer::Knows(known) => {
                    self.known = known;
                    if self.known == Known::Asked {
                        self.look(world);
                    }
                    return;
                }
                Answer::None => {}
                Answer::KeyIsSpent => self.key = self.key.take().map(|key| key + " again"),
            }
        }
        panic!("the server does not answer for {}", self.trx_id);
    }
}

fn number(account: &Value) -> Known {
    let number = account["number"].as_str();
    Known::Number(number.unwrap_or_else(|| panic!("{account}")).to_owned())
}

/// What became of the requests of a load.
#[derive(Default)]
pub(crate) struct Creates {
    /// Requests that had no answer, or none that helps.
    pub(crate) cut_off: u64,
    /// Accounts that nobody knew the fate of after the application had asked again.
    pub(crate) open: u64,
}

/// Asks for an account for each order while the server is killed, and again when it is back.
pub(crate) fn create(world: &World, orders: &mut [Order], draws: &mut Draws) -> Creates {
    let already = world.accounts_at_doku(0).len();
    let at_doku = orders
        .iter()
        .filter(|order| order.mode != Mode::DirectInquiry)
        .count();
    let (fault, when) = match draws.below(4) {
        // DOKU has made it, and its answer is on the way for longer than the server lives.
        0 | 1 => (
            json!({ "operation": "createVa", "kind": "delay", "milliseconds": 900, "percent": 70, "seed": draws.below(1000) }),
            When::Made(already + 1 + draws.place(at_doku)),
        ),
        2 => (
            json!({ "operation": "createVa", "kind": "dropAfter", "percent": 30, "seed": draws.below(1000) }),
            When::Begun(1 + draws.place(orders.len())),
        ),
        _ => (
            Value::Null,
            When::Answered(1 + draws.place(orders.len() / 2)),
        ),
    };
    if !fault.is_null() {
        world.fault(&fault);
    }
    let moment = Moment::of(when, draws);
    let answers = under_kill(world, orders, &moment, |order| {
        let answer = order.ask(world);
        let answered = matches!(answer, Answer::Knows(Known::Number(_)));
        ((order.trx_id.clone(), answer), answered)
    });
    world.no_more_faults();
    world.start();
    let mut creates = Creates::default();
    for (trx_id, answer) in answers {
        let order = orders.iter_mut().find(|order| order.trx_id == trx_id);
        let order = order.unwrap();
        match answer {
            Answer::Knows(known) => order.known = known,
            Answer::None | Answer::KeyIsSpent => {
                creates.cut_off += 1;
                order.insist(world);
            }
        }
        if order.known == Known::Asked {
            creates.open += 1;
        }
    }
    creates
}

/// What the invoice numbers of marks begin with.
pub(crate) const MARK: &str = "MARK-";

/// One more order of a number of the merchant's own. Gives everything that happened before it: a reader is shown nothing that
/// something may still come before, and in PostgreSQL that is so for as long as anybody's transaction is open.
pub(crate) fn mark(world: &World, name: &str) -> Vec<Value> {
    let trx_id = format!("{MARK}{name}");
    let body = json!({
        "trxId": trx_id,
        "mode": "direct_inquiry",
        "partnerServiceId": "8130",
        "customerNo": "000000000001",
        "name": "Budi Santoso",
        "bill": { "type": "closed", "amount": "1.00" },
    });
    let reply = world.api("POST", "/v1/virtual-accounts", None, &body.to_string());
    let reply = reply.unwrap();
    assert_eq!(reply.status, 201, "{reply:?}");
    events::until(world, |event| event["trxId"] == trx_id.as_str())
}
