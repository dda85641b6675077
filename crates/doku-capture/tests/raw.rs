//! Raw HTTP, as it is sent and as editors keep it.

use doku_capture::{CaptureError, Captured, Format, Place, Reader};

fn read(text: &str) -> Captured {
    Reader::new().read(text.as_bytes()).unwrap()
}

fn refused(text: &str) -> CaptureError {
    Reader::new().read(text.as_bytes()).unwrap_err()
}

#[test]
fn line_ends_of_every_kind() {
    let unix = "POST /v1/pay?a=1 HTTP/1.1\nHost: api.example:8443\nX-One:  a b \n\n{\n}";
    for text in [
        unix.to_owned(),
        unix.replace('\n', "\r\n"),
        format!("\u{feff}\n\n{unix}"),
    ] {
        let captured = read(&text);
        assert_eq!(captured.format(), Format::Raw);
        assert_eq!(captured.method(), "POST");
        assert_eq!(captured.target(), "/v1/pay?a=1");
        assert_eq!(captured.host(), Some("api.example:8443"));
        assert_eq!(captured.url(), None);
        assert_eq!(captured.header("x-one"), Some("a b"));
        assert_eq!(captured.missing_bytes(), 0);
    }
    assert_eq!(read(unix).body().as_ref(), b"{\n}");
}

#[test]
fn a_url_may_stand_in_the_request_line() {
    let captured = read("put https://me:pw@api.example/v1?x#part\n");
    assert_eq!((captured.method(), captured.target()), ("put", "/v1?x"));
    assert_eq!(captured.url(), Some("https://api.example/v1?x"));
    assert_eq!(read("GET http://api.example").target(), "/");
    assert_eq!(read("GET http://api.example?a=1").target(), "/?a=1");
}

#[test]
fn the_body_is_as_long_as_its_head_says() {
    let with = |length: &str, body: &str| {
        read(&format!(
            "POST / HTTP/1.1\nContent-Length: {length}\n\n{body}"
        ))
    };
    assert_eq!(with("2", "{}\n\n").body().as_ref(), b"{}");
    assert_eq!(with("3", "{}\n").body().as_ref(), b"{}\n");
    let short = with("10", "{}\n");
    assert_eq!(
        (short.body().as_ref(), short.missing_bytes()),
        (&b"{}\n"[..], 7)
    );
    // Where nothing is said, the line end is the editor's.
    assert_eq!(with("many", "{}\r\n").body().as_ref(), b"{}");
    assert_eq!(with("many", "{}\n\n").body().as_ref(), b"{}\n");
}

#[test]
fn a_title_above_it_is_no_part_of_it() {
    let captured =
        read("# pay_1, received 2026-09-04T07:00:00+07:00\nPOST /p HTTP/1.1\nA: b\n\n# body");
    assert_eq!((captured.method(), captured.target()), ("POST", "/p"));
    assert_eq!(captured.body().as_ref(), b"# body");
    assert!(matches!(refused("# nothing else\n"), CaptureError::Empty));
}

#[test]
fn chunks_are_put_together() {
    let head = "POST / HTTP/1.1\nTransfer-Encoding: gzip, Chunked\n\n";
    let body = "4;x=y\r\n{\"a\"\r\nA\r\n:\"\r\n12345\"\r\n1\r\n}\r\n0\r\n\r\n";
    let captured = read(&format!("{head}{body}"));
    assert_eq!(captured.body().as_ref(), b"{\"a\":\"\r\n12345\"}");
    for wrong in [
        "",
        "{}",
        "5\r\n{}\r\n0\r\n",
        "2\r\n{}x\r\n0\r\n",
        "ffffffffffffffffff\r\n",
    ] {
        let error = refused(&format!("{head}{wrong}"));
        assert!(matches!(error, CaptureError::Chunks), "{error}");
    }
}

#[test]
fn errors_name_the_line_and_nothing_else() {
    const SECRET: &str = "SK-planted";
    for (text, at) in [
        (format!("{SECRET}\n"), 1),
        (format!("\n\nPOST {SECRET} HTTP/1.1"), 3),
        (format!("POST / {SECRET}"), 1),
        ("POST / HTTP/1.1 more".to_owned(), 1),
    ] {
        let error = refused(&text);
        let CaptureError::RequestLine { place } = error else {
            panic!("{error}");
        };
        assert_eq!(place, Place::Line(at));
        assert!(!format!("{error} {error:?}").contains(SECRET));
    }
    for (text, at) in [
        (format!("POST / HTTP/1.1\nA: b\n{SECRET}\n\n"), 3),
        (format!("POST / HTTP/1.1\nX {SECRET}: b\n\n"), 2),
        (format!("POST / HTTP/1.1\r\nA: {SECRET}\u{1}\r\n"), 2),
    ] {
        let error = refused(&text);
        let CaptureError::Header { place } = error else {
            panic!("{error}");
        };
        assert_eq!(place, Place::Line(at));
        assert!(!format!("{error} {error:?}").contains(SECRET));
    }
    assert!(matches!(refused(" \r\n "), CaptureError::Empty));
    assert!(matches!(
        refused("{PO / HTTP/1.1"),
        CaptureError::NotJson { .. }
    ));
    assert!(matches!(
        refused("P\"T / HTTP/1.1"),
        CaptureError::Method { .. }
    ));
}

#[test]
fn debug_shows_neither_headers_nor_body() {
    let captured =
        read("POST /p?token=SK-1 HTTP/1.1\nAuthorization: Bearer SK-2\n\n{\"n\":\"SK-3\"}");
    let shown = format!("{captured:?} {:?}", captured.headers());
    assert!(
        shown.contains("authorization") && shown.contains("12 bytes"),
        "{shown}"
    );
    assert!(!shown.contains("SK-"), "{shown}");
}

#[test]
fn a_header_may_come_twice() {
    let captured = read("POST / HTTP/1.1\nX: 1\nx: 2\n\n");
    assert_eq!(captured.header("X"), Some("1"));
    assert_eq!(captured.headers().get_all("x").iter().count(), 2);
}
