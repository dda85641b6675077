//! Writing a minified body again, token by token and in its order.

use super::Style;

/// `None` for a string that does not end or cannot be read, and beyond `limit` bytes.
pub(super) fn write(compact: &str, style: &Style, limit: usize) -> Option<String> {
    let mut writer = Writer {
        out: String::with_capacity(compact.len()),
        style,
        limit,
        depth: 0,
    };
    let mut rest = compact;
    let mut opened = false;
    while let Some(first) = rest.chars().next() {
        let token = token(rest, first)?;
        // An empty object or array stays on one line.
        if opened && !matches!(first, '}' | ']') {
            writer.new_line()?;
        }
        let was_opened = opened;
        opened = false;
        match first {
            '"' => {
                let inside = token.get(1..token.len().checked_sub(1)?)?;
                style.escapes.write(inside, &mut writer.out)?;
            }
            '{' | '[' => {
                writer.out.push(first);
                writer.depth = writer.depth.saturating_add(1);
                opened = true;
            }
            '}' | ']' => {
                writer.depth = writer.depth.saturating_sub(1);
                if !was_opened {
                    writer.new_line()?;
                }
                writer.out.push(first);
            }
            ',' => {
                writer.out.push_str(style.comma);
                writer.new_line()?;
            }
            ':' => writer.out.push_str(style.colon),
            _ => style.numbers.write(token, &mut writer.out),
        }
        writer.must_fit()?;
        rest = rest.get(token.len()..)?;
    }
    Some(writer.out)
}

/// The token at the start of `rest`: a string with its quotes, one structural character, or
/// everything up to the next of both.
fn token(rest: &str, first: char) -> Option<&str> {
    let end = match first {
        '"' => closing_quote(rest)? + 1,
        '{' | '}' | '[' | ']' | ',' | ':' => 1,
        _ => rest
            .find(['"', '{', '}', '[', ']', ',', ':'])
            .unwrap_or(rest.len()),
    };
    rest.get(..end)
}

fn closing_quote(string: &str) -> Option<usize> {
    let mut escaped = false;
    string
        .bytes()
        .enumerate()
        .skip(1)
        .find(|(_, byte)| {
            let closes = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            closes
        })
        .map(|(at, _)| at)
}

struct Writer<'s> {
    out: String,
    style: &'s Style,
    limit: usize,
    depth: usize,
}

impl Writer<'_> {
    fn new_line(&mut self) -> Option<()> {
        if self.style.indent > 0 {
            let blanks = self.style.indent.saturating_mul(self.depth);
            // Before they are written: a body of brackets alone would take their square.
            if self.out.len().saturating_add(blanks) > self.limit {
                return None;
            }
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(' ', blanks));
        }
        Some(())
    }

    fn must_fit(&self) -> Option<()> {
        (self.out.len() <= self.limit).then_some(())
    }
}
