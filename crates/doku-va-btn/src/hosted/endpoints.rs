//! The three endpoints as one value: what a server carries and a merchant configures.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use doku_model::Operation;
use doku_sign::AccessToken;
use http::{Request, Response};

use super::bearers::Bearers;
use super::bounds::Bounds;
use super::credentials::Credentials;
use super::diagnoses::Budget;
use super::event::{Event, EventSink, Refused, TraceOnly, report};
use super::flights::Flights;
use super::handled::{HandledInMemory, HandledStore, Store};
use super::handlers::{InquiryHandler, PaymentHandler};
use super::issuer::Issuer;
use super::refusal::{BodyFault, Refusal};
use super::signed_path::SignedPath;
use super::verified::{RawCall, Verified};
use super::verify::{MerchantTokens, Refusing, Verifier};
use crate::clock::{Clock, SystemClock};
use crate::dialect::HostedDialect;

/// The endpoints that DOKU calls. Cheap to clone; all clones share what they remember.
///
/// Every answer has its [`ResponseCode`](doku_model::ResponseCode) among its extensions, for logs and metrics.
///
/// The body of a request must be read whole, and not beyond [`Bounds::body`]; its URI must be the one that was called, or
/// [`SignedPath`] say what became of it. The futures need a tokio runtime with a timer.
///
/// ```
/// use async_trait::async_trait;
/// use bytes::Bytes;
/// use doku_sign::{ClientSecret, DokuPrivateKey, MerchantPrivateKey};
/// use doku_va_btn::hosted::{
///     Credentials, Endpoints, HandlerError, Notification, PaymentHandler, Verified,
/// };
/// use http::Request;
///
/// struct Orders;
///
/// #[async_trait]
/// impl PaymentHandler for Orders {
///     async fn paid(&self, notification: Verified<Notification>) -> Result<(), HandlerError> {
///         println!("{} paid {}", notification.key(), notification.paid_amount);
///         Ok(())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let credentials = Credentials::new(
///     "BRN-0211-1696919651918".parse()?,
///     ClientSecret::new("SK-EXAMPLE")?,
///     MerchantPrivateKey::generate(2048)?,
///     DokuPrivateKey::generate(2048)?.public_key(),
/// );
/// let endpoints = Endpoints::builder(credentials).payments(Orders).build();
///
/// // What no one signed is refused.
/// let request = Request::post("/v1/transfer-va/payment").body(Bytes::from_static(b"{}"))?;
/// let response = endpoints.payment(request).await;
/// assert_eq!(response.status(), 400);
/// assert_eq!(
///     response.body(),
///     r#"{"responseCode":"4002502","responseMessage":"Invalid Mandatory Field {X-TIMESTAMP}"}"#,
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Endpoints {
    inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) verifier: Verifier,
    pub(super) issuer: Issuer,
    pub(super) inquiries: Option<Arc<dyn InquiryHandler>>,
    pub(super) payments: Option<Arc<dyn PaymentHandler>>,
    pub(super) handled: Store,
    pub(super) flights: Arc<Flights>,
    pub(super) events: Arc<dyn EventSink>,
    diagnoses: Budget,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) dialect: HostedDialect,
}

impl Endpoints {
    /// Endpoints to be configured.
    #[must_use]
    pub fn builder(credentials: Credentials) -> EndpointsBuilder {
        EndpointsBuilder {
            credentials,
            inquiries: None,
            payments: None,
            handled: None,
            events: Arc::new(TraceOnly),
            clock: Arc::new(SystemClock),
            dialect: HostedDialect::default(),
            bounds: Bounds::default(),
            path: SignedPath::default(),
            merchant_tokens: None,
        }
    }

    /// DOKU asks for a token.
    ///
    /// Answers `2007300` with a token of at least ten minutes' life, `4017300` for another signer, client or time, and
    /// `400730x` for a request that is not in order.
    pub async fn token(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.inner.token(&request)
    }

    /// DOKU asks about a number (DIPC). Every inquiry is answered afresh.
    ///
    /// Answers `2002400`, or with two members: `4042412` not found, `4042413` invalid amount, `4042414` paid, `4042419`
    /// expired, `400240x` not in order, `401240x` not genuine or not fresh, `500240x` and `5042400` where the merchant's
    /// handler does not answer.
    pub async fn inquiry(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.inner.inquiry(&request).await
    }

