//! Payloads as they are on the wire: one type a payload, one field a member, and nothing refused that some server was
//! seen to send.
//!
//! Reading is lenient. Unknown members are ignored, a member may be absent or null, a number or a boolean may stand
//! where a text was promised, anything may stand where an object was promised and is read as nothing. Errors are a
//! member that stands there twice, an object or array where a text belongs, a number of seconds that is none, and a body
//! that is no JSON object. Read with [`decode`], which names the member.
//!
//! Writing is strict. Members stand in alphabetical order at every level, absent ones are left out, and the result
//! of [`encode`] is compact: it is the bytes to sign and the bytes to send. The values at the root of
//! this crate are made from the members by [`required`] and [`optional`], the valid requests of [`crate::request`] from
//! whole payloads by `TryFrom`.
//!
//! `Debug` of every type here shows which members are there and how long they are, never what they hold.

mod codec;
mod compact;
mod how_to_pay;
mod inquiry;
mod lenient;
mod payment;
mod plain;
mod sight;
mod status;
mod text;
mod token;
mod unusual;
mod virtual_account;

pub use codec::{DecodeError, decode, decode_text, encode};
pub use how_to_pay::{
    HowToPay, HowToPayAccount, HowToPayClient, HowToPayCustomer, HowToPayInstruction, HowToPayOrder,
};
pub use inquiry::{InquiryData, InquiryRequest, InquiryResponse};
pub use lenient::Seconds;
pub use payment::{PaymentData, PaymentRequest, PaymentResponse};
pub use status::{
    Acquirer, BillDetail, CheckStatusRequest, CheckStatusResponse, StatusAdditionalInfo, StatusData,
};
pub use text::{Text, optional, required};
pub use token::{TokenRequest, TokenResponse};
pub use virtual_account::{
    AdditionalInfo, Bilingual, Money, VirtualAccountConfig, VirtualAccountData,
    VirtualAccountResponse,
};
