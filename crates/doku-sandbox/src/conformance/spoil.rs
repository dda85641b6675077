//! What becomes of a signature on its way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Written in hex.
pub(super) fn hex(signature: &str) -> String {
    let bytes = STANDARD.decode(signature).unwrap_or_default();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Half of it.
pub(super) fn cut_short(signature: &str) -> String {
    let mut bytes = STANDARD.decode(signature).unwrap_or_default();
    bytes.truncate(bytes.len() / 2);
    STANDARD.encode(bytes)
}

/// As long as it was, and all zeros.
pub(super) fn zeros(signature: &str) -> String {
    STANDARD.encode(vec![
        0_u8;
        STANDARD
            .decode(signature)
            .map_or(64, |bytes| bytes.len())
    ])
}

/// With bytes behind it.
pub(super) fn longer(signature: &str) -> String {
    let mut bytes = STANDARD.decode(signature).unwrap_or_default();
    bytes.extend([0; 8]);
    STANDARD.encode(bytes)
}

/// Capitals for small letters, and the other way round: other bytes, which some compare without regard to case.
pub(super) fn other_case(signature: &str) -> String {
    let swapped = |c: char| {
        if c.is_ascii_lowercase() {
            c.to_ascii_uppercase()
        } else {
            c.to_ascii_lowercase()
        }
    };
    signature.chars().map(swapped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_spoilt() {
        let good = STANDARD.encode([7_u8; 64]);
        assert_eq!(hex(&good), "07".repeat(64));
        assert_eq!(cut_short(&good), STANDARD.encode([7_u8; 32]));
        assert_eq!(zeros(&good), STANDARD.encode([0_u8; 64]));
        let longer = STANDARD.decode(longer(&good)).unwrap();
        assert_eq!(longer, [[7_u8; 64].as_slice(), &[0; 8]].concat());
    }

    #[test]
    fn another_case_is_another_signature_that_looks_alike() {
        assert_eq!(other_case("aZ09+/b="), "Az09+/B=");
        let good = STANDARD.encode([7_u8; 64]);
        assert_ne!(STANDARD.decode(other_case(&good)), STANDARD.decode(&good));
        assert!(other_case(&good).eq_ignore_ascii_case(&good));
    }
}
