//! Our own server against the suite.

use serde_json::json;

use crate::server::Server;

#[test]
fn a_server_of_ours_passes_every_case() {
    let server = Server::start();
    let order = json!({
        "trxId": "INV-DIPC",
        "mode": "direct_inquiry",
        "name": "Budi Santoso",
        "bill": { "type": "closed", "amount": "11500.00" },
    });
    let (status, made) = server.api("POST", "/v1/virtual-accounts", Some(&order));
    assert_eq!(status, 201, "{made}");
    let number = made["number"].as_str().unwrap();
    let url = format!("http://{}", server.outside);
    let run = server
        .doku(&["conformance", "--merchant", &url, "--direct-inquiry"])
        .arguments(&["--number", number, "--trx-id", "INV-DIPC"])
        .arguments(&["--doku-private-key", &server.path("keys/doku-private.pem")])
        .arguments(&["--merchant-private-key", &server.path("keys/private.pem")])
        .run();
    assert_eq!(run.code, 0, "{}", run.shown());
    assert!(
        run.stdout.ends_with(" passed, 0 failed, 0 skipped\n"),
        "{}",
        run.shown()
    );
    crate::support::snapshot("conformance-ours", &run.stdout, None);
    // One payment is credited, and no forged one was ever kept for true.
    let shown = server
        .ledger(&["show", "INV-DIPC", "--output", "json"])
        .json();
    assert_eq!(shown["account"]["credited"], "11500.00", "{shown}");
}
