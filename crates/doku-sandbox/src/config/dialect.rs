//! In which form DOKU writes to the merchant. Its documentation shows several forms, and others were seen live; a merchant
//! that meets them all here meets none of them for the first time in production.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A choice that is written as one word.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, default $default:ident {
        $($(#[$of_one:meta])* $variant:ident = $word:literal,)+
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$of_one])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            const WORDS: &'static str = concat!($(" ", $word),+);

            /// The word it is written as.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::$default
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = DialectError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(DialectError::Word { words: Self::WORDS }),
                }
            }
        }
    };
}

words! {
    /// What stands before a partner service id of fewer than 8 digits.
    Padding, default Blanks {
        /// `"   95962"`, as SNAP BI wants it.
        Blanks = "blanks",
        /// `"95962"`, as a sample of an inquiry at BTN shows it.
        Nothing = "none",
        /// `"00095962"`, as DOKU's page about notifications describes it.
        Zeros = "zeros",
    }
}

words! {
    /// How a moment is written, in headers and bodies.
    TimestampForm, default Wib {
        /// `2020-12-21T14:56:11+07:00`.
        Wib = "wib",
        /// `2020-12-21T07:56:11Z`.
        Utc = "utc",
        /// `2020-12-21T07:56:11.000Z`, as DOKU's sample of a notification shows it.
        UtcMilliseconds = "utcMilliseconds",
    }
}

words! {
    /// What X-EXTERNAL-ID looks like.
    ExternalIdForm, default Digits {
        /// 12 digits, as in DOKU's sample of a notification.
        Digits = "digits12",
        /// 55 characters, letters and digits and an underscore, as in DOKU's sample of an inquiry.
        Long = "long55",
    }
}

words! {
    /// How the word before a token is written.
    BearerWord, default Bearer {
        /// `Bearer`.
        Bearer = "Bearer",
        /// `bearer`.
        LowerCase = "bearer",
    }
}

words! {
    /// What CHANNEL-ID says. BTN's own value is not published.
    ChannelIdForm, default Va {
        /// `VA004`, as in DOKU's sample of a notification.
        Va = "VA004",
        /// `H2H`, as in calls to DOKU.
        H2h = "H2H",
        /// The name of the channel, `VIRTUAL_ACCOUNT_BTN`.
        Name = "name",
        /// No such header.
        Absent = "absent",
    }
}

words! {
    /// Which token is presented to the merchant, and which one is signed. No public source decides.
    TokenSlot, default Bearer {
        /// The token of the merchant's token URL, presented and signed.
        Bearer = "bearer",
        /// The token of the merchant's token URL is presented; the slot of the string-to-sign is empty.
        Empty = "empty",
        /// No token is presented, and the slot is empty.
        NoBearer = "noBearer",
        /// The token of the merchant's token URL is presented; the token that DOKU issued to the merchant last is signed,
        /// expired or not.
        DokuToken = "dokuToken",
        /// The token that DOKU issued to the merchant is presented and signed, as in DOKU's sample of a notification.
        DokuBearer = "dokuBearer",
    }
}

words! {
    /// Which members a notification has.
    Members, default All {
        /// All that DOKU is known to send.
        All = "all",
        /// The mandatory ones only.
        Mandatory = "mandatory",
    }
}

impl TokenSlot {
    /// Whether the merchant's token URL is needed.
    pub(crate) const fn needs_token_url(self) -> bool {
        matches!(self, Self::Bearer | Self::Empty | Self::DokuToken)
    }
}

/// In which form DOKU writes to the merchant.
///
/// Reads from text, whose settings are separated by commas; what it does not name keeps its default:
///
/// ```
/// use doku_sandbox::{Dialect, Padding, TokenSlot};
///
/// let dialect: Dialect = "padding=zeros,tokenSlot=empty".parse()?;
/// assert_eq!((dialect.padding, dialect.token_slot), (Padding::Zeros, TokenSlot::Empty));
/// assert_eq!(dialect.to_string().parse::<Dialect>()?, dialect);
/// # Ok::<(), doku_sandbox::DialectError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Dialect {
    /// `padding`: `blanks`, `none` or `zeros`.
    pub padding: Padding,
    /// `timestamp`: `wib`, `utc` or `utcMilliseconds`.
    pub timestamp: TimestampForm,
    /// `externalId`: `digits12` or `long55`.
    pub external_id: ExternalIdForm,
    /// `bearer`: `Bearer` or `bearer`.
    pub bearer: BearerWord,
    /// `channelId`: `VA004`, `H2H`, `name` or `absent`.
    pub channel_id: ChannelIdForm,
    /// `tokenSlot`: `bearer`, `empty`, `noBearer`, `dokuToken` or `dokuBearer`.
    pub token_slot: TokenSlot,
    /// `members`: `all` or `mandatory`.
    pub members: Members,
}

