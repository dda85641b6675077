//! The endpoints that a merchant hosts, called by anybody.

mod answer;
mod message;
mod world;

use bytes::Bytes;
use doku_model::Operation;
use doku_model::request::{Inquiry, Payment};
use doku_model::wire::{self, InquiryRequest, PaymentRequest};
use doku_sign::{AccessToken, Signature};
use doku_va_btn::{HostedDialect, InquiryInfo, TokenSlots};
use http::{HeaderMap, Method, Request};

use crate::edits::edited;
use crate::lookup;
use answer::Answer;
use world::{INQUIRY, INQUIRY_PATH, PAYMENT, PAYMENT_PATH, Signed, World};

const HOSTED: [Operation; 3] = [Operation::Token, Operation::Inquiry, Operation::Payment];

/// Whatever arrives at whichever endpoint, somebody who cannot sign gets a refusal in the shape of SNAP BI, reaches no
/// handler, and is one event.
///
/// The input is an HTTP message: `METHOD target`, headers, an empty line, the body.
pub fn hosted(input: &[u8]) {
    let request = message::read(input);
    let everything = HostedDialect {
        token_slots: TokenSlots {
            own_bearer: true,
            doku_bearer: true,
            empty: true,
        },
        inquiry_info: InquiryInfo::Both,
        ..HostedDialect::default()
    };
    for dialect in [HostedDialect::default(), everything] {
        let world = World::with(dialect.clone());
        for operation in HOSTED {
            let answer = world.answer(operation, request.clone());
            answer.is_refusal_of(operation);
            assert!((400..500).contains(&answer.status), "{answer:?}");
            assert_eq!(world.reached(), 0, "a handler was reached");
            let refused = world.only_refusal();
            assert!(refused.genuine.is_none(), "taken for DOKU");
            if operation != Operation::Token {
                let verified = World::with(dialect.clone()).verify(operation, &request);
                assert_eq!(
                    verified.err(),
                    Some(answer),
                    "verified otherwise than answered"
                );
            }
        }
    }
}

/// A call that is in order is changed on the way: it is accepted only if all that was signed is what arrived, and then the
/// handler is told what DOKU said.
///
/// The first byte of the input chooses the call; the rest are changes to its bytes.
pub fn hosted_altered(input: &[u8]) {
    let (choice, script) = input.split_first().unwrap_or((&0, &[]));
    let operation = HOSTED[usize::from(*choice) % HOSTED.len()];
    let world = World::without_diagnoses();
    let signed = match operation {
        Operation::Token => Signed::token_request(),
        Operation::Inquiry => Signed::over(INQUIRY_PATH, INQUIRY.as_bytes()),
        _ => Signed::over(PAYMENT_PATH, PAYMENT.as_bytes()),
    };
    let original = message::written(&signed);
    let altered = edited(&original, script);
    let request = message::read(&altered);
    if operation != Operation::Token
        && let Ok(call) = world.verify(operation, &request)
    {
        arrived_as_signed(operation, &signed, &request);
        assert_eq!(call.body(), request.body());
        assert_eq!(call.timestamp(), signed.timestamp);
    }
    let answer = world.answer(operation, request.clone());
    if altered == original {
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    if answer.status != 200 {
        answer.is_refusal_of(operation);
        assert_eq!(world.reached(), 0, "a handler was reached");
        return;
    }
    answer.is_success_of(operation);
    arrived_as_signed(operation, &signed, &request);
    match operation {
        Operation::Payment => assert_eq!(world.paid(), [payment(PAYMENT.as_bytes()).unwrap()]),
        Operation::Inquiry => assert_eq!(world.asked(), [inquiry(INQUIRY.as_bytes()).unwrap()]),
        _ => assert_eq!(world.reached(), 0),
    }
}

/// Everything that a signature covers is what it was made over.
fn arrived_as_signed(operation: Operation, signed: &Signed, request: &Request<Bytes>) {
    assert_eq!(request.method(), Method::POST);
    let headers = request.headers();
    assert_eq!(only(headers, "x-timestamp"), signed.timestamp);
    let presented = Signature::from_base64(only(headers, "x-signature")).unwrap();
    let made = Signature::from_base64(&signed.signature).unwrap();
    assert_eq!(presented.as_bytes(), made.as_bytes());
    if operation == Operation::Token {
        assert_eq!(only(headers, "x-client-key"), world::CLIENT_ID);
        return;
    }
    let bearer = AccessToken::from_authorization(only(headers, "authorization")).unwrap();
    assert_eq!(bearer.expose(), world::bearer());
    let target = request.uri().path_and_query().unwrap().as_str();
    assert!(
        signed.path == target || signed.path == request.uri().path(),
        "{target}"
    );
    assert_eq!(
        doku_sign::minify(request.body()),
        doku_sign::minify(&signed.body)
    );
}

/// The one header of this name.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    assert_eq!(headers.get_all(name).iter().count(), 1, "{name}");
    headers[name].to_str().unwrap()
}

