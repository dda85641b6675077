//! The merchant's token: kept until it expires, fetched anew after that, and good across a change of keys.

use doku_sandbox::{JournalEntry, Merchant};
use doku_sign::ClientSecret;
use doku_va_btn::hosted::Credentials;

use crate::world::{MERCHANT, World, closed, credentials, minutes, rupiah, secret};

fn bearers(world: &World) -> usize {
    world.calls("merchantToken").len()
}

fn last_code(world: &World, operation: &str) -> Option<String> {
    let last: Option<std::sync::Arc<JournalEntry>> = world.calls(operation).pop();
    last.and_then(|entry| entry.response_code.clone())
}

#[tokio::test]
async fn a_token_is_kept_until_it_expires() {
    let world = World::start().await;
    world.paid("INV-1").await;
    world.advance(minutes(14)).await;
    world.paid("INV-2").await;
    let number = world.offered("OWN-1", closed(10_000)).await;
    world.pay(&number, rupiah(10_000)).await.unwrap();
    assert_eq!(bearers(&world), 1, "for inquiries and notifications alike");
    world.advance(minutes(1)).await;
    world.paid("INV-3").await;
    assert_eq!(bearers(&world), 2);
    for round in 4..14 {
        world.advance(minutes(60)).await;
        world.paid(&format!("INV-{round}")).await;
    }
    assert_eq!(bearers(&world), 12);
    world.assert_settled();
}

#[tokio::test]
async fn a_crowd_at_the_counter_costs_one_token() {
    let world = World::start().await;
    let mut numbers = Vec::new();
    for order in 0..20 {
        numbers.push(world.offered(&format!("OWN-{order}"), closed(10_000)).await);
    }
    let inquiries = numbers.iter().map(|number| {
        let (sandbox, number) = (world.sandbox().clone(), number.clone());
        tokio::spawn(async move { sandbox.inquire(&number).await.unwrap() })
    });
    for inquiry in inquiries.collect::<Vec<_>>() {
        inquiry.await.unwrap();
    }
    assert_eq!((bearers(&world), world.books.inquiries()), (1, 20));
}

/// A merchant in the middle of changing its secret: another one is current.
fn new_secret() -> Credentials {
    Credentials::new(
        MERCHANT.client_id().clone(),
        ClientSecret::new("SK-THE-NEXT-ONE").unwrap(),
        MERCHANT.private_key().clone(),
        MERCHANT.doku_private_key().public_key(),
    )
}

#[tokio::test]
async fn the_secret_before_this_one_is_good() {
    let mut world = World::start().await;
    assert!(world.paid("INV-1").await.acknowledged);
    world.restart_as(new_secret()).await;
    let told = world.paid("INV-2").await;
    assert!(!told.acknowledged);
    assert_eq!(last_code(&world, "payment").as_deref(), Some("4012500"));

    world
        .restart_as(new_secret().with_previous_secret(secret()))
        .await;
    assert!(world.paid("INV-3").await.acknowledged);
    let number = world.offered("OWN-1", closed(10_000)).await;
    world.pay(&number, rupiah(10_000)).await.unwrap();
    world.advance(minutes(30)).await;
    world.assert_settled();
}

#[tokio::test]
async fn a_token_of_the_key_before_this_one_is_good() {
    let other = Merchant::make_up().unwrap();
    let new_key = || {
        Credentials::new(
            MERCHANT.client_id().clone(),
            secret(),
            other.private_key().clone(),
            MERCHANT.doku_private_key().public_key(),
        )
    };
    let mut world = World::start().await;
    assert!(world.paid("INV-1").await.acknowledged);
    let before = MERCHANT.private_key().public_key();
    world
        .restart_as(new_key().with_previous_public_key(before))
        .await;
    assert!(world.paid("INV-2").await.acknowledged);
    assert_eq!(bearers(&world), 1, "the old token is presented");

    // Without it the old token is refused, and DOKU fetches one of the new key.
    world.restart_as(new_key()).await;
    assert!(!world.paid("INV-3").await.acknowledged);
    assert_eq!(last_code(&world, "payment").as_deref(), Some("4012501"));
    world.advance(minutes(30)).await;
    assert_eq!(bearers(&world), 2);
    world.assert_settled();
}

#[tokio::test]
async fn dokus_key_before_this_one_is_good() {
    let other = Merchant::make_up().unwrap();
    let new_doku = || {
        Credentials::new(
            MERCHANT.client_id().clone(),
            secret(),
            MERCHANT.private_key().clone(),
            other.doku_private_key().public_key(),
        )
    };
    let mut world = World::start().await;
    world.restart_as(new_doku()).await;
    let told = world.paid("INV-1").await;
    assert_eq!(
        last_code(&world, "merchantToken").as_deref(),
        Some("4017300")
    );
    assert!(world.calls("payment").is_empty(), "{told:?}");

    let before = MERCHANT.doku_private_key().public_key();
    world
        .restart_as(new_doku().with_previous_doku_public_key(before))
        .await;
    world.advance(minutes(30)).await;
    world.assert_settled();
}

#[tokio::test]
async fn a_restart_forgets_neither_what_was_handled_nor_the_token_that_was_given() {
    let mut world = World::start().await;
    let told = world.paid("INV-1").await;
    world.restart_as(credentials()).await;
    let again = world.sandbox().resend(told.id).await.unwrap();
    assert_eq!(again.attempts.last().unwrap().status, 200);
    assert_eq!((world.books.runs(), bearers(&world)), (1, 1));
    world.assert_settled();
}
