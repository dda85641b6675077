//! Every operation, mode and bill type, as a merchant goes through them.

use std::time::Duration;

use doku_model::{Amount, Bill, FreeText, Limits, PositiveAmount, Timestamp};
use doku_sandbox::{PayError, StatusNumbers as Answered};
use doku_va_btn::{
    BuildError, Change, Dialect, Error, Mode, OpenAmount, PaymentStatus, StatusNumbers,
    UnknownStatus, VirtualAccount,
};

use crate::shop::{Shop, closed, dgpc, mgpc};

fn rupiah(rupiah: u64) -> PositiveAmount {
    PositiveAmount::rupiah(rupiah).unwrap()
}

/// Every shape a bill can have.
fn bills() -> Vec<(&'static str, Bill)> {
    let limits =
        Limits::between("10000.00".parse().unwrap(), "5000000.00".parse().unwrap()).unwrap();
    let least = Limits::at_least("10000.00".parse().unwrap());
    let most = Limits::at_most(rupiah(5_000_000));
    let amount: Amount = "25000.00".parse().unwrap();
    vec![
        ("closed", closed(11_500)),
        ("closed-with-sen", Bill::Closed("11500.50".parse().unwrap())),
        ("open", Bill::Open(None)),
        ("open-limits", Bill::Open(Some(limits))),
        ("open-least", Bill::Open(Some(least))),
        ("open-most", Bill::Open(Some(most))),
        (
            "variable",
            Bill::Variable {
                amount,
                limits: None,
            },
        ),
        (
            "variable-limits",
            Bill::Variable {
                amount,
                limits: Some(limits),
            },
        ),
        (
            "variable-zero",
            Bill::Variable {
                amount: Amount::ZERO,
                limits: Some(limits),
            },
        ),
    ]
}

#[tokio::test]
async fn every_bill_in_both_modes_is_created_asked_about_and_paid() {
    let shop = Shop::open().await;
    for (position, (name, bill)) in bills().into_iter().enumerate() {
        let orders = [
            dgpc(&format!("D-{name}"), bill),
            mgpc(&format!("70000{position}"), &format!("M-{name}"), bill),
        ];
        for order in orders {
            let created = shop.client.create(&order).await.unwrap();
            assert_eq!(created.answer.response_code().unwrap().as_str(), "2002700");
            assert_eq!(created.answer.attempts(), 1);
            let va = created.value;
            let known = shop.numbers_of(va.trx_id());
            assert_eq!(known, [va.number().as_str()], "{name}");
            assert_eq!(va.bill(), &bill);

            let asked = shop.client.status(&va).await.unwrap();
            assert_eq!(
                asked.value,
                PaymentStatus::Pending,
                "{name} {:?}",
                va.mode()
            );

            let amount = match bill {
                Bill::Closed(amount) => amount,
                _ => rupiah(12_345),
            };
            let payment = shop.sandbox().pay(&va.number(), amount).unwrap();
            let paid = shop.client.status(&va).await.unwrap().value;
            let PaymentStatus::Paid { amount: said, .. } = paid else {
                panic!("{name}: {paid:?}")
            };
            assert_eq!(said, Some(amount.amount()), "{name}: {payment:?}");
        }
    }
}

#[tokio::test]
async fn doku_makes_the_number_of_dgpc_and_the_merchant_that_of_mgpc() {
    let shop = Shop::open().await;
    let generated = shop
        .client
        .create(&dgpc("INV-1", closed(11_500)))
        .await
        .unwrap()
        .value;
    assert_eq!(generated.mode(), Mode::DokuGenerated);
    assert_eq!(generated.sent_customer_no().as_str(), "6");
    assert!(generated.customer_no().as_str().starts_with('6'));
    assert!(generated.customer_no().as_str().len() > 1);
    assert!(generated.number().as_str().starts_with("   95962"));
    assert_eq!(
        generated.number_grouped().replace(' ', ""),
        generated.number_as_typed()
    );
    assert_eq!(generated.amount_as_rupiah().unwrap(), "Rp11.500");

    let registered = shop
        .client
        .create(&mgpc("08123456789", "INV-2", closed(11_500)))
        .await
        .unwrap()
        .value;
    assert_eq!(registered.mode(), Mode::MerchantGenerated);
    assert_eq!(registered.number().as_str(), "    812908123456789");
}

