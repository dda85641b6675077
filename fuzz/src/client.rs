//! The client, answered by anybody.

mod doku;
mod success;

use std::sync::{Arc, LazyLock};

use doku_model::Bill;
use doku_va_btn::{
    Change, Client, CreateVa, Error, HowToPay, Outcome, PaymentStatus, Response, VirtualAccount,
};
use tokio::runtime::{Builder, Runtime};

use doku::{Asked, Doku};

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_time().build().unwrap());

/// The client whose token is in hand, and the DOKU it calls. Shared by all inputs, because a token costs an RSA signature.
static CALLING: LazyLock<(Client, Arc<Doku>)> = LazyLock::new(|| {
    let doku = Arc::new(Doku::default());
    (doku::client(Arc::clone(&doku)), doku)
});

/// The calls that a client makes.
const CALLS: [&str; 8] = [
    "create",
    "register",
    "settle",
    "update",
    "delete",
    "status",
    "how-to-pay",
    "token",
];

/// A call succeeds only if an answer says so, in DOKU's code and about the account that was asked about.
///
/// The input is the name of a call and then what DOKU answers, each beginning with a line that is the HTTP status, or
/// `connect` or `lost`, and ending before a line `%%`. Without a name every call gets the whole input as its one answer.
pub fn client(input: &[u8]) {
    let (name, answers) = match input.iter().position(|byte| *byte == b'\n') {
        Some(end) => input.split_at(end),
        None => (input, &[][..]),
    };
    match CALLS.iter().find(|call| call.as_bytes() == name) {
        Some(call) => make(call, &doku::script(answers)),
        None => {
            for call in CALLS.iter().filter(|call| **call != "token") {
                make(call, &[doku::answer(200, input)]);
            }
        }
    }
}

fn make(call: &str, script: &[Asked]) {
    if call == "token" {
        let doku = Arc::new(Doku::default());
        doku.answers(script, true);
        let client = doku::client(Arc::clone(&doku));
        return match RUNTIME.block_on(client.token()) {
            Ok(token) => success::token(token.access_token(), &doku.said()),
            Err(error) => is_presentable(&error),
        };
    }
    let (client, doku) = &*CALLING;
    // One input at a time: the answers are those of this one.
    let _turn = doku.turn();
    doku.answers(script, false);
    RUNTIME.block_on(async {
        match call {
            "create" => created(client.create(&order()).await, false),
            "register" => created(client.create(&registered()).await, false),
            "settle" => {
                let prepared = client.prepare(&registered()).unwrap();
                created(client.settle(&prepared).await, true);
            }
            "update" => {
                let change = Change::new().bill(Bill::Closed("12000.00".parse().unwrap()));
                match client.update(&account(), &change).await {
                    Ok(response) => success::updated(&response),
                    Err(error) => is_presentable(&error),
                }
            }
            "delete" => match client.delete(&account()).await {
                Ok(response) => success::deleted(&response),
                Err(error) => is_presentable(&error),
            },
            "status" => status(client.status(&account()).await),
            _ => how_to_pay(client.how_to_pay(&account()).await, &doku.said()),
        }
    });
}

fn created(result: Result<Response<VirtualAccount>, Error>, settled: bool) {
    match result {
        Ok(response) => success::created(&response, settled),
        Err(error) => is_presentable(&error),
    }
}

fn status(result: Result<Response<PaymentStatus>, Error>) {
    match result {
        Ok(response) => success::status(&response),
        Err(error) => {
            is_presentable(&error);
            assert_eq!(error.outcome(), Outcome::NotDone, "asking changes nothing");
        }
    }
}

fn how_to_pay(result: Result<HowToPay, Error>, said: &[doku::Said]) {
    match result {
        Ok(_) => {
            let last = said.last().unwrap();
            assert!((200..300).contains(&last.status), "{}", last.status);
        }
        Err(error) => is_presentable(&error),
    }
}

/// An error is one line that no answer can break or make long, and it has an advice.
fn is_presentable(error: &Error) {
    let told = error.to_string();
    assert!(!told.contains(char::is_control), "{told:?}");
    assert!(told.chars().count() < 4096, "{} characters", told.len());
    assert!(!error.advice().is_empty());
    let shown = format!("{error:?}");
    assert!(!shown.contains(doku::SECRET), "shows the secret");
    assert!(!shown.contains(doku::TOKEN), "shows the token");
}

pub(crate) const TRX_ID: &str = "INV-2026-0001";
pub(crate) const PREFIX: &str = "6";
pub(crate) const CUSTOMER_NO: &str = "60000161862";
pub(crate) const NUMBER: &str = "   9596260000161862";
pub(crate) const AMOUNT: &str = "11500.00";

/// DGPC: DOKU makes the number.
fn order() -> CreateVa {
    CreateVa::doku_generated(
        TRX_ID.parse().unwrap(),
        "Budi Santoso".parse().unwrap(),
        Bill::Closed(AMOUNT.parse().unwrap()),
    )
}

/// MGPC: the merchant makes it.
fn registered() -> CreateVa {
    CreateVa::merchant_generated(
        CUSTOMER_NO.parse().unwrap(),
        TRX_ID.parse().unwrap(),
        "Budi Santoso".parse().unwrap(),
        Bill::Closed(AMOUNT.parse().unwrap()),
    )
}

/// What DOKU made of [`order`].
fn account() -> VirtualAccount {
    static STORED: LazyLock<VirtualAccount> = LazyLock::new(|| {
        serde_json::from_str(
            r#"{"mode":"dokuGenerated","partnerServiceId":"   95962","sentCustomerNo":"6","customerNo":"60000161862",
                "trxId":"INV-2026-0001","channel":"VIRTUAL_ACCOUNT_BTN","name":"Budi Santoso",
                "bill":{"closed":"11500.00"},"reusable":false,
                "howToPayApi":"https://api.doku.com/pay-instruction/btn/1"}"#,
        )
        .unwrap()
    });
    STORED.clone()
}
