//! What a bank refuses, by DOKU's record or by the merchant's word: nobody pays, nobody is told, nothing is written down.

use std::time::Duration;

use doku_model::{Bill, Limits, VirtualAccountNo};
use doku_sandbox::{Endpoints, PayError, TellerError};
use doku_va_btn::hosted::{Bounds, Event, Failure, InquiryAnswer, Payable};
use doku_va_btn::{Change, PaymentStatus};

use crate::merchant::Attitude;
use crate::world::{Plan, World, closed, hours, name, rupiah};

/// What the counter says to somebody who asks and to somebody who pays.
async fn refused(world: &World, number: &VirtualAccountNo, sum: u64) -> [TellerError; 2] {
    [
        world.sandbox().inquire(number).await.unwrap_err(),
        world.pay(number, rupiah(sum)).await.unwrap_err(),
    ]
}

/// What it says to both.
async fn refused_alike(world: &World, number: &VirtualAccountNo) -> TellerError {
    let [asked, paid] = refused(world, number, 11_500).await;
    assert_eq!(asked, paid);
    asked
}

#[tokio::test]
async fn money_that_does_not_fit_the_bill_is_not_taken() {
    let world = World::start().await;
    let limits = Limits::between("10000.00".parse().unwrap(), "50000.00".parse().unwrap()).unwrap();
    let outside = PayError::OutsideLimits {
        min: limits.min(),
        max: limits.max(),
    };
    let wrong = PayError::WrongAmount {
        expected: "11500.00".parse().unwrap(),
    };
    let shown = "20000.00".parse().unwrap();
    let variable = Bill::Variable {
        amount: shown,
        limits: Some(limits),
    };
    let rows = [
        (closed(11_500), vec!["11499.99", "11500.01", "0.01"], wrong),
        (
            Bill::Open(Some(limits)),
            vec!["9999.99", "50000.01"],
            outside.clone(),
        ),
        (variable, vec!["9999.99", "50000.01"], outside),
    ];
    for (position, (bill, sums, error)) in rows.into_iter().enumerate() {
        let record = world.created(&format!("INV-{position}"), bill).await;
        let direct = world.offered(&format!("OWN-{position}"), bill).await;
        for sum in sums {
            for number in [&record.number(), &direct] {
                let refused = world.pay(number, sum.parse().unwrap()).await;
                assert_eq!(
                    refused.unwrap_err(),
                    TellerError::Bank(error.clone()),
                    "{sum}"
                );
            }
        }
        let status = world.client.status(&record).await.unwrap().value;
        assert_eq!(status, PaymentStatus::Pending);
    }
    world.assert_nothing_paid();
}

#[tokio::test]
async fn what_may_not_be_paid_any_more_is_refused() {
    let world = World::start().await;
    let expires = world.client.expiry_in(hours(1));

    let order =
        doku_va_btn::CreateVa::doku_generated("INV-1".parse().unwrap(), name(), closed(11_500));
    let expired = world
        .client
        .create(&order.expires(expires.clone()))
        .await
        .unwrap()
        .value;
    let code = world.code().await;
    let payable = Payable::new(name(), closed(11_500), "OWN-1".parse().unwrap());
    world
        .books
        .offer(&code, payable.with_expired_date(expires), false);
    let direct = code.virtual_account_no();
    for number in [&expired.number(), direct] {
        assert!(world.sandbox().inquire(number).await.is_ok());
    }
    world.advance(hours(2)).await;
    for number in [&expired.number(), direct] {
        let refused = refused_alike(&world, number).await;
        assert_eq!(refused, TellerError::Bank(PayError::Expired));
    }
    let status = world.client.status(&expired).await.unwrap().value;
    assert_eq!(status, PaymentStatus::Expired);

    let va = world.created("INV-2", closed(11_500)).await;
    let off = Change::new().deactivate();
    let va = world.client.update(&va, &off).await.unwrap().value;
    let refused = refused_alike(&world, &va.number()).await;
    assert_eq!(refused, TellerError::Bank(PayError::Inactive));
    world.client.delete(&va).await.unwrap();
    let refused = refused_alike(&world, &va.number()).await;
    assert_eq!(refused, TellerError::Bank(PayError::NotFound));
    world.assert_nothing_paid();
}

#[tokio::test]
async fn what_was_paid_is_not_paid_twice() {
    let world = World::start().await;
    let record = world.created("INV-1", closed(11_500)).await.number();
    let direct = world.offered("OWN-1", closed(11_500)).await;
    for number in [&record, &direct] {
        world.pay(number, rupiah(11_500)).await.unwrap();
    }
    let told = world.sandbox().notifications();

    let refused = refused_alike(&world, &record).await;
    assert_eq!(refused, TellerError::Bank(PayError::AlreadyPaid));
    let refused = refused_alike(&world, &direct).await;
    assert_eq!(refused.kind(), "alreadyPaid");
    assert_eq!(code_of(&refused), Some("4042414"));
    assert_eq!(world.sandbox().notifications(), told);
    assert_eq!(world.books.runs(), 2);
    world.assert_settled();
}

