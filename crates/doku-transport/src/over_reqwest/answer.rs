//! Reads a response into memory, up to a limit.

use std::mem;

use bytes::{Bytes, BytesMut};
use http::Response;

use super::blame;
use crate::{TransportError, TransportErrorKind};

/// Reads the whole body. The size the server states is checked before anything is read.
pub(super) async fn read(
    mut response: reqwest::Response,
    limit: usize,
) -> Result<Response<Bytes>, TransportError> {
    let stated = response.content_length();
    if stated.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit)) {
        return Err(too_large(limit));
    }
    let body = read_body(&mut response, stated, limit).await?;

    let mut whole = Response::new(body);
    *whole.status_mut() = response.status();
    *whole.version_mut() = response.version();
    *whole.headers_mut() = mem::take(response.headers_mut());
    Ok(whole)
}

/// A body of one chunk, which is nearly every one, is handed on as it came.
async fn read_body(
    response: &mut reqwest::Response,
    stated: Option<u64>,
    limit: usize,
) -> Result<Bytes, TransportError> {
    let Some(first) = next(response).await? else {
        return Ok(Bytes::new());
    };
    if first.len() > limit {
        return Err(too_large(limit));
    }
    let Some(second) = next(response).await? else {
        return Ok(first);
    };

    let expected = stated
        .and_then(|length| usize::try_from(length).ok())
        .unwrap_or(0);
    let mut body = BytesMut::with_capacity(expected.max(first.len() + second.len()).min(limit));
    body.extend_from_slice(&first);
    let mut chunk = Some(second);
    while let Some(more) = chunk {
        if more.len() > limit - body.len() {
            return Err(too_large(limit));
        }
        body.extend_from_slice(&more);
        chunk = next(response).await?;
    }
    Ok(body.freeze())
}

async fn next(response: &mut reqwest::Response) -> Result<Option<Bytes>, TransportError> {
    response.chunk().await.map_err(blame::reading)
}

fn too_large(limit: usize) -> TransportError {
    TransportError::new(TransportErrorKind::BodyTooLarge).with_source(Limit(limit))
}

#[derive(Debug, thiserror::Error)]
#[error("the limit is {0} bytes")]
struct Limit(usize);
