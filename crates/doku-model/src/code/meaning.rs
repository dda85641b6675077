//! The table of cases: HTTP status and case code, what they mean, and what to do.
//!
//! The generic table of SNAP BI as DOKU's documentation and its official SDKs print it. Sources disagree on 404/13 and 404/19
//! for one product; the majority, and what was seen live, is *invalid amount* and *expired or invalid bill*.

use std::fmt;

/// What the caller of the operation should do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// Nothing: it is done.
    Done,
    /// Nothing is decided yet: ask again later, with check status where there is something to check.
    AskLater,
    /// Nothing was done, and the request itself is fine: send it again later.
    SendLater,
    /// Mend the request; sending the same again will be refused again.
    MendRequest,
    /// Check client id, secret key, private key and clock.
    CheckCredentials,
    /// Get a new token and send again. The client of this project has done it once already.
    RefreshToken,
    /// Ask DOKU: the account or BIN is not set up for this.
    AskDoku,
    /// The state of the bill forbids it; look at the bill, not at the request.
    LookAtBill,
    /// Read the answer that came first: this key was used before.
    ReadEarlierAnswer,
    /// Send again with the same X-EXTERNAL-ID; if the call changes something, the outcome of this one is unknown.
    SendAgain,
}

impl Action {
    /// The advice in one sentence.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Done => "Nothing to do.",
            Self::AskLater => "It is not decided yet: ask again later.",
            Self::SendLater => "Nothing was done: send again later.",
            Self::MendRequest => "Mend the request; the same one will be refused again.",
            Self::CheckCredentials => {
                "Check the secret key first, then the client id, the clock, and that DOKU has the public half of the private key."
            }
            Self::RefreshToken => "Get a new access token and send again.",
            Self::AskDoku => {
                "Ask DOKU to check the set-up of the account, its BIN and its channel."
            }
            Self::LookAtBill => "Look at the state of the bill; the request itself is fine.",
            Self::ReadEarlierAnswer => {
                "The key was used before: the earlier answer counts. Take a new external id or trxId for a new virtual account."
            }
            Self::SendAgain => {
                "DOKU has a problem: send again later with the same X-EXTERNAL-ID. Until then the outcome is unknown."
            }
        }
    }
    /// The advice in one sentence of Bahasa Indonesia.
    #[must_use]
    pub const fn advice_in_indonesian(self) -> &'static str {
        match self {
            Self::Done => "Tidak ada yang perlu dilakukan.",
            Self::AskLater => "Belum diputuskan: tanyakan lagi nanti.",
            Self::SendLater => "Tidak ada yang dilakukan: kirim lagi nanti.",
            Self::MendRequest => "Perbaiki permintaannya; permintaan yang sama akan ditolak lagi.",
            Self::CheckCredentials => {
                "Periksa dulu secret key, lalu client id, jam, dan apakah DOKU memiliki kunci publik dari private key Anda."
            }
            Self::RefreshToken => "Minta access token baru lalu kirim lagi.",
            Self::AskDoku => "Minta DOKU memeriksa pengaturan akun, BIN dan channel-nya.",
            Self::LookAtBill => "Lihat keadaan tagihannya; permintaannya sendiri sudah benar.",
            Self::ReadEarlierAnswer => {
                "External id atau trxId ini sudah pernah dipakai: jawaban sebelumnya yang berlaku. Pakai yang baru untuk virtual account baru."
            }
            Self::SendAgain => {
                "DOKU sedang bermasalah: kirim lagi nanti dengan X-EXTERNAL-ID yang sama. Sampai saat itu hasilnya belum diketahui."
            }
        }
    }

    /// Whose fault it is, as a rule.
    #[must_use]
    pub const fn blame(self) -> Blame {
        match self {
            Self::Done | Self::AskLater | Self::SendLater | Self::LookAtBill => Blame::Nobody,
            Self::MendRequest
            | Self::CheckCredentials
            | Self::RefreshToken
            | Self::ReadEarlierAnswer => Blame::Caller,
            Self::AskDoku => Blame::SetUp,
            Self::SendAgain => Blame::Answerer,
        }
    }
}

