//! `docs/architecture.md` says the same as the table this program checks.

use std::collections::BTreeSet;

use crate::arch::layers::{self, LAYERS};
use crate::finding::Finding;

const PLACE: &str = "docs/architecture.md";

/// Compares the table "may use of ours" with [`LAYERS`]. A crate may be planned here and not yet written there.
pub(crate) fn check(markdown: &str) -> Vec<Finding> {
    let rows = rows(markdown);
    if rows.is_empty() {
        return vec![Finding::of(
            PLACE,
            "has no table with the columns `crate` and `may use of ours`",
        )];
    }
    rows.into_iter()
        .filter_map(|(line, name, cell)| check_row(line, &name, &cell))
        .collect()
}

fn check_row(line: usize, name: &str, cell: &str) -> Option<Finding> {
    let Some(layer) = layers::of(name) else {
        return Some(Finding::at(
            PLACE,
            line,
            format!("{name} has no place in xtask/src/arch/layers.rs"),
        ));
    };
    let said = said(name, cell);
    let checked: BTreeSet<String> = layer.below.iter().map(|&below| below.to_owned()).collect();
    (said != checked).then(|| {
        let said = Vec::from_iter(said).join(", ");
        let checked = Vec::from_iter(checked).join(", ");
        Finding::at(
            PLACE,
            line,
            format!("{name} may use [{said}] here and [{checked}] in `cargo xtask arch`"),
        )
    })
}

/// The rows of the table: line, crate, what it may use.
fn rows(markdown: &str) -> Vec<(usize, String, String)> {
    let mut lines = markdown.lines().enumerate();
    for (_, line) in lines.by_ref() {
        if cells(line) == ["crate", "may use of ours"] {
            break;
        }
    }
    lines
        .take_while(|(_, line)| line.starts_with('|'))
        .filter(|(_, line)| !line.starts_with("|---"))
        .filter_map(|(at, line)| match cells(line).as_slice() {
            [name, uses] => {
                // The name stands in backticks, and a remark may follow.
                let name = name.split('`').nth(1)?;
                Some((at + 1, name.to_owned(), (*uses).to_owned()))
            }
            _ => None,
        })
        .collect()
}

fn cells(line: &str) -> Vec<&str> {
    line.trim()
        .trim_matches('|')
        .split('|')
        .map(str::trim)
        .collect()
}

/// The packages a cell speaks of, up to a remark behind a colon or a semicolon.
fn said(name: &str, cell: &str) -> BTreeSet<String> {
    let words = cell.split([':', ';']).next().unwrap_or_default().trim();
    match words {
        "nothing" => BTreeSet::new(),
        "everything" => LAYERS
            .iter()
            .map(|layer| layer.package)
            // Nothing uses what stands outside `crates/`.
            .filter(|&package| package != name && package != "xtask" && package != layers::FUZZ)
            .map(str::to_owned)
            .collect(),
        list => list
            .split(',')
            .map(|word| format!("doku-{}", word.trim()))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(row: &str) -> String {
        format!("# A\n\n| crate | may use of ours |\n|---|---|\n{row}\n\n| other | table |\n")
    }

    #[test]
    fn a_true_row_passes() {
        for row in [
            "| `doku-sign` | nothing: it is reused |",
            "| `doku-sdk` (library name `doku`) | model, sign, transport, va-btn, axum |",
            "| `doku-sandbox` | model, sign, transport; va-btn in its tests only |",
            "| `doku-cli` | everything |",
            "| `doku-fuzz` | model, sign, transport, va-btn |",
        ] {
            assert_eq!(check(&table(row)), [], "{row}");
        }
    }

    #[test]
    fn a_row_that_says_something_else_is_found() {
        for row in [
            "| `doku-sign` | model |",
            "| `doku-va-btn` | model, sign |",
            "| `doku-cli` | nothing |",
            "| `doku-surprise` | nothing |",
        ] {
            assert_eq!(check(&table(row)).len(), 1, "{row}");
        }
    }

    #[test]
    fn a_document_without_the_table_is_found() {
        assert_eq!(check("# A\n\nno table\n").len(), 1);
    }
}
