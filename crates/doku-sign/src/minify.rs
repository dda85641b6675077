//! Dropping the white space that JSON ignores, and nothing else.
//!
//! A SNAP signature covers the SHA-256 of the *minified* body: no space, tab, line feed or
//! carriage return outside strings; member order, the content of strings and the spelling of
//! numbers untouched (DOKU documentation, symmetric signature).
//!
//! The work is done in blocks of 64 bytes (see [`block`]). A block without white space needs only
//! the parity of its quotes. A block with white space turns into bit masks, one bit a byte, and
//! the strings in it are found by a running XOR over the mask of quotes. A block with a backslash
//! is rare and is walked byte by byte.

use std::borrow::Cow;

mod block;

use block::{BLOCK, Seen, prefix_xor};

/// The body without insignificant white space.
///
/// Borrows when there is nothing to drop. Works on any bytes: what is not JSON is treated as if
/// every `"` began or ended a string, and nothing but the four white-space bytes is ever dropped.
///
/// ```
/// use std::borrow::Cow;
/// use doku_sign::minify;
///
/// let pretty = b"{ \"customerNo\" : \"  1 2\" }\n";
/// assert_eq!(minify(pretty), Cow::Borrowed(b"{\"customerNo\":\"  1 2\"}"));
/// assert!(matches!(minify(b"{}"), Cow::Borrowed(_)));
/// ```
#[must_use]
pub fn minify(body: &[u8]) -> Cow<'_, [u8]> {
    let mut scanner = Scanner::default();
    let mut compact = Compact::new(body);

    let (blocks, tail) = body.as_chunks::<BLOCK>();
    let mut base = 0;
    for block in blocks {
        let dropped = scanner.insignificant(block);
        if dropped != 0 {
            compact.drop_bytes(base, dropped);
        }
        base += BLOCK;
    }
    if !tail.is_empty() {
        // The filler is never white space, so it is never dropped.
        let mut block = [b'0'; BLOCK];
        if let Some(head) = block.get_mut(..tail.len()) {
            head.copy_from_slice(tail);
        }
        let dropped = scanner.insignificant(&block);
        if dropped != 0 {
            compact.drop_bytes(base, dropped);
        }
    }
    compact.finish()
}

/// Where the scan stands between two blocks.
#[derive(Default)]
struct Scanner {
    in_string: bool,
    /// The next byte is escaped by a backslash at the end of the last block.
    escaped: bool,
}

impl Scanner {
    /// One bit for each byte of the block that JSON ignores.
    #[inline]
    fn insignificant(&mut self, block: &[u8; BLOCK]) -> u64 {
        let seen = Seen::in_block(block);
        if seen.unusual || self.escaped {
            return self.insignificant_bytewise(block);
        }
        let was_inside = self.in_string;
        self.in_string ^= seen.odd_quotes;
        if !seen.white_space {
            return 0;
        }
        let inside = prefix_xor(block::quotes(block)) ^ if was_inside { u64::MAX } else { 0 };
        block::white_space(block) & !inside
    }

    /// The same by the byte, for the rare block with an escape or a control character.
    #[inline(never)]
    fn insignificant_bytewise(&mut self, block: &[u8; BLOCK]) -> u64 {
        let mut dropped = 0;
        let mut bit = 1_u64;
        for &byte in block {
            if self.in_string {
                if self.escaped {
                    self.escaped = false;
                } else if byte == b'\\' {
                    self.escaped = true;
                } else if byte == b'"' {
                    self.in_string = false;
                }
            } else if byte == b'"' {
                self.in_string = true;
            } else if is_white_space(byte) {
                dropped |= bit;
            }
            bit = bit.rotate_left(1);
        }
        dropped
    }
}

/// JSON's white space (RFC 8259, section 2).
const fn is_white_space(byte: u8) -> bool {
    // Bitwise, not short-circuit: the loop over a block must stay free of branches.
    (byte == b' ') | (byte == b'\t') | (byte == b'\n') | (byte == b'\r')
}

/// The minified body as it grows; borrows until the first byte is dropped.
struct Compact<'a> {
    body: &'a [u8],
    kept: Vec<u8>,
    /// Everything before this is in `kept` or dropped.
    settled: usize,
}

impl<'a> Compact<'a> {
    const fn new(body: &'a [u8]) -> Self {
        Self {
            body,
            kept: Vec::new(),
            settled: 0,
        }
    }

    /// Drops the bytes of the block at `base` whose bits are set; keeps those between them.
    #[inline]
    fn drop_bytes(&mut self, base: usize, mut dropped: u64) {
        if self.kept.capacity() == 0 {
            self.kept.reserve_exact(self.body.len());
        }
        while dropped != 0 {
            let start = dropped.trailing_zeros();
            let length = (dropped >> start).trailing_ones();
            self.keep_until(base + start as usize);
            self.settled = base + (start + length) as usize;
            // Adding the lowest set bit carries through its run and clears it.
            dropped &= dropped.wrapping_add(1 << start);
        }
    }

    #[inline]
    fn keep_until(&mut self, end: usize) {
        if let Some(run) = self.body.get(self.settled..end) {
            self.kept.extend_from_slice(run);
        }
    }

    fn finish(mut self) -> Cow<'a, [u8]> {
        if self.settled == 0 {
            return Cow::Borrowed(self.body);
        }
        self.keep_until(self.body.len());
        Cow::Owned(self.kept)
    }
}

#[cfg(test)]
mod tests;
