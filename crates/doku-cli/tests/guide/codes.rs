//! The page of response codes is the table of `doku-model`, row by row.

use doku::model::Service;
use doku::{Effect, Meaning, Operation, ResponseCode};

use crate::page;

#[test]
fn its_cases_are_the_table_of_the_model() {
    let rows = page::page("guide/response-codes.md").rows();
    let shown: Vec<String> = rows
        .iter()
        .filter(|row| row.len() == 4 && row[0].len() == 3 && row[0].parse::<u16>().is_ok())
        .map(|row| row.join(" | "))
        .collect();
    let table: Vec<String> = Meaning::TABLE
        .iter()
        .map(|(status, case, meaning)| {
            format!(
                "{status} | {case:02} | {meaning} | {}",
                meaning.action().advice()
            )
        })
        .collect();
    assert_eq!(shown, table);
}

#[test]
fn its_services_are_the_operations() {
    let rows = page::page("guide/response-codes.md").rows();
    let mut shown: Vec<String> = rows
        .iter()
        .filter(|row| row.len() == 4 && row[0].len() == 2)
        .map(|row| row.join(" | "))
        .collect();
    let mut operations: Vec<String> = Operation::ALL
        .iter()
        .map(|operation| {
            let (service, method) = (operation.service().number(), operation.method().as_str());
            format!(
                "{service} | {operation} | {method} | `{}`",
                operation.success()
            )
        })
        .collect();
    shown.sort();
    operations.sort();
    assert_eq!(shown, operations);
}

/// Dots stand for any digit, as in `400..03`.
fn fits(pattern: &str, code: &str) -> bool {
    pattern.len() == code.len()
        && pattern
            .bytes()
            .zip(code.bytes())
            .all(|(due, digit)| due == b'.' || due == digit)
}

#[test]
fn it_names_the_codes_of_an_earlier_call_and_no_other() {
    let rows = page::page("guide/response-codes.md").rows();
    let patterns: Vec<String> = rows
        .iter()
        .skip_while(|row| row[0] != "speaks of an earlier call")
        .skip(1)
        .take_while(|row| row.len() == 2)
        .map(|row| row[0].trim_matches('`').to_owned())
        .filter(|pattern| pattern.len() == 7 && pattern.starts_with('4'))
        .collect();
    assert_eq!(patterns.len(), 3, "{patterns:?}");
    // Every status and case, of each service whose digits another may be mistaken for.
    for number in (100..600_u32).flat_map(|status| {
        [0, 5, 24, 25, 27, 50, 99]
            .into_iter()
            .flat_map(move |service| {
                (0..100).map(move |case| status * 10_000 + service * 100 + case)
            })
    }) {
        let text = number.to_string();
        let shown = patterns.iter().any(|pattern| fits(pattern, &text));
        let told = ResponseCode::new(text).effect() == Effect::DoneEarlier;
        assert_eq!(shown, told, "{number}");
    }
}

#[test]
fn each_code_that_any_page_speaks_of_has_a_meaning() {
    let mut spoken_of = 0;
    for page in page::pages() {
        for code in page.text.split('`').skip(1).step_by(2) {
            if code.len() == 7 && code.bytes().all(|byte| byte.is_ascii_digit()) {
                let code = ResponseCode::new(code.to_owned());
                let known = code.meaning() != Meaning::Unknown;
                // Nobody has explained the service of this one.
                let ours = code == ResponseCode::REPEATED_TRX_ID
                    || !matches!(code.service(), None | Some(Service::Other(_)));
                assert!(known && ours, "{}: {code}", page.path);
                spoken_of += 1;
            }
        }
    }
    assert!(spoken_of > 20, "{spoken_of}");
}
