//! The table of response codes and the table of operations.

use doku_model::{Action, Blame, Effect, Meaning, Method, Operation, ResponseCode, Service};
use proptest::prelude::*;

use crate::support::cases;

#[test]
fn every_case_of_the_generic_table_has_its_meaning() {
    for (status, case, meaning, action) in [
        (200, 0, Meaning::Successful, Action::Done),
        (202, 0, Meaning::InProgress, Action::AskLater),
        (400, 0, Meaning::BadRequest, Action::MendRequest),
        (400, 1, Meaning::InvalidFieldFormat, Action::MendRequest),
        (400, 2, Meaning::InvalidMandatoryField, Action::MendRequest),
        (400, 3, Meaning::AlreadySuccess, Action::ReadEarlierAnswer),
        (400, 4, Meaning::InvalidParameter, Action::MendRequest),
        (401, 0, Meaning::Unauthorized, Action::CheckCredentials),
        (401, 1, Meaning::InvalidToken, Action::RefreshToken),
        (401, 2, Meaning::InvalidCustomerToken, Action::RefreshToken),
        (401, 3, Meaning::TokenNotFound, Action::RefreshToken),
        (401, 4, Meaning::CustomerTokenNotFound, Action::RefreshToken),
        (403, 0, Meaning::TransactionExpired, Action::LookAtBill),
        (403, 1, Meaning::FeatureNotAllowed, Action::AskDoku),
        (403, 2, Meaning::AmountLimitExceeded, Action::LookAtBill),
        (403, 3, Meaning::SuspectedFraud, Action::AskDoku),
        (403, 4, Meaning::ActivityCountExceeded, Action::SendLater),
        (403, 5, Meaning::DoNotHonor, Action::AskDoku),
        (403, 6, Meaning::FeatureNotAllowedNow, Action::SendLater),
        (403, 7, Meaning::CardRefusal, Action::AskDoku),
        (403, 8, Meaning::CardRefusal, Action::AskDoku),
        (403, 9, Meaning::CardRefusal, Action::AskDoku),
        (403, 10, Meaning::CardRefusal, Action::AskDoku),
        (403, 11, Meaning::CardRefusal, Action::AskDoku),
        (403, 12, Meaning::CardRefusal, Action::AskDoku),
        (403, 14, Meaning::InsufficientFunds, Action::LookAtBill),
        (403, 15, Meaning::NotPermitted, Action::MendRequest),
        (404, 1, Meaning::TransactionNotFound, Action::LookAtBill),
        (404, 2, Meaning::InvalidRouting, Action::AskDoku),
        (404, 7, Meaning::JourneyNotFound, Action::AskDoku),
        (404, 8, Meaning::InvalidMerchant, Action::CheckCredentials),
        (404, 11, Meaning::InvalidAccount, Action::MendRequest),
        (404, 12, Meaning::BillNotFound, Action::LookAtBill),
        (404, 13, Meaning::InvalidAmount, Action::MendRequest),
        (404, 14, Meaning::PaidBill, Action::LookAtBill),
        (404, 18, Meaning::InconsistentRequest, Action::MendRequest),
        (404, 19, Meaning::BillExpired, Action::LookAtBill),
        (409, 0, Meaning::Conflict, Action::ReadEarlierAnswer),
        (
            409,
            1,
            Meaning::DuplicateReference,
            Action::ReadEarlierAnswer,
        ),
        (429, 0, Meaning::TooManyRequests, Action::SendLater),
        (500, 0, Meaning::GeneralError, Action::SendAgain),
        (500, 1, Meaning::InternalError, Action::SendAgain),
        (503, 0, Meaning::Unavailable, Action::SendAgain),
        (504, 0, Meaning::Timeout, Action::SendAgain),
    ] {
        for service in [
            Service::CreateVa,
            Service::Inquiry,
            Service::Token,
            Service::Other(5),
        ] {
            let code = ResponseCode::of(status, service, case);
            // 400/05/00 is the one code whose service changes its meaning; see below.
            if code != ResponseCode::REPEATED_TRX_ID {
                assert_eq!(code.meaning(), meaning, "{code}");
            }
        }
        assert_eq!(Meaning::of(status, case), meaning);
        assert_eq!(meaning.action(), action, "{status}/{case}");
    }
    assert_eq!(Meaning::TABLE.len(), 44);
}

