//! `doku keygen` and `doku token`.

use tempfile::TempDir;

use crate::support::{Sandbox, doku, snapshot};

#[test]
fn a_pair_is_made_once() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("new/keys");
    let arguments = ["keygen", "--out", out.to_str().unwrap()];
    let run = doku(&arguments).run();
    assert_eq!(run.code, 0, "{run:?}");
    snapshot("keygen", &run.shown(), Some(folder.path()));
    let private = std::fs::read_to_string(out.join("private.pem")).unwrap();
    assert!(private.starts_with("-----BEGIN PRIVATE KEY-----"));
    let public = std::fs::read_to_string(out.join("public.pem")).unwrap();
    assert!(public.starts_with("-----BEGIN PUBLIC KEY-----"));

    let again = doku(&arguments).run();
    assert_eq!(again.code, 2, "{again:?}");
    snapshot("keygen-again", &again.shown(), Some(folder.path()));
    assert_eq!(
        std::fs::read_to_string(out.join("private.pem")).unwrap(),
        private
    );
}

#[test]
fn a_public_key_that_is_there_keeps_a_new_pair_from_being_made() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("public.pem"), "somebody's").unwrap();
    let run = doku(&["keygen", "--out", folder.path().to_str().unwrap()]).run();
    assert_eq!(run.code, 2, "{run:?}");
    assert!(!folder.path().join("private.pem").exists());
    assert_eq!(
        std::fs::read(folder.path().join("public.pem")).unwrap(),
        b"somebody's"
    );
}

#[cfg(unix)]
#[test]
fn the_private_key_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("keys");
    let run = doku(&[
        "--output",
        "json",
        "keygen",
        "--out",
        out.to_str().unwrap(),
        "--bits",
        "2304",
    ])
    .run();
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.json()["bits"], 2304);
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&out), 0o700);
    assert_eq!(mode(&out.join("private.pem")), 0o600);
}

#[test]
fn a_token_is_shown_only_where_it_is_asked_for() {
    let sandbox = Sandbox::start();
    let run = sandbox.doku(&["token"]).run();
    assert_eq!(run.code, 0, "{run:?}");
    snapshot("token", &run.shown(), None);
    let json = sandbox.doku(&["token", "--output", "json"]).run();
    snapshot("token-json", &json.shown(), None);

    let shown = sandbox.doku(&["token", "--show"]).run();
    let token = shown.stdout.trim_end();
    assert_eq!(token.split('.').count(), 3, "not a JWT");
    assert!(!shown.stderr.contains(token));
    let json = sandbox.doku(&["token", "--show", "--output", "json"]).run();
    assert_eq!(
        json.json()["accessToken"]
            .as_str()
            .unwrap()
            .split('.')
            .count(),
        3
    );
}
