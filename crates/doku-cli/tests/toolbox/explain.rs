//! `doku explain`: each mistake, captured in each form.

use std::fs;

use crate::stage::*;

const AT: [&str; 2] = ["--at", "2026-09-04T07:00:10+07:00"];

/// What is found in a captured text, judged ten seconds after it was signed.
#[track_caller]
fn explained(text: &str, more: &[&str]) -> Run {
    let arguments = [&["explain", "-", "--output", "json"], &AT[..], more].concat();
    doku(&arguments, text)
}

/// This signature of the transaction has this one cause, whatever form it was captured in.
#[track_caller]
fn named(signature: &str, cause: &str) {
    for text in [raw(signature), curl(signature), har(signature)] {
        let run = explained(&text, &[]);
        assert_eq!(run.causes(), [cause], "{run:?}");
        assert_eq!(run.code, 3, "{run:?}");
    }
}

#[test]
fn a_right_signature_is_right() {
    let right = but(|_| {});
    assert_eq!(right, library_signature());
    for text in [raw(&right), curl(&right), har(&right)] {
        let run = explained(&text, &[]);
        assert_eq!((run.code, run.causes()), (0, vec![]), "{run:?}");
        assert_eq!(run.json()["taken"]["formula"], "transaction");
        assert_eq!(run.json()["taken"]["from"], "merchant");
        assert_eq!(
            run.json()["taken"]["notes"].as_array().unwrap().len(),
            0,
            "{run:?}"
        );
    }
}

#[test]
fn bodies() {
    let hashed = |body: &str| but(|signed| signed.hash = sha256(body));
    named(&hashed(BODY), "rawBody");
    named(
        &hashed(&compact().replace(' ', "")),
        "blanksInStringsDropped",
    );
    named(
        &hashed(&compact().replace("10000.00", "10000.0")),
        "reserialised",
    );
    named(&hashed(&compact().replace('/', "\\/")), "slashesEscaped");
    named(&hashed(""), "emptyBody");
    named(
        &but(|signed| signed.hash = sha256(&compact()).to_uppercase()),
        "bodyHashInCapitals",
    );
}

#[test]
fn tokens() {
    named(
        &but(|signed| signed.token.insert_str(0, "Bearer ")),
        "bearerInToken",
    );
    named(&but(|signed| signed.token.clear()), "emptyToken");
    let other = but(|signed| signed.token = OTHER_TOKEN.to_owned());
    let run = explained(&raw(&other), &["--other-token-file", "other-token"]);
    assert_eq!(run.causes(), ["otherToken"]);
    // Nobody can name a token that nobody gave.
    let run = explained(&raw(&other), &[]);
    assert_eq!(run.json()["explained"], false, "{run:?}");
}

#[test]
fn paths_and_methods() {
    named(
        &but(|signed| signed.path.insert_str(0, "https://api-sandbox.doku.com")),
        "wholeUrl",
    );
    named(&but(|signed| signed.path.push('/')), "trailingSlash");
    named(
        &but(|signed| signed.method = "post".to_owned()),
        "lowerCaseMethod",
    );
}

#[test]
fn timestamps() {
    for (time, cause) in [
        ("2026-09-04T07:00:00+0700", "timestampReformatted"),
        ("2026-09-04T00:00:00Z", "timestampInOtherOffset"),
        ("2026-09-04T07:00:00Z", "timestampWithOtherLabel"),
    ] {
        named(&but(|signed| signed.time = time.to_owned()), cause);
    }
}

#[test]
fn encodings_and_algorithms() {
    let text = Signed::right().text();
    let bytes = hmac512(SECRET, &text);
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    named(&hex, "hex");
    named(&base64(&hmac256(SECRET, &text)), "hmacSha256");
    named(base64(&bytes).trim_end_matches('='), "padding");
    named("", "noSignature");
}

#[test]
fn secrets() {
    let text = Signed::right().text();
    let by = |secret: &str| base64(&hmac512(secret, &text));
    named(&by(&format!("{SECRET}\n")), "blanksInSecret");
    named(&by(&format!("{SECRET} ")), "blanksInSecret");
    named(&by(&format!("\"{SECRET}\"")), "quotedSecret");
    named(&by(CLIENT), "clientIdAsSecret");
    let run = explained(
        &curl(&by(OLD_SECRET)),
        &["--other-secret-file", "old-secret"],
    );
    assert_eq!(run.causes(), ["otherSecret"]);
}

#[test]
fn formulas_that_are_mixed_up() {
    named(&token_signature(), "tokenFormula");
    named(
        &base64(&hmac512(SECRET, &format!("{CLIENT}|{TIME}"))),
        "tokenFormula",
    );
    named(&asymmetric_signature(), "asymmetricFormula");
    let hash = sha256("{\"grantType\":\"client_credentials\"}");
    let reverse = base64(&hmac512(
        SECRET,
        &format!("POST:{TOKEN_PATH}::{hash}:{TIME}"),
    ));
    let run = explained(&token_request("api.doku.com", &reverse), &[]);
    assert_eq!(run.causes(), ["transactionFormula"], "{run:?}");
    let run = explained(
        &token_request(
            "api.doku.com",
            &base64(&hmac512(SECRET, &format!("{CLIENT}|{TIME}"))),
        ),
        &[],
    );
    assert_eq!(run.causes(), ["hmacInsteadOfRsa"], "{run:?}");
}