/// Whose fault an answer is, as a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Blame {
    /// Nobody's: it is done, or it is the state of things.
    Nobody,
    /// That of the request, and so of whoever made it.
    Caller,
    /// The account, the BIN or the channel is not set up for this.
    SetUp,
    /// That of the one who answered.
    Answerer,
}

/// Writes the enum and the table in one go, so that neither can lack a row.
macro_rules! meanings {
    ($($(#[$doc:meta])* $name:ident: [$($status:literal / $case:literal),+] $text:literal, $indonesian:literal, $action:ident;)+) => {
        /// What a response code says, whichever service said it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Meaning {
            $($(#[$doc])* $name,)+
            /// A code that is not in the table.
            Unknown,
        }

        impl Meaning {
            /// Every row of the table: HTTP status, case, meaning.
            pub const TABLE: &'static [(u16, u8, Self)] = &[$($(($status, $case, Self::$name),)+)+];

            /// The meaning in a few words.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                    Self::Unknown => "unknown response code",
                }
            }

            /// The meaning in a few words of Bahasa Indonesia.
            #[must_use]
            pub const fn text_in_indonesian(self) -> &'static str {
                match self {
                    $(Self::$name => $indonesian,)+
                    Self::Unknown => "kode jawaban tidak dikenal",
                }
            }

            /// What the caller should do; [`Action::AskDoku`] where the code is unknown.
            #[must_use]
            pub const fn action(self) -> Action {
                match self {
                    $(Self::$name => Action::$action,)+
                    Self::Unknown => Action::AskDoku,
                }
            }
        }
    };
}

