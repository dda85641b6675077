//! The signature that was presented, in every way its text can be read.

use std::borrow::Cow;

use super::Cause;
use super::choice::Causes;
use crate::signature::{NonSnapSignature, Signature, SignatureError};

/// Longer texts are no signature in any encoding: RSA-4096 in hex, every character of it escaped.
const LONGEST: usize = 4 * 1024;

/// The name of the other algorithm, as it is written before a signature.
const HMAC_SHA_512: &str = "HMACSHA512=";

/// How many mistakes in one text are looked through.
const DEEPEST: usize = 2;

/// A way to read the text.
pub(super) struct Reading {
    pub(super) signature: Signature,
    /// What is wrong with the text, read so.
    pub(super) causes: Causes,
}

/// Every reading, the plainest first; none for a text that cannot be a signature.
pub(super) fn of(presented: &str) -> Vec<Reading> {
    let mut readings = Vec::new();
    if presented.len() <= LONGEST {
        read(presented, Causes::none(), &mut readings);
    }
    readings
}

/// The same for the header of a non-SNAP call, which names the algorithm first.
pub(super) fn of_non_snap(presented: &str) -> Vec<Reading> {
    let mut readings = Vec::new();
    if presented.len() <= LONGEST {
        let (text, causes) = match presented.trim() {
            text if text == presented => (text, Causes::none()),
            text => (text, Causes::of(&[Cause::BlanksInSignature])),
        };
        if let Some(rest) = text.strip_prefix(NonSnapSignature::PREFIX) {
            read(rest, causes, &mut readings);
        } else if let Some(causes) = causes.and(Cause::AlgorithmLeftOut) {
            let rest = text.strip_prefix(HMAC_SHA_512).unwrap_or(text);
            read(rest, causes, &mut readings);
        }
    }
    readings
}

fn read(text: &str, causes: Causes, readings: &mut Vec<Reading>) {
    if let Ok(signature) = Signature::from_base64(text) {
        // Base64 around another text form.
        let inner = str::from_utf8(signature.as_bytes()).ok().map(str::to_owned);
        readings.push(Reading { signature, causes });
        if let Some(inner) = inner
            && let Some(causes) = causes.and(Cause::EncodedTwice)
        {
            let inner = from_hex(&inner).unwrap_or(inner);
            if let Ok(signature) = Signature::from_base64(&inner) {
                readings.push(Reading { signature, causes });
            }
        }
        return;
    }
    if causes.len() == DEEPEST {
        return;
    }
    for (other, cause) in repaired(text) {
        if let Some(causes) = causes.and(cause)
            && other != text
        {
            read(&other, causes, readings);
        }
    }
}

/// The text with one kind of damage undone.
fn repaired(text: &str) -> Vec<(Cow<'_, str>, Cause)> {
    let mut repaired = Vec::new();
    let mut add = |text: Cow<'static, str>, cause| repaired.push((text, cause));
    if let Some(base64) = from_hex(text) {
        add(base64.into(), Cause::Hex);
        return repaired;
    }
    for prefix in [NonSnapSignature::PREFIX, HMAC_SHA_512] {
        if let Some(rest) = text.strip_prefix(prefix) {
            add(rest.to_owned().into(), Cause::AlgorithmBeforeSignature);
        }
    }
    if text.contains('%') {
        add(percent_decoded(text).into(), Cause::PercentEncoded);
    }
    if text.contains(char::is_whitespace) || text.contains(['"', '\'']) {
        let kept = |character: &char| !character.is_whitespace() && !"\"'".contains(*character);
        add(
            text.chars().filter(kept).collect::<String>().into(),
            Cause::BlanksInSignature,
        );
        // A form decoder makes blanks of plus signs.
        add(
            text.trim_end().replace(' ', "+").into(),
            Cause::PercentEncoded,
        );
    }
    let padded = |text: &str| {
        let bare = text.trim_end_matches('=');
        let missing = bare.len().next_multiple_of(4) - bare.len();
        format!("{bare}{}", "=".repeat(missing))
    };
    if text.contains(['-', '_']) {
        let standard = text.replace('-', "+").replace('_', "/");
        add(padded(&standard).into(), Cause::Base64Url);
    } else {
        add(padded(text).into(), Cause::Padding);
    }
    repaired
}

/// Standard base64 of the bytes that a hex text stands for.
fn from_hex(text: &str) -> Option<String> {
    let digits = text.as_bytes();
    if digits.len() < 32 || !digits.len().is_multiple_of(2) {
        return None;
    }
    let bytes: Option<Vec<u8>> = digits
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => {
                let value = |digit: &u8| char::from(*digit).to_digit(16);
                u8::try_from(value(high)? << 4 | value(low)?).ok()
            }
            _ => None,
        })
        .collect();
    bytes.map(|bytes| crate::encoding::base64(&bytes))
}

fn percent_decoded(text: &str) -> String {
    let mut decoded = text.to_owned();
    for (escape, character) in [
        ("%2B", "+"),
        ("%2b", "+"),
        ("%2F", "/"),
        ("%2f", "/"),
        ("%3D", "="),
        ("%3d", "="),
    ] {
        decoded = decoded.replace(escape, character);
    }
    decoded
}

/// What is plainly wrong with the header of a non-SNAP call.
pub(super) fn fault_of_non_snap(presented: &str) -> Option<Cause> {
    if presented.is_empty() {
        return Some(Cause::NoSignature);
    }
    match presented.strip_prefix(NonSnapSignature::PREFIX) {
        Some(rest) => fault(rest),
        None => Some(Cause::AlgorithmLeftOut),
    }
}

/// What is plainly wrong with the text, whatever was signed.
pub(super) fn fault(presented: &str) -> Option<Cause> {
    Some(match Signature::from_base64(presented).err()? {
        SignatureError::Empty => Cause::NoSignature,
        SignatureError::LooksLikeHex => Cause::Hex,
        SignatureError::LooksLikeBase64Url => Cause::Base64Url,
        SignatureError::WhiteSpace => Cause::BlanksInSignature,
        SignatureError::Padding => Cause::Padding,
        _ if presented.len() <= LONGEST
            && ["%2B", "%2b", "%2F", "%2f", "%3D", "%3d"]
                .iter()
                .any(|escape| presented.contains(escape)) =>
        {
            Cause::PercentEncoded
        }
        _ => Cause::NotBase64,
    })
}
