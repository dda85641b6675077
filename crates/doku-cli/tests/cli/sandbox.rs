//! `doku sandbox`: one line when it listens, keys for nobody else, and an end in order.

use serde_json::json;
use tempfile::TempDir;

use crate::support::{Sandbox, doku, snapshot};

#[test]
fn says_once_where_it_listens_and_tells_people_what_to_paste() {
    let sandbox = Sandbox::start();
    let ready = &sandbox.ready;
    assert_eq!(ready["event"], "ready");
    assert_eq!(ready["bins"], json!(["95962:dgpc:6:16", "8129:mgpc"]));
    assert_eq!(ready["environment"]["DOKU_ENVIRONMENT"], ready["baseUrl"]);
    snapshot(
        "sandbox-introduction",
        &sandbox.log(),
        Some(sandbox.folder.path()),
    );
}

#[test]
fn a_public_url_is_what_others_are_told() {
    let folder = TempDir::new().unwrap();
    let keys = folder.path().join("keys").to_str().unwrap().to_owned();
    let known_as = ["--public-url", "http://doku.test:8090/"];
    let sandbox = Sandbox::start_with(
        folder,
        &[&["--keys", keys.as_str()][..], &known_as].concat(),
    );
    let ready = &sandbox.ready;
    // Whoever pastes the lines is on this machine.
    assert_eq!(ready["environment"]["DOKU_ENVIRONMENT"], ready["baseUrl"]);
    let bill = ["--trx-id", "INV-1", "--name", "Budi", "--amount", "11500"];
    let created = sandbox.doku(&["va", "create"]).arguments(&bill).run();
    let link = "http://doku.test:8090/how-to-pay/";
    assert!(created.stdout.contains(link), "{created:?}");
    let log = sandbox.log();
    assert!(
        log.contains("Others know it as http://doku.test:8090.\n"),
        "{log}"
    );
    for nonsense in [
        "doku.test",
        "ftp://doku.test",
        "http://doku.test/?a=b",
        "http://a:b@doku.test",
    ] {
        let run = doku(&["sandbox", "--public-url", nonsense]).run();
        assert_eq!(run.code, 2, "{nonsense}: {run:?}");
    }
}

#[cfg(unix)]
#[test]
fn stops_in_order_when_it_is_told_to() {
    for signal in ["TERM", "INT"] {
        let run = Sandbox::start().stop(signal);
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
        assert!(run.stderr.ends_with("Stopped.\n"), "{run:?}");
    }
}

#[cfg(unix)]
#[test]
fn made_up_keys_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::start();
    let keys = sandbox.file("keys");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&keys), 0o700);
    let files: Vec<_> = keys
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 5, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[cfg(unix)]
#[test]
fn tells_of_each_request_and_why_it_was_refused() {
    let sandbox = Sandbox::start();
    sandbox.created("INV-1", "va.json");
    let wrong = sandbox.file("wrong");
    std::fs::write(&wrong, "SK-wrong").unwrap();
    let refused = sandbox
        .doku(&["va", "status", "--va", &sandbox.path("va.json")])
        .env("DOKU_SECRET_KEY_FILE", wrong.to_str().unwrap())
        .run();
    assert_eq!(refused.code, 3, "{refused:?}");
    let log = sandbox.stop("TERM").stderr;
    assert!(log.contains("create-va accepted 2002700\n"), "{log}");
    assert!(log.contains("status refused 4012600\n"), "{log}");
    assert!(log.contains("the signature does not match"), "{log}");
}

#[cfg(unix)]
#[test]
fn is_silent_about_requests_where_it_is_asked_to_be() {
    let folder = TempDir::new().unwrap();
    let keys = folder.path().join("keys").to_str().unwrap().to_owned();
    let sandbox = Sandbox::start_with(folder, &["--keys", &keys, "--quiet"]);
    sandbox.created("INV-1", "va.json");
    assert!(!sandbox.stop("TERM").stderr.contains("create-va"));
}

