//! English.

use std::borrow::Cow;

use super::{Labels, library};
use crate::diagnose::{Cause, KeyOwner};

pub(in crate::diagnose) const LABELS: Labels = Labels {
    right: "the signature is right",
    right_but_refused: "the signature is right, but the request would be refused",
    wrong: "the signature does not match",
    cause: "cause",
    likely: "likely",
    unknown: "none of the known mistakes makes this signature",
    unknown_advice: "Compare your string-to-sign with the expected one, byte for byte; if they are the same, the secret, the token or the key is another one.",
    advice: "advice",
    expected: "to sign",
    signed: "signed",
    theirs: "theirs",
    difference: "difference",
    clock: "clock",
    cut_short: "the body or the texts are so long that not every mistake was tried",
};

pub(in crate::diagnose) fn describe(cause: &Cause) -> Cow<'static, str> {
    Cow::Borrowed(match cause {
        Cause::NoSignature => "no signature was presented",
        Cause::NotBase64 => "the text is not a signature",
        Cause::Hex => "the signature is written in hex",
        Cause::Base64Url => "the signature is written in base64url",
        Cause::Padding => "the signature's base64 has the wrong padding",
        Cause::BlanksInSignature => "the signature has blanks, line ends or quotes in it",
        Cause::PercentEncoded => "the signature was encoded for a URL or a form",
        Cause::EncodedTwice => "the signature was encoded twice",
        Cause::AlgorithmBeforeSignature => {
            "the name of the algorithm stands before the signature, as in non-SNAP calls"
        }
        Cause::AlgorithmLeftOut => "HMACSHA256= does not stand before the signature",
        Cause::WrongLength { bytes } => {
            return format!("a signature of {bytes} bytes cannot be of this kind").into();
        }
        Cause::HmacSha256 => "signed with HMAC-SHA-256 instead of HMAC-SHA-512",
        Cause::HmacSha512 => "signed with HMAC-SHA-512 instead of HMAC-SHA-256",
        Cause::HmacInsteadOfRsa => "signed with the client secret instead of the private key",
        Cause::RsaInsteadOfHmac => "signed with the private key instead of the client secret",
        Cause::OtherHash(hash) => {
            return format!("signed with RSA over {} instead of SHA-256", hash.as_str()).into();
        }
        Cause::TokenFormula => "signed with the formula of the token call, clientId|timestamp",
        Cause::TransactionFormula => {
            "signed with the formula of a transaction, METHOD:path:token:hash:timestamp"
        }
        Cause::AsymmetricFormula => {
            "signed with the formula of an asymmetric transaction, METHOD:path:hash:timestamp"
        }
        Cause::NonSnapFormula => {
            "signed with the labelled lines of a non-SNAP call, Client-Id: and so on"
        }
        Cause::TokenLeftOut => "the access token was left out of the text that was signed",
        Cause::LowerCaseMethod => "the method was not signed in capitals",
        Cause::OtherMethod => "another method was signed",
        Cause::WholeUrl => "the URL was signed instead of the path",
        Cause::PublicPath => "the path of the public URL was signed, not the one that arrived here",
        Cause::TrailingSlash => "the path was signed with a slash too many or too few at its end",
        Cause::NoQuery => "the path was signed without its query",
        Cause::NoLeadingSlash => "the path was signed without its first slash",
        Cause::DoubledSlash => "the path was signed with two slashes at its beginning",
        Cause::PathCutShort => "only the end of the path was signed",
        Cause::LineEndAfterText => "the text was signed with a line end after it",
        Cause::BearerInToken => "the token was signed with the word Bearer before it",
        Cause::EmptyToken => "the token slot was left empty",
        Cause::OtherToken { number } => {
            return format!("another token was signed: number {number} of the others given").into();
        }
        Cause::BlanksInToken => "the token was signed with blanks, a line end or quotes around it",
        Cause::RawBody => "the body was hashed without being minified",
        Cause::EmptyBody => "an empty body was hashed instead of the one that was sent",
        Cause::BodyInvented => "an empty JSON value was hashed although no body was sent",
        Cause::BlanksInStringsDropped => {
            "the body was minified by dropping blanks inside strings as well"
        }
        Cause::SlashesEscaped => "the body was hashed with \\/ but sent with /",
        Cause::SlashesPlain => "the body was hashed with / but sent with \\/",
        Cause::Reserialised(spelling) => {
            return format!(
                "the body that was hashed was written again, other than the one sent ({})",
                library(*spelling)
            )
            .into();
        }
        Cause::BodyHashInCapitals => "the hash of the body was signed in capitals",
        Cause::BodyHashInBase64 => "the hash of the body was signed in base64",
        Cause::BodyNotHashed => "the body itself was signed, not its hash",
        Cause::MinifiedBody => {
            "the body was minified before it was hashed, which is for SNAP alone"
        }
        Cause::LineEnds => "the body was hashed with other line ends or blanks around it",
        Cause::DigestInHex => "the digest was signed in hex",
        Cause::DigestLeftOut => "the line Digest is missing although there is a body",
        Cause::DigestWithoutBody => "the line Digest is there although there is no body",
        Cause::TimestampInOtherOffset => "the timestamp was signed in another offset",
        Cause::TimestampReformatted => "the timestamp was signed in another form",
        Cause::TimestampWithOtherLabel => {
            "the timestamp was signed with the same time of day but another offset"
        }
        Cause::TimestampTakenTwice { seconds } => {
            return format!("the timestamp that was signed is another one, by {seconds:+} s")
                .into();
        }
        Cause::TimestampMilliseconds { milliseconds } => {
            return format!(
                "the timestamp was signed with .{milliseconds:03} of its second, and sent without"
            )
            .into();
        }
        Cause::BlanksInClientId => "the client id was signed with blanks or a line end around it",
        Cause::EmptyClientId => "an empty client id was signed",
        Cause::OtherClient => "the request names another client id than the one expected",
        Cause::RequestId => "the request id was signed empty, or with blanks around it",
        Cause::BlanksInSecret => "the client secret was used with blanks or a line end around it",
        Cause::QuotedSecret => "the client secret was used with quotes around it",
        Cause::EmptySecret => "the client secret was empty",
        Cause::ClientIdAsSecret => "the client id was used as the client secret",
        Cause::OtherSecret { number } => {
            return format!("another client secret was used: number {number} of the others given")
                .into();
        }
        Cause::OtherKey { owner, fingerprint } => {
            let owner = match owner {
                KeyOwner::Merchant => "the merchant's",
                KeyOwner::Doku => "DOKU's",
            };
            return format!("signed with another key: {owner}, fingerprint {fingerprint}").into();
        }
        Cause::UnknownKey => "signed with a key that is none of those given",
        Cause::OtherText => "signed with the right key, but another text",
        Cause::OtherPart(component) => {
            return format!("the {component} that was signed is another one").into();
        }
        Cause::ClockSkew(skew) => return skew.describe(super::Language::English).into(),
    })
}

