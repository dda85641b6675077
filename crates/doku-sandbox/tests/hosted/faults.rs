//! Every fault that DOKU can be ordered to have, on each of its calls: what becomes of the payment at once, whom it reaches,
//! and that nothing is left unacknowledged afterwards.

mod peculiar;

use doku_model::Operation;
use doku_sandbox::{Fault, FaultError, FaultKind, Notification};

use crate::world::{World, closed, minutes, rupiah};

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
