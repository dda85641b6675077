//! Whatever is sent is answered, in DOKU's words, and never ends the sandbox.

use std::sync::LazyLock;

use doku_model::Operation;
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::support::{World, create};

/// One sandbox for all cases: what one of them leaves behind must not disturb the next.
static RUNNING: LazyLock<(Runtime, World, String)> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let (world, token) = runtime.block_on(async {
        let world = World::start().await;
        let token = world.token().await;
        (world, token)
    });
    (runtime, world, token)
});

fn operation() -> impl Strategy<Value = Operation> {
    prop::sample::select(vec![
        Operation::Token,
        Operation::CreateVa,
        Operation::UpdateVa,
        Operation::DeleteVa,
        Operation::CheckStatus,
    ])
}

/// Bytes of any kind, and bodies that are almost right.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let good = create("INV-1").to_string().into_bytes();
    let (length, other) = (good.len(), good.clone());
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        (0..length).prop_map(move |end| good[..end].to_vec()),
        (0..length, any::<u8>()).prop_map(move |(at, byte)| {
            let mut body = other.clone();
            body[at] = byte;
            body
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn is_answered(
        operation in operation(),
        body in body(),
        header in "[ -~]{0,40}",
        which in prop::sample::select(vec![
            "X-TIMESTAMP", "X-SIGNATURE", "X-PARTNER-ID", "X-EXTERNAL-ID", "Authorization",
            "CHANNEL-ID", "X-CLIENT-KEY", "Content-Type", "X-ANYTHING",
        ]),
    ) {
        let (runtime, world, token) = &*RUNNING;
        let call = world.signed(operation, &body, token).set(which, &header);
        let reply = runtime.block_on(world.send(&call)).unwrap();
        let code = reply.code();
        prop_assert_eq!(code.len(), 7);
        prop_assert!(reply.status < 500, "{}", reply.text());
        let same_status = code.starts_with(&reply.status.to_string());
        prop_assert!(same_status || reply.status == 409, "{} {}", reply.status, code);
    }
}
