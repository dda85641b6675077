//! Crates that must not show in a public signature, because their next major version would then be ours.

use std::ops::Range;

use crate::arch::paths;
use crate::finding::Finding;
use crate::rust::{Source, closing, words};

/// Crates that stay inside.
const INSIDE: &[&str] = &["reqwest", "rand_core"];

/// The one place where one may show: whoever configures the HTTP client hands it over.
const EXEMPT: (&str, &str) = ("crates/doku-transport/", "from_client");

/// No public signature of a library speaks of a crate that stays inside, by its path or by a name imported from it.
pub(crate) fn check(source: &Source) -> Vec<Finding> {
    if !source.path.starts_with("crates/") || !source.path.contains("/src/") {
        return Vec::new();
    }
    let code = &source.shipped;
    let imported: Vec<&str> = paths::imports(code)
        .into_iter()
        .filter(|import| leads_inside(&import.path))
        .map(|import| import.name)
        .collect();
    let mut findings = Vec::new();
    for signature in public_signatures(code) {
        let text = &code[signature.clone()];
        if source.path.starts_with(EXEMPT.0) && words(text).any(|(_, word)| word == EXEMPT.1) {
            continue;
        }
        if let Some(shown) = shown(text, &imported) {
            let what = format!("`{shown}` shows in a public signature, and must stay inside");
            findings.push(Finding::at(
                &source.path,
                source.line(signature.start),
                what,
            ));
        }
    }
    findings
}

/// The first path in a signature that leads to a crate that stays inside.
fn shown(signature: &str, imported: &[&str]) -> Option<String> {
    if let Some(import) = paths::imports(signature)
        .iter()
        .find(|import| leads_inside(&import.path))
    {
        return Some(import.path.join("::"));
    }
    let mut before = "";
    for path in paths::written(signature) {
        let given_away = before == "crate" && INSIDE.contains(&path[0]);
        let long = path.len() > 1 && leads_inside(&path);
        // Our own module, feature or variant may be called as the crate is.
        let short = imported.contains(&path[0]) && !INSIDE.contains(&path[0]);
        if given_away || long || short {
            return Some(path.join("::"));
        }
        before = path[0];
    }
    None
}

/// Whether a path goes through a crate that stays inside, directly or by somebody's re-export (`rsa::rand_core`). A
/// module of ours may be called as the crate is.
fn leads_inside(path: &[&str]) -> bool {
    let ours = path.first().is_some_and(|first| {
        matches!(*first, "crate" | "self" | "super") || first.starts_with("doku")
    });
    !ours && path.iter().any(|segment| INSIDE.contains(segment))
}

