//! The merchant's token: what is issued, and everything that must not pass for it.

mod support;

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use doku_sign::{
    AccessToken, Backend, IssueError, MAX_TOKEN_BYTES, MerchantPrivateKey, MerchantPublicKey,
    MerchantToken, TokenError, TokenParties,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rsa::pkcs8::DecodePrivateKey as _;
use sha2::Sha256;
use support::{DOKU_KEY, merchant};

const PARTIES: TokenParties<'_> = TokenParties {
    issuer: "toko-kita",
    client_id: "MCH-0008-1296",
};
const LIFETIME: Duration = Duration::from_secs(900);
const HEADER: &str = r#"{"alg":"RS256","typ":"JWT"}"#;

/// Any moment will do, as long as it is always the same.
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_788_480_000)
}

fn later(seconds: u64) -> SystemTime {
    now() + Duration::from_secs(seconds)
}

fn issue() -> AccessToken {
    MerchantToken::issue(&merchant(), PARTIES, now(), LIFETIME).unwrap()
}

fn keys() -> [MerchantPublicKey; 1] {
    [merchant().public_key()]
}

fn verify(token: &str) -> Result<MerchantToken, TokenError> {
    MerchantToken::verify(&AccessToken::new(token), &keys(), PARTIES, now())
}

/// The claims of a good token.
fn claims() -> String {
    format!(
        r#"{{"exp":{},"iss":"toko-kita","clientId":"MCH-0008-1296"}}"#,
        1_788_480_900_u64
    )
}

fn segments(header: &str, claims: &str) -> String {
    format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims)
    )
}

/// A token with any header and claims, truly signed with the merchant's key.
fn forge(header: &str, claims: &str) -> String {
    sign(&segments(header, claims), &merchant())
}

