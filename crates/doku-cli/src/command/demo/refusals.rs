//! What DOKU refuses, and how the sandbox explains it: DOKU itself says no more than "Signature Not Match".

use bytes::Bytes;
use doku::sign::diagnose::Language;
use doku::sign::{MinifiedBody, StringToSign};
use doku::{ClientSecret, ExternalIds, HttpTransport as _, Operation, Outcome, Timestamp};
use doku_sandbox::{JournalEntry, SignatureReport};
use http::Request;

use super::order::doku_generated;
use super::shop::unset;
use super::stage::Stage;
use super::story::{Step, Story, must, wrong};
use crate::exit::Failure;

/// Of no merchant here.
const WRONG_SECRET: &str = "SK-of-another-merchant";

/// What create answers where the signature is wrong.
const SIGNATURE_REFUSED: &str = "4012700";

/// The text is right, and only the secret is another one.
pub(super) async fn wrong_secret(stage: &Stage, story: &mut Story<'_>) -> Result<(), Failure> {
    let (client, overheard) = stage.client_with_secret(WRONG_SECRET)?;
    let order = doku_generated("INV-2026-0003", "Agus Salim", "9900.00")?;
    let Err(error) = client.create(&order).await else {
        return Err(wrong("a wrong secret was accepted"));
    };
    let code = error.response_code().map(ToString::to_string);
    must(
        code.as_deref() == Some(SIGNATURE_REFUSED) && error.outcome() == Outcome::NotDone,
        "a wrong secret was not refused as such",
    )?;
    let entry = stage.last_entry()?;
    let report = report(&entry)?;
    let (to_sign, signature) = overheard
        .last_signed(Operation::CreateVa)
        .ok_or_else(|| wrong("the client signed nothing"))?;
    let secret = ClientSecret::new(WRONG_SECRET).map_err(|error| unset(&error))?;
    must(
        secret.verify(&to_sign, &signature).is_ok() && to_sign.masked() == report.expected,
        "the client signed another text than the sandbox expected",
    )?;
    let external_id = error.external_id().map(ToString::to_string);
    let calls = stage.calls();
    let creates = calls
        .iter()
        .filter(|call| call.path == Operation::CreateVa.path() && call.external_id == external_id);
    must(creates.count() == 2, "the client did not try twice")?;
    let step = Step::new("A client with the wrong secret key is refused")
        .calls(calls)
        .told(
            "The client tries once more with a fresh token, under the same id. DOKU says \"Signature \
             Not Match\" and no more; the sandbox says why:",
        )
        .fact("expected", report.expected.as_str())
        .fact("signed", "the same text, so the secret is another one")
        .fact(
            "advice",
            "compare the secret key with the one in the back office",
        )
        .identified(external_id, code);
    story.tell(step)
}

/// Signs the body as it is, blanks included, which is the mistake that home-made clients make first.
pub(super) async fn home_made_signature(
    stage: &Stage,
    story: &mut Story<'_>,
) -> Result<(), Failure> {
    let external_id = ExternalIds::new()
        .map_err(|error| unset(&error))?
        .next(stage.sandbox().now().instant());
    let request = home_made(stage, external_id.as_str()).await?;
    let answer = stage
        .transport
        .send(request)
        .await
        .map_err(|error| wrong("the sandbox did not answer").because(&error))?;
    let entry = stage.last_entry()?;
    must(
        answer.status() == 401 && entry.response_code.as_deref() == Some(SIGNATURE_REFUSED),
        "a signature over the wrong text was not refused",
    )?;
    let report = report(&entry)?;
    let (Some(_), Some(difference), Some(cause)) =
        (&report.presented, &report.difference, report.cause)
    else {
        return Err(wrong("the sandbox did not find out what was signed"));
    };
    let step = Step::new("A home-made client signs the body with its blanks")
        .calls(stage.calls())
        .told("Refused in the same words. The sandbox makes the same signature, and knows why:")
        .fact("difference", difference.as_str())
        .fact("cause", cause.describe(Language::English))
        .fact("advice", &*report.advice)
        .identified(Some(external_id.to_string()), entry.response_code.clone());
    story.tell(step)
}

async fn home_made(stage: &Stage, external_id: &str) -> Result<Request<Bytes>, Failure> {
    let config = stage.client.config();
    let token = stage.client.token().await?;
    let body = format!(
        "{{\n  \"partnerServiceId\": \"{}\",\n  \"customerNo\": \"6\"\n}}\n",
        config
            .partner_service_id()
            .map(ToString::to_string)
            .unwrap_or_default()
    );
    let operation = Operation::CreateVa;
    let timestamp = Timestamp::wib(stage.sandbox().now().instant());
    let to_sign = StringToSign::snap_transaction(
        operation.method().as_str(),
        operation.path(),
        token.access_token(),
        &MinifiedBody::raw(body.as_bytes()),
        timestamp.as_str(),
    );
    let signature = stage.secret()?.sign(&to_sign);
    Request::builder()
        .method(operation.method().as_str())
        .uri(format!("{}{}", config.environment(), operation.path()))
        .header("Content-Type", "application/json")
        .header("CHANNEL-ID", "H2H")
        .header("X-PARTNER-ID", config.client_id().as_str())
        .header("X-EXTERNAL-ID", external_id)
        .header("X-TIMESTAMP", timestamp.as_str())
        .header("X-SIGNATURE", signature.to_base64())
        .header(
            "Authorization",
            format!("Bearer {}", token.access_token().expose()),
        )
        .body(Bytes::from(body))
        .map_err(|error| unset(&error))
}

/// What the sandbox found out about the signature.
fn report(entry: &JournalEntry) -> Result<&SignatureReport, Failure> {
    entry
        .signature
        .as_ref()
        .ok_or_else(|| wrong("the sandbox did not explain the refusal"))
}
