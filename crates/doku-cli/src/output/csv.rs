//! CSV as RFC 4180 has it, made safe for spreadsheets.

/// One row with its end. A cell that a spreadsheet would take for a formula has an apostrophe put before it.
pub(crate) fn row<'c>(cells: impl IntoIterator<Item = &'c str>) -> String {
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    format!("{}\r\n", cells.join(","))
}

fn cell(text: &str) -> String {
    let defused = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if defused.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", defused.replace('"', "\"\""))
    } else {
        defused
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_needs_quotes_has_them_and_formulas_are_defused() {
        assert_eq!(
            row(["INV-1", "a,b", "", "11500.00"]),
            "INV-1,\"a,b\",,11500.00\r\n"
        );
        assert_eq!(
            row(["say \"hi\"", "two\nlines"]),
            "\"say \"\"hi\"\"\",\"two\nlines\"\r\n"
        );
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"] {
            assert_eq!(row([formula]), format!("'{formula}\r\n"));
        }
        assert_eq!(
            row(["=HYPERLINK(\"x\",\"y\")"]),
            "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"\r\n"
        );
    }

    proptest! {
        #[test]
        fn every_cell_comes_back_as_it_was_or_defused(cells in proptest::collection::vec(any::<String>(), 2..6)) {
            let text = row(cells.iter().map(String::as_str));
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let read = reader.records().next().unwrap().unwrap();
            prop_assert_eq!(read.len(), cells.len());
            for (cell, read) in cells.iter().zip(&read) {
                match cell.chars().next() {
                    Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n') => prop_assert_eq!(read, format!("'{cell}")),
                    _ => prop_assert_eq!(read, cell),
                }
            }
        }
    }
}
