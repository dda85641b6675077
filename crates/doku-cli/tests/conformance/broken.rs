//! A merchant's server in few lines, as one is written in a hurry, with a choice of mistakes.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doku::sign::{
    AccessToken, ClientSecret, DokuPublicKey, MerchantPrivateKey, MerchantToken, MinifiedBody,
    Signature, StringToSign, TokenParties,
};
use doku_sandbox::{Merchant, MerchantFiles};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Doku, doku};

/// What a server gets wrong.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mistakes {
    /// It looks at the bearer and not at X-SIGNATURE.
    pub(crate) no_hmac: bool,
    /// It reads the bearer's claims and verifies nothing of it.
    pub(crate) believes_claims: bool,
    /// It answers 2002700 as a number, and no virtualAccountData.
    pub(crate) flat: bool,
    /// It knows a number only as it wrote it itself.
    pub(crate) literal_numbers: bool,
    /// It compares signatures as texts, without regard to case, as two official SDKs do.
    pub(crate) other_case: bool,
    /// It verifies a bearer and does not look at its expiry.
    pub(crate) takes_expired: bool,
}

/// What stands in front of a server: it answers 429 and lets nothing through.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Limiter {
    /// Once so many calls were let through.
    After(usize),
    /// Every so many calls.
    Every(usize),
}

/// A notification is taken for so long after its bearer expired: DOKU sends again.
const LATE: Duration = Duration::from_secs(24 * 60 * 60);

/// A server that runs as long as the test does.
pub(crate) struct Shop {
    pub(crate) url: String,
    pub(crate) files: MerchantFiles,
    pub(crate) folder: TempDir,
    client_id: String,
}

struct Inside {
    mistakes: Mistakes,
    client_id: String,
    secret: ClientSecret,
    key: MerchantPrivateKey,
    doku: DokuPublicKey,
}

pub(crate) const NUMBER: &str = "9596260000161862";

impl Shop {
    pub(crate) fn open(mistakes: Mistakes) -> Self {
        Self::behind(None, mistakes)
    }

    pub(crate) fn behind(limiter: Option<Limiter>, mistakes: Mistakes) -> Self {
        let folder = TempDir::new().unwrap();
        let merchant = Merchant::make_up().unwrap();
        let files = merchant.write_to(&folder.path().join("keys")).unwrap();
        let client_id = merchant.client_id().to_string();
        let inside = Arc::new(Inside {
            mistakes,
            client_id: client_id.clone(),
            secret: ClientSecret::new(merchant.client_secret()).unwrap(),
            key: merchant.private_key().clone(),
            doku: merchant.doku_private_key().public_key(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/authorization/v1/access-token/b2b", post(token))
            .route("/v1/transfer-va/payment", post(payment))
            .with_state(inside);
        let router = match limiter {
            None => router,
            Some(limiter) => {
                let calls = Arc::new(AtomicUsize::new(0));
                router.layer(from_fn(move |request, next| {
                    limited(limiter, Arc::clone(&calls), request, next)
                }))
            }
        };
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
        Self {
            url,
            files,
            folder,
            client_id,
        }
    }

    /// `doku` with the keys of this merchant, and DOKU's.
    pub(crate) fn doku(&self, arguments: &[&str]) -> Doku {
        let path = |path: &Path| path.to_str().unwrap().to_owned();
        doku(arguments)
            .env("DOKU_CLIENT_ID", &self.client_id)
            .env("DOKU_SECRET_KEY_FILE", &path(&self.files.secret_key))
            .env("DOKU_PARTNER_SERVICE_ID", "95962")
            .arguments(&["--doku-private-key", &path(&self.files.doku_private_key)])
    }
}

async fn limited(
    limiter: Limiter,
    calls: Arc<AtomicUsize>,
    request: Request,
    next: Next,
) -> Response {
    let call = calls.fetch_add(1, Ordering::Relaxed);
    let full = match limiter {
        Limiter::After(calls) => call >= calls,
        Limiter::Every(calls) => call % calls == calls - 1,
    };
    if full {
        // At once, so that nobody waits for a test.
        return (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, "0")]).into_response();
    }
    next.run(request).await
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    let value = all.next()?.to_str().ok()?;
    all.next().is_none().then_some(value)
}

fn refused(status: u16, code: &str) -> (StatusCode, String) {
    let body = json!({ "responseCode": code, "responseMessage": "Refused" });
    (StatusCode::from_u16(status).unwrap(), body.to_string())
}

async fn token(
    State(shop): State<Arc<Inside>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    let genuine = || {
        let timestamp = header(&headers, "x-timestamp")?;
        let signature = Signature::from_base64(header(&headers, "x-signature")?).ok()?;
        let moment: doku::Timestamp = timestamp.parse().ok()?;
        let off = (SystemTime::from(moment.instant()))
            .duration_since(SystemTime::now())
            .unwrap_or_else(|error| error.duration());
        let client = header(&headers, "x-client-key")?;
        let to_sign = StringToSign::snap_token(&shop.client_id, timestamp);
        let fits = shop.doku.verify(&to_sign, &signature).is_ok();
        (fits && client == shop.client_id && off < Duration::from_secs(900)).then_some(())
    };
    if genuine().is_none() {
        return refused(401, "4017300");
    }
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    if asked["grantType"] != "client_credentials" {
        return refused(400, "4007301");
    }
    let token = MerchantToken::issue(
        &shop.key,
        parties(&shop),
        SystemTime::now(),
        Duration::from_secs(900),
    );
    let body = json!({
        "responseCode": "2007300",
        "responseMessage": "Successful",
        "accessToken": token.unwrap().expose(),
        "tokenType": "Bearer",
        "expiresIn": 900,
    });
    (StatusCode::OK, body.to_string())
}

fn parties(shop: &Inside) -> TokenParties<'_> {
    TokenParties {
        issuer: &shop.client_id,
        client_id: &shop.client_id,
    }
}

