//! `book.toml`: what mdBook reads, for whoever has it.

use crate::page;

#[test]
fn the_book_is_made_of_these_pages_and_built_outside_of_them() {
    let text = std::fs::read_to_string(page::folder().join("book.toml")).unwrap();
    let book: toml::Table = toml::from_str(&text).unwrap();
    assert_eq!(book["book"]["src"].as_str(), Some("."));
    let build = book["build"]["build-dir"].as_str().unwrap();
    assert!(build.starts_with("../target/"), "{build}");
}
