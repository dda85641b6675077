//! Command lines of curl, as people type them and as browsers copy them.

use std::io;

use doku_capture::{CaptureError, Captured, Format, Place, Reader};

fn files(name: &str) -> io::Result<Vec<u8>> {
    match name {
        "body.json" => Ok(b"{\r\n  \"a\": 1\n}\n".to_vec()),
        _ => Err(io::Error::from(io::ErrorKind::NotFound)),
    }
}

fn reading(text: &str) -> Result<Captured, CaptureError> {
    Reader::new().with_files(&files).read(text.as_bytes())
}

#[track_caller]
fn read(text: &str) -> Captured {
    reading(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[track_caller]
fn body(text: &str) -> String {
    String::from_utf8(read(text).body().to_vec()).unwrap()
}

#[test]
fn a_command_as_people_type_it() {
    let text = "$ curl -sS --location --request PUT 'https://api.example/v1/pay?x=1' \\\n\
                \x20 --header \"X-ONE: a \\\"b\\\"\" -H'X-TWO:c' \\\r\n\
                \x20 --data-raw '{\n  \"name\": \"it'\\''s\"\n}' | jq .\nnext -H";
    let captured = read(text);
    assert_eq!(captured.format(), Format::Curl);
    assert_eq!(captured.method(), "PUT");
    assert_eq!(captured.url(), Some("https://api.example/v1/pay?x=1"));
    assert_eq!(captured.host(), Some("api.example"));
    assert_eq!(captured.header("x-one"), Some("a \"b\""));
    assert_eq!(captured.header("x-two"), Some("c"));
    assert_eq!(captured.body().as_ref(), b"{\n  \"name\": \"it's\"\n}");
}

#[test]
fn what_makes_the_method() {
    for (text, method, target) in [
        ("curl api.example", "GET", "/"),
        ("curl api.example/a -d x", "POST", "/a"),
        ("curl -X post api.example -d x", "post", "/"),
        ("curl -I http://api.example/a", "HEAD", "/a"),
        (
            "curl -G api.example/a?b=1 -d c=2 -d d=3",
            "GET",
            "/a?b=1&c=2&d=3",
        ),
        (
            "/usr/bin/curl --get --url api.example --data c=2",
            "GET",
            "/?c=2",
        ),
        ("curl -XDELETE -k -- api.example/a", "DELETE", "/a"),
        ("curl.exe api.example/a # -X PUT", "GET", "/a"),
        ("curl api.example/a; curl api.example/b", "GET", "/a"),
        ("curl api.example/a 2>&1", "GET", "/a"),
    ] {
        let captured = read(text);
        assert_eq!(
            (captured.method(), captured.target()),
            (method, target),
            "{text}"
        );
    }
}

#[test]
fn data_of_every_kind() {
    assert_eq!(body("curl a.example -d a=1 --data b=2"), "a=1&b=2");
    assert_eq!(body("curl a.example -d @body.json"), "{  \"a\": 1}");
    assert_eq!(
        body("curl a.example --data-ascii @body.json"),
        "{  \"a\": 1}"
    );
    assert_eq!(
        body("curl a.example --data-binary @body.json"),
        "{\r\n  \"a\": 1\n}\n"
    );
    assert_eq!(body("curl a.example --data-raw @body.json"), "@body.json");
    assert_eq!(
        body("curl a.example --json @body.json"),
        "{\r\n  \"a\": 1\n}\n"
    );
    assert_eq!(body("curl a.example --json '{' --json '}'"), "{}");
    assert_eq!(body("curl a.example"), "");
}

#[test]
fn headers_that_curl_adds() {
    let json = read("curl a.example --json {}");
    assert_eq!(json.header("content-type"), Some("application/json"));
    assert_eq!(json.method(), "POST");
    let form = read("curl a.example -d {}");
    assert_eq!(
        form.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    let own = read("curl a.example -d {} -H 'content-type: application/json'");
    assert_eq!(own.headers().get_all("content-type").iter().count(), 1);
    let none = read("curl a.example -d {} -H Content-Type: -H 'X-Empty;'");
    assert_eq!(none.header("content-type"), None);
    assert_eq!(none.header("x-empty"), Some(""));
    let token = read("curl a.example --oauth2-bearer abc");
    assert_eq!(token.header("authorization"), Some("Bearer abc"));
}

#[test]
fn quotes_of_browsers() {
    let text = r#"curl a.example --data-raw $'{\"a\":\"it\'s \u00e9\x41\101\\n \ud83d\ude00\n\"}'"#;
    assert_eq!(body(text), "{\"a\":\"it's éAA\\n 😀\n\"}");
    assert_eq!(body(r"curl a.example -d $'\xc3\xa9'"), "é");
    assert_eq!(
        body("curl a.example -d \"a\\\nb \\$x \\` \\c\""),
        "ab $x ` \\c"
    );
    assert_eq!(body("curl a.example -d a\\ b$"), "a b$");
    assert_eq!(body("curl a.example -d '' -d ''"), "&");
    assert_eq!(body("curl a.example ^\r\n  -d x"), "x");
}

#[test]
fn quotes_of_browsers_for_windows() {
    // "Copy as cURL (cmd)" of Chromium and of Firefox.
    let text = r#"curl ^"https://api.example/v1/pay?x=1^&y=^%^20^" ^
  -X ^"PUT^" ^
  -H ^"X-SIGNATURE: a+b/c==^" ^
  -H ^"X-ONE: a ^\^"b^\^"^" ^
  --data-raw ^"^{^\^"amount^\^":^\^"1^%^\^",^\^"id^\^":^\^"   95962^\^",^\^"path^\^":^\^"^\^\n^\^"^}^"
"#;
    let captured = read(text);
    assert_eq!(captured.method(), "PUT");
    assert_eq!(captured.url(), Some("https://api.example/v1/pay?x=1&y=%20"));
    assert_eq!(captured.header("x-signature"), Some("a+b/c=="));
    assert_eq!(captured.header("x-one"), Some("a \"b\""));
    assert_eq!(
        captured.body().as_ref(),
        br#"{"amount":"1%","id":"   95962","path":"\n"}"#
    );
    for end in ["\n", "\r\n"] {
        // A line end stands twice behind a caret.
        let lines =
            format!("curl a.example -d ^\"^{{^{end}{end}  1^{end}{end}^}}^\"").replace('\r', "\r");
        assert_eq!(body(&lines).replace('\r', ""), "{\n  1\n}");
        // Older browsers leave the quotes for it.
        let older = format!(
            "curl \"a.example\" -d \"{{\"^{end}{end}\"\\\"a\\\": 1}}\" ^{end} --compressed"
        );
        assert_eq!(body(&older), "{\n\"a\": 1}");
    }
    // Typed, without quotes.
    assert_eq!(read("curl a.example/?x=1^&y=2").target(), "/?x=1&y=2");
    assert_eq!(read("curl 'a.example/?x=^' -d ^").body().as_ref(), b"^");
    let open = reading("curl a.example -d ^\"^{SK-1").unwrap_err();
    assert!(matches!(open, CaptureError::OpenQuote { .. }), "{open}");
}

#[test]
fn what_cannot_be_told_is_refused() {
    for (text, expected) in [
        ("curl", "the command has no URL; copy the whole command"),
        (
            "curl -X",
            "word 2 of the command is an option that lacks its value; copy the whole command",
        ),
        (
            "curl a.example b.example",
            "the command makes more than one request; keep one URL",
        ),
        (
            "curl a.example\\\n -d 'SK-1",
            "a quote that begins on line 2 does not end; copy the whole command",
        ),
        (
            "curl a.example -F a=SK-1",
            "-F is not understood; give the request as raw HTTP instead",
        ),
        (
            "curl a.example --upload-file SK-1",
            "--upload-file is not understood; give the request as raw HTTP instead",
        ),
        (
            "curl a.example --SK-1",
            "word 3 of the command is an option that is not known; leave it out if it does not change the request",
        ),
        (
            "curl a.example -d @SK-1",
            "word 4 of the command names a file that cannot be read; run this where the command was run",
        ),
        (
            "curl a.example -H SK-1",
            "word 4 of the command is no header such as Name: value; copy the head of the request again",
        ),
        (
            "curl /SK-1",
            "word 2 of the command: a URL such as https://host/path is expected, or in raw HTTP a path",
        ),
    ] {
        let error = reading(text).unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert!(!format!("{error:?}").contains("SK-1"), "{error:?}");
    }
    for text in [
        "curl \"$BASE/v1\"",
        "curl $BASE/v1",
        "curl a.example \\\n -d `date`",
        "curl a.example -d \"$(cat body)\"",
        "curl a.example -H \"X: ${TOKEN}\"",
    ] {
        let error = reading(text).unwrap_err();
        assert!(
            matches!(error, CaptureError::Expansion { .. }),
            "{text}: {error}"
        );
    }
    // Without anybody to open files, none is.
    let error = Reader::new()
        .read(b"curl a.example -d @body.json")
        .unwrap_err();
    assert!(
        matches!(
            error,
            CaptureError::File {
                place: Place::Word(4),
                ..
            }
        ),
        "{error}"
    );
}
