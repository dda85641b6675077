//! Every fault that DOKU can be ordered to have, on each of its calls: what becomes of the payment at once, whom it reaches,
//! and that nothing is left unacknowledged afterwards.

use doku_model::Operation;
use doku_sandbox::{Fault, FaultError, FaultKind, Notification, TellerError, Trigger};
use doku_va_btn::hosted::{Event, Freshness};

use crate::merchant::Mood;
use crate::world::{World, closed, hours, minutes, rupiah};

/// Every kind, in the form that the tests order it in.
const KINDS: [FaultKind; 17] = [
    FaultKind::DropBefore,
    FaultKind::DropAfter,
    FaultKind::Delay { milliseconds: 5 },
    FaultKind::Hang,
    FaultKind::Status {
        status: 503,
        after_work: true,
    },
    FaultKind::Status {
        status: 503,
        after_work: false,
    },
    FaultKind::Html { status: 502 },
    FaultKind::Html { status: 200 },
    FaultKind::Conflict,
    FaultKind::CutBody,
    FaultKind::InvalidToken,
    FaultKind::ExpiredToken,
    FaultKind::Duplicate,
    FaultKind::OutOfOrder,
    FaultKind::BrokenSignature,
    FaultKind::ReplayedSignature,
    FaultKind::WrongAmount,
];

/// The first attempt of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    Acknowledged,
    /// Not acknowledged: the HTTP status that DOKU heard, 0 for none, and a part of the reason.
    Not(u16, &'static str),
    /// Held back until after the next one.
    HeldBack,
}

/// What a fault does to a notification: the first attempt, and how often the handler was reached by it.
fn of_a_notification(kind: &FaultKind) -> Option<(First, usize)> {
    Some(match kind {
        FaultKind::DropBefore => (First::Not(0, "not sent"), 0),
        FaultKind::DropAfter => (First::Not(0, "was lost"), 1),
        FaultKind::Status {
            after_work: true, ..
        } => (First::Not(503, "HTTP 503"), 1),
        FaultKind::Status {
            after_work: false, ..
        } => (First::Not(503, "HTTP 503"), 0),
        FaultKind::Html { status: 200 } => (First::Not(200, "responseCode is missing"), 1),
        FaultKind::Html { .. } => (First::Not(502, "HTTP 502"), 1),
        FaultKind::Conflict => (First::Not(409, "HTTP 409"), 1),
        FaultKind::CutBody => (First::Not(200, "responseCode is missing"), 1),
        FaultKind::InvalidToken => (First::Not(401, "HTTP 401"), 0),
        FaultKind::BrokenSignature | FaultKind::ReplayedSignature => {
            (First::Not(401, "HTTP 401"), 0)
        }
        FaultKind::OutOfOrder => (First::HeldBack, 0),
        // A late bearer, the same notification twice and other money are accepted, each in its way.
        FaultKind::Delay { .. }
        | FaultKind::ExpiredToken
        | FaultKind::Duplicate
        | FaultKind::WrongAmount => (First::Acknowledged, 1),
        _ => return None,
    })
}

/// What a fault does to an inquiry: the counter's word where it takes no money, and how often the merchant was asked.
fn of_an_inquiry(kind: &FaultKind) -> Option<(Option<&'static str>, usize)> {
    Some(match kind {
        FaultKind::DropBefore => (Some("noAnswer"), 0),
        FaultKind::DropAfter => (Some("noAnswer"), 1),
        FaultKind::Status {
            after_work: false, ..
        } => (Some("refused"), 0),
        FaultKind::Status { .. }
        | FaultKind::Html { .. }
        | FaultKind::Conflict
        | FaultKind::CutBody => (Some("refused"), 1),
        FaultKind::InvalidToken
        | FaultKind::ExpiredToken
        | FaultKind::BrokenSignature
        | FaultKind::ReplayedSignature => (Some("refused"), 0),
        FaultKind::Delay { .. } => (None, 1),
        FaultKind::Duplicate => (None, 2),
        _ => return None,
    })
}

/// What a fault does to the call for a token: the counter's word where DOKU gets none.
fn of_a_token(kind: &FaultKind) -> Option<Option<&'static str>> {
    Some(match kind {
        FaultKind::DropBefore | FaultKind::DropAfter => Some("noAnswer"),
        FaultKind::Status { .. }
        | FaultKind::Html { .. }
        | FaultKind::Conflict
        | FaultKind::CutBody => Some("refused"),
        // The token before has run out, and its timestamp with it.
        FaultKind::BrokenSignature | FaultKind::ReplayedSignature => Some("refused"),
        FaultKind::Delay { .. } | FaultKind::Duplicate => None,
        _ => return None,
    })
}

