//! Secrets never show: planted ones are looked for in everything that is printed.

use tempfile::TempDir;

use crate::support::{Run, Sandbox, doku};

const SECRET: &str = "SK-planted-9f8e7d6c5b4a";

/// Whether anything secret is in the output: the planted secret, a line of a private key, or a token.
fn leaks(run: &Run, private_pem: &str) -> bool {
    let printed = format!("{}{}", run.stdout, run.stderr);
    let key_line = private_pem
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .find(|line| printed.contains(line));
    printed.contains(SECRET) || printed.contains("eyJ") || key_line.is_some()
}

#[test]
fn planted_secrets_are_printed_by_no_command() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    assert_eq!(doku(&["keygen", "--out", &path("mine")]).run().code, 0);
    let private = std::fs::read_to_string(path("mine/private.pem")).unwrap();
    std::fs::write(path("secret"), format!("{SECRET}\n")).unwrap();
    let arguments = [
        "--client-id",
        "MCH-0001-0000000000001",
        "--secret-key-file",
        &path("secret"),
        "--merchant-public-key",
        &path("mine/public.pem"),
        "--bin",
        "95962:dgpc:6",
    ];
    let sandbox = Sandbox::start_with(folder, &arguments);
    let key = sandbox.path("mine/private.pem");
    let (va, prepared) = (sandbox.path("va.json"), sandbox.path("prepared.json"));
    let create = [
        "va",
        "create",
        "--trx-id",
        "INV-1",
        "--name",
        "Budi",
        "--amount",
        "11500",
        "--save",
        &va,
        "--prepare",
        &prepared,
    ];
    for (code, arguments) in [
        (0, &["token"][..]),
        (0, &["token", "--output", "json"]),
        (0, &create),
        (0, &["va", "settle", &prepared, "--output", "json"]),
        (0, &["va", "status", "--va", &va]),
        (0, &["va", "how-to-pay", "--va", &va]),
        (0, &["va", "update", "--va", &va, "--amount", "12000"]),
        (0, &["va", "delete", "--va", &va, "--output", "json"]),
        (3, &["va", "delete", "--va", &va]),
    ] {
        // The loudest log there is must not hold them either.
        let run = sandbox
            .doku(arguments)
            .env("DOKU_PRIVATE_KEY_FILE", &key)
            .env("RUST_LOG", "trace")
            .run();
        assert_eq!(run.code, code, "{run:?}");
        assert!(run.stderr.contains("TRACE"), "no log: {run:?}");
        assert!(!leaks(&run, &private), "{arguments:?}: {run:?}");
    }
    // The search finds what is there to be found.
    let shown = sandbox
        .doku(&["token", "--show"])
        .env("DOKU_PRIVATE_KEY_FILE", &key)
        .run();
    assert!(leaks(&shown, &private), "{shown:?}");
    // A key where the secret should be, and the other way round.
    for run in [
        sandbox.doku(&["token"]).env("DOKU_PRIVATE_KEY", SECRET),
        sandbox
            .doku(&["token"])
            .env("DOKU_PRIVATE_KEY_FILE", &key)
            .env("DOKU_SECRET_KEY", SECRET),
        sandbox
            .doku(&["token"])
            .env("DOKU_PRIVATE_KEY_FILE", &key)
            .env("DOKU_CLIENT_ID", &format!("{SECRET} {SECRET}")),
    ] {
        let run = run.run();
        assert_eq!(run.code, 6, "{run:?}");
        assert!(!leaks(&run, &private), "{run:?}");
    }
    let log = Run {
        code: 0,
        stdout: sandbox.ready.to_string(),
        stderr: sandbox.log(),
    };
    assert!(!leaks(&log, &private), "{log:?}");
}

#[test]
fn the_demonstration_shows_no_token() {
    let run = doku(&["demo"]).env("RUST_LOG", "trace").run();
    assert_eq!(run.code, 0);
    assert!(!leaks(&run, ""));
    assert!(!run.stdout.contains("SK-"));
}
