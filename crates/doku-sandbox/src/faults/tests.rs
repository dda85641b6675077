//! Faults are used up in order, by calls that they can happen to, and as the seed decides.

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
        Fault::once(FaultKind::Duplicate),
    ] {
        let refused = faults.order(misplaced.clone());
        assert!(
            matches!(refused, Err(FaultError::Misplaced { .. })),
            "{misplaced:?}"
        );
    }
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
