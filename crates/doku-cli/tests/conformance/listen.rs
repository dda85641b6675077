//! The ear: what it forwards, what it marks, and what it tells.

use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use axum::Router;
use axum::body::to_bytes;
use axum::http::{HeaderMap, StatusCode};
use doku::{HttpTransport as _, ReqwestTransport};
use serde_json::Value;
use tempfile::TempDir;

use crate::broken::NUMBER;
use crate::support::doku;

/// An application that acknowledges everything, and what it was told of each call.
fn application() -> (String, Receiver<HeaderMap>) {
    let (heard, calls) = channel();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(move |headers: HeaderMap| {
        heard.send(headers).unwrap();
        async { (StatusCode::OK, r#"{"responseCode":"2002500"}"#) }
    });
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
    });
    (url, calls)
}

/// A proxy before `to`, which puts another beginning in the place of a path's.
fn proxy(to: &str, called: &'static str, arrives: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let to = to.to_owned();
    let transport = Arc::new(ReqwestTransport::new());
    let router = Router::new().fallback(move |request: axum::extract::Request| {
        let (to, transport) = (to.clone(), Arc::clone(&transport));
        async move {
            let (mut head, body) = request.into_parts();
            let path = head.uri.path();
            let path = path
                .strip_prefix(called)
                .map_or_else(|| path.to_owned(), |rest| format!("{arrives}{rest}"));
            head.uri = format!("{to}{path}").parse().unwrap();
            for name in ["host", "content-length"] {
                head.headers.remove(name);
            }
            let body = to_bytes(body, 64 * 1024).await.unwrap();
            let request = http::Request::from_parts(head, body);
            let (head, body) = transport.send(request).await.unwrap().into_parts();
            (head.status, body)
        }
    });
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
    });
    url
}

struct Ear {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    url: String,
    variables: Vec<(&'static str, String)>,
    doku_key: String,
    _folder: TempDir,
}

impl Ear {
    fn open(arguments: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let merchant = doku_sandbox::Merchant::make_up().unwrap();
        let files = merchant.write_to(&folder.path().join("keys")).unwrap();
        let variables: Vec<(&str, String)> = merchant
            .environment("http://127.0.0.1:1", &files)
            .iter()
            .map(|(name, value)| (name, value.to_owned()))
            .collect();
        let mut child = Command::new(env!("CARGO_BIN_EXE_doku"))
            .args(["listen", "--listen", "127.0.0.1:0", "--output", "json"])
            .args(arguments)
            .env_clear()
            .envs(variables.iter().map(|(name, value)| (*name, value)))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        Self {
            child,
            lines,
            url: ready["baseUrl"].as_str().unwrap().to_owned(),
            variables,
            doku_key: files.doku_private_key.to_str().unwrap().to_owned(),
            _folder: folder,
        }
    }

    /// DOKU tells of a payment.
    fn told(&self, secret: Option<&str>) -> crate::support::Run {
        self.told_at(&self.url, &[], secret)
    }

    /// The same at an address that leads here, with more arguments.
    fn told_at(&self, url: &str, more: &[&str], secret: Option<&str>) -> crate::support::Run {
        let arguments = ["trigger", "payment", "--to", url, "--number", NUMBER];
        let environment = self.variables.iter().fold(
            doku(&arguments)
                .arguments(&["--doku-private-key", &self.doku_key])
                .arguments(more),
            |doku, (name, value)| doku.env(name, value),
        );
        match secret {
            None => environment.run(),
            Some(secret) => environment
                .without("DOKU_SECRET_KEY_FILE")
                .env("DOKU_SECRET_KEY", secret)
                .run(),
        }
    }

