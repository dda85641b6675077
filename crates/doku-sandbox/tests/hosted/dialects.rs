//! Every form in which DOKU may write: taken as it is, or with the switch that the endpoints have for it, and refused with
//! the documented code while that switch is off.

use std::sync::{Arc, Mutex};

use doku_model::Timestamp;
use doku_sandbox::{Dialect, Resend, TellerError};
use doku_sign::AccessToken;
use doku_va_btn::hosted::{EndpointsBuilder, Event, Freshness, Refusal};
use doku_va_btn::{HostedDialect, InquiryInfo, OpenAmount, TokenSlot, TokenSlots};

use crate::merchant::Mood;
use crate::world::{Plan, World, closed, hours, minutes, rupiah};

/// The tokens that the merchant got from DOKU, which it learns while it runs.
type OwnTokens = Arc<Mutex<Vec<AccessToken>>>;

/// A form that the defaults refuse, and the switch for it.
struct Switched {
    form: &'static str,
    refused: &'static str,
    /// Where the endpoints can tell which reading would make the call genuine.
    named: Option<TokenSlot>,
    switch: fn(EndpointsBuilder, OwnTokens) -> EndpointsBuilder,
    signed: TokenSlot,
}

fn slots(builder: EndpointsBuilder, token_slots: TokenSlots) -> EndpointsBuilder {
    builder.dialect(HostedDialect {
        token_slots,
        ..HostedDialect::default()
    })
}

fn empty(builder: EndpointsBuilder, _: OwnTokens) -> EndpointsBuilder {
    let token_slots = TokenSlots {
        empty: true,
        ..TokenSlots::default()
    };
    slots(builder, token_slots)
}

fn doku_bearer(builder: EndpointsBuilder, _: OwnTokens) -> EndpointsBuilder {
    let token_slots = TokenSlots {
        doku_bearer: true,
        ..TokenSlots::default()
    };
    slots(builder, token_slots)
}

fn own_tokens(builder: EndpointsBuilder, tokens: OwnTokens) -> EndpointsBuilder {
    builder.merchant_tokens(move || tokens.lock().unwrap().clone())
}

const SWITCHED: [Switched; 4] = [
    Switched {
        form: "tokenSlot=empty",
        refused: "401NN00",
        named: Some(TokenSlot::Empty),
        switch: empty,
        signed: TokenSlot::Empty,
    },
    Switched {
        form: "tokenSlot=noBearer",
        refused: "401NN00",
        named: Some(TokenSlot::Empty),
        switch: empty,
        signed: TokenSlot::Empty,
    },
    Switched {
        form: "tokenSlot=dokuToken",
        refused: "401NN00",
        named: None,
        switch: own_tokens,
        signed: TokenSlot::MerchantToken,
    },
    Switched {
        form: "tokenSlot=dokuBearer",
        refused: "401NN01",
        named: None,
        switch: doku_bearer,
        signed: TokenSlot::Presented,
    },
];

fn speaking(form: &str) -> Plan {
    let dialect: Dialect = form.parse().unwrap();
    Plan::new().sandbox(move |config| config.dialect(dialect))
}

/// Pays a number of DOKU's record and one of the merchant's own.
async fn pay_both(world: &World) {
    assert!(world.paid("INV-1").await.acknowledged);
    // The moment of payment is told in every form, unless only what is mandatory is told.
    let when = world.books.kept()[0].payment.trx_date_time.clone();
    if let Some(when) = when {
        let paid = &world.sandbox().virtual_accounts()[0].payments[0];
        let paid_at: Timestamp = paid.paid_at.parse().unwrap();
        assert_eq!(
            when.instant().unix_timestamp(),
            paid_at.instant().unix_timestamp()
        );
    }
    let number = world.offered("OWN-1", closed(10_000)).await;
    let screen = world.sandbox().inquire(&number).await.unwrap();
    assert_eq!(screen.notes, []);
    let paid = world.pay(&number, rupiah(10_000)).await.unwrap();
    assert!(paid.notification.unwrap().acknowledged);
    for told in world.sandbox().notifications() {
        assert_eq!(
            told.attempts[0].notes,
            [],
            "the echo is in DOKU's own spelling"
        );
    }
    assert!(world.books.take_events().is_empty());
    world.assert_settled();
}

#[tokio::test]
async fn most_forms_are_taken_as_they_are() {
    for form in [
        "",
        "padding=none",
        "padding=zeros",
        "timestamp=utc",
        "timestamp=utcMilliseconds",
        "externalId=long55",
        "bearer=bearer",
        "channelId=H2H",
        "channelId=name",
        "channelId=absent",
        "members=mandatory",
        "padding=zeros,timestamp=utcMilliseconds,externalId=long55,bearer=bearer,channelId=absent,members=mandatory",
        "padding=none,timestamp=utc,externalId=long55,channelId=name,members=mandatory",
    ] {
        let world = speaking(form).start().await;
        pay_both(&world).await;
        let dated = world.books.kept()[0].payment.trx_date_time.is_some();
        assert_eq!(dated, !form.contains("mandatory"), "{form}");
        let live = world
            .books
            .kept()
            .into_iter()
            .all(|kept| kept.freshness == Freshness::LiveBearer);
        assert!(live, "{form}");
    }
}

