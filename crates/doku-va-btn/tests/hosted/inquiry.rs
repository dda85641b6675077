//! Direct inquiry: what the merchant says of its own numbers, and what DOKU is told.

use doku_model::{Amount, Bill, FreeText, Limits, Operation};
use doku_va_btn::hosted::{Endpoints, Event, Failure, InquiryAnswer, Payable};
use doku_va_btn::{HostedDialect, InquiryInfo, OpenAmount};

use crate::support::{Behaviour, INQUIRY, PAYMENT, Reply, World, credentials};

fn payable(bill: Bill) -> Payable {
    Payable::new(
        "Customer Name".parse().unwrap(),
        bill,
        "INV_20240913001".parse().unwrap(),
    )
}

fn open() -> Bill {
    let limits = Limits::between(
        Amount::rupiah(10_000).unwrap(),
        Amount::rupiah(100_000).unwrap(),
    );
    Bill::Open(Some(limits.unwrap()))
}

async fn answered(answer: impl Into<InquiryAnswer>, dialect: HostedDialect) -> Reply {
    let world = World::with(|builder| builder.dialect(dialect));
    *world.merchant.answer.lock().unwrap() = answer.into();
    let reply = world.ask(&world.inquiry(INQUIRY).await).await;
    assert!(world.merchant.take_events().is_empty());
    reply
}

#[tokio::test]
async fn a_bill_with_everything() {
    let payable = payable(Bill::Variable {
        amount: "25000.00".parse().unwrap(),
        limits: open().limits(),
    })
    .with_email("customer@email.com".parse().unwrap())
    .with_phone("6281293912081".parse().unwrap())
    .with_reusable(true)
    .with_expired_date("2026-12-31T23:59:59+07:00".parse().unwrap())
    .with_free_text(FreeText::new("Free text", "Tulisan Bebas").unwrap());
    let reply = answered(payable, HostedDialect::default()).await;
    insta::assert_snapshot!(reply.shown());
}

#[tokio::test]
async fn a_closed_bill_with_the_least() {
    let payable = payable(Bill::Closed("25000.00".parse().unwrap()));
    let reply = answered(payable, HostedDialect::default()).await;
    insta::assert_snapshot!(reply.shown());
}

#[tokio::test]
async fn an_open_bill_is_written_as_documented_or_with_decimals() {
    for (open_amount, expected) in [
        (OpenAmount::Zero, "0"),
        (OpenAmount::ZeroWithDecimals, "0.00"),
    ] {
        let dialect = HostedDialect {
            open_amount,
            ..HostedDialect::default()
        };
        let reply = answered(payable(open()), dialect).await.json();
        let data = &reply["virtualAccountData"];
        assert_eq!(data["totalAmount"]["value"], expected);
        assert_eq!(data["virtualAccountTrxType"], "O");
        let config = &data["additionalInfo"]["virtualAccountConfig"];
        assert_eq!(config["minAmount"], "10000.00");
        assert_eq!(config["maxAmount"], "100000.00");
    }
}

#[tokio::test]
async fn additional_info_stands_where_the_dialect_says() {
    for (inquiry_info, nested, top_level) in [
        (InquiryInfo::Nested, true, false),
        (InquiryInfo::TopLevel, false, true),
        (InquiryInfo::Both, true, true),
    ] {
        let dialect = HostedDialect {
            inquiry_info,
            ..HostedDialect::default()
        };
        let reply = answered(payable(open()), dialect).await.json();
        let places = [
            (&reply["virtualAccountData"]["additionalInfo"], nested),
            (&reply["additionalInfo"], top_level),
        ];
        for (info, there) in places {
            assert_eq!(info["trxId"] == "INV_20240913001", there);
            assert_eq!(info["channel"] == "VIRTUAL_ACCOUNT_BTN", there);
        }
    }
}

#[tokio::test]
async fn what_was_asked_is_echoed_letter_by_letter() {
    let world = World::new();
    for (id, number) in [
        ("   77062", "   770622007"),
        ("77062", "770622007"),
        ("00077062", "000770622007"),
    ] {
        let body = INQUIRY
            .replace("   770622007", number)
            .replace("\"   77062\"", &format!("\"{id}\""));
        let reply = world.ask(&world.inquiry(&body).await).await.json();
        let data = &reply["virtualAccountData"];
        assert_eq!(data["partnerServiceId"], id);
        assert_eq!(data["virtualAccountNo"], number);
        assert_eq!(data["customerNo"], "2007");
        assert_eq!(
            data["inquiryRequestId"],
            "DIPCVA003T240913101610069TxXxsQnHAYA"
        );
    }
}

#[tokio::test]
async fn every_other_answer_is_a_code_and_a_message() {
    let mut shown = String::new();
    for answer in [
        InquiryAnswer::NotFound,
        InquiryAnswer::Paid,
        InquiryAnswer::Expired,
        InquiryAnswer::InvalidAmount,
        InquiryAnswer::Unavailable,
    ] {
        let name = format!("{answer:?}");
        let reply = answered(answer, HostedDialect::default()).await;
        reply.is_two_members(&reply.code());
        shown += &format!("{name}: HTTP {} {}\n", reply.status, reply.body);
    }
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn the_handler_sees_the_number_in_any_padding() {
    let world = World::new();
    for number in ["   770622007", "770622007", "000770622007"] {
        let body = INQUIRY.replace("   770622007", number);
        world.ask(&world.inquiry(&body).await).await;
        let asked = world.merchant.asked.lock().unwrap();
        let inquiry = asked.last().unwrap();
        assert_eq!(inquiry.virtual_account_no, "770622007".parse().unwrap());
        assert_eq!(inquiry.call().operation(), Operation::Inquiry);
        assert_eq!(inquiry.call().body(), &body);
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_breaks_is_a_5xx() {
    for (behaviour, code) in [(Behaviour::Panic, "5002400"), (Behaviour::Hang, "5042400")] {
        let world = World::new();
        world.merchant.behave([behaviour]);
        let call = world.inquiry(INQUIRY).await;
        world.ask(&call).await.is_two_members(code);
        let events = world.merchant.take_events();
        let [Event::NotAnswered { failure, .. }] = events.as_slice() else {
            panic!("{events:?}");
        };
        assert!(matches!(failure, Failure::Panicked | Failure::TimedOut));
        // And the next one is answered.
        assert_eq!(world.ask(&call).await.code(), "2002400");
    }
}

#[tokio::test]
async fn without_a_handler_there_is_no_such_endpoint() {
    let world = World::new();
    let endpoints = Endpoints::builder(credentials())
        .clock(world.clock.clone())
        .build();
    assert!(endpoints.hosts(Operation::Token));
    assert!(!endpoints.hosts(Operation::Inquiry));
    assert!(!endpoints.hosts(Operation::Payment));
    let call = world.inquiry(INQUIRY).await;
    let reply = Reply::of(endpoints.inquiry(call.request()).await);
    reply.is_two_members("4042402");
    let call = world.payment(PAYMENT).await;
    let reply = Reply::of(endpoints.payment(call.request()).await);
    reply.is_two_members("4042502");
}
