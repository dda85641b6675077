//! The way to DOKU, step by step where it leads nowhere, and the clock by what DOKU says of the time.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use doku::transport::{TotalTimeout, is_loopback};
use doku::{Environment, HttpTransport as _, ReqwestTransport, TransportErrorKind};
use http::header::DATE;
use http::{Request, Response, Uri};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::Finding;
use crate::command::variables;
use crate::exit::Exit;

/// How long one step may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A clock that is off by so many seconds is worth a word.
const ODD: u64 = 60;

/// Signatures of a clock that is off by so many seconds are refused by SNAP BI providers.
const WRONG: u64 = 15 * 60;

/// Variables that may name a proxy for what is not on this machine. What they hold may be a password, and is not told.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Asks DOKU the way every call does, and looks for the reason where nothing comes back.
pub(super) async fn look(environment: &Environment) -> Vec<Finding> {
    let base = environment.base_url();
    match answered(base).await {
        Ok(response) => reached(base, &response),
        Err((TransportErrorKind::Tls | TransportErrorKind::MissingRoots, why)) => {
            vec![Finding::problem(
                "tls",
                Exit::NotSent,
                format!("no secure connection to {base}: {why}"),
                "Ask whether a proxy stands between, and whether the certificates of this machine are up to date.",
            )]
        }
        Err((_, why)) => unreached(base, &why).await,
    }
}

fn reached(base: &str, response: &Response<Bytes>) -> Vec<Finding> {
    let status = response.status().as_u16();
    let tls = base
        .starts_with("https:")
        .then(|| Finding::ok("tls", "the certificate is trusted"));
    let http = Finding::ok("http", format!("{base} answers, with status {status}"));
    tls.into_iter().chain([http, clock(response)]).collect()
}

/// Why there was no answer, as far as it can be told: name and port say nothing where a proxy goes the way.
async fn unreached(base: &str, why: &str) -> Vec<Finding> {
    let uri: Uri = base.parse().unwrap_or_default();
    let host = uri.host().unwrap_or_default();
    let tls = uri.scheme_str() == Some("https");
    let silent = |next: String| {
        let message = format!("{base} does not answer: {why}");
        Finding::problem("http", Exit::NotSent, message, next)
    };
    let proxy = PROXIES
        .into_iter()
        .find(|name| variables::plain(name).is_some());
    if let Some(proxy) = proxy.filter(|_| tls && !is_loopback(host)) {
        return vec![silent(format!(
            "{proxy} names a proxy: see that it is there and lets {host} through, or name {host} in NO_PROXY."
        ))];
    }
    let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
    let addresses = match timeout(PATIENCE, resolved(host, port)).await {
        Ok(Ok(addresses)) if !addresses.is_empty() => addresses,
        Ok(Ok(_)) => return vec![no_name(host, "it has no address")],
        Ok(Err(error)) => return vec![no_name(host, &error.to_string())],
        Err(_) => return vec![no_name(host, "no answer in time")],
    };
    let dns = Finding::ok("dns", format!("{host} has {} address(es)", addresses.len()));
    match connected(&addresses).await {
        Ok(address) => vec![
            dns,
            Finding::ok("tcp", format!("{address} takes connections")),
            silent("Ask whether a proxy stands between, and try again later.".to_owned()),
        ],
        Err(why) => vec![
            dns,
            Finding::problem(
                "tcp",
                Exit::NotSent,
                format!("no connection to {host}, port {port}: {why}"),
                "Ask whether a firewall stands between, or a proxy that HTTPS_PROXY should name; a local DOKU is started with `doku sandbox`.",
            ),
        ],
    }
}

async fn resolved(host: &str, port: u16) -> std::io::Result<Vec<SocketAddr>> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Ok(lookup_host((host, port)).await?.collect())
}

fn no_name(host: &str, why: &str) -> Finding {
    Finding::problem(
        "dns",
        Exit::NotSent,
        format!("{host} cannot be resolved: {why}"),
        "Check DOKU_ENVIRONMENT and the name servers of this machine.",
    )
}

/// The first address that takes a connection.
async fn connected(addresses: &[SocketAddr]) -> Result<SocketAddr, String> {
    let mut why = String::new();
    for address in addresses {
        match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(_)) => return Ok(*address),
            Ok(Err(error)) => why = error.to_string(),
            Err(_) => "no answer in time".clone_into(&mut why),
        }
    }
    Err(why)
}

/// Asks for nothing in particular: any answer will do.
async fn answered(base: &str) -> Result<Response<Bytes>, (TransportErrorKind, String)> {
    let mut request = Request::get(format!("{base}/"))
        .body(Bytes::new())
        .map_err(|error| (TransportErrorKind::InvalidRequest, error.to_string()))?;
    request.extensions_mut().insert(TotalTimeout(PATIENCE));
    let sent = ReqwestTransport::new().send(request).await;
    sent.map_err(|error| {
        let mut root: &dyn std::error::Error = &error;
        while let Some(beneath) = root.source() {
            root = beneath;
        }
        (error.kind(), root.to_string())
    })
}

/// The clock of this machine, by the `Date` of an answer.
fn clock(response: &Response<Bytes>) -> Finding {
    const SUBJECT: &str = "clock";
    let date = response
        .headers()
        .get(DATE)
        .and_then(|date| date.to_str().ok());
    let Some(theirs) = date.and_then(|date| OffsetDateTime::parse(date, &Rfc2822).ok()) else {
        return Finding::warning(
            SUBJECT,
            "the answer has no date to compare with",
            "See that this machine keeps its time with NTP.",
        );
    };
    judge((OffsetDateTime::from(SystemTime::now()) - theirs).whole_seconds())
}

/// `skew` is the clock of this machine minus that of the other side.
fn judge(skew: i64) -> Finding {
    const SUBJECT: &str = "clock";
    const NEXT: &str =
        "Set the clock of this machine, for instance with NTP; a wrong X-TIMESTAMP is refused.";
    let side = if skew < 0 { "behind" } else { "ahead of" };
    let told = format!("{} s {side} that of DOKU", skew.unsigned_abs());
    match skew.unsigned_abs() {
        0..=1 => Finding::ok(SUBJECT, "agrees with that of DOKU"),
        2..=ODD => Finding::ok(SUBJECT, told),
        seconds if seconds < WRONG => Finding::warning(SUBJECT, told, NEXT),
        _ => Finding::problem(SUBJECT, Exit::Configuration, told, NEXT),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Severity;
    use super::*;

    fn answer(date: Option<&str>) -> Response<Bytes> {
        let response = Response::builder();
        let response = match date {
            Some(date) => response.header(DATE, date),
            None => response,
        };
        response.body(Bytes::new()).unwrap()
    }

    #[test]
    fn the_date_of_an_answer_is_read() {
        let finding = clock(&answer(Some("Sun, 06 Nov 1994 08:49:37 GMT")));
        assert_eq!(finding.severity, Severity::Problem);
        assert!(
            finding.message.ends_with("s ahead of that of DOKU"),
            "{finding:?}"
        );
        for odd in [None, Some("yesterday")] {
            assert_eq!(clock(&answer(odd)).severity, Severity::Warning);
        }
    }

    #[test]
    fn how_far_off_a_clock_may_be() {
        for (skew, severity) in [
            (0, Severity::Ok),
            (-60, Severity::Ok),
            (61, Severity::Warning),
            (-899, Severity::Warning),
            (900, Severity::Problem),
            (i64::MIN, Severity::Problem),
        ] {
            assert_eq!(judge(skew).severity, severity, "{skew}");
        }
        assert_eq!(judge(-90).message, "90 s behind that of DOKU");
    }
}
