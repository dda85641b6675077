//! Two servers on one database.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use bytes::Bytes;
use doku_sandbox::Merchant;
use doku_server::{Server, Target};
use doku_transport::{HttpTransport, ReqwestTransport, TransportError};
use http::uri::Authority;
use http::{Request, Response, Uri};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::support::{Application, Caller, config_at, dgpc, sandbox_for};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Brings every notification to both servers at the same time.
#[derive(Debug, Default)]
struct ToBoth {
    usual: ReqwestTransport,
    other: OnceLock<Authority>,
}

#[async_trait]
impl HttpTransport for ToBoth {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        if request.uri().path() != "/v1/transfer-va/payment" {
            return self.usual.send(request).await;
        }
        let mut copy = request.clone();
        let mut parts = request.uri().clone().into_parts();
        parts.authority = self.other.get().cloned();
        *copy.uri_mut() = Uri::from_parts(parts).unwrap();
        let (first, second) = tokio::join!(self.usual.send(request), self.usual.send(copy));
        let second = second?;
        assert_eq!(second.status(), 200, "{:?}", second.body());
        assert!(
            second.body().starts_with(b"{")
                && second.body().windows(7).any(|code| code == b"2002500")
        );
        first
    }
}

async fn one_payment_one_event_one_webhook(database: Option<String>) {
    // On a server that tests share, everybody is somebody else.
    let merchant = Merchant::make_up().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let (tell, mut told) = mpsc::unbounded_channel();
    let mut servers = Vec::new();
    for _ in 0..2 {
        let url = "https://shop.example/hooks".parse().unwrap();
        let mut config = config_at(&base_url, &merchant, &folder).webhook(Target::new(
            "shop",
            url,
            SECRET.parse().unwrap(),
        ));
        if let Some(url) = &database {
            config = config.database(url.parse().unwrap());
        }
        let server = Server::new(config).webhook_transport(Arc::new(Application(tell.clone())));
        servers.push(server.run().await.unwrap());
    }
    drop(tell);
    let way = Arc::new(ToBoth::default());
    let authority = servers[1].address().to_string().parse().unwrap();
    way.other.set(authority).unwrap();
    let sandbox = sandbox_for(&servers[0], &merchant, listener, way);
    let callers = [
        Caller::new(&servers[0]).await,
        Caller::new(&servers[1]).await,
    ];

    // The same request at both makes one account.
    let path = "/v1/virtual-accounts";
    for number in 1..=3 {
        let order = dgpc(&format!("INV-{number}"));
        let key = format!("k{number}");
        let (ours, theirs) = tokio::join!(
            callers[0].post_keyed(path, &order, &key),
            callers[1].post_keyed(path, &order, &key),
        );
        for reply in [&ours, &theirs] {
            assert!([200, 201, 202].contains(&reply.status), "{}", reply.json);
        }
        assert_eq!(ours.json["publicId"], theirs.json["publicId"]);
    }
    assert_eq!(sandbox.sandbox().virtual_accounts().len(), 3);

    // Paid once, told to both.
    for number in 1..=3 {
        let account = callers[1].get(&format!("{path}/INV-{number}")).await.json;
        let number = account["number"].as_str().unwrap().parse().unwrap();
        let paid = sandbox
            .sandbox()
            .pay_and_notify(&number, "11500.00".parse().unwrap())
            .await;
        assert!(paid.unwrap().notification.unwrap().acknowledged);
    }
    let mut ids = Vec::new();
    let mut of_order: std::collections::BTreeMap<String, Vec<String>> = Default::default();
    // Each order has four events: requested, activated, received, paid.
    for _ in 0..12 {
        let patience = std::time::Duration::from_secs(30);
        let told = tokio::time::timeout(patience, told.recv())
            .await
            .expect("a webhook")
            .unwrap();
        let event = told.event();
        ids.push(told.headers["webhook-id"].to_str().unwrap().to_owned());
        let order = event["trxId"].as_str().unwrap().to_owned();
        of_order
            .entry(order)
            .or_default()
            .push(event["type"].as_str().unwrap().to_owned());
    }
    for (order, events) in &of_order {
        assert_eq!(
            events[..2],
            ["account.requested", "account.activated"],
            "{order}"
        );
        assert!(
            events[2..].contains(&"payment.received".to_owned()),
            "{order}"
        );
        assert!(events[2..].contains(&"account.paid".to_owned()), "{order}");
    }
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), 12, "{ids:?}");
    // Where their events have been read, no older transaction of anybody's hides the payments.
    for caller in &callers {
        let payments = caller.get("/v1/payments").await.json;
        let paid: Vec<_> = payments["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| &item["trxId"])
            .collect();
        assert_eq!(paid.len(), 3, "{payments}");
    }
    for server in servers {
        server.shutdown().await;
    }
    assert!(told.recv().await.is_none(), "something was told twice");
}

#[tokio::test]
async fn on_sqlite() {
    one_payment_one_event_one_webhook(None).await;
}

#[tokio::test]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
async fn on_postgres() {
    match std::env::var("DOKU_TEST_POSTGRES") {
        Ok(url) => one_payment_one_event_one_webhook(Some(url)).await,
        Err(_) => eprintln!("skipped: DOKU_TEST_POSTGRES names no PostgreSQL to test with"),
    }
}
