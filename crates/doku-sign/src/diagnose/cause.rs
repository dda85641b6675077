//! The mistakes that are known, by name.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{Language, Skew, Spelling, words};
use crate::key::{Fingerprint, SignedHash};
use crate::string_to_sign::Component;

/// A mistake behind a signature that does not match.
///
/// `Display` is one line in English; [`describe`](Self::describe) and [`advice`](Self::advice)
/// know Indonesian as well.
///
/// ```
/// use doku_sign::diagnose::{Cause, Language};
///
/// let cause = Cause::BearerInToken;
/// assert_eq!(cause.to_string(), "the token was signed with the word Bearer before it");
/// assert_eq!(cause.advice(Language::English), "Sign the token alone, without the word Bearer.");
/// assert_eq!(cause.name(), "bearerInToken");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// No signature was presented.
    NoSignature,
    /// The text is no signature in any encoding.
    NotBase64,
    /// Written in hex instead of base64.
    Hex,
    /// Written in base64url instead of standard base64.
    Base64Url,
    /// The `=` at the end are missing or too many.
    Padding,
    /// Blanks, line ends or quotes around the base64 or within.
    BlanksInSignature,
    /// Encoded for a URL or a form: `%2B`, or a blank for a plus sign.
    PercentEncoded,
    /// Base64 of hex text, or base64 of base64.
    EncodedTwice,
    /// `HMACSHA256=` or `HMACSHA512=` before the base64, as in non-SNAP calls.
    AlgorithmBeforeSignature,
    /// No `HMACSHA256=` before the base64, where a non-SNAP call has it.
    AlgorithmLeftOut,
    /// As many bytes as no signature of this kind has.
    WrongLength {
        /// How many there are.
        bytes: usize,
    },

    /// HMAC-SHA-256 instead of HMAC-SHA-512.
    HmacSha256,
    /// HMAC-SHA-512 instead of HMAC-SHA-256, in a non-SNAP call.
    HmacSha512,
    /// Signed with the client secret where the private key was due.
    HmacInsteadOfRsa,
    /// Signed with the private key where the client secret was due.
    RsaInsteadOfHmac,
    /// RSA over another hash than SHA-256.
    OtherHash(SignedHash),
    /// The formula of the token call, `clientId|timestamp`, used for a transaction.
    TokenFormula,
    /// The formula of a transaction used for a call that has another one.
    TransactionFormula,
    /// The formula of the asymmetric transaction used for a call that has another one.
    AsymmetricFormula,
    /// The labelled lines of a non-SNAP call, used for a SNAP call.
    NonSnapFormula,
    /// `METHOD:path:hash:timestamp`: the token slot is missing, with its colon.
    TokenLeftOut,

    /// The method in lower or mixed case.
    LowerCaseMethod,
    /// Another method than the one of the request.
    OtherMethod,

    /// The whole URL, or the host and the path, instead of the path.
    WholeUrl,
    /// The path of the public URL, which something in front of the server rewrites.
    PublicPath,
    /// A slash too many or too few at the end of the path.
    TrailingSlash,
    /// The path without its query.
    NoQuery,
    /// The path without its first slash.
    NoLeadingSlash,
    /// The path with two slashes at its beginning: a base URL that ends with one.
    DoubledSlash,
    /// Only the end of the path: the part that follows some base path.
    PathCutShort,

    /// A line end after the whole text, as `echo` adds one.
    LineEndAfterText,
    /// The word `Bearer` was left before the token.
    BearerInToken,
    /// Nothing in the token slot.
    EmptyToken,
    /// Another of the tokens that were given.
    OtherToken {
        /// Which one, counted from 1 in the order they were given.
        number: usize,
    },
    /// Blanks, a line end or quotes around the token.
    BlanksInToken,

    /// The body was hashed as it is, with its white space.
    RawBody,
    /// The hash of nothing, or of `{}`, instead of the body's.
    EmptyBody,
    /// The hash of `{}` or the like although there is no body.
    BodyInvented,
    /// Minified by dropping the blanks inside strings as well.
    BlanksInStringsDropped,
    /// The body was hashed with `\/` for `/`, and sent without.
    SlashesEscaped,
    /// The body was hashed with `/`, and sent with `\/`.
    SlashesPlain,
    /// The body was parsed and written again before it was hashed, or before it was sent.
    Reserialised(Spelling),
    /// The hash of the body in capitals.
    BodyHashInCapitals,
    /// The hash of the body in base64 instead of hex.
    BodyHashInBase64,
    /// The body itself in the place of its hash.
    BodyNotHashed,
    /// Minified before it was hashed, in a non-SNAP call.
    MinifiedBody,
    /// Hashed with other line ends, or blanks around it, in a non-SNAP call.
    LineEnds,
    /// The digest of a non-SNAP call in hex instead of base64.
    DigestInHex,
    /// The line `Digest` of a non-SNAP call is missing although there is a body.
    DigestLeftOut,
    /// The line `Digest` of a non-SNAP call is there although there is no body.
    DigestWithoutBody,

    /// The same moment on the clock of another zone.
    TimestampInOtherOffset,
    /// The same moment on the same clock, written in another form.
    TimestampReformatted,
    /// The same clock with the name of another zone, such as `Z` on Indonesian time.
    TimestampWithOtherLabel,
    /// The clock was read twice: once for the header, once for the signature.
    TimestampTakenTwice {
        /// The signed time minus the time of the header, in seconds.
        seconds: i8,
    },
    /// Signed with milliseconds that the header does not have, within the same second: the header was cut, or the clock was
    /// read twice.
    TimestampMilliseconds {
        /// What was signed, 0 to 999.
        milliseconds: u16,
    },

    /// Blanks or a line end around the client id.
    BlanksInClientId,
    /// Nothing in the place of the client id.
    EmptyClientId,
    /// The request names another client than the one that is expected, whatever the signature is.
    OtherClient,
    /// Nothing in the place of the request id, or blanks around it.
    RequestId,

    /// The secret was used with blanks, a line end or a byte-order mark around it.
    BlanksInSecret,
    /// The secret was used with quotes around it.
    QuotedSecret,
    /// The secret was empty, as an unset variable is.
    EmptySecret,
    /// The client id was used as the secret.
    ClientIdAsSecret,
    /// Another of the secrets that were given.
    OtherSecret {
        /// Which one, counted from 1 in the order they were given.
        number: usize,
    },
    /// The other half of another key that was given.
    OtherKey {
        /// Whose key it is.
        owner: KeyOwner,
        /// Which one.
        fingerprint: Fingerprint,
    },
    /// None of the keys that were given.
    UnknownKey,

    /// The right key signed, but a text that is none of those tried.
    OtherText,
    /// The text that the other side says it signed was signed indeed, and differs here.
    OtherPart(Component),

    /// The timestamp is too far from the clock here, whatever the signature is.
    ClockSkew(Skew),
}

