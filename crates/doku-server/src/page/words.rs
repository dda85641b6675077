//! What a page says, in both languages. The screens of machines and applications differ; the steps say what all have in
//! common.

use doku_ledger::account::State;
use time::Month;

use crate::config::Language;

/// A headline, and a sentence.
pub(super) type Said = (&'static str, &'static str);

/// Everything a page says in one language.
pub(super) struct Words {
    pub(super) lang: &'static str,
    pub(super) language: &'static str,
    pub(super) payment: &'static str,
    pub(super) number: &'static str,
    pub(super) copy: &'static str,
    pub(super) copied: &'static str,
    pub(super) not_copied: &'static str,
    pub(super) bank: &'static str,
    pub(super) amount: &'static str,
    pub(super) any_amount: &'static str,
    pub(super) limits: &'static str,
    pub(super) at_least: &'static str,
    pub(super) at_most: &'static str,
    pub(super) name: &'static str,
    pub(super) until: &'static str,
    pub(super) left: &'static str,
    pub(super) day: &'static str,
    pub(super) how: &'static str,
    pub(super) more: &'static str,
    pub(super) received: &'static str,
    pub(super) paid_at: &'static str,
    pub(super) order: &'static str,
    pub(super) by_itself: &'static str,
    pub(super) places: [Place; 3],
    pub(super) no_such: Said,
    pub(super) later: Said,
    creating: Said,
    unknown: Said,
    active: Said,
    /// Of a bill whose payer may pay another amount.
    any: Said,
    again: Said,
    paid: Said,
    expired: Said,
    deleted: Said,
    inactive: Said,
    refused: Said,
}

/// Where to pay, and how.
pub(super) struct Place {
    pub(super) name: &'static str,
    pub(super) steps: [&'static str; 5],
}

impl Words {
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::Id => &INDONESIAN,
            Language::En => &ENGLISH,
        }
    }

    /// What is said of a state; of an account that may be paid again, that a payment has come. `exact` is whether one amount
    /// alone settles it.
    pub(super) const fn state(&self, state: State, received: bool, exact: bool) -> Said {
        match state {
            State::Creating => self.creating,
            State::Unknown => self.unknown,
            State::Active if received => self.again,
            State::Active if exact => self.active,
            State::Active => self.any,
            State::Paid => self.paid,
            State::Expired => self.expired,
            State::Deleted => self.deleted,
            State::Inactive => self.inactive,
            State::Refused => self.refused,
        }
    }
}

/// The name of a month.
pub(super) const fn month(month: Month, language: Language) -> &'static str {
    let (indonesian, english) = match month {
        Month::January => ("Januari", "January"),
        Month::February => ("Februari", "February"),
        Month::March => ("Maret", "March"),
        Month::April => ("April", "April"),
        Month::May => ("Mei", "May"),
        Month::June => ("Juni", "June"),
        Month::July => ("Juli", "July"),
        Month::August => ("Agustus", "August"),
        Month::September => ("September", "September"),
        Month::October => ("Oktober", "October"),
        Month::November => ("November", "November"),
        Month::December => ("Desember", "December"),
    };
    match language {
        Language::Id => indonesian,
        Language::En => english,
    }
}

