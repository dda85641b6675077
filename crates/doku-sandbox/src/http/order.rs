//! An order to the control plane: JSON that is read strictly, and an answer that names the member that is wrong.

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use hyper::StatusCode;
use hyper::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

/// The largest order that is read.
const LARGEST: usize = 64 * 1024;

/// The body of a request to the control plane.
pub(super) struct Order<T>(pub(super) T);

/// Why a body is no order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NotAnOrder {
    /// The header does not say JSON.
    ContentType,
    /// It is too large, or broke off.
    Unread,
    /// It is no JSON, or no object.
    NotJson,
    /// A member is missing.
    Missing(String),
    /// A member is there that is none.
    Unknown { member: String, known: String },
    /// A member has a value that it cannot have.
    Wrong { member: String, why: String },
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Order<T> {
    type Rejection = NotAnOrder;

    async fn from_request(request: Request, _: &S) -> Result<Self, NotAnOrder> {
        let kind = request.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(NotAnOrder::ContentType);
        }
        let body = to_bytes(request.into_body(), LARGEST).await;
        read(&body.map_err(|_| NotAnOrder::Unread)?).map(Self)
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, NotAnOrder> {
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(body).map_err(|_| NotAnOrder::NotJson)?;
    let value = serde_json::Value::Object(object);
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        NotAnOrder::of(&path, &error.inner().to_string())
    })
}

impl NotAnOrder {
    /// What serde says of a value at `path`, sorted.
    fn of(path: &str, said: &str) -> Self {
        if let Some((member, _)) = quoted_after(said, "missing field `") {
            return Self::Missing(member.to_owned());
        }
        if let Some((member, rest)) = quoted_after(said, "unknown field `") {
            let known = rest.trim_start_matches(", expected ").replace('`', "");
            return Self::Unknown {
                member: member.to_owned(),
                known: known.trim_start_matches("one of ").to_owned(),
            };
        }
        if quoted_after(said, "unknown variant `").is_some() {
            let member = if path == "." { "kind" } else { path };
            return Self::wrong(member, said);
        }
        Self::wrong(path.trim_matches('.'), said)
    }

    fn wrong(member: &str, why: &str) -> Self {
        Self::Wrong {
            member: member.to_owned(),
            why: why.replace('`', ""),
        }
    }

    fn member(&self) -> Option<&str> {
        match self {
            Self::Missing(member) | Self::Unknown { member, .. } | Self::Wrong { member, .. } => {
                Some(member.as_str()).filter(|member| !member.is_empty())
            }
            Self::ContentType | Self::Unread | Self::NotJson => None,
        }
    }

    fn reason(&self) -> String {
        match self {
            Self::ContentType => "send JSON, and say so: content-type: application/json".to_owned(),
            Self::Unread => "the body is larger than any order, or broke off".to_owned(),
            Self::NotJson => "the body is no JSON object".to_owned(),
            Self::Missing(member) => format!("{member} is missing"),
            Self::Unknown { member, known } => {
                format!("{member} is no member of this order; it has {known}")
            }
            Self::Wrong { member, why } if member.is_empty() => why.clone(),
            Self::Wrong { member, why } => format!("{member} cannot be read: {why}"),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unread => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotJson => StatusCode::BAD_REQUEST,
            Self::Missing(_) | Self::Unknown { .. } | Self::Wrong { .. } => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
        }
    }
}

/// What stands between `before` and the next backtick, and what follows that.
fn quoted_after<'s>(said: &'s str, before: &str) -> Option<(&'s str, &'s str)> {
    let (_, rest) = said.split_once(before)?;
    rest.split_once('`')
}

impl IntoResponse for NotAnOrder {
    fn into_response(self) -> Response {
        let mut body = serde_json::json!({ "error": "badRequest", "reason": self.reason() });
        if let (Some(member), Some(body)) = (self.member(), body.as_object_mut()) {
            body.insert("member".to_owned(), member.into());
        }
        (self.status(), Json(body)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::faults::Fault;

    fn refused(body: &str) -> NotAnOrder {
        read::<Fault>(body.as_bytes()).unwrap_err()
    }

    #[test]
    fn names_the_member() {
        assert_eq!(refused("{}"), NotAnOrder::Missing("kind".to_owned()));
        assert_eq!(
            refused(r#"{"kind":"status"}"#),
            NotAnOrder::Missing("status".to_owned())
        );
        let unknown = refused(r#"{"kind":"dropp"}"#);
        assert_eq!(unknown.member(), Some("kind"));
        assert!(unknown.reason().contains("dropBefore"), "{unknown:?}");
        for odd in ["[]", "", "{", "1"] {
            assert_eq!(refused(odd), NotAnOrder::NotJson, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn anything_is_an_order_or_has_a_reason(body in ".{0,80}") {
            if let Err(error) = read::<Fault>(body.as_bytes()) {
                prop_assert!(!error.reason().is_empty());
            }
        }
    }
}
