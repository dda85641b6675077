//! `doku code`.

use doku::Meaning;

use crate::stage::*;

#[test]
fn codes_of_every_kind() {
    for (name, arguments) in [
        ("code", &["code", "4042712"][..]),
        ("code-id", &["code", "404", "27", "12", "--lang", "id"]),
        ("code-payment", &["code", "5002500"]),
        ("code-unknown", &["code", "4189977"]),
        ("code-repeated", &["code", "4000500"]),
        ("code-too-many", &["code", "4292700"]),
        ("code-too-many-id", &["code", "4292700", "--lang", "id"]),
        ("code-signature", &["code", "4012700"]),
        ("code-nonsense", &["code", "404", "SK-1"]),
        ("codes", &["code"]),
    ] {
        snapshot(name, &bare(arguments, &[], ""));
    }
}

#[test]
fn every_row_is_told_in_both_languages() {
    for language in ["en", "id"] {
        let list = bare(&["code", "--lang", language, "--output", "json"], &[], "").json();
        assert_eq!(
            list["items"].as_array().unwrap().len(),
            Meaning::TABLE.len()
        );
    }
    for (status, case, meaning) in Meaning::TABLE {
        let code = format!("{status}-27-{case:02}");
        let told = bare(&["code", &code, "--output", "json"], &[], "").json();
        assert_eq!(told["meaning"], meaning.text(), "{code}");
        assert_eq!(told["advice"], meaning.action().advice(), "{code}");
        assert_eq!(told["known"], true);
        assert_eq!(told["serviceName"], "create VA");
    }
}
