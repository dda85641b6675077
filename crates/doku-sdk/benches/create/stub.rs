//! A server that reads a request and answers from memory: the least that HTTP needs, so that it is never the bottleneck.

use std::io::Write;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the merchant's order is answered with.
pub(crate) const TRX_ID: &str = "INV-2026-0001";

pub(crate) fn serve() {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            println!("http://{}", listener.local_addr().expect("an address"));
            std::io::stdout().flush().expect("the address is printed");
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                stream.set_nodelay(true).expect("no delay");
                tokio::spawn(answer(stream));
            }
        });
}

async fn answer(mut stream: TcpStream) {
    let token = response(concat!(
        r#"{"responseCode":"2007300","responseMessage":"Successful","accessToken":""#,
        "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE2OTgwNTA3NDMsImlzcyI6IkRPS1UifQ",
        r#"","tokenType":"Bearer","expiresIn":900}"#
    ));
    let created = response(&format!(
        concat!(
            r#"{{"responseCode":"2002700","responseMessage":"Successful","virtualAccountData":{{"#,
            r#""partnerServiceId":"   95962","customerNo":"60000161862","virtualAccountNo":"   9596260000161862","#,
            r#""virtualAccountName":"Customer Name","trxId":"{}","totalAmount":{{"value":"11500.00","currency":"IDR"}},"#,
            r#""virtualAccountTrxType":"C","expiredDate":"2026-12-31T23:59:59+07:00","additionalInfo":{{"#,
            r#""channel":"VIRTUAL_ACCOUNT_BTN","howToPayPage":"https://app.doku.com/how-to-pay/virtual-account/btn/1","#,
            r#""howToPayApi":"https://api.doku.com/pay-instruction/btn/1"}}}}}}"#
        ),
        TRX_ID
    ));
    let mut buffer = vec![0_u8; 16 * 1024];
    let mut filled = 0;
    loop {
        let Some(length) = request_length(&buffer[..filled]) else {
            match stream.read(&mut buffer[filled..]).await {
                Ok(0) | Err(_) => return,
                Ok(read) => filled += read,
            }
            continue;
        };
        let answer = if buffer.starts_with(b"POST /authorization") {
            &token
        } else {
            &created
        };
        if stream.write_all(answer).await.is_err() {
            return;
        }
        buffer.copy_within(length..filled, 0);
        filled -= length;
    }
}

fn response(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The length of the request at the front, once it is there as a whole.
fn request_length(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..head]).expect("a head is text");
    let body: usize = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.trim().parse().expect("a length"));
    (bytes.len() >= head + body).then_some(head + body)
}
