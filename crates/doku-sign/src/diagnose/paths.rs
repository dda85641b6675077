//! What may have been signed in the place of the path.

use std::borrow::Cow;

use super::Cause;
use super::choice::{Causes, Choice, Choices};

/// DOKU's own hosts, which a merchant's request may have been sent to.
const DOKU: [&str; 2] = ["https://api-sandbox.doku.com", "https://api.doku.com"];

/// How many tails of one path are tried.
const MOST_TAILS: usize = 8;

/// The path itself, then the mistakes. `urls` are the URLs that may have been called, with path
/// or without.
pub(super) fn of<'a>(path: &'a str, urls: &[&'a str]) -> Vec<Choice<Cow<'a, str>>> {
    let mut choices = Choices::new(Cow::Borrowed(path));
    let mut origins = Vec::new();
    for url in urls {
        let (origin, called) = split(url);
        origins.push(origin);
        if called.is_empty() {
            continue;
        }
        choices.add(Cow::Borrowed(*url), Cause::WholeUrl);
        choices.add(Cow::Borrowed(called), Cause::PublicPath);
    }
    origins.extend(DOKU);
    let (bare, query) = path.split_once('?').unwrap_or((path, ""));
    let query = if query.is_empty() {
        Cow::Borrowed("")
    } else {
        Cow::Owned(format!("?{query}"))
    };
    let turned = bare
        .strip_suffix('/')
        .map_or_else(|| format!("{bare}/"), str::to_owned);

    choices.add(format!("{turned}{query}").into(), Cause::TrailingSlash);
    choices.add(bare.into(), Cause::NoQuery);
    if let Some(rest) = path.strip_prefix('/') {
        choices.add(rest.into(), Cause::NoLeadingSlash);
    }
    choices.add(format!("/{path}").into(), Cause::DoubledSlash);
    for origin in origins {
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        let both = |other| Causes::of(&[Cause::WholeUrl, other]);
        choices.add(format!("{origin}{path}").into(), Cause::WholeUrl);
        choices.add(format!("{host}{path}").into(), Cause::WholeUrl);
        choices.add_all(
            format!("{origin}{turned}{query}").into(),
            both(Cause::TrailingSlash),
        );
        choices.add_all(format!("{origin}{bare}").into(), both(Cause::NoQuery));
    }
    let tails = bare.match_indices('/').skip(1).take(MOST_TAILS);
    for (at, _) in tails {
        if let Some(tail) = path.get(at..).filter(|tail| tail.len() > 1) {
            choices.add(tail.into(), Cause::PathCutShort);
        }
    }
    choices.list
}

/// Scheme and host, and the path with its query.
fn split(url: &str) -> (&str, &str) {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url
        .get(host..)
        .and_then(|rest| rest.find(['/', '?']))
        .map_or(url.len(), |at| host + at);
    url.split_at_checked(end).unwrap_or((url, ""))
}
