//! A look at many bytes at once, for readers and writers of plain JSON.

/// A block is of a fixed size, so that the compiler looks at sixteen bytes with one instruction.
const BLOCK: usize = 64;

/// Whether there is no backslash and no control character, a line end included.
#[inline]
pub(super) fn is_plain(json: &[u8]) -> bool {
    in_blocks(json).all(|block| {
        let is_unusual = |byte: u8| u8::from((byte < b' ') | (byte == b'\\'));
        let unusual = block.iter().fold(0, |all, byte| all | is_unusual(*byte));
        unusual == 0
    })
}

/// How many quotes there are.
#[inline]
pub(super) fn quotes(json: &[u8]) -> usize {
    let in_block = |block: [u8; BLOCK]| {
        let is_quote = |byte: u8| u8::from(byte == b'"');
        block
            .iter()
            .fold(0_u8, |sum, byte| sum.wrapping_add(is_quote(*byte)))
    };
    in_blocks(json).map(in_block).map(usize::from).sum()
}

/// The blocks, the last one filled with blanks.
#[inline]
fn in_blocks(json: &[u8]) -> impl Iterator<Item = [u8; BLOCK]> {
    let (blocks, tail) = json.as_chunks();
    let mut last = [b' '; BLOCK];
    if let Some(head) = last.get_mut(..tail.len()) {
        head.copy_from_slice(tail);
    }
    blocks.iter().copied().chain(std::iter::once(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_seen_in_every_place() {
        for length in [1, BLOCK - 1, BLOCK, BLOCK + 1, 200] {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut json = vec![b'"'; length];
                    json[at] = byte;
                    assert_eq!(is_plain(&json), byte >= b' ' && byte != b'\\');
                    assert_eq!(quotes(&json), length - usize::from(byte != b'"'));
                }
            }
        }
        let many = vec![b'"'; 10_000];
        assert_eq!(quotes(&many), many.len());
        assert_eq!(quotes(&[]), 0);
        assert!(is_plain(&[]));
    }
}
