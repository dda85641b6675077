//! From the text of a key, as people have it, to its bytes.
//!
//! Keys travel through environment variables, YAML, spreadsheets and chat windows. So line ends
//! may be CRLF or the two characters `\n`, all may stand on one line, lines may have blanks around
//! them, the text may be quoted, the armour may be missing, and the whole file may be base64 once
//! more. None of that changes which key it is.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::error::KeyError;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// What `-----BEGIN ` becomes when a whole PEM file is encoded in base64.
const BEGIN_IN_BASE64: &str = "LS0tLS1CRUdJTi";

/// Keys are read leniently: the `=` at the end may be lost.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes in a key text.
pub(super) fn der(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let text = unescape(text);
    let text = text.trim_matches(|c: char| is_blank(c) || c == '"' || c == '\'');
    if text.is_empty() {
        return Err(KeyError::Empty);
    }
    if text.contains(BEGIN) {
        return armoured(text);
    }
    if text.starts_with("ssh-") || text.contains("BEGIN SSH2") {
        return Err(KeyError::OpenSsh);
    }
    let bytes = base64(text).map_err(|_| KeyError::NotPem)?;
    if text.starts_with(BEGIN_IN_BASE64) {
        let inner = str::from_utf8(&bytes).map_err(|_| KeyError::NotPem)?;
        return armoured(&unescape(inner));
    }
    Ok(bytes)
}

/// The bytes of the one PEM block in the text.
fn armoured(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let labels = || {
        text.split(BEGIN)
            .skip(1)
            .filter_map(|rest| rest.split(DASHES).next())
    };
    if labels().any(|label| label.starts_with("EC ") || label.starts_with("DSA ")) {
        return Err(KeyError::NotRsa);
    }
    match labels().count() {
        0 => return Err(KeyError::NotPem),
        1 => {}
        found => return Err(KeyError::SeveralBlocks { found }),
    }

    let block = text
        .split_once(BEGIN)
        .and_then(|(_, rest)| rest.split_once(DASHES));
    let (label, rest) = block.ok_or(KeyError::CutOff)?;
    let (body, after) = rest.split_once(END).ok_or(KeyError::CutOff)?;
    if after.split_once(DASHES).map(|(end, _)| end.trim()) != Some(label.trim()) {
        return Err(KeyError::CutOff);
    }

    match label.trim() {
        "OPENSSH PRIVATE KEY" => return Err(KeyError::OpenSsh),
        "CERTIFICATE" | "TRUSTED CERTIFICATE" | "X509 CERTIFICATE" => {
            return Err(KeyError::CertificateGiven);
        }
        _ => {}
    }
    if body.contains("Proc-Type:") || body.contains("DEK-Info:") {
        return Err(KeyError::OldPemEncryption);
    }
    base64(body)
}

fn base64(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let mut packed = Zeroizing::new(String::with_capacity(text.len()));
    packed.extend(text.chars().filter(|c| !is_blank(*c)));
    BASE64
        .decode(packed.as_bytes())
        .map(Zeroizing::new)
        .map_err(|_| KeyError::NotBase64)
}

/// Turns the two characters `\n`, as environment variables hold them, into a line end.
fn unescape(text: &str) -> Zeroizing<String> {
    // One allocation of the full size, so that no copy of the key is left behind by growing.
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.peek() {
                Some('n' | 'r') => {
                    chars.next();
                    plain.push('\n');
                }
                // Escaped twice, or a line continued as in a shell.
                Some('\\' | '\n' | '\r') => {}
                _ => plain.push(c),
            },
            _ => plain.push(c),
        }
    }
    plain
}

/// White space, and the marks that editors put before or between text without showing them.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}
