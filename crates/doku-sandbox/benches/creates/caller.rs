//! A merchant that creates accounts over bare connections: requests are written and signed before they are measured, and
//! answers are only looked at, so that the sandbox is what limits a round.

use std::fmt::Write as _;
use std::time::{Duration, Instant, SystemTime};

use doku_model::{Operation, Timestamp};
use doku_sandbox::Merchant;
use doku_sign::{AccessToken, ClientSecret, MinifiedBody, StringToSign};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::{JoinHandle, spawn_local};

/// Of numbers that the merchant makes.
pub(crate) const MGPC_BIN: &str = "8129:mgpc";

/// As long as what a create is answered with.
pub(crate) const ANSWER: &str = concat!(
    r#"{"responseCode":"2002700","responseMessage":"Successful","virtualAccountData":{"additionalInfo":{"#,
    r#""channel":"VIRTUAL_ACCOUNT_BTN","howToPayApi":"http://127.0.0.1:40000/pay-instruction/btn/9596260000000001","#,
    r#""howToPayPage":"http://127.0.0.1:40000/how-to-pay/virtual-account/btn/9596260000000001"},"#,
    r#""customerNo":"60000000001","expiredDate":"2099-01-01T10:55:00+07:00","partnerServiceId":"   95962","#,
    r#""totalAmount":{"currency":"IDR","value":"11500.00"},"trxId":"INV-20260904-00000001","#,
    r#""virtualAccountEmail":"budi.00000001@example.id","virtualAccountName":"Budi Santoso 00000001","#,
    r#""virtualAccountNo":"   9596260000000001","virtualAccountPhone":"6281200000001","virtualAccountTrxType":"C"}}"#
);

/// Who makes the number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Maker {
    /// DGPC.
    Doku,
    /// MGPC.
    Merchant,
}

/// A merchant with a token.
pub(crate) struct Caller {
    client_id: String,
    secret: ClientSecret,
    token: AccessToken,
}

impl Caller {
    /// With a token of the sandbox at `address`.
    pub(crate) async fn of(merchant: &Merchant, address: &str) -> Self {
        let client_id = merchant.client_id().to_string();
        let timestamp = now();
        let to_sign = StringToSign::snap_token(&client_id, &timestamp);
        let signature = merchant.private_key().sign(&to_sign).expect("a signature");
        let body = r#"{"grantType":"client_credentials"}"#;
        let request = format!(
            "POST {} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\nx-client-key: {client_id}\r\n\
             x-timestamp: {timestamp}\r\nx-signature: {}\r\ncontent-length: {}\r\n\r\n{body}",
            Operation::Token.path(),
            signature.to_base64(),
            body.len()
        );
        let mut connection = connect(address).await;
        let answer = exchange(&mut connection, request.as_bytes()).await;
        let answer: serde_json::Value = serde_json::from_slice(&answer).expect("JSON");
        let token = answer["accessToken"].as_str().expect("a token");
        Self {
            client_id,
            secret: ClientSecret::new(merchant.client_secret()).expect("a secret"),
            token: AccessToken::new(token),
        }
    }

    /// The n-th create, as it goes over the wire.
    pub(crate) fn create(&self, maker: Maker, n: u64) -> Vec<u8> {
        let (bin, customer) = match maker {
            Maker::Doku => ("   95962", "6".to_owned()),
            Maker::Merchant => ("    8129", format!("6{n:011}")),
        };
        let body = format!(
            concat!(
                r#"{{"additionalInfo":{{"channel":"VIRTUAL_ACCOUNT_BTN","virtualAccountConfig":{{"reusableStatus":false}}}},"#,
                r#""customerNo":"{customer}","expiredDate":"2099-01-01T10:55:00+07:00","partnerServiceId":"{bin}","#,
                r#""totalAmount":{{"currency":"IDR","value":"11500.00"}},"trxId":"INV-20260904-{n:08}","#,
                r#""virtualAccountEmail":"budi.{n:08}@example.id","virtualAccountName":"Budi Santoso {n:08}","#,
                r#""virtualAccountNo":"{bin}{customer}","virtualAccountPhone":"62812{n:08}","virtualAccountTrxType":"C"}}"#
            ),
            customer = customer,
            bin = bin,
            n = n
        );
        let timestamp = now();
        let minified = MinifiedBody::of(body.as_bytes());
        let path = Operation::CreateVa.path();
        let text = StringToSign::snap_transaction("POST", path, &self.token, &minified, &timestamp);
        let signature = self.secret.sign(&text).to_base64();
        let mut request = String::new();
        write!(
            request,
            "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nx-timestamp: {timestamp}\r\n\
             x-signature: {signature}\r\nx-external-id: 7291{n:012}\r\nx-partner-id: {}\r\nchannel-id: H2H\r\n\
             authorization: Bearer {}\r\ncontent-length: {}\r\n\r\n{body}",
            self.client_id,
            self.token.expose(),
            body.len()
        )
        .expect("a request");
        request.into_bytes()
    }
}

fn now() -> String {
    Timestamp::wib(SystemTime::now().into()).to_string()
}

pub(crate) async fn connect(address: &str) -> TcpStream {
    let connection = TcpStream::connect(address).await.expect("a connection");
    connection.set_nodelay(true).expect("no delay");
    connection
}

/// Keeps this thread awake while it lives. If the load slept, each answer would have to wake it, at the expense of the
/// server's core, and the more often the slower the server is.
struct Awake(JoinHandle<()>);

impl Awake {
    fn keep() -> Self {
        Self(spawn_local(async {
            loop {
                tokio::task::yield_now().await;
            }
        }))
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Sends each connection's requests over it, one after the other, and says how long all of them took.
pub(crate) async fn flood(
    connections: &mut Vec<TcpStream>,
    requests: Vec<Vec<Vec<u8>>>,
) -> Duration {
    let _awake = Awake::keep();
    let begun = Instant::now();
    let running: Vec<_> = connections
        .drain(..)
        .zip(requests)
        .map(|(mut connection, requests)| {
            spawn_local(async move {
                for request in requests {
                    exchange(&mut connection, &request).await;
                }
                connection
            })
        })
        .collect();
    for one in running {
        connections.push(one.await.expect("every create succeeds"));
    }
    begun.elapsed()
}

/// Sends one, and gives the body of the answer once it is there.
async fn exchange(connection: &mut TcpStream, request: &[u8]) -> Vec<u8> {
    connection.write_all(request).await.expect("it is sent");
    let mut answer = [0_u8; 4096];
    let mut filled = 0;
    loop {
        let read = connection.read(&mut answer[filled..]).await;
        let read = read.expect("it is answered");
        filled += read;
        let so_far = &answer[..filled];
        assert!(
            read > 0 && so_far.starts_with(b"HTTP/1.1 200 OK\r\n"),
            "no success: {}",
            String::from_utf8_lossy(so_far)
        );
        if let Some(body) = whole(so_far) {
            return body.to_vec();
        }
    }
}

/// The body, if all of it has arrived.
fn whole(answer: &[u8]) -> Option<&[u8]> {
    const LENGTH: &[u8] = b"content-length: ";
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (head, body) = (&answer[..end], &answer[end + 4..]);
    let start = head
        .windows(LENGTH.len())
        .position(|name| name == LENGTH)
        .expect("an answer tells its length")
        + LENGTH.len();
    let length = head[start..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .fold(0, |length, digit| length * 10 + usize::from(digit - b'0'));
    (body.len() == length).then_some(body)
}