    /// The line of the next call.
    fn line(&mut self) -> Value {
        let line = self.lines.next().unwrap().unwrap();
        assert!(!line.contains("eyJ"), "a token: {line}");
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}

#[test]
fn what_is_genuine_is_forwarded_with_its_verdict() {
    let (application, calls) = application();
    let mut ear = Ear::open(&["--forward-to", &application]);
    let run = ear.told(None);
    assert!(run.stdout.contains("HTTP 200 2002500"), "{run:?}");
    let headers = calls.recv().unwrap();
    assert_eq!(headers["doku-verdict"], "genuine");
    assert_eq!(headers["doku-operation"], "payment");
    assert_eq!(headers["doku-freshness"], "live-bearer");
    let token = ear.line();
    assert_eq!(
        (&token["operation"], &token["verdict"]),
        (&"token".into(), &"genuine".into())
    );
    let payment = ear.line();
    assert_eq!(payment["verdict"], "genuine", "{payment}");
    assert_eq!(payment["forwarded"], "answered");
    assert_eq!(payment["responseCode"], "2002500");
}

#[test]
fn what_is_forged_is_refused_and_told_with_its_cause() {
    let (application, calls) = application();
    let mut ear = Ear::open(&["--forward-to", &application]);
    let run = ear.told(Some("SK-another-secret"));
    assert!(run.stdout.contains("HTTP 401 4012500"), "{run:?}");
    assert!(calls.try_recv().is_err(), "nothing reaches the application");
    ear.line();
    let payment = ear.line();
    assert_eq!(payment["verdict"], "refused", "{payment}");
    assert_eq!(payment["forwarded"], "no");
    assert!(
        payment["refusal"].is_string() && !payment.to_string().contains("SK-"),
        "{payment}"
    );
}

#[test]
fn where_it_is_asked_for_the_forged_goes_on_marked() {
    let (application, calls) = application();
    let ear = Ear::open(&["--forward-to", &application, "--forward-unverified"]);
    ear.told(Some("SK-another-secret"));
    let headers = calls.recv().unwrap();
    assert_eq!(headers["doku-verdict"], "refused");
    assert_eq!(headers["doku-response-code"], "4012500");
    assert!(headers.contains_key("doku-refusal"));
    assert!(!headers.contains_key("doku-freshness"));
}

#[test]
fn an_application_that_is_gone_makes_doku_send_again() {
    for arguments in [&["--forward-to", "http://127.0.0.1:1"][..], &[]] {
        let ear = Ear::open(arguments);
        let run = ear.told(None);
        assert!(run.stdout.contains("HTTP 500 5002500"), "{run:?}");
        assert!(run.stdout.contains("sends it again"), "{run:?}");
    }
}

#[test]
fn an_application_that_says_nothing_in_time_makes_doku_send_again() {
    // Connections wait in its queue, and nobody takes them.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let ear = Ear::open(&["--forward-to", &url, "--timeout", "1"]);
    let run = ear.told(None);
    assert!(run.stdout.contains("HTTP 504 5042500"), "{run:?}");
}

#[test]
fn a_verdict_that_the_caller_brings_along_is_taken_away() {
    let (application, calls) = application();
    let ear = Ear::open(&["--forward-to", &application, "--forward-unverified"]);
    let address = ear.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /v1/transfer-va/payment HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Doku-Verdict: genuine\r\nDoku-Freshness: live-bearer\r\nContent-Length: 2\r\n\r\n{{}}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let headers = calls.recv().unwrap();
    let verdicts: Vec<_> = headers.get_all("doku-verdict").iter().collect();
    assert_eq!(verdicts, ["refused"]);
    assert!(!headers.contains_key("doku-freshness"));
}

#[test]
fn another_reading_of_the_token_slot_counts_where_it_is_named() {
    let empty = ["--dialect", "tokenSlot=empty"];
    let verdict = |arguments: &[&str], more: &[&str]| {
        let mut ear = Ear::open(arguments);
        ear.told_at(&ear.url, more, None);
        ear.line();
        ear.line()["verdict"].clone()
    };
    assert_eq!(verdict(&[], &empty), "refused");
    assert_eq!(verdict(&["--token-slot", "empty"], &empty), "genuine");
    // Those that are not named do not count.
    assert_eq!(verdict(&["--token-slot", "empty"], &[]), "refused");
    let both = ["--token-slot", "empty", "--token-slot", "own-bearer"];
    assert_eq!(verdict(&both, &empty), "genuine");
    assert_eq!(verdict(&both, &[]), "genuine");
}

#[test]
fn a_call_without_a_bearer_is_read_where_nothing_may_stand_in_its_place() {
    let mut ear = Ear::open(&["--token-slot", "empty"]);
    ear.told_at(&ear.url, &["--without-bearer"], None);
    let payment = ear.line();
    assert_eq!(payment["operation"], "payment", "{payment}");
    assert_eq!(payment["verdict"], "genuine", "{payment}");
}

#[test]
fn what_a_proxy_cut_off_the_path_was_signed() {
    let (application, calls) = application();
    for (arguments, expected) in [
        (&["--proxy-cut", "/pay"][..], "genuine"),
        (&["--proxy-cut", "/pay/"], "genuine"),
        (&["--proxy-cut", "/shop"], "refused"),
        (&[], "refused"),
    ] {
        let to = ["--forward-to", application.as_str()];
        let mut ear = Ear::open(&[arguments, &to].concat());
        let called = format!("{}/pay/v1/transfer-va/payment", proxy(&ear.url, "/pay", ""));
        ear.told_at(&called, &[], None);
        ear.line();
        assert_eq!(ear.line()["verdict"], expected, "{arguments:?}");
    }
    assert_eq!(calls.try_iter().count(), 2);
}

#[test]
fn what_a_proxy_put_before_the_path_was_not_signed() {
    for (arguments, expected) in [
        (&["--proxy-added", "/tunnel"][..], "genuine"),
        (&[], "none of the three paths"),
    ] {
        let mut ear = Ear::open(arguments);
        let called = proxy(&ear.url, "/v1", "/tunnel/v1");
        ear.told_at(&called, &[], None);
        ear.line();
        let payment = ear.line();
        let told = [&payment["verdict"], &payment["refusal"]];
        assert!(told.iter().any(|told| *told == expected), "{payment}");
    }
}

#[test]
fn a_prefix_that_is_none_is_refused() {
    for prefix in ["", "/", "pay", "/pay?x", "https://shop.example/pay"] {
        let run = doku(&["listen", "--proxy-cut", prefix]).run();
        assert_eq!(run.code, 2, "{prefix}: {run:?}");
    }
}