#[test]
fn serves_a_merchant_with_keys_of_its_own_and_only_its_bins() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    assert_eq!(doku(&["keygen", "--out", &path("mine")]).run().code, 0);
    assert_eq!(doku(&["keygen", "--out", &path("doku")]).run().code, 0);
    std::fs::write(path("secret"), "SK-of-mine\n").unwrap();
    let arguments = [
        "--client-id",
        "MCH-0001-0000000000001",
        "--secret-key-file",
        &path("secret"),
        "--merchant-public-key",
        &path("mine/public.pem"),
        "--doku-private-key",
        &path("doku/private.pem"),
        "--bin",
        "77777:dgpc:5",
        "--strict",
    ];
    let (private, secret) = (path("mine/private.pem"), path("secret"));
    let sandbox = Sandbox::start_with(folder, &arguments);
    let environment = &sandbox.ready["environment"];
    assert_eq!(environment["DOKU_CLIENT_ID"], "MCH-0001-0000000000001");
    assert_eq!(environment["DOKU_PARTNER_SERVICE_ID"], "77777");
    assert_eq!(environment["DOKU_CUSTOMER_NO_PREFIX"], "5");
    assert_eq!(environment["DOKU_SECRET_KEY_FILE"], *secret);
    let run = sandbox
        .doku(&[
            "--output", "json", "va", "create", "--trx-id", "A-1", "--name", "Budi", "--amount",
            "10000",
        ])
        .env("DOKU_PRIVATE_KEY_FILE", &private)
        .run();
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.json()["virtualAccountNo"]
            .as_str()
            .unwrap()
            .starts_with("777775")
    );
}

#[test]
fn takes_everything_from_a_file() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    assert_eq!(doku(&["keygen", "--out", &path("mine")]).run().code, 0);
    std::fs::write(path("secret"), "SK-of-mine\n").unwrap();
    let settings = "clientId = \"MCH-0001-0000000000001\"\nclientSecretFile = \"secret\"\n\
                    merchantPublicKeyFile = \"mine/public.pem\"\nbins = [\"8129:mgpc\"]\n";
    std::fs::write(path("sandbox.toml"), settings).unwrap();
    let config = path("sandbox.toml");
    let sandbox = Sandbox::start_with(folder, &["--config", &config, "--bin", "95962:dgpc:6"]);
    assert_eq!(
        sandbox.ready["bins"],
        json!(["8129:mgpc", "95962:dgpc:6:16"])
    );
    assert_eq!(sandbox.ready["clientId"], "MCH-0001-0000000000001");
}

#[test]
fn what_keeps_it_from_starting() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    assert_eq!(doku(&["keygen", "--out", &path("mine")]).run().code, 0);
    std::fs::write(path("secret"), "SK-1").unwrap();
    std::fs::write(path("odd.toml"), "clientId = \"MCH-1\"\nodd = true\n").unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let (keys, secret, public, private) = (
        path("mine"),
        path("secret"),
        path("mine/public.pem"),
        path("mine/private.pem"),
    );
    let (odd, gone) = (path("odd.toml"), path("gone"));
    let merchant = |secret, public| {
        vec![
            "--client-id",
            "MCH-1",
            "--secret-key-file",
            secret,
            "--merchant-public-key",
            public,
        ]
    };
    let cases: [(&str, i32, Vec<&str>); 7] = [
        ("address-taken", 1, vec!["--listen", &taken]),
        ("no-address", 2, vec!["--listen", "8090"]),
        ("keys-are-there", 2, vec!["--keys", &keys]),
        ("no-bin", 2, merchant(&secret, &public)),
        ("private-for-public", 2, merchant(&secret, &private)),
        ("no-secret", 2, merchant(&gone, &public)),
        ("odd-file", 2, vec!["--config", &odd]),
    ];
    let with_address = ["address-taken", "no-address"];
    for (name, code, arguments) in cases {
        let mut all = vec!["sandbox"];
        if !with_address.contains(&name) {
            all.extend(["--listen", "127.0.0.1:0"]);
        }
        all.extend(arguments);
        let run = doku(&all).run();
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (code, ""),
            "{name}: {run:?}"
        );
        snapshot(&format!("sandbox-{name}"), &run.stderr, Some(folder.path()));
    }
}

