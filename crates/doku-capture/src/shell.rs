//! A command line as a shell splits it into words. Nothing is expanded: what a shell would replace is refused.
//!
//! The shell is that of Unix, with what browsers write for `cmd` of Windows besides: `^"…^"`, and carets where a shell of
//! Unix would see the end of the command.

use std::iter::Peekable;
use std::str::Chars;

use crate::error::{CaptureError, Place};

/// The words of the first command of `text`.
pub(crate) fn words(text: &str) -> Result<Vec<String>, CaptureError> {
    let mut splitter = Splitter {
        rest: text.chars().peekable(),
        line: 1,
    };
    let mut words = Vec::new();
    while let Some(word) = splitter.word()? {
        words.push(word);
    }
    Ok(words)
}

struct Splitter<'t> {
    rest: Peekable<Chars<'t>>,
    line: usize,
}

impl Splitter<'_> {
    /// The next word, or `None` where the command ends.
    fn word(&mut self) -> Result<Option<String>, CaptureError> {
        self.skip_blanks();
        if self.rest.peek() == Some(&'#') {
            return Ok(None);
        }
        let mut word = String::new();
        let mut begun = false;
        while let Some(&next) = self.rest.peek() {
            match next {
                // The number of what is redirected is no word.
                '<' | '>' if begun && word.bytes().all(|byte| byte.is_ascii_digit()) => {
                    return Ok(None);
                }
                // The end of the word, or of the command.
                ' ' | '\t' | '\r' | '\n' | '|' | ';' | '&' | '<' | '>' => break,
                _ => {}
            }
            self.take();
            let was_begun = std::mem::replace(&mut begun, true);
            match next {
                '\'' => self.single(&mut word)?,
                '"' => self.double(&mut word)?,
                '$' => match self.rest.peek() {
                    Some('\'') => {
                        self.take();
                        self.ansi(&mut word)?;
                    }
                    Some(c) if begins_expansion(*c) => return Err(self.expansion()),
                    _ => word.push('$'),
                },
                '`' => return Err(self.expansion()),
                '\\' | '^' if self.at_line_end() => {
                    self.skip_line_end();
                    if was_begun && next == '^' && self.at_line_end() {
                        // A line end that `cmd` was to keep.
                        self.skip_line_end();
                        word.push('\n');
                    } else if !was_begun {
                        self.skip_blanks();
                        begun = false;
                    }
                }
                '\\' => word.extend(self.take()),
                '^' => match self.rest.peek() {
                    Some('"') => {
                        self.take();
                        self.cmd(&mut word)?;
                    }
                    Some('&' | '|' | '<' | '>' | '%') => word.extend(self.take()),
                    _ => word.push('^'),
                },
                other => word.push(other),
            }
        }
        Ok(begun.then_some(word))
    }

    fn take(&mut self) -> Option<char> {
        let next = self.rest.next();
        if next == Some('\n') {
            self.line += 1;
        }
        next
    }

    fn skip_blanks(&mut self) {
        while self.rest.next_if(|c| matches!(c, ' ' | '\t')).is_some() {}
    }

    /// Whether nothing but a line end comes next; a caret or backslash before it continues the command.
    fn at_line_end(&mut self) -> bool {
        matches!(self.rest.peek(), Some('\n' | '\r'))
    }

    fn skip_line_end(&mut self) {
        let _carriage = self.rest.next_if_eq(&'\r');
        if self.rest.peek() == Some(&'\n') {
            self.take();
        }
    }

    fn expansion(&self) -> CaptureError {
        CaptureError::Expansion {
            place: Place::Line(self.line),
        }
    }

    /// The next character within a quote that began on `line`.
    fn within(&mut self, line: usize) -> Result<char, CaptureError> {
        self.take().ok_or(CaptureError::OpenQuote {
            place: Place::Line(line),
        })
    }

    fn single(&mut self, word: &mut String) -> Result<(), CaptureError> {
        let line = self.line;
        loop {
            match self.within(line)? {
                '\'' => return Ok(()),
                other => word.push(other),
            }
        }
    }

    fn double(&mut self, word: &mut String) -> Result<(), CaptureError> {
        let line = self.line;
        loop {
            match self.within(line)? {
                '"' => return Ok(()),
                '`' => return Err(self.expansion()),
                '$' if self.rest.peek().copied().is_some_and(begins_expansion) => {
                    return Err(self.expansion());
                }
                '\\' if self.at_line_end() => self.skip_line_end(),
                '\\' => match self.within(line)? {
                    escaped @ ('"' | '\\' | '$' | '`') => word.push(escaped),
                    other => word.extend(['\\', other]),
                },
                other => word.push(other),
            }
        }
    }

    /// `^"…^"`, which browsers write for `cmd`: it takes a caret away, and whoever splits what is left a backslash.
    fn cmd(&mut self, word: &mut String) -> Result<(), CaptureError> {
        let line = self.line;
        loop {
            match self.behind_caret(line)? {
                '"' => return Ok(()),
                '\\' => match self.behind_caret(line)? {
                    escaped @ ('"' | '\\') => word.push(escaped),
                    other => word.extend(['\\', other]),
                },
                other => word.push(other),
            }
        }
    }

    /// The next character within a quote for `cmd`, without its caret. Of two line ends behind one the first goes with it.
    fn behind_caret(&mut self, line: usize) -> Result<char, CaptureError> {
        match self.within(line)? {
            '^' => {
                if self.at_line_end() {
                    self.skip_line_end();
                }
                self.within(line)
            }
            other => Ok(other),
        }
    }

    /// `$'…'`, which browsers write.
    fn ansi(&mut self, word: &mut String) -> Result<(), CaptureError> {
        let line = self.line;
        // Escapes are of bytes, and several make one character.
        let mut bytes = Vec::new();
        let push = |bytes: &mut Vec<u8>, c: char| {
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        };
        loop {
            match self.within(line)? {
                '\'' => break,
                '\\' => match self.within(line)? {
                    'n' => bytes.push(b'\n'),
                    'r' => bytes.push(b'\r'),
                    't' => bytes.push(b'\t'),
                    'a' => bytes.push(7),
                    'b' => bytes.push(8),
                    'f' => bytes.push(12),
                    'v' => bytes.push(11),
                    'e' | 'E' => bytes.push(27),
                    'x' => bytes.extend(u8::try_from(self.number(16, 2)).ok()),
                    'u' => self.character(4, &mut bytes, push),
                    'U' => self.character(8, &mut bytes, push),
                    digit @ '0'..='7' => {
                        let first = digit.to_digit(8).unwrap_or_default();
                        let mut value = first;
                        for _ in 0..2 {
                            let Some(next) = self.rest.peek().and_then(|c| c.to_digit(8)) else {
                                break;
                            };
                            self.take();
                            value = value * 8 + next;
                        }
                        bytes.extend(u8::try_from(value & 0xff).ok());
                    }
                    other @ ('\\' | '\'' | '"' | '?') => push(&mut bytes, other),
                    other => {
                        bytes.push(b'\\');
                        push(&mut bytes, other);
                    }
                },
                other => push(&mut bytes, other),
            }
        }
        word.push_str(str::from_utf8(&bytes).map_err(|_| CaptureError::NotText)?);
        Ok(())
    }

    /// At most `most` digits of this base.
    fn number(&mut self, base: u32, most: usize) -> u32 {
        let mut value: u32 = 0;
        for _ in 0..most {
            let Some(digit) = self.rest.peek().and_then(|c| c.to_digit(base)) else {
                break;
            };
            self.take();
            value = value.wrapping_mul(base).wrapping_add(digit);
        }
        value
    }

    /// The character of an escape; browsers write those beyond the first plane as two halves.
    fn character(&mut self, most: usize, bytes: &mut Vec<u8>, push: impl Fn(&mut Vec<u8>, char)) {
        let value = self.number(16, most);
        let code = if (0xd800..0xdc00).contains(&value) {
            let mut ahead = self.rest.clone();
            if ahead.next() == Some('\\') && ahead.next() == Some('u') {
                self.rest = ahead;
                let low = self.number(16, 4);
                0x1_0000 + ((value - 0xd800) << 10) + (low.wrapping_sub(0xdc00) & 0x3ff)
            } else {
                value
            }
        } else {
            value
        };
        push(bytes, char::from_u32(code).unwrap_or('\u{fffd}'));
    }
}

/// What makes a dollar sign more than itself.
fn begins_expansion(next: char) -> bool {
    next.is_ascii_alphanumeric() || "_{(@*#?!$-".contains(next)
}
