//! Signatures of DOKU's channels outside SNAP. A mistake is named where the presented signature is made again with it.

use std::time::SystemTime;

use doku::sign::diagnose::{Cause, Skew};
use doku::sign::{Digest, MinifiedBody, NonSnapRequest, NonSnapSignature, StringToSign};
use doku::{ClientSecret, Timestamp};

use super::subject::Subject;
use super::words::Words;
use crate::command::keyring::Keyring;

/// How far a timestamp may be from the clock.
const TOLERANCE: u64 = doku::sign::diagnose::Case::TOLERANCE.as_secs();

/// What was found out.
pub(super) struct Found {
    pub(super) right: bool,
    pub(super) mistake: Option<Mistake>,
    pub(super) skew: Option<Skew>,
    /// The text that should have been signed.
    pub(super) expected: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    NoSignature,
    /// Not `HMACSHA256=` and base64 after it.
    Form,
    /// Minified before it was hashed, as in SNAP.
    MinifiedBody,
    /// The line with the digest is there for an empty body, or missing for another.
    DigestLine,
    WholeUrl,
    NoQuery,
    TrailingSlash,
    OtherSecret,
    Unknown,
}

impl Mistake {
    /// For machines.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::NoSignature => "noSignature",
            Self::Form => "notBase64",
            Self::MinifiedBody => "minifiedBody",
            Self::DigestLine => "digestLine",
            Self::WholeUrl => "wholeUrl",
            Self::NoQuery => "noQuery",
            Self::TrailingSlash => "trailingSlash",
            Self::OtherSecret => "otherSecret",
            Self::Unknown => "unknown",
        }
    }

    /// What was done wrong.
    pub(super) const fn describe(self, words: Words) -> &'static str {
        match self {
            Self::NoSignature => words.of("no signature was presented", "tidak ada tanda tangan"),
            Self::Form => words.of(
                "the header Signature is not HMACSHA256= with standard base64 after it",
                "header Signature bukan HMACSHA256= yang diikuti base64 standar",
            ),
            Self::MinifiedBody => words.of(
                "the body was minified before it was hashed, which is for SNAP alone",
                "body di-minify sebelum di-hash, padahal itu hanya untuk SNAP",
            ),
            Self::DigestLine => words.of(
                "the line Digest is missing, or is there although the body is empty",
                "baris Digest tidak ada, atau ada padahal body kosong",
            ),
            Self::WholeUrl => words.of(
                "the URL was signed instead of the path",
                "URL ditandatangani, bukan path",
            ),
            Self::NoQuery => words.of(
                "the path was signed without its query",
                "path ditandatangani tanpa query",
            ),
            Self::TrailingSlash => words.of(
                "the path was signed with a slash too many or too few at its end",
                "path ditandatangani dengan garis miring berlebih atau kurang di akhir",
            ),
            Self::OtherSecret => words.of(
                "another secret key was used",
                "secret key lain yang dipakai",
            ),
            Self::Unknown => words.of(
                "none of the known mistakes makes this signature",
                "tidak ada kesalahan yang dikenal yang menghasilkan tanda tangan ini",
            ),
        }
    }

    /// What to do about it.
    pub(super) const fn advice(self, words: Words) -> &'static str {
        match self {
            Self::NoSignature | Self::Form => words.of(
                "Send the header Signature with HMACSHA256= and the base64 of the HMAC's bytes.",
                "Kirim header Signature berisi HMACSHA256= dan base64 dari byte HMAC.",
            ),
            Self::MinifiedBody => words.of(
                "Hash the bytes of the body as they are sent.",
                "Hash byte body persis seperti yang dikirim.",
            ),
            Self::DigestLine => words.of(
                "Sign the line Digest where there is a body, and leave it out where there is none.",
                "Sertakan baris Digest bila ada body, dan hilangkan bila tidak ada.",
            ),
            Self::WholeUrl | Self::NoQuery | Self::TrailingSlash => words.of(
                "Sign the path as it is sent, beginning with a slash and without scheme and host.",
                "Tandatangani path persis seperti yang dikirim, diawali garis miring, tanpa skema dan host.",
            ),
            Self::OtherSecret => words.of(
                "Sign with the current secret key of this environment.",
                "Tandatangani dengan secret key yang berlaku di lingkungan ini.",
            ),
            Self::Unknown => words.of(
                "Compare your lines with the expected ones, byte for byte; if they are the same, the secret key is another one.",
                "Bandingkan baris Anda dengan yang seharusnya, byte demi byte; jika sama, secret key-nya yang berbeda.",
            ),
        }
    }
}

