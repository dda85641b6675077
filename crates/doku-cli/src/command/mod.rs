//! What each command does.

mod captured;
pub(crate) mod code;
pub(crate) mod conformance;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod keygen;
mod keyring;
pub(crate) mod ledger;
pub(crate) mod listen;
mod place;
pub(crate) mod sandbox;
pub(crate) mod serve;
pub(crate) mod shell;
pub(crate) mod signature;
mod speaker;
mod stop;
pub(crate) mod token;
pub(crate) mod trigger;
pub(crate) mod va;
mod variables;

use std::future::Future;
use std::sync::Arc;

use doku::{Client, Config, ReqwestTransport};
use tokio::runtime::{Builder, Runtime};

use crate::exit::Failure;

/// The client that the environment describes.
fn client() -> Result<Client, Failure> {
    let config = Config::from_env()?;
    Ok(Client::new(config, Arc::new(ReqwestTransport::new()))?)
}

/// Waits for one thing after the other on this thread, which is all that a few calls need.
fn wait_for<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    runtime(&mut Builder::new_current_thread())?.block_on(work)
}

fn runtime(builder: &mut Builder) -> Result<Runtime, Failure> {
    builder.enable_all().build().map_err(|error| {
        Failure::internal("this machine gives no threads or timers").because(&error)
    })
}
