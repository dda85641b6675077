//! Names of ours that stand in a sentence are names that there are.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::page;

/// The sources of every crate, file by file.
fn sources() -> Vec<String> {
    let mut files = Vec::new();
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
                files.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    files
}

/// Whether `source` has this text, and no longer word in its place.
fn has(source: &str, text: &str) -> bool {
    source.match_indices(text).any(|(at, _)| {
        let next = source[at + text.len()..].chars().next();
        !next.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// Whether a file that makes `owner`, or adds to it, has this item.
fn is_item(source: &str, owner: &str, item: &str) -> bool {
    let owns = ["struct", "enum", "trait", "impl", "impl<'a>"]
        .iter()
        .any(|kind| has(source, &format!("{kind} {owner}")));
    let items = if item.starts_with(char::is_uppercase) {
        [format!("    {item}"), format!("const {item}")]
    } else {
        [format!("fn {item}"), format!("pub {item}")]
    };
    owns && items.iter().any(|text| has(source, text))
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
        let there = sources.iter().any(|source| is_item(source, owner, item));
        assert!(there, "{page}: there is no {code}");
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
