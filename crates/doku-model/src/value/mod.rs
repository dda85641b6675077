//! Values: what a merchant speaks of. Each has private fields and one way in, and its file holds its one rule.

mod amount;
mod bill;
mod channel;
mod customer;
mod free_text;
mod kept;
mod number;
mod reference;
mod rule;
mod status;
mod text;
mod timestamp;

pub use amount::{Amount, PositiveAmount};
pub use bill::{Bill, Limits, TrxType};
pub use channel::Channel;
pub use customer::{VirtualAccountEmail, VirtualAccountName, VirtualAccountPhone};
pub use free_text::FreeText;
pub use number::{CustomerNo, PartnerServiceId, VirtualAccountNo};
pub use reference::{ClientId, ExternalId, InquiryRequestId, PaymentRequestId, TrxId};
pub use status::{PaymentFlag, VirtualAccountStatus};
pub use timestamp::{Timestamp, WIB};
