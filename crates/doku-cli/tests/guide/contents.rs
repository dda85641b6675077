//! The table of contents names every page once, no link is dead, and no block is in a language that nobody looks at.

use crate::page::{self, LANGUAGES};

/// The targets of `[text](target)` outside of code.
fn links(text: &str) -> Vec<String> {
    let mut fenced = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if !fenced {
            let targets = line
                .split("](")
                .skip(1)
                .filter_map(|rest| rest.split(')').next());
            found.extend(targets.map(str::to_owned));
        }
    }
    found
}

/// What a forge and mdBook make of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept = kept
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn it_names_every_page_once() {
    let mut named = links(&page::page("SUMMARY.md").text);
    named.sort();
    let pages = page::pages();
    let there: Vec<&str> = pages
        .iter()
        .map(|page| page.path.as_str())
        .filter(|path| *path != "SUMMARY.md")
        .collect();
    assert_eq!(named, there);
}

/// mdBook shows the first page at the root of the book as well, where its links must lead to the same places.
#[test]
fn the_first_page_stands_where_the_book_does() {
    let first = links(&page::page("SUMMARY.md").text).remove(0);
    assert_eq!(first, "README.md");
}

#[test]
fn no_link_of_a_page_is_dead() {
    let mut checked = 0;
    for page in page::pages() {
        let folder = page::folder().join(&page.path);
        let folder = folder.parent().unwrap();
        for link in links(&page.text)
            .iter()
            .filter(|link| !link.contains("://"))
        {
            let (file, part) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() {
                page::folder().join(&page.path)
            } else {
                folder.join(file)
            };
            assert!(target.exists(), "{}: {link} leads nowhere", page.path);
            if !part.is_empty() {
                let text = std::fs::read_to_string(&target).unwrap();
                let headings = text.lines().filter(|line| line.starts_with('#'));
                let mut anchors = headings.map(|line| anchor(line.trim_start_matches('#')));
                assert!(
                    anchors.any(|anchor| anchor == part),
                    "{}: {link} has no such part",
                    page.path
                );
            }
            checked += 1;
        }
    }
    assert!(checked > 50, "{checked}");
}

/// Pages of crates are outside of the book, so links to them go to the repository.
#[test]
fn no_link_into_the_repository_is_dead() {
    const MAIN: &str = "https://github.com/doku-rust/doku/blob/main/";
    let mut checked = 0;
    for page in page::pages() {
        for link in links(&page.text) {
            if let Some(path) = link.strip_prefix(MAIN) {
                let target = page::repository().join(path);
                assert!(target.exists(), "{}: {link} leads nowhere", page.path);
                checked += 1;
            }
            assert!(
                !link.contains("../crates/"),
                "{}: {link} leads out of the book",
                page.path
            );
        }
    }
    assert!(checked > 10, "{checked}");
}

#[test]
fn every_block_is_in_a_language_that_a_test_looks_at() {
    for page in page::pages() {
        for block in page.blocks() {
            assert!(
                LANGUAGES.contains(&block.language()),
                "{}:{}: nobody checks ```{}",
                page.path,
                block.line,
                block.fence
            );
        }
    }
}

#[test]
fn every_page_with_rust_is_a_doctest_of_the_facade() {
    let source =
        std::fs::read_to_string(page::repository().join("crates/doku-sdk/src/guide.rs")).unwrap();
    let mut included: Vec<&str> = source
        .split("include_str!(\"../../../docs/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    included.sort_unstable();
    let pages = page::pages();
    let with_rust: Vec<&str> = pages
        .iter()
        .filter(|page| !page.blocks_in("rust").is_empty())
        .map(|page| page.path.as_str())
        .collect();
    assert_eq!(included, with_rust);
    // Compiled at the least; what is ignored is neither.
    for block in pages
        .iter()
        .flat_map(page::Page::blocks)
        .filter(|block| block.language() == "rust")
    {
        assert!(
            matches!(block.fence.as_str(), "rust" | "rust,no_run"),
            "{}",
            block.fence
        );
    }
}
