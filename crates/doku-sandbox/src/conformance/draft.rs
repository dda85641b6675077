//! A call before it is signed: what is sent, and apart from it what is signed, so that the two can differ.

use std::time::SystemTime;

use bytes::Bytes;
use doku_model::Operation;
use doku_sign::{AccessToken, ClientSecret, DokuPrivateKey, MinifiedBody, StringToSign};
use hyper::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};
use time::OffsetDateTime;

use super::target::Target;
use crate::config::{ExternalIdForm, TimestampForm};
use crate::outbound::form;

/// What becomes of a signature before it is sent.
pub(super) type Spoil = fn(&str) -> String;

/// A call that is being made.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) operation: Operation,
    pub(super) method: Method,
    uri: Uri,
    pub(super) body: Vec<u8>,
    pub(super) timestamp: String,
    pub(super) client_id: String,
    pub(super) external_id: String,
    pub(super) channel: Option<String>,
    pub(super) bearer: Option<AccessToken>,
    pub(super) bearer_word: &'static str,
    pub(super) signed: Signed,
    pub(super) spoil: Option<Spoil>,
    /// X-PARTNER-ID, where it is not the client id.
    pub(super) partner_id: Option<&'static str>,
    /// The header that does not arrive as it was made, and what becomes of it.
    pub(super) change: Option<(&'static str, Change)>,
    /// Whether the connection is used for nothing else: a server that refuses a body closes it as a rule.
    pub(super) alone: bool,
}

/// What becomes of one header.
#[derive(Debug, Clone, Copy)]
pub(super) enum Change {
    /// It is left out.
    LeftOut,
    /// It is there twice, alike.
    Twice,
    /// It is there twice, with other bytes in front.
    After(&'static [u8]),
    /// It holds nothing.
    Emptied,
    /// It goes on with other bytes.
    Followed(&'static [u8]),
    /// It goes on for more bytes than any server should read.
    Stretched,
}

/// How far a header goes on: beyond what the common servers and proxies read of one.
const STRETCH: usize = 16 * 1024;

/// What is signed where it is not what is sent.
#[derive(Clone, Default)]
pub(super) struct Signed {
    pub(super) method: Option<&'static str>,
    pub(super) path: Option<String>,
    pub(super) body: Option<Vec<u8>>,
    pub(super) timestamp: Option<String>,
    pub(super) token: Option<AccessToken>,
    pub(super) secret: Option<ClientSecret>,
    pub(super) key: Option<DokuPrivateKey>,
    pub(super) client_id: Option<String>,
}

/// The machine's time.
pub(super) fn now() -> OffsetDateTime {
    OffsetDateTime::from(SystemTime::now())
}

impl Draft {
    /// A genuine call, the `serial`-th of its suite.
    pub(super) fn of(
        operation: Operation,
        uri: Uri,
        target: &Target,
        body: Vec<u8>,
        bearer: Option<AccessToken>,
        serial: u64,
    ) -> Self {
        let now = now();
        Self {
            operation,
            method: Method::POST,
            uri,
            body,
            timestamp: form::timestamp(TimestampForm::Wib, now),
            client_id: target.client_id.as_str().to_owned(),
            external_id: form::external_id(ExternalIdForm::Digits, now, serial),
            channel: Some("VA004".to_owned()),
            bearer,
            bearer_word: "Bearer",
            signed: Signed::default(),
            spoil: None,
            partner_id: None,
            change: None,
            alone: false,
        }
    }

    /// The path that DOKU signs: that of the URL, with its query.
    pub(super) fn path(&self) -> &str {
        self.uri
            .path_and_query()
            .map_or("/", |whole| whole.as_str())
    }

    /// The call, signed and ready; an error says what is missing.
    pub(super) fn finish(&self, target: &Target) -> Result<Request<Bytes>, String> {
        let signature = match self.operation {
            Operation::Token => self.asymmetric(target)?,
            _ => self.symmetric(target),
        };
        let signature = match self.spoil {
            Some(spoil) => spoil(&signature),
            None => signature,
        };
        let mut given = vec![
            ("content-type", Some("application/json".to_owned())),
            ("accept", Some("application/json".to_owned())),
            ("x-timestamp", Some(self.timestamp.clone())),
            ("x-signature", Some(signature)),
        ];
        if self.operation == Operation::Token {
            given.push(("x-client-key", Some(self.client_id.clone())));
        } else {
            let authorization =
                |token: &AccessToken| format!("{} {}", self.bearer_word, token.expose());
            let partner_id = self.partner_id.unwrap_or(&self.client_id);
            given.push(("x-partner-id", Some(partner_id.to_owned())));
            given.push(("x-external-id", Some(self.external_id.clone())));
            given.push(("channel-id", self.channel.clone()));
            given.push(("authorization", self.bearer.as_ref().map(authorization)));
        }
        if self.alone {
            given.push(("connection", Some("close".to_owned())));
        }
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            let Some(value) = value else {
                continue;
            };
            let change = self.change.filter(|(changed, _)| *changed == name);
            for value in values(value, change.map(|(_, change)| change)) {
                let mut value = HeaderValue::from_bytes(&value)
                    .map_err(|_| format!("the header {name} cannot carry what it should"))?;
                value.set_sensitive(matches!(name, "authorization" | "x-signature"));
                headers.append(HeaderName::from_static(name), value);
            }
        }
        let mut request = Request::new(Bytes::from(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = headers;
        Ok(request)
    }

    fn symmetric(&self, target: &Target) -> String {
        let signed = &self.signed;
        let empty = AccessToken::empty();
        let token = signed.token.as_ref().or(self.bearer.as_ref());
        let to_sign = StringToSign::snap_transaction(
            signed.method.unwrap_or(self.method.as_str()),
            signed.path.as_deref().unwrap_or(self.path()),
            token.unwrap_or(&empty),
            &MinifiedBody::of(signed.body.as_ref().unwrap_or(&self.body)),
            signed.timestamp.as_ref().unwrap_or(&self.timestamp),
        );
        let secret = signed.secret.as_ref().unwrap_or(&target.secret);
        secret.sign(&to_sign).to_base64()
    }

    fn asymmetric(&self, target: &Target) -> Result<String, String> {
        let signed = &self.signed;
        let timestamp = signed.timestamp.as_ref().unwrap_or(&self.timestamp);
        let client_id = signed.client_id.as_ref().unwrap_or(&self.client_id);
        let to_sign = StringToSign::snap_token(client_id, timestamp);
        let key = signed.key.as_ref().or(target.doku_key.as_ref());
        let key = key.ok_or("there is no private key of DOKU's to sign with")?;
        key.sign(&to_sign)
            .map(|signature| signature.to_base64())
            .map_err(|error| error.to_string())
    }
}

/// What the headers of one name hold, after the change.
fn values(value: String, change: Option<Change>) -> Vec<Vec<u8>> {
    let value = value.into_bytes();
    match change {
        None => vec![value],
        Some(Change::LeftOut) => Vec::new(),
        Some(Change::Twice) => vec![value.clone(), value],
        Some(Change::After(other)) => vec![other.to_vec(), value],
        Some(Change::Emptied) => vec![Vec::new()],
        Some(Change::Followed(bytes)) => vec![[&value, bytes].concat()],
        Some(Change::Stretched) => vec![[value, vec![b'A'; STRETCH]].concat()],
    }
}
