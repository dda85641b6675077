//! Whatever arrives, there is an answer in the shape of SNAP BI, and nothing is done for anybody who cannot sign.

use std::sync::LazyLock;

use bytes::Bytes;
use doku_model::Operation;
use http::{HeaderName, HeaderValue, Method, Request};
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::support::{
    INQUIRY, INQUIRY_PATH, MERCHANT, PAYMENT, PAYMENT_PATH, Reply, TOKEN_PATH, World,
};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
});

fn operation() -> impl Strategy<Value = Operation> {
    prop::sample::select(vec![
        Operation::Token,
        Operation::Inquiry,
        Operation::Payment,
    ])
}

fn header() -> impl Strategy<Value = (HeaderName, HeaderValue)> {
    let name = prop::sample::select(vec![
        "x-timestamp",
        "x-signature",
        "authorization",
        "x-client-key",
        "x-external-id",
        "x-partner-id",
        "channel-id",
        "content-type",
    ]);
    let value = prop_oneof![
        prop::collection::vec(prop_oneof![Just(9_u8), 32..=126_u8, 128..=255_u8], 0..200),
        "Bearer [A-Za-z0-9_.-]{0,60}".prop_map(String::into_bytes),
        "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|\\+07:00)"
            .prop_map(String::into_bytes),
        "[A-Za-z0-9+/]{86}==".prop_map(String::into_bytes),
    ];
    (name, value).prop_map(|(name, value)| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_bytes(&value).unwrap(),
        )
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        "[\\[\\]{}\",:0-9a-z ]{0,200}".prop_map(String::into_bytes),
        Just(PAYMENT.as_bytes().to_vec()),
        Just(INQUIRY.as_bytes().to_vec()),
        mutated(),
    ]
}

/// A good body with a few bytes changed.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6);
    (prop::bool::ANY, changes).prop_map(|(payment, changes)| {
        let mut body = if payment { PAYMENT } else { INQUIRY }.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        body
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn on_anything_unsigned(
        operation in operation(),
        method in prop::sample::select(vec![Method::POST, Method::POST, Method::POST, Method::GET]),
        path in "/[a-z0-9./%-]{0,40}(\\?[a-z0-9=&]{0,20})?",
        headers in prop::collection::vec(header(), 0..8),
        body in body(),
    ) {
        let world = World::new();
        let mut request = Request::new(Bytes::from(body));
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().unwrap();
        for (name, value) in headers {
            request.headers_mut().append(name, value);
        }
        let response = RUNTIME.block_on(world.endpoints.answer(operation, request)).unwrap();
        let reply = Reply::of(response);
        reply.is_two_members(&reply.code());
        prop_assert!((400..500).contains(&reply.status));
        prop_assert_eq!(world.merchant.payments() + world.merchant.inquiries(), 0);
        prop_assert_eq!(world.merchant.take_events().len(), 1);
    }

    #[test]
    fn on_any_body_that_was_signed(body in body(), payment in prop::bool::ANY) {
        let world = World::new();
        let token = world.issued(&MERCHANT, std::time::Duration::from_secs(900));
        let path = if payment { PAYMENT_PATH } else { INQUIRY_PATH };
        let call = world.signed(path, &body, &token);
        let reply = RUNTIME.block_on(async {
            if payment { world.notify(&call).await } else { world.ask(&call).await }
        });
        // Acknowledged, or everything the merchant needs to do it by hand.
        let events = world.merchant.take_events();
        if reply.status == 200 {
            prop_assert_eq!(world.merchant.payments() + world.merchant.inquiries(), 1);
            prop_assert!(events.is_empty());
        } else {
            prop_assert!(!payment || reply.status >= 500, "{:?}", reply);
            prop_assert_eq!(world.merchant.payments() + world.merchant.inquiries(), 0);
            let [doku_va_btn::hosted::Event::Refused(refused)] = events.as_slice() else {
                panic!("{events:?}");
            };
            prop_assert_eq!(refused.genuine.as_ref().unwrap().body(), &body);
        }
    }

    #[test]
    fn on_any_token_body_that_came_with_a_signature(body in body()) {
        let world = World::new();
        let mut call = world.token_request();
        call.body = body;
        call.path = TOKEN_PATH.to_owned();
        let reply = Reply::of(RUNTIME.block_on(world.endpoints.token(call.request())));
        prop_assert!(matches!(reply.status, 200 | 400), "{:?}", reply);
    }
}
