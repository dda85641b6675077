//! Text forms of bytes: lower-case hex, and the one strict base64.
//!
//! Nothing here is public. What a caller sees are the types that use it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Lower-case hex of a SHA-256 hash, without allocating.
pub(crate) fn hex32(bytes: &[u8; 32]) -> [u8; 64] {
    let mut out = [0_u8; 64];
    for (pair, byte) in out.chunks_exact_mut(2).zip(bytes) {
        if let [high, low] = pair {
            *high = nibble(byte >> 4);
            *low = nibble(byte & 0x0f);
        }
    }
    out
}

fn nibble(value: u8) -> u8 {
    HEX.get(usize::from(value & 0x0f)).copied().unwrap_or(b'0')
}

/// The value of one lower-case hex digit.
pub(crate) fn lower_hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// Standard base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
