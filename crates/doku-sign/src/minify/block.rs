//! Looking at 64 bytes at once, in plain Rust.
//!
//! The first look is a loop that the compiler turns into vector instructions on every target. The
//! masks compare eight bytes at a time within one integer.

use super::is_white_space;

pub(super) const BLOCK: usize = 64;

/// The accumulators are as wide as a vector register.
const LANE: usize = 16;

/// What a first look at a block tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// There is white space, or an unusual byte.
    pub(super) white_space: bool,
    /// There is a backslash, or a control character that is not white space.
    pub(super) unusual: bool,
    /// The number of quotes is odd.
    pub(super) odd_quotes: bool,
}

impl Seen {
    #[inline]
    pub(super) fn in_block(block: &[u8; BLOCK]) -> Self {
        let mut low = [0_u8; LANE];
        let mut unusual = [0_u8; LANE];
        let mut quotes = [0_u8; LANE];
        let (lanes, _) = block.as_chunks::<LANE>();
        for lane in lanes {
            let flags = low.iter_mut().zip(&mut unusual).zip(&mut quotes);
            for (&byte, ((low, unusual), quotes)) in lane.iter().zip(flags) {
                let is_low = byte <= b' ';
                *low |= u8::from(is_low);
                *unusual |= u8::from((byte == b'\\') | (is_low & !is_white_space(byte)));
                *quotes ^= u8::from(byte == b'"');
            }
        }
        Self {
            white_space: u128::from_le_bytes(low) != 0,
            unusual: u128::from_le_bytes(unusual) != 0,
            odd_quotes: !u128::from_le_bytes(quotes).count_ones().is_multiple_of(2),
        }
    }
}

/// One bit for each quote, that of the first byte lowest.
#[inline]
pub(super) fn quotes(block: &[u8; BLOCK]) -> u64 {
    mask(block, |word| {
        let differing = word ^ splat(b'"');
        // The highest bit of a byte stays clear only if none of its bits differs.
        !(((differing & LOW_BITS) + LOW_BITS) | differing)
    })
}

/// One bit for each byte up to the blank: white space, in a block with no other control
/// characters.
#[inline]
pub(super) fn white_space(block: &[u8; BLOCK]) -> u64 {
    // Adding 0x5f carries into the highest bit from 0x21 on.
    mask(block, |word| {
        !(((word & LOW_BITS) + splat(0x7f - b' ')) | word)
    })
}

/// Bit `i` of the result is the parity of bits `0..=i`: set from an opening quote up to the byte
/// before the closing one.
#[inline]
pub(super) const fn prefix_xor(mut bits: u64) -> u64 {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^= bits << 32;
    bits
}

/// All bits of each byte but the highest, so that sums do not carry into the next byte.
const LOW_BITS: u64 = splat(0x7f);

const fn splat(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// Gathers the highest bits of what `flags` makes of each eight bytes.
#[inline]
fn mask(block: &[u8; BLOCK], flags: impl Fn(u64) -> u64) -> u64 {
    let (words, _) = block.as_chunks::<8>();
    let mut bits = 0;
    for word in words.iter().rev() {
        let highest = (flags(u64::from_le_bytes(*word)) >> 7) & splat(1);
        // The multiplication brings flag `i` to bit `56 + i`; no two products meet on one bit.
        bits = (bits << 8) | (highest.wrapping_mul(0x0102_0408_1020_4080) >> 56);
    }
    bits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(block: &[u8; BLOCK], is: impl Fn(u8) -> bool) -> u64 {
        block
            .iter()
            .enumerate()
            .map(|(at, &byte)| u64::from(is(byte)) << at)
            .sum()
    }

    fn agrees(block: &[u8; BLOCK]) {
        let white = plain(block, |byte| b" \t\r\n".contains(&byte));
        let control = plain(block, |byte| byte <= b' ' && !b" \t\r\n".contains(&byte));
        let backslash = plain(block, |byte| byte == b'\\');
        let quote = plain(block, |byte| byte == b'"');
        let seen = Seen::in_block(block);
        assert_eq!(seen.white_space, white | control != 0);
        assert_eq!(seen.unusual, backslash | control != 0);
        assert_eq!(seen.odd_quotes, quote.count_ones() % 2 == 1);
        assert_eq!(quotes(block), quote);
        assert_eq!(white_space(block), white | control);
    }

    #[test]
    fn every_byte_in_every_place() {
        for at in 0..BLOCK {
            for byte in 0..=u8::MAX {
                for filler in [b'0', b'"', b' ', 0x00, 0x80, 0xff] {
                    let mut block = [filler; BLOCK];
                    block[at] = byte;
                    agrees(&block);
                }
            }
        }
    }

    #[test]
    fn strings_run_from_quote_to_quote() {
        assert_eq!(prefix_xor(0b0100_0010_0001), !0b11_1111_1111 | 0b1_1111);
        assert_eq!(prefix_xor(0b1000_1000), 0b0111_1000);
        assert_eq!(prefix_xor(0), 0);
    }

    proptest! {
        #[test]
        fn any_block(bytes in prop::collection::vec(any::<u8>(), BLOCK)) {
            agrees(&bytes.try_into().unwrap());
        }
    }
}
