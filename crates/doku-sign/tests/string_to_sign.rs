//! What a string-to-sign shows, and how two of them are told apart.

use doku_sign::{
    AccessToken, AuthorizationError, BodyHash, BodyHashError, ClientSecret, ClientSecretError,
    Component, Difference, Digest, HmacSha512, MinifiedBody, NonSnapRequest, Signature,
    SignatureError, StringToSign,
};

const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjF9.c2lnbmF0dXJl";

fn to_sign(
    method: &str,
    path: &str,
    token: &str,
    body: &str,
    at: &str,
) -> StringToSign<HmacSha512> {
    let token = AccessToken::new(token);
    StringToSign::snap_transaction(method, path, &token, &MinifiedBody::of(body.as_bytes()), at)
}

#[test]
fn each_part_is_named_where_it_differs() {
    let path = "/virtual-accounts/bi-snap-va/v1.1/transfer-va/create-va";
    let ours = to_sign("POST", path, TOKEN, "{}", "2026-09-04T00:00:00Z");
    let table = [
        (
            to_sign("PUT", path, TOKEN, "{}", "2026-09-04T00:00:00Z"),
            Component::Method,
            1,
            "POST",
            "PUT",
        ),
        (
            to_sign(
                "POST",
                "/virtual-accounts/bi-snap-va/v1/transfer-va/create-va",
                TOKEN,
                "{}",
                "2026-09-04T00:00:00Z",
            ),
            Component::Path,
            31,
            "…ap-va/v1.1/transfer-va/create-va",
            "…ap-va/v1/transfer-va/create-va",
        ),
        (
            to_sign("POST", path, &TOKEN[..45], "{}", "2026-09-04T00:00:00Z"),
            Component::AccessToken,
            45,
            "[token, 46 chars]",
            "[token, 45 chars]",
        ),
        (
            to_sign("POST", path, "", "{}", "2026-09-04T00:00:00Z"),
            Component::AccessToken,
            0,
            "[token, 46 chars]",
            "[no token]",
        ),
        (
            to_sign("POST", path, TOKEN, "[]", "2026-09-04T00:00:00Z"),
            Component::BodyHash,
            1,
            "44136fa355b3678a1146ad16f7e8649e…",
            "4f53cda18c2baa0c0354bb5f9a3ecbe5…",
        ),
        (
            to_sign("POST", path, TOKEN, "{}", "2026-09-04T00:00:00.000Z"),
            Component::Timestamp,
            19,
            "…00:00:00Z",
            "…00:00:00.000Z",
        ),
    ];
    for (theirs, component, offset, here, there) in table {
        let difference = ours.first_difference(&theirs).unwrap();
        let expected = (component, offset, here.to_owned(), there.to_owned());
        match difference {
            Difference::Part {
                component,
                offset,
                ours,
                theirs,
            } => {
                assert_eq!((component, offset, ours, theirs), expected);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(ours.first_difference(&ours.clone()), None);
}

#[test]
fn parts_are_compared_by_their_place_not_by_colons() {
    // As plain text the two are equal up to the token's colon.
    let ours = to_sign("POST", "/a:b", "", "", "t");
    let theirs = to_sign("POST", "/a", "b:", "", "t");
    match ours.first_difference(&theirs).unwrap() {
        Difference::Part {
            component: Component::Path,
            offset: 2,
            ..
        } => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_missing_digest_is_a_difference_of_formula() {
    let digest = Digest::of(b"{}");
    let request = |digest| {
        StringToSign::non_snap_request(&NonSnapRequest {
            client_id: "MCH",
            request_id: "1",
            request_timestamp: "2026-09-04T00:00:00Z",
            request_target: "/checkout/v1/payment",
            digest,
        })
    };
    let difference = request(Some(&digest))
        .first_difference(&request(None))
        .unwrap();
    assert!(
        matches!(difference, Difference::Formula { .. }),
        "{difference:?}"
    );
    assert!(difference.to_string().contains("Digest:"), "{difference}");
}

#[test]
fn authorization_headers() {
    for header in ["Bearer abc", "bearer abc", "BEARER  abc", " Bearer abc "] {
        assert_eq!(
            AccessToken::from_authorization(header).unwrap().expose(),
            "abc",
            "{header}"
        );
    }
    for (header, error) in [
        ("", AuthorizationError::NotBearer),
        ("abc", AuthorizationError::NotBearer),
        ("Basic dG9rbzpyYWhhc2lh", AuthorizationError::NotBearer),
        ("Bearerabc", AuthorizationError::NotBearer),
        ("Bearer", AuthorizationError::NoToken),
        ("Bearer ", AuthorizationError::NoToken),
        ("Bearer a b", AuthorizationError::BlankInside),
        ("Bearer a\tb", AuthorizationError::BlankInside),
    ] {
        assert_eq!(
            AccessToken::from_authorization(header).unwrap_err(),
            error,
            "{header:?}"
        );
    }
}

#[test]
fn secrets_with_the_remains_of_copying_are_refused() {
    assert_eq!(ClientSecret::new("").unwrap_err(), ClientSecretError::Empty);
    for secret in [
        " SK-EXAMPLE",
        "SK-EXAMPLE\n",
        "SK-EXAMPLE\r\n",
        " ",
        "\u{a0}SK-EXAMPLE",
    ] {
        let error = ClientSecret::new(secret).unwrap_err();
        assert_eq!(error, ClientSecretError::WhiteSpaceAround, "{secret:?}");
    }
    ClientSecret::new("SK-with a blank inside").unwrap();
}

#[test]
fn signatures_are_read_strictly() {
    let secret = ClientSecret::new("SK-EXAMPLE").unwrap();
    let good = secret.sign(&to_sign("POST", "/p", TOKEN, "{}", "t"));
    let text = good.to_base64();
    let hex: String = good
        .as_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let url_safe = "-".repeat(86) + "==";
    let table = [
        (String::new(), SignatureError::Empty),
        (hex.clone(), SignatureError::LooksLikeHex),
        (hex.to_uppercase(), SignatureError::LooksLikeHex),
        ("ab".repeat(512), SignatureError::LooksLikeHex),
        (url_safe, SignatureError::LooksLikeBase64Url),
        (format!("{text}\n"), SignatureError::WhiteSpace),
        (format!(" {text}"), SignatureError::WhiteSpace),
        (
            text.trim_end_matches('=').to_owned(),
            SignatureError::Padding,
        ),
        (format!("{text}="), SignatureError::NotBase64),
        (format!("HMACSHA512={text}"), SignatureError::NotBase64),
        ("z".repeat(688), SignatureError::TooLong { found: 688 }),
    ];
    for (text, expected) in table {
        assert_eq!(
            Signature::from_base64(&text).unwrap_err(),
            expected,
            "{text}"
        );
    }
    assert_eq!(
        Signature::from_base64(&text).unwrap().as_bytes(),
        good.as_bytes()
    );
}

#[test]
fn body_hashes_are_lower_case_hex() {
    let hash = MinifiedBody::empty().sha256_hex();
    assert_eq!(BodyHash::from_hex(hash.as_str()), Ok(hash));
    assert_eq!(
        BodyHash::from_hex(&hash.as_str().to_uppercase()),
        Err(BodyHashError::Digit { at: 0 })
    );
    assert_eq!(
        BodyHash::from_hex(""),
        Err(BodyHashError::Length { found: 0 })
    );
    assert_eq!(
        BodyHash::from_hex(&"é".repeat(32)),
        Err(BodyHashError::Digit { at: 0 })
    );
}
