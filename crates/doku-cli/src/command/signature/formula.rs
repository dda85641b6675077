//! Which formula applies to a request, and who sends it: read from path, headers and host.

use doku::transport::is_loopback;
use doku::{Environment, Operation};
use doku_capture::Captured;

use crate::args::{Formula, Party};

/// What a formula or a party was known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Asked,
    Path,
    Headers,
    Host,
    /// Nothing says otherwise.
    Default,
}

impl By {
    /// For machines.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Path => "path",
            Self::Headers => "headers",
            Self::Host => "host",
            Self::Default => "default",
        }
    }
}

/// The name for machines.
pub(super) const fn name(formula: Formula) -> &'static str {
    match formula {
        Formula::Token => "token",
        Formula::Transaction => "transaction",
        Formula::Asymmetric => "asymmetric",
        Formula::NonSnap => "nonSnap",
    }
}

/// Whether a request carries a signature of DOKU's kinds, or should.
pub(super) fn is_signed(captured: &Captured) -> bool {
    let has = |name| captured.header(name).is_some();
    // Browsers ask first whether they may, and sign nothing.
    captured.method() != "OPTIONS"
        && (has("X-SIGNATURE") || has("Signature") || is_token_path(captured))
}

fn is_token_path(captured: &Captured) -> bool {
    path(captured)
        .trim_end_matches('/')
        .ends_with("/access-token/b2b")
}

fn path(captured: &Captured) -> &str {
    let target = captured.target();
    target.split_once('?').map_or(target, |(path, _)| path)
}

/// The formula that a request is to be signed with.
pub(super) fn of(captured: &Captured) -> (Formula, By) {
    let has = |name| captured.header(name).is_some();
    let snap = ["X-SIGNATURE", "X-TIMESTAMP", "X-PARTNER-ID", "X-CLIENT-KEY"];
    let non_snap = ["Signature", "Request-Timestamp", "Request-Id", "Client-Id"];
    if is_token_path(captured) {
        (Formula::Token, By::Path)
    } else if !snap.into_iter().any(has) && non_snap.into_iter().any(has) {
        (Formula::NonSnap, By::Headers)
    } else if has("X-CLIENT-KEY") && !has("X-PARTNER-ID") && !has("Authorization") {
        (Formula::Token, By::Headers)
    } else if Operation::ALL
        .iter()
        .any(|known| known.path() == path(captured))
    {
        (Formula::Transaction, By::Path)
    } else if has("X-PARTNER-ID") || has("Authorization") {
        (Formula::Transaction, By::Headers)
    } else {
        (Formula::Transaction, By::Default)
    }
}

/// Who sends a request.
pub(super) fn sender(captured: &Captured, environment: Option<&Environment>) -> (Party, By) {
    let path = path(captured);
    let operation = Operation::ALL.iter().find(|known| known.path() == path);
    match operation {
        Some(Operation::Inquiry | Operation::Payment) => return (Party::Doku, By::Path),
        Some(Operation::Token) | None => {}
        Some(_) => return (Party::Merchant, By::Path),
    }
    let Some(host) = captured.host() else {
        return (Party::Merchant, By::Default);
    };
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_doku = name == "doku.com" || name.ends_with(".doku.com");
    let is_environment = environment.is_some_and(|environment| {
        let url = environment.base_url();
        let authority = url
            .split_once("://")
            .map_or(url, |(_, authority)| authority);
        is_same_place(authority, host)
    });
    if is_doku || is_environment {
        (Party::Merchant, By::Host)
    } else {
        (Party::Doku, By::Host)
    }
}

/// Whether two authorities are one: a machine has several names for itself.
fn is_same_place(one: &str, other: &str) -> bool {
    one == other || port_here(one).is_some_and(|port| port_here(other) == Some(port))
}

/// The port of an authority that is this machine.
fn port_here(authority: &str) -> Option<&str> {
    let (name, port) = authority.rsplit_once(':')?;
    is_loopback(name).then_some(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_one_place_under_each_of_its_names() {
        assert!(is_same_place("localhost:8090", "127.0.0.1:8090"));
        assert!(is_same_place("[::1]:8090", "localhost:8090"));
        assert!(is_same_place("doku:8090", "doku:8090"));
        assert!(!is_same_place("localhost:8090", "127.0.0.1:8080"));
        assert!(!is_same_place("doku:8090", "localhost:8090"));
        assert!(!is_same_place("localhost", "127.0.0.1"));
    }
}
