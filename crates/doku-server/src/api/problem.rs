//! What went wrong, as RFC 9457 has it: named, explained, and with what happened to the money.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use doku_ledger::intent::Failed;
use doku_ledger::{Error as LedgerError, Kept};
use doku_model::{FieldError, ResponseCode, TrxId};
use doku_va_btn::{BuildError, Error as ClientError, Outcome};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

/// What to do where the ledger failed before anything was done.
pub(super) const NOTHING_SENT: &str = "Nothing was sent to DOKU: ask again later.";

/// Whether a virtual account may have been created, changed or deleted at DOKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Money {
    /// Certainly not.
    Untouched,
    /// Perhaps. The server finds out by itself; look at the account.
    Unknown,
}

/// One member of a request, or one parameter, that does not serve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Fault {
    /// Where, as a JSON pointer into the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pointer: Option<String>,
    /// Which parameter of the query, or which header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parameter: Option<String>,
    pub(super) detail: String,
}

impl Fault {
    pub(super) fn at(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: Some(pointer.into()),
            parameter: None,
            detail: detail.into(),
        }
    }

    pub(super) fn of_parameter(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: None,
            parameter: Some(name.into()),
            detail: detail.into(),
        }
    }
}

/// An answer that is not what was asked for.
#[derive(Debug)]
pub(super) struct Problem(Box<Content>);

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    money: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trx_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Fault>,
    #[serde(skip)]
    location: Option<String>,
}

/// The kinds of problems, with their titles and usual codes.
macro_rules! kinds {
    ($($name:ident = $word:literal, $status:ident, $title:literal;)*) => {
        $(pub(super) fn $name(detail: impl Into<String>) -> Self {
            Self::new($word, StatusCode::$status, $title, detail.into())
        })*
    };
}

impl Problem {
    fn new(kind: &str, status: StatusCode, title: &'static str, detail: String) -> Self {
        Self(Box::new(Content {
            kind: format!("urn:doku-server:problem:{kind}"),
            title,
            status: status.as_u16(),
            detail,
            advice: None,
            money: None,
            response_code: None,
            external_id: None,
            trx_id: None,
            state: None,
            errors: Vec::new(),
            location: None,
        }))
    }

    kinds! {
        invalid = "invalid-request", BAD_REQUEST, "The request is not in order";
        too_large = "too-large", PAYLOAD_TOO_LARGE, "The body is too large";
        too_slow = "too-slow", REQUEST_TIMEOUT, "The body did not arrive in time";
        media_type = "media-type", UNSUPPORTED_MEDIA_TYPE, "The body is not JSON";
        not_found = "not-found", NOT_FOUND, "There is no such thing";
        conflict = "conflict", CONFLICT, "This cannot be done now";
        key_reused = "idempotency-key-reused", UNPROCESSABLE_ENTITY, "The idempotency key was used for another request";
        refused = "refused", UNPROCESSABLE_ENTITY, "DOKU refused";
        unreachable = "doku-unavailable", BAD_GATEWAY, "DOKU did not do it";
        storage = "ledger-unavailable", SERVICE_UNAVAILABLE, "The ledger is not available";
        busy = "busy", SERVICE_UNAVAILABLE, "Too many at the same time";
        internal = "internal", INTERNAL_SERVER_ERROR, "The server failed";
    }

    pub(super) fn unauthorised() -> Self {
        let detail = "give a key of this server: `Authorization: Bearer …`".to_owned();
        let status = StatusCode::UNAUTHORIZED;
        Self::new("unauthorised", status, "There is no valid API key", detail)
    }

    pub(super) fn method_not_allowed() -> Self {
        let detail = "this path knows other methods; see /openapi.json".to_owned();
        let status = StatusCode::METHOD_NOT_ALLOWED;
        Self::new("method", status, "This cannot be done here", detail)
    }

    pub(super) fn no_such_path() -> Self {
        Self::not_found("there is nothing at this path; see /openapi.json")
    }

    /// A request with members or parameters that do not serve. Nothing was sent to DOKU.
    pub(super) fn faults(faults: Vec<Fault>) -> Self {
        let detail = match faults.as_slice() {
            [only] => match only.pointer.as_deref().or(only.parameter.as_deref()) {
                // The whole body has an empty pointer.
                None | Some("") => only.detail.clone(),
                Some(place) => format!("{place}: {}", only.detail),
            },
            all => format!("{} members do not serve", all.len()),
        };
        let mut problem = Self::invalid(detail).untouched();
        problem.0.errors = faults;
        problem
    }

    pub(super) fn untouched(mut self) -> Self {
        self.0.money = Some(Money::Untouched);
        self
    }

    /// It may have been done, and the account tells once it is known.
    pub(super) fn unknown(mut self, location: String) -> Self {
        self.0.money = Some(Money::Unknown);
        self.0.advice = Some(
            "Do not ask for it under another trxId: look at the account until its state is known.",
        );
        self.0.location = Some(location);
        self
    }

    pub(super) fn about(mut self, trx_id: &TrxId) -> Self {
        self.0.trx_id = Some(trx_id.to_string());
        self
    }

    pub(super) fn advice(mut self, advice: &'static str) -> Self {
        self.0.advice = Some(advice);
        self
    }

