//! What the trace holds, and what it must not.

use std::io;
use std::sync::{Arc, Mutex};

use axum::Router;
use doku_axum::router;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{
    Behaviour, Merchant, PAYMENT_PATH, SECRET, TOKEN_PATH, bearer, code, endpoints, notification,
    token_request,
};

#[derive(Debug, Clone, Default)]
struct Pages(Arc<Mutex<Vec<u8>>>);

impl io::Write for Pages {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Pages {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn a_call_has_a_span_with_its_code_and_no_secret() {
    let pages = Pages::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(pages.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let merchant = Merchant::behaving(Behaviour::Succeed);
    let app: Router = router(endpoints(&merchant, |builder| builder));
    let slashed = format!("{PAYMENT_PATH}/");
    assert_eq!(
        code(&app, notification(PAYMENT_PATH, PAYMENT_PATH)).await,
        "2002500"
    );
    assert_eq!(
        code(&app, notification(PAYMENT_PATH, &slashed)).await,
        "4012500"
    );
    assert_eq!(code(&app, token_request(TOKEN_PATH)).await, "2007300");
    drop(guard);

    let log = String::from_utf8(pages.0.lock().unwrap().clone()).unwrap();
    let answered: Vec<_> = log
        .lines()
        .filter(|line| line.contains("answered DOKU"))
        .collect();
    assert_eq!(answered.len(), 3, "{log}");
    for (line, code, operation) in [
        (answered[0], "2002500", "payment"),
        (answered[1], "4012500", "payment"),
        (answered[2], "2007300", "token"),
    ] {
        assert!(line.contains("doku_calls"), "{line}");
        assert!(line.contains(code), "{line}");
        assert!(line.to_lowercase().contains(operation), "{line}");
    }
    assert!(answered[0].contains("729192008100"), "{log}");
    assert!(
        log.contains("cause=\"the path"),
        "the merchant is told why: {log}"
    );

    let token = bearer();
    let signature_part = &token.expose()[token.expose().len() - 40..];
    for secret in [SECRET, signature_part, "Toru Yamashita", "11500.00\"}"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
