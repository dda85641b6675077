//! A transport that remembers what the last request was signed over, so that the story can show it.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use doku::sign::{AccessToken, HmacSha512, MinifiedBody, Signature, StringToSign};
use doku::{HttpTransport, ReqwestTransport, TransportError};
use http::{Request, Response};

/// What was sent in place of a secret: the text, and the signature over it.
pub(super) type Signed = (StringToSign<HmacSha512>, Signature);

#[derive(Debug)]
pub(super) struct Overheard {
    beneath: Arc<ReqwestTransport>,
    last: Mutex<Option<Signed>>,
}

impl Overheard {
    pub(super) fn new(beneath: Arc<ReqwestTransport>) -> Self {
        Self {
            beneath,
            last: Mutex::new(None),
        }
    }

    /// Of the last request that was signed with a client secret.
    pub(super) fn last(&self) -> Option<Signed> {
        self.last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

#[async_trait]
impl HttpTransport for Overheard {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        if let Some(signed) = signed(&request) {
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(signed);
        }
        self.beneath.send(request).await
    }
}

/// None for a token request, which is signed with a key.
fn signed(request: &Request<Bytes>) -> Option<Signed> {
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
