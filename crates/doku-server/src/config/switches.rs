//! What the tables of switches and limits mean, with the usual value where they are silent.

use std::time::Duration;

use doku_va_btn::hosted::Bounds;
use doku_va_btn::{
    ChannelId, Dialect, HostedDialect, InquiryInfo, Offset, OpenAmount, StatusNumbers, Timestamps,
    TokenSlots,
};

use super::file::{
    BoundsTable, DialectTable, HostedTable, InquiryInfoWord, OffsetWord, OpenAmountWord,
    StatusNumbersWord,
};

const fn open_amount(word: Option<OpenAmountWord>) -> OpenAmount {
    match word {
        Some(OpenAmountWord::ZeroWithDecimals) => OpenAmount::ZeroWithDecimals,
        Some(OpenAmountWord::Zero) | None => OpenAmount::Zero,
    }
}

const fn offset(word: OffsetWord) -> Offset {
    match word {
        OffsetWord::Utc => Offset::Utc,
        OffsetWord::Wib => Offset::Wib,
    }
}

pub(super) fn outgoing(table: &DialectTable) -> Dialect {
    let usual = Timestamps::default();
    let channel_id = table
        .channel_id
        .as_ref()
        .map_or_else(ChannelId::default, |text| {
            let id = Some(text.clone()).filter(|text| !text.is_empty());
            ChannelId {
                create: id.clone(),
                update: id.clone(),
                delete: id.clone(),
                status: id,
            }
        });
    Dialect {
        open_amount: open_amount(table.open_amount),
        channel_id,
        status_numbers: match table.status_numbers {
            Some(StatusNumbersWord::AsReturned) => StatusNumbers::AsReturned,
            Some(StatusNumbersWord::AsSent) | None => StatusNumbers::AsSent,
        },
        timestamps: Timestamps {
            token: table.token_timestamps.map_or(usual.token, offset),
            transaction: table
                .transaction_timestamps
                .map_or(usual.transaction, offset),
        },
    }
}

pub(super) fn hosted(table: &HostedTable) -> HostedDialect {
    let usual = TokenSlots::default();
    HostedDialect {
        token_slots: TokenSlots {
            own_bearer: table.own_bearer.unwrap_or(usual.own_bearer),
            doku_bearer: table.doku_bearer.unwrap_or(usual.doku_bearer),
            empty: table.empty_token.unwrap_or(usual.empty),
        },
        inquiry_info: match table.inquiry_info {
            Some(InquiryInfoWord::TopLevel) => InquiryInfo::TopLevel,
            Some(InquiryInfoWord::Both) => InquiryInfo::Both,
            Some(InquiryInfoWord::Nested) | None => InquiryInfo::Nested,
        },
        open_amount: open_amount(table.open_amount),
    }
}

pub(super) fn bounds(table: &BoundsTable) -> Bounds {
    let usual = Bounds::default();
    let seconds = |given: Option<u64>, usual| given.map_or(usual, Duration::from_secs);
    Bounds {
        body: table.body_bytes.unwrap_or(usual.body),
        header: table.header_bytes.unwrap_or(usual.header),
        bearers: table.bearers.unwrap_or(usual.bearers),
        diagnoses: table.diagnoses_per_minute.unwrap_or(usual.diagnoses),
        arrival: seconds(table.arrival_seconds, usual.arrival),
        inquiry: seconds(table.inquiry_seconds, usual.inquiry),
        payment: seconds(table.payment_seconds, usual.payment),
    }
}
