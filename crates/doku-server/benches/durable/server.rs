//! The server under measure: all of it, as `doku serve` starts it.

use std::io::{BufRead as _, Write as _};
use std::time::{Duration, SystemTime};

use doku_ledger::Location;
use doku_server::{Config, Server};
use doku_sign::{ClientSecret, DokuPrivateKey, MerchantPrivateKey, MerchantToken, TokenParties};

use super::accounts::{self, CLIENT_ID, SECRET};

/// Prints where it listens, where its API does, and a bearer of its own. Then a line for each line: how many commits there
/// were so far, and how many notifications they recorded.
pub(crate) fn serve(location: &str, count: u64) {
    let location: Location = location.parse().expect("a location");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let key = MerchantPrivateKey::generate(2048).expect("a key");
    let bearer = bearer(&key);
    let running = runtime.block_on(async {
        accounts::register(&location, count).await;
        Server::start(config(key, location))
            .await
            .expect("it serves")
    });
    println!("{} {}", running.address(), bearer.expose());
    for _ in std::io::stdin().lock().lines() {
        let so_far = running.ledger().group_commits();
        println!("{} {}", so_far.commits, so_far.calls);
        std::io::stdout().flush().expect("it is said");
    }
    runtime.block_on(running.shutdown());
}

fn config(key: MerchantPrivateKey, location: Location) -> Config {
    let doku = DokuPrivateKey::generate(2048).expect("DOKU's key");
    let client = doku_va_btn::Config::new(
        "http://127.0.0.1:9".parse().expect("nobody's address"),
        CLIENT_ID.parse().expect("a client id"),
        ClientSecret::new(SECRET).expect("a secret"),
        key,
    )
    .with_doku_public_key(doku.public_key());
    let any = "127.0.0.1:0".parse().expect("any free address");
    Config::new(client)
        .expect("a configuration")
        .database(location)
        .listen(any)
        .api_listen(any)
}

fn bearer(key: &MerchantPrivateKey) -> doku_sign::AccessToken {
    let parties = TokenParties {
        issuer: CLIENT_ID,
        client_id: CLIENT_ID,
    };
    let life = Duration::from_secs(15 * 60);
    MerchantToken::issue(key, parties, SystemTime::now(), life).expect("a bearer")
}
