//! The server under measure: the endpoints as they come, and the empty handler beside them.

use std::io::Write;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use axum::Router;
use axum::routing::post;
use bytes::Bytes;
use doku_sign::{ClientSecret, DokuPrivateKey, MerchantPrivateKey, MerchantToken, TokenParties};
use doku_va_btn::hosted::{
    Credentials, Endpoints, HandlerError, Notification, PaymentHandler, Verified,
};
use tokio::net::TcpListener;

use super::{ANSWER, CLIENT_ID, EMPTY_PATH, SECRET};

/// A merchant whose orders are all in order.
struct Orders;

#[async_trait]
impl PaymentHandler for Orders {
    async fn paid(&self, _: Verified<Notification>) -> Result<(), HandlerError> {
        Ok(())
    }
}

async fn empty(_: Bytes) -> Bytes {
    Bytes::from_static(ANSWER.as_bytes())
}

/// Prints where it listens, its process, and a bearer of its own.
pub(crate) fn serve() {
    let key = MerchantPrivateKey::generate(2048).expect("a key");
    let parties = TokenParties {
        issuer: CLIENT_ID,
        client_id: CLIENT_ID,
    };
    let life = Duration::from_secs(15 * 60);
    let bearer = MerchantToken::issue(&key, parties, SystemTime::now(), life).expect("a bearer");
    let doku = DokuPrivateKey::generate(2048).expect("DOKU's key");
    let credentials = Credentials::new(
        CLIENT_ID.parse().expect("a client id"),
        ClientSecret::new(SECRET).expect("a secret"),
        key,
        doku.public_key(),
    );
    let endpoints = Endpoints::builder(credentials).payments(Orders).build();
    let app = Router::new()
        .route(EMPTY_PATH, post(empty))
        .merge(doku_axum::router(endpoints));
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let address = listener.local_addr().expect("an address");
            println!("{address} {} {}", std::process::id(), bearer.expose());
            std::io::stdout().flush().expect("the address is printed");
            axum::serve(listener, app).await.expect("it serves");
        });
}
