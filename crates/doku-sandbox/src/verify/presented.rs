//! A request before it is known whose it is.

use doku_model::Operation;
use hyper::HeaderMap;

use super::not_genuine::NotGenuine;
use crate::answer::Refusal;

/// A request as it arrived.
#[derive(Debug)]
pub(crate) struct Presented<'r> {
    pub(crate) operation: Operation,
    /// Path and query, as they stand in the request line.
    pub(crate) target: &'r str,
    pub(crate) headers: &'r HeaderMap,
    pub(crate) body: &'r [u8],
}

impl<'r> Presented<'r> {
    /// A mandatory header.
    pub(super) fn header(&self, name: &str) -> Result<&'r str, Box<NotGenuine>> {
        match self.headers.get(name).map(|value| value.to_str()) {
            None | Some(Ok("")) => Err(Refusal::missing(self.operation, name).into()),
            Some(Ok(value)) => Ok(value),
            Some(Err(_)) => Err(Refusal::format(self.operation, name).into()),
        }
    }

    /// Host and target of the URL that this request was sent to.
    pub(super) fn url(&self) -> Option<String> {
        let host = self
            .headers
            .get("host")
            .and_then(|host| host.to_str().ok())?;
        Some(format!("{host}{}", self.target))
    }
}