#[tokio::test]
async fn the_places_that_are_disputed_in_an_answer_are_all_read() {
    for inquiry_info in [
        InquiryInfo::Nested,
        InquiryInfo::TopLevel,
        InquiryInfo::Both,
    ] {
        for open_amount in [OpenAmount::Zero, OpenAmount::ZeroWithDecimals] {
            let dialect = HostedDialect {
                inquiry_info,
                open_amount,
                ..HostedDialect::default()
            };
            let world = Plan::new()
                .endpoints(|builder| builder.dialect(dialect))
                .start()
                .await;
            pay_both(&world).await;
            let number = world.offered("OWN-2", doku_model::Bill::Open(None)).await;
            let paid = world.pay(&number, "0.01".parse().unwrap()).await.unwrap();
            assert_eq!(paid.notification.unwrap().trx_id.as_deref(), Some("OWN-2"));
            world.assert_settled();
        }
    }
}

#[tokio::test]
async fn a_reading_that_is_off_is_refused_and_one_that_is_on_is_taken() {
    for row in SWITCHED {
        // Off.
        let form = row.form;
        let world = speaking(form).start().await;
        let told = world.paid("INV-1").await;
        let code = |service: &str| row.refused.replace("NN", service);
        assert_eq!(told.attempts[0].response_code, Some(code("25")), "{form}");
        let number = world.offered("OWN-1", closed(10_000)).await;
        let refused = world.pay(&number, rupiah(10_000)).await.unwrap_err();
        let TellerError::Refused { response_code, .. } = refused else {
            panic!("{form}: {refused}")
        };
        assert_eq!(response_code, Some(code("24")), "{form}");
        assert_eq!((world.books.runs(), world.books.inquiries()), (0, 0));
        for event in world.books.take_events() {
            let Event::Refused(refused) = event else {
                panic!("{form}: {event:?}")
            };
            let named = match refused.refusal {
                Refusal::SlotNotEnabled(slot) => Some(slot),
                _ => None,
            };
            assert_eq!(named, row.named, "{form}");
        }

        // On. The merchant has a token of DOKU's since it created the account.
        let tokens = OwnTokens::default();
        let (switch, known) = (row.switch, Arc::clone(&tokens));
        let world = speaking(form)
            .endpoints(move |builder| switch(builder, known))
            .start()
            .await;
        let own = world.client.token().await.unwrap().access_token().clone();
        tokens.lock().unwrap().push(own);
        pay_both(&world).await;
        for kept in world.books.kept() {
            // A bearer of ours that is not signed proves nothing, however live.
            let slot = row.signed;
            assert_eq!(kept.freshness, Freshness::Timestamp { slot }, "{form}");
        }
    }
}

#[tokio::test]
async fn the_usual_reading_can_be_switched_off() {
    let only_empty = TokenSlots {
        own_bearer: false,
        doku_bearer: false,
        empty: true,
    };
    let plan = Plan::new().endpoints(move |builder| slots(builder, only_empty));
    let world = plan.start().await;
    let told = world.paid("INV-1").await;
    assert_eq!(told.attempts[0].response_code.as_deref(), Some("4012500"));
    let events = world.books.take_events();
    let [Event::Refused(refused)] = &events[..] else {
        panic!("{events:?}")
    };
    let named = Refusal::SlotNotEnabled(TokenSlot::Presented);
    assert_eq!(refused.refusal.to_string(), named.to_string());
    assert!(refused.genuine.is_some(), "a payment that somebody made");
    assert_eq!(world.books.runs(), 0);
}

#[tokio::test]
async fn a_reading_that_is_on_is_taken_after_half_a_day_too() {
    for row in SWITCHED {
        for resend in [Resend::Fresh, Resend::Identical] {
            let tokens = OwnTokens::default();
            let (switch, known) = (row.switch, Arc::clone(&tokens));
            let plan = speaking(row.form).endpoints(move |builder| switch(builder, known));
            let dialect: Dialect = row.form.parse().unwrap();
            let world = plan
                .sandbox(move |config| config.dialect(dialect).resend(resend))
                .start()
                .await;
            let own = world.client.token().await.unwrap().access_token().clone();
            tokens.lock().unwrap().push(own);
            world.books.be([Mood::Fails; 3]);
            let told = world.paid("INV-1").await;
            for step in [minutes(30), minutes(5 * 60 + 30), hours(6)] {
                assert!(!world.notification(told.id).acknowledged);
                world.advance(step).await;
            }
            let told = world.notification(told.id);
            let codes: Vec<_> = told
                .attempts
                .iter()
                .map(|attempt| attempt.response_code.as_deref())
                .collect();
            let failed = Some("5002500");
            assert_eq!(
                codes,
                [failed, failed, failed, Some("2002500")],
                "{} {resend}",
                row.form
            );
            world.assert_settled();
        }
    }
}

#[tokio::test]
async fn a_token_that_the_merchant_never_got_is_not_signed() {
    let world = speaking("tokenSlot=dokuToken").start().await;
    let number = world.offered("OWN-1", closed(10_000)).await;
    let refused = world.sandbox().inquire(&number).await.unwrap_err();
    assert_eq!(refused.kind(), "notAsked");
    assert!(
        refused.to_string().contains("tokenSlot=dokuToken"),
        "{refused}"
    );
    assert_eq!(world.books.inquiries(), 0);
    world.assert_nothing_paid();
}
