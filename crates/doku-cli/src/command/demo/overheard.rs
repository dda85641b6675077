//! A transport that remembers the last request of each operation, so that the story can show what was signed, or repeat it
//! and lie.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use doku::sign::{AccessToken, HmacSha512, MinifiedBody, Signature, StringToSign};
use doku::{HttpTransport, Operation, ReqwestTransport, TransportError};
use http::{Request, Response};

pub(super) struct Overheard {
    beneath: Arc<ReqwestTransport>,
    /// By path.
    last: Mutex<HashMap<String, Request<Bytes>>>,
}

impl Overheard {
    pub(super) fn new(beneath: Arc<ReqwestTransport>) -> Self {
        Self {
            beneath,
            last: Mutex::default(),
        }
    }

    /// The last request of an operation, with everything that proves it.
    pub(super) fn last(&self, operation: Operation) -> Option<Request<Bytes>> {
        self.last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(operation.path())
            .cloned()
    }

    /// What that request was signed over, and the signature; none for a token request, which is signed with a key.
    pub(super) fn last_signed(
        &self,
        operation: Operation,
    ) -> Option<(StringToSign<HmacSha512>, Signature)> {
        let request = self.last(operation)?;
        let header = |name: &str| request.headers().get(name)?.to_str().ok();
        let token = AccessToken::from_authorization(header("authorization")?).ok()?;
        let to_sign = StringToSign::snap_transaction(
            request.method().as_str(),
            request.uri().path(),
            &token,
            &MinifiedBody::of(request.body()),
            header("x-timestamp")?,
        );
        let signature = Signature::from_base64(header("x-signature")?).ok()?;
        Some((to_sign, signature))
    }
}

#[async_trait]
impl HttpTransport for Overheard {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(request.uri().path().to_owned(), request.clone());
        self.beneath.send(request).await
    }
}

impl fmt::Debug for Overheard {
    /// Without the requests, which hold tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Overheard").finish_non_exhaustive()
    }
}
