//! `doku ledger evidence`: what DOKU sent, byte for byte.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use doku_ledger::hosted::KeptCall;
use doku_ledger::payment::{PaymentId, RawNotification};
use doku_ledger::{Error, Ledger};
use serde::Serialize;

use super::view::moment;
use super::with_ledger;
use crate::args::EvidenceArguments;
use crate::exit::{Exit, Failure};
use crate::output::{Format, Output, Style, Tone};

#[derive(Serialize)]
struct Evidence {
    operation: &'static str,
    items: Vec<Call>,
}

/// A call of DOKU's as it came.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Call {
    /// The payment that it told of.
    #[serde(skip_serializing_if = "Option::is_none")]
    payment: Option<String>,
    /// Of one that was not accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<Refusal>,
    received_at: String,
    path: String,
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// Where the body is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refusal {
    id: i64,
    response_code: String,
    reason: String,
}

pub(super) fn evidence(arguments: &EvidenceArguments, output: &Output) -> Result<Exit, Failure> {
    let items = with_ledger(&arguments.place, async |ledger| {
        match (&arguments.trx_id, arguments.payment) {
            (Some(trx_id), _) => {
                if ledger.account(trx_id).await?.is_none() {
                    let what = trx_id.to_string();
                    return Err(Error::NoSuchAccount { what }.into());
                }
                let mut items = Vec::new();
                for payment in ledger.payments_of(trx_id).await? {
                    items.extend(notification(ledger, payment.id).await?);
                }
                let refused = ledger.refused_calls_of(trx_id).await?;
                items.extend(refused.into_iter().map(Call::refused));
                Ok(items)
            }
            (None, Some(id)) => Ok(notification(ledger, id).await?.into_iter().collect()),
            (None, None) => {
                let limit = usize::from(arguments.limit);
                let refused = ledger.refused_calls(arguments.after, limit).await?;
                Ok(refused.into_iter().map(Call::refused).collect())
            }
        }
    })?;
    match output.format() {
        Format::Json => output.json(&Evidence {
            operation: "ledgerEvidence",
            items,
        })?,
        Format::Text if items.is_empty() => output.note("There is none."),
        Format::Text => output.text(|style| {
            let printed: Vec<String> = items.iter().map(|call| call.printed(style)).collect();
            printed.join("\n")
        })?,
    }
    Ok(Exit::Done)
}

async fn notification(ledger: &Ledger, id: PaymentId) -> Result<Option<Call>, Failure> {
    let kept = ledger.notification(id).await?;
    Ok(kept.map(|kept| Call::notified(id, kept)))
}

impl Call {
    fn notified(id: PaymentId, kept: RawNotification) -> Self {
        Self {
            payment: Some(id.to_string()),
            ..Self::of(
                moment(kept.received_at),
                kept.path,
                &kept.headers,
                kept.body,
            )
        }
    }

    fn refused(kept: KeptCall) -> Self {
        Self {
            refused: Some(Refusal {
                id: kept.id,
                response_code: kept.response_code,
                reason: kept.reason,
            }),
            ..Self::of(moment(kept.at), kept.path, &kept.headers, kept.body)
        }
    }

    fn of(received_at: String, path: String, headers: &str, body: Vec<u8>) -> Self {
        let (body, body_base64) = match String::from_utf8(body) {
            Ok(text) => (Some(text), None),
            Err(error) => (None, Some(BASE64_STANDARD.encode(error.as_bytes()))),
        };
        Self {
            payment: None,
            refused: None,
            received_at,
            path,
            headers: serde_json::from_str(headers).unwrap_or_default(),
            body,
            body_base64,
        }
    }

    /// As it came, below a line that says what it is.
    fn printed(&self, style: Style) -> String {
        let title = match (&self.payment, &self.refused) {
            (Some(payment), _) => format!("{payment}, received {}", self.received_at),
            (None, Some(refused)) => format!(
                "refused call {}, received {}, answered {}: {}",
                refused.id, self.received_at, refused.response_code, refused.reason
            ),
            (None, None) => self.received_at.clone(),
        };
        let mut text = format!("{}\n", style.paint(Tone::Title, &format!("# {title}")));
        // Writing into a string does not fail.
        let _ = writeln!(text, "POST {} HTTP/1.1", self.path);
        for (name, value) in &self.headers {
            let _ = writeln!(text, "{name}: {value}");
        }
        let body = match (&self.body, &self.body_base64) {
            (Some(body), _) => body.clone(),
            (None, Some(encoded)) => format!("(no text; in Base64) {encoded}"),
            (None, None) => String::new(),
        };
        let _ = writeln!(text, "\n{body}");
        text
    }
}
