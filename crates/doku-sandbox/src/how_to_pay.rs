//! How an account is paid: what the links tell that an account is created with.

use doku_model::wire::{
    HowToPay, HowToPayAccount, HowToPayClient, HowToPayCustomer, HowToPayInstruction,
    HowToPayOrder, Text,
};
use doku_model::{Amount, FreeText, Timestamp, WIB};
use time::OffsetDateTime;

use crate::desk::Desk;
use crate::state::{Account, Standing, acquirer};
use crate::view::VirtualAccount;

/// What the links of one account show.
pub(crate) struct Instructions {
    /// As DOKU's API tells it.
    pub(crate) how_to_pay: HowToPay<'static>,
    pub(crate) account: VirtualAccount,
    /// The merchant's own lines.
    pub(crate) lines: Vec<FreeText>,
}

/// What the links of the account with this visible number show; `None` where there is none at this bank.
pub(crate) fn instructions(desk: &Desk, bank: &str, number: &str) -> Option<Instructions> {
    let number = number.parse().ok()?;
    let now = desk.clock.now();
    let memory = desk.memory();
    let accounts = memory.accounts();
    let account = accounts.at(accounts.by_typed_number(&number)?)?;
    let bin = accounts.bin(account)?;
    if account.deleted || !acquirer(bin).eq_ignore_ascii_case(bank) {
        return None;
    }
    let visible = account.number(bin).digits().to_owned();
    let how_to_pay = HowToPay {
        client: Some(HowToPayClient {
            id: text(desk.client_id.as_str()),
            name: text("Merchant"),
        }),
        customer: Some(HowToPayCustomer {
            email: account
                .email
                .as_ref()
                .and_then(|email| text(email.as_str())),
            name: text(account.name.as_str()),
        }),
        order: Some(HowToPayOrder {
            amount: text(&whole_rupiah(account.bill.amount())),
            invoice_number: text(account.trx_id.as_str()),
        }),
        payment_instruction: steps(acquirer(bin), &visible),
        virtual_account_info: Some(info(account, visible, now)),
    };
    Some(Instructions {
        how_to_pay,
        account: VirtualAccount::of(account, bin, now),
        lines: account.free_text.clone(),
    })
}

fn info(account: &Account, visible: String, now: OffsetDateTime) -> HowToPayAccount<'static> {
    let expiry = account.expired_date.as_ref().map(Timestamp::instant);
    let created = OffsetDateTime::from_unix_timestamp(account.created).unwrap_or(now);
    let left = expiry.map(|expiry| (expiry - now).whole_minutes().max(0));
    let status = match account.standing(now) {
        Standing::Paid => "SUCCESS",
        Standing::Expired => "EXPIRED",
        Standing::Inactive => "INACTIVE",
        Standing::Pending | Standing::Deleted => "PENDING",
    };
    HowToPayAccount {
        created_date: Some(compact(created).into()),
        expired_date: expiry.map(|expiry| compact(expiry).into()),
        expired_in: left.map(|minutes| format!("{minutes} minutes").into()),
        status: text(status),
        virtual_account_number: Some(visible.into()),
    }
}

/// The steps at the two places where everybody can pay, in both languages.
fn steps(bank: &str, number: &str) -> Vec<HowToPayInstruction<'static>> {
    let instruction = |channel: &str, language: &str, steps: [String; 3]| HowToPayInstruction {
        channel: text(channel),
        language: text(language),
        step: steps.into_iter().map(Text::from).collect(),
    };
    vec![
        instruction(
            "ATM",
            "ID",
            [
                format!("Masukkan kartu ATM {bank} dan PIN."),
                "Pilih Pembayaran, lalu Virtual Account.".to_owned(),
                format!("Masukkan nomor {number} dan konfirmasi."),
            ],
        ),
        instruction(
            "ATM",
            "EN",
            [
                format!("Insert your {bank} ATM card and enter the PIN."),
                "Choose Payment, then Virtual Account.".to_owned(),
                format!("Enter the number {number} and confirm."),
            ],
        ),
        instruction(
            "MOBILE BANKING",
            "ID",
            [
                format!("Buka aplikasi {bank}."),
                "Pilih Pembayaran, lalu Virtual Account.".to_owned(),
                format!("Masukkan nomor {number} dan konfirmasi."),
            ],
        ),
        instruction(
            "MOBILE BANKING",
            "EN",
            [
                format!("Open the {bank} app."),
                "Choose Payment, then Virtual Account.".to_owned(),
                format!("Enter the number {number} and confirm."),
            ],
        ),
    ]
}

/// `20210124104512`, in Western Indonesian Time.
fn compact(moment: OffsetDateTime) -> String {
    let local = moment.checked_to_offset(WIB).unwrap_or(moment);
    let (year, month, day) = (local.year(), u8::from(local.month()), local.day());
    let (hour, minute, second) = local.to_hms();
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
}

fn whole_rupiah(amount: Option<Amount>) -> String {
    amount.map_or(0, |amount| amount.parts().0).to_string()
}

fn text(text: &str) -> Option<Text<'static>> {
    Some(text.to_owned().into())
}
