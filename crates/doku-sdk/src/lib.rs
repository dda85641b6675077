#![doc = include_str!("../README.md")]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice
    )
)]

/// The endpoints that DOKU calls, as an [axum](https://docs.rs/axum) router and a tower service: everything of `doku-axum`.
/// Without axum, take [`hosted`].
#[cfg(feature = "axum")]
pub use doku_axum as axum;
/// Everything of `doku-model`.
pub use doku_model as model;
pub use doku_model::wire;
/// Signatures, keys and tokens: everything of `doku-sign`, also for DOKU's other channels.
pub use doku_sign as sign;
/// The HTTP seam: everything of `doku-transport`.
pub use doku_transport as transport;

#[doc(inline)]
pub use doku_model::wire::DecodeError;
#[doc(inline)]
pub use doku_model::{
    Action, Amount, Bill, Blame, Channel, ClientId, CustomerNo, Effect, ExternalId, Fault,
    FieldError, FreeText, InquiryRequestId, Limits, Meaning, Operation, PartnerServiceId,
    PaymentFlag, PaymentRequestId, PositiveAmount, ResponseCode, Service, Timestamp, TrxId,
    TrxType, VirtualAccountEmail, VirtualAccountName, VirtualAccountNo, VirtualAccountPhone,
    VirtualAccountStatus,
};
#[doc(inline)]
pub use doku_sign::{
    AccessToken, Backend, ClientSecret, DokuPublicKey, MerchantPrivateKey, MerchantPublicKey,
};
#[doc(inline)]
pub use doku_transport::{Acted, HttpTransport, TransportError, TransportErrorKind};
#[cfg(feature = "reqwest")]
#[doc(inline)]
pub use doku_transport::{ReqwestTransport, ReqwestTransportBuilder};
#[doc(inline)]
pub use doku_va_btn::*;

#[cfg(all(doctest, feature = "axum", feature = "reqwest"))]
mod guide;
