//! What the events say of a payment that was just written.

use doku_model::{PaymentRequestId, PositiveAmount, TrxId};

use super::{Judgement, Notified, PaymentId, Source};
use crate::account::State;
use crate::outbox::{EventKind, NewEvent};

/// The events of a new payment.
pub(super) fn tell(
    events: &mut Vec<NewEvent>,
    notified: &Notified,
    judgement: &Judgement,
    account_id: Option<i64>,
    payment: PaymentId,
) {
    let payment = NewPayment {
        id: payment,
        account_id,
        amount: notified.amount,
        payment_request_id: Some(notified.payment_request_id.clone()),
        number: notified.number.clone(),
        trx_id: notified.trx_id.clone(),
        source: Source::Notification,
    };
    payment.tell(events, judgement);
}

/// A payment that was just written, for its events.
pub(crate) struct NewPayment {
    pub(crate) id: PaymentId,
    pub(crate) account_id: Option<i64>,
    pub(crate) amount: PositiveAmount,
    pub(crate) payment_request_id: Option<PaymentRequestId>,
    pub(crate) number: String,
    pub(crate) trx_id: Option<TrxId>,
    pub(crate) source: Source,
}

impl NewPayment {
    /// Received or flagged, and what it makes of the account.
    pub(crate) fn tell(self, events: &mut Vec<NewEvent>, judgement: &Judgement) {
        let Self {
            id,
            account_id,
            amount,
            payment_request_id,
            number,
            trx_id,
            source,
        } = self;
        let mut push = |kind| events.push(NewEvent { account_id, kind });
        if judgement.verdict.is_credited() {
            push(EventKind::PaymentReceived {
                payment: id,
                amount,
                payment_request_id: payment_request_id.clone(),
                source,
                late: judgement.late,
            });
        }
        match judgement.state {
            Some(State::Paid) => push(EventKind::AccountPaid {
                payment: id,
                amount,
                late: judgement.late,
            }),
            Some(State::Active) => push(EventKind::AccountActivated {
                number: number.clone(),
            }),
            _ => {}
        }
        if !judgement.verdict.is_credited() || judgement.late.is_some() {
            push(EventKind::PaymentFlagged {
                payment: id,
                amount,
                payment_request_id,
                number,
                trx_id,
                verdict: judgement.verdict,
                late: judgement.late,
            });
        }
    }
}
