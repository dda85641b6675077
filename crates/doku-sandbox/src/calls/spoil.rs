//! What a fault does to a call to the merchant, and to its answer.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hyper::http::HeaderName;

use super::headers::{X_SIGNATURE, X_TIMESTAMP, insert};
use super::heard::Heard;
use crate::answer::Answer;
use crate::desk::Desk;
use crate::faults::FaultKind;
use crate::outbound::{Outgoing, SignedBefore};

impl Desk {
    /// The call with the signature that a fault gives it.
    pub(super) fn spoilt(&self, outgoing: &Outgoing, fault: Option<&FaultKind>) -> Outgoing {
        let mut spoilt = outgoing.clone();
        let header = |name: &HeaderName| {
            let value = outgoing
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok());
            value.unwrap_or_default()
        };
        let signature = header(&X_SIGNATURE);
        let before = self.outbound.remember_signed(
            outgoing.operation,
            SignedBefore {
                timestamp: header(&X_TIMESTAMP).to_owned(),
                signature: signature.to_owned(),
                signed: outgoing.signed.clone(),
            },
        );
        match (fault, before) {
            (Some(FaultKind::ReplayedSignature), Some(before)) => {
                insert(&mut spoilt.headers, "x-timestamp", &before.timestamp);
                insert(&mut spoilt.headers, "x-signature", &before.signature);
                spoilt.signed = before.signed;
            }
            // Where no call went before there is nothing to replay.
            (Some(FaultKind::BrokenSignature | FaultKind::ReplayedSignature), _) => {
                insert(&mut spoilt.headers, "x-signature", &broken(signature));
            }
            _ => {}
        }
        spoilt
    }

    /// Sends, unless a fault stands between.
    pub(super) async fn carry(&self, outgoing: &Outgoing, fault: Option<&FaultKind>) -> Heard {
        match fault {
            Some(FaultKind::DropBefore) => {
                return Heard::Nothing("not sent, because a fault was ordered".to_owned());
            }
            Some(FaultKind::Status {
                status,
                after_work: false,
            }) => {
                return instead(&Answer::out_of_order(outgoing.operation, *status));
            }
            Some(FaultKind::Delay { milliseconds }) => {
                tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
            }
            _ => {}
        }
        let heard = self.send(outgoing).await;
        match (fault, heard) {
            (Some(FaultKind::DropAfter), _) => {
                Heard::Nothing("the answer was lost, because a fault was ordered".to_owned())
            }
            (Some(FaultKind::Status { status, .. }), _) => {
                instead(&Answer::out_of_order(outgoing.operation, *status))
            }
            (Some(FaultKind::Conflict), _) => instead(&Answer::conflict(outgoing.operation)),
            (Some(FaultKind::Html { status }), _) => Heard::Answer {
                status: *status,
                body: Bytes::from_static(b"<!DOCTYPE html>\n<html></html>\n"),
            },
            (Some(FaultKind::CutBody), Heard::Answer { status, body }) => Heard::Answer {
                status,
                body: body.slice(..body.len() / 2),
            },
            (_, heard) => heard,
        }
    }
}

/// The signature with its last bit turned.
fn broken(signature: &str) -> String {
    let mut bytes = STANDARD.decode(signature).unwrap_or_default();
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    STANDARD.encode(bytes)
}

fn instead(answer: &Answer) -> Heard {
    Heard::Answer {
        status: answer.status,
        body: answer.body.clone(),
    }
}

/// Whether what DOKU heard is not what the merchant said.
pub(super) fn hides_the_answer(fault: &FaultKind) -> bool {
    matches!(
        fault,
        FaultKind::DropBefore
            | FaultKind::DropAfter
            | FaultKind::Status { .. }
            | FaultKind::Conflict
            | FaultKind::Html { .. }
            | FaultKind::CutBody
    )
}