/// Whose pair a key belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyOwner {
    /// The merchant.
    Merchant,
    /// DOKU.
    Doku,
}

impl Cause {
    /// What was done wrong, in one line.
    #[must_use]
    pub fn describe(&self, language: Language) -> String {
        match language {
            Language::English => words::english::describe(self),
            Language::Indonesian => words::indonesian::describe(self),
        }
        .into_owned()
    }

    /// What to do about it, in a sentence or two.
    #[must_use]
    pub const fn advice(&self, language: Language) -> &'static str {
        match language {
            Language::English => words::english::advice(self),
            Language::Indonesian => words::indonesian::advice(self),
        }
    }

    /// A name for programs, in camel case. It stays the same in later versions.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NoSignature => "noSignature",
            Self::NotBase64 => "notBase64",
            Self::Hex => "hex",
            Self::Base64Url => "base64Url",
            Self::Padding => "padding",
            Self::BlanksInSignature => "blanksInSignature",
            Self::PercentEncoded => "percentEncoded",
            Self::EncodedTwice => "encodedTwice",
            Self::AlgorithmBeforeSignature => "algorithmBeforeSignature",
            Self::AlgorithmLeftOut => "algorithmLeftOut",
            Self::WrongLength { .. } => "wrongLength",
            Self::HmacSha256 => "hmacSha256",
            Self::HmacSha512 => "hmacSha512",
            Self::HmacInsteadOfRsa => "hmacInsteadOfRsa",
            Self::RsaInsteadOfHmac => "rsaInsteadOfHmac",
            Self::OtherHash(_) => "otherHash",
            Self::TokenFormula => "tokenFormula",
            Self::TransactionFormula => "transactionFormula",
            Self::AsymmetricFormula => "asymmetricFormula",
            Self::NonSnapFormula => "nonSnapFormula",
            Self::TokenLeftOut => "tokenLeftOut",
            Self::LowerCaseMethod => "lowerCaseMethod",
            Self::OtherMethod => "otherMethod",
            Self::WholeUrl => "wholeUrl",
            Self::PublicPath => "publicPath",
            Self::TrailingSlash => "trailingSlash",
            Self::NoQuery => "noQuery",
            Self::NoLeadingSlash => "noLeadingSlash",
            Self::DoubledSlash => "doubledSlash",
            Self::PathCutShort => "pathCutShort",
            Self::LineEndAfterText => "lineEndAfterText",
            Self::BearerInToken => "bearerInToken",
            Self::EmptyToken => "emptyToken",
            Self::OtherToken { .. } => "otherToken",
            Self::BlanksInToken => "blanksInToken",
            Self::RawBody => "rawBody",
            Self::EmptyBody => "emptyBody",
            Self::BodyInvented => "bodyInvented",
            Self::BlanksInStringsDropped => "blanksInStringsDropped",
            Self::SlashesEscaped => "slashesEscaped",
            Self::SlashesPlain => "slashesPlain",
            Self::Reserialised(_) => "reserialised",
            Self::BodyHashInCapitals => "bodyHashInCapitals",
            Self::BodyHashInBase64 => "bodyHashInBase64",
            Self::BodyNotHashed => "bodyNotHashed",
            Self::MinifiedBody => "minifiedBody",
            Self::LineEnds => "lineEnds",
            Self::DigestInHex => "digestInHex",
            Self::DigestLeftOut => "digestLeftOut",
            Self::DigestWithoutBody => "digestWithoutBody",
            Self::TimestampInOtherOffset => "timestampInOtherOffset",
            Self::TimestampReformatted => "timestampReformatted",
            Self::TimestampWithOtherLabel => "timestampWithOtherLabel",
            Self::TimestampTakenTwice { .. } => "timestampTakenTwice",
            Self::TimestampMilliseconds { .. } => "timestampMilliseconds",
            Self::BlanksInClientId => "blanksInClientId",
            Self::EmptyClientId => "emptyClientId",
            Self::OtherClient => "otherClient",
            Self::RequestId => "requestId",
            Self::BlanksInSecret => "blanksInSecret",
            Self::QuotedSecret => "quotedSecret",
            Self::EmptySecret => "emptySecret",
            Self::ClientIdAsSecret => "clientIdAsSecret",
            Self::OtherSecret { .. } => "otherSecret",
            Self::OtherKey { .. } => "otherKey",
            Self::UnknownKey => "unknownKey",
            Self::OtherText => "otherText",
            Self::OtherPart(_) => "otherPart",
            Self::ClockSkew(_) => "clockSkew",
        }
    }
}

/// As its [`name`](Cause::name).
impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&words::english::describe(self))
    }
}
