//! The page: what the sandbox remembers and can be told, for people with a browser.
//!
//! A view over the desk and nothing more. Every page is written on the server and works with plain links and forms; a script
//! makes the lists follow by themselves. It loads nothing from anywhere, and takes orders from its own pages only.

mod accounts;
mod assets;
mod clock;
mod entry;
mod extent;
mod faults;
mod form;
mod guard;
mod home;
mod journal;
mod language;
mod live;
mod notifications;
mod parts;
mod policy;
mod problem;
mod shown;
mod start;
mod teller;
mod words;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::FromRequestParts;
use axum::middleware;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};
use hyper::StatusCode;
use hyper::header::{LOCATION, SET_COOKIE};
use hyper::http::request::Parts;

pub(crate) use guard::no_foreign_page;

use crate::desk::Desk;
use language::Language;
use shown::Moment;
use words::Words;

/// The pages and their forms. None of these paths is one of DOKU's.
pub(crate) fn routes(desk: &Arc<Desk>) -> Router<Arc<Desk>> {
    Router::new()
        .route("/", get(home::show))
        .route("/accounts", get(accounts::list))
        .route("/accounts/{place}", get(accounts::one))
        .route("/journal", get(journal::list))
        .route("/journal/{number}", get(journal::one))
        .route("/notifications", get(notifications::list))
        .route("/notifications/{id}/resend", post(notifications::resend))
        .route("/teller", get(teller::counter))
        .route("/teller/ask", post(teller::ask))
        .route("/teller/pay", post(teller::pay))
        .route("/teller/{slip}", get(teller::slip))
        .route("/faults", get(faults::list).post(faults::order))
        .route("/faults/clear", post(faults::clear))
        .route("/clock", get(clock::show).post(clock::advance))
        .route("/clock/back", post(clock::set_back))
        .route("/live", get(live::changes))
        .route("/assets/page.css", get(assets::style))
        .route("/assets/page.js", get(assets::script))
        .route_layer(middleware::from_fn_with_state(
            Arc::clone(desk),
            guard::own_pages_only,
        ))
        .route_layer(middleware::map_response(policy::with_headers))
}

/// Whoever looks at a page: the language that was chosen, and what the address asks for.
struct Visitor {
    language: Language,
    words: &'static Words,
    query: String,
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
    fn number(&self, name: &str) -> Option<u64> {
        form_urlencoded::parse(self.query.as_bytes())
            .find(|(known, _)| known == name)
            .and_then(|(_, value)| value.parse().ok())
    }

    fn frame(&self, desk: &Desk, section: Section) -> Frame {
        Frame::of(desk, self.language, section, &self.path)
    }

    /// A page, as an answer.
    fn page(&self, status: StatusCode, page: &impl Template) -> Response {
        let mut response = html(status, page);
        if self.remember {
            let cookie = language::remember(self.language);
            response.headers_mut().insert(SET_COOKIE, cookie);
        }
        response
    }
}

/// Where a page belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Overview,
    Accounts,
    Journal,
    Notifications,
    Faults,
    Clock,
    Teller,
    Elsewhere,
}

/// What stands around every page.
struct Frame {
    nav: [Link; 7],
    languages: [Choice; 2],
    now: Moment,
    moved: Option<String>,
}

struct Link {
    path: &'static str,
    name: &'static str,
    current: bool,
}

struct Choice {
    code: &'static str,
    name: &'static str,
    current: bool,
    href: String,
}

impl Frame {
    fn of(desk: &Desk, language: Language, section: Section, path: &str) -> Self {
        let words = Words::of(language);
        let link = |of: Section, path, name| Link {
            path,
            name,
            current: of == section,
        };
        let choice = |of: Language, name| Choice {
            code: of.code(),
            name,
            current: of == language,
            href: format!("{path}?lang={}", of.code()),
        };
        let moved = i64::try_from(desk.clock.advanced_seconds()).unwrap_or(i64::MAX);
        Self {
            nav: [
                link(Section::Overview, "/", words.overview),
                link(Section::Teller, "/teller", words.teller),
                link(Section::Accounts, "/accounts", words.accounts),
                link(
                    Section::Notifications,
                    "/notifications",
                    words.notifications,
                ),
                link(Section::Journal, "/journal", words.journal),
                link(Section::Faults, "/faults", words.faults),
                link(Section::Clock, "/clock", words.clock),
            ],
            languages: [
                choice(Language::Indonesian, "Indonesia"),
                choice(Language::English, "English"),
            ],
            now: Moment::of(desk.clock.now()),
            moved: (moved > 0).then(|| shown::left(time::Duration::seconds(moved), words)),
        }
    }
}

fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// After a form: where to look. Loading that again sends nothing again.
fn see(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response()
}
