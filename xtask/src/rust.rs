//! Just enough of Rust's grammar to scan sources without being fooled by comments, strings and tests.
//!
//! A scan works on texts in which everything else has been blanked out, byte for byte, so that offsets and lines stay
//! those of the file.

use std::ops::Range;

/// A source file, seen in three ways.
#[derive(Debug)]
pub(crate) struct Source {
    /// Where it is, from the root.
    pub(crate) path: String,
    /// Code alone: comments and the insides of literals are blank.
    pub(crate) code: String,
    /// Code that ships: items under `#[cfg(test)]` are blank too.
    pub(crate) shipped: String,
    /// Comments alone, with their slashes.
    pub(crate) comments: String,
}

impl Source {
    /// Reads `text` as the file at `path`.
    pub(crate) fn parse(path: impl Into<String>, text: &str) -> Self {
        let classes = classify(text.as_bytes());
        let code = keep(text, &classes, Class::Code);
        let comments = keep(text, &classes, Class::Comment);
        let shipped = blank_tests(&code);
        Self {
            path: path.into(),
            code,
            shipped,
            comments,
        }
    }

    /// The line of an offset, from one.
    pub(crate) fn line(&self, offset: usize) -> usize {
        1 + self
            .code
            .bytes()
            .take(offset)
            .filter(|&byte| byte == b'\n')
            .count()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Code,
    Comment,
    Literal,
}

/// What each byte belongs to. Quotes count as code, what stands between them as literal.
fn classify(text: &[u8]) -> Vec<Class> {
    let mut classes = vec![Class::Code; text.len()];
    let mut mark = |range: Range<usize>, class| {
        if let Some(part) = classes.get_mut(range) {
            part.fill(class);
        }
    };
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with(b"//") {
            let end = at
                + rest
                    .iter()
                    .position(|&byte| byte == b'\n')
                    .unwrap_or(rest.len());
            mark(at..end, Class::Comment);
            at = end;
        } else if rest.starts_with(b"/*") {
            let end = at + block_comment(rest);
            mark(at..end, Class::Comment);
            at = end;
        } else if rest[0] == b'"' {
            let end = at + quoted(rest, b'"');
            mark(at + 1..end.saturating_sub(1), Class::Literal);
            at = end;
        } else if let Some(raw) = raw_string(text, at) {
            mark(raw.inside, Class::Literal);
            at = raw.end;
        } else if rest[0] == b'\'' {
            match character(rest) {
                Some(length) => {
                    mark(at + 1..at + length - 1, Class::Literal);
                    at += length;
                }
                // A lifetime.
                None => at += 1,
            }
        } else {
            at += 1;
        }
    }
    classes
}

/// The length of the block comment at the start; they nest.
fn block_comment(text: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    at
}

/// The length of the literal at the start, with both its quotes.
fn quoted(text: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// A raw string: what stands between its quotes, and where it ends.
struct RawString {
    inside: Range<usize>,
    end: usize,
}

/// The raw string that starts at `at`, if one does.
fn raw_string(text: &[u8], at: usize) -> Option<RawString> {
    if at > 0 && is_word(text[at - 1]) {
        return None;
    }
    let rest = &text[at..];
    let prefix = match rest {
        [b'r', ..] => 1,
        [b'b' | b'c', b'r', ..] => 2,
        _ => return None,
    };
    let hashes = rest[prefix..]
        .iter()
        .take_while(|&&byte| byte == b'#')
        .count();
    let open = prefix + hashes + 1;
    if rest.get(open - 1) != Some(&b'"') {
        return None;
    }
    let mut close = vec![b'"'];
    close.resize(1 + hashes, b'#');
    let body = &rest[open..];
    let length = body
        .windows(close.len())
        .position(|window| window == close)
        .unwrap_or(body.len());
    let inside = at + open..at + open + length;
    let end = (inside.end + close.len()).min(text.len());
    Some(RawString { inside, end })
}

/// The length of the character literal at the start, or nothing if it is a lifetime.
fn character(text: &[u8]) -> Option<usize> {
    match text.get(1)? {
        b'\\' => Some(quoted(text, b'\'')),
        b'\'' => None,
        _ => {
            // One character, of up to four bytes.
            let close = text
                .iter()
                .skip(2)
                .take(4)
                .position(|&byte| byte == b'\'')?
                + 2;
            let inside = std::str::from_utf8(&text[1..close]).ok()?;
            (inside.chars().count() == 1).then_some(close + 1)
        }
    }
}

fn keep(text: &str, classes: &[Class], kept: Class) -> String {
    let bytes = text.bytes().zip(classes).map(|(byte, &class)| match byte {
        b'\n' => byte,
        _ if class == kept => byte,
        _ => b' ',
    });
    String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()).into_owned()
}