/// A world in which everything went well once, with a bearer that has run out if `expired`.
async fn warm(expired: bool) -> World {
    let world = World::start().await;
    let number = world.offered("OWN-0", closed(10_000)).await;
    let paid = world.pay(&number, rupiah(10_000)).await.unwrap();
    assert!(paid.notification.unwrap().acknowledged);
    if expired {
        world.advance(minutes(20)).await;
    }
    world
}

fn order(world: &World, kind: &FaultKind, operation: Operation) {
    let fault = Fault::once(kind.clone()).on(operation).to_merchant();
    world.sandbox().fault(fault).unwrap();
}

#[track_caller]
fn assert_first(told: &Notification, first: First, kind: &FaultKind) {
    let Some(attempt) = told.attempts.first() else {
        assert_eq!(first, First::HeldBack, "{kind:?}");
        return;
    };
    match first {
        First::Acknowledged => assert!(attempt.acknowledged, "{kind:?}: {attempt:?}"),
        First::Not(status, part) => {
            assert_eq!(attempt.status, status, "{kind:?}: {attempt:?}");
            let reason = attempt.reason.as_deref().unwrap();
            assert!(reason.contains(part), "{kind:?}: {reason}");
        }
        First::HeldBack => panic!("{kind:?}: {attempt:?}"),
    }
    assert_eq!(attempt.acknowledged, first == First::Acknowledged);
    assert_eq!(attempt.fault, Some(kind.name()));
}

#[tokio::test]
async fn a_fault_of_the_notification_delays_it_and_never_loses_or_doubles_it() {
    let rows = || {
        KINDS
            .iter()
            .filter_map(|kind| Some((kind, of_a_notification(kind)?)))
    };
    assert_eq!(rows().count(), KINDS.len() - 1, "all but hang");
    for (kind, (first, reached)) in rows() {
        // Sent again by the schedule and by hand.
        for by_hand in [false, true] {
            let world = warm(*kind == FaultKind::ExpiredToken).await;
            let before = world.books.runs();
            order(&world, kind, Operation::Payment);
            let told = world.paid("INV-1").await;
            assert_first(&told, first, kind);
            assert_eq!(world.books.runs() - before, reached, "{kind:?}");
            assert_eq!(told.acknowledged, first == First::Acknowledged);

            world.sandbox().clear_faults();
            if by_hand {
                world.sandbox().resend(told.id).await.unwrap();
            } else {
                world.advance(minutes(30)).await;
            }
            let told = world.notification(told.id);
            assert!(told.acknowledged, "{kind:?}: {told:?}");
            if *kind != FaultKind::WrongAmount {
                assert_eq!(world.books.runs() - before, 1, "{kind:?}");
                world.assert_settled();
            }
        }
    }
}

#[tokio::test]
async fn other_money_is_kept_and_flagged() {
    let world = warm(false).await;
    order(&world, &FaultKind::WrongAmount, Operation::Payment);
    let told = world.paid("INV-1").await;
    assert_eq!(told.paid_amount, "11500.00");
    let wrong = world.books.kept().pop().unwrap();
    assert_eq!(
        wrong.amount,
        rupiah(11_501),
        "who signs properly is believed"
    );
    assert!(world.books.take_events().is_empty(), "nothing is known yet");

    let again = world.sandbox().resend(told.id).await.unwrap();
    assert_eq!(again.attempts.last().unwrap().status, 200);
    let right = world.books.kept().pop().unwrap();
    assert_eq!((right.amount, &right.key), (rupiah(11_500), &wrong.key));
    assert_eq!(right.other_amounts, [wrong.amount]);
    let events = world.books.take_events();
    let [Event::OtherMoney(flagged)] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(flagged.other_amounts(), [wrong.amount]);

    // Each of the two was handled once, and is not handled again.
    let runs = world.books.runs();
    world.sandbox().resend(told.id).await.unwrap();
    order(&world, &FaultKind::WrongAmount, Operation::Payment);
    world.sandbox().resend(told.id).await.unwrap();
    assert_eq!(world.books.runs(), runs);
    assert!(world.books.take_events().is_empty());
    assert_eq!(world.unacknowledged(), []);
}

