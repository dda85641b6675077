//! A whole merchant on axum: a page of its own, and what DOKU calls below `/doku`.
//!
//! It sells one thing, to whoever pays a number of its own (direct inquiry), and forgets everything when it stops. Give it
//! the settings of a merchant in the environment, such as `doku sandbox` prints when it starts, and start that with
//!
//! ```text
//! doku sandbox --bin 8130:dipc --token-url http://127.0.0.1:8080/doku/authorization/v1/access-token/b2b \
//!     --inquiry-url http://127.0.0.1:8080/doku/v1.1/transfer-va/inquiry \
//!     --notification-url http://127.0.0.1:8080/doku/v1/transfer-va/payment
//! ```

#![expect(clippy::print_stdout, reason = "an example tells what it does")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use doku_model::Bill;
use doku_model::request::Inquiry;
use doku_va_btn::Config;
use doku_va_btn::hosted::{
    Credentials, Endpoints, Event, EventSink, HandlerError, InquiryAnswer, InquiryHandler,
    Notification, Payable, PaymentHandler, PaymentKey, Verified,
};

/// What was paid, by the key of each payment.
#[derive(Debug, Default)]
pub(crate) struct Shop {
    paid: Mutex<BTreeMap<PaymentKey, String>>,
}

#[async_trait]
impl InquiryHandler for Shop {
    async fn inquire(&self, inquiry: Verified<Inquiry>) -> InquiryAnswer {
        // A real shop looks its orders up. This one has coffee for everybody.
        let number = inquiry.virtual_account_no.normalised();
        let (Ok(name), Ok(bill), Ok(trx_id)) = (
            "Kopi Tubruk".parse(),
            "18000.00".parse().map(Bill::Closed),
            format!("COFFEE-{number}").parse(),
        ) else {
            return InquiryAnswer::Unavailable;
        };
        Payable::new(name, bill, trx_id).into()
    }
}

#[async_trait]
impl PaymentHandler for Shop {
    async fn paid(&self, notification: Verified<Notification>) -> Result<(), HandlerError> {
        // Keyed, so that a notification that comes twice is one payment.
        let mut paid = self.paid.lock().map_err(|_| "the list is poisoned")?;
        let amount = notification.paid_amount.to_string();
        paid.insert(notification.key().clone(), amount);
        println!("{} of {}", notification.key(), notification.paid_amount);
        Ok(())
    }
}

/// Prints what was refused, and why: for the merchant's eyes only.
struct ToConsole;

impl EventSink for ToConsole {
    fn event(&self, event: Event) {
        match event {
            Event::Refused(refused) => {
                println!("refused {}: {}", refused.operation, refused.refusal);
                if let Some(diagnosis) = refused.diagnosis {
                    println!("{diagnosis}");
                }
            }
            other => println!("{other:?}"),
        }
    }
}

/// The shop's routes, those for DOKU included.
pub(crate) fn app(credentials: Credentials) -> Router {
    let shop = Arc::new(Shop::default());
    let endpoints = Endpoints::builder(credentials)
        .inquiries(Arc::clone(&shop))
        .payments(Arc::clone(&shop))
        .events(ToConsole)
        .build();
    Router::new()
        .route("/", get(takings))
        .nest("/doku", doku_axum::router(endpoints))
        .with_state(shop)
}

async fn takings(State(shop): State<Arc<Shop>>) -> String {
    let Ok(paid) = shop.paid.lock() else {
        return "the list is poisoned\n".to_owned();
    };
    let lines = paid
        .iter()
        .map(|(key, amount)| format!("{key}: {amount}\n"));
    lines.collect()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().init();
    let credentials = Credentials::from_config(&Config::from_env()?)?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app(credentials)).await?;
    Ok(())
}
