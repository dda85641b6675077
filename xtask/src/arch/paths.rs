//! Paths in code: the ones written out, and the ones a `use` brings in under a shorter name.

use crate::rust::words;

/// A path by its segments: `reqwest::Client` is `["reqwest", "Client"]`.
pub(crate) type Path<'a> = Vec<&'a str>;

/// What a `use` brings in, and the name it has here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Import<'a> {
    /// From where, written out.
    pub(crate) path: Path<'a>,
    /// The last segment, or what stands behind `as`.
    pub(crate) name: &'a str,
}

/// Every path in `code`; a single word is a path of one segment.
pub(crate) fn written(code: &str) -> Vec<Path<'_>> {
    let mut paths: Vec<Path<'_>> = Vec::new();
    let mut end = None;
    for (at, word) in words(code) {
        let joined = end.is_some_and(|end: usize| code[end..at].trim() == "::");
        match paths.last_mut().filter(|_| joined) {
            Some(path) => path.push(word),
            None => paths.push(vec![word]),
        }
        end = Some(at + word.len());
    }
    paths
}

/// The imports of every `use` in `code`.
pub(crate) fn imports(code: &str) -> Vec<Import<'_>> {
    let mut found = Vec::new();
    for (at, _) in words(code).filter(|&(_, word)| word == "use") {
        let tree = code[at + 3..].split(';').next().unwrap_or_default();
        expand(&[], tree, &mut found);
    }
    found
}

/// Takes a tree such as `a::{b, c::{self, d as e}}` apart.
fn expand<'a>(before: &[&'a str], tree: &'a str, found: &mut Vec<Import<'a>>) {
    let mut path = before.to_vec();
    if let Some((head, rest)) = tree.split_once('{') {
        path.extend(words(head).map(|(_, word)| word));
        let inside = rest.rfind('}').map_or(rest, |close| &rest[..close]);
        for branch in branches(inside) {
            expand(&path, branch, found);
        }
        return;
    }
    let mut leaf = words(tree).map(|(_, word)| word);
    for word in leaf.by_ref() {
        match word {
            "as" => break,
            "self" if !path.is_empty() => {}
            segment => path.push(segment),
        }
    }
    let alias = leaf.next();
    if let Some(&last) = path.last() {
        found.push(Import {
            path,
            name: alias.unwrap_or(last),
        });
    }
}

/// Splits at the commas that stand outside braces.
fn branches(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found.retain(|branch| !branch.trim().is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_whole() {
        let code = "fn f(a: ::b::C<d::E>, g: H) -> i::J";
        let paths = written(code);
        assert!(
            paths.contains(&vec!["b", "C"]) && paths.contains(&vec!["d", "E"]),
            "{paths:?}"
        );
        assert!(
            paths.contains(&vec!["H"]) && paths.contains(&vec!["i", "J"]),
            "{paths:?}"
        );
    }

    #[test]
    fn trees_are_taken_apart() {
        let found: Vec<String> =
            imports("use a::{b, c::{self, d as e}, f::*};\nuse g;\nuse h as i;")
                .into_iter()
                .map(|import| format!("{}={}", import.path.join("::"), import.name))
                .collect();
        assert_eq!(
            found,
            ["a::b=b", "a::c=c", "a::c::d=e", "a::f=f", "g=g", "h=i"]
        );
    }

    #[test]
    fn a_broken_tree_does_no_harm() {
        for (code, count) in [
            ("use", 0),
            ("use a::{", 0),
            ("use a::{b, c::{", 1),
            ("use }{;", 0),
            ("use as;", 0),
        ] {
            assert_eq!(imports(code).len(), count, "{code}");
        }
    }
}
