//! `doku sign` and `doku verify`: what one makes the other takes, and a hand-made signature agrees with both.

use crate::stage::*;

/// The value of a header line that was printed.
#[track_caller]
fn line<'r>(run: &'r Run, name: &str) -> &'r str {
    let found = run
        .stdout
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    found.unwrap_or_else(|| panic!("{name}: {run:?}"))
}

const TRANSACTION: [&str; 9] = [
    "transaction",
    "--path",
    PATH,
    "--timestamp",
    TIME,
    "--body",
    "sign-body.json",
    "--token-file",
    "sign-token",
];

#[test]
fn a_transaction_part_by_part() {
    let run = doku(&[&["sign"], &TRANSACTION[..]].concat(), "");
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(line(&run, "X-SIGNATURE"), but(|_| {}));
    assert_eq!(line(&run, "X-TIMESTAMP"), TIME);
    assert_eq!(line(&run, "X-PARTNER-ID"), CLIENT);

    let shown = doku(&[&["sign"], &TRANSACTION[..], &["--show"]].concat(), "");
    assert_eq!(shown.stdout, run.stdout);
    snapshot("sign-show", &shown);
    let json = doku(
        &[&["sign"], &TRANSACTION[..], &["--show", "--output", "json"]].concat(),
        "",
    )
    .json();
    assert_eq!(json["headers"]["X-SIGNATURE"], but(|_| {}));
    assert_eq!(json["stages"]["bodyHash"], sha256(&compact()));

    // The body from standard input, and no token.
    let run = doku(
        &[
            "sign",
            "transaction",
            "--path",
            PATH,
            "--timestamp",
            TIME,
            "--body",
            "-",
            "--no-token",
        ],
        BODY,
    );
    assert_eq!(
        line(&run, "X-SIGNATURE"),
        but(|signed| signed.token.clear())
    );
}

#[test]
fn a_pasted_request_is_signed_again() {
    let run = doku(&["sign", "transaction", "-"], &curl("old"));
    assert_eq!(line(&run, "X-SIGNATURE"), but(|_| {}), "{run:?}");
    let run = doku(
        &["sign", "transaction", "-", "--timestamp", "now"],
        &raw("old"),
    );
    assert_ne!(line(&run, "X-TIMESTAMP"), TIME);
    assert!(line(&run, "X-TIMESTAMP").ends_with("+07:00"));
}

#[test]
fn a_token_request() {
    let run = doku(&["sign", "token", "--timestamp", TIME], "");
    assert_eq!(line(&run, "X-CLIENT-KEY"), CLIENT);
    assert_eq!(line(&run, "X-SIGNATURE"), token_signature());
    let signature = line(&run, "X-SIGNATURE").to_owned();
    let verify = |more: &[&str]| {
        let arguments = [
            "verify",
            "token",
            "--timestamp",
            TIME,
            "--at",
            TIME,
            "--signature",
            &signature,
        ];
        doku(&[&arguments[..], more].concat(), "")
    };
    assert_eq!(verify(&[]).code, 0);
    snapshot("verify-token-wrong", &verify(&["--client-id", "MCH-9"]));
    assert_eq!(
        verify(&["--from", "doku", "--output", "json"]).causes(),
        ["otherKey"]
    );
}

#[test]
fn a_non_snap_request() {
    let arguments = [
        "non-snap",
        "--path",
        "/checkout/v1/payment",
        "--body",
        "sign-body.json",
    ];
    let run = doku(&[&["sign"], &arguments[..]].concat(), "");
    let [id, time, signature] =
        ["Request-Id", "Request-Timestamp", "Signature"].map(|name| line(&run, name).to_owned());
    assert!(time.ends_with('Z'), "{time}");
    use sha2::Digest as _;
    let digest = base64(&sha2::Sha256::digest(BODY));
    let text = format!(
        "Client-Id:{CLIENT}\nRequest-Id:{id}\nRequest-Timestamp:{time}\nRequest-Target:/checkout/v1/payment\nDigest:{digest}"
    );
    assert_eq!(
        signature,
        format!("HMACSHA256={}", base64(&hmac256(SECRET, &text)))
    );
    let given = [
        "--request-id",
        &id,
        "--timestamp",
        &time,
        "--signature",
        &signature,
    ];
    let run = doku(&[&["verify"], &arguments[..], &given].concat(), "");
    assert_eq!(run.code, 0, "{run:?}");
    let other = [
        "--request-id",
        "r-2",
        "--timestamp",
        &time,
        "--signature",
        &signature,
    ];
    let run = doku(&[&["verify"], &arguments[..], &other].concat(), "");
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stdout.contains("none of the known mistakes"), "{run:?}");
}

#[test]
fn a_transaction_is_verified() {
    let verify = |signature: &str, more: &[&str]| {
        let arguments = [
            &["verify"],
            &TRANSACTION[..],
            &["--at", TIME, "--signature", signature],
            more,
        ];
        doku(&arguments.concat(), "")
    };
    assert_eq!(
        verify(&but(|_| {}), &[]).stdout.lines().next(),
        Some("the signature is right")
    );
    let wrong = but(|signed| signed.hash = sha256(BODY));
    let run = verify(&wrong, &["--show"]);
    assert_eq!(run.code, 3);
    assert!(
        run.stderr.contains("hashed body  {\"partnerServiceId\""),
        "{run:?}"
    );
    assert!(
        run.stdout
            .contains("the body was hashed without being minified"),
        "{run:?}"
    );
    assert_eq!(verify(&wrong, &["--output", "json"]).causes(), ["rawBody"]);
    let captured = doku(
        &["verify", "transaction", "-", "--at", TIME],
        &har(&but(|_| {})),
    );
    assert_eq!(captured.code, 0, "{captured:?}");
}

#[test]
fn what_is_missing_is_asked_for() {
    for (name, arguments) in [
        ("sign-no-path", &["sign", "transaction", "--no-token"][..]),
        ("sign-no-token", &["sign", "transaction", "--path", "/a"]),
        (
            "sign-url",
            &["sign", "transaction", "--path", "https://a.example/a"],
        ),
        (
            "sign-stdin-twice",
            &[
                "sign",
                "transaction",
                "--path",
                "/a",
                "--body",
                "-",
                "--token-file",
                "-",
            ],
        ),
        ("sign-no-archive", &["sign", "token", "--url", "create"]),
        ("verify-no-signature", &["verify", "token"]),
        ("verify-no-time", &["verify", "token", "--signature", "abc"]),
    ] {
        snapshot(name, &doku(arguments, ""));
    }
    let no_keys = [("DOKU_CLIENT_ID", CLIENT)];
    snapshot("sign-no-key", &bare(&["sign", "token"], &no_keys, ""));
    snapshot("sign-no-client", &bare(&["sign", "token"], &[], ""));
}
