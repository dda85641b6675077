//! A state file: what goes on after a restart, and what is said of a file that is no such.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use doku_model::Operation;
use doku_sandbox::{Endpoints, Sandbox, SandboxConfig, StartError, StateFileError};
use doku_sign::ClientSecret;
use doku_transport::ReqwestTransport;
use serde_json::json;

use crate::support::{MERCHANT, World, ask, changed, create, create_own, delete, numbers};

fn config(path: &Path) -> SandboxConfig {
    // Nobody listens there.
    let url = |path: &str| format!("http://127.0.0.1:1{path}").parse().unwrap();
    SandboxConfig::for_merchant(&MERCHANT)
        .unwrap()
        .with_bin("8129:mgpc".parse().unwrap())
        .public_url("https://sandbox.test")
        .transport(Arc::new(ReqwestTransport::new()))
        .endpoints(
            Endpoints::new()
                .token_url(url("/token"))
                .notification_url(url("/payment")),
        )
        .state_file(path)
}

async fn start(config: SandboxConfig) -> World {
    World {
        running: Sandbox::start(config, "127.0.0.1:0").await.unwrap(),
        secret: ClientSecret::new(MERCHANT.client_secret()).unwrap(),
    }
}

async fn error(config: SandboxConfig) -> StateFileError {
    match Sandbox::start(config, "127.0.0.1:0").await {
        Err(StartError::State(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn journal_of(world: &World) -> serde_json::Value {
    world
        .sandbox()
        .journal(0)
        .iter()
        .map(|entry| serde_json::to_value(&**entry).unwrap())
        .collect()
}

fn file(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("state.jsonl")
}

#[tokio::test]
async fn goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let world = start(config(&path)).await;
    let paid = world.created("INV-1").await;
    let number = paid["virtualAccountNo"].as_str().unwrap().trim().to_owned();
    let gone = world.created("INV-2").await;
    world.call(Operation::DeleteVa, &delete(&gone)).await;
    world
        .call(Operation::CreateVa, &create_own("TOP-1", "2007"))
        .await;
    let update = changed(
        numbers(&world.created("INV-3").await),
        json!({
            "trxId": "INV-3", "virtualAccountName": "Siti", "virtualAccountTrxType": "C",
            "totalAmount": { "value": "20000.00", "currency": "IDR" },
        }),
    );
    world.call(Operation::UpdateVa, &update).await;
    let payment = world
        .sandbox()
        .pay_and_notify(&number.parse().unwrap(), "11500.00".parse().unwrap())
        .await
        .unwrap();
    world
        .sandbox()
        .advance(std::time::Duration::from_secs(45 * 60));
    world.sandbox().deliver_due().await;
    let token = world.token().await;
    let call = world.signed(
        Operation::CreateVa,
        create("INV-4").to_string().as_bytes(),
        &token,
    );
    let first = world.send(&call).await.unwrap();
    let wrong = world
        .signed(Operation::CreateVa, b"{}", &token)
        .set("X-SIGNATURE", "AAAA");
    world.send(&wrong).await.unwrap();
    let before = (
        serde_json::to_value(world.sandbox().virtual_accounts()).unwrap(),
        serde_json::to_value(world.sandbox().notifications()).unwrap(),
        journal_of(&world),
    );
    world.running.stop().await.unwrap();

    let world = start(config(&path)).await;
    let after = (
        serde_json::to_value(world.sandbox().virtual_accounts()).unwrap(),
        serde_json::to_value(world.sandbox().notifications()).unwrap(),
        journal_of(&world),
    );
    assert_eq!(before, after);
    let moved = world.sandbox().now().instant() - time::OffsetDateTime::now_utc();
    assert!((44..46).contains(&moved.whole_minutes()), "{moved}");
    // The token is good, the external id used, and its answer the same.
    let again = world.send(&call).await.unwrap();
    assert_eq!((again.status, &again.body), (409, &first.body));
    // The trxId is taken, deleted accounts stay deleted, and numbers go on.
    let reply = world.call(Operation::CreateVa, &create("INV-2")).await;
    assert_eq!(reply.code(), "4000500");
    let reply = world
        .call(Operation::CreateVa, &create_own("TOP-2", "2007"))
        .await;
    assert_eq!(reply.code(), "4092701");
    let next = world.created("INV-5").await;
    assert_eq!(
        next["customerNo"]
            .as_str()
            .unwrap()
            .trim_start_matches('6')
            .trim_start_matches('0'),
        "5"
    );
    let status = world.call(Operation::CheckStatus, &ask(&paid)).await;
    assert!(
        status.text().contains(&payment.payment.payment_request_id)
            || status.text().contains("11500.00")
    );
    assert!(status.text().contains("Paid"), "{}", status.text());
    // The schedule goes on: six hours after the first attempt.
    let attempts = world.sandbox().notifications()[0].attempts.len();
    world
        .sandbox()
        .advance(std::time::Duration::from_secs(6 * 3600));
    world.sandbox().deliver_due().await;
    assert_eq!(
        world.sandbox().notifications()[0].attempts.len(),
        attempts + 1
    );
    // The page shows what went wrong before the restart, in words.
    let entry = world
        .sandbox()
        .journal(0)
        .iter()
        .find(|entry| entry.signature.is_some())
        .unwrap()
        .number;
    let call = crate::visitor::get(&format!("/journal/{entry}")).set("Accept-Language", "id");
    let page = world.send(&call).await.unwrap().text();
    assert!(
        page.contains("Signature tidak cocok") && !page.contains("Tidak ada kesalahan"),
        "{page}"
    );
}

#[tokio::test]
async fn a_process_that_is_killed_loses_little() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let world = start(config(&path)).await;
    world.created("INV-1").await;
    // Written by itself, without being told to stop.
    let written = async {
        loop {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            if text.contains("INV-1") {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), written)
        .await
        .unwrap();
    drop(world);
    let world = start(config(&path)).await;
    assert_eq!(world.sandbox().virtual_accounts().len(), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_reads_it_and_no_token_or_secret_is_in_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let world = start(config(&path)).await;
    let token = world.token().await;
    let call = world.signed(
        Operation::CreateVa,
        create("INV-1").to_string().as_bytes(),
        &token,
    );
    world.send(&call).await.unwrap();
    world.running.stop().await.unwrap();
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let text = std::fs::read_to_string(&path).unwrap();
    for marker in [
        MERCHANT.client_secret(),
        token.as_str(),
        call.header("X-SIGNATURE"),
    ] {
        assert!(!text.contains(marker));
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[tokio::test]
async fn a_broken_file_is_named_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let world = start(config(&path)).await;
    world.created("INV-1").await;
    world.running.stop().await.unwrap();
    let whole = std::fs::read_to_string(&path).unwrap();
    let lines = whole.lines().count();
    let cases = [
        ("empty", String::new()),
        ("something else", "hello\n".to_owned()),
        ("cut in a line", whole[..whole.len() / 2].to_owned()),
        (
            "cut at a line",
            whole
                .lines()
                .take(lines - 1)
                .map(|line| format!("{line}\n"))
                .collect(),
        ),
        (
            "a changed amount",
            whole.replacen("11500.00", "91500.00", 1),
        ),
        (
            "an odd amount",
            whole.replacen("\"11500.00\"", "\"lots\"", 1),
        ),
        ("more behind the end", format!("{whole}x\n")),
        ("a line twice", {
            let second = whole.lines().nth(1).unwrap();
            whole.replacen(second, &format!("{second}\n{second}"), 1)
        }),
    ];
    for (name, text) in cases {
        std::fs::write(&path, &text).unwrap();
        let error = error(config(&path)).await;
        assert!(
            matches!(error, StateFileError::Broken { .. }),
            "{name}: {error}"
        );
        assert!(
            error.to_string().contains(path.to_str().unwrap()),
            "{name}: {error}"
        );
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "{name}");
    }
    let newer = whole.replacen("\"version\":1", "\"version\":7", 1);
    std::fs::write(&path, newer).unwrap();
    assert!(matches!(
        error(config(&path)).await,
        StateFileError::Version { found: 7, .. }
    ));
    std::fs::write(&path, &whole).unwrap();
    let world = start(config(&path)).await;
    assert_eq!(world.sandbox().virtual_accounts().len(), 1);
}

#[tokio::test]
async fn a_file_belongs_to_one_merchant_and_its_bins() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let world = start(config(&path)).await;
    world.created("INV-1").await;
    world
        .call(Operation::CreateVa, &create_own("TOP-1", "2007"))
        .await;
    world.running.stop().await.unwrap();

    let public = MERCHANT.private_key().public_key();
    let secret = MERCHANT.client_secret();
    let of = |client_id: &str| {
        SandboxConfig::new(client_id.parse().unwrap(), secret, public.clone())
            .unwrap()
            .state_file(&path)
    };
    let bins = |config: SandboxConfig, bins: &[&str]| {
        bins.iter()
            .fold(config, |config, bin| config.with_bin(bin.parse().unwrap()))
    };
    let other = bins(of("MCH-OTHER"), &["95962:dgpc:6", "8129:mgpc"]);
    assert!(matches!(
        error(other).await,
        StateFileError::OtherMerchant { .. }
    ));
    let fewer = bins(of(MERCHANT.client_id().as_str()), &["95962:dgpc:6"]);
    let missing = error(fewer).await;
    assert!(
        matches!(&missing, StateFileError::NoSuchBin { bin, .. } if bin == "8129"),
        "{missing}"
    );
    // Another order of the same BINs, and one more, are no trouble.
    let more = bins(
        of(MERCHANT.client_id().as_str()),
        &["8130:dipc", "8129:mgpc", "95962:dgpc:6"],
    );
    let running = Sandbox::start(more, "127.0.0.1:0").await.unwrap();
    let accounts = running.sandbox().virtual_accounts();
    assert_eq!(accounts[0].partner_service_id, "   95962");
    assert_eq!(accounts[1].partner_service_id, "    8129");
}

#[tokio::test]
async fn a_place_that_cannot_be_written_to_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let error = error(config(&folder.path().join("nowhere").join("state.jsonl"))).await;
    assert!(matches!(error, StateFileError::Write { .. }), "{error}");
}

#[tokio::test]
async fn a_reset_is_kept_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let world = start(config(&path)).await;
    world.created("INV-1").await;
    world.sandbox().reset();
    world.running.stop().await.unwrap();
    let world = start(config(&path)).await;
    assert!(world.sandbox().virtual_accounts().is_empty());
    assert!(world.sandbox().journal(0).is_empty());
}
