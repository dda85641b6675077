//! Stopping: what DOKU was told of is finished first.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use doku_ledger::{Cursor, Ledger, Settings};
use doku_transport::{HttpTransport, ReqwestTransport, TransportError, TransportErrorKind};
use http::{Request, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use crate::support::{World, merchant};

/// The way from DOKU to the merchant, on which a notification stops half-way.
#[derive(Debug)]
struct Halting {
    usual: ReqwestTransport,
    half_way: Semaphore,
    go_on: Semaphore,
}

#[async_trait]
impl HttpTransport for Halting {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        if request.uri().path() != "/v1/transfer-va/payment" {
            return self.usual.send(request).await;
        }
        let broken = |_| TransportError::new(TransportErrorKind::Interrupted);
        let (head, body) = request.into_parts();
        let authority = head.uri.authority().unwrap().as_str();
        let mut stream = TcpStream::connect(authority).await.map_err(broken)?;
        let mut text = format!("POST {} HTTP/1.1\r\nhost: {authority}\r\n", head.uri.path());
        for (name, value) in head
            .headers
            .iter()
            .filter(|(name, _)| *name != "content-length")
        {
            text.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
        }
        text.push_str(&format!(
            "content-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        ));
        stream.write_all(text.as_bytes()).await.map_err(broken)?;
        let (first, second) = body.split_at(body.len() / 2);
        stream.write_all(first).await.map_err(broken)?;
        stream.flush().await.map_err(broken)?;
        self.half_way.add_permits(1);
        self.go_on.acquire().await.unwrap().forget();
        stream.write_all(second).await.map_err(broken)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.map_err(broken)?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
        let response = Response::builder().status(status);
        Ok(response.body(Bytes::from(body.to_owned())).unwrap())
    }
}

#[tokio::test]
async fn an_acknowledgement_is_finished() {
    let way = Arc::new(Halting {
        usual: ReqwestTransport::new(),
        half_way: Semaphore::new(0),
        go_on: Semaphore::new(0),
    });
    let transport = Arc::clone(&way) as Arc<dyn HttpTransport>;
    let world = World::with_transport(|config| config, transport).await;
    let account = world.order("INV-1").await;
    let number = account["number"].as_str().unwrap().parse().unwrap();
    let World {
        sandbox,
        server,
        folder,
        ..
    } = world;
    let address = server.address();
    let bank = sandbox.sandbox().clone();
    let paying = tokio::spawn(async move {
        let paid = bank
            .pay_and_notify(&number, "11500.00".parse().unwrap())
            .await;
        paid.unwrap().notification.unwrap().acknowledged
    });
    way.half_way.acquire().await.unwrap().forget();
    // The server has the head and half the body, at the latest once it takes no more connections.
    let stopping = tokio::spawn(server.shutdown());
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!stopping.is_finished());
    way.go_on.add_permits(1);
    assert!(paying.await.unwrap(), "it was not acknowledged");
    stopping.await.unwrap();

    let file = folder.path().join("ledger.sqlite").display().to_string();
    let settings = Settings::new(file.parse().unwrap(), merchant().client_id().clone());
    let ledger = Ledger::open(settings).await.unwrap();
    let payments = ledger
        .payments_after(Cursor::START, 10)
        .await
        .unwrap()
        .items;
    assert_eq!(payments.len(), 1);
    sandbox.shutdown().await;
}

#[tokio::test]
async fn a_server_that_has_nothing_to_do_stops_at_once_and_starts_again() {
    let world = World::open().await;
    let account = world.order("INV-1").await;
    let World {
        sandbox,
        server,
        folder,
        ..
    } = world;
    server.shutdown().await;
    let config = crate::support::config_at(sandbox.base_url(), merchant(), &folder);
    let server = doku_server::Server::start(config).await.unwrap();
    let caller = crate::support::Caller::new(&server).await;
    let again = caller.get("/v1/virtual-accounts/INV-1").await.json;
    assert_eq!(again["publicId"], account["publicId"]);
    let ready: serde_json::Value = serde_json::from_str(&server.ready().to_string()).unwrap();
    assert_eq!(ready["event"], "ready");
    assert_eq!(ready["baseUrl"], format!("http://{}", server.address()));
    assert_eq!(ready["apiUrl"], format!("http://{}", server.api_address()));
    server.shutdown().await;
}

#[tokio::test]
async fn a_taken_address_is_said() {
    let world = World::open().await;
    let taken = world.server.address();
    let folder = tempfile::tempdir().unwrap();
    let config = crate::support::config_at(world.sandbox.base_url(), merchant(), &folder);
    let error = doku_server::Server::start(config.listen(taken))
        .await
        .unwrap_err();
    assert!(error.to_string().contains(&taken.to_string()), "{error}");
    // It has not touched the database.
    assert!(!folder.path().join("ledger.sqlite").exists());
}
