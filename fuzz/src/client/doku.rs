//! A DOKU that answers what it is told to.

use std::collections::VecDeque;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use doku_sign::ClientSecret;
use doku_transport::{HttpTransport, TransportError, TransportErrorKind};
use doku_va_btn::{Client, Clock, Config, Environment, RetryPolicy};
use http::{Request, Response, StatusCode};
use time::OffsetDateTime;
use time::macros::datetime;

use super::PREFIX;
use crate::pairs::MERCHANT;

pub(super) const SECRET: &str = "SK-penanda7rahasia";
pub(super) const TOKEN: &str = "a-token-that-doku-gave";

const TOKEN_PATH: &str = "/authorization/v1/access-token/b2b";

/// One answer, or that there was none.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    /// This status and body.
    Answered(Said),
    /// No connection.
    NotSent,
    /// No answer.
    Lost,
}

/// What was answered.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) status: u16,
    pub(super) body: Bytes,
}

/// An answer with a body.
pub(super) fn answer(status: u16, body: &[u8]) -> Asked {
    let body = Bytes::copy_from_slice(body);
    Asked::Answered(Said { status, body })
}

/// The answers of a script: each begins with a line that is a status, `connect` or `lost`; a line `%%` stands between two.
pub(super) fn script(text: &[u8]) -> Vec<Asked> {
    let mut answers = Vec::new();
    let mut rest = text;
    while let Some(after) = rest.strip_prefix(b"\n") {
        const BETWEEN: &[u8] = b"\n%%";
        let end = after
            .windows(BETWEEN.len())
            .position(|window| window == BETWEEN)
            .unwrap_or(after.len());
        let (one, others) = after.split_at(end);
        answers.push(one_answer(one));
        rest = others.strip_prefix(BETWEEN).unwrap_or_default();
    }
    answers
}

fn one_answer(text: &[u8]) -> Asked {
    let end = text.iter().position(|byte| *byte == b'\n');
    let (first, body) = text.split_at(end.unwrap_or(text.len()));
    match first {
        b"connect" => Asked::NotSent,
        b"lost" => Asked::Lost,
        status => {
            let status = str::from_utf8(status).ok().and_then(|s| s.parse().ok());
            let known = status.filter(|status| StatusCode::from_u16(*status).is_ok());
            match known {
                Some(status) => answer(status, body.strip_prefix(b"\n").unwrap_or(body)),
                None => answer(200, text),
            }
        }
    }
}

/// The script that is being played.
#[derive(Debug, Default)]
pub(super) struct Doku {
    playing: Mutex<Playing>,
    turn: Mutex<()>,
}

#[derive(Debug, Default)]
struct Playing {
    ahead: VecDeque<Asked>,
    said: Vec<Said>,
    tokens_too: bool,
}

impl Doku {
    /// Keeps others from playing meanwhile.
    pub(super) fn turn(&self) -> MutexGuard<'_, ()> {
        // Whoever held it before may have found something; the next script starts afresh all the same.
        self.turn
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Answers like this from now on. Tokens are granted, unless their requests are answered from the script, too.
    pub(super) fn answers(&self, script: &[Asked], tokens_too: bool) {
        *self.playing.lock().unwrap() = Playing {
            ahead: script.iter().cloned().collect(),
            said: Vec::new(),
            tokens_too,
        };
    }

    /// What was answered from the script.
    pub(super) fn said(&self) -> Vec<Said> {
        self.playing.lock().unwrap().said.clone()
    }
}

#[async_trait]
impl HttpTransport for Doku {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let mut playing = self.playing.lock().unwrap();
        let next = if request.uri().path() == TOKEN_PATH && !playing.tokens_too {
            return Ok(response(200, granted()));
        } else {
            playing.ahead.pop_front()
        };
        match next {
            Some(Asked::Answered(said)) => {
                let answered = response(said.status, said.body.clone());
                playing.said.push(said);
                Ok(answered)
            }
            Some(Asked::NotSent) => Err(TransportError::new(TransportErrorKind::Connect)),
            Some(Asked::Lost) | None => Err(TransportError::new(TransportErrorKind::Interrupted)),
        }
    }
}

fn response(status: u16, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

fn granted() -> Bytes {
    static GRANTED: LazyLock<Bytes> = LazyLock::new(|| {
        let body = format!(
            r#"{{"responseCode":"2007300","responseMessage":"Successful","accessToken":"{TOKEN}","tokenType":"Bearer","expiresIn":900}}"#
        );
        Bytes::from(body)
    });
    GRANTED.clone()
}

/// It is always the same moment.
#[derive(Debug)]
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> OffsetDateTime {
        datetime!(2026-01-31 10:55 +07:00)
    }
}

/// A client of this DOKU, which never waits and never tires.
pub(super) fn client(doku: Arc<Doku>) -> Client {
    let retry = RetryPolicy {
        first_wait: Duration::ZERO,
        budget: u32::MAX,
        ..RetryPolicy::default()
    };
    let config = Config::new(
        Environment::production(),
        "BRN-0259-1678068334526".parse().unwrap(),
        ClientSecret::new(SECRET).unwrap(),
        MERCHANT.clone(),
    )
    .with_partner_service_id("95962".parse().unwrap())
    .with_customer_no_prefix(PREFIX.parse().unwrap())
    .with_retry(retry);
    Client::with_clock(config, doku, Arc::new(Stopped)).unwrap()
}