meanings! {
    /// 200/00.
    Successful: [200 / 0] "successful", "berhasil", Done;
    /// 202/00: accepted, not decided yet.
    InProgress: [202 / 0] "request in progress", "permintaan sedang diproses", AskLater;
    /// 400/00.
    BadRequest: [400 / 0] "bad request", "permintaan tidak valid", MendRequest;
    /// 400/01: a member has the wrong form.
    InvalidFieldFormat: [400 / 1] "a member has the wrong form", "format sebuah field salah", MendRequest;
    /// 400/02: a mandatory member is missing.
    InvalidMandatoryField: [400 / 2] "a mandatory member is missing", "sebuah field wajib tidak ada", MendRequest;
    /// 400/03.
    AlreadySuccess: [400 / 3] "the transaction succeeded already", "transaksi sudah berhasil sebelumnya", ReadEarlierAnswer;
    /// 400/04.
    InvalidParameter: [400 / 4] "a parameter is invalid", "sebuah parameter tidak valid", MendRequest;
    /// 401/00: unknown client, wrong signature, and the like.
    Unauthorized: [401 / 0] "not authorised: the client or the signature was refused", "tidak diotorisasi: client atau tanda tangan ditolak", CheckCredentials;
    /// 401/01.
    InvalidToken: [401 / 1] "the access token is invalid or has expired", "access token tidak valid atau kedaluwarsa", RefreshToken;
    /// 401/02.
    InvalidCustomerToken: [401 / 2] "the customer token is invalid", "token nasabah tidak valid", RefreshToken;
    /// 401/03.
    TokenNotFound: [401 / 3] "there is no access token", "access token tidak ada", RefreshToken;
    /// 401/04.
    CustomerTokenNotFound: [401 / 4] "there is no customer token", "token nasabah tidak ada", RefreshToken;
    /// 403/00.
    TransactionExpired: [403 / 0] "the transaction has expired", "transaksi sudah kedaluwarsa", LookAtBill;
    /// 403/01: for create, usually the BIN is not set up as the numbers suppose.
    FeatureNotAllowed: [403 / 1] "the feature is not allowed for this account or BIN", "fitur tidak diizinkan untuk akun atau BIN ini", AskDoku;
    /// 403/02.
    AmountLimitExceeded: [403 / 2] "the amount limit is exceeded", "batas nominal terlampaui", LookAtBill;
    /// 403/03.
    SuspectedFraud: [403 / 3] "fraud is suspected", "dicurigai penipuan", AskDoku;
    /// 403/04.
    ActivityCountExceeded: [403 / 4] "too many activities", "terlalu banyak aktivitas", SendLater;
    /// 403/05.
    DoNotHonor: [403 / 5] "refused by the bank", "ditolak oleh bank", AskDoku;
    /// 403/06.
    FeatureNotAllowedNow: [403 / 6] "the feature is not allowed at this time", "fitur tidak diizinkan saat ini", SendLater;
    /// 403/07 to 403/12: refusals about cards and codes, which virtual accounts do not meet.
    CardRefusal: [403 / 7, 403 / 8, 403 / 9, 403 / 10, 403 / 11, 403 / 12] "refused for a reason of cards or accounts", "ditolak karena alasan kartu atau rekening", AskDoku;
    /// 403/14.
    InsufficientFunds: [403 / 14] "insufficient funds", "dana tidak cukup", LookAtBill;
    /// 403/15: the three numbers do not fit together, or the account is not set up for SNAP virtual accounts.
    NotPermitted: [403 / 15] "the transaction is not permitted; often the three numbers do not fit together", "transaksi tidak diizinkan; sering karena ketiga nomor tidak cocok satu sama lain", MendRequest;
    /// 404/01.
    TransactionNotFound: [404 / 1] "there is no such transaction", "transaksi tidak ditemukan", LookAtBill;
    /// 404/02.
    InvalidRouting: [404 / 2] "invalid routing", "routing tidak valid", AskDoku;
    /// 404/07.
    JourneyNotFound: [404 / 7] "the journey was not found", "journey tidak ditemukan", AskDoku;
    /// 404/08.
    InvalidMerchant: [404 / 8] "the merchant is unknown", "merchant tidak dikenal", CheckCredentials;
    /// 404/11.
    InvalidAccount: [404 / 11] "the account, customer or virtual account is invalid", "rekening, nasabah atau virtual account tidak valid", MendRequest;
    /// 404/12.
    BillNotFound: [404 / 12] "there is no such bill", "tagihan tidak ditemukan", LookAtBill;
    /// 404/13.
    InvalidAmount: [404 / 13] "the amount is invalid", "nominal tidak valid", MendRequest;
    /// 404/14.
    PaidBill: [404 / 14] "the bill has been paid", "tagihan sudah dibayar", LookAtBill;
    /// 404/18.
    InconsistentRequest: [404 / 18] "the request is inconsistent", "permintaan tidak konsisten", MendRequest;
    /// 404/19: also what delete answers for another trxId than the one of the create call.
    BillExpired: [404 / 19] "the bill has expired or is invalid", "tagihan kedaluwarsa atau tidak valid", LookAtBill;
    /// 409/00: the X-EXTERNAL-ID was used before on this day.
    Conflict: [409 / 0] "the external id was used before today", "external id sudah dipakai hari ini", ReadEarlierAnswer;
    /// 409/01.
    DuplicateReference: [409 / 1] "the reference number was used before", "nomor referensi sudah dipakai", ReadEarlierAnswer;
    /// 429/00: too many requests.
    TooManyRequests: [429 / 0] "too many requests", "terlalu banyak permintaan", SendLater;
    /// 500/00.
    GeneralError: [500 / 0] "general error at DOKU", "kesalahan umum di DOKU", SendAgain;
    /// 500/01.
    InternalError: [500 / 1] "internal error at DOKU", "kesalahan internal di DOKU", SendAgain;
    /// 503/00.
    Unavailable: [503 / 0] "DOKU is unavailable", "DOKU sedang tidak tersedia", SendAgain;
    /// 504/00.
    Timeout: [504 / 0] "DOKU did not answer in time", "DOKU tidak menjawab tepat waktu", SendAgain;
}

impl Meaning {
    /// The meaning of an HTTP status and a case.
    #[must_use]
    pub fn of(http_status: u16, case: u8) -> Self {
        Self::TABLE
            .iter()
            .find(|(status, number, _)| (*status, *number) == (http_status, case))
            .map_or(Self::Unknown, |(_, _, meaning)| *meaning)
    }
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
