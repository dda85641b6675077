//! Calls to the shop that are not DOKU's: what the thief is told, what the shop is told, and what is written down.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use doku::hosted::{Refusal, Refused};
use doku::sign::diagnose::Language;
use doku::sign::{AccessToken, MinifiedBody, StringToSign};
use doku::wire::{self, Money, PaymentRequest, Text};
use doku::{HttpTransport as _, Operation, PositiveAmount, Timestamp, VirtualAccount, rupiah};
use http::{Request, Response};
use serde_json::json;

use super::call::{Call, Caller, Verdict};
use super::own_number::OWED;
use super::shop::unset;
use super::stage::{Stage, stated};
use super::story::{Step, Story, must, wrong};
use crate::exit::Failure;

const PAYMENT: Operation = Operation::Payment;

/// What SNAP BI has for a bearer that is not right, and for a signature that is not.
const INVALID_TOKEN: (&str, &str) = ("4012501", "Invalid Token (B2B)");
const INVALID_SIGNATURE: (&str, &str) = ("4012500", "Unauthorized. Invalid Signature");

/// What the thief makes of the customer's payment.
const RAISED: &str = "1800000.00";

/// Somebody has the secret key, signs right, and makes a bearer up.
pub(super) async fn forged_bearer(
    stage: &Stage,
    story: &mut Story<'_>,
    va: &VirtualAccount,
) -> Result<(), Failure> {
    let external_id = "660000000001";
    let request = with_forged_bearer(stage, va, external_id)?;
    let tried = Tried::send(stage, request, INVALID_TOKEN).await?;
    must(
        matches!(tried.refused.refusal, Refusal::Bearer(_)) && tried.refused.genuine.is_some(),
        "a forged bearer was not seen as one",
    )?;
    let call = tried.call(external_id, Verdict::BearerRefused);
    story.tell(
        Step::new("A thief with the secret key makes a bearer up")
            .told(format!(
                "\"{} was paid\", signed with the stolen secret. The bearer is a JWT with alg none: \
                 nobody signed it.",
                va.trx_id()
            ))
            .calls([call])
            .fact("the thief", tried.heard)
            .fact("the shop", format!("hears that {}", tried.refused.refusal))
            .told(
                "The signature is right, so the shop gets the call to look at by hand; it is not a \
                 payment.",
            )
            .fact("the book", tried.book)
            .about(va),
    )
}

fn with_forged_bearer(
    stage: &Stage,
    va: &VirtualAccount,
    external_id: &str,
) -> Result<Request<Bytes>, Failure> {
    let client_id = stage.client.config().client_id().as_str();
    let bearer = signed_by_nobody(client_id)?;
    let number = va.number();
    let amount = va.bill().amount().map(|amount| amount.to_string());
    let body = wire::encode(&PaymentRequest {
        paid_amount: Some(Money {
            currency: Some("IDR".into()),
            value: amount.map(Text::from),
        }),
        payment_request_id: Some("STOLEN-0001".into()),
        trx_id: Some(va.trx_id().as_str().into()),
        virtual_account_no: Some(number.as_str().into()),
        ..PaymentRequest::default()
    });
    let timestamp = Timestamp::wib(stage.sandbox().now().instant());
    let to_sign = StringToSign::snap_transaction(
        PAYMENT.method().as_str(),
        PAYMENT.path(),
        &bearer,
        &MinifiedBody::of(body.as_ref()),
        timestamp.as_str(),
    );
    Request::post(format!("{}{}", stage.shop_url(), PAYMENT.path()))
        .header("Content-Type", "application/json")
        .header("X-PARTNER-ID", client_id)
        .header("X-EXTERNAL-ID", external_id)
        .header("X-TIMESTAMP", timestamp.as_str())
        .header("X-SIGNATURE", stage.secret()?.sign(&to_sign).to_base64())
        .header("Authorization", format!("Bearer {}", bearer.expose()))
        .body(Bytes::from(body))
        .map_err(|error| unset(&error))
}