    /// DOKU tells of a payment.
    ///
    /// Answers `2002500` once the handler has succeeded for this payment, now or before; `401250x` not genuine or older
    /// than 24 hours, `400250x` headers not in order, `5002500` and `5042500` for everything that a repeat may mend, a
    /// genuine body that was not understood included. The handler goes on when this future is dropped.
    ///
    /// The call is read at once, and answered by the future, which so need not hold it.
    pub fn payment(
        &self,
        request: Request<Bytes>,
    ) -> impl Future<Output = Response<Bytes>> + Send + use<'_> {
        self.inner.payment(request)
    }

    /// Answers a call of one of the three operations that a merchant hosts; `None` for another operation.
    pub async fn answer(
        &self,
        operation: Operation,
        request: Request<Bytes>,
    ) -> Option<Response<Bytes>> {
        match operation {
            Operation::Token => Some(self.token(request).await),
            Operation::Inquiry => Some(self.inquiry(request).await),
            Operation::Payment => Some(self.payment(request).await),
            _ => None,
        }
    }

    /// Whether an inquiry or a notification is DOKU's, for those who answer it by other means: a relay, a queue.
    ///
    /// Its body is not read, no handler is called, and nothing is reported.
    ///
    /// # Errors
    ///
    /// [`Refused`], which holds what [`Refused::answer`] would tell the caller. A token request is none of these calls.
    pub fn verify(
        &self,
        operation: Operation,
        request: &Request<Bytes>,
    ) -> Result<Verified<RawCall>, Refused> {
        let verified = match operation {
            Operation::Inquiry | Operation::Payment => {
                let now = self.inner.clock.now();
                self.inner.verifier.transaction(operation, request, now)
            }
            _ => Err(Refusal::NotHosted.into()),
        };
        match verified {
            Ok((call, freshness)) => Ok(Verified::new(call.clone(), call, freshness)),
            Err(refusing) => Err(self.inner.refusal_of(operation, request, refusing)),
        }
    }

    /// Answers a call whose body did not arrive whole. Whoever reads the connection calls this instead.
    #[must_use]
    pub fn unread(&self, operation: Operation, fault: BodyFault) -> Response<Bytes> {
        let refusal = match fault {
            BodyFault::TooLarge { found } => Refusal::TooLarge {
                found,
                limit: self.bounds().body,
            },
            BodyFault::TooSlow => Refusal::TooSlow,
            BodyFault::BrokenOff => Refusal::BrokenOff,
        };
        self.inner.tell(Refused {
            operation,
            response_code: refusal.told(operation).code(operation),
            refusal,
            genuine: None,
            diagnosis: None,
        })
    }

    /// Whether there is somebody to answer `operation`: always for the token, otherwise where a handler was given.
    #[must_use]
    pub fn hosts(&self, operation: Operation) -> bool {
        match operation {
            Operation::Token => true,
            Operation::Inquiry => self.inner.inquiries.is_some(),
            Operation::Payment => self.inner.payments.is_some(),
            _ => false,
        }
    }

    /// What a call is allowed; a server reads no longer body than this.
    #[must_use]
    pub fn bounds(&self) -> &Bounds {
        &self.inner.verifier.bounds
    }
}

impl fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoints")
            .field("credentials", &self.inner.verifier.credentials)
            .field("dialect", &self.inner.dialect)
            .field("bounds", self.bounds())
            .field("path", &self.inner.verifier.path)
            .finish_non_exhaustive()
    }
}

impl Inner {
    /// Refuses a call, and says why to the merchant.
    pub(super) fn refused(
        &self,
        operation: Operation,
        request: &Request<Bytes>,
        refusing: Refusing,
    ) -> Response<Bytes> {
        let refused = self.refusal_of(operation, request, refusing);
        self.tell(refused)
    }

