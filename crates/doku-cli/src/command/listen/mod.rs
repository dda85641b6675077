//! `doku listen`: a merchant's ear. It receives DOKU's calls, shows what is true of each, and hands the genuine ones on.

mod relay;
mod shown;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use doku::hosted::Credentials;
use doku::{Config, ReqwestTransport, TokenSlots};
use doku_axum::Paths;
use serde::Serialize;
use tokio::net::{TcpListener, lookup_host};
use tokio::runtime::Builder;

use super::stop::Stop;
use crate::args::{ListenArguments, Slot};
use crate::exit::{Exit, Failure};
use crate::output::{Format, Output, Style, write_error};
use relay::{Forward, Reading, Relay};
use shown::Shown;

pub(crate) fn run(arguments: &ListenArguments, output: &Output) -> Result<Exit, Failure> {
    super::runtime(&mut Builder::new_multi_thread())?.block_on(serve(arguments, output))
}

/// What a call is answered with, and where it is shown.
struct Ear {
    relay: Relay,
    output: Output,
}

/// The first line of `--output json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ready {
    event: &'static str,
    base_url: String,
}

async fn serve(arguments: &ListenArguments, output: &Output) -> Result<Exit, Failure> {
    let stop = Stop::listen()?;
    let config = Config::from_env()?;
    let credentials = Credentials::from_config(&config).map_err(|error| {
        Failure::configuration(error.to_string()).next("Set DOKU_PUBLIC_KEY_FILE.")
    })?;
    let paths = &arguments.paths;
    let paths = Paths::new(
        paths.token_path.as_str(),
        paths.inquiry_path.as_str(),
        paths.payment_path.as_str(),
    )
    .map_err(|error| {
        Failure::usage(error.to_string())
            .next("Give three paths that begin with a slash and differ.")
    })?;
    let addresses: Vec<SocketAddr> = lookup_host(&arguments.listen)
        .await
        .map_err(|error| {
            Failure::usage(format!("--listen: {} is no address", arguments.listen))
                .because(&error)
                .next("Give host and port, such as 127.0.0.1:8082.")
        })?
        .collect();
    let cannot = |error: std::io::Error| {
        Failure::internal(format!("cannot listen at {}", arguments.listen))
            .because(&error)
            .next("Choose another address with --listen, or port 0 for any free one.")
    };
    let listener = TcpListener::bind(addresses.as_slice())
        .await
        .map_err(cannot)?;
    let base_url = format!("http://{}", listener.local_addr().map_err(cannot)?);
    let forward = arguments.forward_to.as_ref().map(|to| Forward {
        to: to.to_string(),
        unverified: arguments.forward_unverified,
        timeout: arguments.timeout,
        transport: Arc::new(ReqwestTransport::new()),
    });
    let reading = Reading {
        slots: slots(&arguments.token_slot),
        cut: arguments.proxy_cut.clone(),
        added: arguments.proxy_added.clone(),
    };
    write_error(&introduction(&base_url, &paths, &reading, forward.as_ref()));
    if output.format() == Format::Json {
        let event = "ready";
        output.json(&Ready { event, base_url })?;
    }
    let ear = Arc::new(Ear {
        relay: Relay::new(credentials, paths, reading, forward),
        output: Output::new(output.format()),
    });
    let router = Router::new().fallback(hear).with_state(ear);
    // What is under way when it is told to stop is answered first; a caller that never ends is not waited for.
    let served = axum::serve(listener, router).with_graceful_shutdown(async {
        stop.wait().await;
    });
    served
        .await
        .map_err(|error| Failure::internal("it can listen no more").because(&error))?;
    write_error("Stopped.\n");
    Ok(Exit::Done)
}

async fn hear(State(ear): State<Arc<Ear>>, request: Request) -> axum::response::Response {
    let (response, shown) = ear.relay.answer(request).await;
    ear.show(&shown);
    response.map(axum::body::Body::from)
}

impl Ear {
    /// Where stdout is gone, DOKU is answered all the same.
    fn show(&self, shown: &Shown) {
        let _gone = match self.output.format() {
            Format::Text => self.output.text(|style: Style| shown.block(style)),
            Format::Json => self.output.json(shown),
        };
    }
}

/// The readings that were named, and no other.
fn slots(named: &[Slot]) -> TokenSlots {
    TokenSlots {
        own_bearer: named.contains(&Slot::OwnBearer),
        doku_bearer: named.contains(&Slot::DokuBearer),
        empty: named.contains(&Slot::Empty),
    }
}

fn introduction(
    base_url: &str,
    paths: &Paths,
    reading: &Reading,
    forward: Option<&Forward>,
) -> String {
    let added = reading.added.as_deref().unwrap_or_default();
    let base_url = format!("{base_url}{added}");
    let goes = match forward {
        Some(forward) => format!("What is DOKU's goes on to {}.", forward.to),
        None => {
            "Nothing is forwarded: calls are refused, so that DOKU sends them again.".to_owned()
        }
    };
    format!(
        "Listening for DOKU. Stop it with Ctrl-C. {goes}\n\n  token    {base_url}{}\n  inquiry  {base_url}{}\n  payment  {base_url}{}\n\n",
        paths.token(),
        paths.inquiry(),
        paths.payment(),
    )
}
