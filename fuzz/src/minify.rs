//! The body as it is hashed: the same JSON, without its white space.

use std::borrow::Cow;

use doku_sign::MinifiedBody;
use serde_json::Value;

/// Minifying drops white space alone, does so once and for all, and changes no value.
pub fn minify(input: &[u8]) {
    let minified = doku_sign::minify(input);
    assert!(minified.len() <= input.len(), "it became longer");
    assert_eq!(
        matches!(minified, Cow::Borrowed(_)),
        minified.len() == input.len(),
        "borrowed where nothing was dropped, and nowhere else"
    );
    assert!(
        matches!(doku_sign::minify(&minified), Cow::Borrowed(_)),
        "the second time dropped something"
    );
    let solid = |bytes: &[u8]| -> Vec<u8> {
        let kept = bytes.iter().filter(|byte| !is_white_space(**byte));
        kept.copied().collect()
    };
    assert_eq!(solid(&minified), solid(input), "more than white space went");

    let of = MinifiedBody::of(input);
    let compact = MinifiedBody::from_compact(&minified);
    assert_eq!(of.as_bytes(), &*minified);
    assert_eq!(of.sha256_hex(), compact.sha256_hex());

    if let Ok(value) = serde_json::from_slice::<Value>(input) {
        let again: Value = serde_json::from_slice(&minified).unwrap();
        assert_eq!(again, value, "another JSON");
        let pretty = serde_json::to_vec_pretty(&value).unwrap();
        let compact = serde_json::to_vec(&value).unwrap();
        assert_eq!(&*doku_sign::minify(&pretty), compact, "spread out and back");
    }
}

const fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