static INDONESIAN: Words = Words {
    lang: "id",
    language: "Bahasa",
    payment: "Pembayaran",
    number: "Nomor Virtual Account",
    copy: "Salin nomor",
    copied: "Nomor sudah disalin.",
    not_copied: "Nomor sudah ditandai. Salin dengan menu peramban Anda.",
    bank: "Bank",
    amount: "Jumlah",
    any_amount: "Anda yang menentukan",
    limits: "Batas jumlah",
    at_least: "minimal",
    at_most: "maksimal",
    name: "Nama",
    until: "Bayar sebelum",
    left: "Sisa waktu",
    day: "hari",
    how: "Cara membayar",
    more: "Petunjuk lengkap dari DOKU",
    received: "Diterima",
    paid_at: "Waktu pembayaran",
    order: "Nomor pesanan:",
    by_itself: "Halaman ini berubah sendiri setelah pembayaran diterima.",
    places: [
        Place {
            name: "ATM BTN",
            steps: [
                "Masukkan kartu ATM dan PIN Anda.",
                "Pilih menu Pembayaran, lalu Virtual Account.",
                "Masukkan nomor Virtual Account di atas.",
                "Periksa nama dan jumlah yang tampil di layar.",
                "Konfirmasi, lalu simpan struknya.",
            ],
        },
        Place {
            name: "Mobile banking BTN",
            steps: [
                "Buka aplikasi mobile banking BTN dan masuk.",
                "Pilih menu Pembayaran, lalu Virtual Account.",
                "Tempel atau ketik nomor Virtual Account di atas.",
                "Periksa nama dan jumlah yang tampil di layar.",
                "Konfirmasi dengan PIN Anda.",
            ],
        },
        Place {
            name: "Internet banking BTN",
            steps: [
                "Masuk ke internet banking BTN.",
                "Pilih menu Pembayaran, lalu Virtual Account.",
                "Tempel atau ketik nomor Virtual Account di atas.",
                "Periksa nama dan jumlah yang tampil di layar.",
                "Konfirmasi dengan token atau kode yang diminta.",
            ],
        },
    ],
    no_such: (
        "Halaman tidak ditemukan",
        "Periksa alamatnya, atau minta tautan baru dari toko.",
    ),
    later: (
        "Halaman belum bisa ditampilkan",
        "Muat ulang halaman ini sebentar lagi. Jika Anda sudah membayar, pembayaran Anda tidak hilang.",
    ),
    creating: (
        "Nomor sedang disiapkan",
        "Tunggu sebentar. Nomor akan tampil di sini.",
    ),
    unknown: (
        "Nomor sedang diperiksa",
        "Kami sedang memastikan nomor Anda dengan bank. Jangan membuat pesanan baru dulu.",
    ),
    active: (
        "Silakan bayar",
        "Bayar ke nomor di bawah ini dengan jumlah yang tepat.",
    ),
    any: (
        "Silakan bayar",
        "Tentukan jumlahnya sendiri, lalu bayar ke nomor di bawah ini.",
    ),
    again: (
        "Pembayaran diterima",
        "Terima kasih. Nomor ini dapat dibayar lagi.",
    ),
    paid: (
        "Sudah dibayar",
        "Terima kasih. Pembayaran Anda sudah kami terima.",
    ),
    expired: (
        "Waktu pembayaran habis",
        "Jangan membayar ke nomor ini lagi. Jika Anda sudah membayar, halaman ini akan berubah sendiri.",
    ),
    deleted: (
        "Pembayaran dibatalkan",
        "Jangan membayar ke nomor ini. Hubungi toko jika Anda sudah membayar.",
    ),
    inactive: (
        "Nomor tidak aktif untuk sementara",
        "Nomor ini belum dapat dibayar sekarang. Coba lagi nanti.",
    ),
    refused: ("Nomor tidak dapat dibuat", "Kembali ke toko dan coba lagi."),
};

static ENGLISH: Words = Words {
    lang: "en",
    language: "Language",
    payment: "Payment",
    number: "Virtual account number",
    copy: "Copy number",
    copied: "The number was copied.",
    not_copied: "The number is selected. Copy it with your browser's menu.",
    bank: "Bank",
    amount: "Amount",
    any_amount: "As you choose",
    limits: "Allowed amount",
    at_least: "at least",
    at_most: "at most",
    name: "Name",
    until: "Pay before",
    left: "Time left",
    day: "d",
    how: "How to pay",
    more: "Full instructions from DOKU",
    received: "Received",
    paid_at: "Time of payment",
    order: "Order number:",
    by_itself: "This page changes by itself once the payment has arrived.",
    places: [
        Place {
            name: "BTN ATM",
            steps: [
                "Insert your ATM card and enter your PIN.",
                "Choose Payment (Pembayaran), then Virtual Account.",
                "Enter the virtual account number above.",
                "Compare the name and the amount on the screen.",
                "Confirm, and keep the receipt.",
            ],
        },
        Place {
            name: "BTN mobile banking",
            steps: [
                "Open BTN's mobile banking app and sign in.",
                "Choose Payment (Pembayaran), then Virtual Account.",
                "Paste or type the virtual account number above.",
                "Compare the name and the amount on the screen.",
                "Confirm with your PIN.",
            ],
        },
        Place {
            name: "BTN internet banking",
            steps: [
                "Sign in to BTN's internet banking.",
                "Choose Payment (Pembayaran), then Virtual Account.",
                "Paste or type the virtual account number above.",
                "Compare the name and the amount on the screen.",
                "Confirm with the token or code that you are asked for.",
            ],
        },
    ],
    no_such: (
        "There is no such page",
        "Check the address, or ask the shop for a new link.",
    ),
    later: (
        "This page cannot be shown right now",
        "Load it again in a moment. If you have paid already, your payment is not lost.",
    ),
    creating: (
        "Your number is being prepared",
        "Wait a moment. It will appear here.",
    ),
    unknown: (
        "Your number is being checked",
        "We are making sure of your number with the bank. Do not place another order yet.",
    ),
    active: ("Please pay", "Pay the exact amount to the number below."),
    any: (
        "Please pay",
        "Choose the amount, and pay it to the number below.",
    ),
    again: (
        "Payment received",
        "Thank you. This number can be paid again.",
    ),
    paid: ("Paid", "Thank you. We have received your payment."),
    expired: (
        "The time to pay is over",
        "Do not pay to this number any more. If you have paid already, this page will change by itself.",
    ),
    deleted: (
        "This payment was cancelled",
        "Do not pay to this number. Contact the shop if you have paid already.",
    ),
    inactive: (
        "This number is switched off for now",
        "It cannot be paid at the moment. Try again later.",
    ),
    refused: (
        "The number could not be made",
        "Go back to the shop and try again.",
    ),
};
