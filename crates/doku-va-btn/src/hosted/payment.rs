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
use super::flights::{Boarding, Flight, Outcome};
use super::guard::bounded;
use super::handled::Claim;
use super::notification::Notification;
use super::refusal::{Refusal, Told};
use super::verified::Verified;
use super::verify::Refusing;
use super::{Inner, body, reply};

impl Inner {
    /// The call is read before anything is waited for.
    pub(super) fn payment(
        self: &Arc<Self>,
        mut request: Request<Bytes>,
    ) -> impl Future<Output = Response<Bytes>> + use<'_> {
        let understood = self
            .understood(&request)
            .map_err(|refusing| self.refused(Operation::Payment, &request, refusing));
        // The request is not kept while somebody handles what it tells, but for a table that the answer can use.
        let mut table = std::mem::take(request.extensions_mut());
        table.clear();
        async move {
            let (notification, acknowledgement) = match understood {
                Ok(understood) => understood,
                Err(refused) => return refused,
            };
            match self.settle(notification).await {
                Outcome::Acknowledged => {
                    let code = Operation::Payment.success();
                    reply::written(&code, acknowledgement, table)
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
        let waiting = match self.flights.board(&id) {
            Boarding::Waiting(waiting) => Some(waiting),
            Boarding::First(flight) => {
                let Ok(runtime) = Handle::try_current() else {
                    let failure = Failure::NoRuntime;
                    self.report(Event::NotAcknowledged {
                        notification,
                        failure,
                    });
                    return Outcome::Failed;
                };
                let mut flying = Box::pin(Arc::clone(self).fly(flight, notification));
                if let Poll::Ready(outcome) = polled_once(flying.as_mut()).await {
                    return outcome;
                }
                // What waits for something goes on on a task of its own: DOKU may hang up, and what was begun must
                // come to an end that is recorded.
                let waiting = self.flights.join(&id);
                runtime.spawn(flying);
                waiting
            }
        };
        match waiting {
            Some(waiting) => waiting.outcome().await,
            // It has not landed, so there is somebody to wait for.
            None => Outcome::Failed,
        }
    }

    /// Handles a notification to its end.
    #[expect(
        clippy::manual_async_fn,
        reason = "an `async fn` would hold what it was given twice, and each notification moves and keeps it"
    )]
    fn fly(
        self: Arc<Self>,
        flight: Flight,
        notification: Verified<Notification>,
    ) -> impl Future<Output = Outcome> + Send + use<> {
        async move {
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
            outcome
        }
    }

    /// Claims, handles, and completes or releases.
    async fn handle(&self, notification: &Verified<Notification>) -> Result<(), Failure> {
        let (key, amount) = (notification.key(), notification.paid_amount);
        let other_amounts = match self.handled.claim(key, amount).await {
            Ok(Claim::New { other_amounts }) => other_amounts,
            Ok(Claim::Handled) => return Ok(()),
            Ok(Claim::Busy) => return Err(Failure::Elsewhere),
            Err(failure @ Failure::Store(_)) => return Err(failure),
            Err(failure) => {
                // It may have been claimed all the same.
                self.release(notification).await;
                return Err(failure);
            }
        };
        let flagged = (!other_amounts.is_empty()).then(|| {
            let flagged = notification.map(|plain| plain.beside(other_amounts));
            self.report(Event::OtherMoney(flagged.clone()));
            flagged
        });
        let notification = flagged.as_ref().unwrap_or(notification);
        match self.run(notification.clone()).await {
            Ok(()) => {
                self.complete(notification).await;
                Ok(())
            }
            Err(failure) => {
                self.release(notification).await;
                Err(failure)
            }
        }
    }

    async fn run(&self, notification: Verified<Notification>) -> Result<(), Failure> {
        let Some(handler) = &self.payments else {
            return Ok(());
        };
        bounded(self.verifier.bounds.payment, || handler.paid(notification))
            .await?
            .map_err(Failure::Handler)
    }

    async fn complete(&self, notification: &Verified<Notification>) {
        let (key, amount) = (notification.key(), notification.paid_amount);
        if let Err(failure) = self.handled.complete(key, amount).await {
            // The merchant has the payment, so DOKU may stop.
            self.report(Event::NotRecorded {
                notification: notification.clone(),
                failure,
            });
        }
    }

    async fn release(&self, notification: &Verified<Notification>) {
        let (key, amount) = (notification.key(), notification.paid_amount);
        if let Err(failure) = self.handled.release(key, amount).await {
            tracing::error!(payment = %key, reason = %failure, "a claim was not released; it must lapse");
        }
    }
}

/// Whether polling `work` once was enough.
async fn polled_once<T>(mut work: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await
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
