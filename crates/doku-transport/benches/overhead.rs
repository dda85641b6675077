//! What the transport costs on top of bare reqwest, against a server on loopback that does nothing.
//!
//! The bare client reads the whole body as well. Each pair stands side by side: the first is the floor.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use divan::Bencher;
use doku_transport::{HttpTransport, ReqwestTransport};
use http::{HeaderValue, Request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

const IN_FLIGHT: usize = 64;
const CALLS_EACH: usize = 32;
const BODY: &[u8] = &[b'x'; 900];

fn main() {
    divan::main();
}

/// Answers every request on a connection with 200 and about 600 bytes.
async fn serve(mut stream: TcpStream) {
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 600\r\n\r\n{}",
        "y".repeat(600)
    );
    let mut buffer = vec![0; 16 * 1024];
    let mut read = 0;
    loop {
        // A request ends with the body, which is the only place with this many x.
        match stream.read(&mut buffer[read..]).await {
            Ok(0) | Err(_) => return,
            Ok(more) => read += more,
        }
        if read >= BODY.len() && &buffer[read - BODY.len()..read] == BODY {
            read = 0;
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

/// The server has a thread of its own, so that both sides see the same one.
fn server() -> SocketAddr {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                tokio::spawn(serve(stream));
            }
        });
    });
    told.recv().unwrap()
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

fn request(address: SocketAddr) -> Request<Bytes> {
    let mut request = Request::post(format!("http://{address}/virtual-accounts/create-va"))
        .body(Bytes::from_static(BODY))
        .unwrap();
    for name in [
        "x-partner-id",
        "x-external-id",
        "x-timestamp",
        "x-signature",
        "authorization",
    ] {
        request
            .headers_mut()
            .insert(name, HeaderValue::from_static("0123456789abcdef0123456789"));
    }
    request
}

#[derive(Clone)]
enum Caller {
    Bare(reqwest::Client),
    Ours(Arc<dyn HttpTransport>),
}

impl Caller {
    fn bare() -> Self {
        Self::Bare(
            reqwest::Client::builder()
                .no_proxy()
                .timeout(Duration::from_secs(30))
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
        )
    }

    fn ours() -> Self {
        Self::Ours(Arc::new(ReqwestTransport::new()))
    }

    async fn call(&self, request: Request<Bytes>) -> Bytes {
        match self {
            Self::Bare(client) => {
                let request = reqwest::Request::try_from(request).unwrap();
                client
                    .execute(request)
                    .await
                    .unwrap()
                    .bytes()
                    .await
                    .unwrap()
            }
            Self::Ours(transport) => transport.send(request).await.unwrap().into_body(),
        }
    }
}

fn one_at_a_time(bencher: Bencher<'_, '_>, caller: &Caller) {
    let (address, runtime) = (server(), runtime());
    bencher
        .with_inputs(|| request(address))
        .bench_local_values(|request| runtime.block_on(caller.call(request)));
}

fn many_at_a_time(bencher: Bencher<'_, '_>, caller: &Caller) {
    let (address, runtime) = (server(), runtime());
    bencher
        .counter(divan::counter::ItemsCount::new(IN_FLIGHT * CALLS_EACH))
        .bench_local(|| {
            runtime.block_on(async {
                let mut tasks = JoinSet::new();
                for _ in 0..IN_FLIGHT {
                    let caller = caller.clone();
                    tasks.spawn(async move {
                        for _ in 0..CALLS_EACH {
                            divan::black_box(caller.call(request(address)).await);
                        }
                    });
                }
                tasks.join_all().await;
            });
        });
}

#[divan::bench(sample_count = 400, sample_size = 10)]
fn one_bare(bencher: Bencher<'_, '_>) {
    one_at_a_time(bencher, &Caller::bare());
}

#[divan::bench(sample_count = 400, sample_size = 10)]
fn one_ours(bencher: Bencher<'_, '_>) {
    one_at_a_time(bencher, &Caller::ours());
}

#[divan::bench(sample_count = 30, sample_size = 1)]
fn sixty_four_bare(bencher: Bencher<'_, '_>) {
    many_at_a_time(bencher, &Caller::bare());
}

#[divan::bench(sample_count = 30, sample_size = 1)]
fn sixty_four_ours(bencher: Bencher<'_, '_>) {
    many_at_a_time(bencher, &Caller::ours());
}
