//! A merchant's server without a socket. Each call to it takes a second of a clock that nobody waits for.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use doku_sandbox::conformance::{Payable, Report, Suite, Target, Verdict};
use doku_sandbox::{Endpoints, MerchantUrl};
use doku_sign::{AccessToken, ClientSecret, DokuPrivateKey, MinifiedBody, Signature, StringToSign};
use doku_transport::{HttpTransport, TransportError, TransportErrorKind};
use http::{Request, Response};
use serde_json::json;
use tokio::time::Instant;

const SECRET: &str = "SK-0123456789abcdef";
const CLIENT_ID: &str = "BRN-0211-1696919651918";

/// How long a call takes.
const CALL: Duration = Duration::from_secs(1);

/// How a server behaves. It checks signatures and bearers as it should.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manners {
    /// What it says of how long a token lives.
    pub(crate) expires_in: u64,
    /// How long it does.
    pub(crate) life: u64,
    /// After so many notifications that it took it takes no more.
    pub(crate) takes: usize,
    /// It hangs up on what it does not believe.
    pub(crate) hangs_up: bool,
    /// It answers the call of this number 503, and wants to be left alone for so many seconds.
    pub(crate) busy_at: Option<(usize, u64)>,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            expires_in: 900,
            life: 900,
            takes: usize::MAX,
            hangs_up: false,
            busy_at: None,
        }
    }
}

#[derive(Debug)]
struct Shop {
    manners: Manners,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    calls: usize,
    taken: usize,
    tokens: usize,
    issued: Option<(String, Instant)>,
}

type Answer = Result<Response<Bytes>, TransportError>;

#[async_trait]
impl HttpTransport for Shop {
    async fn send(&self, request: Request<Bytes>) -> Answer {
        tokio::time::advance(CALL).await;
        let mut inside = self.inside.lock().unwrap();
        inside.calls += 1;
        match self.manners.busy_at {
            Some((call, seconds)) if call == inside.calls => {
                let response = Response::builder().status(503);
                let response = response.header("retry-after", seconds);
                return Ok(response.body(Bytes::new()).unwrap());
            }
            _ => {}
        }
        match request.uri().path() {
            "/token" => inside.token(self.manners),
            _ => inside.payment(self.manners, &request),
        }
    }
}

impl Inside {
    fn token(&mut self, manners: Manners) -> Answer {
        self.tokens += 1;
        let token = format!("token-{}", self.tokens);
        self.issued = Some((token.clone(), Instant::now()));
        Ok(answer(
            200,
            "2007300",
            &json!({ "accessToken": token, "tokenType": "Bearer", "expiresIn": manners.expires_in }),
        ))
    }

    fn payment(&mut self, manners: Manners, request: &Request<Bytes>) -> Answer {
        if !self.is_genuine(manners, request) {
            if manners.hangs_up {
                return Err(TransportErrorKind::Interrupted.into());
            }
            return Ok(answer(401, "4012500", &json!({})));
        }
        if self.taken >= manners.takes {
            return Ok(answer(403, "4032500", &json!({})));
        }
        self.taken += 1;
        Ok(answer(200, "2002500", &json!({})))
    }

    fn is_genuine(&self, manners: Manners, request: &Request<Bytes>) -> bool {
        let header = |name: &str| {
            let mut all = request.headers().get_all(name).iter();
            let value = all.next()?.to_str().ok()?;
            all.next().is_none().then_some(value)
        };
        let read = || {
            let bearer = header("authorization")?;
            let timestamp = header("x-timestamp")?;
            let signature = Signature::from_base64(header("x-signature")?).ok()?;
            let (token, since) = self.issued.as_ref()?;
            let alive = since.elapsed() < Duration::from_secs(manners.life);
            let word = format!("bearer {token}");
            let presented = bearer.eq_ignore_ascii_case(&word) && bearer.ends_with(token);
            let to_sign = StringToSign::snap_transaction(
                request.method().as_str(),
                "/payment",
                &AccessToken::new(token.as_str()),
                &MinifiedBody::of(request.body()),
                timestamp,
            );
            let secret = ClientSecret::new(SECRET).unwrap();
            let signed = secret.verify(&to_sign, &signature).is_ok();
            let post = request.method() == "POST";
            let whole = serde_json::from_slice::<serde_json::Value>(request.body()).is_ok();
            (alive && presented && signed && post && whole).then_some(())
        };
        read().is_some()
    }
}

fn answer(status: u16, code: &str, members: &serde_json::Value) -> Response<Bytes> {
    let mut body = json!({ "responseCode": code, "responseMessage": "Told" });
    for (name, value) in members.as_object().unwrap() {
        body[name] = value.clone();
    }
    let response = Response::builder().status(status);
    response.body(Bytes::from(body.to_string())).unwrap()
}

/// What the rows of these names come to at a server with these manners, and how long that took on its clock.
pub(crate) async fn tried(manners: Manners, only: &[&str]) -> (Report, Duration) {
    static KEY: OnceLock<DokuPrivateKey> = OnceLock::new();
    let key = KEY.get_or_init(|| DokuPrivateKey::generate(2048).unwrap());
    let shop = Arc::new(Shop {
        manners,
        inside: Mutex::default(),
    });
    let at = |path: &str| -> MerchantUrl { format!("http://127.0.0.1:1{path}").parse().unwrap() };
    let endpoints = Endpoints::new()
        .token_url(at("/token"))
        .notification_url(at("/payment"));
    let secret = ClientSecret::new(SECRET).unwrap();
    let target = Target::new(CLIENT_ID.parse().unwrap(), secret, endpoints, shop)
        .doku_private_key(key.clone());
    let payable = Payable::new(
        &"9596260000161862".parse().unwrap(),
        "95962".parse().unwrap(),
        "11500.00".parse().unwrap(),
    );
    let only = only.iter().map(|name| (*name).to_owned()).collect();
    let suite = Suite::new(target, Some(payable.unwrap())).only(only);
    let since = Instant::now();
    let mut told = 0;
    let report = suite.run(|_| told += 1).await;
    assert_eq!(told, report.rows.len(), "each row is told once");
    (report, since.elapsed())
}

/// The names of the rows that ended so.
pub(crate) fn names(report: &Report, verdict: Verdict) -> Vec<&'static str> {
    let rows = report.rows.iter();
    rows.filter(|row| row.verdict == verdict)
        .map(|row| row.name)
        .collect()
}

/// The names of the rows that are undecided.
pub(crate) fn undecided(report: &Report) -> Vec<&'static str> {
    let rows = report.rows.iter();
    rows.filter(|row| row.undecided)
        .map(|row| row.name)
        .collect()
}