#[test]
fn every_code_that_was_seen_has_its_parts_and_its_meaning() {
    for (text, status, service, case, meaning) in [
        ("2002700", 200, Service::CreateVa, 0, Meaning::Successful),
        (
            "4002701",
            400,
            Service::CreateVa,
            1,
            Meaning::InvalidFieldFormat,
        ),
        (
            "4002702",
            400,
            Service::CreateVa,
            2,
            Meaning::InvalidMandatoryField,
        ),
        ("4012700", 401, Service::CreateVa, 0, Meaning::Unauthorized),
        ("4012701", 401, Service::CreateVa, 1, Meaning::InvalidToken),
        (
            "4032700",
            403,
            Service::CreateVa,
            0,
            Meaning::TransactionExpired,
        ),
        (
            "4032701",
            403,
            Service::CreateVa,
            1,
            Meaning::FeatureNotAllowed,
        ),
        ("4032715", 403, Service::CreateVa, 15, Meaning::NotPermitted),
        (
            "4042701",
            404,
            Service::CreateVa,
            1,
            Meaning::TransactionNotFound,
        ),
        ("4042712", 404, Service::CreateVa, 12, Meaning::BillNotFound),
        ("4042714", 404, Service::CreateVa, 14, Meaning::PaidBill),
        ("4042719", 404, Service::CreateVa, 19, Meaning::BillExpired),
        ("4042512", 404, Service::Payment, 12, Meaning::BillNotFound),
        ("4042513", 404, Service::Payment, 13, Meaning::InvalidAmount),
        ("4092700", 409, Service::CreateVa, 0, Meaning::Conflict),
        (
            "4000500",
            400,
            Service::Other(5),
            0,
            Meaning::DuplicateReference,
        ),
        (
            "4002802",
            400,
            Service::UpdateVa,
            2,
            Meaning::InvalidMandatoryField,
        ),
        ("4033115", 403, Service::DeleteVa, 15, Meaning::NotPermitted),
        ("4043119", 404, Service::DeleteVa, 19, Meaning::BillExpired),
        (
            "4032600",
            403,
            Service::CheckStatus,
            0,
            Meaning::TransactionExpired,
        ),
        (
            "4042601",
            404,
            Service::CheckStatus,
            1,
            Meaning::TransactionNotFound,
        ),
        ("2002600", 200, Service::CheckStatus, 0, Meaning::Successful),
        ("2022700", 202, Service::CreateVa, 0, Meaning::InProgress),
        ("4042412", 404, Service::Inquiry, 12, Meaning::BillNotFound),
        ("4042414", 404, Service::Inquiry, 14, Meaning::PaidBill),
        ("4042419", 404, Service::Inquiry, 19, Meaning::BillExpired),
        (
            "4032400",
            403,
            Service::Inquiry,
            0,
            Meaning::TransactionExpired,
        ),
        ("5002401", 500, Service::Inquiry, 1, Meaning::InternalError),
        ("4017300", 401, Service::Token, 0, Meaning::Unauthorized),
        (
            "2007400",
            200,
            Service::CustomerToken,
            0,
            Meaning::Successful,
        ),
    ] {
        let code = ResponseCode::new(text);
        assert_eq!(code.http_status(), Some(status), "{text}");
        assert_eq!(code.service(), Some(service), "{text}");
        assert_eq!(code.case(), Some(case), "{text}");
        assert_eq!(code.meaning(), meaning, "{text}");
        assert_eq!(ResponseCode::of(status, service, case), code);
    }
}

#[test]
fn a_code_of_another_shape_is_kept_and_has_no_parts() {
    for text in [
        "",
        "200",
        "20027000",
        "200270",
        "20O2700",
        "-002700",
        " 002700",
        "2002700 ",
        "２００２７００",
        "oops",
        "200270é",
    ] {
        let code = ResponseCode::new(text);
        assert_eq!(code.as_str(), text);
        assert_eq!(code.to_string(), text);
        assert_eq!(
            (code.http_status(), code.service(), code.case()),
            (None, None, None),
            "{text:?}"
        );
        assert_eq!(code.meaning(), Meaning::Unknown);
    }
    assert_eq!(Meaning::Unknown.action(), Action::AskDoku);
    let unlisted = ResponseCode::new("4182799");
    assert_eq!(
        (unlisted.http_status(), unlisted.meaning()),
        (Some(418), Meaning::Unknown)
    );
    let stored = serde_json::to_string(&unlisted).unwrap();
    assert_eq!(
        serde_json::from_str::<ResponseCode>(&stored).unwrap(),
        unlisted
    );
}

#[test]
fn every_meaning_and_advice_is_a_sentence_for_a_person() {
    for (status, case, meaning) in Meaning::TABLE {
        let texts = [meaning.text(), meaning.text_in_indonesian()];
        assert!(texts.iter().all(|text| !text.is_empty()), "{status}/{case}");
        assert_ne!(texts[0], texts[1], "{status}/{case}");
        let action = meaning.action();
        for advice in [action.advice(), action.advice_in_indonesian()] {
            assert!(advice.ends_with('.') && !advice.contains('\n'), "{advice}");
        }
    }
    let mut rows: Vec<(u16, u8)> = Meaning::TABLE
        .iter()
        .map(|(status, case, _)| (*status, *case))
        .collect();
    rows.sort_unstable();
    rows.dedup();
    assert_eq!(rows.len(), Meaning::TABLE.len(), "one meaning a row");
}

#[test]
fn advice_and_effect_of_a_row_say_the_same() {
    for (status, case, meaning) in Meaning::TABLE {
        let effect = ResponseCode::of(*status, Service::CreateVa, *case).effect();
        let expected = match meaning.action() {
            Action::Done => Effect::Done,
            Action::AskLater => Effect::NotDecided,
            Action::ReadEarlierAnswer => Effect::DoneEarlier,
            Action::SendAgain => Effect::Unknown,
            _ => Effect::NothingDone,
        };
        assert_eq!(effect, expected, "{status}/{case}");
    }
}

