//! The ear: what it forwards, what it marks, and what it tells.

use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
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
        let arguments = ["trigger", "payment", "--to", &self.url, "--number", NUMBER];
        let environment = self.variables.iter().fold(
            doku(&arguments).arguments(&["--doku-private-key", &self.doku_key]),
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
