//! Each spelling against what the library really writes, typed by hand.

use proptest::prelude::*;

use super::*;

fn respelled(spelling: Spelling, body: &str) -> String {
    String::from_utf8(spelling.respell(body.as_bytes()).unwrap()).unwrap()
}

const BODY: &str = r#"{ "b" : "é/<'=&>+" , "a" : [ 10000.00 , 1e3, -0.50, 7 , true, { } , [] ] }"#;

#[test]
fn every_library_has_its_own_way() {
    let cases = [
        (
            Spelling::SlashesEscaped,
            r#"{"b":"é\/<'=&>+","a":[10000.00,1e3,-0.50,7,true,{},[]]}"#,
        ),
        (
            Spelling::SlashesPlain,
            r#"{"b":"é/<'=&>+","a":[10000.00,1e3,-0.50,7,true,{},[]]}"#,
        ),
        (
            Spelling::JavaScript,
            r#"{"b":"é/<'=&>+","a":[10000,1000,-0.5,7,true,{},[]]}"#,
        ),
        (
            Spelling::Php,
            r#"{"b":"\u00e9\/<'=&>+","a":[10000.0,1000.0,-0.5,7,true,{},[]]}"#,
        ),
        (
            Spelling::PhpPlainSlashes,
            r#"{"b":"\u00e9/<'=&>+","a":[10000.0,1000.0,-0.5,7,true,{},[]]}"#,
        ),
        (
            Spelling::PhpPlainUnicode,
            r#"{"b":"é\/<'=&>+","a":[10000.0,1000.0,-0.5,7,true,{},[]]}"#,
        ),
        (
            Spelling::Python,
            r#"{"b": "\u00e9/<'=&>+", "a": [10000.0, 1000.0, -0.5, 7, true, {}, []]}"#,
        ),
        (
            Spelling::PythonPlainUnicode,
            r#"{"b": "é/<'=&>+", "a": [10000.0, 1000.0, -0.5, 7, true, {}, []]}"#,
        ),
        (
            Spelling::Jackson,
            r#"{"b":"é/<'=&>+","a":[10000.0,1000.0,-0.5,7,true,{},[]]}"#,
        ),
        (
            Spelling::Gson,
            r#"{"b":"é/\u003c\u0027\u003d\u0026\u003e+","a":[10000.00,1e3,-0.50,7,true,{},[]]}"#,
        ),
        (
            Spelling::GsonDoubles,
            r#"{"b":"é/\u003c\u0027\u003d\u0026\u003e+","a":[10000.0,1000.0,-0.5,7.0,true,{},[]]}"#,
        ),
        (
            Spelling::Go,
            r#"{"b":"é/\u003c'=\u0026\u003e+","a":[10000.00,1e3,-0.50,7,true,{},[]]}"#,
        ),
        (
            Spelling::DotNet,
            r#"{"b":"\u00E9/\u003C\u0027=\u0026\u003E\u002B","a":[10000.00,1e3,-0.50,7,true,{},[]]}"#,
        ),
        (
            Spelling::SortedGo,
            r#"{"a":[10000,1000,-0.5,7,true,{},[]],"b":"é/\u003c'=\u0026\u003e+"}"#,
        ),
        (
            Spelling::SortedPhp,
            r#"{"a":[10000.0,1000.0,-0.5,7,true,{},[]],"b":"\u00e9\/<'=&>+"}"#,
        ),
        (
            Spelling::SortedPython,
            r#"{"a": [10000.0, 1000.0, -0.5, 7, true, {}, []], "b": "\u00e9/<'=&>+"}"#,
        ),
        (
            Spelling::SortedPythonCompact,
            r#"{"a":[10000.0,1000.0,-0.5,7,true,{},[]],"b":"\u00e9/<'=&>+"}"#,
        ),
        (
            Spelling::IndentedByTwo,
            "{\n  \"b\": \"é/<'=&>+\",\n  \"a\": [\n    10000,\n    1000,\n    -0.5,\n    7,\n    true,\n    {},\n    []\n  ]\n}",
        ),
        (
            Spelling::IndentedByFour,
            "{\n    \"b\": \"é/<'=&>+\",\n    \"a\": [\n        10000.00,\n        1e3,\n        -0.50,\n        7,\n        true,\n        {},\n        []\n    ]\n}",
        ),
        (
            Spelling::IndentedPhp,
            "{\n    \"b\": \"\\u00e9\\/<'=&>+\",\n    \"a\": [\n        10000.0,\n        1000.0,\n        -0.5,\n        7,\n        true,\n        {},\n        []\n    ]\n}",
        ),
    ];
    for (spelling, expected) in cases {
        assert_eq!(respelled(spelling, BODY), expected, "{spelling:?}");
    }
    let sorted = respelled(Spelling::Sorted, r#"{"b":{"d":1,"c":"\/"},"a":2}"#);
    assert_eq!(sorted, r#"{"a":2,"b":{"c":"/","d":1}}"#);
}

#[test]
fn escapes_that_are_there_are_read() {
    let body = r#"["\u00E9\ud83d\ude00\ud83d\/\"\\\b\f\n\r\t\u0001\u003c"]"#;
    assert_eq!(
        respelled(Spelling::JavaScript, body),
        "[\"é😀\\ud83d/\\\"\\\\\\b\\f\\n\\r\\t\\u0001<\"]"
    );
    assert_eq!(
        respelled(Spelling::Php, body),
        r#"["\u00e9\ud83d\ude00\ud83d\/\"\\\b\f\n\r\t\u0001<"]"#
    );
    assert_eq!(
        respelled(Spelling::SlashesPlain, body),
        body.replace("\\/", "/")
    );
    assert_eq!(respelled(Spelling::SlashesEscaped, body), body);
}

#[test]
fn large_and_small_numbers() {
    let body = "[1e21,1e-7,15000000,0.00,-0.0,12345678901234567890,1e999,-]";
    assert_eq!(
        respelled(Spelling::JavaScript, body),
        "[1e+21,1e-7,15000000,0,0,12345678901234567000,1e999,-]"
    );
    assert_eq!(
        respelled(Spelling::GsonDoubles, body),
        "[1.0E21,1.0E-7,1.5E7,0.0,-0.0,1.2345678901234567E19,1e999,-]"
    );
    assert_eq!(
        respelled(Spelling::Python, "[1e16,1e15]"),
        "[1e+16, 1000000000000000.0]"
    );
}

#[test]
fn what_is_not_json_has_no_spelling() {
    for body in [
        &b"{\"open"[..],
        b"[\"\\x\"]",
        b"[\"\\u12\"]",
        b"[\"\\u+123\"]",
        b"\xff",
    ] {
        assert_eq!(Spelling::JavaScript.respell(body), None, "{body:?}");
        assert_eq!(Spelling::Sorted.respell(body), None, "{body:?}");
    }
}

#[test]
fn a_tower_of_brackets_does_not_fill_the_memory() {
    let tower = vec![b'['; 100_000];
    assert_eq!(Spelling::IndentedByTwo.respell(&tower), None);
    assert_eq!(Spelling::Sorted.respell(&tower), None);
    assert_eq!(Spelling::Php.respell(&tower), Some(tower));
}

#[test]
fn every_spelling_is_listed_once() {
    let mut all = Spelling::all().to_vec();
    all.dedup();
    assert_eq!(all.len(), 21);
    assert_eq!(Spelling::all(), all);
}

proptest! {
    #[test]
    fn any_bytes(body in prop::collection::vec(any::<u8>(), 0..200)) {
        for spelling in Spelling::all() {
            let _ = spelling.respell(&body);
        }
    }

    #[test]
    fn json_keeps_its_meaning(text in any::<String>(), number in any::<i32>(), blanks in "[ \n]{0,3}") {
        let value = serde_json::json!({ "text": text, "b": [number, { "a": null }] });
        let body = format!("{blanks}{value}{blanks}");
        for spelling in Spelling::all() {
            let again: serde_json::Value =
                serde_json::from_slice(&spelling.respell(body.as_bytes()).unwrap()).unwrap();
            // Maps are compared without their order, which depends on how they are built.
            let again: serde_json::Value =
                serde_json::from_str(&again.to_string().replace(".0", "")).unwrap();
            let value: serde_json::Value =
                serde_json::from_str(&value.to_string().replace(".0", "")).unwrap();
            prop_assert_eq!(again, value, "{:?}", spelling);
        }
    }

    #[test]
    fn a_spelling_is_its_own_fixed_point(text in any::<String>()) {
        let body = serde_json::json!({ "z": text, "a": [1.5, {}, []] }).to_string();
        for spelling in Spelling::all() {
            let once = spelling.respell(body.as_bytes()).unwrap();
            prop_assert_eq!(spelling.respell(&once).unwrap(), once, "{:?}", spelling);
        }
    }
}
