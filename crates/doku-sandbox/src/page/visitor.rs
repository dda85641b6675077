//! Who looks at a page, and how a page comes about for them.

use askama::Template;
use axum::extract::FromRequestParts;
use axum::response::Response;
use hyper::StatusCode;
use hyper::header::SET_COOKIE;
use hyper::http::request::Parts;

use super::frame::{Choice, Frame, Section};
use super::language::{self, Language};
use super::reply::html;
use super::words::Words;
use crate::desk::Desk;

/// Whoever looks at a page: the language that was chosen, and what the address asks for.
pub(super) struct Visitor {
    pub(super) language: Language,
    pub(super) words: &'static Words,
    pub(super) query: String,
    /// Whether the language is to be remembered.
    remember: bool,
    path: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let query = parts.uri.query();
        let language = language::chosen(query, &parts.headers);
        Ok(Self {
            language,
            words: Words::of(language),
            query: query.unwrap_or_default().to_owned(),
            remember: language::asked(query).is_some(),
            // What only takes forms is no address to come back to.
            path: match parts.uri.path() {
                "/teller/ask" | "/teller/pay" => "/teller".to_owned(),
                path => path.to_owned(),
            },
        })
    }
}

impl Visitor {
    /// A number that the address asks for.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        form_urlencoded::parse(self.query.as_bytes())
            .find(|(known, _)| known == name)
            .and_then(|(_, value)| value.parse().ok())
    }

    pub(super) fn frame(&self, desk: &Desk, section: Section) -> Frame {
        Frame::of(desk, self.language, section, &self.path)
    }

    /// The same page in both languages.
    pub(super) fn languages(&self) -> [Choice; 2] {
        Choice::of(self.language, &self.path)
    }

    /// A page, as an answer.
    pub(super) fn page(&self, status: StatusCode, page: &impl Template) -> Response {
        let mut response = html(status, page);
        if self.remember {
            let cookie = language::remember(self.language);
            response.headers_mut().insert(SET_COOKIE, cookie);
        }
        response
    }
}