#[tokio::test]
async fn everything_that_was_said_of_the_payer_arrives() {
    let shop = Shop::open().await;
    let order = dgpc("INV-1", closed(11_500))
        .email("budi@mail.example.id".parse().unwrap())
        .phone("6281293912081".parse().unwrap())
        .expires("2099-12-31T23:59:59+07:00".parse().unwrap())
        .reusable()
        .free_text(
            FreeText::new(
                "Thank you, \"Budi\" \\ £5 / café",
                "Terima kasih, 'Budi' <&>=",
            )
            .unwrap(),
        );
    shop.client.create(&order).await.unwrap();
    let known = &shop.sandbox().virtual_accounts()[0];
    assert_eq!(known.virtual_account_name, "Budi Santoso");
    assert_eq!(
        known.expired_date.as_deref(),
        Some("2099-12-31T23:59:59+07:00")
    );
    assert!(known.reusable);
    let sent = shop.sandbox().journal(0);
    let create = sent
        .iter()
        .find(|entry| entry.operation == Some("createVa"))
        .unwrap();
    assert!(
        create
            .body
            .contains(r#""virtualAccountEmail":"budi@mail.example.id""#)
    );
    assert!(
        create
            .body
            .contains(r#""indonesia":"Terima kasih, 'Budi' <&>=""#)
    );
    assert!(
        create.notes.is_empty(),
        "nothing about our requests is unusual: {:?}",
        create.notes
    );
}

#[tokio::test]
async fn an_open_amount_is_understood_in_both_spellings() {
    for (open_amount, spelling) in [
        (OpenAmount::Zero, r#""value":"0""#),
        (OpenAmount::ZeroWithDecimals, r#""value":"0.00""#),
    ] {
        let dialect = Dialect {
            open_amount,
            ..Dialect::default()
        };
        let shop = Shop::open_with(|it| it, |config| config.with_dialect(dialect)).await;
        shop.client
            .create(&dgpc("INV-1", Bill::Open(None)))
            .await
            .unwrap();
        let journal = shop.sandbox().journal(0);
        assert!(journal.iter().any(|entry| entry.body.contains(spelling)));
    }
}

#[tokio::test]
async fn an_update_changes_what_it_mentions_and_nothing_else() {
    let shop = Shop::open().await;
    let order = dgpc("INV-1", closed(11_500)).expires("2099-01-01T00:00:00+07:00".parse().unwrap());
    let va = shop.client.create(&order).await.unwrap().value;

    let dearer = Change::new().bill(closed(12_000));
    let updated = shop.client.update(&va, &dearer).await.unwrap();
    assert_eq!(updated.answer.response_code().unwrap().as_str(), "2002800");
    assert_eq!(updated.value.number(), va.number());
    assert_eq!(updated.value.bill(), &closed(12_000));
    let known = &shop.sandbox().virtual_accounts()[0];
    assert_eq!(known.amount.as_deref(), Some("12000.00"));
    assert_eq!(
        known.expired_date.as_deref(),
        Some("2099-01-01T00:00:00+07:00")
    );

    let later: Timestamp = "2099-06-01T00:00:00+07:00".parse().unwrap();
    let change = Change::new()
        .expires(later.clone())
        .name("Siti".parse().unwrap())
        .deactivate();
    let va = shop
        .client
        .update(&updated.value, &change)
        .await
        .unwrap()
        .value;
    assert_eq!(va.expired_date(), Some(&later));
    assert_eq!(
        shop.sandbox()
            .pay(&va.number(), rupiah(12_000))
            .unwrap_err(),
        PayError::Inactive
    );

    let va = shop
        .client
        .update(&va, &Change::new().activate())
        .await
        .unwrap()
        .value;
    assert!(shop.sandbox().pay(&va.number(), rupiah(12_000)).is_ok());
    assert!(shop.client.status(&va).await.unwrap().value.is_paid());
}

#[tokio::test]
async fn an_update_can_move_limits_of_an_open_bill() {
    let shop = Shop::open().await;
    let va = shop
        .client
        .create(&dgpc("INV-1", Bill::Open(None)))
        .await
        .unwrap()
        .value;
    let limits = Limits::at_most(rupiah(50_000));
    let va = shop
        .client
        .update(&va, &Change::new().bill(Bill::Open(Some(limits))))
        .await
        .unwrap()
        .value;
    let refused = shop
        .sandbox()
        .pay(&va.number(), rupiah(50_001))
        .unwrap_err();
    assert_eq!(refused.kind(), "outsideLimits");
}

#[tokio::test]
async fn a_deleted_account_cannot_be_paid() {
    let shop = Shop::open().await;
    let va = shop
        .client
        .create(&dgpc("INV-1", closed(11_500)))
        .await
        .unwrap()
        .value;
    let deleted = shop.client.delete(&va).await.unwrap();
    assert_eq!(deleted.answer.response_code().unwrap().as_str(), "2003100");
    assert_eq!(
        shop.sandbox()
            .pay(&va.number(), rupiah(11_500))
            .unwrap_err(),
        PayError::NotFound
    );
    let status = shop.client.status(&va).await.unwrap().value;
    assert_eq!(status, PaymentStatus::Unknown(UnknownStatus::NotFound));
}

#[tokio::test]
async fn an_account_that_ran_out_is_expired() {
    for order in [
        dgpc("INV-1", closed(11_500)),
        mgpc("77", "INV-2", closed(11_500)),
    ] {
        let shop = Shop::open().await;
        let soon = Timestamp::wib(shop.sandbox().now().instant() + time::Duration::hours(1));
        let order = order.expires(soon);
        let va = shop.client.create(&order).await.unwrap().value;
        shop.sandbox().advance(Duration::from_secs(3_601));
        assert_eq!(
            shop.client.status(&va).await.unwrap().value,
            PaymentStatus::Expired
        );
        assert_eq!(
            shop.sandbox()
                .pay(&va.number(), rupiah(11_500))
                .unwrap_err(),
            PayError::Expired
        );
    }
}

#[tokio::test]
async fn of_two_dgpc_accounts_of_one_prefix_the_unpaid_one_never_reads_paid() {
    for answered in [Answered::Short, Answered::Full, Answered::Both] {
        for first in [StatusNumbers::AsSent, StatusNumbers::AsReturned] {
            let dialect = Dialect {
                status_numbers: first,
                ..Dialect::default()
            };
            let shop = Shop::open_with(
                |sandbox| sandbox.status_numbers(answered),
                |config| config.with_dialect(dialect),
            )
            .await;
            let older = shop
                .client
                .create(&dgpc("INV-1", closed(11_500)))
                .await
                .unwrap()
                .value;
            let newer = shop
                .client
                .create(&dgpc("INV-2", closed(11_500)))
                .await
                .unwrap()
                .value;
            assert_ne!(older.number(), newer.number());
            for (paid, other) in [(&newer, &older), (&older, &newer)] {
                shop.sandbox().pay(&paid.number(), rupiah(11_500)).unwrap();
                let said = shop.client.status(paid).await.unwrap().value;
                // Where the sandbox only answers for the short number, it speaks of the newest account alone.
                assert!(said.is_paid() || (answered == Answered::Short && paid == &older));
                if paid == &newer {
                    let said = shop.client.status(other).await.unwrap().value;
                    assert!(!said.is_paid(), "{answered:?} {first:?}: {said:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_stored_account_serves_every_later_call() {
    let shop = Shop::open().await;
    let va = shop
        .client
        .create(&dgpc("INV-1", closed(11_500)))
        .await
        .unwrap()
        .value;
    let stored = serde_json::to_string(&va).unwrap();
    let va: VirtualAccount = serde_json::from_str(&stored).unwrap();
    assert_eq!(
        shop.client.status(&va).await.unwrap().value,
        PaymentStatus::Pending
    );
    let va = shop
        .client
        .update(&va, &Change::new().bill(closed(1)))
        .await
        .unwrap()
        .value;
    assert!(
        !shop
            .client
            .how_to_pay(&va)
            .await
            .unwrap()
            .instructions
            .is_empty()
    );
    shop.client.delete(&va).await.unwrap();
}

#[tokio::test]
async fn how_to_pay_tells_the_steps_in_both_languages() {
    let shop = Shop::open().await;
    let va = shop
        .client
        .create(&dgpc("INV-1", closed(11_500)))
        .await
        .unwrap()
        .value;
    assert!(
        va.how_to_pay_page()
            .unwrap()
            .starts_with(shop.running.base_url())
    );
    let how = shop.client.how_to_pay(&va).await.unwrap();
    for language in ["ID", "EN"] {
        let mut of_language = how.instructions.iter().filter(|it| it.language == language);
        assert!(
            of_language.any(|it| it.channel == "ATM" && !it.steps.is_empty()),
            "{language}"
        );
    }
}

#[tokio::test]
async fn a_direct_inquiry_number_can_be_asked_about_and_is_never_sent_for_change() {
    let shop = Shop::open().await;
    let va = VirtualAccount::direct_inquiry(
        "95962".parse().unwrap(),
        "60000000007".parse().unwrap(),
        "TOPUP-7".parse().unwrap(),
        "Budi Santoso".parse().unwrap(),
        Bill::Open(None),
    );
    let status = shop.client.status(&va).await.unwrap().value;
    assert_eq!(status, PaymentStatus::Unknown(UnknownStatus::NotFound));
    let before = shop.sandbox().journal(0).len();
    let update = shop
        .client
        .update(&va, &Change::new().deactivate())
        .await
        .unwrap_err();
    let delete = shop.client.delete(&va).await.unwrap_err();
    for error in [update, delete] {
        assert!(
            matches!(error, Error::Build(BuildError::DirectInquiry { .. })),
            "{error}"
        );
    }
    assert_eq!(shop.sandbox().journal(0).len(), before);
}

#[tokio::test]
async fn a_token_serves_until_it_is_about_to_expire_and_is_renewed_after_a_401() {
    let shop = Shop::open().await;
    let tokens = || {
        let journal = shop.sandbox().journal(0);
        journal
            .iter()
            .filter(|entry| entry.operation == Some("token"))
            .count()
    };
    for position in 0..5 {
        shop.client
            .create(&dgpc(&format!("INV-{position}"), closed(1_000)))
            .await
            .unwrap();
    }
    assert_eq!(tokens(), 1);
    // DOKU's clock moves on, the client's timer does not: the token expires under the client's hands.
    shop.sandbox().advance(Duration::from_secs(901));
    let created = shop
        .client
        .create(&dgpc("INV-5", closed(1_000)))
        .await
        .unwrap();
    assert_eq!(
        created.answer.attempts(),
        2,
        "refused once, sent again with a new token"
    );
    assert_eq!(tokens(), 2);
    let life = shop.client.token().await.unwrap().life_left();
    assert!(
        life > Duration::from_secs(800) && life <= Duration::from_secs(900),
        "{life:?}"
    );
}
