//! Payloads as they are on the wire: one type a payload, one field a member, and nothing refused that some server was
//! seen to send.
//!
//! Reading is lenient. Unknown members are ignored, a member may be absent or null, a number or a boolean may stand
//! where a text was promised, an object may be an array or a blank text. Only duplicate members, JSON that is none,
//! and an object where a text belongs are errors. Read with [`decode`], which names the member.
//!
//! Writing is strict. Members stand in alphabetical order at every level, absent ones are left out, and the result
//! of [`encode`] is compact: it is the bytes to sign and the bytes to send. The values of [`crate::value`] are
//! made from these types by `TryFrom`.
//!
//! `Debug` of every type here shows which members are there and how long they are, never what they hold.

mod codec;
mod how_to_pay;
mod inquiry;
mod lenient;
mod payment;
mod status;
mod text;
mod token;
mod virtual_account;

pub use codec::{DecodeError, decode, encode};
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
