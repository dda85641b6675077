//! A signature that does not match is explained in the journal, and nowhere else.

use doku_model::Operation;
use doku_sandbox::Cause;
use doku_sign::diagnose::Language;
use doku_sign::{AccessToken, ClientSecret, MerchantPrivateKey, MinifiedBody, StringToSign};
use insta::assert_json_snapshot;

use crate::support::{Call, MERCHANT, World, create, now, token_request};

const CREATE: Operation = Operation::CreateVa;

async fn cause(world: &World, call: &Call) -> Option<Cause> {
    let reply = world.send(call).await.unwrap();
    assert_eq!(reply.code(), "4012700");
    assert_eq!(reply.message(), "Unauthorized. Signature Not Match");
    world.last_entry().signature.unwrap().cause
}

#[tokio::test]
async fn names_the_mistake() {
    let world = World::start().await;
    let token = world.token().await;
    let time = now();
    let spaced = create("INV-1").to_string().replace("\":", "\": ");
    let path = CREATE.path();
    let sts = |method: &str, path: &str, token: &str, body: &MinifiedBody<'_>| {
        StringToSign::snap_transaction(method, path, &AccessToken::new(token), body, &time)
    };
    let minified = MinifiedBody::of(spaced.as_bytes());
    let bearer = format!("Bearer {token}");
    let url = format!("http://sandbox.test{path}");
    let cases = [
        (
            sts("POST", path, &token, &MinifiedBody::raw(spaced.as_bytes())),
            Cause::RawBody,
        ),
        (
            sts("POST", path, &token, &MinifiedBody::empty()),
            Cause::EmptyBody,
        ),
        (sts("POST", path, &bearer, &minified), Cause::BearerInToken),
        (sts("POST", path, "", &minified), Cause::EmptyToken),
        (sts("post", path, &token, &minified), Cause::LowerCaseMethod),
        (sts("POST", &url, &token, &minified), Cause::WholeUrl),
        (sts("PUT", path, &token, &minified), Cause::OtherMethod),
    ];
    for (to_sign, expected) in cases {
        let call = world.signed_over(CREATE, spaced.as_bytes(), &token, &time, &to_sign);
        assert_eq!(cause(&world, &call).await, Some(expected));
        let report = world.last_entry().signature.unwrap();
        assert!(report.proven && report.also.is_empty());
        assert!(report.presented.is_some() && report.difference.is_some());
        assert_eq!(report.advice, expected.advice(Language::English));
    }
    let call = world.signed_over(
        CREATE,
        spaced.as_bytes(),
        &token,
        &time,
        &sts("put", path, &bearer, &minified),
    );
    assert_eq!(cause(&world, &call).await, None);
    let report = world.last_entry().signature.unwrap();
    assert!(!report.proven && report.presented.is_none());
    assert_eq!(serde_json::to_value(&report).unwrap()["cause"], "unknown");
    let mut call = world.signed_over(
        CREATE,
        spaced.as_bytes(),
        &token,
        &time,
        &sts("POST", path, &token, &minified),
    );
    call.target.push_str("?page=1");
    assert_eq!(cause(&world, &call).await, Some(Cause::NoQuery));
}

#[tokio::test]
async fn names_the_wrong_encoding() {
    let world = World::start().await;
    let token = world.token().await;
    let time = now();
    // Two encodings differ where a + or a / is; one signature in fifteen has neither.
    let (body, to_sign, signature) = (1..)
        .map(|number| {
            let body = create(&format!("INV-{number}")).to_string();
            let to_sign = StringToSign::snap_transaction(
                "POST",
                CREATE.path(),
                &AccessToken::new(token.as_str()),
                &MinifiedBody::of(body.as_bytes()),
                &time,
            );
            let signature = world.secret.sign(&to_sign);
            (body, to_sign, signature)
        })
        .find(|(_, _, signature)| signature.to_base64().contains(['+', '/']))
        .unwrap();
    let hex: String = signature
        .as_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let url_safe = signature.to_base64().replace('+', "-").replace('/', "_");
    let good = || world.signed_over(CREATE, body.as_bytes(), &token, &time, &to_sign);
    assert_eq!(
        cause(&world, &good().set("X-SIGNATURE", &hex)).await,
        Some(Cause::Hex)
    );
    assert!(world.last_entry().signature.unwrap().proven);
    let wrong_hex = "0".repeat(128);
    let call = good().set("X-SIGNATURE", &wrong_hex);
    assert_eq!(cause(&world, &call).await, Some(Cause::Hex));
    assert!(!world.last_entry().signature.unwrap().proven);
    let call = good().set("X-SIGNATURE", &url_safe);
    assert_eq!(cause(&world, &call).await, Some(Cause::Base64Url));
    let other = ClientSecret::new("SK-ANOTHER")
        .unwrap()
        .sign(&to_sign)
        .to_base64();
    let call = good().set("X-SIGNATURE", &other);
    assert_eq!(cause(&world, &call).await, None);
}

#[tokio::test]
async fn shows_both_texts_without_the_token() {
    let world = World::start().await;
    let token = world.token().await;
    let time = now();
    let body = MinifiedBody::of(b"{}");
    let to_sign = StringToSign::snap_transaction(
        "post",
        CREATE.path(),
        &AccessToken::new(token.as_str()),
        &body,
        &time,
    );
    let call = world.signed_over(CREATE, b"{}", &token, &time, &to_sign);
    world.send(&call).await.unwrap();
    let report = serde_json::to_string(&world.last_entry().signature.unwrap()).unwrap();
    assert!(!report.contains(&token[..20]));
    let report = report
        .replace(&time, "[time]")
        .replace(&format!("{} chars", token.len()), "N chars");
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    insta::with_settings!({ sort_maps => true }, { assert_json_snapshot!("signature_report", report) });
}

#[tokio::test]
async fn explains_token_requests_too() {
    let world = World::start().await;
    let time = now();
    let client_id = MERCHANT.client_id().as_str();
    let to_sign = StringToSign::snap_token(client_id, &time);
    let signature = MERCHANT.private_key().sign(&to_sign).unwrap();
    let hex: String = signature
        .as_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let stranger = MerchantPrivateKey::generate(2048).unwrap();
    let foreign = stranger.sign(&to_sign).unwrap().to_base64();
    for (presented, expected) in [
        (hex.as_str(), Cause::Hex),
        (foreign.as_str(), Cause::UnknownKey),
        ("***", Cause::NotBase64),
    ] {
        let call = token_request(&time).set("X-SIGNATURE", presented);
        assert_eq!(world.send(&call).await.unwrap().code(), "4017300");
        let report = world.last_entry().signature.unwrap();
        assert_eq!(report.cause, Some(expected));
        assert_eq!(report.expected, format!("{client_id}|{time}"));
    }
}
