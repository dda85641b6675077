//! HAR files, and which of their entries is meant.

use doku_capture::{CaptureError, Captured, Format, Place, Reader};
use serde_json::{Value, json};

fn entry(url: &str, signed: bool, body: &str) -> Value {
    let mut headers = vec![
        json!({"name": ":method", "value": "POST"}),
        json!({"name": "Content-Type", "value": "application/json"}),
    ];
    if signed {
        headers.push(json!({"name": "X-SIGNATURE", "value": "abc="}));
    }
    json!({"request": {"method": "POST", "url": url, "headers": headers,
        "postData": {"mimeType": "application/json", "text": body}}})
}

fn archive(entries: &[Value]) -> String {
    json!({"log": {"version": "1.2", "entries": entries}}).to_string()
}

fn signed(captured: &Captured) -> bool {
    captured.header("x-signature").is_some()
}

fn reader() -> Reader<'static> {
    Reader::new().that_fits(&signed)
}

fn shop() -> String {
    archive(&[
        entry("https://shop.example/cart", false, "{}"),
        entry("https://api.example/v1/create", true, "{\"n\":1}"),
        entry("https://api.example/v1/create/again", true, "{\"n\":2}"),
    ])
}

#[test]
fn the_only_fitting_entry() {
    let two = archive(&[
        entry("https://shop.example/cart", false, "{}"),
        entry("https://api.example/v1/create?a=1", true, "{ \"n\": 1 }"),
    ]);
    let captured = reader().read(two.as_bytes()).unwrap();
    assert_eq!(captured.format(), Format::Har);
    assert_eq!(captured.target(), "/v1/create?a=1");
    assert_eq!(captured.body().as_ref(), b"{ \"n\": 1 }");
    assert_eq!(captured.header("content-type"), Some("application/json"));
    assert_eq!(captured.headers().len(), 2);
}

#[test]
fn an_entry_by_its_url_or_number() {
    let shop = shop();
    let several = reader().read(shop.as_bytes()).unwrap_err();
    assert_eq!(
        several.to_string(),
        "entries 2, 3 fit; choose one by its URL or number"
    );
    let read = |reader: Reader<'_>| reader.read(shop.as_bytes()).unwrap().body().clone();
    assert_eq!(read(reader().with_url("again")).as_ref(), b"{\"n\":2}");
    // The whole URL is meant, although it stands in another one as well.
    assert_eq!(
        read(reader().with_url("https://api.example/v1/create")).as_ref(),
        b"{\"n\":1}"
    );
    assert_eq!(read(reader().entry(1)).as_ref(), b"{}");
    let error = reader()
        .with_url("/v1/create")
        .read(shop.as_bytes())
        .unwrap_err();
    assert!(matches!(error, CaptureError::SeveralFit { .. }), "{error}");
    let error = reader()
        .with_url("nowhere")
        .read(shop.as_bytes())
        .unwrap_err();
    assert!(
        matches!(error, CaptureError::NoneFits { entries: 3 }),
        "{error}"
    );
    for number in [0, 4] {
        let error = reader().entry(number).read(shop.as_bytes()).unwrap_err();
        assert!(
            matches!(error, CaptureError::NoSuchEntry { entries: 3, .. }),
            "{error}"
        );
    }
}

#[test]
fn an_entry_alone_and_a_body_in_base64() {
    let mut alone = entry("https://api.example/a", false, "eyAgfQ==");
    alone["request"]["postData"]["encoding"] = json!("base64");
    let captured = reader().read(alone.to_string().as_bytes()).unwrap();
    assert_eq!(captured.body().as_ref(), b"{  }");
    alone["request"]["postData"]["text"] = json!("*");
    let error = reader().read(alone.to_string().as_bytes()).unwrap_err();
    assert!(matches!(error, CaptureError::NoBody { .. }), "{error}");
}

#[test]
fn bodies_that_were_not_kept() {
    let mut lost = entry("https://api.example/a", true, "");
    lost["request"]["postData"]
        .as_object_mut()
        .unwrap()
        .remove("text");
    let mut sized = entry("https://api.example/a", true, "");
    sized["request"].as_object_mut().unwrap().remove("postData");
    sized["request"]["bodySize"] = json!(17);
    for entry in [lost, sized] {
        let error = reader().read(archive(&[entry]).as_bytes()).unwrap_err();
        assert!(
            matches!(
                error,
                CaptureError::NoBody {
                    place: Place::Entry(1)
                }
            ),
            "{error}"
        );
    }
    let mut none = entry("https://api.example/a", true, "");
    none["request"].as_object_mut().unwrap().remove("postData");
    none["request"]["bodySize"] = json!(0);
    assert!(
        reader()
            .read(archive(&[none]).as_bytes())
            .unwrap()
            .body()
            .is_empty()
    );
}

#[test]
fn what_is_no_archive() {
    for (text, expected) in [
        (
            "{\"a\":\n SK-1}",
            "a HAR file is JSON, and this is not at line 2, column 2; save it again",
        ),
        (
            "{\"SK-1\":[]}",
            "this JSON is no HAR file: it has no log.entries; save it again as HAR with content",
        ),
        (
            "{\"log\":{\"entries\":[]}}",
            "none of the 0 entries fits; choose one by its URL or number",
        ),
        (
            "{\"log\":{\"entries\":[{\"request\":{\"method\":\"SK-1\"}}]}}",
            "entry 1: request.url is missing or of another type; save the file again",
        ),
    ] {
        let error = reader().read(text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}
