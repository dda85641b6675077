//! Names of ours that stand in a sentence are names that there are.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::page;

/// The sources of every crate, one after the other.
fn sources() -> String {
    let mut text = String::new();
    let mut folders: Vec<PathBuf> = fs::read_dir(page::repository().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().path().join("src"))
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                text.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    text
}

/// What stands in backticks in the sentences and tables of all pages, each with its page.
fn spoken() -> Vec<(String, String)> {
    let mut spoken = Vec::new();
    for page in page::pages() {
        let mut fenced = false;
        for line in page.text.lines() {
            fenced ^= line.trim_start().starts_with("```");
            if !fenced {
                let codes = line.split('`').skip(1).step_by(2);
                spoken.extend(codes.map(|code| (page.path.clone(), code.to_owned())));
            }
        }
    }
    spoken
}

#[test]
fn each_item_of_a_type_is_in_the_sources() {
    let sources = sources();
    let is_there = |text: &str| {
        sources.match_indices(text).any(|(at, _)| {
            let next = sources[at + text.len()..].chars().next();
            !next.is_some_and(|c| c.is_alphanumeric() || c == '_')
        })
    };
    let mut checked = 0;
    for (page, code) in spoken() {
        let Some((owner, item)) = code.split_once("::") else {
            continue;
        };
        let is_a_name =
            |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !owner.starts_with(char::is_uppercase) || !is_a_name(owner) || !is_a_name(item) {
            continue;
        }
        let owned = ["struct", "enum", "trait"]
            .iter()
            .any(|kind| is_there(&format!("{kind} {owner}")));
        let has = if item.starts_with(char::is_uppercase) {
            is_there(&format!("    {item}"))
        } else {
            is_there(&format!("fn {item}")) || is_there(&format!("pub {item}"))
        };
        assert!(owned && has, "{page}: there is no {code}");
        checked += 1;
    }
    assert!(checked > 60, "{checked}");
}

#[test]
fn each_route_is_one_of_the_server() {
    let file = page::repository().join("crates/doku-server/src/api/openapi.json");
    let document: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let mut checked = 0;
    for (page, code) in spoken() {
        let Some((method, path)) = code.split_once(" /") else {
            continue;
        };
        if ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method) && !path.starts_with("pay/")
        {
            let operation = &document["paths"][format!("/{path}")][method.to_lowercase()];
            assert!(operation.is_object(), "{page}: the server has no {code}");
            checked += 1;
        }
    }
    assert!(checked >= 5, "{checked}");
}
