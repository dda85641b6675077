//! One mistake at a time.

use doku_sign::diagnose::{Case, Cause, Presented, Spelling};

use crate::stage::BODY;
use crate::stage::{
    CLIENT, OLD_SECRET, OTHER_TOKEN, PATH, SECRET, Signed, Stage, TIME, TOKEN, base64, but, causes,
    compact, hex, hmac256, hmac512, proves, rsa, sha256,
};
use crate::support;

/// The mistake behind a transaction's signature.
#[track_caller]
fn named(signature: &str, expected: Cause) {
    let stage = Stage::new();
    let diagnosis = stage.transaction(signature).diagnose();
    proves(&diagnosis, &[expected]);
}

#[test]
fn a_right_signature_has_no_cause() {
    let stage = Stage::new();
    let signature = Signed::right().signature();
    let diagnosis = stage.transaction(&signature).diagnose();
    assert!(diagnosis.is_right);
    assert_eq!(causes(&diagnosis), []);
    assert_eq!(diagnosis.difference, None);
    assert_eq!(diagnosis.tried, 1);
}

#[test]
fn bodies_that_are_not_minified() {
    let unix = BODY.to_owned();
    for body in [
        unix.clone(),
        format!("{unix}\n"),
        unix.replace('\n', "\r\n"),
    ] {
        named(&but(|signed| signed.hash = sha256(&body)), Cause::RawBody);
    }
}

#[test]
fn bodies_that_are_not_hashed() {
    for body in ["", "{}", "null"] {
        let signature = but(|signed| signed.hash = sha256(body));
        named(&signature, Cause::EmptyBody);
    }
    named(&but(|signed| signed.hash = compact()), Cause::BodyNotHashed);
    let stage = Stage::new();
    let signature = but(|signed| signed.hash = sha256("{}"));
    let presented = Presented {
        body: b"",
        ..stage.presented(&signature)
    };
    proves(
        &Case::transaction(presented, &stage.secret).diagnose(),
        &[Cause::BodyInvented],
    );
}

#[test]
fn blanks_that_are_stripped_inside_strings() {
    for body in [
        BODY.replace([' ', '\n'], ""),
        BODY.replace(' ', ""),
        compact().replace(' ', ""),
    ] {
        let signature = but(|signed| signed.hash = sha256(&body));
        named(&signature, Cause::BlanksInStringsDropped);
    }
}

#[test]
fn hashes_in_another_form() {
    named(
        &but(|signed| signed.hash = sha256(&compact()).to_uppercase()),
        Cause::BodyHashInCapitals,
    );
    let bytes: Vec<u8> = (0..64)
        .step_by(2)
        .map(|at| u8::from_str_radix(&sha256(&compact())[at..at + 2], 16).unwrap())
        .collect();
    named(
        &but(|signed| signed.hash = base64(&bytes)),
        Cause::BodyHashInBase64,
    );
}

#[test]
fn escaped_slashes() {
    let signature = but(|signed| signed.hash = sha256(&compact().replace('/', "\\/")));
    named(&signature, Cause::SlashesEscaped);

    // The other way round: what was sent is escaped, what was hashed is not.
    let stage = Stage::new();
    let sent = compact().replace('/', "\\/");
    let signature = Signed::right().signature();
    let presented = Presented {
        body: sent.as_bytes(),
        ..stage.presented(&signature)
    };
    proves(
        &Case::transaction(presented, &stage.secret).diagnose(),
        &[Cause::SlashesPlain],
    );
}