/// A token with the right claims that says of itself that nobody signed it.
fn signed_by_nobody(client_id: &str) -> Result<AccessToken, Failure> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_err(|error| unset(&error))?;
    let claims = json!({ "exp": now.as_secs() + 900, "iss": client_id, "clientId": client_id });
    let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({ "alg": "none", "typ": "JWT" });
    Ok(AccessToken::new(format!(
        "{}.{}.",
        part(&header),
        part(&claims)
    )))
}

/// Somebody on the way changes the last notification, and leaves the rest as it was.
pub(super) async fn tampered_body(
    stage: &Stage,
    story: &mut Story<'_>,
    number: String,
) -> Result<(), Failure> {
    let (told, raised): (PositiveAmount, PositiveAmount) = (stated(OWED)?, stated(RAISED)?);
    let mut request = stage
        .from_doku
        .last(PAYMENT)
        .ok_or_else(|| wrong("DOKU sent nothing"))?;
    let body = String::from_utf8_lossy(request.body()).into_owned();
    let changed = body.replace(&format!("\"{told}\""), &format!("\"{raised}\""));
    must(changed != body, "the last notification has another amount")?;
    *request.body_mut() = Bytes::from(changed);
    let external_id = request
        .headers()
        .get("x-external-id")
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let tried = Tried::send(stage, request, INVALID_SIGNATURE).await?;
    let (Refusal::Mismatch(_), None, Some(diagnosis)) = (
        &tried.refused.refusal,
        &tried.refused.genuine,
        &tried.refused.diagnosis,
    ) else {
        return Err(wrong("a changed body was not seen as one"));
    };
    let cause = match diagnosis.cause() {
        Some(cause) => cause.describe(Language::English),
        None => format!(
            "no mistake that is known: {} signatures compared, none is this one",
            diagnosis.tried
        ),
    };
    let step = Step::new("A thief on the way raises the amount of a notification")
        .told(format!(
            "{} becomes {}; headers, bearer and signature stay as DOKU sent them.",
            rupiah(told.amount()),
            rupiah(raised.amount())
        ))
        .calls([tried.call(&external_id, Verdict::Refused)])
        .fact("the thief", tried.heard)
        .fact("the shop", "hears more, from the diagnosis")
        .fact("expected", diagnosis.expected.as_str())
        .fact("cause", cause)
        .fact(
            "advice",
            diagnosis.advice(Language::English).unwrap_or_default(),
        )
        .fact("the book", tried.book)
        .numbered(number);
    story.tell(step)
}

/// A call of a thief's, and what came of it: nothing.
struct Tried {
    /// What the shop is told.
    refused: Refused,
    /// What the thief is told.
    heard: String,
    /// How the book stands.
    book: String,
}

impl Tried {
    /// Sends the call, which must be refused with a code and its words, and with nothing besides.
    async fn send(
        stage: &Stage,
        request: Request<Bytes>,
        (code, message): (&str, &str),
    ) -> Result<Self, Failure> {
        let before = stage.book().paid().len();
        let answer: Response<Bytes> = stage
            .transport
            .send(request)
            .await
            .map_err(|error| wrong("the shop did not answer").because(&error))?;
        let told: serde_json::Value = serde_json::from_slice(answer.body())
            .map_err(|error| wrong("the shop's answer is not JSON").because(&error))?;
        must(
            answer.status() == 401
                && told == json!({ "responseCode": code, "responseMessage": message }),
            "a call of a thief's was not refused, or told more than that",
        )?;
        let refused = stage
            .book()
            .refused()
            .filter(|refused| refused.response_code.as_str() == code)
            .ok_or_else(|| wrong("the shop did not learn of a refusal"))?;
        let after = stage.book().paid().len();
        must(after == before, "a thief's payment stands in the book")?;
        let takings = stage.book().takings().map_err(|error| unset(&error))?;
        Ok(Self {
            refused,
            heard: format!("hears \"{message}\", and no more"),
            book: format!("{after} payments of {}, as before", rupiah(takings)),
        })
    }

    fn call(&self, external_id: &str, signature: Verdict) -> Call {
        Call {
            from: Caller::Thief,
            path: PAYMENT.path().to_owned(),
            response_code: self.refused.response_code.to_string(),
            signature,
            external_id: Some(external_id.to_owned()),
        }
    }
}
