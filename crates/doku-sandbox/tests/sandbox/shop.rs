//! A tiny merchant: a server of its own that hears what DOKU says, and answers what a test wants.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use doku_sandbox::{Endpoints, SandboxConfig};
use doku_sign::{AccessToken, ClientSecret, MinifiedBody, Signature, StringToSign};
use doku_transport::ReqwestTransport;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::MERCHANT;

/// What an answer is made from: the body that was heard.
type Answer = Box<dyn Fn(&Value) -> (u16, String) + Send>;

pub(crate) const TOKEN: &str = "/token";
pub(crate) const INQUIRY: &str = "/snap/inquiry";
pub(crate) const PAYMENT: &str = "/snap/payment?shop=1";

pub(crate) struct Shop {
    address: SocketAddr,
    counter: Arc<Mutex<Counter>>,
}

struct Counter {
    heard: Vec<Heard>,
    tokens: usize,
    inquiry: Answer,
    payment: Answer,
    token: Option<(u16, String)>,
}

/// A call that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Heard {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Whether it is signed with the client secret over this token.
    pub(crate) fn is_signed_over(&self, token: &str) -> bool {
        let to_sign = StringToSign::snap_transaction(
            "POST",
            &self.target,
            &AccessToken::new(token),
            &MinifiedBody::of(self.body.as_bytes()),
            self.header("x-timestamp").unwrap(),
        );
        let signature = Signature::from_base64(self.header("x-signature").unwrap()).unwrap();
        let secret = ClientSecret::new(MERCHANT.client_secret()).unwrap();
        secret.verify(&to_sign, &signature).is_ok()
    }

    /// Whether it is signed with DOKU's key.
    pub(crate) fn is_signed_by_doku(&self) -> bool {
        let time = self.header("x-timestamp").unwrap();
        let to_sign = StringToSign::snap_token(self.header("x-client-key").unwrap(), time);
        let signature = Signature::from_base64(self.header("x-signature").unwrap()).unwrap();
        let key = MERCHANT.doku_private_key().public_key();
        key.verify(&to_sign, &signature).is_ok()
    }
}

impl Shop {
    /// Opens, and sells whatever it is asked about for 25,000 rupiah.
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let counter = Arc::new(Mutex::new(Counter {
            heard: Vec::new(),
            tokens: 0,
            inquiry: Box::new(|asked| (200, bill(asked).to_string())),
            payment: Box::new(|told| (200, thanks(told).to_string())),
            token: None,
        }));
        let serving = Arc::clone(&counter);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&serving)));
            }
        });
        Self { address, counter }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The sandbox calls this shop.
    pub(crate) fn known_to(&self, config: SandboxConfig) -> SandboxConfig {
        let url = |path| self.url(path).parse().unwrap();
        config
            .transport(Arc::new(ReqwestTransport::new()))
            .endpoints(
                Endpoints::new()
                    .token_url(url(TOKEN))
                    .inquiry_url(url(INQUIRY))
                    .notification_url(url(PAYMENT)),
            )
    }

    pub(crate) fn answer_token(&self, status: u16, body: &str) {
        self.counter.lock().unwrap().token = Some((status, body.to_owned()));
    }

    pub(crate) fn answer_inquiry(&self, answer: impl Fn(&Value) -> (u16, String) + Send + 'static) {
        self.counter.lock().unwrap().inquiry = Box::new(answer);
    }

    pub(crate) fn answer_payment(&self, answer: impl Fn(&Value) -> (u16, String) + Send + 'static) {
        self.counter.lock().unwrap().payment = Box::new(answer);
    }

    /// Answers payments as it should again.
    pub(crate) fn recover(&self) {
        self.answer_payment(|told| (200, thanks(told).to_string()));
    }

    /// What was heard at this path, in the order of arrival.
    pub(crate) fn heard(&self, path: &str) -> Vec<Heard> {
        let counter = self.counter.lock().unwrap();
        let at = |heard: &&Heard| heard.target == path;
        counter.heard.iter().filter(at).cloned().collect()
    }

    /// The last call at this path.
    pub(crate) fn last(&self, path: &str) -> Heard {
        self.heard(path).pop().unwrap()
    }
}

/// What a merchant answers to an inquiry.
pub(crate) fn bill(asked: &Value) -> Value {
    json!({
        "responseCode": "2002400",
        "responseMessage": "Successful",
        "virtualAccountData": {
            "partnerServiceId": asked["partnerServiceId"],
            "customerNo": asked["customerNo"],
            "virtualAccountNo": asked["virtualAccountNo"],
            "virtualAccountName": "Siti Rahma",
            "virtualAccountEmail": "siti@example.id",
            "totalAmount": { "value": "25000.00", "currency": "IDR" },
            "virtualAccountTrxType": "C",
            "expiredDate": "2099-12-31T23:59:59+07:00",
            "inquiryStatus": "00",
            "inquiryReason": { "english": "Success", "indonesia": "Sukses" },
            "inquiryRequestId": asked["inquiryRequestId"],
            "freeText": [{ "english": "Thank you", "indonesia": "Terima kasih" }],
            "additionalInfo": {
                "channel": asked["additionalInfo"]["channel"],
                "trxId": "DIPC-1",
                "virtualAccountConfig": { "reusableStatus": false },
            },
        },
    })
}

/// What a merchant answers to a notification.
pub(crate) fn thanks(told: &Value) -> Value {
    json!({
        "responseCode": "2002500",
        "responseMessage": "Successful",
        "virtualAccountData": {
            "partnerServiceId": told["partnerServiceId"],
            "customerNo": told["customerNo"],
            "virtualAccountNo": told["virtualAccountNo"],
            "virtualAccountName": told["virtualAccountName"],
            "paymentRequestId": told["paymentRequestId"],
        },
    })
}

async fn serve(mut stream: TcpStream, counter: Arc<Mutex<Counter>>) {
    let Some(heard) = read(&mut stream).await else {
        return;
    };
    let (status, body) = {
        let mut counter = counter.lock().unwrap();
        counter.heard.push(heard.clone());
        let asked = serde_json::from_str(&heard.body).unwrap_or_default();
        match heard.target.as_str() {
            TOKEN => match &counter.token {
                Some(answer) => answer.clone(),
                None => {
                    counter.tokens += 1;
                    let token = json!({
                        "responseCode": "2007300",
                        "responseMessage": "Successful",
                        "accessToken": format!("opaque-token-{}", counter.tokens),
                        "tokenType": "Bearer",
                        "expiresIn": 900,
                    });
                    (200, token.to_string())
                }
            },
            INQUIRY => (counter.inquiry)(&asked),
            PAYMENT => (counter.payment)(&asked),
            _ => (404, "{}".to_owned()),
        }
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let _sent = stream.write_all(format!("{head}{body}").as_bytes()).await;
}

async fn read(stream: &mut TcpStream) -> Option<Heard> {
    let mut received = Vec::new();
    loop {
        let mut some = [0; 4096];
        let count = stream
            .read(&mut some)
            .await
            .ok()
            .filter(|count| *count > 0)?;
        received.extend_from_slice(&some[..count]);
        let text = String::from_utf8_lossy(&received).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let mut lines = head.split("\r\n");
        let target = lines.next()?.split(' ').nth(1)?.to_owned();
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let length = headers.iter().find(|(name, _)| name == "content-length");
        if body.len() >= length.map_or(0, |(_, length)| length.parse().unwrap()) {
            return Some(Heard {
                target,
                headers,
                body: body.to_owned(),
            });
        }
    }
}
