//! The client under measure, the floor beside it, and the table.

use std::future::Future;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use doku::{Bill, Client, ClientSecret, Config, CreateVa, MerchantPrivateKey, ReqwestTransport};

use super::stub::TRX_ID;

const ROUND: Duration = Duration::from_millis(400);
const PATH: &str = "/virtual-accounts/bi-snap-va/v1.1/transfer-va/create-va";

pub(crate) fn run(base_url: &str, rounds: usize) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(compare(base_url, rounds));
}

async fn compare(base_url: &str, rounds: usize) {
    let client = client(base_url);
    let order = Arc::new(order());
    let body = Bytes::from(client.prepare(&order).expect("an order").body().to_owned());
    let bare = Bare {
        client: bare(),
        url: format!("{base_url}{PATH}"),
        body,
    };
    println!(
        "create over loopback, client on core 0, stub on core 1, {rounds} pairs of rounds of {ROUND:?}"
    );
    println!("| in flight | doku creates/s | bare reqwest calls/s | median ratio |");
    println!("|---|---|---|---|");
    for in_flight in [1, 64] {
        let (mut ours, mut floor, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..=rounds {
            let (caller, what) = (client.clone(), Arc::clone(&order));
            let rate = per_second(in_flight, move || {
                let (client, order) = (caller.clone(), Arc::clone(&what));
                async move { drop(client.create(&order).await.expect("a virtual account")) }
            })
            .await;
            let caller = bare.clone();
            let bare_rate = per_second(in_flight, move || {
                let bare = caller.clone();
                async move { bare.post().await }
            })
            .await;
            // The first pair warms connections, caches and the token.
            if round > 0 {
                ours.push(rate);
                floor.push(bare_rate);
                ratios.push(rate / bare_rate);
            }
        }
        println!(
            "| {in_flight} | {:.0} | {:.0} | {:.2} |",
            median(ours),
            median(floor),
            median(ratios)
        );
    }
    where_it_goes(&client, &order);
}

/// The parts of a create that are not HTTP, on one core, in the same run.
fn where_it_goes(client: &Client, order: &CreateVa) {
    let times = 20_000_u32;
    let started = Instant::now();
    for _ in 0..times {
        drop(black_box(
            client.prepare(black_box(order)).expect("an order"),
        ));
    }
    let prepare = started.elapsed() / times;
    println!("external id, payload and serialising: {prepare:?} a create");
}

async fn per_second<F: Future<Output = ()> + 'static>(
    in_flight: usize,
    call: impl Fn() -> F + Clone + 'static,
) -> f64 {
    let done = Arc::new(AtomicU64::new(0));
    let stop = Arc::new(AtomicBool::new(false));
    let started = Instant::now();
    let local = tokio::task::LocalSet::new();
    for _ in 0..in_flight {
        let (done, stop, call) = (Arc::clone(&done), Arc::clone(&stop), call.clone());
        local.spawn_local(async move {
            while !stop.load(Ordering::Relaxed) {
                call().await;
                done.fetch_add(1, Ordering::Relaxed);
                if started.elapsed() > ROUND {
                    stop.store(true, Ordering::Relaxed);
                }
            }
        });
    }
    local.await;
    done.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64()
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn client(base_url: &str) -> Client {
    let config = Config::new(
        base_url.parse().expect("a base URL"),
        "BRN-0001-1000000000000".parse().expect("a client id"),
        ClientSecret::new("SK-benchmark-0123456789abcdef").expect("a secret"),
        MerchantPrivateKey::generate(2048).expect("a key"),
    )
    .with_partner_service_id("95962".parse().expect("a BIN"))
    .with_customer_no_prefix("6".parse().expect("a prefix"));
    Client::new(config, Arc::new(ReqwestTransport::new())).expect("a client")
}

fn order() -> CreateVa {
    CreateVa::doku_generated(
        TRX_ID.parse().expect("a trxId"),
        "Customer Name".parse().expect("a name"),
        Bill::Closed("11500.00".parse().expect("an amount")),
    )
    .email(
        "customer.email@mail.com"
            .parse()
            .expect("an e-mail address"),
    )
    .phone("6281293912081".parse().expect("a phone number"))
    .expires("2026-12-31T23:59:59+07:00".parse().expect("a moment"))
}

/// reqwest as it comes, without proxy look-ups, sending the bytes and headers of a create that was signed before.
fn bare() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .tcp_nodelay(true)
        .build()
        .expect("a client")
}

#[derive(Clone)]
struct Bare {
    client: reqwest::Client,
    url: String,
    body: Bytes,
}

impl Bare {
    async fn post(&self) {
        let response = self
            .client
            .post(&self.url)
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .header("authorization", "Bearer eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE2OTgwNTA3NDMsImlzcyI6IkRPS1UifQ")
            .header("x-partner-id", "BRN-0001-1000000000000")
            .header("x-timestamp", "2026-01-31T10:55:00+07:00")
            .header("x-signature", "ieNOENDdN4MnectGytx5UvmOfASZ2oGWMCJ8gVqkw3tB98ofgY9cbxSeY4IYoYeoKs+0QP4h8BTBhemlfeXp1w==")
            .header("x-external-id", "260131035500000000000000000000000001")
            .header("channel-id", "H2H")
            .body(self.body.clone())
            .send()
            .await
            .expect("an answer");
        assert_eq!(response.status(), 200);
        black_box(response.bytes().await.expect("a body"));
    }
}
