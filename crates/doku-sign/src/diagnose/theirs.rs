//! The string-to-sign that the other side says it used, taken apart.

use super::scheme::TextKind;
use crate::string_to_sign::Text;

/// The longest method or timestamp that is taken for one.
const LONGEST_WORD: usize = 40;

/// Takes the text apart; `None` when it follows none of the formulas.
///
/// In doubt a character belongs to the token, because that is the part that is never shown.
pub(super) fn read(text: &str) -> Option<Text> {
    lines(text)
        .or_else(|| transaction(text))
        .or_else(|| token(text))
}

/// The labelled lines of a non-SNAP call, the last of them left out where there is no body.
fn lines(text: &str) -> Option<Text> {
    let formula = TextKind::NonSnap.formula();
    let mut parts = Vec::new();
    let mut rest = text;
    for (at, (lead, _)) in formula.iter().enumerate() {
        let Some(after) = rest.strip_prefix(lead) else {
            break;
        };
        let next = formula.get(at + 1).map_or("\n", |(lead, _)| lead);
        let end = after.find(next).unwrap_or(after.len());
        let (part, left) = after.split_at_checked(end)?;
        parts.push(part);
        rest = left;
    }
    let [_, _, timestamp, target, digest @ ..] = parts.as_slice() else {
        return None;
    };
    let known = rest.is_empty()
        && parts.iter().all(|part| !part.contains('\n'))
        && is_word(timestamp)
        && target.starts_with('/')
        && digest.iter().all(|digest| is_digest(digest));
    known.then(|| Text::assemble(formula, &parts))
}

/// Base64 of 32 bytes.
fn is_digest(text: &str) -> bool {
    text.len() == 44
        && text.ends_with('=')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
}

fn token(text: &str) -> Option<Text> {
    let (client_id, timestamp) = text.split_once('|')?;
    (is_word(timestamp) && !client_id.contains(':'))
        .then(|| Text::assemble(TextKind::Token.formula(), &[client_id, timestamp]))
}

fn transaction(text: &str) -> Option<Text> {
    let (method, rest) = text.split_once(':')?;
    if method.len() > LONGEST_WORD || !method.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let (before, hash, timestamp) = around_hash(rest)?;
    if !is_word(timestamp) {
        return None;
    }
    // The path ends at the first colon that does not belong to a scheme or a port.
    let host = before.find("://").map_or(0, |at| at + 3);
    let path = before
        .get(host..)?
        .find('/')
        .filter(|_| host > 0)
        .map_or(host, |at| host + at);
    let end = before.get(path..)?.find(':').map(|at| path + at);
    let shown = |path: &str| path.starts_with('/') || path.contains("://");
    match end.and_then(|end| before.split_at_checked(end)) {
        Some((path, token)) if shown(path) => {
            let token = token.strip_prefix(':')?;
            let parts = [method, path, token, hash, timestamp];
            Some(Text::assemble(TextKind::Transaction.formula(), &parts))
        }
        None if shown(before) => {
            let parts = [method, before, hash, timestamp];
            let formula = TextKind::AsymmetricTransaction.formula();
            Some(Text::assemble(formula, &parts))
        }
        _ => None,
    }
}

/// The last 64 hex digits between two colons, and what stands before and after.
fn around_hash(text: &str) -> Option<(&str, &str, &str)> {
    text.rmatch_indices(':').find_map(|(at, _)| {
        let (before, rest) = (text.get(..at)?, text.get(at + 1..)?);
        let (hash, after) = rest.split_once(':')?;
        let is_hash = hash.len() == 64 && hash.bytes().all(|digit| digit.is_ascii_hexdigit());
        is_hash.then_some((before, hash, after))
    })
}

/// Digits, and what stands between those of a timestamp.
fn is_word(text: &str) -> bool {
    text.len() <= LONGEST_WORD
        && text
            .chars()
            .all(|letter| letter.is_ascii_digit() || "TZtz+-:. ".contains(letter))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn shows_everything_but_the_token() {
        for (text, shown) in [
            (
                format!("POST:/p?q=1:SECRET:TOKEN:{HASH}:2026-09-04T07:00:00+07:00"),
                format!("POST:/p?q=1:[token, 12 chars]:{HASH}:2026-09-04T07:00:00+07:00"),
            ),
            (
                format!("post:https://a.id:8443/p:SECRET:{HASH}:1788480000"),
                format!("post:https://a.id:8443/p:[token, 6 chars]:{HASH}:1788480000"),
            ),
            (
                format!("POST:/p::{HASH}:"),
                format!("POST:/p:[no token]:{HASH}:"),
            ),
            (
                format!("POST:/p:{HASH}:2026-09-04T00:00:00Z"),
                format!("POST:/p:{HASH}:2026-09-04T00:00:00Z"),
            ),
            (
                "MCH-0008|2026-09-04T00:00:00Z".to_owned(),
                "MCH-0008|2026-09-04T00:00:00Z".to_owned(),
            ),
        ] {
            let read = read(&text).unwrap();
            assert_eq!(read.masked(), shown);
            assert_eq!(read.as_bytes(), text.as_bytes());
        }
    }

    #[test]
    fn what_may_be_anything_is_not_shown() {
        for text in [
            String::new(),
            "SECRET".to_owned(),
            format!("SECRET:{HASH}:"),
            format!("POST:SECRET:/p:{HASH}:2026"),
            format!("POST:/p:SECRET:{HASH}:SECRET"),
            format!("POST:/p:SECRET:{}:2026", &HASH[1..]),
            "MCH|SECRET".to_owned(),
            "POST:SECRET|2026".to_owned(),
        ] {
            assert!(read(&text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text(text in any::<String>(), path in "[/a:?|]{0,9}", token in "[/a:|]{0,9}") {
            let _ = read(&text);
            let text = format!("POST:{path}:{token}:{HASH}:2026");
            if let Some(read) = read(&text) {
                prop_assert_eq!(read.as_bytes(), text.as_bytes());
            }
        }
    }
}
