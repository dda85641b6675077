//! `doku doctor`, by itself and beside a local DOKU.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::proxy::Proxy;
use crate::stage::*;

/// A local DOKU with a made-up merchant, until it is dropped.
struct Sandbox {
    child: Child,
    ready: Value,
    _folder: TempDir,
}

impl Sandbox {
    fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_doku"))
            .args(["sandbox", "--quiet", "--listen", "127.0.0.1:0", "--keys"])
            .arg(folder.path().join("keys"))
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        Self {
            child,
            ready: serde_json::from_str(&line).unwrap(),
            _folder: folder,
        }
    }

    fn doctor(&self, more: &[&str], changed: &[(&str, &str)]) -> Run {
        let environment = self.ready["environment"].as_object().unwrap();
        let told = environment
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()));
        let environment: Vec<(&str, &str)> = told.chain(changed.iter().copied()).collect();
        bare(
            &[&["doctor", "--output", "json"], more].concat(),
            &environment,
            "",
        )
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// What was found about a subject.
#[track_caller]
fn severity(run: &Run, subject: &str) -> String {
    let json = run.json();
    let findings = json["findings"].as_array().unwrap().clone();
    let found = findings
        .iter()
        .find(|finding| finding["subject"] == subject);
    let found = found.unwrap_or_else(|| panic!("{subject}: {run:?}"));
    if found["severity"] != "ok" {
        assert!(
            found["next"]
                .as_str()
                .is_some_and(|next| next.ends_with(['.', 'm'])),
            "{found}"
        );
    }
    found["severity"].as_str().unwrap().to_owned()
}

#[test]
fn all_is_well_beside_a_local_doku() {
    let sandbox = Sandbox::start();
    let run = sandbox.doctor(&["--token"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.json()["ok"], true);
    for subject in [
        "DOKU_ENVIRONMENT",
        "DOKU_SECRET_KEY",
        "DOKU_PRIVATE_KEY",
        "http",
        "clock",
        "token",
    ] {
        assert_eq!(severity(&run, subject), "ok", "{run:?}");
    }
    assert!(!run.stdout.contains("SK-"), "{run:?}");

    let run = sandbox.doctor(
        &["--token"],
        &[("DOKU_CLIENT_ID", "MCH-0001-0000000000009")],
    );
    assert_eq!(
        (run.code, severity(&run, "token")),
        (3, "problem".to_owned()),
        "{run:?}"
    );
    // Nobody's proxy is asked for what is on this machine.
    let proxy = [
        ("HTTPS_PROXY", "http://127.0.0.1:1"),
        ("ALL_PROXY", "http://127.0.0.1:1"),
    ];
    assert_eq!(severity(&sandbox.doctor(&[], &proxy), "http"), "ok");
    let run = sandbox.doctor(&[], &[("DOKU_ENVIRONMENT", "http://127.0.0.1:1")]);
    assert_eq!(
        (run.code, severity(&run, "tcp")),
        (4, "problem".to_owned()),
        "{run:?}"
    );
}

/// What `doctor` finds of a DOKU whose name this machine does not know, with these variables.
fn doctor_away(variables: &[(&str, &str)]) -> Run {
    let environment = [&[("DOKU_ENVIRONMENT", "https://doku.invalid")], variables].concat();
    bare(&["doctor", "--output", "json"], &environment, "")
}

#[test]
fn a_proxy_goes_the_way_that_this_machine_does_not_know() {
    let proxy = Proxy::to("doku.invalid");
    let roots = proxy.roots.path().to_str().unwrap();
    for variable in ["HTTPS_PROXY", "all_proxy"] {
        let run = doctor_away(&[(variable, &proxy.url), ("SSL_CERT_FILE", roots)]);
        for subject in ["tls", "http", "clock"] {
            assert_eq!(severity(&run, subject), "ok", "{run:?}");
        }
    }
    // The proxy's certificate is nobody's.
    let run = doctor_away(&[("HTTPS_PROXY", &proxy.url)]);
    assert_eq!(severity(&run, "tls"), "problem", "{run:?}");
}

#[test]
fn a_proxy_that_is_not_there_is_named_and_not_quoted() {
    let run = doctor_away(&[("HTTPS_PROXY", "http://me:PENANDA@127.0.0.1:1")]);
    assert_eq!(severity(&run, "http"), "problem", "{run:?}");
    assert!(run.stdout.contains("HTTPS_PROXY names a proxy"), "{run:?}");
    assert!(!run.stdout.contains("PENANDA"), "{run:?}");
    // Without one, it is the name that is not known.
    assert_eq!(severity(&doctor_away(&[]), "dns"), "problem");
}

#[test]
fn nothing_is_set() {
    snapshot("doctor-nothing", &bare(&["doctor"], &[], ""));
}

#[test]
fn keys_that_do_not_belong_together() {
    let set = |private: &'static str, public: &'static str| {
        [
            ("DOKU_ENVIRONMENT", "sandbox"),
            ("DOKU_CLIENT_ID", "MCH-0001-0000000000009"),
            ("DOKU_SECRET_KEY_FILE", "secret"),
            ("DOKU_PRIVATE_KEY_FILE", private),
            ("DOKU_PUBLIC_KEY_FILE", public),
        ]
    };
    let look = |private, public, more: &[&str]| {
        let arguments = [&["doctor", "--offline", "--output", "json"], more].concat();
        let run = bare(&arguments, &set(private, public), "");
        run.keeps_secrets();
        run
    };
    let run = look("private.pem", "doku.pem", &[]);
    assert_eq!(
        (run.code, severity(&run, "public half")),
        (0, "ok".to_owned()),
        "{run:?}"
    );
    let run = look(
        "private.pem",
        "doku.pem",
        &["--merchant-public-key", "doku.pem"],
    );
    assert_eq!(
        (run.code, severity(&run, "public half")),
        (6, "problem".to_owned()),
        "{run:?}"
    );
    let run = look("private.pem", "public.pem", &[]);
    assert_eq!(
        (run.code, severity(&run, "DOKU_PUBLIC_KEY")),
        (6, "problem".to_owned()),
        "{run:?}"
    );
    let run = look("public.pem", "doku.pem", &[]);
    assert_eq!(
        (run.code, severity(&run, "DOKU_PRIVATE_KEY")),
        (6, "problem".to_owned()),
        "{run:?}"
    );
    let run = look("gone.pem", "doku.pem", &[]);
    assert_eq!(
        (run.code, severity(&run, "DOKU_PRIVATE_KEY")),
        (6, "problem".to_owned()),
        "{run:?}"
    );

    // Blanks around a secret are what other programs sign with.
    fs::write(STAGE.file("blank-secret"), format!(" {SECRET} \n")).unwrap();
    let mut environment = set("private.pem", "doku.pem");
    environment[2].1 = "blank-secret";
    let run = bare(
        &["doctor", "--offline", "--output", "json"],
        &environment,
        "",
    );
    assert_eq!(severity(&run, "DOKU_SECRET_KEY"), "warning", "{run:?}");
    run.keeps_secrets();
}

#[cfg(unix)]
#[test]
fn files_that_others_may_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let path = STAGE.file("open-secret");
    fs::write(&path, SECRET).unwrap();
    for (mode, expected) in [(0o600, "ok"), (0o644, "warning")] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let environment = [("DOKU_SECRET_KEY_FILE", "open-secret")];
        let run = bare(
            &["doctor", "--offline", "--output", "json"],
            &environment,
            "",
        );
        assert_eq!(severity(&run, "DOKU_SECRET_KEY"), expected, "{run:?}");
    }
}