/// A text that is no dialect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DialectError {
    /// Not `name=word`.
    #[error("a dialect is written padding=zeros,timestamp=utcMilliseconds")]
    Form,
    /// There is no such setting.
    #[error(
        "a dialect has these settings: padding, timestamp, externalId, bearer, channelId, tokenSlot, members"
    )]
    Setting,
    /// The setting has no such word.
    #[error("this setting takes one of:{words}")]
    Word {
        /// The words it takes, each after a blank.
        words: &'static str,
    },
}

impl Dialect {
    /// Changes what `text` names, `padding=zeros,tokenSlot=empty`, and keeps the rest.
    ///
    /// # Errors
    ///
    /// [`DialectError`].
    pub fn with(mut self, text: &str) -> Result<Self, DialectError> {
        for setting in text
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty())
        {
            let (name, word) = setting.split_once('=').ok_or(DialectError::Form)?;
            match name {
                "padding" => self.padding = word.parse()?,
                "timestamp" => self.timestamp = word.parse()?,
                "externalId" => self.external_id = word.parse()?,
                "bearer" => self.bearer = word.parse()?,
                "channelId" => self.channel_id = word.parse()?,
                "tokenSlot" => self.token_slot = word.parse()?,
                "members" => self.members = word.parse()?,
                _ => return Err(DialectError::Setting),
            }
        }
        Ok(self)
    }
}

impl FromStr for Dialect {
    type Err = DialectError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::default().with(text)
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "padding={},timestamp={},externalId={},bearer={},channelId={},tokenSlot={},members={}",
            self.padding,
            self.timestamp,
            self.external_id,
            self.bearer,
            self.channel_id,
            self.token_slot,
            self.members
        )
    }
}

words! {
    /// How a notification is sent again.
    Resend, default Fresh {
        /// Signed anew: another X-TIMESTAMP, X-EXTERNAL-ID and X-SIGNATURE over the same body.
        Fresh = "fresh",
        /// Byte for byte what was sent the first time, headers included.
        Identical = "identical",
    }
}

words! {
    /// What a create gives whose trxId has an account already, under an external id that is new. DOKU's table of codes has
    /// `4000500` for it; whether that always comes, no public source decides.
    RepeatedTrxId, default Answered {
        /// `4000500`, and the account that is there.
        Answered = "answered",
        /// One more account, as where DOKU knows a repeat by its external id alone: for showing that a merchant does not
        /// rely on being saved from a second one. A number of the merchant's own is still taken while it can be paid.
        MadeAgain = "madeAgain",
    }
}

words! {
    /// Which clock X-TIMESTAMP shows in calls to the merchant.
    HeaderClock, default Machine {
        /// The machine's, which the merchant's shows as well, however far the sandbox's was moved.
        Machine = "machine",
        /// The sandbox's, moves included: for a merchant whose clock is moved along.
        Sandbox = "sandbox",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for text in [
            "padding=blanks",
            "padding=none",
            "padding=zeros",
            "timestamp=wib",
            "timestamp=utc",
            "timestamp=utcMilliseconds",
            "externalId=digits12",
            "externalId=long55",
            "bearer=Bearer",
            "bearer=bearer",
            "channelId=VA004",
            "channelId=H2H",
            "channelId=name",
            "channelId=absent",
            "tokenSlot=bearer",
            "tokenSlot=empty",
            "tokenSlot=noBearer",
            "tokenSlot=dokuToken",
            "tokenSlot=dokuBearer",
            "members=all",
            "members=mandatory",
        ] {
            let dialect: Dialect = text.parse().unwrap();
            assert!(
                dialect
                    .to_string()
                    .split(',')
                    .any(|setting| setting == text),
                "{text}"
            );
            let json = serde_json::to_string(&dialect).unwrap();
            assert_eq!(serde_json::from_str::<Dialect>(&json).unwrap(), dialect);
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for (text, error) in [
            ("padding", DialectError::Form),
            ("size=large", DialectError::Setting),
            (
                "padding=stars",
                DialectError::Word {
                    words: " blanks none zeros",
                },
            ),
        ] {
            assert_eq!(text.parse::<Dialect>(), Err(error));
        }
        assert!(serde_json::from_str::<Dialect>(r#"{"size":"large"}"#).is_err());
    }
}