/// What a user of the crate can see of each item: signatures, public fields, whole public enums and traits, and which
/// traits are implemented for what.
fn public_signatures(code: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let items: Vec<(usize, &str)> = words(code).collect();
    for (index, &(at, word)) in items.iter().enumerate() {
        let next = items.get(index + 1).map(|&(_, word)| word);
        match word {
            // `pub(crate)` and its like are not public.
            "pub" if !code[at + 3..].trim_start().starts_with('(') || is_tuple_field(code, at) => {
                match next {
                    Some("enum" | "trait" | "use") => found.push(at..whole_item(code, at)),
                    Some("struct") => found.push(at..head(code, at, b"{(;")),
                    Some("type") => found.push(at..head(code, at, b";")),
                    Some("static" | "const") if !declares_fn(&items[index + 1..]) => {
                        found.push(at..head(code, at, b"=;"));
                    }
                    Some("fn" | "async" | "unsafe" | "extern" | "mod" | "union" | "const") => {
                        found.push(at..head(code, at, b"{;"));
                    }
                    _ => found.push(at..head(code, at, b",;")),
                }
            }
            "impl" if is_item(code, at) => {
                let header = at..head(code, at, b"{");
                if words(&code[header.clone()]).any(|(_, word)| word == "for") {
                    found.push(header);
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether `const` or `static`, the first of `items`, is followed by `fn`, maybe with `unsafe` or `extern` between.
fn declares_fn(items: &[(usize, &str)]) -> bool {
    items
        .iter()
        .skip(1)
        .map(|&(_, word)| word)
        .find(|word| !matches!(*word, "unsafe" | "extern" | "async"))
        == Some("fn")
}

/// `pub (A, B)` in a tuple struct is a public field with a tuple type, unlike `pub(crate)`.
fn is_tuple_field(code: &str, at: usize) -> bool {
    let inside = code[at + 3..]
        .trim_start()
        .trim_start_matches('(')
        .trim_start();
    !["crate", "super", "self", "in "]
        .iter()
        .any(|scope| inside.starts_with(scope))
}

/// Whether `impl` at `at` starts an item, and is not a type such as `-> impl Future`.
fn is_item(code: &str, at: usize) -> bool {
    let before = code[..at].trim_end();
    before.is_empty() || before.ends_with(['}', ';', ']', '{']) || before.ends_with("unsafe")
}

/// Up to one of `ends` outside brackets of any kind, or the bracket that closes what `at` stands in.
fn head(code: &str, at: usize, ends: &[u8]) -> usize {
    let bytes = code.as_bytes();
    let mut here = at;
    let mut generics = 0_usize;
    while here < bytes.len() {
        let byte = bytes[here];
        if generics == 0 && ends.contains(&byte) {
            return here;
        }
        match byte {
            b'<' => generics += 1,
            b'>' if !matches!(bytes[here - 1], b'-' | b'=') => {
                generics = generics.saturating_sub(1);
            }
            b'(' | b'[' | b'{' => match closing(code, here) {
                Some(close) => here = close,
                None => return bytes.len(),
            },
            b')' | b']' | b'}' => return here,
            _ => {}
        }
        here += 1;
    }
    bytes.len()
}

/// Up to the end of an item with its body.
fn whole_item(code: &str, at: usize) -> usize {
    let open = head(code, at, b"{;");
    match code.as_bytes().get(open) {
        // `pub use a::{b, c};` goes on behind its braces.
        Some(b'{') => closing(code, open).unwrap_or(code.len()),
        _ => open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        check(&Source::parse(path, text)).len()
    }

    const HERE: &str = "crates/doku-va-btn/src/lib.rs";

    #[test]
    fn what_a_user_sees_is_found() {
        for text in [
            "pub fn client(&self) -> reqwest::Client { todo() }",
            "pub async fn send(c: &::reqwest::Client);",
            "pub fn key<R: rand_core::CryptoRng>(rng: &mut R) {}",
            "pub struct A { pub client: reqwest::Client }",
            "pub struct A(pub reqwest::Client);",
            "pub struct A(pub (reqwest::Client, u8));",
            "pub enum E { Http(#[source] reqwest::Error) }",
            "pub trait T { fn f(&self) -> reqwest::Result<()>; }",
            "pub type C = reqwest::Client;",
            "pub use reqwest::Client;",
            "pub use reqwest;",
            "pub extern crate reqwest;",
            "pub fn key(rng: &mut impl rsa::rand_core::CryptoRng) {}",
            "use rsa::{RsaPrivateKey, rand_core::CryptoRng};\npub fn key<R: CryptoRng>(rng: &mut R) {}",
            "pub use rsa::{RsaPrivateKey, rand_core};",
            "pub struct A { pub map: HashMap<String, reqwest::Client>, b: u8 }",
            "pub fn f() -> impl Iterator<Item = reqwest::Client> {}",
            "pub const fn f(c: &reqwest::Client) {}",
            "pub static C: OnceLock<reqwest::Client> = OnceLock::new();",
            "impl From<reqwest::Error> for E { fn from(e: reqwest::Error) -> E { E } }",
            "use reqwest::Client;\npub fn f(client: Client) {}",
            "use reqwest::{Client as Http, Url};\nimpl A { pub fn f(client: &Http) {} }",
        ] {
            assert!(found(HERE, text) >= 1, "{text}");
        }
    }

    #[test]
    fn what_stays_inside_passes() {
        for text in [
            "fn client() -> reqwest::Client { todo() }",
            "pub(crate) fn client() -> reqwest::Client { todo() }",
            "pub struct A { client: reqwest::Client }",
            "pub struct A(reqwest::Client);",
            "pub fn f() -> Answer { let c = reqwest::Client::new(); c.into() }",
            "enum E { Http(reqwest::Error) }",
            "pub mod reqwest;",
            "pub use doku_transport::reqwest::ReqwestTransport;",
            "use rsa::{RsaPrivateKey, rand_core::CryptoRng};\npub fn f(key: RsaPrivateKey) {}",
            "use reqwest;\npub mod reqwest;",
            "pub struct A { pub a: Map<u8, u8>, client: reqwest::Client }",
            "pub const LIMIT: usize = reqwest::LIMIT;",
            "pub fn f(a: u8) -> u8 where u8: Copy { reqwest::f(a) }",
            "pub use crate::reqwest::ReqwestTransport;",
            "pub fn f() -> bool { a == b }",
            "/// See reqwest::Client.\npub fn f() {}",
            "#[cfg(test)]\nmod tests { pub fn f() -> reqwest::Client {} }",
            "impl HttpTransport for A { fn f() { reqwest::get() } }",
        ] {
            assert_eq!(found(HERE, text), 0, "{text}");
        }
    }

    #[test]
    fn one_door_is_open() {
        let text = "impl A { pub fn from_client(client: reqwest::Client) -> Self { Self } }";
        assert_eq!(found("crates/doku-transport/src/reqwest.rs", text), 0);
        assert_eq!(found(HERE, text), 1);
        let other = text.replace("from_client", "with_client");
        assert_eq!(found("crates/doku-transport/src/reqwest.rs", &other), 1);
    }

    #[test]
    fn tests_and_tools_are_free() {
        let text = "pub fn f() -> reqwest::Client {}";
        assert_eq!(found("crates/doku-sandbox/tests/a.rs", text), 0);
        assert_eq!(found("xtask/src/a.rs", text), 0);
    }
}
