//! Every mode and every bill, from the number to the acknowledgement.

use doku_model::{
    Amount, Bill, Channel, FreeText, Limits, PositiveAmount, Timestamp, VirtualAccountEmail,
    VirtualAccountPhone,
};
use doku_sandbox::{AtmScreen, Payment, ScreenSource};
use doku_va_btn::hosted::{Freshness, Payable};
use doku_va_btn::{CreateVa, Mode, PaymentStatus, UnknownStatus, VirtualAccount};

use crate::world::{MGPC, Plan, World, closed, hours, name, rupiah};

const MODES: [Mode; 3] = [
    Mode::DokuGenerated,
    Mode::MerchantGenerated,
    Mode::DirectInquiry,
];

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

/// Every shape that a bill can have, with two amounts that settle it.
fn bills() -> Vec<(&'static str, Bill, [PositiveAmount; 2])> {
    let (least, most) = (amount("10000.50"), amount("5000000.00"));
    let both = Limits::between(least, most).unwrap();
    let at_least = Limits::at_least(least);
    let at_most = Limits::at_most("5000000.00".parse().unwrap());
    let pay = |first: &str, second: &str| [first.parse().unwrap(), second.parse().unwrap()];
    let within = pay("10000.50", "5000000.00");
    let shown = amount("25000.00");
    let variable = |amount, limits| Bill::Variable { amount, limits };
    let exactly = |text: &str| Bill::Closed(text.parse().unwrap());
    vec![
        ("C", exactly("11500.00"), pay("11500.00", "11500.00")),
        ("C-sen", exactly("11500.01"), pay("11500.01", "11500.01")),
        ("O", Bill::Open(None), pay("0.01", "12345.67")),
        ("O-both", Bill::Open(Some(both)), within),
        (
            "O-least",
            Bill::Open(Some(at_least)),
            pay("10000.50", "9000000.00"),
        ),
        (
            "O-most",
            Bill::Open(Some(at_most)),
            pay("0.01", "5000000.00"),
        ),
        ("V", variable(shown, None), pay("25000.00", "1.00")),
        ("V-both", variable(shown, Some(both)), within),
        (
            "V-least",
            variable(shown, Some(at_least)),
            pay("10000.50", "25000.00"),
        ),
        (
            "V-most",
            variable(shown, Some(at_most)),
            pay("24999.99", "5000000.00"),
        ),
        ("V-zero", variable(Amount::ZERO, Some(both)), within),
    ]
}

/// What is said of the payer, everywhere where something may be said.
struct Payer {
    email: VirtualAccountEmail,
    phone: VirtualAccountPhone,
    line: FreeText,
    expires: Timestamp,
}

impl Payer {
    fn of(world: &World) -> Self {
        Self {
            email: "siti.rahma@mail.example.id".parse().unwrap(),
            phone: "6281293912081".parse().unwrap(),
            line: FreeText::new("Thank you, \"Siti\"", "Terima kasih, <Siti> & café").unwrap(),
            expires: world.client.expiry_in(hours(24)),
        }
    }
}

/// An account in `mode`, known to DOKU or offered by the merchant.
async fn account(
    world: &World,
    mode: Mode,
    label: &str,
    bill: Bill,
    reusable: bool,
) -> VirtualAccount {
    let payer = Payer::of(world);
    let trx_id = label.parse().unwrap();
    let order = match mode {
        Mode::DokuGenerated => CreateVa::doku_generated(trx_id, name(), bill),
        Mode::MerchantGenerated => {
            let serial = world.sandbox().virtual_accounts().len();
            let customer_no = format!("7{serial:07}").parse().unwrap();
            CreateVa::merchant_generated(customer_no, trx_id, name(), bill)
                .under(MGPC.parse().unwrap())
        }
        Mode::DirectInquiry => {
            let code = world.code().await;
            let payable = Payable::new(name(), bill, trx_id.clone())
                .with_email(payer.email)
                .with_phone(payer.phone)
                .with_free_text(payer.line)
                .with_expired_date(payer.expires);
            world.books.offer(&code, payable, reusable);
            return VirtualAccount::direct_inquiry(
                code.partner_service_id().clone(),
                code.customer_no().clone(),
                trx_id,
                name(),
                bill,
            );
        }
    };
    let order = order
        .email(payer.email)
        .phone(payer.phone)
        .free_text(payer.line)
        .expires(payer.expires);
    let order = if reusable { order.reusable() } else { order };
    world.client.create(&order).await.unwrap().value
}

fn assert_shows(world: &World, screen: &AtmScreen, va: &VirtualAccount, reusable: bool) {
    let payer = Payer::of(world);
    let [line] = &screen.free_text[..] else {
        panic!("{screen:?}")
    };
    assert_eq!(line.english, payer.line.english());
    assert_eq!(line.indonesia, payer.line.indonesia());
    assert!(screen.expired_date.is_some());
    let written = |amount: Option<Amount>| amount.map(|amount| amount.to_string());
    let limits = va.bill().limits();
    assert_eq!(screen.virtual_account_no, va.number_as_typed());
    assert_eq!(screen.virtual_account_name, va.name().as_str());
    assert_eq!(screen.trx_id.as_deref(), Some(va.trx_id().as_str()));
    assert_eq!(
        screen.virtual_account_trx_type,
        va.bill().trx_type().as_str()
    );
    assert_eq!(screen.amount, written(va.bill().amount()));
    assert_eq!(
        screen.min_amount,
        written(limits.and_then(|limits| limits.min()))
    );
    assert_eq!(
        screen.max_amount,
        written(limits.and_then(|limits| limits.max()))
    );
    assert_eq!(screen.reusable, reusable);
    let source = match va.mode() {
        Mode::DirectInquiry => ScreenSource::Merchant,
        _ => ScreenSource::Record,
    };
    assert_eq!(screen.source, source);
    assert_eq!(screen.notes, []);
}