async fn payment(
    State(shop): State<Arc<Inside>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    let Some(token) = header(&headers, "authorization")
        .and_then(|text| AccessToken::from_authorization(text).ok())
    else {
        return refused(401, "4012503");
    };
    if !bearer_is_good(&shop, &token) {
        return refused(401, "4012501");
    }
    if !shop.mistakes.no_hmac && !is_signed(&shop, &uri, &headers, &token, &body) {
        return refused(401, "4012500");
    }
    let Ok(told) = serde_json::from_slice::<Value>(&body) else {
        return refused(500, "5002500");
    };
    if shop.mistakes.literal_numbers && told["virtualAccountNo"] != NUMBER {
        return refused(404, "4042512");
    }
    let answer = if shop.mistakes.flat {
        json!({
            "responseCode": 2_002_700,
            "responseMessage": "Successful",
            "paymentRequestId": told["paymentRequestId"],
        })
    } else {
        json!({
            "responseCode": "2002500",
            "responseMessage": "Successful",
            "virtualAccountData": {
                "partnerServiceId": told["partnerServiceId"],
                "customerNo": told["customerNo"],
                "virtualAccountNo": told["virtualAccountNo"],
                "virtualAccountName": told["virtualAccountName"],
                "paymentRequestId": told["paymentRequestId"],
            },
        })
    };
    (StatusCode::OK, answer.to_string())
}

fn bearer_is_good(shop: &Inside, token: &AccessToken) -> bool {
    if !shop.mistakes.believes_claims {
        let keys = [shop.key.public_key()];
        let leeway = if shop.mistakes.takes_expired {
            10_000 * LATE
        } else {
            LATE
        };
        let now = SystemTime::now();
        return MerchantToken::verify_with_leeway(token, &keys, parties(shop), now, leeway).is_ok();
    }
    // What a decoder says that is not asked to verify.
    let claims = token
        .expose()
        .split('.')
        .nth(1)
        .and_then(|claims| URL_SAFE_NO_PAD.decode(claims).ok())
        .and_then(|claims| serde_json::from_slice::<Value>(&claims).ok())
        .unwrap_or_default();
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    claims["clientId"] == *shop.client_id
        && claims["exp"]
            .as_u64()
            .is_some_and(|exp| exp + LATE.as_secs() > now)
}

fn is_signed(
    shop: &Inside,
    uri: &Uri,
    headers: &HeaderMap,
    token: &AccessToken,
    body: &[u8],
) -> bool {
    let (Some(timestamp), Some(signature)) = (
        header(headers, "x-timestamp"),
        header(headers, "x-signature"),
    ) else {
        return false;
    };
    let to_sign = StringToSign::snap_transaction(
        "POST",
        uri.path(),
        token,
        &MinifiedBody::of(body),
        timestamp,
    );
    if shop.mistakes.other_case {
        let expected = shop.secret.sign(&to_sign).to_base64();
        return expected.eq_ignore_ascii_case(signature);
    }
    Signature::from_base64(signature)
        .is_ok_and(|signature| shop.secret.verify(&to_sign, &signature).is_ok())
}