#[cfg(unix)]
#[test]
fn goes_on_after_a_restart_with_a_data_dir() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().unwrap();
    let data = TempDir::new().unwrap();
    let path = data.path().join("new/data");
    let arguments = ["--data-dir", path.to_str().unwrap()];
    let sandbox = Sandbox::start_with(folder, &arguments);
    sandbox.created("INV-1", "va.json");
    let client_id = sandbox.ready["clientId"].clone();
    let number = sandbox.control("GET", "virtual-accounts", "");
    let number = number["virtualAccounts"][0]["virtualAccountNo"].clone();
    let order = json!({ "virtualAccountNo": number, "amount": "11500.00" });
    let paid = sandbox.control("POST", "pay", &order.to_string());
    sandbox.control("POST", "clock", r#"{"advanceSeconds": 3600}"#);

    let second = doku(&[&["sandbox", "--listen", "127.0.0.1:0"], &arguments[..]].concat()).run();
    assert_eq!(second.code, 2, "{second:?}");
    assert!(second.stderr.contains("another sandbox has"), "{second:?}");

    let run = sandbox.stop("TERM");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("Its state is kept in"), "{run:?}");
    let mode = |file: &str| path.join(file).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("state.jsonl"), 0o600);
    assert_eq!(mode("merchant"), 0o700);
    assert_eq!(mode("merchant/secret-key"), 0o600);

    let sandbox = Sandbox::start_with(TempDir::new().unwrap(), &arguments);
    assert_eq!(sandbox.ready["clientId"], client_id);
    let accounts = sandbox.control("GET", "virtual-accounts", "");
    let account = &accounts["virtualAccounts"][0];
    assert_eq!(account["standing"], "paid");
    assert_eq!(
        account["payments"][0]["paymentRequestId"],
        paid["paymentRequestId"]
    );
    // The keys are the same: the client that was set up goes on.
    let run = sandbox.doku(&["token"]).run();
    assert_eq!(run.code, 0, "{run:?}");
    sandbox.stop("TERM");

    std::fs::write(path.join("state.jsonl"), "nothing").unwrap();
    let run = doku(&[&["sandbox", "--listen", "127.0.0.1:0"], &arguments[..]].concat()).run();
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("state.jsonl is broken at line 1"),
        "{run:?}"
    );
    assert_eq!(
        std::fs::read_to_string(path.join("state.jsonl")).unwrap(),
        "nothing"
    );
}

#[cfg(unix)]
#[test]
fn leaves_no_keys_behind_where_nobody_asked_to_keep_them() {
    for signal in ["TERM", "INT"] {
        let sandbox = Sandbox::start_with(TempDir::new().unwrap(), &[]);
        let key = sandbox.ready["environment"]["DOKU_SECRET_KEY_FILE"].clone();
        let key = std::path::PathBuf::from(key.as_str().unwrap());
        let keys = key.parent().unwrap();
        assert!(keys.is_dir());
        let run = sandbox.stop(signal);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stderr.contains("until it stops"), "{run:?}");
        assert!(!keys.exists(), "{}", keys.display());
    }
}

#[cfg(unix)]
#[test]
fn shows_its_page_with_the_lines_to_paste() {
    use std::io::{Read as _, Write as _};
    let sandbox = Sandbox::start();
    let address = sandbox.base_url().trim_start_matches("http://");
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    for (name, value) in sandbox.ready["environment"].as_object().unwrap() {
        let line = format!("export {name}={}", value.as_str().unwrap());
        assert!(page.contains(&line), "{line}");
    }
}

#[cfg(unix)]
#[test]
fn calls_the_merchant_where_it_is_told_to() {
    let folder = TempDir::new().unwrap();
    let keys = folder.path().join("keys").to_str().unwrap().to_owned();
    let sandbox = Sandbox::start_with(
        folder,
        &[
            "--keys",
            &keys,
            "--bin",
            "8130:dipc",
            "--token-url",
            // Nobody listens there.
            "http://127.0.0.1:1/token",
            "--notification-url",
            "http://127.0.0.1:1/payment",
            "--dialect",
            "padding=zeros",
            "--resend",
            "identical",
        ],
    );
    sandbox.created("INV-1", "va.json");
    let order = r#"{"virtualAccountNo":"9596260000000001","amount":"11500.00"}"#;
    let paid = sandbox.control("POST", "pay", order);
    assert_eq!(paid["notification"]["acknowledged"], false, "{paid}");
    let log = sandbox.stop("TERM").stderr;
    assert!(
        log.contains("http://127.0.0.1:1/token unanswered no answer\n"),
        "{log}"
    );
}

#[test]
fn says_what_is_missing_to_call_the_merchant() {
    let folder = TempDir::new().unwrap();
    let keys = folder.path().join("keys").to_str().unwrap().to_owned();
    let arguments = ["sandbox", "--listen", "127.0.0.1:0", "--keys", &keys];
    let with = |more: &[&str]| doku(&[&arguments[..], more].concat()).run();
    let run = with(&["--notification-url", "http://127.0.0.1:1/payment"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("--token-url"), "{run:?}");
    for more in [
        ["--notification-url", "/payment"],
        ["--dialect", "padding=stars"],
        ["--resend", "never"],
    ] {
        let run = with(&more);
        assert_eq!(run.code, 2, "{run:?}");
    }
}