pub(in crate::diagnose) const fn advice(cause: &Cause) -> &'static str {
    match cause {
        Cause::NoSignature => {
            "Send the signature in the header X-SIGNATURE, outside SNAP in Signature."
        }
        Cause::NotBase64 => "Send the signature's bytes in standard base64 and nothing else.",
        Cause::Hex => "Write the signature's bytes in base64, not in hex.",
        Cause::Base64Url => {
            "Write the signature's bytes in standard base64, with + and / and padding."
        }
        Cause::Padding => "End the base64 with = up to a multiple of four characters.",
        Cause::BlanksInSignature => {
            "Send the base64 in one line with nothing around it; many encoders break lines unless told not to."
        }
        Cause::PercentEncoded => {
            "Put the base64 into the header as it is; headers are not encoded."
        }
        Cause::EncodedTwice => {
            "Encode the bytes of the signature, not their hex or base64 text; many functions have a raw or binary output for that."
        }
        Cause::AlgorithmBeforeSignature => {
            "Send the base64 alone; HMACSHA256= belongs to DOKU's non-SNAP calls."
        }
        Cause::AlgorithmLeftOut => "Send HMACSHA256= and the base64 right after it.",
        Cause::WrongLength { .. } => {
            "Use HMAC-SHA-512 with the client secret for transactions, HMAC-SHA-256 outside SNAP, RSA with SHA-256 for the token call, and send all bytes of the result."
        }
        Cause::HmacSha256 => "Use HMAC-SHA-512; HMAC-SHA-256 belongs to DOKU's non-SNAP calls.",
        Cause::HmacSha512 => "Use HMAC-SHA-256; HMAC-SHA-512 belongs to SNAP.",
        Cause::HmacInsteadOfRsa => "Sign this call with the private key: RSA PKCS#1 v1.5, SHA-256.",
        Cause::RsaInsteadOfHmac => {
            "Sign this call with the client secret: HMAC-SHA-512, outside SNAP HMAC-SHA-256."
        }
        Cause::OtherHash(_) => "Use SHA256withRSA, that is RSA PKCS#1 v1.5 with SHA-256.",
        Cause::TokenFormula => {
            "clientId|timestamp is for the token call only; sign METHOD:path:token:hash:timestamp."
        }
        Cause::TransactionFormula => {
            "Use the formula of this call: clientId|timestamp for a token, METHOD:path:hash:timestamp for an asymmetric transaction, labelled lines outside SNAP."
        }
        Cause::AsymmetricFormula => {
            "Use the formula of this call: clientId|timestamp for a token, METHOD:path:token:hash:timestamp for a transaction."
        }
        Cause::NonSnapFormula => {
            "The lines belong to DOKU's non-SNAP calls; use the formula of this call, METHOD:path:token:hash:timestamp for a transaction."
        }
        Cause::TokenLeftOut => "Put the access token between the path and the hash of the body.",
        Cause::LowerCaseMethod => "Sign the method in capitals.",
        Cause::OtherMethod => "Sign the method that the request is sent with.",
        Cause::WholeUrl => "Sign the path only, without scheme and host.",
        Cause::PublicPath => {
            "A proxy changes the path on its way; verify with the path of the public URL."
        }
        Cause::TrailingSlash => "Sign the path exactly as it is called, up to its last character.",
        Cause::NoQuery => "Sign the path with its query.",
        Cause::NoLeadingSlash => "Sign the path from its first slash on.",
        Cause::DoubledSlash => {
            "Take the slash from the end of the base URL; sign the path that is called."
        }
        Cause::PathCutShort => "Sign the whole path, with what the base URL holds of it.",
        Cause::LineEndAfterText => "Sign the text alone: echo adds a line end, printf %s does not.",
        Cause::BearerInToken => "Sign the token alone, without the word Bearer.",
        Cause::EmptyToken => "Put the access token between the path and the hash of the body.",
        Cause::OtherToken { .. } => {
            "Sign the token that the Authorization header of the same request carries."
        }
        Cause::BlanksInToken => {
            "Take away what stands around the token before it is signed and sent."
        }
        Cause::RawBody => {
            "Hash the minified body: blanks and line ends outside strings do not count."
        }
        Cause::EmptyBody => "Hash the body that is sent, of DELETE as well.",
        Cause::BodyInvented => "Where no body is sent, hash the empty string.",
        Cause::BlanksInStringsDropped => {
            "Drop white space outside strings only; partnerServiceId keeps its blanks."
        }
        Cause::SlashesEscaped | Cause::SlashesPlain | Cause::Reserialised(_) => {
            "Serialise the body once, hash those bytes, and send exactly those bytes. A receiver hashes the bytes that arrived, before any parser."
        }
        Cause::BodyHashInCapitals => "Write the hash of the body in lower-case hex.",
        Cause::BodyHashInBase64 => "Write the hash of the body in lower-case hex, not in base64.",
        Cause::BodyNotHashed => {
            "Put the SHA-256 in its place: of the minified body in lower-case hex, outside SNAP of the body as it is in base64."
        }
        Cause::MinifiedBody | Cause::LineEnds => "Hash the bytes of the body as they are sent.",
        Cause::DigestInHex => "Write the digest in base64.",
        Cause::DigestLeftOut => "Sign the line Digest as the last one wherever a body is sent.",
        Cause::DigestWithoutBody => "Leave the line Digest out where no body is sent, as for GET.",
        Cause::TimestampInOtherOffset
        | Cause::TimestampReformatted
        | Cause::TimestampWithOtherLabel => {
            "Make the timestamp's text once; sign and send the very same text. A receiver takes the header's text, not a parsed time."
        }
        Cause::TimestampTakenTwice { .. } | Cause::TimestampMilliseconds { .. } => {
            "Read the clock once for each request; sign and send the same text."
        }
        Cause::BlanksInClientId => "Take away the blanks around the client id.",
        Cause::EmptyClientId => "Configure the client id; it was not set when this was signed.",
        Cause::OtherClient => {
            "Use the client id of the account whose keys are used, in the request and in the settings; sandbox and production have one each."
        }
        Cause::RequestId => "Sign the very text that the header Request-Id carries.",
        Cause::BlanksInSecret => {
            "Take away the blanks or the line end that copying left around the secret."
        }
        Cause::QuotedSecret => "Take away the quotes; they belong to the file, not to the secret.",
        Cause::EmptySecret => "Configure the client secret; it was not set when this was signed.",
        Cause::ClientIdAsSecret => {
            "The client id and the secret were mixed up; the secret begins with SK-."
        }
        Cause::OtherSecret { .. } => {
            "Use the same secret on both sides; it may have been renewed on one of them."
        }
        Cause::OtherKey { .. } => {
            "Use the two halves of one pair: the merchant signs with its private key and DOKU verifies with the merchant's public key; DOKU signs with its own, and the merchant verifies with DOKU's public key."
        }
        Cause::UnknownKey => {
            "Compare the key of both sides: the fingerprints of both public halves, or the secrets in the back office."
        }
        Cause::OtherText => {
            "The key is right. Compare your string-to-sign with the expected one, byte for byte."
        }
        Cause::OtherPart(_) => "Make that part the same on both sides.",
        Cause::ClockSkew(_) => {
            "Set the clock by NTP. If whole hours are missing, local time was written as UTC or the other way round. A call that was kept for a while is to be judged by the time at which it was sent."
        }
    }
}