/// The handler got what the bank knows of the payment, and of what it was for.
fn assert_told(world: &World, va: &VirtualAccount, payment: &Payment) {
    let kept = world.books.kept().pop().unwrap();
    let told = &kept.payment;
    assert_eq!(told.payment_request_id.as_str(), payment.payment_request_id);
    assert_eq!(told.paid_amount, payment.amount);
    assert_eq!(told.virtual_account_no, va.number());
    assert_eq!(
        told.partner_service_id.as_ref(),
        Some(va.partner_service_id())
    );
    assert_eq!(told.customer_no.as_ref(), Some(va.customer_no()));
    assert_eq!(told.trx_id.as_ref(), Some(va.trx_id()));
    assert_eq!(told.name.as_ref(), Some(va.name()));
    assert_eq!(told.trx_type, Some(va.bill().trx_type()));
    assert_eq!(told.channel, Some(Channel::btn()));
    let payer = Payer::of(world);
    assert_eq!(told.email, Some(payer.email));
    assert_eq!(told.phone, Some(payer.phone));
    let when = told.trx_date_time.as_ref().unwrap().instant();
    assert_eq!(when, payment.paid_at.replace_nanosecond(0).unwrap());
}

#[tokio::test]
async fn every_bill_in_every_mode_is_shown_paid_told_and_found() {
    // A strict DOKU takes no answer in which anything is missing or odd.
    let world = Plan::new()
        .sandbox(|config| config.strict(true))
        .start()
        .await;
    let mut payments = 0;
    for mode in MODES {
        for (bill_name, bill, amounts) in bills() {
            for reusable in [false, true] {
                let label = format!("{mode:?}-{bill_name}-{reusable}");
                let va = account(&world, mode, &label, bill, reusable).await;
                let unpaid = world.client.status(&va).await.unwrap().value;
                let expected = match mode {
                    Mode::DirectInquiry => PaymentStatus::Unknown(UnknownStatus::NotFound),
                    _ => PaymentStatus::Pending,
                };
                assert_eq!(unpaid, expected, "{label}");

                let times = if reusable { 2 } else { 1 };
                for amount in amounts.into_iter().take(times) {
                    let screen = world.sandbox().inquire(&va.number()).await.unwrap();
                    assert_shows(&world, &screen, &va, reusable);
                    let paid = world.pay(&va.number(), amount).await.unwrap();
                    let told = paid.notification.unwrap();
                    assert!(told.acknowledged, "{label}: {told:?}");
                    assert_eq!(told.next_attempt, None);
                    assert_eq!(told.attempts.len(), 1);
                    assert_eq!(told.attempts[0].notes, [], "{label}");
                    assert_told(&world, &va, &paid.payment);
                    payments += 1;
                    let status = world.client.status(&va).await.unwrap().value;
                    let expected = PaymentStatus::Paid {
                        amount: Some(amount.amount()),
                        payment_request_id: Some(paid.payment.payment_request_id.parse().unwrap()),
                    };
                    assert_eq!(status, expected, "{label}");
                }
            }
        }
    }
    assert_eq!(world.books.runs(), payments);
    assert_eq!(payments, 3 * 3 * bills().len());
    world.assert_settled();
    let live = |freshness| freshness == Freshness::LiveBearer;
    assert!(world.books.kept().iter().all(|kept| live(kept.freshness)));
    assert!(world.books.take_events().is_empty());
}

#[tokio::test]
async fn a_number_that_is_paid_twice_is_two_payments_with_two_keys() {
    let world = World::start().await;
    for mode in MODES {
        // The same money twice, so that nothing but the payment's id tells them apart.
        let va = account(&world, mode, &format!("{mode:?}"), Bill::Open(None), true).await;
        for _ in 0..2 {
            let paid = world.pay(&va.number(), rupiah(50_000)).await.unwrap();
            assert!(paid.notification.unwrap().acknowledged);
        }
    }
    world.assert_settled();
    let kept = world.books.kept();
    for pair in kept.chunks(2) {
        assert_eq!(pair[0].key.number(), pair[1].key.number());
        assert_eq!(pair[0].key.trx_id(), pair[1].key.trx_id());
        assert_ne!(pair[0].key, pair[1].key);
        assert_eq!(pair[1].other_amounts, []);
    }
    assert_eq!(kept.len(), 6);
}

#[tokio::test]
async fn what_is_paid_after_a_reset_is_another_payment() {
    let world = World::start().await;
    for _ in 0..3 {
        // The same order under the same number, within the same second as a rule.
        let va = world.created("INV-1", closed(11_500)).await;
        let paid = world.pay(&va.number(), rupiah(11_500)).await.unwrap();
        assert!(paid.notification.unwrap().acknowledged);
        world.advance(hours(12)).await;
        world.sandbox().reset();
    }
    assert_eq!(world.books.runs(), 3);
    world.assert_books_agree();
}