#[test]
fn what_became_of_the_call_and_whose_fault_it_is() {
    for (code, effect, blame) in [
        ("2002700", Effect::Done, Blame::Nobody),
        ("2022700", Effect::NotDecided, Blame::Nobody),
        ("4002701", Effect::NothingDone, Blame::Caller),
        ("4012700", Effect::NothingDone, Blame::Caller),
        ("4032701", Effect::NothingDone, Blame::SetUp),
        ("4042714", Effect::NothingDone, Blame::Nobody),
        ("4092700", Effect::DoneEarlier, Blame::Caller),
        ("4092799", Effect::DoneEarlier, Blame::SetUp),
        ("4002703", Effect::DoneEarlier, Blame::Caller),
        ("4292700", Effect::NothingDone, Blame::Nobody),
        ("4032704", Effect::NothingDone, Blame::Nobody),
        ("4000500", Effect::DoneEarlier, Blame::Caller),
        ("5042700", Effect::Unknown, Blame::Answerer),
        ("5992799", Effect::Unknown, Blame::SetUp),
        ("2012700", Effect::NotDecided, Blame::SetUp),
        ("oops", Effect::Unknown, Blame::SetUp),
    ] {
        let code = ResponseCode::new(code);
        assert_eq!(code.effect(), effect, "{code}");
        assert_eq!(code.meaning().action().blame(), blame, "{code}");
    }
}

#[test]
fn the_operations_are_those_of_the_product() {
    for (operation, method, path, number, success) in [
        (
            Operation::Token,
            "POST",
            "/authorization/v1/access-token/b2b",
            73,
            "2007300",
        ),
        (
            Operation::CreateVa,
            "POST",
            "/virtual-accounts/bi-snap-va/v1.1/transfer-va/create-va",
            27,
            "2002700",
        ),
        (
            Operation::UpdateVa,
            "PUT",
            "/virtual-accounts/bi-snap-va/v1.1/transfer-va/update-va",
            28,
            "2002800",
        ),
        (
            Operation::DeleteVa,
            "DELETE",
            "/virtual-accounts/bi-snap-va/v1.1/transfer-va/delete-va",
            31,
            "2003100",
        ),
        (
            Operation::CheckStatus,
            "POST",
            "/orders/v1.0/transfer-va/status",
            26,
            "2002600",
        ),
        (
            Operation::Inquiry,
            "POST",
            "/v1.1/transfer-va/inquiry",
            24,
            "2002400",
        ),
        (
            Operation::Payment,
            "POST",
            "/v1/transfer-va/payment",
            25,
            "2002500",
        ),
    ] {
        assert_eq!(operation.method().as_str(), method);
        assert_eq!(operation.path(), path);
        assert_eq!(operation.service().number(), number);
        assert_eq!(operation.success().as_str(), success);
        assert_eq!(operation.success().meaning(), Meaning::Successful);
        assert!(Operation::ALL.contains(&operation));
        // Whatever makes, changes or removes something must not be repeated blindly.
        let changes = matches!(
            operation,
            Operation::CreateVa | Operation::UpdateVa | Operation::DeleteVa | Operation::Payment
        );
        assert_eq!(operation.is_safe_to_repeat(), !changes);
    }
    assert_eq!(Operation::ALL.len(), 7);
    assert_eq!(Operation::DeleteVa.method(), Method::Delete);
}

#[test]
fn services_are_their_numbers() {
    for number in 0..=99 {
        assert_eq!(Service::from_number(number).number(), number);
    }
    assert_eq!(Service::Other(5).to_string(), "service 05");
    assert_eq!(Service::CreateVa.to_string(), "create VA");
}

#[test]
fn a_code_that_is_none_cannot_move_the_cursor_or_fill_the_screen() {
    let code = ResponseCode::new("4002700\nINFO all is well\u{1b}[2J");
    assert_eq!(code.to_string(), "4002700INFO all is well[2J");
    assert_eq!(
        format!("{code:?}"),
        "ResponseCode(4002700INFO all is well[2J)"
    );
    assert_eq!(code.as_str(), "4002700\nINFO all is well\u{1b}[2J");
    assert_eq!(code.meaning(), Meaning::Unknown);
    let long = ResponseCode::new("é".repeat(10_000));
    assert_eq!(long.to_string(), "é".repeat(40));
    assert_eq!(
        serde_json::to_string(&code).unwrap(),
        r#""4002700\nINFO all is well\u001b[2J""#
    );
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn parts_make_a_code_and_a_code_its_parts(status in 0..1000_u16, service in 0..100_u8, case in 0..100_u8) {
        let code = ResponseCode::of(status, Service::from_number(service), case);
        prop_assert_eq!(code.as_str().len(), 7);
        prop_assert_eq!(code.http_status(), Some(status));
        prop_assert_eq!(code.service().map(Service::number), Some(service));
        prop_assert_eq!(code.case(), Some(case));
    }
}
