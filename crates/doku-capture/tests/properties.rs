//! No text makes the readers panic, and a request comes back as it was written.

use doku_capture::{Captured, Reader};
use proptest::prelude::*;

fn any_text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("curl ".to_owned()),
        Just("POST / HTTP/1.1\r\n".to_owned()),
        Just("{\"log\":{\"entries\":[".to_owned()),
        Just("{\"request\":{\"method\":\"POST\",\"url\":\"http://a/\",\"headers\":[]}}".to_owned()),
        Just("]}}".to_owned()),
        Just("$'\\ud83d\\u".to_owned()),
        Just("Transfer-Encoding: chunked\n\n".to_owned()),
        Just("Content-Length: 18446744073709551615\n".to_owned()),
        Just("-d @".to_owned()),
        Just("-H ".to_owned()),
        "[\\\\'\"$^` \r\n#|:;?&a-fA-F0-9-]{0,12}",
        ".{0,8}",
    ];
    let text =
        proptest::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat().into_bytes());
    prop_oneof![4 => text, 1 => proptest::collection::vec(any::<u8>(), 0..64)]
}

fn fits(captured: &Captured) -> bool {
    captured.body().len().is_multiple_of(2)
}

/// A word for a shell, in single quotes.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A word as browsers write it for `cmd`.
fn quoted_for_cmd(text: &str) -> String {
    let mut word = String::from("^\"");
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next_is_of_a_name = chars
            .peek()
            .is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_');
        let plain =
            c.is_ascii_alphanumeric() || c.is_whitespace() || "_-:=+~'/.,?;()*`".contains(c);
        match c {
            '\n' => word.push_str("^\n\n"),
            '%' if next_is_of_a_name => word.push_str("^%^"),
            _ if plain => word.push(c),
            _ => word.extend(['^', c]),
        }
    }
    word + "^\""
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn nothing_makes_it_panic(text in any_text(), number in 0_usize..3) {
        let files = |name: &str| Ok(name.as_bytes().to_vec());
        let reader = Reader::new().with_files(&files).that_fits(&fits);
        for reader in [reader, reader.entry(number), reader.with_url("a")] {
            if let Ok(captured) = reader.read(&text) {
                prop_assert!(captured.target().starts_with('/'));
                prop_assert!(!captured.method().is_empty());
            }
        }
    }

    #[test]
    fn a_body_comes_back_from_every_form(body in "[^\u{0}]{1,60}", value in "[!-~]([ -~]{0,20}[!-~])?") {
        let raw = format!(
            "POST /p HTTP/1.1\nX-One: {value}\nContent-Length: {}\n\n{body}\n", body.len()
        );
        let curl = format!(
            "curl http://a.example/p -H {} --data-raw {}", quoted(&format!("X-One: {value}")), quoted(&body)
        );
        let har = serde_json::json!({"request": {
            "method": "POST", "url": "http://a.example/p",
            "headers": [{"name": "X-One", "value": value}], "postData": {"text": body},
        }}).to_string();
        let line_ends = body.replace('\r', "");
        let cmd = format!(
            "curl http://a.example/p ^\r\n -H {} ^\r\n --data-raw {}",
            quoted_for_cmd(&format!("X-One: {value}")), quoted_for_cmd(&line_ends)
        );
        if !line_ends.is_empty() {
            let captured = Reader::new().read(cmd.as_bytes()).unwrap();
            prop_assert_eq!(captured.header("x-one"), Some(value.as_str()));
            prop_assert_eq!(captured.body().as_ref(), line_ends.as_bytes());
        }
        for text in [raw, curl, har] {
            let captured = Reader::new().read(text.as_bytes()).unwrap();
            prop_assert_eq!(captured.method(), "POST");
            prop_assert_eq!(captured.target(), "/p");
            prop_assert_eq!(captured.header("x-one"), Some(value.as_str()));
            prop_assert_eq!(captured.body().as_ref(), body.as_bytes());
        }
    }
}
