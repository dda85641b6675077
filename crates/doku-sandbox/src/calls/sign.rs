//! The signature of an inquiry or a notification, and the headers that go with it.

use bytes::Bytes;
use doku_model::Operation;
use doku_sign::{AccessToken, MinifiedBody, StringToSign};

use super::headers::{insert, json_headers};
use crate::config::{BearerWord, HeaderClock, MerchantUrl};
use crate::desk::Desk;
use crate::journal::Signed;
use crate::outbound::{Outgoing, form};

/// The tokens of a call: what is presented, and what is signed.
#[derive(Debug, Clone)]
pub(super) struct Tokens {
    pub(super) presented: Option<AccessToken>,
    pub(super) signed: AccessToken,
}

impl Desk {
    /// The call, signed with the client secret.
    pub(super) fn signed_transaction(
        &self,
        operation: Operation,
        url: &MerchantUrl,
        body: Bytes,
        tokens: Tokens,
        channel: &str,
    ) -> Outgoing {
        let dialect = self.outbound.dialect;
        let timestamp = self.header_time();
        let serial = self.outbound.next_serial();
        let hash = MinifiedBody::of(&body).sha256_hex();
        let to_sign = StringToSign::snap_transaction_hashed(
            operation.method().as_str(),
            url.path(),
            &tokens.signed,
            &hash,
            &timestamp,
        );
        let signature = self.outbound.secret.sign(&to_sign).to_base64();
        let external_id = form::external_id(dialect.external_id, self.clock.unmoved(), serial);
        let mut headers = json_headers();
        insert(&mut headers, "x-partner-id", self.client_id.as_str());
        insert(&mut headers, "x-external-id", &external_id);
        insert(&mut headers, "x-timestamp", &timestamp);
        insert(&mut headers, "x-signature", &signature);
        if let Some(channel_id) = form::channel_id(dialect.channel_id, channel) {
            insert(&mut headers, "channel-id", channel_id);
        }
        if let Some(token) = &tokens.presented {
            let word = match dialect.bearer {
                BearerWord::LowerCase => "bearer",
                BearerWord::Bearer => "Bearer",
            };
            insert(
                &mut headers,
                "authorization",
                &format!("{word} {}", token.expose()),
            );
        }
        Outgoing {
            operation,
            url: url.clone(),
            headers,
            body,
            presented: tokens.presented,
            signed: Signed {
                string_to_sign: to_sign.masked(),
                body_sha256: Some(hash.as_str().to_owned()),
            },
        }
    }

    /// What X-TIMESTAMP says now in a call to the merchant.
    pub(super) fn header_time(&self) -> String {
        let now = match self.outbound.header_clock {
            HeaderClock::Machine => self.clock.unmoved(),
            HeaderClock::Sandbox => self.clock.now(),
        };
        form::timestamp(self.outbound.dialect.timestamp, now)
    }
}
