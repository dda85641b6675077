//! An answer, and the shape that SNAP BI gives it.

use bytes::Bytes;
use doku_model::Operation;
use http::Response;

use super::world::{SECRET, bearer};
use crate::lookup;

/// What the endpoints answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

impl Answer {
    /// Takes an answer apart; every one is JSON under the content type of JSON and is kept nowhere.
    pub(super) fn of(response: Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        assert_eq!(parts.headers["content-type"], "application/json");
        assert_eq!(parts.headers["cache-control"], "no-store");
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(!body.contains(SECRET), "tells the secret");
        Self {
            status: parts.status.as_u16(),
            body,
        }
    }

    /// Two members and no more, the code of the endpoint, and the status the code begins with.
    pub(super) fn is_refusal_of(&self, operation: Operation) {
        self.is_of(operation);
        assert!(!self.code().starts_with('2'), "{self:?}");
        assert_eq!(lookup::members(&self.body).unwrap().len(), 2, "{self:?}");
        assert!(!self.body.contains(bearer()), "tells a token");
    }

    /// The one success code of the endpoint.
    pub(super) fn is_success_of(&self, operation: Operation) {
        self.is_of(operation);
        assert_eq!(self.code(), operation.success().as_str());
    }

    fn is_of(&self, operation: Operation) {
        let code = self.code();
        assert_eq!(code.len(), 7, "{self:?}");
        let (status, rest) = code.split_at(3);
        assert_eq!(status, self.status.to_string(), "{self:?}");
        let service = format!("{:02}", operation.service().number());
        assert!(rest.starts_with(&service), "{self:?}");
        assert!(lookup::text(&self.body, &["responseMessage"]).is_some());
    }

    fn code(&self) -> String {
        lookup::text(&self.body, &["responseCode"]).unwrap()
    }
}
