//! The floor: bare commits, and an empty axum handler.

use std::io::{BufRead as _, Write as _};
use std::time::Instant;

use axum::Router;
use axum::routing::post;
use bytes::Bytes;
use doku_ledger::Location;
use tokio::net::TcpListener;

use super::accounts;
use super::bare::{Bare, Payment};
use super::notification::{ANSWER, EMPTY_PATH};
use super::number;

async fn empty(_: Bytes) -> Bytes {
    Bytes::from_static(ANSWER.as_bytes())
}

/// Prints where the empty handler listens. Then a line for each line: `together SIZE COUNT` writes so many payments, so many
/// to a commit, and says how many a second; `alone COUNT` writes each by itself, and says how many seconds the one in the
/// middle took.
pub(crate) fn serve(location: &str, count: u64) {
    let location: Location = location.parse().expect("a location");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let mut bare = runtime.block_on(async {
        accounts::register(&location, count).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        println!("{}", listener.local_addr().expect("an address"));
        let app = Router::new().route(EMPTY_PATH, post(empty));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Bare::connect(&location).await
    });
    let mut written = 0;
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line");
        let words: Vec<_> = line.split(' ').collect();
        let mut payments = |count| {
            let first = written + 1;
            written += count;
            (first..=written).map(Payment::of).collect::<Vec<_>>()
        };
        let figure = match words.as_slice() {
            ["together", size, count] => {
                let size = usize::try_from(number(size)).expect("a size");
                let payments = payments(number(count));
                runtime.block_on(together(&mut bare, size, &payments))
            }
            ["alone", count] => {
                let payments = payments(number(count));
                runtime.block_on(alone(&mut bare, &payments))
            }
            _ => panic!("nobody asks this: {line}"),
        };
        println!("{figure}");
        std::io::stdout().flush().expect("it is said");
    }
}

async fn together(bare: &mut Bare, size: usize, payments: &[Payment]) -> f64 {
    let begun = Instant::now();
    for batch in payments.chunks(size) {
        bare.commit(batch).await;
    }
    payments.len() as f64 / begun.elapsed().as_secs_f64()
}

async fn alone(bare: &mut Bare, payments: &[Payment]) -> f64 {
    let mut took = Vec::with_capacity(payments.len());
    for payment in payments.chunks(1) {
        let begun = Instant::now();
        bare.commit(payment).await;
        took.push(begun.elapsed().as_secs_f64());
    }
    took.sort_by(f64::total_cmp);
    took[took.len() / 2]
}
