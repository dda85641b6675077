//! The document that describes this API, served as it stands in `openapi.json`.

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

const DOCUMENT: &str = include_str!("openapi.json");

pub(super) async fn document() -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, DOCUMENT).into_response()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::api::{change, create, routes};
    use crate::view::EVENT_TYPES;

    fn document() -> Value {
        serde_json::from_str(DOCUMENT).unwrap()
    }

    fn names(of: &Value) -> BTreeSet<String> {
        of.as_object().unwrap().keys().cloned().collect()
    }

    fn words(of: &Value) -> BTreeSet<&str> {
        of.as_array()
            .unwrap()
            .iter()
            .map(|word| word.as_str().unwrap())
            .collect()
    }

    #[test]
    fn every_route_is_described_and_no_other() {
        let served: BTreeSet<(String, String)> = routes()
            .into_iter()
            .map(|(method, path, _)| (path.to_owned(), method.to_owned()))
            .collect();
        let document = document();
        let mut described = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys() {
                if method != "parameters" {
                    described.insert((path.clone(), method.clone()));
                }
            }
        }
        assert_eq!(served, described);
    }

    #[test]
    fn requests_have_the_members_that_are_read() {
        let document = document();
        let schemas = &document["components"]["schemas"];
        for (schema, read) in [
            ("CreateRequest", create::MEMBERS),
            ("UpdateRequest", change::MEMBERS),
        ] {
            let read: BTreeSet<String> = read.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(names(&schemas[schema]["properties"]), read, "{schema}");
            assert_eq!(schemas[schema]["additionalProperties"], false);
        }
    }

    #[test]
    fn words_are_those_that_are_used() {
        let document = document();
        let schemas = &document["components"]["schemas"];
        let types: BTreeSet<&str> = EVENT_TYPES.iter().copied().collect();
        assert_eq!(words(&schemas["EventType"]["enum"]), types);
        let states: BTreeSet<&str> = doku_ledger::account::State::ALL
            .iter()
            .map(|state| state.as_str())
            .collect();
        assert_eq!(words(&schemas["State"]["enum"]), states);
        assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(document["openapi"], "3.1.0");
    }

    /// Every reference leads somewhere, and everything it could lead to is used.
    #[test]
    fn references_lead_somewhere() {
        let document = document();
        let mut used = BTreeSet::new();
        collect(&document, &mut used);
        for reference in &used {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
        for (kind, entries) in document["components"].as_object().unwrap() {
            if kind == "securitySchemes" {
                continue;
            }
            for name in entries.as_object().unwrap().keys() {
                assert!(
                    used.contains(&format!("#/components/{kind}/{name}")),
                    "{kind} {name}"
                );
            }
        }
    }

    fn collect(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get("$ref") {
                    into.insert(reference.clone());
                }
                members.values().for_each(|value| collect(value, into));
            }
            Value::Array(items) => items.iter().for_each(|value| collect(value, into)),
            _ => {}
        }
    }
}