/// Blanks every item under `#[cfg(test)]` or `#[cfg(all(test, …))]`, and the whole file under `#![cfg(test)]`.
fn blank_tests(code: &str) -> String {
    let mut bytes = code.as_bytes().to_vec();
    for attribute in attributes(code) {
        let text: String = code[attribute.body.clone()].split_whitespace().collect();
        if text != "cfg(test)" && !text.starts_with("cfg(all(test,") {
            continue;
        }
        let end = if attribute.inner {
            code.len()
        } else {
            item_end(code, attribute.body.end + 1)
        };
        let start = if attribute.inner { 0 } else { attribute.start };
        for byte in &mut bytes[start..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Where the item that starts at `from`, maybe with more attributes, ends.
fn item_end(code: &str, from: usize) -> usize {
    let bytes = code.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'(' | b'[' => at = closing(code, at).unwrap_or(bytes.len()),
            b'{' => return closing(code, at).map_or(bytes.len(), |close| close + 1),
            b';' => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The offset of the bracket that closes the one at `open`.
pub(crate) fn closing(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(offset);
                }
            }
            _ => {}
        }
    }
    None
}

/// An attribute: `#[…]` or `#![…]`.
#[derive(Debug, Clone)]
pub(crate) struct Attribute {
    /// Where its `#` stands.
    pub(crate) start: usize,
    /// What stands between the brackets.
    pub(crate) body: Range<usize>,
    /// Whether it is `#![…]`.
    pub(crate) inner: bool,
}

/// The attributes of a code text.
pub(crate) fn attributes(code: &str) -> Vec<Attribute> {
    let mut found = Vec::new();
    for (start, _) in code.match_indices('#') {
        let rest = code[start + 1..].trim_start();
        let inner = rest.starts_with('!');
        let rest = rest.trim_start_matches('!').trim_start();
        if rest.starts_with('[') {
            let open = code.len() - rest.len();
            if let Some(close) = closing(code, open) {
                found.push(Attribute {
                    start,
                    body: open + 1..close,
                    inner,
                });
            }
        }
    }
    found
}

/// The words of a code text with their offsets: identifiers, keywords, numbers.
pub(crate) fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = code.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() && !is_word(bytes[at]) {
            at += 1;
        }
        let start = at;
        while at < bytes.len() && is_word(bytes[at]) {
            at += 1;
        }
        (start < at).then(|| (start, &code[start..at]))
    })
}

/// Bytes above ASCII count as letters, so that a word never ends inside a character.
fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_not_code() {
        let text = "let a = \"println!\"; // dbg!\n/* a /* b */ print! */ let c = 'x'; let d = r#\"eprint!\"#;";
        let source = Source::parse("a.rs", text);
        assert_eq!(source.code.len(), text.len());
        assert!(
            !source.code.contains("print") && !source.code.contains("dbg"),
            "{}",
            source.code
        );
        assert!(
            source.code.contains("let c =") && source.code.contains("let d ="),
            "{}",
            source.code
        );
        assert!(source.comments.contains("// dbg!") && !source.comments.contains("let"));
    }

    #[test]
    fn lifetimes_quotes_and_escapes_do_not_derail() {
        let text = "fn f<'a>(x: &'a str) -> char { let q = '\"'; let e = '\\''; let s = \"\\\"\"; let u = 'é'; end }";
        let code = Source::parse("a.rs", text).code;
        assert!(code.contains("end }") && code.contains("let u ="), "{code}");
        let raw = Source::parse("a.rs", "let r#type = br##\"one\"# two\"##; tail()").code;
        assert!(
            raw.contains("tail()") && !raw.contains("one") && !raw.contains("two"),
            "{raw}"
        );
    }

    #[test]
    fn tests_do_not_ship() {
        let text = "fn a() {}\n#[cfg(test)]\n#[allow(x)]\nmod tests { fn b() { c[0]; } }\nfn d() {}\n\
                    #[cfg(test)]\nmod other;\n#[cfg(not(test))]\nfn e() {}\n";
        let shipped = Source::parse("a.rs", text).shipped;
        assert!(
            shipped.contains("fn a()") && shipped.contains("fn d()") && shipped.contains("fn e()")
        );
        assert!(
            !shipped.contains("fn b()") && !shipped.contains("other"),
            "{shipped}"
        );
        assert_eq!(shipped.lines().count(), text.lines().count());
        let all = Source::parse("a.rs", "#![cfg(test)]\nfn a() {}\n").shipped;
        assert_eq!(all.trim(), "");
    }

    #[test]
    fn words_have_offsets_and_lines() {
        let source = Source::parse("a.rs", "pub fn\n get_it()");
        let found: Vec<_> = words(&source.code).collect();
        assert_eq!(found, [(0, "pub"), (4, "fn"), (8, "get_it")]);
        assert_eq!(source.line(8), 2);
    }

    #[test]
    fn nothing_derails_at_the_end_of_a_file() {
        for text in [
            "\"",
            "'",
            "r#\"",
            "/*",
            "\\",
            "'\\",
            "#[",
            "b",
            "#![cfg(test",
            "é'",
        ] {
            assert_eq!(Source::parse("a.rs", text).code.len(), text.len(), "{text}");
        }
    }
}
