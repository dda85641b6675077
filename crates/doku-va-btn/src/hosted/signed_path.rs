//! The path that DOKU signed: the one it called, which a proxy or a nested router may have cut.

use std::borrow::Cow;

use http::Uri;

/// How to tell the path that DOKU called, and signed, from the one that arrived.
///
/// DOKU signs the path of the URL as it is configured in its back office.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SignedPath {
    /// The URI of the request is the one that was called. The default; a router that nests must put the original URI
    /// back.
    #[default]
    AsReceived,
    /// A proxy cut this off the front, `/pay` of `/pay/v1/transfer-va/payment`.
    UnderPrefix(String),
    /// It is always this one, whatever arrived: `/v1/transfer-va/payment`.
    Exactly(String),
}

impl SignedPath {
    /// The texts that may stand in the path's place.
    ///
    /// A query belongs to the path by one reading of the documentation and not by another, so both count.
    pub(super) fn candidates<'u>(&'u self, uri: &'u Uri) -> Candidates<'u> {
        let received = uri.path_and_query().map_or("/", |whole| whole.as_str());
        let bare = uri.query().map(|_| uri.path());
        match self {
            Self::AsReceived => Candidates {
                first: Cow::Borrowed(received),
                second: bare.map(Cow::Borrowed),
            },
            Self::UnderPrefix(prefix) => {
                let under = |path: &str| Cow::Owned(join(prefix, path));
                Candidates {
                    first: under(received),
                    second: bare.map(under),
                }
            }
            Self::Exactly(path) => Candidates {
                first: Cow::Borrowed(path),
                second: None,
            },
        }
    }
}

/// One text or two.
pub(super) struct Candidates<'u> {
    first: Cow<'u, str>,
    second: Option<Cow<'u, str>>,
}

impl Candidates<'_> {
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        [Some(&self.first), self.second.as_ref()]
            .into_iter()
            .flatten()
            .map(|path| &**path)
    }

    pub(super) fn first(&self) -> &str {
        &self.first
    }
}

fn join(prefix: &str, path: &str) -> String {
    let prefix = prefix.trim_matches('/');
    if prefix.is_empty() {
        path.to_owned()
    } else {
        format!("/{prefix}{path}")
    }
}
