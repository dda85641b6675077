//! Tests of minify against a reference that reads byte by byte.

use std::borrow::Cow;

use proptest::prelude::*;
use serde_json::Value;

use super::minify;

/// The rule in its plainest form.
fn reference(body: &[u8]) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut in_string = false;
    let mut escaped = false;
    for &byte in body {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
        } else if byte == b'"' {
            in_string = true;
        } else if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
            continue;
        }
        kept.push(byte);
    }
    kept
}

#[test]
fn strings_keep_their_spaces() {
    // A padded partnerServiceId that loses its blanks is another number.
    let body = br#"{ "partnerServiceId": "   19008", "virtualAccountName": "Toru  Yamashita" }"#;
    assert_eq!(
        minify(body).as_ref(),
        br#"{"partnerServiceId":"   19008","virtualAccountName":"Toru  Yamashita"}"#
    );
}

#[test]
fn numbers_keep_their_spelling_and_members_their_order() {
    let body = b"{\"b\": 11500.00,\r\n\t\"a\": 1.0E+2, \"a\": -0 }";
    assert_eq!(
        minify(body).as_ref(),
        b"{\"b\":11500.00,\"a\":1.0E+2,\"a\":-0}"
    );
}

#[test]
fn escaped_quotes_and_backslashes_do_not_end_a_string() {
    let body = br#"{ "a\" b" : "c\\" , "d\\\" e" : "\u0020 \n " }"#;
    assert_eq!(
        minify(body).as_ref(),
        br#"{"a\" b":"c\\","d\\\" e":"\u0020 \n "}"#
    );
}

#[test]
fn only_the_four_white_space_bytes_are_dropped() {
    // A form feed, a vertical tab and a no-break space are not JSON white space.
    let body = b"\x0c \x0b\t\xc2\xa0\n\x00";
    assert_eq!(minify(body).as_ref(), b"\x0c\x0b\xc2\xa0\x00");
}

#[test]
fn a_compact_body_is_borrowed() {
    let long = format!(r#"{{"note":"{}"}}"#, "a b\\\" ".repeat(100));
    for body in ["", "{}", r#"{"a":" b "}"#, long.as_str()] {
        assert!(
            matches!(minify(body.as_bytes()), Cow::Borrowed(_)),
            "{body}"
        );
    }
}

#[test]
fn every_alignment_of_an_escape_and_a_space_agrees_with_the_reference() {
    for shift in 0..130 {
        let lead = "x".repeat(shift);
        for tail in [
            r#"" \" " "#,
            r#""\\" " "#,
            r#""\\\" " " "#,
            " \"",
            "\\ \" \" ",
        ] {
            let body = format!("{lead}{tail}{lead} {tail}");
            assert_eq!(
                minify(body.as_bytes()).as_ref(),
                reference(body.as_bytes()),
                "{body}"
            );
        }
    }
}

/// JSON with white space wherever it is allowed.
fn spaced_json() -> impl Strategy<Value = String> {
    let blank = "[ \t\r\n]{0,5}";
    let string = prop_oneof![
        "\"[ -!#-\\[\\]-~é ]{0,40}\"",
        r#""( |\\"|\\\\|\\n|\\u0020){0,12}""#
    ];
    let leaf = prop_oneof![
        string.clone(),
        "-?(0|[1-9][0-9]{0,8})(\\.[0-9]{1,3})?",
        Just("null".to_owned()),
        Just("true".to_owned()),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        let item = (blank, inner.clone(), blank).prop_map(|(a, v, b)| format!("{a}{v}{b}"));
        let member = (blank, string.clone(), blank, item.clone())
            .prop_map(|(a, key, b, value)| format!("{a}{key}{b}:{value}"));
        prop_oneof![
            prop::collection::vec(item, 1..5).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(member, 1..5)
                .prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_agree_with_the_reference(
        body in prop::collection::vec(
            prop_oneof![
                3 => prop::sample::select(b"\"\\ \t\r\n{}:,a".to_vec()),
                1 => any::<u8>(),
            ],
            0..300,
        ),
    ) {
        prop_assert_eq!(minify(&body).into_owned(), reference(&body));
    }

    #[test]
    fn a_json_parser_reads_the_same_before_and_after(body in spaced_json()) {
        let before: Value = serde_json::from_str(&body).unwrap();
        let minified = minify(body.as_bytes());
        let after: Value = serde_json::from_slice(&minified).unwrap();
        prop_assert_eq!(before, after);
        // And nothing insignificant is left: every space that remains is inside a string.
        let mut outside = minified.as_ref().to_vec();
        strip_strings(&mut outside);
        prop_assert!(!outside.iter().any(u8::is_ascii_whitespace));
    }
}

/// Removes what stands between quotes, by a parser's own rules.
fn strip_strings(json: &mut Vec<u8>) {
    let mut outside = Vec::new();
    let mut rest = json.as_slice();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'"' {
            let mut stream = serde_json::Deserializer::from_slice(rest).into_iter::<String>();
            stream.next().unwrap().unwrap();
            rest = &rest[stream.byte_offset()..];
        } else {
            outside.push(first);
            rest = after;
        }
    }
    *json = outside;
}