    fn refusal_of(
        &self,
        operation: Operation,
        request: &Request<Bytes>,
        refusing: Refusing,
    ) -> Refused {
        let Refusing { refusal, genuine } = refusing;
        let now = self.clock.now();
        let diagnosis = (refusal.is_of_the_signature() && self.diagnoses.allows_one(now))
            .then(|| self.verifier.diagnose(operation, request, now))
            .flatten()
            .map(Box::new);
        Refused {
            operation,
            response_code: refusal.told(operation).code(operation),
            refusal,
            genuine,
            diagnosis,
        }
    }

    fn tell(&self, refused: Refused) -> Response<Bytes> {
        let response = refused.answer();
        self.report(Event::Refused(refused));
        response
    }

    pub(super) fn report(&self, event: Event) {
        report(&*self.events, event);
    }
}

/// Endpoints that are being configured.
pub struct EndpointsBuilder {
    credentials: Credentials,
    inquiries: Option<Arc<dyn InquiryHandler>>,
    payments: Option<Arc<dyn PaymentHandler>>,
    handled: Option<Arc<dyn HandledStore>>,
    events: Arc<dyn EventSink>,
    clock: Arc<dyn Clock>,
    dialect: HostedDialect,
    bounds: Bounds,
    path: SignedPath,
    merchant_tokens: Option<MerchantTokens>,
}

impl EndpointsBuilder {
    /// With somebody to ask about numbers. Without, an inquiry is answered `4042402`.
    #[must_use]
    pub fn inquiries(mut self, handler: impl InquiryHandler) -> Self {
        self.inquiries = Some(Arc::new(handler));
        self
    }

    /// With somebody to tell of payments. Without, a genuine notification is answered `4042502`, and
    /// handed over raw as an event.
    #[must_use]
    pub fn payments(mut self, handler: impl PaymentHandler) -> Self {
        self.payments = Some(Arc::new(handler));
        self
    }

    /// With another store of handled notifications than [`HandledInMemory`]: one that survives a restart, or that replicas
    /// share.
    #[must_use]
    pub fn handled(mut self, store: impl HandledStore) -> Self {
        self.handled = Some(Arc::new(store));
        self
    }

    /// With somebody to learn of refusals and failures.
    #[must_use]
    pub fn events(mut self, sink: impl EventSink) -> Self {
        self.events = Arc::new(sink);
        self
    }

    /// On another clock than the machine's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// With other choices than the defaults where public sources leave something open.
    #[must_use]
    pub const fn dialect(mut self, dialect: HostedDialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// With other bounds.
    #[must_use]
    pub const fn bounds(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// With a path that differs from the one that arrives.
    #[must_use]
    pub fn signed_path(mut self, path: SignedPath) -> Self {
        self.path = path;
        self
    }

    /// Accepts signatures with the token in them that the merchant itself got from DOKU, one reading of what DOKU does. Off
    /// unless a source of that token is given here. A source that gives the token before the current one too survives
    /// its renewal.
    #[must_use]
    pub fn merchant_tokens(
        mut self,
        tokens: impl Fn() -> Vec<AccessToken> + Send + Sync + 'static,
    ) -> Self {
        self.merchant_tokens = Some(Arc::new(tokens));
        self
    }

    /// The endpoints.
    #[must_use]
    pub fn build(self) -> Endpoints {
        let handled = match self.handled {
            None => Store::Ours(HandledInMemory::new()),
            Some(store) => Store::Given {
                store,
                limit: self.bounds.payment,
            },
        };
        let verifier = Verifier {
            credentials: self.credentials,
            path: self.path,
            slots: self.dialect.token_slots,
            merchant_tokens: self.merchant_tokens,
            bearers: Bearers::new(self.bounds.bearers),
            bounds: self.bounds,
        };
        Endpoints {
            inner: Arc::new(Inner {
                verifier,
                issuer: Issuer::default(),
                inquiries: self.inquiries,
                payments: self.payments,
                handled,
                flights: Arc::default(),
                diagnoses: Budget::new(self.bounds.diagnoses),
                events: self.events,
                clock: self.clock,
                dialect: self.dialect,
            }),
        }
    }
}

impl fmt::Debug for EndpointsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndpointsBuilder")
            .field("credentials", &self.credentials)
            .field("dialect", &self.dialect)
            .field("bounds", &self.bounds)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