    /// DOKU did not do what it was asked to: certainly, because an uncertain outcome is no problem but an answer.
    pub(super) fn failed(failed: &Failed) -> Self {
        let error = failed.client_error();
        let mut problem = match error {
            Some(ClientError::Refused(_)) => Self::refused(failed.reason()),
            Some(ClientError::Build(build)) => return Self::build(build),
            _ => Self::unreachable(failed.reason()),
        };
        if let Some(error) = error {
            problem.0.response_code = error.response_code().map(ResponseCode::to_string);
            problem.0.external_id = error.external_id().map(ToString::to_string);
            problem.0.advice = Some(error.advice());
        }
        match failed.outcome() {
            Outcome::NotDone => problem.untouched(),
            Outcome::Unknown => {
                problem.0.money = Some(Money::Unknown);
                // Unlike a program that made the call alone, the server has it on record.
                problem.advice(
                    "The server asks DOKU again by itself. Look at the account until its state is known, and make no other one for the same order meanwhile.",
                )
            }
        }
    }

    fn build(error: &BuildError) -> Self {
        match error {
            BuildError::Field(error) => Self::faults(vec![field(error)]),
            BuildError::NoPartnerServiceId => Self::faults(vec![Fault::at(
                "/partnerServiceId",
                "is missing, and the server is configured with none",
            )]),
            BuildError::NoPrefix => Self::faults(vec![Fault::at(
                "/customerNo",
                "the prefix is missing, and the server is configured with none",
            )]),
            other => Self::internal(other.to_string()).untouched(),
        }
    }

    /// The ledger did not do what it was asked to. Nothing was sent to DOKU, but where the error says that it may have been.
    pub(super) fn ledger(error: &LedgerError) -> Self {
        let text = error.to_string();
        match error {
            LedgerError::TrxIdTaken { trx_id, state } => {
                let mut problem = Self::conflict(text).untouched().about(trx_id);
                problem.0.state = Some(state.as_str());
                problem
            }
            LedgerError::NotNow { trx_id, state } => {
                let mut problem = Self::conflict(text).untouched().about(trx_id);
                problem.0.state = Some(state.as_str());
                problem
            }
            LedgerError::Underway { trx_id } => Self::conflict(text)
                .untouched()
                .about(trx_id)
                .advice("Look at the account, and do it again once it has changed."),
            LedgerError::NumbersUnknown { trx_id } => Self::conflict(text)
                .untouched()
                .about(trx_id)
                .advice("It may be paid. It can be changed once somebody has recorded its number; that is the operator's work."),
            LedgerError::KeyReused => Self::key_reused(text).untouched(),
            LedgerError::NoSuchAccount { .. } => Self::not_found(text).untouched(),
            LedgerError::Field(error) => Self::faults(vec![field(error)]),
            LedgerError::Request(error) => match &**error {
                ClientError::Build(build) => Self::build(build),
                other => Self::internal(other.to_string()).untouched(),
            },
            LedgerError::Storage { .. } => {
                // What the database said is for the log alone.
                tracing::error!(%error, "the ledger failed");
                let detail = "the database did not do it; the reason is in the server's log";
                let problem = Self::storage(detail);
                match error.kept() {
                    Kept::No => problem.untouched().advice(NOTHING_SENT),
                    Kept::Perhaps => {
                        let mut problem = problem;
                        problem.0.money = Some(Money::Unknown);
                        problem.advice(
                            "Look at the account, or ask again with the same Idempotency-Key.",
                        )
                    }
                }
            }
            LedgerError::HowItEnded { .. } => {
                tracing::error!(%error, "the ledger failed");
                let mut problem = Self::storage(
                    "how it ended could not be recorded; the reason is in the server's log",
                );
                problem.0.money = Some(Money::Unknown);
                problem.advice("Look at the account until its state is known.")
            }
            LedgerError::Closed => Self::storage("the server is stopping").untouched(),
            other => {
                tracing::error!(error = %other, "the ledger failed");
                Self::internal("the ledger failed; the reason is in the server's log")
            }
        }
    }
}

/// What is known of a call whose outcome is not: stands in the answer beside the account.
pub(super) fn outcome(failed: &Failed) -> serde_json::Value {
    let error = failed.client_error();
    let mut told = serde_json::json!({ "money": Money::Unknown, "detail": failed.reason() });
    if let Some(members) = told.as_object_mut() {
        let code = error.and_then(ClientError::response_code);
        let external_id = error.and_then(ClientError::external_id);
        if let Some(code) = code {
            members.insert("responseCode".to_owned(), code.as_str().into());
        }
        if let Some(id) = external_id {
            members.insert("externalId".to_owned(), id.as_str().into());
        }
        if let Some(error) = error {
            members.insert("advice".to_owned(), error.advice().into());
        }
    }
    told
}

/// A value's own error, at the place of this API's request where the value stands.
pub(super) fn field(error: &FieldError) -> Fault {
    let name = error.field();
    let pointer = match name {
        "totalAmount.value" => "/bill/amount",
        "additionalInfo.virtualAccountConfig" => "/bill/limits",
        "additionalInfo.virtualAccountConfig.minAmount" => "/bill/limits/min",
        "additionalInfo.virtualAccountConfig.maxAmount" => "/bill/limits/max",
        "virtualAccountName" => "/name",
        "virtualAccountEmail" => "/email",
        "virtualAccountPhone" => "/phone",
        "virtualAccountTrxType" => "/bill/type",
        _ => {
            return Fault::at(
                format!("/{}", name.replace('.', "/")),
                error.fault().to_string(),
            );
        }
    };
    Fault::at(pointer, error.fault().to_string())
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(location) = self.0.location
            && let Ok(location) = HeaderValue::from_str(&location)
        {
            headers.insert(LOCATION, location);
        }
        response
    }
}
