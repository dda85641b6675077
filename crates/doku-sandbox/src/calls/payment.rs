//! The notification itself: what it says, and one attempt to say it.

use bytes::Bytes;
use doku_model::wire::{self, AdditionalInfo, Money, PaymentRequest, Text, VirtualAccountConfig};
use doku_model::{Amount, Operation};

use super::failure::CallFailure;
use super::heard::Exchanged;
use super::judge::{self, Echo};
use super::sign::Tokens;
use crate::config::{Members, MerchantUrl, Resend};
use crate::desk::Desk;
use crate::faults::{EchoedMember, FaultKind, OperationName, another_number, one_rupiah_more};
use crate::outbound::{Attempt, Outgoing, Record, Told, Trigger, form};

const PAYMENT: Operation = Operation::Payment;

impl Desk {
    /// Makes the attempt that is due, if one is, and then what was held back until now.
    pub(crate) async fn deliver_scheduled(&self, record: &Record) {
        let sending = record.sending.lock().await;
        let Some(trigger) = record.take_due(self.clock.now()) else {
            return;
        };
        let told = self.attempt(record, trigger).await;
        drop(sending);
        self.outbound.bell.notify_one();
        if told {
            self.deliver_held_back(record).await;
        }
    }

    /// Sends a notification because somebody asks for it.
    pub(crate) async fn resend(&self, record: &Record) {
        let sending = record.sending.lock().await;
        record.release();
        let told = self.attempt(record, Trigger::Resend).await;
        drop(sending);
        if told {
            self.deliver_held_back(record).await;
        }
    }

    async fn deliver_held_back(&self, after: &Record) {
        for record in self.outbound.notifications.all() {
            if record.id == after.id || !record.release() {
                continue;
            }
            let _sending = record.sending.lock().await;
            self.attempt(&record, Trigger::OutOfOrder).await;
        }
    }

    /// One attempt; says whether it was made, and not held back.
    async fn attempt(&self, record: &Record, trigger: Trigger) -> bool {
        let fault = self.faults.take_to_merchant(PAYMENT);
        if fault == Some(FaultKind::OutOfOrder) {
            record.hold_back();
            self.changed();
            return false;
        }
        let told = &record.told;
        let attempt = match self.tell(record, trigger, fault.as_ref()).await {
            Ok(exchanged) => {
                let judged = exchanged.judged;
                Attempt {
                    at: self.shown_time(),
                    trigger,
                    journal: Some(exchanged.journal),
                    status: judged.status,
                    response_code: judged.code,
                    acknowledged: judged.accepted,
                    reason: judged.reason.map(|reason| self.scrubber.text(&reason)),
                    notes: judged.notes,
                    fault: fault.as_ref().map(FaultKind::name),
                }
            }
            Err(failure) => Attempt {
                at: self.shown_time(),
                trigger,
                journal: None,
                status: 0,
                response_code: None,
                acknowledged: false,
                reason: Some(self.scrubber.text(&format!(
                    "not sent, because {} failed: {}",
                    OperationName::outbound(failure.operation),
                    failure.what.reason()
                ))),
                notes: Vec::new(),
                fault: fault.as_ref().map(FaultKind::name),
            },
        };
        if attempt.status == 401 {
            self.give_up_bearer(&self.outbound.endpoints(told.index))
                .await;
        }
        record.add(attempt);
        self.changed();
        true
    }

