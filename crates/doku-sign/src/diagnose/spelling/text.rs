//! Reading the escapes of a JSON string and writing those of another library.

use std::fmt::Write as _;

/// What a library escapes beyond what JSON asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Escapes {
    /// What becomes of an escape that is there already.
    present: Present,
    slashes: bool,
    /// ASCII characters that are written as `\u00..`.
    ascii: &'static str,
    beyond_ascii: Beyond,
    capitals: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Present {
    /// Read, and written as the library writes that character.
    Read,
    /// Left alone, all but `\/`.
    Kept,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beyond {
    /// As UTF-8.
    Plain,
    /// As UTF-8, but U+2028 and U+2029 escaped, which JavaScript once took for line ends.
    LineEndsEscaped,
    /// `\u....` in UTF-16.
    Escaped,
}

impl Escapes {
    /// None but those that JSON asks for.
    pub(super) const FEWEST: Self = Self {
        present: Present::Read,
        slashes: false,
        ascii: "",
        beyond_ascii: Beyond::Plain,
        capitals: false,
    };
    pub(super) const SLASHES: Self = Self {
        slashes: true,
        ..Self::FEWEST
    };
    pub(super) const ASCII: Self = Self {
        beyond_ascii: Beyond::Escaped,
        ..Self::FEWEST
    };
    pub(super) const PHP: Self = Self {
        slashes: true,
        ..Self::ASCII
    };
    pub(super) const GSON: Self = Self {
        ascii: "'=<>&",
        beyond_ascii: Beyond::LineEndsEscaped,
        ..Self::FEWEST
    };
    pub(super) const GO: Self = Self {
        ascii: "<>&",
        ..Self::GSON
    };
    pub(super) const DOT_NET: Self = Self {
        ascii: "\"&'+<>`\u{7f}",
        capitals: true,
        ..Self::ASCII
    };
    pub(super) const KEEP_BUT_ESCAPE_SLASHES: Self = Self {
        present: Present::Kept,
        ..Self::SLASHES
    };
    pub(super) const KEEP_BUT_PLAIN_SLASHES: Self = Self {
        present: Present::Kept,
        ..Self::FEWEST
    };

    /// Writes the string again, quotes included. `inside` is what stands between its quotes.
    pub(super) fn write(&self, inside: &str, out: &mut String) -> Option<()> {
        out.push('"');
        let mut rest = inside;
        while let Some(first) = rest.chars().next() {
            if first != '\\' {
                self.write_char(first, out);
                rest = rest.get(first.len_utf8()..)?;
                continue;
            }
            let (unit, length) = read_escape(rest)?;
            let escape = rest.get(..length)?;
            rest = rest.get(length..)?;
            match unit {
                Unit::Char('/') => self.write_char('/', out),
                _ if self.present == Present::Kept => out.push_str(escape),
                Unit::Char(character) => self.write_char(character, out),
                Unit::Half(half) => self.write_unit(half, out),
            }
        }
        out.push('"');
        Some(())
    }

    /// Writes a string that holds no escapes, with quotes.
    pub(super) fn write_plain(&self, text: &str, out: &mut String) {
        out.push('"');
        for character in text.chars() {
            self.write_char(character, out);
        }
        out.push('"');
    }

    fn write_char(&self, character: char, out: &mut String) {
        if self.present == Present::Kept && character != '/' {
            out.push(character);
            return;
        }
        match character {
            _ if character.is_ascii() && self.ascii.contains(character) => {
                self.write_units(character, out);
            }
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '/' if self.slashes => out.push_str("\\/"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' => self.write_units(character, out),
            '\u{2028}' | '\u{2029}' if self.beyond_ascii != Beyond::Plain => {
                self.write_units(character, out);
            }
            _ if !character.is_ascii() && self.beyond_ascii == Beyond::Escaped => {
                self.write_units(character, out);
            }
            _ => out.push(character),
        }
    }

    fn write_units(&self, character: char, out: &mut String) {
        for unit in character.encode_utf16(&mut [0; 2]) {
            self.write_unit(*unit, out);
        }
    }

    fn write_unit(&self, unit: u16, out: &mut String) {
        // Writing to a String does not fail.
        let _ = if self.capitals {
            write!(out, "\\u{unit:04X}")
        } else {
            write!(out, "\\u{unit:04x}")
        };
    }
}

/// What an escape stands for.
enum Unit {
    Char(char),
    /// Half of a pair without its other half, which no character is.
    Half(u16),
}

/// Reads the escape at the start of `text`, and its length.
fn read_escape(text: &str) -> Option<(Unit, usize)> {
    let character = match text.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return read_unicode(text),
        _ => return None,
    };
    Some((Unit::Char(character), 2))
}

fn read_unicode(text: &str) -> Option<(Unit, usize)> {
    let first = read_unit(text, 0)?;
    if let Some(second) = read_unit(text, 6)
        && let Some(Ok(character)) = char::decode_utf16([first, second])
            .next()
            .filter(|_| (0xd800..0xdc00).contains(&first))
    {
        return Some((Unit::Char(character), 12));
    }
    let unit = char::from_u32(u32::from(first)).map_or(Unit::Half(first), Unit::Char);
    Some((unit, 6))
}

/// Four hex digits after a `\u` at `at`.
fn read_unit(text: &str, at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    // `from_str_radix` alone would take a sign.
    digits
        .bytes()
        .all(|digit| digit.is_ascii_hexdigit())
        .then(|| u16::from_str_radix(digits, 16).ok())?
}