#[test]
fn bodies_that_were_serialised_again() {
    // Typed by hand after what each library writes.
    let name = "Andr\\u00e9 d'Caf\\u00e9 & Co <x=1>";
    let plain = "André d'Café & Co <x=1>";
    let gson = "André d\\u0027Café \\u0026 Co \\u003cx\\u003d1\\u003e";
    let go = "André d'Café \\u0026 Co \\u003cx=1\\u003e";
    let net = "Andr\\u00E9 d\\u0027Caf\\u00E9 \\u0026 Co \\u003Cx=1\\u003E";
    let body = |name: &str, amount: &str, url: &str| {
        format!(
            r#"{{"partnerServiceId":"   19008","customerNo":"6","virtualAccountName":"{name}","amount":{amount},"url":"{url}"}}"#
        )
    };
    let sorted = |name: &str, amount: &str, url: &str| {
        format!(
            r#"{{"amount":{amount},"customerNo":"6","partnerServiceId":"   19008","url":"{url}","virtualAccountName":"{name}"}}"#
        )
    };
    let spaced = |body: String| body.replace("\":", "\": ").replace(",\"", ", \"");
    let (url, escaped) = ("https://toko.id/a", "https:\\/\\/toko.id\\/a");
    let indented = |blanks: &str, name: &str, amount: &str, url: &str| {
        format!(
            "{{\n{blanks}\"partnerServiceId\": \"   19008\",\n{blanks}\"customerNo\": \"6\",\n{blanks}\"virtualAccountName\": \"{name}\",\n{blanks}\"amount\": {amount},\n{blanks}\"url\": \"{url}\"\n}}"
        )
    };
    for (body, spelling) in [
        (body(plain, "10000", url), Spelling::JavaScript),
        (body(name, "10000.0", escaped), Spelling::Php),
        (body(name, "10000.0", url), Spelling::PhpPlainSlashes),
        (body(plain, "10000.0", escaped), Spelling::PhpPlainUnicode),
        (spaced(body(name, "10000.0", url)), Spelling::Python),
        (
            spaced(body(plain, "10000.0", url)),
            Spelling::PythonPlainUnicode,
        ),
        (body(plain, "10000.0", url), Spelling::Jackson),
        (body(gson, "10000.00", url), Spelling::Gson),
        (body(gson, "10000.0", url), Spelling::GsonDoubles),
        (body(go, "10000.00", url), Spelling::Go),
        (body(net, "10000.00", url), Spelling::DotNet),
        (sorted(plain, "10000.0", url), Spelling::Sorted),
        (sorted(go, "10000", url), Spelling::SortedGo),
        (sorted(name, "10000.0", escaped), Spelling::SortedPhp),
        (spaced(sorted(name, "10000.0", url)), Spelling::SortedPython),
        (sorted(name, "10000.0", url), Spelling::SortedPythonCompact),
        (indented("  ", plain, "10000", url), Spelling::IndentedByTwo),
        (
            indented("    ", plain, "10000.00", url),
            Spelling::IndentedByFour,
        ),
        (
            indented("    ", name, "10000.0", escaped),
            Spelling::IndentedPhp,
        ),
    ] {
        let signature = but(|signed| signed.hash = sha256(&body));
        named(&signature, Cause::Reserialised(spelling));
    }
}

#[test]
fn words_and_blanks_in_the_token() {
    for token in ["Bearer ", "bearer ", "Bearer"] {
        let signature = but(|signed| signed.token = format!("{token}{TOKEN}"));
        named(&signature, Cause::BearerInToken);
    }
    for token in [
        format!("{TOKEN}\n"),
        format!(" {TOKEN}"),
        format!("\"{TOKEN}\""),
    ] {
        let signature = but(|signed| signed.token = token);
        named(&signature, Cause::BlanksInToken);
    }
}

#[test]
fn empty_and_other_tokens() {
    named(&but(|signed| signed.token.clear()), Cause::EmptyToken);
    named(
        &but(|signed| signed.token = OTHER_TOKEN.to_owned()),
        Cause::OtherToken { number: 1 },
    );
    let signature = but(|signed| {
        signed.path = format!("{PATH}:{}", signed.hash);
        signed.token = String::new();
    });
    // Not to be taken for METHOD:path:hash:timestamp, which has one colon less.
    let stage = Stage::new();
    let diagnosis = stage.transaction(&signature).diagnose();
    assert_eq!(causes(&diagnosis), []);
}

#[test]
fn whole_urls_and_other_paths() {
    for url in [
        format!("https://api-sandbox.doku.com{PATH}"),
        format!("https://api.doku.com{PATH}"),
        format!("api.doku.com{PATH}"),
        format!("https://toko.example{PATH}"),
        "https://toko.example/doku/notify".to_owned(),
    ] {
        named(&but(|signed| signed.path = url), Cause::WholeUrl);
    }
    for (path, cause) in [
        ("/doku/notify".to_owned(), Cause::PublicPath),
        (format!("{PATH}/"), Cause::TrailingSlash),
        (PATH[1..].to_owned(), Cause::NoLeadingSlash),
        (format!("/{PATH}"), Cause::DoubledSlash),
        (
            "/v1.1/transfer-va/create-va".to_owned(),
            Cause::PathCutShort,
        ),
    ] {
        named(&but(|signed| signed.path = path), cause);
    }
}

#[test]
fn queries_and_slashes_that_are_missing() {
    let stage = Stage::new();
    for (path, signed, cause) in [
        ("/notify?a=1", "/notify", Cause::NoQuery),
        ("/notify/?a=1", "/notify?a=1", Cause::TrailingSlash),
        ("/notify/", "/notify", Cause::TrailingSlash),
    ] {
        let signature = but(|text| text.path = signed.to_owned());
        let presented = Presented {
            path,
            ..stage.presented(&signature)
        };
        proves(
            &Case::transaction(presented, &stage.secret).diagnose(),
            &[cause],
        );
    }
}

#[test]
fn methods() {
    for (method, cause) in [
        ("post", Cause::LowerCaseMethod),
        ("Post", Cause::LowerCaseMethod),
        ("PUT", Cause::OtherMethod),
    ] {
        named(&but(|signed| signed.method = method.to_owned()), cause);
    }
}

