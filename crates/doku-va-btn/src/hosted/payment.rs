//! The notification endpoint: somebody paid, and DOKU says so until it is acknowledged.
//!
//! `2002500` leaves only after the merchant's handler has succeeded. Whatever goes wrong before is answered 5xx, which
//! costs nothing but a repeat.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use doku_model::Operation;
use doku_model::request::Payment;
use doku_model::wire::{self, PaymentData, PaymentRequest, PaymentResponse};
use http::{Request, Response};
use tokio::runtime::Handle;

use super::event::{Event, Failure};
use super::flights::{Flight, Outcome};
use super::guard::bounded;
use super::handled::Claim;
use super::notification::Notification;
use super::refusal::{Refusal, Told};
use super::verified::Verified;
use super::verify::Refusing;
use super::{Inner, body, reply};

impl Inner {
    /// The call is read before anything is waited for.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the request is not kept while somebody handles what it tells"
    )]
    pub(super) fn payment(
        self: &Arc<Self>,
        request: Request<Bytes>,
    ) -> impl Future<Output = Response<Bytes>> + use<'_> {
        let understood = self
            .understood(&request)
            .map_err(|refusing| self.refused(Operation::Payment, &request, refusing));
        async move {
            let (notification, acknowledgement) = match understood {
                Ok(understood) => understood,
                Err(refused) => return refused,
            };
            match self.settle(notification).await {
                Outcome::Acknowledged => {
                    reply::written(&Operation::Payment.success(), acknowledgement)
                }
                Outcome::Failed => reply::told(Operation::Payment, &Told::GENERAL_ERROR),
                Outcome::TimedOut => reply::told(Operation::Payment, &Told::TIMEOUT),
            }
        }
    }

    /// What was notified, and what DOKU will hear if it is acknowledged.
    fn understood(
        &self,
        request: &Request<Bytes>,
    ) -> Result<(Verified<Notification>, Vec<u8>), Refusing> {
        let now = self.clock.now();
        let (call, freshness) = self
            .verifier
            .transaction(Operation::Payment, request, now)?;
        let not_understood = |refusal| Refusing {
            refusal,
            genuine: Some(call.clone()),
        };
        // Somebody paid all the same, so it is refused as late as what nobody understands.
        if self.payments.is_none() {
            return Err(not_understood(Refusal::NotHosted));
        }
        let told: PaymentRequest<'_> = body::decode(request.body()).map_err(not_understood)?;
        let payment = Payment::try_from(&told)
            .map_err(Refusal::Field)
            .map_err(not_understood)?;
        let client_id = self.verifier.credentials.client_id();
        let notification = Notification::new(client_id, payment);
        let notification = Verified::new(notification, call, freshness);
        Ok((notification, acknowledgement(told)))
    }

    /// Handles the notification, or waits for whoever is handling the same one.
    async fn settle(self: &Arc<Self>, notification: Verified<Notification>) -> Outcome {
        let id = (notification.key().clone(), notification.paid_amount);
        let (waiting, flight) = self.flights.board(id);
        if let Some(flight) = flight {
            match Handle::try_current() {
                Ok(runtime) => {
                    let mut flying = Box::pin(Arc::clone(self).fly(flight, notification));
                    // What waits for something goes on on a task of its own: DOKU may hang up, and what was begun must
                    // come to an end that is recorded.
                    if !is_done_at_once(flying.as_mut()).await {
                        runtime.spawn(flying);
                    }
                }
                Err(_) => {
                    let failure = Failure::NoRuntime;
                    self.report(Event::NotAcknowledged {
                        notification,
                        failure,
                    });
                    flight.land(Outcome::Failed);
                }
            }
        }
        waiting.outcome().await
    }

    async fn fly(self: Arc<Self>, flight: Flight, notification: Verified<Notification>) {
        let outcome = match self.handle(&notification).await {
            Ok(()) => Outcome::Acknowledged,
            Err(failure) => {
                let outcome = match failure {
                    Failure::TimedOut => Outcome::TimedOut,
                    _ => Outcome::Failed,
                };
                self.report(Event::NotAcknowledged {
                    notification,
                    failure,
                });
                outcome
            }
        };
        flight.land(outcome);
    }

    /// Claims, handles, and completes or releases.
    async fn handle(&self, notification: &Verified<Notification>) -> Result<(), Failure> {
        let limit = self.verifier.bounds.payment;
        let (key, amount) = (notification.key(), notification.paid_amount);
        let claim = bounded(limit, self.handled.claim(key, amount)).await;
        let other_amounts = match claim {
            Ok(Ok(Claim::New { other_amounts })) => other_amounts,
            Ok(Ok(Claim::Handled)) => return Ok(()),
            Ok(Ok(Claim::Busy)) => return Err(Failure::Elsewhere),
            Ok(Err(error)) => return Err(Failure::Store(error)),
            Err(failure) => {
                // It may have been claimed all the same.
                self.release(notification).await;
                return Err(failure);
            }
        };
        let notification = if other_amounts.is_empty() {
            notification.clone()
        } else {
            let flagged = notification.map(|plain| plain.beside(other_amounts));
            self.report(Event::OtherMoney(flagged.clone()));
            flagged
        };
        match self.run(notification.clone()).await {
            Ok(()) => {
                self.complete(notification).await;
                Ok(())
            }
            Err(failure) => {
                self.release(&notification).await;
                Err(failure)
            }
        }
    }

    async fn run(&self, notification: Verified<Notification>) -> Result<(), Failure> {
        let Some(handler) = &self.payments else {
            return Ok(());
        };
        // Inside, because somebody may panic before there is a future.
        let work = async { handler.paid(notification).await };
        bounded(self.verifier.bounds.payment, work)
            .await?
            .map_err(Failure::Handler)
    }

    async fn complete(&self, notification: Verified<Notification>) {
        let (key, amount) = (notification.key(), notification.paid_amount);
        let recorded = bounded(
            self.verifier.bounds.payment,
            self.handled.complete(key, amount),
        );
        if let Err(failure) = recorded
            .await
            .and_then(|recorded| recorded.map_err(Failure::Store))
        {
            // The merchant has the payment, so DOKU may stop.
            self.report(Event::NotRecorded {
                notification,
                failure,
            });
        }
    }

    async fn release(&self, notification: &Verified<Notification>) {
        let (key, amount) = (notification.key(), notification.paid_amount);
        let released = bounded(
            self.verifier.bounds.payment,
            self.handled.release(key, amount),
        );
        if let Err(failure) = released
            .await
            .and_then(|released| released.map_err(Failure::Store))
        {
            tracing::error!(payment = %key, reason = %failure, "a claim was not released; it must lapse");
        }
    }
}

/// Polls `work` once; whether that was enough.
async fn is_done_at_once(mut work: Pin<&mut impl Future<Output = ()>>) -> bool {
    poll_fn(|context| Poll::Ready(work.as_mut().poll(context).is_ready())).await
}

/// What DOKU expects to hear of its notification, in the spelling it used.
fn acknowledgement(told: PaymentRequest<'_>) -> Vec<u8> {
    wire::encode(&PaymentResponse {
        response_code: Some(Operation::Payment.success().as_str().into()),
        response_message: Some("Successful".into()),
        virtual_account_data: Some(PaymentData {
            customer_no: told.customer_no,
            partner_service_id: told.partner_service_id,
            payment_request_id: told.payment_request_id,
            virtual_account_name: told.virtual_account_name,
            virtual_account_no: told.virtual_account_no,
        }),
    })
}
