//! The pages of `docs/`, and the blocks in them.

use std::fs;
use std::path::{Path, PathBuf};

/// A page, by its path from `docs/`.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// What stands between two fences.
#[derive(Debug)]
pub(crate) struct Block {
    /// What follows the fence: `rust,no_run`.
    pub(crate) fence: String,
    pub(crate) code: String,
    /// The line of the fence.
    pub(crate) line: usize,
    /// Whether nothing but an empty line stands between it and the block before.
    pub(crate) follows: bool,
}

/// Languages that a test looks at.
pub(crate) const LANGUAGES: [&str; 7] = ["rust", "sh", "toml", "json", "ini", "dockerfile", "text"];

/// The folder of the pages.
pub(crate) fn folder() -> PathBuf {
    repository().join("docs")
}

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// All of them, in the order of their names.
pub(crate) fn pages() -> Vec<Page> {
    let mut found = Vec::new();
    let mut folders = vec![folder()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let text = fs::read_to_string(&path).unwrap();
                let path = path
                    .strip_prefix(folder())
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                found.push(Page { path, text });
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

/// All of them, and the README of the repository.
pub(crate) fn everything() -> Vec<Page> {
    let text = fs::read_to_string(repository().join("README.md")).unwrap();
    let readme = Page {
        path: "../README.md".to_owned(),
        text,
    };
    std::iter::once(readme).chain(pages()).collect()
}

/// One of them.
pub(crate) fn page(path: &str) -> Page {
    let text = fs::read_to_string(folder().join(path)).unwrap();
    Page {
        path: path.to_owned(),
        text,
    }
}

impl Page {
    /// Its blocks, in order.
    pub(crate) fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut lines = self.text.lines().enumerate();
        let mut follows = false;
        while let Some((number, line)) = lines.next() {
            let Some(fence) = line.trim_start().strip_prefix("```") else {
                follows = follows && line.trim().is_empty();
                continue;
            };
            let mut code = String::new();
            let closed = lines.by_ref().any(|(_, line)| {
                let end = line.trim() == "```";
                if !end {
                    code.push_str(line);
                    code.push('\n');
                }
                end
            });
            assert!(closed, "{}:{}: no end", self.path, number + 1);
            blocks.push(Block {
                fence: fence.to_owned(),
                code,
                line: number + 1,
                follows,
            });
            follows = true;
        }
        blocks
    }

    /// Its blocks in one language, each with where it is.
    pub(crate) fn blocks_in(&self, language: &str) -> Vec<(String, String)> {
        let blocks = self
            .blocks()
            .into_iter()
            .filter(|block| block.language() == language);
        blocks
            .map(|block| (format!("{}:{}", self.path, block.line), block.code))
            .collect()
    }

    /// The rows of its tables, cell by cell, without their heads.
    pub(crate) fn rows(&self) -> Vec<Vec<String>> {
        let cells = |line: &str| -> Vec<String> {
            let inner = line.trim().trim_matches('|');
            inner
                .split('|')
                .map(|cell| cell.trim().to_owned())
                .collect()
        };
        let lines = self.text.lines().filter(|line| line.starts_with('|'));
        lines.map(cells).collect()
    }
}

impl Block {
    /// The language of the fence.
    pub(crate) fn language(&self) -> &str {
        self.fence.split(',').next().unwrap_or_default()
    }
}

/// All blocks in one language, each with where it is.
pub(crate) fn blocks_in(language: &str) -> Vec<(String, String)> {
    pages()
        .iter()
        .flat_map(|page| page.blocks_in(language))
        .collect()
}
