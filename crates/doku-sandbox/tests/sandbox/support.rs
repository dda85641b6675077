//! A running sandbox and a small HTTP client of its own, so that nothing stands between a test and the bytes.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use doku_model::{Operation, Timestamp};
use doku_sandbox::{JournalEntry, Merchant, Running, Sandbox, SandboxConfig};
use doku_sign::{AccessToken, ClientSecret, HmacSha512, MinifiedBody, StringToSign};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Keys take long to make, so every test is the same merchant.
pub(crate) static MERCHANT: LazyLock<Merchant> = LazyLock::new(|| Merchant::make_up().unwrap());

pub(crate) const DGPC: &str = "   95962";
pub(crate) const MGPC: &str = "    8129";
pub(crate) const DIPC: &str = "    8130";

/// A sandbox, and how a merchant talks to it.
pub(crate) struct World {
    pub(crate) running: Running,
    pub(crate) secret: ClientSecret,
}

/// A call that is about to be sent.
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// An answer that arrived whole.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// What arrived of an answer that did not.
#[derive(Debug)]
pub(crate) struct CutOff {
    pub(crate) received: Vec<u8>,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(|config| config).await
    }

    pub(crate) async fn with(configure: impl FnOnce(SandboxConfig) -> SandboxConfig) -> Self {
        let config = SandboxConfig::for_merchant(&MERCHANT)
            .unwrap()
            .with_bin("8129:mgpc".parse().unwrap())
            .with_bin("8130:dipc".parse().unwrap())
            .public_url("https://sandbox.test/");
        let running = Sandbox::start(configure(config), "127.0.0.1:0")
            .await
            .unwrap();
        Self {
            running,
            secret: ClientSecret::new(MERCHANT.client_secret()).unwrap(),
        }
    }

    pub(crate) fn sandbox(&self) -> &Sandbox {
        self.running.sandbox()
    }

    /// A new token.
    pub(crate) async fn token(&self) -> String {
        let reply = self.send(&token_request(&now())).await.unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()["accessToken"].as_str().unwrap().to_owned()
    }

    /// A signed call with a new token and a new external id.
    pub(crate) async fn call(&self, operation: Operation, body: &Value) -> Reply {
        let token = self.token().await;
        let call = self.signed(operation, body.to_string().as_bytes(), &token);
        self.send(&call).await.unwrap()
    }

    /// A call as it should be.
    pub(crate) fn signed(&self, operation: Operation, body: &[u8], token: &str) -> Call {
        self.signed_at(operation, body, token, &now())
    }

    pub(crate) fn signed_at(
        &self,
        operation: Operation,
        body: &[u8],
        token: &str,
        time: &str,
    ) -> Call {
        let to_sign = StringToSign::snap_transaction(
            operation.method().as_str(),
            operation.path(),
            &AccessToken::new(token),
            &MinifiedBody::of(body),
            time,
        );
        self.signed_over(operation, body, token, time, &to_sign)
    }

    /// A call with a signature over this text, whatever it is.
    pub(crate) fn signed_over(
        &self,
        operation: Operation,
        body: &[u8],
        token: &str,
        time: &str,
        to_sign: &StringToSign<HmacSha512>,
    ) -> Call {
        let signature = self.secret.sign(to_sign).to_base64();
        let headers = [
            ("Content-Type", "application/json"),
            ("X-TIMESTAMP", time),
            ("X-SIGNATURE", &signature),
            ("X-PARTNER-ID", MERCHANT.client_id().as_str()),
            ("X-EXTERNAL-ID", &fresh_id()),
            ("CHANNEL-ID", "H2H"),
            ("Authorization", &format!("Bearer {token}")),
        ];
        Call {
            method: operation.method().as_str(),
            target: operation.path().to_owned(),
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
            body: body.to_vec(),
        }
    }

    /// Creates a DGPC account and gives its data.
    pub(crate) async fn created(&self, trx_id: &str) -> Value {
        let reply = self.call(Operation::CreateVa, &create(trx_id)).await;
        assert_eq!(reply.code(), "2002700", "{}", reply.text());
        reply.json()["virtualAccountData"].clone()
    }

    pub(crate) async fn get(&self, target: &str) -> Reply {
        self.send(&plain("GET", target, "")).await.unwrap()
    }

    pub(crate) async fn post(&self, target: &str, body: &Value) -> Reply {
        let mut call = plain("POST", target, &body.to_string());
        call.headers
            .push(("Content-Type".to_owned(), "application/json".to_owned()));
        self.send(&call).await.unwrap()
    }

    /// Sends a call over a connection of its own and reads until the other side closes it.
    pub(crate) async fn send(&self, call: &Call) -> Result<Reply, CutOff> {
        let mut stream = TcpStream::connect(self.running.address()).await.unwrap();
        let mut request = format!("{} {} HTTP/1.1\r\n", call.method, call.target);
        if !call.headers.iter().any(|(name, _)| name == "Host") {
            request.push_str("Host: sandbox.test\r\n");
        }
        request.push_str("Connection: close\r\n");
        for (name, value) in &call.headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n", call.body.len()));
        let mut bytes = request.into_bytes();
        bytes.extend_from_slice(&call.body);
        // A connection that is cut early may refuse the rest.
        let _sent = stream.write_all(&bytes).await;
        let mut received = Vec::new();
        let _read = stream.read_to_end(&mut received).await;
        parse(received)
    }

    /// Ends once every fault that was ordered has met its call.
    pub(crate) async fn faults_are_met(&self) {
        for _ in 0..10_000 {
            let faults = self.get("/_sandbox/faults").await;
            if faults.json()["faults"].as_array().unwrap().is_empty() {
                return;
            }
        }
        panic!("no call came for a fault");
    }

    /// The entries of the calls that met a fault.
    pub(crate) fn faulted_entries(&self) -> Vec<JournalEntry> {
        let journal = self.sandbox().journal(0);
        let faulted = journal.iter().filter(|entry| entry.fault.is_some());
        faulted.map(|entry| (**entry).clone()).collect()
    }

    /// The last entry of the journal.
    pub(crate) fn last_entry(&self) -> JournalEntry {
        (**self.sandbox().journal(0).last().unwrap()).clone()
    }
}

