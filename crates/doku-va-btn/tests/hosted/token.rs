//! The token endpoint: what DOKU gets, and when it gets the same again.

use std::collections::HashSet;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use doku_sign::{AccessToken, MerchantToken, TokenParties};
use doku_va_btn::hosted::{Credentials, Endpoints};

use crate::support::{CLIENT_ID, Call, DOKU, MERCHANT, MINUTE, Reply, World, credentials, secret};

async fn ask(world: &World) -> Reply {
    Reply::of(world.endpoints.token(world.token_request().request()).await)
}

#[tokio::test]
async fn it_is_a_token_of_ours_for_fifteen_minutes() {
    let world = World::new();
    let reply = ask(&world).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.headers["cache-control"], "no-store");
    assert_eq!(reply.headers["x-client-key"], CLIENT_ID);
    assert_eq!(reply.headers["x-timestamp"], "2026-09-13T10:16:10+07:00");
    let mut answer = reply.json();
    let token = AccessToken::new(answer["accessToken"].as_str().unwrap());
    answer["accessToken"] = "[token]".into();
    insta::assert_snapshot!(serde_json::to_string_pretty(&answer).unwrap());

    let parties = TokenParties {
        issuer: CLIENT_ID,
        client_id: CLIENT_ID,
    };
    let keys = [MERCHANT.public_key()];
    let verified = MerchantToken::verify(&token, &keys, parties, world.now()).unwrap();
    assert_eq!(verified.expires_at(), world.now() + 15 * MINUTE);
}

#[tokio::test]
async fn the_same_is_given_while_more_than_ten_minutes_are_left() {
    let world = World::new();
    let first = ask(&world).await.json();
    world.clock.advance(Duration::from_secs(299));
    let second = ask(&world).await.json();
    assert_eq!(second["accessToken"], first["accessToken"]);
    assert_eq!(second["expiresIn"], 601);

    world.clock.advance(Duration::from_secs(1));
    let third = ask(&world).await.json();
    assert_ne!(third["accessToken"], first["accessToken"]);
    assert_eq!(third["expiresIn"], 900);
}

#[tokio::test]
async fn what_is_given_again_still_opens_the_door() {
    let world = World::new();
    world.token().await;
    world.clock.advance(Duration::from_secs(299));
    let token = world.token().await;
    world.clock.advance(Duration::from_secs(601));
    let call = world.signed(
        crate::support::INQUIRY_PATH,
        crate::support::INQUIRY.as_bytes(),
        &token,
    );
    assert_eq!(world.ask(&call).await.code(), "2002400");
}

#[test]
fn of_many_who_come_at_once_one_gets_a_token_signed() {
    const CALLERS: usize = 16;
    let world = World::new();
    let barrier = Barrier::new(CALLERS);
    let get = || {
        let request = world.token_request().request();
        barrier.wait();
        // Signed in another second, a token is another one.
        world.clock.advance(Duration::from_secs(1));
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let answer = runtime.unwrap().block_on(world.endpoints.token(request));
        Reply::of(answer).json()["accessToken"].to_string()
    };
    let tokens: HashSet<String> = thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS).map(|_| scope.spawn(get)).collect();
        callers
            .into_iter()
            .map(|caller| caller.join().unwrap())
            .collect()
    });
    assert_eq!(tokens.len(), 1);
}

#[tokio::test]
async fn the_clocks_may_differ_by_fifteen_minutes() {
    for minutes in [15, 0] {
        let world = World::new();
        let call = world.token_request();
        world.clock.advance(minutes * MINUTE);
        let reply = Reply::of(world.endpoints.token(call.request()).await);
        assert_eq!(reply.code(), "2007300");
    }
    let early = World::new();
    early.clock.advance(15 * MINUTE);
    let call = early.token_request();
    let late = World::new();
    let reply = Reply::of(late.endpoints.token(call.request()).await);
    assert_eq!(reply.code(), "2007300");
}

#[tokio::test]
async fn the_body_may_be_missing_or_say_more() {
    let world = World::new();
    for body in [
        "",
        "{}",
        r#"{"grantType":"client_credentials","additionalInfo":""}"#,
        "{ \"additionalInfo\": [],\n \"grantType\": \"client_credentials\" }",
    ] {
        let call = Call {
            body: body.into(),
            ..world.token_request()
        };
        let reply = Reply::of(world.endpoints.token(call.request()).await);
        assert_eq!(reply.code(), "2007300", "{body}");
    }
}

#[tokio::test]
async fn the_path_and_the_query_do_not_matter_to_it() {
    let world = World::new();
    let call = Call {
        path: "/anything?a=b".to_owned(),
        ..world.token_request()
    };
    let reply = Reply::of(world.endpoints.token(call.request()).await);
    assert_eq!(reply.code(), "2007300");
}

#[tokio::test]
async fn the_merchant_may_go_by_another_name() {
    let world = World::of(credentials().with_issuer("Toko Maju"), |builder| builder);
    let token = AccessToken::new(world.token().await);
    let parties = TokenParties {
        issuer: "Toko Maju",
        client_id: CLIENT_ID,
    };
    let keys = [MERCHANT.public_key()];
    assert!(MerchantToken::verify(&token, &keys, parties, world.now()).is_ok());
}

#[test]
fn a_moment_before_1970_is_a_refusal_and_no_panic() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    #[derive(Debug)]
    struct Before;
    impl doku_va_btn::Clock for Before {
        fn now(&self) -> time::OffsetDateTime {
            time::macros::datetime!(1960-01-01 0:00 UTC)
        }
    }
    let timestamp = "1960-01-01T00:00:00Z";
    let signature = DOKU
        .sign(&doku_sign::StringToSign::snap_token(CLIENT_ID, timestamp))
        .unwrap()
        .to_base64();
    let world = World::new();
    let call = world
        .token_request()
        .with("X-TIMESTAMP", timestamp)
        .with("X-SIGNATURE", signature);
    let endpoints = Endpoints::builder(Credentials::new(
        CLIENT_ID.parse().unwrap(),
        secret(),
        MERCHANT.clone(),
        DOKU.public_key(),
    ))
    .clock(std::sync::Arc::new(Before))
    .build();
    let reply = Reply::of(runtime.block_on(endpoints.token(call.request())));
    reply.is_two_members("5007300");
}
