//! Many callers at once.

use std::collections::HashSet;
use std::sync::Arc;

use doku_model::Operation;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::support::{World, create};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_accounts_have_two_thousand_numbers() {
    const CALLS: usize = 2_000;
    let world = Arc::new(World::start().await);
    let token: Arc<str> = world.token().await.into();
    // A test may not open as many files as it likes.
    let room = Arc::new(Semaphore::new(128));
    let mut calls = JoinSet::new();
    for number in 0..CALLS {
        let (world, token, room) = (Arc::clone(&world), Arc::clone(&token), Arc::clone(&room));
        calls.spawn(async move {
            let _permit = room.acquire_owned().await.unwrap();
            let body = create(&format!("INV-{number}")).to_string();
            let call = world.signed(Operation::CreateVa, body.as_bytes(), &token);
            let reply = world.send(&call).await.unwrap();
            let data = &reply.json()["virtualAccountData"];
            data["virtualAccountNo"].as_str().unwrap().to_owned()
        });
    }
    let numbers: HashSet<String> = calls.join_all().await.into_iter().collect();
    assert_eq!(numbers.len(), CALLS);
    assert_eq!(world.sandbox().virtual_accounts().len(), CALLS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_call_sent_many_times_at_once_is_done_once() {
    let world = Arc::new(World::start().await);
    let token = world.token().await;
    let body = create("INV-1").to_string();
    let call = Arc::new(world.signed(Operation::CreateVa, body.as_bytes(), &token));
    let mut calls = JoinSet::new();
    for _ in 0..32 {
        let (world, call) = (Arc::clone(&world), Arc::clone(&call));
        calls.spawn(async move { world.send(&call).await.unwrap() });
    }
    let replies = calls.join_all().await;
    let accepted = replies.iter().filter(|reply| reply.status == 200).count();
    assert_eq!(accepted, 1);
    assert!(replies.iter().all(|reply| reply.code() == "2002700"));
    assert_eq!(world.sandbox().virtual_accounts().len(), 1);
}
