//! The log, which goes to stderr: of the libraries where a command runs, and of a server for whoever collects it.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::Style;
use crate::args::LogFormat;

/// The libraries' own log: what `RUST_LOG` asks for, and otherwise only what no result tells.
pub(crate) fn to_stderr() {
    write(
        asked_or(Targets::new().with_default(LevelFilter::ERROR)),
        LogFormat::Text,
    );
}

/// A server's log: what `RUST_LOG` asks for, and otherwise what it does. Text for a terminal and JSON for a collector,
/// where nothing is asked for.
pub(crate) fn of_a_server(format: Option<LogFormat>) {
    let usual = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("doku", LevelFilter::INFO);
    let format = format.unwrap_or(if io::stderr().is_terminal() {
        LogFormat::Text
    } else {
        LogFormat::Json
    });
    write(asked_or(usual), format);
}

/// `Targets` reads levels and modules; the larger filter that reads spans too is a megabyte of regular expressions.
fn asked_or(usual: Targets) -> Targets {
    std::env::var("RUST_LOG")
        .ok()
        // An empty variable counts as absent.
        .filter(|directives| !directives.trim().is_empty())
        .and_then(|directives| directives.parse().ok())
        .unwrap_or(usual)
}

fn write(filter: Targets, format: LogFormat) {
    let layer = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let layer = match format {
        LogFormat::Text => layer
            .with_ansi(Style::of(&io::stderr()).is_coloured())
            .boxed(),
        // The list of spans has the current one as its last.
        LogFormat::Json => layer
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .boxed(),
    };
    // Fails only where another one is there already, which is as good.
    let _set = tracing_subscriber::registry()
        .with(layer.with_filter(filter))
        .try_init();
}
