//! The page of response codes is the table of `doku-model`, row by row.

use doku::model::Service;
use doku::{Meaning, Operation, ResponseCode};

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