fn sign(signed: &str, key: &MerchantPrivateKey) -> String {
    let key = rsa::PrivateKey::from_pkcs8_pem(&key.to_pkcs8_pem().unwrap()).unwrap();
    let signature = key.pkcs1v15_sign::<Sha256>(signed.as_bytes()).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[test]
fn an_issued_token_is_verified_on_every_backend() {
    for backend in Backend::all() {
        let key = merchant().on(*backend).unwrap();
        let token = MerchantToken::issue(&key, PARTIES, now(), LIFETIME).unwrap();
        let verified = MerchantToken::verify(&token, &[key.public_key()], PARTIES, now()).unwrap();
        assert_eq!(verified.issuer(), "toko-kita");
        assert_eq!(verified.client_id(), "MCH-0008-1296");
        assert_eq!(verified.expires_at(), later(900));
        // RSA PKCS#1 v1.5 is deterministic, so all backends issue the same token.
        assert_eq!(token.expose(), issue().expose());
    }
}

#[test]
fn the_wire_form_is_the_documented_one() {
    let token = issue();
    let parts: Vec<&str> = token.expose().split('.').collect();
    assert_eq!(parts.len(), 3);
    assert_eq!(parts[0], "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9");
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    assert_eq!(text, claims());
    assert_eq!(token.expose(), forge(HEADER, &claims()));
}

#[test]
fn a_token_lives_until_exp_and_the_leeway() {
    let token = issue();
    let at = |time| MerchantToken::verify(&token, &keys(), PARTIES, time).map(|_| ());
    assert_eq!(at(now()), Ok(()));
    assert_eq!(at(later(899)), Ok(()));
    assert_eq!(at(later(959)), Ok(()));
    assert_eq!(
        at(later(960)),
        Err(TokenError::Expired {
            by: Duration::from_secs(60)
        })
    );
    assert_eq!(
        at(later(90_000)),
        Err(TokenError::Expired {
            by: Duration::from_secs(89_100)
        })
    );

    let strict =
        MerchantToken::verify_with_leeway(&token, &keys(), PARTIES, later(900), Duration::ZERO);
    assert_eq!(strict, Err(TokenError::Expired { by: Duration::ZERO }));
}

#[test]
fn expiry_is_judged_last() {
    // So an expired token is known to be genuine in every other way.
    let token = issue();
    let old = later(5_000);
    let other = TokenParties {
        client_id: "MCH-0009",
        ..PARTIES
    };
    assert_eq!(
        MerchantToken::verify(&token, &keys(), other, old),
        Err(TokenError::WrongClient)
    );
    let stranger = MerchantPrivateKey::from_pem(DOKU_KEY).unwrap().public_key();
    assert_eq!(
        MerchantToken::verify(&token, &[stranger], PARTIES, old),
        Err(TokenError::BadSignature)
    );
}

#[test]
fn keys_are_rotated_by_giving_both() {
    let token = issue();
    let new = MerchantPrivateKey::from_pem(DOKU_KEY).unwrap().public_key();
    let both = [new.clone(), merchant().public_key()];
    MerchantToken::verify(&token, &both, PARTIES, now()).unwrap();
    assert_eq!(
        MerchantToken::verify(&token, &[new], PARTIES, now()),
        Err(TokenError::BadSignature)
    );
    assert_eq!(
        MerchantToken::verify(&token, &[], PARTIES, now()),
        Err(TokenError::NoKeys)
    );
}

#[test]
fn both_spellings_of_the_issuer_are_read() {
    let exp = 1_788_480_900_u64;
    let with = |issuers: &str| {
        verify(&forge(
            HEADER,
            &format!(r#"{{"exp":{exp},{issuers}"clientId":"MCH-0008-1296"}}"#),
        ))
    };
    with(r#""iss":"toko-kita","#).unwrap();
    with(r#""issuer":"toko-kita","#).unwrap();
    with(r#""iss":"toko-kita","issuer":"toko-kita","#).unwrap();
    assert_eq!(with(r#""iss":"toko-lain","#), Err(TokenError::WrongIssuer));
    assert_eq!(
        with(r#""iss":"toko-kita","issuer":"toko-lain","#),
        Err(TokenError::WrongIssuer)
    );
    assert!(matches!(with(""), Err(TokenError::Malformed(_))));
    assert!(matches!(
        with(r#""iss":["toko-kita"],"#),
        Err(TokenError::Malformed(_))
    ));
}

/// Every way we know to pass a forged token, each truly signed where that makes it harder.
#[test]
fn attacks_are_refused() {
    use TokenError::{BadSignature, WrongAlgorithm};

    let good = forge(HEADER, &claims());
    verify(&good).unwrap();
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (header, body) = signed.split_once('.').unwrap();
    let public_pem = merchant().public_key().to_pem().unwrap();
    let hs256 = |key: &[u8]| {
        let signed = segments(r#"{"alg":"HS256","typ":"JWT"}"#, &claims());
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(signed.as_bytes());
        format!(
            "{signed}.{}",
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        )
    };
    let stranger = MerchantPrivateKey::from_pem(DOKU_KEY).unwrap();
    let altered = claims().replace("1788480900", "9788480900");

    let exact = [
        (
            "alg none, no signature",
            segments(r#"{"alg":"none"}"#, &claims()) + ".",
            WrongAlgorithm,
        ),
        (
            "alg None",
            forge(r#"{"alg":"None"}"#, &claims()),
            WrongAlgorithm,
        ),
        (
            "alg rs256",
            forge(r#"{"alg":"rs256"}"#, &claims()),
            WrongAlgorithm,
        ),
        (
            "alg RS512",
            forge(r#"{"alg":"RS512"}"#, &claims()),
            WrongAlgorithm,
        ),
        (
            "alg PS256",
            forge(r#"{"alg":"PS256"}"#, &claims()),
            WrongAlgorithm,
        ),
        (
            "no alg",
            forge(r#"{"typ":"JWT"}"#, &claims()),
            WrongAlgorithm,
        ),
        (
            "alg null",
            forge(r#"{"alg":null}"#, &claims()),
            WrongAlgorithm,
        ),
        (
            "alg in a list",
            forge(r#"{"alg":["RS256"]}"#, &claims()),
            WrongAlgorithm,
        ),
        (
            "HS256 keyed with the public PEM",
            hs256(public_pem.as_bytes()),
            WrongAlgorithm,
        ),
        ("HS256 keyed with nothing", hs256(b""), WrongAlgorithm),
        ("another key", sign(signed, &stranger), BadSignature),
        (
            "another key, named in the header",
            sign(
                &segments(
                    r#"{"alg":"RS256","jku":"https://jahat.example/keys","kid":"../../dev/null"}"#,
                    &claims(),
                ),
                &stranger,
            ),
            BadSignature,
        ),
        (
            "altered claims",
            format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(&altered)),
            BadSignature,
        ),
        (
            "altered header",
            format!(
                "{}.{body}.{signature}",
                URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256"}"#)
            ),
            BadSignature,
        ),
        ("no signature", format!("{signed}."), BadSignature),
        (
            "short signature",
            format!("{signed}.{}", &signature[..100]),
            BadSignature,
        ),
        (
            "another client",
            forge(HEADER, &claims().replace("MCH-0008", "MCH-0009")),
            TokenError::WrongClient,
        ),
        (
            "another client by case",
            forge(HEADER, &claims().replace("MCH-0008", "mch-0008")),
            TokenError::WrongClient,
        ),
        (
            "another issuer",
            forge(HEADER, &claims().replace("toko-kita", "DOKU")),
            TokenError::WrongIssuer,
        ),
        (
            "expired",
            forge(HEADER, &claims().replace("1788480900", "0")),
            TokenError::Expired {
                by: Duration::from_secs(1_788_480_000),
            },
        ),
        (
            "not yet valid",
            forge(HEADER, &claims().replace("{", r#"{"nbf":1788480100,"#)),
            TokenError::NotYetValid {
                by: Duration::from_secs(40),
            },
        ),
    ];
    for (name, token, expected) in exact {
        assert_eq!(verify(&token), Err(expected), "{name}");
    }

    let malformed = [
        (
            "typ at+jwt",
            forge(r#"{"alg":"RS256","typ":"at+jwt"}"#, &claims()),
        ),
        (
            "typ JWE",
            forge(r#"{"alg":"RS256","typ":"JWE"}"#, &claims()),
        ),
        (
            "typ null",
            forge(r#"{"alg":"RS256","typ":null}"#, &claims()),
        ),
        (
            "crit",
            forge(r#"{"alg":"RS256","crit":["exp"],"exp":1}"#, &claims()),
        ),
        (
            "crit and b64",
            forge(r#"{"alg":"RS256","b64":false,"crit":["b64"]}"#, &claims()),
        ),
        (
            "empty crit",
            forge(r#"{"alg":"RS256","crit":[]}"#, &claims()),
        ),
        (
            "repeated alg",
            forge(r#"{"alg":"none","alg":"RS256"}"#, &claims()),
        ),
        (
            "repeated alg by escape",
            forge(r#"{"alg":"none","\u0061lg":"RS256"}"#, &claims()),
        ),
        (
            "repeated exp",
            forge(HEADER, &claims().replace("{", r#"{"exp":1,"#)),
        ),
        (
            "repeated clientId",
            forge(HEADER, &claims().replace("{", r#"{"clientId":"x","#)),
        ),
        (
            "repeated unknown member",
            forge(HEADER, &claims().replace("{", r#"{"a":1,"a":2,"#)),
        ),
        (
            "no exp",
            forge(HEADER, r#"{"iss":"toko-kita","clientId":"MCH-0008-1296"}"#),
        ),
        (
            "exp as text",
            forge(HEADER, &claims().replace("1788480900", r#""1788480900""#)),
        ),
        (
            "exp negative",
            forge(HEADER, &claims().replace("1788480900", "-1")),
        ),
        (
            "exp as float",
            forge(HEADER, &claims().replace("1788480900", "1788480900.5")),
        ),
        (
            "exp beyond u64",
            forge(HEADER, &claims().replace("1788480900", "1e300")),
        ),
        (
            "exp null",
            forge(HEADER, &claims().replace("1788480900", "null")),
        ),
        (
            "exp beyond all clocks",
            forge(
                HEADER,
                &claims().replace("1788480900", "18446744073709551615"),
            ),
        ),
        (
            "no clientId",
            forge(HEADER, r#"{"exp":1788480900,"iss":"toko-kita"}"#),
        ),
        (
            "clientId a number",
            forge(HEADER, &claims().replace(r#""MCH-0008-1296""#, "8")),
        ),
        ("claims a list", forge(HEADER, "[]")),
        ("claims empty", forge(HEADER, "")),
        ("claims with more behind", forge(HEADER, &(claims() + "{}"))),
        ("claims not UTF-8", {
            let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(b"{\"\xff\":1}"));
            sign(&signed, &merchant())
        }),
        (
            "header not JSON",
            sign(&format!("AAAA.{body}"), &merchant()),
        ),
        ("header padded", {
            let padded = URL_SAFE.encode(r#"{"alg":"RS256"}"#.to_owned() + " ");
            assert!(padded.ends_with('='));
            sign(&format!("{padded}.{body}"), &merchant())
        }),
        ("claims padded", {
            let padded = URL_SAFE.encode(claims() + " ");
            let padded = if padded.ends_with('=') {
                padded
            } else {
                padded + "="
            };
            sign(&format!("{header}.{padded}"), &merchant())
        }),
        ("signature padded", format!("{good}==")),
        (
            "signature in standard base64",
            format!("{signed}.{}", signature.replace('_', "/") + "+"),
        ),
        ("signature with stray bits", {
            // The last character of 256 bytes holds four bits that decode to nothing.
            let (front, last) = signature.split_at(signature.len() - 1);
            let twin = match last {
                "A" => "B",
                "Q" => "R",
                "g" => "h",
                _ => "x",
            };
            format!("{signed}.{front}{twin}")
        }),
        ("four parts", format!("{good}.{signature}")),
        ("a part before", format!("{header}.{good}")),
        ("a trailing dot", format!("{good}.")),
        ("two parts", signed.to_owned()),
        ("one part", header.to_owned()),
        ("a trailing line end", format!("{good}\n")),
        ("a leading blank", format!(" {good}")),
        ("the word Bearer", format!("Bearer {good}")),
        ("nothing", String::new()),
        ("dots", "..".to_owned()),
    ];
    for (name, token) in malformed {
        let error = verify(&token).unwrap_err();
        assert!(
            matches!(error, TokenError::Malformed(_)),
            "{name}: {error:?}"
        );
    }
}

#[test]
fn oversized_tokens_are_not_even_read() {
    let padded = claims().replace("{", &format!(r#"{{"a":"{}","#, "a".repeat(MAX_TOKEN_BYTES)));
    let token = forge(HEADER, &padded);
    assert_eq!(
        verify(&token),
        Err(TokenError::TooLong { found: token.len() })
    );
}

#[test]
fn deep_nesting_is_refused() {
    let deep = format!("{}{}", "[".repeat(2_000), "]".repeat(2_000));
    let token = forge(HEADER, &claims().replace("{", &format!(r#"{{"a":{deep},"#)));
    assert!(token.len() < MAX_TOKEN_BYTES);
    assert!(matches!(verify(&token), Err(TokenError::Malformed(_))));
}

#[test]
fn what_cannot_be_issued_is_said() {
    let issue = |now, lifetime| MerchantToken::issue(&merchant(), PARTIES, now, lifetime);
    assert!(matches!(
        issue(now(), Duration::from_millis(999)),
        Err(IssueError::NoLifetime)
    ));
    assert!(matches!(issue(now(), Duration::MAX), Err(IssueError::Time)));
    let before_1970 = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
    assert!(matches!(
        issue(before_1970, LIFETIME),
        Err(IssueError::Time)
    ));
    assert_eq!(
        MerchantToken::verify(&self::issue(), &keys(), PARTIES, before_1970),
        Err(TokenError::Clock)
    );
}

#[test]
fn parties_of_any_characters_come_back() {
    let parties = TokenParties {
        issuer: "toko \"kita\"\n密",
        client_id: "MCH\\0008.\u{7f}",
    };
    let token = MerchantToken::issue(&merchant(), parties, now(), LIFETIME).unwrap();
    let verified = MerchantToken::verify(&token, &keys(), parties, now()).unwrap();
    assert_eq!(verified.client_id(), parties.client_id);
}
