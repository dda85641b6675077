//! Parameters of a query, read strictly.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use doku_ledger::Cursor;

use super::PAGE;
use super::problem::{Fault, Problem};

/// The most items of a page.
const LARGEST: usize = 1_000;

/// The parameters of one request.
pub(super) struct Query<'q> {
    pairs: Vec<(Cow<'q, str>, Cow<'q, str>)>,
}

impl<'q> Query<'q> {
    /// Each of the known parameters at most once, and no other.
    pub(super) fn read(query: Option<&'q str>, known: &[&str]) -> Result<Self, Problem> {
        let pairs: Vec<_> = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).collect();
        let mut faults = Vec::new();
        for (place, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_ref()) {
                let detail = format!("is not known here; known are {}", known.join(", "));
                faults.push(Fault::of_parameter(name.as_ref(), detail));
            } else if pairs.iter().take(place).any(|(other, _)| other == name) {
                faults.push(Fault::of_parameter(name.as_ref(), "is there twice"));
            }
        }
        if faults.is_empty() {
            Ok(Self { pairs })
        } else {
            Err(Problem::faults(faults))
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_ref())
    }

    pub(super) fn parsed<T>(&self, name: &str) -> Result<Option<T>, Problem>
    where
        T: FromStr,
        T::Err: Display,
    {
        self.text(name)
            .map(|text| {
                text.parse().map_err(|error: T::Err| {
                    Problem::faults(vec![Fault::of_parameter(name, error.to_string())])
                })
            })
            .transpose()
    }

    /// Where to go on: `after`.
    pub(super) fn after(&self) -> Result<Cursor, Problem> {
        Ok(self.parsed("after")?.unwrap_or(Cursor::START))
    }

    /// How many items: `limit`.
    pub(super) fn limit(&self) -> Result<usize, Problem> {
        let limit: usize = self.parsed("limit")?.unwrap_or(PAGE);
        if (1..=LARGEST).contains(&limit) {
            Ok(limit)
        } else {
            let detail = format!("must be 1 to {LARGEST}");
            Err(Problem::faults(vec![Fault::of_parameter("limit", detail)]))
        }
    }
}