#[tokio::test]
async fn a_number_that_nobody_has_is_not_found() {
    let world = World::start().await;
    world.created("INV-1", closed(11_500)).await;
    for nobodys in ["123", "9596269999999999", "812999", "8131000000000001"] {
        let refused = refused_alike(&world, &nobodys.parse().unwrap()).await;
        assert_eq!(refused, TellerError::Bank(PayError::NotFound), "{nobodys}");
    }
    assert_eq!(world.books.inquiries(), 0);

    let unoffered = world.code().await;
    let refused = refused_alike(&world, unoffered.virtual_account_no()).await;
    assert_eq!(
        (refused.kind(), code_of(&refused)),
        ("notFound", Some("4042412"))
    );
    assert_eq!(world.books.inquiries(), 2);
    world.assert_nothing_paid();
}

#[tokio::test]
async fn each_answer_of_the_merchant_is_the_counters_answer() {
    let plan = Plan::new().endpoints(|builder| {
        builder.bounds(Bounds {
            inquiry: Duration::from_millis(50),
            ..Bounds::default()
        })
    });
    let world = plan.start().await;
    let number = world.offered("OWN-1", closed(11_500)).await;
    let says = |answer| Attitude::Says(answer);
    for (attitude, kind, code) in [
        (says(InquiryAnswer::NotFound), "notFound", "4042412"),
        (says(InquiryAnswer::InvalidAmount), "wrongAmount", "4042413"),
        (says(InquiryAnswer::Paid), "alreadyPaid", "4042414"),
        (says(InquiryAnswer::Expired), "expired", "4042419"),
        (says(InquiryAnswer::Unavailable), "refused", "5002401"),
        (Attitude::Panics, "refused", "5002400"),
        (Attitude::Hangs, "refused", "5042400"),
    ] {
        let label = format!("{attitude:?}");
        world.books.answer_with(Some(attitude));
        let refused = refused_alike(&world, &number).await;
        assert_eq!(
            (refused.kind(), code_of(&refused)),
            (kind, Some(code)),
            "{label}"
        );
        assert_eq!(status_of(&refused), code[..3].parse().ok(), "{label}");
        let entry = world.calls("inquiry").pop().unwrap();
        assert_eq!(entry.notes, [], "a refusal has two members");
        let failures = world.books.take_events();
        let expected = if code.starts_with("50") && code != "5002401" {
            2
        } else {
            0
        };
        assert_eq!(failures.len(), expected, "{label}: {failures:?}");
        for failure in failures {
            let Event::NotAnswered { failure, .. } = failure else {
                panic!("{failure:?}")
            };
            match code {
                "5042400" => assert!(matches!(failure, Failure::TimedOut)),
                _ => assert!(matches!(failure, Failure::Panicked)),
            }
        }
    }
    world.assert_nothing_paid();

    // None of this is remembered.
    world.books.answer_with(None);
    world.pay(&number, rupiah(11_500)).await.unwrap();
    world.assert_settled();
}

#[tokio::test]
async fn a_merchant_that_hosts_no_inquiry_is_not_found() {
    let plan = Plan::new()
        .endpoints(|_| doku_va_btn::hosted::Endpoints::builder(crate::world::credentials()));
    let world = plan.start().await;
    let number = world.offered("OWN-1", closed(11_500)).await;
    let refused = refused_alike(&world, &number).await;
    assert_eq!(
        (refused.kind(), code_of(&refused)),
        ("refused", Some("4042402"))
    );
    world.assert_nothing_paid();
}

#[tokio::test]
async fn a_merchant_that_doku_has_no_url_of_is_not_asked() {
    let plan = Plan::new().sandbox(|config| config.endpoints(Endpoints::new()));
    let world = plan.start().await;
    let number = world.offered("OWN-1", closed(11_500)).await;
    let refused = refused_alike(&world, &number).await;
    assert_eq!(refused.kind(), "notAsked");
    assert_eq!(world.books.inquiries(), 0);
    world.assert_nothing_paid();
}

#[tokio::test]
async fn a_merchant_that_is_not_there_gives_no_answer() {
    let mut world = Plan::new().closed().start().await;
    let number = world.offered("OWN-1", closed(11_500)).await;
    let refused = refused_alike(&world, &number).await;
    assert_eq!(refused.kind(), "noAnswer");
    assert!(
        refused
            .to_string()
            .starts_with("merchantToken was not answered"),
        "{refused}"
    );

    world.open();
    assert!(world.sandbox().inquire(&number).await.is_ok());
    world.server.close().await;
    let refused = refused_alike(&world, &number).await;
    assert_eq!(refused.kind(), "noAnswer");
    assert!(
        refused.to_string().starts_with("inquiry was not answered"),
        "{refused}"
    );
    world.assert_nothing_paid();

    world.open();
    world.pay(&number, rupiah(11_500)).await.unwrap();
    world.assert_settled();
}

#[tokio::test]
async fn doku_does_not_wait_for_ever() {
    let plan = Plan::new().sandbox(|config| config.merchant_timeout(Duration::from_secs(1)));
    let world = plan.start().await;
    let number = world.offered("OWN-1", closed(11_500)).await;
    world.books.answer_with(Some(Attitude::Hangs));
    let refused = world.pay(&number, rupiah(11_500)).await.unwrap_err();
    assert_eq!(refused.kind(), "noAnswer");
    assert_eq!(world.books.inquiries(), 1);
    world.assert_nothing_paid();
}

fn code_of(error: &TellerError) -> Option<&str> {
    match error {
        TellerError::Refused { response_code, .. } => response_code.as_deref(),
        _ => None,
    }
}

fn status_of(error: &TellerError) -> Option<u16> {
    match error {
        TellerError::Refused { status, .. } => Some(*status),
        _ => None,
    }
}
