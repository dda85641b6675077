//! The library: start and stop, files, made-up merchants, the ready event.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use doku_sandbox::{
    Bin, BinMode, FileError, HeaderClock, Merchant, RepeatedTrxId, Resend, Sandbox, SandboxConfig,
    SandboxFile, StartError,
};
use doku_sign::{DokuPublicKey, MerchantPrivateKey, MerchantPublicKey};
use doku_transport::ReqwestTransport;
use tokio::net::{TcpListener, TcpStream};

use crate::shop::{INQUIRY, PAYMENT, Shop, TOKEN};
use crate::support::{MERCHANT, World, now, token_request};

#[tokio::test]
async fn a_merchant_is_written_where_nobody_else_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("new").join("merchant");
    let files = MERCHANT.write_to(&target).unwrap();
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    assert_eq!(read(&files.secret_key), MERCHANT.client_secret());
    MerchantPrivateKey::from_pem(&read(&files.private_key)).unwrap();
    MerchantPublicKey::from_pem(&read(&files.public_key)).unwrap();
    assert_eq!(
        DokuPublicKey::from_pem(&read(&files.doku_public_key)).unwrap(),
        MERCHANT.doku_private_key().public_key()
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&target), 0o700);
        for file in std::fs::read_dir(&target).unwrap() {
            assert_eq!(mode(&file.unwrap().path()), 0o600);
        }
    }
    let again = MERCHANT.write_to(&target).unwrap_err();
    assert_eq!(again.kind(), std::io::ErrorKind::AlreadyExists);

    let environment = MERCHANT.environment("http://127.0.0.1:8080", &files);
    let settings: HashMap<_, _> = environment.iter().collect();
    assert_eq!(settings["DOKU_ENVIRONMENT"], "http://127.0.0.1:8080");
    assert_eq!(settings["DOKU_CLIENT_ID"], MERCHANT.client_id().as_str());
    assert_eq!(settings["DOKU_PARTNER_SERVICE_ID"], "95962");
    assert_eq!(settings["DOKU_CUSTOMER_NO_PREFIX"], "6");
    assert_eq!(
        Path::new(settings["DOKU_PUBLIC_KEY_FILE"]),
        files.doku_public_key
    );
    assert_eq!(
        read(Path::new(settings["DOKU_SECRET_KEY_FILE"])),
        MERCHANT.client_secret()
    );
    assert_eq!(
        Path::new(settings["DOKU_PRIVATE_KEY_FILE"]),
        files.private_key
    );
    let lines = environment.to_string();
    assert_eq!(lines.lines().count(), 7);
    assert!(!lines.contains(MERCHANT.client_secret()));
}

#[test]
fn made_up_merchants_differ() {
    let other = Merchant::make_up().unwrap();
    assert_ne!(other.client_id(), MERCHANT.client_id());
    assert_ne!(other.client_secret(), MERCHANT.client_secret());
    assert!(other.client_secret().starts_with("SK-"));
    assert_eq!(other.client_secret().len(), 35);
}

#[tokio::test]
async fn a_file_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let files = MERCHANT.write_to(&folder.path().join("m")).unwrap();
    // As editors leave it.
    std::fs::write(
        folder.path().join("secret"),
        format!("{}\n", MERCHANT.client_secret()),
    )
    .unwrap();
    let text = format!(
        r#"
        clientId = "{}"
        clientSecretFile = "secret"
        merchantPublicKeyFile = "m/public.pem"
        dokuPrivateKeyFile = "{}"
        bins = ["95962:dgpc:6", "8129:mgpc"]
        strict = true
        statusNumbers = "short"
        repeatedTrxId = "madeAgain"
        clockStart = "2026-01-31T10:55:00+07:00"
        timestampWindowSeconds = 60
        tokenLifetimeSeconds = 30
        dayOffsetHours = 0
        journalEntries = 2
        publicUrl = "https://sandbox.test"
        "#,
        MERCHANT.client_id(),
        files.doku_private_key.display(),
    );
    let file: SandboxFile = toml::from_str(&text).unwrap();
    assert_eq!(file.repeated_trx_id, RepeatedTrxId::MadeAgain);
    let config = file.clone().load(folder.path()).unwrap();
    assert_eq!(config.bins().len(), 2);
    let running = Sandbox::start(config, "127.0.0.1:0").await.unwrap();
    assert!(
        running
            .sandbox()
            .now()
            .as_str()
            .starts_with("2026-01-31T10:5")
    );
    assert_eq!(
        running.sandbox().doku_public_key().await.unwrap(),
        MERCHANT.doku_private_key().public_key()
    );

    let mut missing = file.clone();
    missing.client_secret_file = "nowhere".into();
    assert!(matches!(
        missing.load(folder.path()),
        Err(FileError::Read { .. })
    ));
    let mut private = file.clone();
    private.merchant_public_key_file = files.private_key.clone();
    assert!(matches!(
        private.load(folder.path()),
        Err(FileError::Key { .. })
    ));
    std::fs::write(folder.path().join("secret"), "\n").unwrap();
    assert!(matches!(
        file.load(folder.path()),
        Err(FileError::Secret { .. })
    ));
    assert!(toml::from_str::<SandboxFile>(&text.replace("strict", "srtict")).is_err());
}

#[tokio::test]
async fn says_where_it_listens() {
    let world = World::start().await;
    let line = world.running.ready().to_string();
    assert_eq!(
        line,
        format!(
            r#"{{"event":"ready","baseUrl":"{}"}}"#,
            world.running.base_url()
        )
    );
    assert_eq!(
        world.running.base_url(),
        format!("http://{}", world.running.address())
    );
}