#[tokio::test]
async fn an_expired_bearer_is_taken_late_with_a_payment_and_not_at_all_with_an_inquiry() {
    let world = warm(true).await;
    order(&world, &FaultKind::ExpiredToken, Operation::Payment);
    assert!(world.paid("INV-1").await.acknowledged);
    let kept = world.books.kept().pop().unwrap();
    let Freshness::LateBearer { by } = kept.freshness else {
        panic!("{kept:?}")
    };
    assert!(by >= minutes(5) && by < minutes(6), "{by:?}");

    let number = world.offered("OWN-1", closed(10_000)).await;
    order(&world, &FaultKind::ExpiredToken, Operation::Inquiry);
    let refused = world.pay(&number, rupiah(10_000)).await.unwrap_err();
    let TellerError::Refused { response_code, .. } = refused else {
        panic!("{refused}")
    };
    assert_eq!(response_code.as_deref(), Some("4012401"));
    world.pay(&number, rupiah(10_000)).await.unwrap();
    world.assert_settled();
}

#[tokio::test]
async fn a_notification_that_was_held_back_comes_after_the_next() {
    let world = warm(false).await;
    order(&world, &FaultKind::OutOfOrder, Operation::Payment);
    let first = world.paid("INV-1").await;
    let second = world.paid("INV-2").await;
    assert!(second.acknowledged);
    world.assert_settled();
    let kept = world.books.kept();
    let order: Vec<_> = kept[1..]
        .iter()
        .map(|kept| kept.key.payment_request_id().as_str())
        .collect();
    assert_eq!(
        order,
        [&second.payment_request_id, &first.payment_request_id]
    );
}

#[tokio::test]
async fn what_was_held_back_and_sent_since_does_not_come_once_more() {
    let world = warm(false).await;
    order(&world, &FaultKind::OutOfOrder, Operation::Payment);
    let first = world.paid("INV-1").await;
    world.books.be([Mood::Fails]);
    world.advance(minutes(30)).await;
    let triggers = || {
        let attempts = world.notification(first.id).attempts.into_iter();
        attempts.map(|attempt| attempt.trigger).collect::<Vec<_>>()
    };
    assert_eq!(triggers(), [Trigger::Retry]);
    assert!(world.paid("INV-2").await.acknowledged);
    assert_eq!(triggers(), [Trigger::Retry], "it waits for its time");
    world.advance(minutes(5 * 60 + 30)).await;
    assert_eq!(triggers(), [Trigger::Retry, Trigger::Retry]);
    world.assert_settled();
}

#[tokio::test]
async fn the_same_bytes_at_the_same_time_are_handled_once_and_acknowledged_twice() {
    let world = warm(false).await;
    let before = world.calls("payment").len();
    world.books.be([Mood::Waits]);
    // The warm one has begun, too.
    world.books.has_begun().await;
    order(&world, &FaultKind::Duplicate, Operation::Payment);
    let (told, ()) = tokio::join!(world.paid("INV-1"), async {
        world.books.has_begun().await;
        world.books.let_go();
    });
    assert!(told.acknowledged);
    assert_eq!(told.attempts.len(), 1);
    let calls = world.calls("payment").split_off(before);
    let codes: Vec<_> = calls
        .iter()
        .map(|call| call.response_code.as_deref())
        .collect();
    assert_eq!(codes, [Some("2002500"), Some("2002500")]);
    assert_eq!(calls[0].body, calls[1].body);
    world.assert_settled();
}

#[tokio::test]
async fn a_fault_of_the_inquiry_takes_no_money() {
    let rows = || {
        KINDS
            .iter()
            .filter_map(|kind| Some((kind, of_an_inquiry(kind)?)))
    };
    assert_eq!(
        rows().count(),
        KINDS.len() - 3,
        "all but hang, and two of payments only"
    );
    for (kind, (refused, asked)) in rows() {
        let world = warm(*kind == FaultKind::ExpiredToken).await;
        let (runs, inquiries) = (world.books.runs(), world.books.inquiries());
        let told = world.sandbox().notifications();
        let number = world.offered("OWN-1", closed(10_000)).await;
        order(&world, kind, Operation::Inquiry);
        let paid = world.pay(&number, rupiah(10_000)).await;
        assert_eq!(world.books.inquiries() - inquiries, asked, "{kind:?}");
        match refused {
            Some(word) => {
                assert_eq!(paid.unwrap_err().kind(), word, "{kind:?}");
                assert_eq!(world.books.runs(), runs);
                assert_eq!(world.sandbox().notifications(), told);
                world.sandbox().clear_faults();
                world.pay(&number, rupiah(10_000)).await.unwrap();
            }
            None => assert!(paid.unwrap().notification.unwrap().acknowledged),
        }
        assert_eq!(world.books.runs() - runs, 1, "{kind:?}");
        world.assert_settled();
    }
}