#[test]
fn token_requests_of_both_sides() {
    let text = doku::sign::StringToSign::snap_token(CLIENT, TIME);
    let by_doku = STAGE.doku.sign(&text).unwrap().to_base64();
    let by_merchant = token_signature();
    for (host, signature, from, causes) in [
        ("api.doku.com", &by_merchant, "merchant", &[][..]),
        ("toko.example", &by_doku, "doku", &[]),
        ("api.doku.com", &by_doku, "merchant", &["otherKey"]),
        ("toko.example", &by_merchant, "doku", &["otherKey"]),
    ] {
        let run = explained(&token_request(host, signature), &[]);
        assert_eq!(run.causes(), causes, "{run:?}");
        assert_eq!(run.json()["taken"]["from"], from);
        assert_eq!(run.json()["taken"]["formula"], "token");
    }
    let run = explained(
        &token_request("toko.example", &by_merchant),
        &["--from", "merchant"],
    );
    assert_eq!((run.code, run.causes()), (0, vec![]), "{run:?}");
    // A key that nobody gave.
    let stranger = doku::MerchantPrivateKey::generate(2048).unwrap();
    let run = explained(
        &token_request("api.doku.com", &stranger.sign(&text).unwrap().to_base64()),
        &[],
    );
    assert_eq!(run.json()["findings"][0]["cause"], "unknownKey", "{run:?}");
}

