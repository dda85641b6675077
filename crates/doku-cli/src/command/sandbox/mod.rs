//! `doku sandbox`: a local DOKU until it is told to stop.

mod data;
mod log;
mod merchant;

use std::net::SocketAddr;

use doku_sandbox::{Ready, Sandbox, StartError};
use serde::Serialize;
use tokio::net::{TcpListener, lookup_host};
use tokio::runtime::Builder;

use super::stop::Stop;
use crate::args::SandboxArguments;
use crate::exit::{Exit, Failure};
use crate::output::{Output, write_error};
use data::Data;
use merchant::Served;

pub(crate) fn run(arguments: &SandboxArguments, output: &Output) -> Result<Exit, Failure> {
    super::runtime(&mut Builder::new_multi_thread())?.block_on(serve(arguments, output))
}

async fn serve(arguments: &SandboxArguments, output: &Output) -> Result<Exit, Failure> {
    // From here on, being told to stop means stopping in order.
    let stop = Stop::listen()?;
    let addresses: Vec<SocketAddr> = lookup_host(&arguments.listen)
        .await
        .map_err(|error| {
            Failure::usage(format!("--listen: {} is no address", arguments.listen))
                .because(&error)
                .next("Give host and port, such as 127.0.0.1:8090.")
        })?
        .collect();
    let listener = TcpListener::bind(addresses.as_slice())
        .await
        .map_err(|error| {
            Failure::internal(format!("cannot listen at {}", arguments.listen))
                .because(&error)
                .next("Choose another address with --listen, or port 0 for any free one.")
        })?;
    let quiet = arguments.quiet;
    let data = arguments.data_dir.as_deref().map(Data::open).transpose()?;
    let (config, served) = merchant::of(arguments, data.as_ref())?;
    let address = listener.local_addr().map_err(|error| {
        Failure::internal("the address that was taken is not known").because(&error)
    })?;
    let here = Sandbox::url_of(address);
    let known_as = config.known_as().map(str::to_owned);
    // The keys are on this machine, and so is whoever pastes their names. Over plain HTTP a client goes nowhere else.
    let is_here = address.ip().is_loopback() || address.ip().is_unspecified();
    let environment = served.environment(known_as.as_ref().filter(|_| !is_here).unwrap_or(&here));
    let shown = environment
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    let config = config.environment(shown);
    let config = match &data {
        Some(data) => config.state_file(data.state_file()),
        None => config,
    };
    let bins = config.bins().iter().map(ToString::to_string).collect();
    let client_id = config.client_id().to_string();
    let running = Sandbox::serve(config, listener).map_err(|error| match error {
        StartError::NoBin => {
            Failure::usage("the sandbox has no BIN, so that it would refuse every create")
                .next("Give one, for instance --bin 95962:dgpc:6.")
        }
        StartError::NoTokenUrl => Failure::usage(
            "DOKU presents a token to the merchant, and there is no place to get one",
        )
        .next("Give --token-url, or --dialect tokenSlot=noBearer for a DOKU that presents none."),
        StartError::State(error) => {
            let failure = Failure::usage(error.to_string())
                .next("Put the file back as it was, or choose another folder with --data-dir.");
            match std::error::Error::source(&error) {
                Some(source) => failure.because(source),
                None => failure,
            }
        }
        error => Failure::internal(error.to_string()),
    })?;
    write_error(&introduction(
        running.base_url(),
        known_as.as_deref(),
        running.address(),
        &served,
        data.as_ref(),
        &environment,
    ));
    output.json(&Listening {
        ready: running.ready(),
        client_id,
        bins,
        environment: environment.into_iter().collect(),
    })?;
    if quiet {
        stop.wait().await;
    } else {
        log::tell_requests(running.sandbox(), output.error_style(), stop.wait()).await;
    }
    running.stop().await.map_err(|error| {
        let failure = Failure::internal(error.to_string());
        match std::error::Error::source(&error) {
            Some(source) => failure.because(source),
            None => failure,
        }
    })?;
    write_error("Stopped.\n");
    Ok(Exit::Done)
}

/// The one line on stdout.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listening {
    #[serde(flatten)]
    ready: Ready,
    client_id: String,
    bins: Vec<String>,
    /// What a client of this sandbox is to find in its environment; names of files, never a secret.
    environment: serde_json::Map<String, serde_json::Value>,
}

/// What a person reads first.
fn introduction(
    base_url: &str,
    known_as: Option<&str>,
    address: SocketAddr,
    served: &Served,
    data: Option<&Data>,
    environment: &[(String, serde_json::Value)],
) -> String {
    let mut text = format!(
        "A local DOKU listens at {base_url}. Open that in a browser to watch it; stop it with Ctrl-C.\n"
    );
    if let Some(url) = known_as {
        text.push_str(&format!("Others know it as {url}.\n"));
    }
    if !address.ip().is_loopback() {
        if address.ip().is_unspecified() {
            text.push_str(&format!(
                "It listens at every address of this machine ({address}).\n"
            ));
        }
        text.push_str("Whoever reaches this address can pay, move the clock and reset: do not leave it open to others.\n");
    }
    if let Served::MadeUp { folder, .. } = served {
        text.push_str(&format!(
            "A merchant was made up; its keys are in {}{}.\n",
            folder.path().display(),
            if folder.is_temporary() {
                " until it stops"
            } else {
                ""
            }
        ));
    }
    if let Some(data) = data {
        text.push_str(&format!(
            "Its state is kept in {}.\n",
            data.folder().display()
        ));
    }
    text.push_str("\nPaste these lines into another terminal:\n\n");
    for (name, value) in environment {
        let value = value.as_str().unwrap_or_default();
        text.push_str(&format!("export {name}={}\n", quoted(value)));
    }
    text.push_str(
        "\nand then, for instance:\n\n\
         doku va create --trx-id INV-1 --name 'Budi Santoso' --amount 11500 --save va.json\n\
         doku va status --va va.json\n\n",
    );
    text
}

/// A value as a shell reads it back.
fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    if value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_survives_the_shell() {
        assert_eq!(quoted("/tmp/doku-1/private.pem"), "/tmp/doku-1/private.pem");
        assert_eq!(quoted("/tmp/my keys/it's"), r"'/tmp/my keys/it'\''s'");
    }
}