#[tokio::test]
async fn without_a_token_nobody_is_asked_and_nobody_is_told_until_there_is_one() {
    let rows = || {
        KINDS
            .iter()
            .filter_map(|kind| Some((kind, of_a_token(kind)?)))
    };
    assert_eq!(rows().count(), KINDS.len() - 5);
    for (kind, refused) in rows() {
        // A payment that is in DOKU's record stands, and is told later.
        let world = warm(true).await;
        let runs = world.books.runs();
        order(&world, kind, Operation::Token);
        let told = world.paid("INV-1").await;
        let attempt = &told.attempts[0];
        assert_eq!(
            told.acknowledged,
            refused.is_none(),
            "{kind:?}: {attempt:?}"
        );
        if refused.is_some() {
            let reason = attempt.reason.as_deref().unwrap();
            assert!(
                reason.starts_with("not sent, because merchantToken failed"),
                "{reason}"
            );
            assert_eq!((attempt.status, attempt.journal), (0, None));
            assert_eq!(world.books.runs(), runs);
        }
        world.sandbox().clear_faults();
        world.advance(minutes(30)).await;
        assert_eq!(world.books.runs() - runs, 1, "{kind:?}");
        world.assert_settled();

        // A number that the merchant keeps cannot even be shown.
        let world = warm(true).await;
        let asked = world.books.inquiries();
        let number = world.offered("OWN-1", closed(10_000)).await;
        order(&world, kind, Operation::Token);
        let paid = world.pay(&number, rupiah(10_000)).await;
        match (refused, paid) {
            (None, paid) => assert!(paid.unwrap().notification.unwrap().acknowledged),
            (Some(word), paid) => {
                let error = paid.unwrap_err();
                assert_eq!(error.kind(), word, "{kind:?}: {error}");
                assert!(error.to_string().contains("merchantToken"), "{error}");
                assert_eq!(world.books.inquiries(), asked);
                world.sandbox().clear_faults();
                world.pay(&number, rupiah(10_000)).await.unwrap();
            }
        }
        world.assert_settled();
    }
}

#[tokio::test]
async fn a_token_request_that_is_replayed_in_time_gets_what_was_got_before() {
    // Nothing but the client id and the time is signed, so within the window it is the same request.
    let world = warm(false).await;
    order(&world, &FaultKind::BrokenSignature, Operation::Payment);
    let told = world.paid("INV-1").await;
    assert_eq!(told.attempts[0].status, 401, "DOKU gives its token up");
    order(&world, &FaultKind::ReplayedSignature, Operation::Token);
    let told = world.sandbox().resend(told.id).await.unwrap();
    assert!(told.acknowledged);
    let tokens = world.calls("merchantToken");
    assert_eq!(tokens.last().unwrap().fault, Some("replayedSignature"));
    assert_eq!(tokens.len(), 2);
    world.assert_settled();
}

#[tokio::test]
async fn a_fault_that_cannot_happen_to_a_call_is_not_ordered() {
    let world = World::start().await;
    for kind in &KINDS {
        for (operation, happens) in [
            (Operation::Token, of_a_token(kind).is_some()),
            (Operation::Inquiry, of_an_inquiry(kind).is_some()),
            (Operation::Payment, of_a_notification(kind).is_some()),
        ] {
            let fault = Fault::once(kind.clone()).on(operation).to_merchant();
            let ordered = world.sandbox().fault(fault);
            assert_eq!(ordered.is_ok(), happens, "{kind:?} of {operation}");
            if let Err(error) = ordered {
                assert!(matches!(error, FaultError::Misplaced { .. }), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn a_bad_day_ends_by_the_last_of_the_schedule() {
    // Every attempt meets another fault, and only the last one meets none.
    let world = warm(false).await;
    for kind in [
        FaultKind::DropBefore,
        FaultKind::DropAfter,
        FaultKind::CutBody,
    ] {
        order(&world, &kind, Operation::Payment);
    }
    let told = world.paid("INV-1").await;
    for step in [minutes(30), minutes(5 * 60 + 30), hours(6)] {
        assert!(!world.notification(told.id).acknowledged);
        world.advance(step).await;
    }
    assert_eq!(world.notification(told.id).attempts.len(), 4);
    assert_eq!(world.books.runs(), 2, "the warm one and this one");
    world.assert_settled();
}