#[test]
fn another_client_id_than_the_configured_one_is_refused() {
    let text = doku::sign::StringToSign::snap_token("MCH-9", TIME);
    let by_doku = STAGE.doku.sign(&text).unwrap().to_base64();
    let by_merchant = STAGE.merchant.sign(&text).unwrap().to_base64();
    for (host, signature, name) in [
        ("api.doku.com", by_merchant, "explain-other-client-to-doku"),
        ("toko.example", by_doku, "explain-other-client-from-doku"),
    ] {
        let request = token_request(host, &signature)
            .replace(&format!("X-CLIENT-KEY: {CLIENT}"), "X-CLIENT-KEY: MCH-9");
        let run = explained(&request, &[]);
        assert_eq!(
            (run.code, run.causes()),
            (3, vec!["otherClient".to_owned()])
        );
        assert_eq!(run.json()["right"], true, "{run:?}");
        for language in ["en", "id"] {
            let name = format!("{name}-{language}");
            let more = ["explain", "--lang", language];
            snapshot(&name, &doku(&[&more, &AT[..]].concat(), &request));
        }
        let verify = |more: &[&str]| {
            let arguments = [&["verify", "token", "-"], &AT[..], more].concat();
            doku(&arguments, &request)
        };
        assert_eq!(verify(&[]).code, 3);
        // Who names a client id on the command line means that one.
        assert_eq!(verify(&["--client-id", "MCH-9"]).code, 0);
    }
    // A transaction to DOKU is looked up by X-PARTNER-ID; one from DOKU is the configured merchant's by its signature.
    let transaction =
        raw(&but(|_| {})).replace(&format!("X-PARTNER-ID: {CLIENT}"), "X-PARTNER-ID: MCH-9");
    assert_eq!(explained(&transaction, &[]).causes(), ["otherClient"]);
    let run = explained(&transaction, &["--from", "doku"]);
    assert_eq!((run.code, run.causes()), (0, vec![]), "{run:?}");
    // Nothing is compared where nothing is configured.
    let keys = [("DOKU_SECRET_KEY_FILE", "secret")];
    let run = bare(&[&["explain"], &AT[..]].concat(), &keys, &transaction);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn the_clock_and_how_far_off_it_is() {
    let right = raw(&but(|_| {}));
    let run = doku(
        &[
            "explain",
            "--output",
            "json",
            "--at",
            "2026-09-04T14:00:04+07:00",
        ],
        &right,
    );
    assert_eq!((run.code, run.causes()), (3, vec!["clockSkew".to_owned()]));
    assert_eq!(run.json()["right"], true);
    assert_eq!(run.json()["skewSeconds"], -7 * 3600 - 4);
    // By the clock of this machine, it is long ago or far ahead.
    let run = doku(&["explain", "--output", "json"], &right);
    assert_eq!(run.causes(), ["clockSkew"]);
}

#[test]
fn other_channels() {
    let lines = |digest: &str| {
        format!(
            "Client-Id:{CLIENT}\nRequest-Id:r-1\nRequest-Timestamp:2026-09-04T00:00:00Z\nRequest-Target:/checkout/v1/payment{digest}"
        )
    };
    let digest = |body: &str| {
        use sha2::Digest as _;
        format!("\nDigest:{}", base64(&sha2::Sha256::digest(body)))
    };
    let request = |text: &str| {
        format!(
            "POST /checkout/v1/payment HTTP/1.1\nHost: api-sandbox.doku.com\nClient-Id: {CLIENT}\nRequest-Id: r-1\n\
             Request-Timestamp: 2026-09-04T00:00:00Z\nSignature: HMACSHA256={}\n\n{BODY}\n",
            base64(&hmac256(SECRET, text))
        )
    };
    for (text, causes) in [
        (lines(&digest(BODY)), &[][..]),
        (lines(&digest(&compact())), &["minifiedBody"]),
        (lines(""), &["digestLeftOut"]),
        (
            lines(&digest(BODY)).replace("Target:", "Target:https://api-sandbox.doku.com"),
            &["wholeUrl"],
        ),
        (
            lines(&digest(BODY)).replace("payment", "payment/"),
            &["trailingSlash"],
        ),
    ] {
        let run = explained(&request(&text), &[]);
        assert_eq!(run.causes(), causes, "{run:?}");
        assert_eq!(run.json()["taken"]["formula"], "nonSnap");
    }
}

#[test]
fn what_is_told_to_people() {
    let wrong = but(|signed| signed.hash = sha256(BODY));
    for (name, more) in [("explain", &[][..]), ("explain-id", &["--lang", "id"])] {
        let run = doku(&[&["explain"], &AT[..], more].concat(), &curl(&wrong));
        snapshot(name, &run);
    }
    let odd = raw(&wrong)
        .replace("X-EXTERNAL-ID: 418075533589\r\n", "")
        .replace("Bearer ", "")
        .replace(&format!("X-PARTNER-ID: {CLIENT}"), "X-PARTNER-ID: MCH-9")
        .replace(
            &format!("Content-Length: {}", BODY.len()),
            "Content-Length: 900",
        );
    snapshot(
        "explain-odd",
        &doku(&[&["explain"], &AT[..]].concat(), &odd),
    );
}

#[test]
fn a_secret_in_the_wrong_header_is_not_shown() {
    let text = raw(&but(|_| {})).replace(
        &format!("X-PARTNER-ID: {CLIENT}"),
        &format!("X-PARTNER-ID: {SECRET}"),
    );
    for format in ["text", "json"] {
        let run = doku(&["explain", "--output", format], &text.replace(TIME, TOKEN));
        // `doku` looks for secrets itself.
        assert!(run.stdout.contains("[not shown]"), "{run:?}");
    }
}

#[test]
fn keys_that_are_not_there_are_asked_for() {
    let transaction = raw(&but(|_| {}));
    let to_doku = token_request("api.doku.com", &token_signature());
    let from_doku = token_request("toko.example", &token_signature());
    for (name, text, more) in [
        ("explain-no-secret", &transaction, &[][..]),
        ("explain-no-private-key", &to_doku, &[]),
        ("explain-no-public-key", &from_doku, &[]),
        ("explain-no-public-key-id", &from_doku, &["--lang", "id"]),
    ] {
        snapshot(name, &bare(&[&["explain"], more].concat(), &[], text));
    }
    // The public half is enough to look at one's own token request.
    let run = bare(
        &[&["explain", "--merchant-public-key", "public.pem"], &AT[..]].concat(),
        &[],
        &to_doku,
    );
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn files_of_a_curl_command_are_read_where_it_stands() {
    fs::write(STAGE.file("body.json"), BODY).unwrap();
    let text =
        curl(&but(|_| {})).replace(&format!("--data-raw '{BODY}'"), "--data-binary @body.json");
    let run = explained(&text, &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let run = explained(&text.replace("@body.json", "@gone.json"), &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr
            .contains("word 20 of the command names a file that cannot be read"),
        "{run:?}"
    );
}

#[test]
fn an_entry_of_an_archive_is_chosen() {
    let (right, wrong) = (but(|_| {}), but(|signed| signed.token.clear()));
    let mut archive: serde_json::Value = serde_json::from_str(&har(&right)).unwrap();
    let mut other: serde_json::Value = serde_json::from_str(&har(&wrong)).unwrap();
    let mut entry = other["log"]["entries"][1].take();
    entry["request"]["url"] = format!("https://api.doku.com{PATH}").into();
    archive["log"]["entries"]
        .as_array_mut()
        .unwrap()
        .push(entry);
    let text = archive.to_string();
    let run = explained(&text, &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("entries 2, 3 fit"), "{run:?}");
    assert!(explained(&text, &["--url", "sandbox"]).causes().is_empty());
    assert_eq!(
        explained(&text, &["--url", "api.doku.com"]).causes(),
        ["emptyToken"]
    );
    assert_eq!(explained(&text, &["--entry", "3"]).causes(), ["emptyToken"]);
}

#[test]
fn texts_that_are_no_request() {
    for (name, text) in [
        ("explain-empty", "\n"),
        ("explain-nonsense", "SK-PLANTED and more\n"),
        ("explain-variable", "curl \"$BASE/v1\"\n"),
        ("explain-no-archive", "{\"a\":1}\n"),
    ] {
        let run = doku(&["explain"], text);
        assert!(!run.stderr.contains("SK-PLANTED"), "{run:?}");
        snapshot(name, &run);
    }
}
