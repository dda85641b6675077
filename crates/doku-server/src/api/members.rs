//! The members of a request, read one by one. Every fault is found, each with its place.

use std::str::FromStr;

use doku_model::{Amount, Bill, Fault as Broken, FieldError, FreeText, Limits, TrxType};
use serde_json::{Map, Value};

use super::amount::reading;
use super::problem::{Fault, Problem, field};

/// An object of a request.
pub(super) struct Members<'v> {
    members: &'v Map<String, Value>,
    at: String,
}

/// What was found to be wrong so far.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(Fault::at(pointer, detail));
    }

    /// What was read, if nothing was wrong.
    pub(super) fn settle<T>(self, read: Option<T>) -> Result<T, Problem> {
        match read {
            Some(read) if self.0.is_empty() => Ok(read),
            _ if self.0.is_empty() => {
                Err(Problem::internal("a request was not understood").untouched())
            }
            _ => Err(Problem::faults(self.0)),
        }
    }
}

impl<'v> Members<'v> {
    /// The object at `at`, with no other members than these.
    pub(super) fn of(
        value: &'v Value,
        at: &str,
        known: &[&str],
        faults: &mut Faults,
    ) -> Option<Self> {
        let Some(members) = value.as_object() else {
            faults.add(at, "must be an object");
            return None;
        };
        for name in members.keys() {
            if !known.contains(&name.as_str()) {
                let detail = format!("is not known here; known are {}", known.join(", "));
                faults.add(format!("{at}/{}", escaped(name)), detail);
            }
        }
        Some(Self {
            members,
            at: at.to_owned(),
        })
    }

    fn pointer(&self, name: &str) -> String {
        format!("{}/{name}", self.at)
    }

    /// A member; null counts as absent.
    pub(super) fn value(&self, name: &str) -> Option<&'v Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// Whether a member is there and null.
    pub(super) fn is_null(&self, name: &str) -> bool {
        self.members.get(name).is_some_and(Value::is_null)
    }

    pub(super) fn text(&self, name: &str, faults: &mut Faults) -> Option<&'v str> {
        let value = self.value(name)?;
        if value.as_str().is_none() {
            faults.add(self.pointer(name), "must be a text");
        }
        value.as_str()
    }

    pub(super) fn flag(&self, name: &str, faults: &mut Faults) -> Option<bool> {
        let value = self.value(name)?;
        if value.as_bool().is_none() {
            faults.add(self.pointer(name), "must be true or false");
        }
        value.as_bool()
    }

    /// A text that stands for a value.
    pub(super) fn parsed<T: FromStr<Err = FieldError>>(
        &self,
        name: &str,
        faults: &mut Faults,
    ) -> Option<T> {
        match self.text(name, faults)?.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                faults.add(self.pointer(name), told(&error));
                None
            }
        }
    }

    /// An amount, which is a text, with a hint where it was written in a way that people write it.
    fn amount(&self, name: &str, faults: &mut Faults) -> Option<Amount> {
        let read = match self.value(name)? {
            Value::String(text) => text
                .parse()
                .map_err(|error| format!("{}{}", told(&error), reading(text))),
            Value::Number(_) => Err("must be a text, such as \"11500.00\"".to_owned()),
            _ => Err("must be a text".to_owned()),
        };
        read.map_err(|detail| faults.add(self.pointer(name), detail))
            .ok()
    }

    /// The same where it must be there.
    pub(super) fn required<T: FromStr<Err = FieldError>>(
        &self,
        name: &str,
        faults: &mut Faults,
    ) -> Option<T> {
        self.present(name, faults)?;
        self.parsed(name, faults)
    }

    /// A member that must be there.
    pub(super) fn present(&self, name: &str, faults: &mut Faults) -> Option<&'v Value> {
        let value = self.value(name);
        if value.is_none() {
            faults.add(self.pointer(name), "is mandatory and missing");
        }
        value
    }

    /// The bill in this member.
    pub(super) fn bill(&self, name: &str, faults: &mut Faults) -> Option<Bill> {
        let at = self.pointer(name);
        let members = Members::of(
            self.value(name)?,
            &at,
            &["type", "amount", "limits"],
            faults,
        )?;
        members.present("type", faults)?;
        let trx_type = match members.text("type", faults)? {
            "closed" => TrxType::Closed,
            "open" => TrxType::Open,
            "variable" => TrxType::Variable,
            _ => {
                faults.add(format!("{at}/type"), "must be closed, open or variable");
                return None;
            }
        };
        let amount = members.amount("amount", faults);
        let limits = match members.value("limits") {
            Some(value) => Some(limits(value, &format!("{at}/limits"), faults)?),
            None => None,
        };
        if members.value("amount").is_some() && amount.is_none() {
            return None;
        }
        // What the model says of this is in the words of the wire.
        match (trx_type, amount, limits) {
            (TrxType::Closed, _, Some(_)) => {
                let detail = "must be left out: a closed bill is paid with exactly its amount";
                faults.add(format!("{at}/limits"), detail);
                return None;
            }
            (TrxType::Open, Some(amount), _) if !amount.is_zero() => {
                let detail = "must be left out: the payer of an open bill chooses the amount";
                faults.add(format!("{at}/amount"), detail);
                return None;
            }
            _ => {}
        }
        match Bill::from_parts(trx_type, amount, limits) {
            Ok(bill) => Some(bill),
            Err(error) => {
                faults.0.push(field(&error));
                None
            }
        }
    }

    /// The lines for the payer in this member.
    pub(super) fn free_text(&self, name: &str, faults: &mut Faults) -> Vec<FreeText> {
        let Some(value) = self.value(name) else {
            return Vec::new();
        };
        let at = self.pointer(name);
        let Some(items) = value.as_array() else {
            faults.add(at, "must be an array");
            return Vec::new();
        };
        let mut lines = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let at = format!("{at}/{place}");
            let known = ["english", "indonesia"];
            let Some(members) = Members::of(item, &at, &known, faults) else {
                continue;
            };
            let english = members.present("english", faults);
            let indonesia = members.present("indonesia", faults);
            if let (Some(_), Some(_)) = (english, indonesia)
                && let (Some(english), Some(indonesia)) = (
                    members.text("english", faults),
                    members.text("indonesia", faults),
                )
            {
                match FreeText::new(english, indonesia) {
                    Ok(line) => lines.push(line),
                    Err(error) => {
                        let name = error.field().rsplit('.').next().unwrap_or_default();
                        faults.add(format!("{at}/{name}"), told(&error));
                    }
                }
            }
        }
        lines
    }
}

fn limits(value: &Value, at: &str, faults: &mut Faults) -> Option<Limits> {
    let members = Members::of(value, at, &["min", "max"], faults)?;
    let before = faults.0.len();
    let min = members.amount("min", faults);
    let max = members.amount("max", faults);
    if faults.0.len() > before {
        return None;
    }
    if let (Some(min), Some(max)) = (min, max)
        && max < min
    {
        faults.add(format!("{at}/max"), "must not be below min");
        return None;
    }
    match Limits::from_parts(min, max) {
        Ok(Some(limits)) => Some(limits),
        Ok(None) => {
            faults.add(at, "must have min, max or both");
            None
        }
        Err(error) => {
            faults.0.push(field(&error));
            None
        }
    }
}

/// What is wrong with a text that is there: an empty one is not missing.
fn told(error: &FieldError) -> String {
    match error.fault() {
        Broken::Missing => "is empty".to_owned(),
        fault => fault.to_string(),
    }
}

/// A name as part of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