#[tokio::test]
async fn stops_when_told_and_when_dropped() {
    let world = World::start().await;
    let address = world.running.address();
    world.token().await;
    world.running.shutdown().await;
    assert!(TcpStream::connect(address).await.is_err());

    let world = World::start().await;
    let address = world.running.address();
    drop(world);
    // The task that listens hears of it as soon as it runs.
    let mut refused = false;
    for _ in 0..1000 {
        tokio::task::yield_now().await;
        if TcpStream::connect(address).await.is_err() {
            refused = true;
            break;
        }
    }
    assert!(refused);
}

#[tokio::test]
async fn cannot_start_without_a_bin_or_an_address() {
    let secret = MERCHANT.client_secret();
    let public = MERCHANT.private_key().public_key();
    let config = SandboxConfig::new(MERCHANT.client_id().clone(), secret, public).unwrap();
    let started = Sandbox::start(config.clone(), "127.0.0.1:0").await;
    assert!(matches!(started, Err(StartError::NoBin)));

    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = config.with_bin("95962:dgpc:6".parse().unwrap());
    let started = Sandbox::start(config, taken.local_addr().unwrap()).await;
    assert!(matches!(started, Err(StartError::Listen(_))));
}

#[tokio::test]
async fn makes_dokus_key_when_it_is_first_needed() {
    let secret = MERCHANT.client_secret();
    let public = MERCHANT.private_key().public_key();
    let bin = Bin::new("8129".parse().unwrap(), BinMode::Mgpc { digits: None }).unwrap();
    let config = SandboxConfig::new(MERCHANT.client_id().clone(), secret, public)
        .unwrap()
        .with_bin(bin);
    let running = Sandbox::start(config, "127.0.0.1:0").await.unwrap();
    let world = World {
        running,
        secret: doku_sign::ClientSecret::new(secret).unwrap(),
    };
    let reply = world.send(&token_request(&now())).await.unwrap();
    assert_eq!(reply.code(), "2007300");
    let key = world.sandbox().doku_public_key().await.unwrap();
    assert_ne!(key, MERCHANT.doku_private_key().public_key());
}

#[tokio::test]
async fn a_file_says_whom_to_call_and_how() {
    let shop = Shop::open().await;
    let folder = tempfile::tempdir().unwrap();
    MERCHANT.write_to(&folder.path().join("m")).unwrap();
    let text = format!(
        r#"
        clientId = "{}"
        clientSecretFile = "m/secret-key"
        merchantPublicKeyFile = "m/public.pem"
        dokuPrivateKeyFile = "m/doku-private.pem"
        bins = ["8130:dipc", "8131:dipc"]
        tokenUrl = "{}"
        inquiryUrl = "{}"
        notificationUrl = "{}"
        merchantTimeoutSeconds = 5
        resend = "identical"
        headerClock = "sandbox"

        [dialect]
        padding = "none"
        bearer = "bearer"

        [binEndpoints.8131]
        inquiryUrl = "{}"
        "#,
        MERCHANT.client_id(),
        shop.url(TOKEN),
        shop.url(INQUIRY),
        shop.url(PAYMENT),
        shop.url("/elsewhere"),
    );
    let file: SandboxFile = toml::from_str(&text).unwrap();
    assert_eq!(
        (file.resend, file.header_clock),
        (Resend::Identical, HeaderClock::Sandbox)
    );
    let config = file.load(folder.path()).unwrap();
    let config = config.transport(Arc::new(ReqwestTransport::new()));
    let running = Sandbox::start(config, "127.0.0.1:0").await.unwrap();
    let sandbox = running.sandbox();
    sandbox.inquire(&"81302007".parse().unwrap()).await.unwrap();
    let inquiry = shop.last(INQUIRY);
    assert_eq!(inquiry.json()["virtualAccountNo"], "81302007");
    assert_eq!(
        inquiry.header("authorization"),
        Some("bearer opaque-token-1")
    );
    let other = sandbox.inquire(&"81312007".parse().unwrap()).await;
    assert_eq!(other.unwrap_err().kind(), "refused");
    assert_eq!(shop.heard("/elsewhere").len(), 1);
    assert!(toml::from_str::<SandboxFile>(&text.replace("padding", "pading")).is_err());
    let relative = text.replace(&shop.url(TOKEN), "/token");
    assert!(toml::from_str::<SandboxFile>(&relative).is_err());
}

#[tokio::test]
async fn an_address_of_the_whole_machine_is_none_to_be_called_at() {
    let config = || SandboxConfig::for_merchant(&MERCHANT).unwrap();
    let running = Sandbox::start(config(), "0.0.0.0:0").await.unwrap();
    let port = running.address().port();
    let own = format!("http://127.0.0.1:{port}");
    assert_eq!(running.base_url(), own);
    assert_eq!(running.ready().base_url, own);
    for (address, url) in [
        ("[::]:8090", "http://[::1]:8090"),
        ("192.168.1.4:8090", "http://192.168.1.4:8090"),
        ("127.0.0.1:1", "http://127.0.0.1:1"),
    ] {
        assert_eq!(Sandbox::url_of(address.parse().unwrap()), url);
    }
    assert_eq!(config().known_as(), None);
    let known = config().public_url("http://doku.test:8090/");
    assert_eq!(known.known_as(), Some("http://doku.test:8090"));
}
