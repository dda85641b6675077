//! What no public source decides, as switches with documented defaults.
//!
//! Each switch says what is in doubt, what the default is and why. Nothing else in the crate makes such a choice.

use std::fmt;

use doku_model::{Operation, Timestamp};
use time::OffsetDateTime;

/// The choices in force for one client. Those of the hosted endpoints are a [`HostedDialect`].
///
/// ```
/// use doku_va_btn::{Dialect, OpenAmount};
///
/// let dialect = Dialect { open_amount: OpenAmount::ZeroWithDecimals, ..Dialect::default() };
/// assert_eq!(dialect.channel_id.create.as_deref(), Some("H2H"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dialect {
    /// How an open amount is written.
    pub open_amount: OpenAmount,
    /// The header CHANNEL-ID of each call.
    pub channel_id: ChannelId,
    /// Which numbers check status asks with first.
    pub status_numbers: StatusNumbers,
    /// The offset that X-TIMESTAMP is written in.
    pub timestamps: Timestamps,
}

/// How an open amount is written in `totalAmount.value`.
///
/// DOKU's documentation prints `"0"`; the validators of all five official SDKs refuse that, and three of them accept `"0.00"`.
/// Both are accepted when reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::exhaustive_enums, reason = "no source shows a third form")]
pub enum OpenAmount {
    /// `"0"`, as documented. The default.
    #[default]
    Zero,
    /// `"0.00"`.
    ZeroWithDecimals,
}

/// The header CHANNEL-ID of each call; `None` leaves it out.
///
/// The documentation says `H2H`; official SDKs send `H2H`, `SDK` or the channel's name, and for check status some send nothing. All
/// forms are in use, so the value is evidently not enforced. The default is `H2H` everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelId {
    /// For create.
    pub create: Option<String>,
    /// For update.
    pub update: Option<String>,
    /// For delete.
    pub delete: Option<String>,
    /// For check status.
    pub status: Option<String>,
}

impl Default for ChannelId {
    fn default() -> Self {
        let h2h = || Some("H2H".to_owned());
        Self {
            create: h2h(),
            update: h2h(),
            delete: h2h(),
            status: h2h(),
        }
    }
}

/// Which numbers check status asks with first. The others are tried where the answer does not identify the account.
///
/// After a DGPC create, check status was seen to answer for the short number that was sent, while DOKU's own sample
/// carries a full one. The two differ for DGPC only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::exhaustive_enums, reason = "there are two numbers")]
pub enum StatusNumbers {
    /// The numbers as the create call sent them. The default.
    #[default]
    AsSent,
    /// The numbers as DOKU returned them.
    AsReturned,
}

/// The offset that X-TIMESTAMP is written in.
///
/// Servers were seen to parse either; what matters is that the header equals what was signed. The default is the strictest
/// reading of each documentation page: UTC for the token call, `+07:00` for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timestamps {
    /// For the token call.
    pub token: Offset,
    /// For every other call.
    pub transaction: Offset,
}

impl Default for Timestamps {
    fn default() -> Self {
        Self {
            token: Offset::Utc,
            transaction: Offset::Wib,
        }
    }
}

/// An offset to write a moment in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "no source shows a third form")]
pub enum Offset {
    /// `2026-01-31T03:55:00Z`.
    Utc,
    /// `2026-01-31T10:55:00+07:00`.
    Wib,
}

/// The choices in force for the endpoints a merchant hosts.
///
/// ```
/// use doku_va_btn::{HostedDialect, InquiryInfo, TokenSlots};
///
/// let dialect = HostedDialect {
///     inquiry_info: InquiryInfo::Both,
///     token_slots: TokenSlots { empty: true, ..TokenSlots::default() },
///     ..HostedDialect::default()
/// };
/// assert!(dialect.token_slots.own_bearer);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(
    clippy::exhaustive_structs,
    reason = "made with `..HostedDialect::default()`, so that a choice can be added"
)]
pub struct HostedDialect {
    /// What may stand in the token's place of a signature by DOKU.
    pub token_slots: TokenSlots,
    /// Where `additionalInfo` stands in the answer to an inquiry.
    pub inquiry_info: InquiryInfo,
    /// How an open amount is written in the answer to an inquiry.
    pub open_amount: OpenAmount,
}

/// Which readings of the token slot are accepted in the signature of an inquiry or a notification.
///
/// No public source decides what DOKU puts there. Every reading needs the client secret, so a reading that is switched on
/// lets nobody in who could not sign. What it changes is how a call is known to be fresh: with a bearer of ours in that place
/// by the bearer's life, otherwise by X-TIMESTAMP.
///
/// A fourth reading, the token that the merchant itself got from DOKU, is switched on by giving a source of that token to
/// the endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "made with `..TokenSlots::default()`, so that a reading can be added"
)]
pub struct TokenSlots {
    /// The bearer that DOKU presents, issued by the merchant's token endpoint. On by default: SNAP BI and the flow of the
    /// official SDKs.
    pub own_bearer: bool,
    /// The bearer that DOKU presents, issued by DOKU to itself. Off by default. The documentation's sample of a
    /// notification carries one; it cannot be verified here, so only the signature and the clock speak for the call.
    pub doku_bearer: bool,
    /// Nothing. Off by default. The only possible reading of a call without the header Authorization.
    pub empty: bool,
}

impl Default for TokenSlots {
    fn default() -> Self {
        Self {
            own_bearer: true,
            doku_bearer: false,
            empty: false,
        }
    }
}

/// What stood in the token's place of a genuine signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenSlot {
    /// The bearer that was presented.
    Presented,
    /// Nothing.
    Empty,
    /// The token that the merchant got from DOKU.
    MerchantToken,
}

impl fmt::Display for TokenSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Presented => "the presented bearer",
            Self::Empty => "nothing",
            Self::MerchantToken => "the merchant's own token",
        })
    }
}

/// Where `additionalInfo` stands in the answer to an inquiry.
///
/// Four official SDKs put it inside `virtualAccountData`; one integrator whose answers DOKU approved puts it at top level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::exhaustive_enums, reason = "there are two places")]
pub enum InquiryInfo {
    /// Inside `virtualAccountData`. The default.
    #[default]
    Nested,
    /// At top level.
    TopLevel,
    /// In both places.
    Both,
}

impl OpenAmount {
    /// `totalAmount.value` of an open bill.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Zero => "0",
            Self::ZeroWithDecimals => "0.00",
        }
    }
}

impl Dialect {
    /// The header CHANNEL-ID of `operation`.
    pub(crate) fn channel_id(&self, operation: Operation) -> Option<&str> {
        match operation {
            Operation::CreateVa => self.channel_id.create.as_deref(),
            Operation::UpdateVa => self.channel_id.update.as_deref(),
            Operation::DeleteVa => self.channel_id.delete.as_deref(),
            Operation::CheckStatus => self.channel_id.status.as_deref(),
            _ => None,
        }
    }

    /// X-TIMESTAMP of `operation` at `now`.
    pub(crate) fn timestamp(&self, operation: Operation, now: OffsetDateTime) -> Timestamp {
        let offset = match operation {
            Operation::Token => self.timestamps.token,
            _ => self.timestamps.transaction,
        };
        match offset {
            Offset::Utc => Timestamp::utc(now),
            Offset::Wib => Timestamp::wib(now),
        }
    }

    /// `totalAmount.value` of an open bill.
    pub(crate) const fn open_amount(&self) -> &'static str {
        self.open_amount.text()
    }
}
