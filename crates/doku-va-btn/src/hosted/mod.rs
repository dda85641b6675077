//! The merchant's side of the wire: a token endpoint, direct inquiry, and payment notifications.
//!
//! DOKU calls the merchant three ways. It asks for a token, it asks what there is to pay for a number that only the merchant
//! knows (DIPC), and it tells of a payment. [`Endpoints`] answers all three, from `http::Request<Bytes>` to
//! `http::Response<Bytes>`, so that any server can carry it.
//!
//! A call is checked in this order: size, headers, signature over the raw bytes, bearer, freshness, and only then is its body
//! read. What passes is a [`Verified`] value, which nobody else can make, and handlers take nothing else. What does not
//! is answered with a response code of SNAP BI and nothing more; the reason is an [`Event`] for the merchant.
//!
//! Here belongs what a merchant hosts. What a merchant calls is [`Client`](crate::Client).

mod bearers;
mod body;
mod bounds;
mod by_hash;
mod credentials;
mod diagnoses;
mod endpoints;
mod event;
mod flights;
mod guard;
mod handled;
mod handlers;
mod headers;
mod inquiry;
mod issuer;
mod notification;
mod payment;
mod payment_code;
mod payment_codes;
mod refusal;
mod reply;
mod signed_path;
mod token;
mod verified;
mod verify;

pub use bounds::{Bounds, REMEMBERED};
pub use credentials::{Credentials, NoDokuPublicKey};
pub use endpoints::{Endpoints, EndpointsBuilder};
pub use event::{Event, EventSink, Failure, Refused};
pub use handled::{Claim, HandledInMemory, HandledStore, StoreError};
pub use handlers::{HandlerError, InquiryAnswer, InquiryHandler, Payable, PaymentHandler};
pub use notification::{Notification, PaymentKey};
pub use payment_code::PaymentCode;
pub use payment_codes::{
    NoPaymentCode, PaymentCodeStore, PaymentCodes, PaymentCodesError, TakenInMemory,
};
pub use refusal::{BodyFault, HeaderFault, Refusal, SignatureFacts};
pub use signed_path::SignedPath;
pub use verified::{Freshness, RawCall, Verified};
pub use verify::MerchantTokens;

use endpoints::Inner;
