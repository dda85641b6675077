//! Faults are used up in order, by calls that they can happen to, and as the seed decides.

use doku_model::Operation;

use super::*;

#[test]
fn is_used_up_in_order_and_by_operation() {
    let faults = Faults::default();
    faults
        .order(
            Fault::once(FaultKind::Hang)
                .on(Operation::CreateVa)
                .times(2),
        )
        .unwrap();
    faults.order(Fault::once(FaultKind::Conflict)).unwrap();
    assert_eq!(faults.take(Operation::Token), Some(FaultKind::Conflict));
    assert_eq!(faults.take(Operation::Token), None);
    assert_eq!(faults.take(Operation::CreateVa), Some(FaultKind::Hang));
    assert_eq!(faults.take(Operation::CreateVa), Some(FaultKind::Hang));
    assert_eq!(faults.take(Operation::CreateVa), None);
}

#[test]
fn reads_what_the_control_plane_gets() {
    let read = |json: &str| serde_json::from_str::<Fault>(json);
    let fault = read(r#"{"operation":"createVa","kind":"status","status":503,"count":2}"#);
    let expected = Fault::once(FaultKind::Status {
        status: 503,
        after_work: true,
    });
    assert_eq!(fault.unwrap(), expected.on(Operation::CreateVa).times(2));
    assert_eq!(
        read(r#"{"kind":"dropBefore"}"#).unwrap(),
        Fault::once(FaultKind::DropBefore)
    );
    let echo = |member| FaultKind::WrongEcho { member };
    for (json, kind) in [
        (r#"{"kind":"wrongEcho"}"#, echo(EchoedMember::TrxId)),
        (
            r#"{"kind":"wrongEcho","member":"virtualAccountNo"}"#,
            echo(EchoedMember::VirtualAccountNo),
        ),
        (
            r#"{"kind":"wrongEcho","member":"amount"}"#,
            echo(EchoedMember::Amount),
        ),
        (
            r#"{"kind":"wrongEcho","member":"currency"}"#,
            echo(EchoedMember::Currency),
        ),
        (
            r#"{"kind":"wrongEcho","member":"expiredDate"}"#,
            echo(EchoedMember::ExpiredDate),
        ),
    ] {
        assert_eq!(read(json).unwrap(), Fault::once(kind));
    }
    assert!(read(r#"{"kind":"wrongEcho","member":"name"}"#).is_err());
    assert!(read(r#"{"kind":"explode"}"#).is_err());
    assert!(read(r#"{"operation":"refund","kind":"hang"}"#).is_err());
}

#[test]
fn the_two_directions_do_not_meet() {
    let faults = Faults::default();
    let read = |json: &str| serde_json::from_str::<Fault>(json).unwrap();
    for json in [
        r#"{"operation":"merchantToken","kind":"brokenSignature"}"#,
        r#"{"direction":"outbound","kind":"dropBefore"}"#,
        r#"{"kind":"hang"}"#,
    ] {
        let fault = read(json);
        assert_eq!(read(&serde_json::to_string(&fault).unwrap()), fault);
        faults.order(fault).unwrap();
    }
    assert_eq!(faults.take(Operation::Token), Some(FaultKind::Hang));
    assert_eq!(faults.take(Operation::Token), None);
    let to_merchant = |operation| faults.take_to_merchant(operation);
    assert_eq!(to_merchant(Operation::Payment), Some(FaultKind::DropBefore));
    assert_eq!(to_merchant(Operation::Payment), None);
    assert_eq!(
        to_merchant(Operation::Token),
        Some(FaultKind::BrokenSignature)
    );
    let contradiction =
        r#"{"direction":"inbound","operation":"payment","kind":"delay","milliseconds":1}"#;
    assert!(serde_json::from_str::<Fault>(contradiction).is_err());
}

#[test]
fn a_fault_waits_for_a_call_it_can_happen_to() {
    let faults = Faults::default();
    let fault = |kind| Fault::once(kind).to_merchant();
    for kind in [FaultKind::WrongAmount, FaultKind::ExpiredToken] {
        faults.order(fault(kind)).unwrap();
    }
    assert_eq!(faults.take_to_merchant(Operation::Token), None);
    assert_eq!(
        faults.take_to_merchant(Operation::Inquiry),
        Some(FaultKind::ExpiredToken)
    );
    assert_eq!(
        faults.take_to_merchant(Operation::Payment),
        Some(FaultKind::WrongAmount)
    );
    for misplaced in [
        fault(FaultKind::Hang),
        fault(FaultKind::OutOfOrder).on(Operation::Inquiry),
        fault(FaultKind::InvalidToken).on(Operation::Token),
        fault(FaultKind::DropBefore).on(Operation::CreateVa),
        Fault::once(FaultKind::BrokenSignature),
        Fault::once(FaultKind::ExpiredToken).on(Operation::Token),
    ] {
        let refused = faults.order(misplaced.clone());
        assert!(
            matches!(refused, Err(FaultError::Misplaced { .. })),
            "{misplaced:?}"
        );
    }
}

#[test]
fn who_orders_what_cannot_happen_is_told_why() {
    use FaultKind::{BrokenSignature, Hang, InvalidToken, ReplayedSignature, WrongAmount};
    use Operation::{CheckStatus, CreateVa, DeleteVa, Inquiry, Payment, Token};

    let echo = |member| FaultKind::WrongEcho { member };
    let inbound = Fault::once;
    let outbound = |kind| Fault::once(kind).to_merchant();
    let table = [
        (
            inbound(BrokenSignature),
            "brokenSignature cannot happen to calls of the merchant: DOKU's answers carry no signature",
        ),
        (
            inbound(ReplayedSignature).on(CreateVa),
            "replayedSignature cannot happen to createVa: DOKU's answers carry no signature",
        ),
        (
            inbound(WrongAmount).on(CheckStatus),
            "wrongAmount cannot happen to checkStatus: only a notification tells of money; use wrongEcho with the member amount",
        ),
        (
            inbound(InvalidToken).on(Token),
            "invalidToken cannot happen to token: whoever asks for a token presents none",
        ),
        (
            inbound(echo(EchoedMember::TrxId)).on(Token),
            "wrongEcho cannot happen to token: the answer to a token request repeats nothing of it",
        ),
        (
            inbound(echo(EchoedMember::Currency)).on(DeleteVa),
            "wrongEcho cannot happen to deleteVa: the answer has no such member",
        ),
        (
            inbound(echo(EchoedMember::Amount)).on(CheckStatus),
            "wrongEcho cannot happen to checkStatus: the question names no money and no date that the answer could repeat",
        ),
        (
            outbound(Hang).on(CreateVa),
            "hang cannot happen to createVa: the merchant makes that call, and not DOKU",
        ),
        (
            outbound(Hang),
            "hang cannot happen to calls to the merchant: DOKU waits for nobody for ever; use dropAfter",
        ),
        (
            outbound(FaultKind::OutOfOrder).on(Inquiry),
            "outOfOrder cannot happen to inquiry: only notifications overtake each other",
        ),
        (
            outbound(echo(EchoedMember::TrxId)).on(Inquiry),
            "wrongEcho cannot happen to inquiry: an inquiry about another number is merely another inquiry",
        ),
        (
            outbound(echo(EchoedMember::Amount)),
            "wrongEcho cannot happen to calls to the merchant: use wrongAmount",
        ),
        (
            inbound(echo(EchoedMember::ExpiredDate)).on(Payment),
            "wrongEcho cannot happen to payment: a notification has no such member",
        ),
    ];
    let faults = Faults::default();
    for (fault, why) in table {
        let refused = faults.order(fault).unwrap_err();
        assert_eq!(refused.to_string(), why);
    }
    assert!(faults.waiting().is_empty());
}

#[test]
fn chance_is_decided_by_the_seed() {
    let drawn = |seed| {
        let faults = Faults::default();
        faults
            .order(Fault::once(FaultKind::DropAfter).by_chance(30, seed))
            .unwrap();
        let fired = (0..1000).map(|_| faults.take(Operation::Token).is_some());
        fired.collect::<Vec<_>>()
    };
    assert_eq!(drawn(7), drawn(7));
    assert_ne!(drawn(7), drawn(8));
    let fired = drawn(7).into_iter().filter(|fired| *fired).count();
    assert!((250..350).contains(&fired), "{fired}");

    let faults = Faults::default();
    let twice = Fault::once(FaultKind::DropAfter).by_chance(50, 1).times(2);
    faults.order(twice).unwrap();
    let fired = (0..1000)
        .filter(|_| faults.take(Operation::Token).is_some())
        .count();
    assert_eq!(fired, 2);
    for percent in [0, 101] {
        let fault = Fault::once(FaultKind::Hang).by_chance(percent, 1);
        assert_eq!(faults.order(fault), Err(FaultError::Percent));
    }
}

#[test]
fn refuses_what_makes_no_sense() {
    let faults = Faults::default();
    for kind in [
        FaultKind::Status {
            status: 200,
            after_work: true,
        },
        FaultKind::Html { status: 600 },
        FaultKind::Delay {
            milliseconds: 600_001,
        },
    ] {
        assert!(faults.order(Fault::once(kind)).is_err());
    }
    assert_eq!(
        faults.order(Fault::once(FaultKind::Hang).times(0)),
        Err(FaultError::Count)
    );
    assert!(faults.waiting().is_empty());
}
