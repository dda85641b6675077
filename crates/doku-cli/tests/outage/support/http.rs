//! HTTP as plain as it gets: bytes out, an answer back.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use super::PATIENCE;

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// SNAP's code, where there is one.
    pub(crate) fn code(&self) -> String {
        self.json()["responseCode"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub(crate) fn is_acknowledged(&self) -> bool {
        self.status == 200 && self.code() == "2002500"
    }

    /// A 5xx, in HTTP and in SNAP: come again.
    pub(crate) fn asks_to_come_again(&self) -> bool {
        (500..600).contains(&self.status) && self.code().starts_with('5')
    }
}

/// Sends a whole request to `address` and reads the whole answer.
pub(crate) fn send(address: &str, request: &[u8]) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request)?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let (head, body) = text
        .split_once("\r\n\r\n")
        .ok_or_else(|| io::Error::other(format!("half an answer: {text:?}")))?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|word| word.parse().ok())
        .ok_or_else(|| io::Error::other(format!("no status: {head:?}")))?;
    Ok(Answer {
        status,
        head: head.to_ascii_lowercase(),
        body: body.to_owned(),
    })
}

/// A request with these lines of head, and its answer.
#[track_caller]
pub(crate) fn ask(address: &str, method: &str, path: &str, head: &str, body: &str) -> Answer {
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n{head}\r\n{body}"
    );
    send(address, request.as_bytes()).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
}
