//! From bytes that were verified to a payload: UTF-8, not too deep, and each member once.

use doku_model::wire;
use serde::Deserialize;

use super::refusal::Refusal;

/// Deeper than any call is nested; DOKU's go four levels down.
const DEEPEST: usize = 32;

/// Reads a payload.
pub(super) fn decode<'b, T: Deserialize<'b>>(body: &'b [u8]) -> Result<T, Refusal> {
    // Members that nobody knows are skipped unread, so these two are not left to the decoder.
    let text = str::from_utf8(body).map_err(|_| Refusal::NotUtf8)?;
    if depth(body) > DEEPEST {
        return Err(Refusal::TooDeep);
    }
    wire::decode_text(text).map_err(Refusal::Undecodable)
}

/// How many objects and arrays are open at most, brackets in texts not counted; or a bound of it that is not too deep.
fn depth(body: &[u8]) -> usize {
    // No call is deeper than it has brackets, and few have so many that it matters where they stand.
    let most: usize = body.chunks(COUNTED).map(brackets).sum();
    if most <= DEEPEST {
        return most;
    }
    let (mut open, mut deepest) = (0_usize, 0);
    let (mut in_text, mut escaped) = (false, false);
    for &byte in body {
        if in_text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'{' | b'[' => {
                open += 1;
                deepest = deepest.max(open);
            }
            b'}' | b']' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// As many bytes as one byte can count.
const COUNTED: usize = 255;

/// How many of at most [`COUNTED`] bytes open something. In a byte, sixteen are counted at a time.
fn brackets(bytes: &[u8]) -> usize {
    let count = |sum: u8, byte: &u8| sum.wrapping_add(u8::from(matches!(byte, b'{' | b'[')));
    usize::from(bytes.iter().fold(0, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_brackets_are_not_deep_unless_they_stand_in_each_other() {
        let text = format!(r#"{{"a":"{}\"[","b":1}}"#, "[{".repeat(100));
        assert_eq!(depth(text.as_bytes()), 1);
        let flat = format!("[{}]", vec!["[{}]"; 100].join(","));
        assert_eq!(depth(flat.as_bytes()), 3);
        for levels in [1, DEEPEST, DEEPEST + 1, 5_000] {
            let nested = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
            assert_eq!(depth(nested.as_bytes()), levels);
        }
    }
}
