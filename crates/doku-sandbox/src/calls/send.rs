//! One call on its way: handed to the transport, and waited for.

use std::time::Duration;

use doku_transport::TotalTimeout;
use hyper::http::Request;

use super::heard::Heard;
use crate::desk::Desk;
use crate::outbound::Outgoing;

impl Desk {
    /// Sends a call as it is, once.
    pub(super) async fn send(&self, outgoing: &Outgoing) -> Heard {
        let Some(transport) = &self.outbound.transport else {
            return Heard::Nothing(
                "the sandbox has no transport to call the merchant with".to_owned(),
            );
        };
        let mut request = Request::new(outgoing.body.clone());
        *request.method_mut() = hyper::Method::POST;
        *request.uri_mut() = outgoing.url.uri().clone();
        *request.headers_mut() = outgoing.headers.clone();
        request
            .extensions_mut()
            .insert(TotalTimeout(self.outbound.timeout));
        // The extension is a wish of the transport's; DOKU stops waiting in any case.
        let patience = self.outbound.timeout + Duration::from_secs(1);
        match tokio::time::timeout(patience, transport.send(request)).await {
            Ok(Ok(response)) => Heard::Answer {
                status: response.status().as_u16(),
                body: response.into_body(),
            },
            Ok(Err(error)) => Heard::Nothing(error.to_string()),
            Err(_) => Heard::Nothing("no answer in time; the merchant may have acted".to_owned()),
        }
    }
}
