//! What is said about a request, in English and Indonesian. What is said about a mistake stands with the diagnosis.

use doku::sign::diagnose::Language;

use super::formula::By;
use super::role::Role;
use super::subject::Note;
use crate::args::{Formula, Party};

/// Chooses between the two languages.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Words(pub(super) Language);

impl Words {
    /// One text of two; a language that is not known here reads English.
    pub(super) const fn of(self, english: &'static str, indonesian: &'static str) -> &'static str {
        match self.0 {
            Language::Indonesian => indonesian,
            _ => english,
        }
    }

    pub(super) const fn kind(self, formula: Formula) -> &'static str {
        match formula {
            Formula::Token => self.of("a token request", "permintaan token"),
            Formula::Transaction => self.of("a SNAP transaction", "transaksi SNAP"),
            Formula::Asymmetric => {
                self.of("an asymmetric SNAP transaction", "transaksi SNAP asimetris")
            }
            Formula::NonSnap => self.of("a non-SNAP request", "permintaan non-SNAP"),
        }
    }

    pub(super) const fn formula(self, formula: Formula) -> &'static str {
        match formula {
            Formula::Token => "RSA-SHA-256(clientId|timestamp)",
            Formula::Transaction => "HMAC-SHA-512(METHOD:path:token:hash:timestamp)",
            Formula::Asymmetric => "RSA-SHA-256(METHOD:path:hash:timestamp)",
            Formula::NonSnap => {
                "HMAC-SHA-256(Client-Id, Request-Id, Request-Timestamp, Request-Target, Digest)"
            }
        }
    }

    pub(super) const fn direction(self, from: Party) -> &'static str {
        match from {
            Party::Merchant => self.of("from the merchant to DOKU", "dari merchant ke DOKU"),
            Party::Doku => self.of("from DOKU to the merchant", "dari DOKU ke merchant"),
        }
    }

    pub(super) const fn by(self, by: By) -> &'static str {
        match by {
            By::Asked => self.of("as asked", "sesuai permintaan"),
            By::Path => self.of("known by its path", "dikenali dari path"),
            By::Headers => self.of("known by its headers", "dikenali dari header"),
            By::Host => self.of("known by its host", "dikenali dari host"),
            By::Default => self.of(
                "as nothing says otherwise",
                "karena tidak ada petunjuk lain",
            ),
        }
    }

    pub(super) const fn key(self, role: Role) -> &'static str {
        match role {
            Role::Secret => self.of("the secret key", "secret key"),
            Role::Merchant => self.of("the merchant's key", "kunci merchant"),
            Role::Doku => self.of("DOKU's public key", "kunci publik DOKU"),
        }
    }

    /// `from X-TIMESTAMP`, or that there is none.
    pub(super) fn source(self, header: Option<&str>) -> String {
        match header {
            Some(header) => format!("{} {header}", self.of("from", "dari")),
            None => self.of("missing", "tidak ada").to_owned(),
        }
    }

    pub(super) fn note(self, note: Note) -> String {
        match note {
            Note::Missing(header) => match self.0 {
                Language::Indonesian => format!("header {header} tidak ada"),
                _ => format!("the header {header} is missing"),
            },
            Note::NotBearer => self
                .of(
                    "the Authorization header does not begin with the word Bearer",
                    "header Authorization tidak diawali kata Bearer",
                )
                .to_owned(),
            Note::BodyCut(bytes) => match self.0 {
                Language::Indonesian => format!(
                    "body kurang {bytes} byte dari Content-Length: teksnya berubah saat disalin, jadi hash-nya tidak dapat dipercaya"
                ),
                _ => format!(
                    "the body lacks {bytes} bytes of its Content-Length: the text was changed when it was copied, and its hash with it"
                ),
            },
            Note::SenderGuessed => self
                .of(
                    "its host is not DOKU's, so DOKU is taken to have sent it; --from merchant says otherwise",
                    "host-nya bukan milik DOKU, jadi dianggap dikirim oleh DOKU; gunakan --from merchant jika tidak",
                )
                .to_owned(),
        }
    }

    /// What to try where no known mistake explains it.
    pub(super) const fn more_to_try(self, formula: Formula) -> &'static str {
        match formula {
            Formula::Transaction => self.of(
                "If the secret, the token or the text may be another one, give it with --other-secret-file, --other-token-file or --their-text.",
                "Jika mungkin secret, token atau teks lain yang dipakai, berikan dengan --other-secret-file, --other-token-file atau --their-text.",
            ),
            Formula::NonSnap => self.of(
                "If the secret or the text may be another one, give it with --other-secret-file or --their-text.",
                "Jika mungkin secret atau teks lain yang dipakai, berikan dengan --other-secret-file atau --their-text.",
            ),
            Formula::Token | Formula::Asymmetric => self.of(
                "If the key or the text may be another one, give it with --other-public-key or --their-text.",
                "Jika mungkin kunci atau teks lain yang dipakai, berikan dengan --other-public-key atau --their-text.",
            ),
        }
    }

    /// There is no key to verify with.
    pub(super) fn no_key(self, role: Role, formula: Formula) -> (String, String) {
        let (key, kind, variable) = (self.key(role), self.kind(formula), role.variable());
        let or = match role {
            Role::Merchant => self.of(
                ", or give --merchant-public-key",
                ", atau berikan --merchant-public-key",
            ),
            _ => "",
        };
        match self.0 {
            Language::Indonesian => (
                format!("ini {kind}, dan {key} yang memeriksanya tidak diberikan"),
                format!("Isi {variable} dengan nama berkasnya{or}."),
            ),
            _ => (
                format!("it is {kind}, and {key}, which verifies it, was not given"),
                format!("Set {variable} to the file that holds it{or}."),
            ),
        }
    }
}
