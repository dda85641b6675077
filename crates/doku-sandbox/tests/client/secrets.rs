//! No secret and no token in any `Debug`, error, log or journal.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use doku_model::Operation;
use doku_sandbox::{Fault, FaultKind};
use doku_va_btn::{Change, Error};
use tracing_subscriber::fmt::MakeWriter;

use crate::shop::{Shop, closed, dgpc, merchant};

/// Everything that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// An error with everything beneath it, in both forms.
fn told(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{}\n", error.advice());
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let _ = writeln!(text, "{cause}\n{cause:?}");
        source = cause.source();
    }
    text
}

#[tokio::test]
async fn nothing_that_is_shown_holds_a_secret_or_a_token() {
    // While there is only one subscriber, an event that another test's thread meets first is switched off for everybody.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let shop = Shop::open().await;
    let mut shown = format!("{:?}\n{:#?}\n", shop.client, shop.client.config());
    let token = shop.client.token().await.unwrap();
    let _ = writeln!(shown, "{token:?}");
    let order = dgpc("INV-1", closed(11_500));
    let prepared = shop.client.prepare(&order).unwrap();
    let sent = shop.client.send(&prepared).await.unwrap();
    let _ = writeln!(
        shown,
        "{prepared:?} {sent:?} {:?}",
        shop.client.create(&order)
    );
    let updated = shop
        .client
        .update(&sent.value, &Change::new().bill(closed(1)))
        .await;
    let _ = writeln!(shown, "{updated:?}");
    for kind in [
        FaultKind::DropAfter,
        FaultKind::CutBody,
        FaultKind::Conflict,
        FaultKind::Html { status: 502 },
        FaultKind::Status {
            status: 500,
            after_work: true,
        },
        FaultKind::Status {
            status: 403,
            after_work: false,
        },
    ] {
        for operation in [Operation::CreateVa, Operation::Token] {
            shop.sandbox()
                .fault(Fault::once(kind.clone()).on(operation))
                .unwrap();
            let client = shop.client_with(|config| config);
            match client.create(&dgpc("INV-2", closed(7))).await {
                Ok(response) => {
                    let _ = writeln!(shown, "{response:?}");
                }
                Err(error) => shown.push_str(&told(&error)),
            }
            shop.sandbox().clear_faults();
        }
    }
    let wrong = shop.meddled(|data| data.trx_id = None);
    shown.push_str(&told(&wrong.create(&order).await.unwrap_err()));
    for entry in shop.sandbox().journal(0) {
        shown.push_str(&serde_json::to_string(&*entry).unwrap());
    }
    shown.push_str(&log.text());
    assert!(log.text().contains("answered"), "the log was captured");

    let pem = merchant().private_key().to_pkcs8_pem().expect("PEM");
    let key_line = pem.lines().nth(5).expect("a key of several lines");
    for (what, secret) in [
        ("the secret key", merchant().client_secret()),
        ("the access token", token.access_token().expose()),
        ("the private key", key_line),
    ] {
        assert!(!shown.contains(secret), "{what} was shown");
    }
    // The name stands in the journal, which is the developer's own, and nowhere else.
    let outside_the_journal = format!("{:?} {:?} {}", sent, prepared, log.text());
    assert!(
        !outside_the_journal.contains("Budi Santoso"),
        "the payer's name was shown"
    );
}
