//! The faults: those that wait for a call, and a form to order another.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hyper::StatusCode;
use serde_json::{Map, Value};

use super::form::Form;
use super::frame::{Frame, Section};
use super::parts::Part;
use super::reply::see;
use super::visitor::Visitor;
use super::words::Words;
use crate::desk::Desk;
use crate::faults::{Direction, Fault, OperationName};

/// The members of an answer that `wrongEcho` can change.
const MEMBERS: [&str; 5] = [
    "trxId",
    "virtualAccountNo",
    "amount",
    "currency",
    "expiredDate",
];

#[derive(Template)]
#[template(path = "faults.html")]
struct Page {
    w: &'static Words,
    frame: Frame,
    part: Part,
    to_doku: Vec<&'static str>,
    to_merchant: Vec<&'static str>,
    members: [&'static str; 5],
    typed: Typed,
    error: Option<String>,
}

/// What stands in the fields.
#[derive(Default)]
struct Typed {
    calls: String,
    kind: String,
    count: String,
    percent: String,
    status: String,
    milliseconds: String,
    member: String,
    before_work: bool,
}

impl Page {
    fn of(desk: &Desk, visitor: &Visitor, typed: Typed, error: Option<String>) -> Self {
        let names = |direction| {
            OperationName::of(direction)
                .map(|operation| {
                    OperationName {
                        direction,
                        operation,
                    }
                    .as_str()
                })
                .collect()
        };
        Self {
            w: visitor.words,
            frame: visitor.frame(desk, Section::Faults),
            part: Part::faults(desk, visitor.words),
            to_doku: names(Direction::Inbound),
            to_merchant: names(Direction::Outbound),
            members: MEMBERS,
            typed,
            error,
        }
    }
}

pub(super) async fn list(State(desk): State<Arc<Desk>>, visitor: Visitor) -> Response {
    let typed = Typed {
        calls: "createVa".to_owned(),
        kind: "dropAfter".to_owned(),
        count: "1".to_owned(),
        ..Typed::default()
    };
    visitor.page(StatusCode::OK, &Page::of(&desk, &visitor, typed, None))
}

pub(super) async fn order(State(desk): State<Arc<Desk>>, visitor: Visitor, form: Form) -> Response {
    let typed = Typed::of(&form);
    let ordered = typed
        .fault()
        .and_then(|fault| desk.faults.order(fault).map_err(|error| error.to_string()));
    match ordered {
        Ok(()) => see("/faults"),
        Err(error) => visitor.page(
            StatusCode::UNPROCESSABLE_ENTITY,
            &Page::of(&desk, &visitor, typed, Some(error)),
        ),
    }
}

pub(super) async fn clear(State(desk): State<Arc<Desk>>) -> Response {
    desk.faults.clear();
    see("/faults")
}

impl Typed {
    fn of(form: &Form) -> Self {
        let text = |name| form.text(name).to_owned();
        Self {
            calls: text("calls"),
            kind: text("kind"),
            count: text("count"),
            percent: text("percent"),
            status: text("status"),
            milliseconds: text("milliseconds"),
            member: text("member"),
            before_work: form.given("beforeWork").is_some(),
        }
    }

    /// The fault as the control plane gets it, so that both say the same of a wrong one.
    fn fault(&self) -> Result<Fault, String> {
        let mut members = Map::new();
        match self.calls.as_str() {
            "inbound" | "" => {}
            "outbound" => {
                members.insert("direction".to_owned(), "outbound".into());
            }
            operation => {
                members.insert("operation".to_owned(), operation.into());
            }
        }
        members.insert("kind".to_owned(), self.kind.as_str().into());
        let number = |name: &str, text: &str| -> Result<Option<Value>, String> {
            match text {
                "" => Ok(None),
                _ => match text.parse::<u32>() {
                    Ok(number) => Ok(Some(number.into())),
                    Err(_) => Err(format!("{name} must be a whole number")),
                },
            }
        };
        let statuses = matches!(self.kind.as_str(), "status" | "html");
        let fields = [
            ("count", &self.count, true),
            ("percent", &self.percent, true),
            ("status", &self.status, statuses),
            ("milliseconds", &self.milliseconds, self.kind == "delay"),
        ];
        for (name, text, _) in fields.into_iter().filter(|(_, _, fits)| *fits) {
            if let Some(number) = number(name, text)? {
                members.insert(name.to_owned(), number);
            }
        }
        if self.kind == "wrongEcho" && !self.member.is_empty() {
            members.insert("member".to_owned(), self.member.as_str().into());
        }
        if self.kind == "status" && self.before_work {
            members.insert("afterWork".to_owned(), false.into());
        }
        serde_json::from_value(Value::Object(members))
            .map_err(|error: serde_json::Error| error.to_string().replace('`', ""))
    }
}