/// A body that DOKU signed, whatever it is: the handler is told what it says, or the merchant gets it raw. A notification
/// that is not understood is asked for again.
pub fn hosted_signed(input: &[u8]) {
    grants_what_is_asked_for(input);
    for operation in [Operation::Payment, Operation::Inquiry] {
        let world = World::with(HostedDialect::default());
        let path = match operation {
            Operation::Payment => PAYMENT_PATH,
            _ => INQUIRY_PATH,
        };
        let request = Signed::over(path, input).with_body(input);
        assert!(world.verify(operation, &request).is_ok(), "it is DOKU's");
        let answer = world.answer(operation, request);
        if answer.status == 200 {
            answer.is_success_of(operation);
            match operation {
                Operation::Payment => assert_eq!(world.paid(), [payment(input).unwrap()]),
                _ => assert_eq!(world.asked(), [inquiry(input).unwrap()]),
            }
            assert_eq!(world.reached(), 1);
            echoes(&answer, input);
        } else {
            answer.is_refusal_of(operation);
            assert!(
                operation == Operation::Inquiry || answer.status >= 500,
                "DOKU must send it again: {answer:?}"
            );
            assert_eq!(world.reached(), 0, "a handler was reached");
            let refused = world.only_refusal();
            let genuine = refused.genuine.as_ref().unwrap();
            assert_eq!(genuine.body(), input, "kept as it came");
        }
    }
}

/// The body of a token request is not signed and says one thing only.
fn grants_what_is_asked_for(body: &[u8]) {
    let world = World::with(HostedDialect::default());
    let answer = world.answer(Operation::Token, Signed::token_request().with_body(body));
    assert_eq!(world.reached(), 0, "a handler was reached");
    if answer.status != 200 {
        assert_eq!(answer.status, 400, "{answer:?}");
        answer.is_refusal_of(Operation::Token);
        assert!(world.only_refusal().genuine.is_none());
        return;
    }
    answer.is_success_of(Operation::Token);
    if !body.is_empty() {
        let grant = lookup::text(str::from_utf8(body).unwrap(), &["grantType"]);
        assert!(grant.is_none_or(|grant| grant == "client_credentials"));
    }
}

/// A success speaks of the number that was asked about, as it was spelled.
fn echoes(answer: &Answer, body: &[u8]) {
    let body = str::from_utf8(body).unwrap();
    for name in [
        "partnerServiceId",
        "customerNo",
        "virtualAccountNo",
        "paymentRequestId",
        "inquiryRequestId",
    ] {
        let Some(told) = lookup::text(&answer.body, &["virtualAccountData", name]) else {
            continue;
        };
        if let Some(asked) = lookup::text(body, &[name]) {
            assert_eq!(told, asked, "{name}");
        }
    }
}

fn payment(body: &[u8]) -> Option<Payment> {
    let payload = wire::decode::<PaymentRequest<'_>>(body).ok()?;
    Payment::try_from(&payload).ok()
}

fn inquiry(body: &[u8]) -> Option<Inquiry> {
    let payload = wire::decode::<InquiryRequest<'_>>(body).ok()?;
    Inquiry::try_from(&payload).ok()
}
