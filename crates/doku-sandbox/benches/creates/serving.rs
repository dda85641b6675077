//! What is measured: a sandbox as the command runs it, and a handler that does nothing with the same requests.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use axum::Router;
use axum::routing::post;
use bytes::Bytes;
use doku_model::Operation;
use doku_sandbox::{Merchant, Sandbox, SandboxConfig};
use doku_sign::Backend;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::caller::{ANSWER, MGPC_BIN};

/// A sandbox for the merchant whose secret and keys are in this folder.
pub(crate) fn sandbox(merchant: &Path) {
    let (merchant, _) = Merchant::kept_in(merchant, Backend::default()).expect("a merchant");
    let config = SandboxConfig::for_merchant(&merchant)
        .expect("a secret")
        .with_bin(MGPC_BIN.parse().expect("a BIN"));
    runtime().block_on(async {
        let running = Sandbox::start(config, "127.0.0.1:0").await;
        let running = running.expect("it starts");
        say(running.address());
        std::future::pending::<()>().await;
    });
}

/// An axum handler that takes what a sandbox takes and answers as many bytes.
pub(crate) fn empty() {
    let handler = |_: Bytes| async { Bytes::from_static(ANSWER.as_bytes()) };
    let router = Router::new().route(Operation::CreateVa.path(), post(handler));
    runtime().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        say(listener.local_addr().expect("an address"));
        axum::serve(listener, router).await.expect("it serves");
    });
}

/// The runtime of the command. On one core it has one thread that serves.
fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

fn say(address: SocketAddr) {
    println!("{address}");
    std::io::stdout().flush().expect("the address is printed");
}