impl Call {
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        &found.unwrap().1
    }
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn code(&self) -> String {
        self.json()["responseCode"].as_str().unwrap().to_owned()
    }

    pub(crate) fn message(&self) -> String {
        self.json()["responseMessage"].as_str().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

fn parse(received: Vec<u8>) -> Result<Reply, CutOff> {
    let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Err(CutOff { received });
    };
    let head = String::from_utf8(received[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let reply = Reply {
        status: status.parse().unwrap(),
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: received[end + 4..].to_vec(),
    };
    let promised: usize = reply
        .header("content-length")
        .map_or(reply.body.len(), |length| length.parse().unwrap());
    if reply.body.len() == promised {
        Ok(reply)
    } else {
        Err(CutOff { received })
    }
}

/// A token request as it should be.
pub(crate) fn token_request(time: &str) -> Call {
    let client_id = MERCHANT.client_id().as_str();
    let to_sign = StringToSign::snap_token(client_id, time);
    let signature = MERCHANT.private_key().sign(&to_sign).unwrap().to_base64();
    let headers = [
        ("Content-Type", "application/json"),
        ("X-TIMESTAMP", time),
        ("X-SIGNATURE", &signature),
        ("X-CLIENT-KEY", client_id),
    ];
    Call {
        method: "POST",
        target: Operation::Token.path().to_owned(),
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        body: br#"{"grantType":"client_credentials"}"#.to_vec(),
    }
}

fn plain(method: &'static str, target: &str, body: &str) -> Call {
    Call {
        method,
        target: target.to_owned(),
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
    }
}

/// What the machine's clock shows, as a caller would send it.
pub(crate) fn now() -> String {
    Timestamp::wib(SystemTime::now().into()).to_string()
}

/// An external id that nobody used yet.
pub(crate) fn fresh_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{:020}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A closed bill of 11,500 rupiah under the DGPC prefix.
pub(crate) fn create(trx_id: &str) -> Value {
    json!({
        "partnerServiceId": DGPC,
        "customerNo": "6",
        "virtualAccountNo": "   959626",
        "virtualAccountName": "Budi Santoso",
        "virtualAccountEmail": "budi@example.id",
        "virtualAccountPhone": "6281234567890",
        "trxId": trx_id,
        "totalAmount": { "value": "11500.00", "currency": "IDR" },
        "additionalInfo": { "channel": "VIRTUAL_ACCOUNT_BTN" },
        "virtualAccountTrxType": "C",
        "expiredDate": "2099-01-01T10:55:00+07:00",
    })
}

/// The same with a number that the merchant made.
pub(crate) fn create_own(trx_id: &str, customer_no: &str) -> Value {
    changed(
        create(trx_id),
        json!({
            "partnerServiceId": MGPC,
            "customerNo": customer_no,
            "virtualAccountNo": format!("{MGPC}{customer_no}"),
        }),
    )
}

/// `body` with these members replaced; null takes one out.
pub(crate) fn changed(mut body: Value, members: Value) -> Value {
    let Value::Object(members) = members else {
        panic!("members are an object");
    };
    for (name, value) in members {
        let object = body.as_object_mut().unwrap();
        if value.is_null() {
            object.remove(&name);
        } else {
            object.insert(name, value);
        }
    }
    body
}

/// The numbers of an account, with its bank.
pub(crate) fn numbers(data: &Value) -> Value {
    json!({
        "partnerServiceId": data["partnerServiceId"],
        "customerNo": data["customerNo"],
        "virtualAccountNo": data["virtualAccountNo"],
        "additionalInfo": { "channel": "VIRTUAL_ACCOUNT_BTN" },
    })
}

/// A delete request for an account, with the trxId it was created with.
pub(crate) fn delete(data: &Value) -> Value {
    changed(numbers(data), json!({ "trxId": data["trxId"] }))
}

/// A check-status request for these numbers.
pub(crate) fn ask(data: &Value) -> Value {
    changed(numbers(data), json!({ "additionalInfo": null }))
}