#[test]
fn timestamps() {
    for (time, cause) in [
        ("2026-09-04T00:00:00Z", Cause::TimestampInOtherOffset),
        ("2026-09-04T00:00:00.000Z", Cause::TimestampInOtherOffset),
        ("2026-09-04T08:00:00+08:00", Cause::TimestampInOtherOffset),
        ("2026-09-04T07:00:00+0700", Cause::TimestampReformatted),
        ("2026-09-04T07:00:00.000+07:00", Cause::TimestampReformatted),
        ("2026-09-04 07:00:00", Cause::TimestampReformatted),
        ("2026-09-04T07:00:00Z", Cause::TimestampWithOtherLabel),
        (
            "2026-09-04T07:00:01+07:00",
            Cause::TimestampTakenTwice { seconds: 1 },
        ),
        // As `new Date().toISOString()` writes it, where the header was cut to seconds.
        (
            "2026-09-04T00:00:00.417Z",
            Cause::TimestampMilliseconds { milliseconds: 417 },
        ),
        (
            "2026-09-04T07:00:00.001+07:00",
            Cause::TimestampMilliseconds { milliseconds: 1 },
        ),
    ] {
        named(&but(|signed| signed.time = time.to_owned()), cause);
    }
}

#[test]
fn a_line_end_after_the_text() {
    // As `echo "$text" | openssl dgst -sha512 -hmac …` makes it.
    let text = Signed::right().text();
    for end in ["\n", "\r\n"] {
        let signature = base64(&hmac512(SECRET, &format!("{text}{end}")));
        named(&signature, Cause::LineEndAfterText);
        let stage = Stage::new();
        let told = stage.transaction(&signature).they_signed(&text).diagnose();
        proves(&told, &[Cause::LineEndAfterText]);
    }
    let stage = Stage::new();
    let pem = support::merchant().to_pkcs8_pem().unwrap();
    let signature = base64(&rsa(&pem, "-sha256", &format!("{CLIENT}|{TIME}\n")));
    let diagnosis = stage.token_request(&signature).diagnose();
    proves(&diagnosis, &[Cause::LineEndAfterText]);
}

#[test]
fn signatures_in_another_encoding() {
    let bytes = hmac512(SECRET, &Signed::right().text());
    let right = base64(&bytes);
    let (first, second) = right.split_at(44);
    for (signature, cause) in [
        (hex(&bytes), Cause::Hex),
        (hex(&bytes).to_uppercase(), Cause::Hex),
        (base64(hex(&bytes).as_bytes()), Cause::EncodedTwice),
        (base64(right.as_bytes()), Cause::EncodedTwice),
        (right.trim_end_matches('=').to_owned(), Cause::Padding),
        (format!("{right}\n"), Cause::BlanksInSignature),
        (format!("{first}\r\n{second}"), Cause::BlanksInSignature),
        (format!("\"{right}\""), Cause::BlanksInSignature),
        (
            right
                .replace('+', "%2B")
                .replace('/', "%2F")
                .replace('=', "%3D"),
            Cause::PercentEncoded,
        ),
        (
            format!("HMACSHA512={right}"),
            Cause::AlgorithmBeforeSignature,
        ),
    ] {
        named(&signature, cause);
    }
}

#[test]
fn alphabets_of_base64() {
    // A text whose signature has characters that differ between the alphabets.
    let text = |n: u32| format!("2026-09-04T07:00:{:02}+07:00", n % 60);
    let (time, right) = (0..60)
        .map(|n| (text(n), but(|signed| signed.time = text(n))))
        .find(|(_, signature)| signature.contains('+') && signature.contains('/'))
        .unwrap();
    let stage = Stage::new();
    let url_safe = right.replace('+', "-").replace('/', "_");
    for (signature, cause) in [
        (url_safe.clone(), Cause::Base64Url),
        (url_safe.trim_end_matches('=').to_owned(), Cause::Base64Url),
        (right.replace('+', " "), Cause::PercentEncoded),
    ] {
        let presented = Presented {
            timestamp: &time,
            ..stage.presented(&signature)
        };
        let case = Case::transaction(presented, &stage.secret);
        proves(&case.diagnose(), &[cause]);
    }
}

#[test]
fn other_algorithms_and_formulas() {
    let text = Signed::right().text();
    named(&base64(&hmac256(SECRET, &text)), Cause::HmacSha256);
    let token = format!("{CLIENT}|{TIME}");
    named(&base64(&hmac512(SECRET, &token)), Cause::TokenFormula);
    let left_out = format!("POST:{PATH}:{}:{TIME}", sha256(&compact()));
    named(&base64(&hmac512(SECRET, &left_out)), Cause::TokenLeftOut);
}

#[test]
fn secrets_that_are_damaged() {
    let text = Signed::right().text();
    for (secret, cause) in [
        (format!("{SECRET}\n"), Cause::BlanksInSecret),
        (format!("{SECRET}\r\n"), Cause::BlanksInSecret),
        (format!(" {SECRET}"), Cause::BlanksInSecret),
        (format!("\u{feff}{SECRET}"), Cause::BlanksInSecret),
        (format!("'{SECRET}'"), Cause::QuotedSecret),
        (String::new(), Cause::EmptySecret),
        (CLIENT.to_owned(), Cause::ClientIdAsSecret),
        (OLD_SECRET.to_owned(), Cause::OtherSecret { number: 1 }),
    ] {
        named(&base64(&hmac512(&secret, &text)), cause);
    }
}