/// The lines of a request, with a target and a digest that may be wrong.
fn request<'a>(
    subject: &'a Subject,
    target: &'a str,
    digest: Option<&'a Digest>,
) -> NonSnapRequest<'a> {
    NonSnapRequest {
        client_id: &subject.client_id.text,
        request_id: &subject.request_id.text,
        request_timestamp: &subject.timestamp.text,
        request_target: target,
        digest,
    }
}

/// The digest of a body; none for an empty one.
pub(super) fn digest(body: &[u8]) -> Option<Digest> {
    (!body.is_empty()).then(|| Digest::of(body))
}

/// The lines that are signed.
pub(super) fn string_to_sign(subject: &Subject) -> StringToSign<doku::sign::HmacSha256> {
    let digest = digest(&subject.body);
    StringToSign::non_snap_request(&request(subject, &subject.target, digest.as_ref()))
}

/// Looks at the signature of a request.
pub(super) fn judge(
    subject: &Subject,
    secret: &ClientSecret,
    keys: &Keyring,
    now: SystemTime,
) -> Found {
    let expected = string_to_sign(subject);
    let mistake = mistake(subject, secret, keys, &expected);
    let skew = subject
        .timestamp
        .text
        .parse::<Timestamp>()
        .ok()
        .map(|timestamp| {
            let now = time::OffsetDateTime::from(now);
            Skew::of_seconds((timestamp.instant() - now).whole_seconds())
        });
    Found {
        right: mistake.is_none(),
        mistake,
        skew,
        expected: expected.masked(),
    }
}

fn mistake(
    subject: &Subject,
    secret: &ClientSecret,
    keys: &Keyring,
    expected: &StringToSign<doku::sign::HmacSha256>,
) -> Option<Mistake> {
    if subject.signature.text.is_empty() {
        return Some(Mistake::NoSignature);
    }
    let Ok(signature) = NonSnapSignature::from_header(&subject.signature.text) else {
        return Some(Mistake::Form);
    };
    let fits = |secret: &ClientSecret, text: &StringToSign<_>| {
        secret.verify_non_snap(text, &signature).is_ok()
    };
    if fits(secret, expected) {
        return None;
    }
    if keys
        .others
        .secrets
        .iter()
        .any(|other| fits(other, expected))
    {
        return Some(Mistake::OtherSecret);
    }
    let right = digest(&subject.body);
    let minified = Digest::of(MinifiedBody::of(&subject.body).as_bytes());
    let of_nothing = Digest::of(b"");
    let with_digest = |digest: Option<&Digest>| {
        StringToSign::non_snap_request(&request(subject, &subject.target, digest))
    };
    if fits(secret, &with_digest(Some(&minified))) && !subject.body.is_empty() {
        return Some(Mistake::MinifiedBody);
    }
    if fits(secret, &with_digest(None)) || fits(secret, &with_digest(Some(&of_nothing))) {
        return Some(Mistake::DigestLine);
    }
    let at = |target: &str| {
        fits(
            secret,
            &StringToSign::non_snap_request(&request(subject, target, right.as_ref())),
        )
    };
    if subject.urls.iter().any(|url| at(url)) {
        return Some(Mistake::WholeUrl);
    }
    let (path, query) = subject
        .target
        .split_once('?')
        .unwrap_or((&subject.target, ""));
    if !query.is_empty() && at(path) {
        return Some(Mistake::NoQuery);
    }
    if at(&format!("{}/", subject.target)) || at(subject.target.trim_end_matches('/')) {
        return Some(Mistake::TrailingSlash);
    }
    Some(Mistake::Unknown)
}

impl Found {
    /// The skew, where it is a mistake.
    pub(super) fn too_far(&self) -> Option<Cause> {
        self.skew
            .filter(|skew| skew.size().as_secs() > TOLERANCE)
            .map(Cause::ClockSkew)
    }

    /// The lines of a report.
    pub(super) fn report(&self, words: Words) -> String {
        let mut lines = vec![if self.right {
            words
                .of("the signature is right", "tanda tangan benar")
                .to_owned()
        } else {
            words
                .of("the signature does not match", "tanda tangan tidak cocok")
                .to_owned()
        }];
        let mut line = |label: &str, text: &str| lines.push(format!("{label:<14}{text}"));
        let (cause, advice) = (words.of("cause", "penyebab"), words.of("advice", "saran"));
        if let Some(mistake) = self.mistake {
            line(cause, mistake.describe(words));
            line(advice, mistake.advice(words));
        }
        if let Some(skew) = self.too_far() {
            line(cause, &skew.describe(words.0));
            line(advice, skew.advice(words.0));
        }
        for (index, text) in self.expected.lines().enumerate() {
            line(
                if index == 0 {
                    words.of("to sign", "seharusnya")
                } else {
                    ""
                },
                text,
            );
        }
        lines.join("\n")
    }
}