    async fn tell(
        &self,
        record: &Record,
        trigger: Trigger,
        fault: Option<&FaultKind>,
    ) -> Result<Exchanged, CallFailure> {
        let told = &record.told;
        let endpoints = self.outbound.endpoints(told.index);
        let amount = match fault {
            Some(FaultKind::WrongAmount) => one_rupiah_more(told.amount().amount()),
            _ => told.amount().amount(),
        };
        let claim = match fault {
            Some(FaultKind::WrongEcho { member }) => Some(*member),
            _ => None,
        };
        let again = trigger == Trigger::Retry || trigger == Trigger::Resend;
        let spoils_content = matches!(
            fault,
            Some(
                FaultKind::WrongAmount
                    | FaultKind::WrongEcho { .. }
                    | FaultKind::InvalidToken
                    | FaultKind::ExpiredToken
            )
        );
        let identical = match self.outbound.resend {
            Resend::Identical if again && !spoils_content => record.sent_first(),
            _ => None,
        };
        let outgoing = match (identical, &endpoints.notification_url) {
            (Some(sent), _) => sent,
            (None, Some(url)) => {
                let tokens = self.tokens_for(&endpoints, fault).await?;
                let outgoing = self.notification(told, url, amount, claim, tokens);
                if !spoils_content {
                    record.remember_sent(&outgoing);
                }
                outgoing
            }
            (None, None) => {
                return Err(CallFailure::not_made(
                    PAYMENT,
                    "there is no notification URL for this BIN",
                ));
            }
        };
        let customer_no = match claim {
            Some(EchoedMember::VirtualAccountNo) => another_number(told.customer_no()),
            _ => told.customer_no().clone(),
        };
        let (partner_service_id, virtual_account_no) = form::numbers(
            self.outbound.dialect.padding,
            told.bin.partner_service_id(),
            &customer_no,
        );
        let echo = Echo {
            partner_service_id: &partner_service_id,
            customer_no: customer_no.as_str(),
            virtual_account_no: &virtual_account_no,
        };
        let name = self.tells_all().then_some(told.offer.name.as_str());
        let id = &told.payment.payment_request_id;
        let exchanged = self
            .exchange(&outgoing, fault, |heard| {
                judge::acknowledgement(heard, &echo, name, id)
            })
            .await;
        Ok(exchanged)
    }

    fn tells_all(&self) -> bool {
        self.outbound.dialect.members != Members::Mandatory
    }

    /// The notification of a payment, signed; `claim` is a member that a fault makes another one.
    fn notification(
        &self,
        told: &Told,
        url: &MerchantUrl,
        amount: Amount,
        claim: Option<EchoedMember>,
        tokens: Tokens,
    ) -> Outgoing {
        let dialect = self.outbound.dialect;
        let Told {
            bin,
            offer,
            payment,
            ..
        } = told;
        let (partner_service_id, virtual_account_no) = form::numbers(
            dialect.padding,
            bin.partner_service_id(),
            &offer.customer_no,
        );
        let mandatory = PaymentRequest {
            customer_no: Some(Text::from(offer.customer_no.as_str())),
            paid_amount: Some(Money {
                currency: Some("IDR".into()),
                value: Some(amount.to_string().into()),
            }),
            partner_service_id: Some(partner_service_id.into()),
            payment_request_id: Some(Text::from(payment.payment_request_id.as_str())),
            trx_id: offer.trx_id.as_deref().map(Text::from),
            virtual_account_no: Some(virtual_account_no.into()),
            ..PaymentRequest::default()
        };
        let request = if self.tells_all() {
            PaymentRequest {
                additional_info: Some(AdditionalInfo {
                    channel: Some(Text::from(bin.channel().as_str())),
                    virtual_account_config: Some(VirtualAccountConfig {
                        reusable_status: Some(offer.reusable),
                        ..VirtualAccountConfig::default()
                    }),
                    ..AdditionalInfo::default()
                }),
                trx_date_time: Some(form::timestamp(dialect.timestamp, payment.paid_at).into()),
                virtual_account_email: offer.email.as_deref().map(Text::from),
                virtual_account_name: Some(Text::from(offer.name.as_str())),
                virtual_account_phone: offer.phone.as_deref().map(Text::from),
                virtual_account_trx_type: Some(offer.bill.trx_type().as_str().into()),
                ..mandatory
            }
        } else {
            mandatory
        };
        let body = Bytes::from(wire::encode(&request));
        let body = claim
            .and_then(|member| member.changed_in(&body))
            .unwrap_or(body);
        self.signed_transaction(PAYMENT, url, body, tokens, bin.channel().as_str())
    }
}
