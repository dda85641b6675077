//! The lines that are signed on DOKU's channels outside SNAP.

use doku::sign::{Digest, HmacSha256, NonSnapRequest, StringToSign};

use super::subject::Subject;

/// The digest of a body; none for an empty one.
pub(super) fn digest(body: &[u8]) -> Option<Digest> {
    (!body.is_empty()).then(|| Digest::of(body))
}

pub(super) fn string_to_sign(subject: &Subject) -> StringToSign<HmacSha256> {
    StringToSign::non_snap_request(&NonSnapRequest {
        client_id: &subject.client_id.text,
        request_id: &subject.request_id.text,
        request_timestamp: &subject.timestamp.text,
        request_target: &subject.target,
        digest: digest(&subject.body).as_ref(),
    })
}
