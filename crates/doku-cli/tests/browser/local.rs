//! A local DOKU with its page, a server of ours that it tells of payments, and people at the bank's counter.

use std::sync::Arc;

use bytes::Bytes;
use doku::model::{Operation, Timestamp};
use doku::sign::{MinifiedBody, StringToSign};
use doku::{Client, ClientSecret, Config, HttpTransport as _, ReqwestTransport};
use serde_json::Value;
use time::OffsetDateTime;

use crate::browser::Browser;
use crate::server::Server;

pub(crate) struct Local {
    pub(crate) server: Server,
}

impl Local {
    pub(crate) fn open() -> Self {
        Self {
            server: Server::start(),
        }
    }

    /// An address of the page, in English.
    pub(crate) fn page(&self, path: &str) -> String {
        self.page_in(path, "en")
    }

    pub(crate) fn page_in(&self, path: &str, language: &str) -> String {
        let sandbox = &self.server.sandbox;
        format!("{}{path}?lang={language}", sandbox.base_url())
    }

    /// `doku va create` of a bill over Rp11.500, and its number.
    pub(crate) fn created(&self, trx_id: &str) -> String {
        let sandbox = &self.server.sandbox;
        sandbox.created(trx_id, &format!("{trx_id}.json"));
        let listed = sandbox.control("GET", "virtual-accounts", "");
        let all = listed["virtualAccounts"].as_array().unwrap();
        let made = all.iter().find(|account| account["trxId"] == trx_id);
        let number = made.unwrap()["virtualAccountNo"].as_str().unwrap();
        number.trim().to_owned()
    }

    /// A home-made client that signs its body with the blanks that it sends; the number of the journal's entry.
    pub(crate) async fn signed_wrongly(&self) -> u64 {
        let told = &self.server.sandbox.ready["environment"];
        let config = Config::from_variables(|name| told[name].as_str().map(str::to_owned)).unwrap();
        let (environment, client_id) =
            (config.environment().to_string(), config.client_id().clone());
        let transport = Arc::new(ReqwestTransport::new());
        let client = Client::new(config, Arc::clone(&transport) as _).unwrap();
        let token = client.token().await.unwrap();
        let [secret, _] = self.server.secrets();
        let body = "{ \"partnerServiceId\": \"   95962\" }";
        let operation = Operation::CreateVa;
        let timestamp = Timestamp::wib(OffsetDateTime::now_utc());
        let to_sign = StringToSign::snap_transaction(
            operation.method().as_str(),
            operation.path(),
            token.access_token(),
            &MinifiedBody::raw(body.as_bytes()),
            timestamp.as_str(),
        );
        let signature = ClientSecret::new(secret.trim()).unwrap().sign(&to_sign);
        let bearer = format!("Bearer {}", token.access_token().expose());
        let request = http::Request::post(format!("{environment}{}", operation.path()))
            .header("Content-Type", "application/json")
            .header("CHANNEL-ID", "H2H")
            .header("X-PARTNER-ID", client_id.as_str())
            .header("X-EXTERNAL-ID", "4711")
            .header("X-TIMESTAMP", timestamp.as_str())
            .header("X-SIGNATURE", signature.to_base64())
            .header("Authorization", bearer)
            .body(Bytes::from_static(body.as_bytes()))
            .unwrap();
        let answer = transport.send(request).await.unwrap();
        assert_eq!(answer.status(), 401);
        self.last_entry()
    }

    /// The number of the last entry of the journal.
    pub(crate) fn last_entry(&self) -> u64 {
        let journal = self.server.sandbox.control("GET", "journal", "");
        let entries = journal["entries"].as_array().unwrap();
        entries.last().unwrap()["number"].as_u64().unwrap()
    }

    /// What DOKU has to tell.
    pub(crate) fn notifications(&self) -> Vec<Value> {
        let told = self.server.sandbox.control("GET", "notifications", "");
        told["notifications"].as_array().unwrap().clone()
    }
}

/// Types a number at the counter that is on the page, and asks for it.
pub(crate) async fn ask(browser: &Browser, number: &str) {
    let field = browser.element("#number").await;
    field.clear().await.unwrap();
    field.send_keys(number).await.unwrap();
    browser.click("#ask-button").await;
}
