//! The keys: their form and size, and whether the halves belong together.

use std::path::Path;

use doku::{MerchantPrivateKey, MerchantPublicKey};

use super::Finding;
use super::configuration::{exposed, place};
use crate::command::variables::{self, Held};
use crate::exit::{Exit, Failure};
use crate::file::{self, shown};

pub(super) fn look(given: Option<&Path>) -> Vec<Finding> {
    let (finding, own) = private_key();
    let mut findings = vec![finding];
    if let Some((key, held)) = &own {
        findings.extend(halves(key, held, given));
    }
    findings.push(public_key(own.as_ref().map(|(key, _)| key)));
    findings
}

fn private_key() -> (Finding, Option<(MerchantPrivateKey, Held)>) {
    const SUBJECT: &str = variables::PRIVATE_KEY;
    let held = match variables::held(SUBJECT) {
        Ok(Some(held)) => held,
        Ok(None) => {
            let next =
                "Run `doku keygen --out keys`, and set DOKU_PRIVATE_KEY_FILE=keys/private.pem.";
            return (
                Finding::problem(SUBJECT, Exit::Configuration, "is not set", next),
                None,
            );
        }
        Err(error) => return (Finding::failed(SUBJECT, &Failure::from(error)), None),
    };
    match variables::private_key() {
        Ok(Some(key)) => {
            let told = format!(
                "RSA of {} bits, {}, fingerprint {}, {}",
                key.bits(),
                form(&held.text),
                key.fingerprint(),
                place(&held)
            );
            let finding = exposed(SUBJECT, &held, told);
            (finding, Some((key, held)))
        }
        Ok(None) => (
            Finding::problem(SUBJECT, Exit::Configuration, "is not set", "Set it."),
            None,
        ),
        Err(error) => (Finding::failed(SUBJECT, &Failure::from(error)), None),
    }
}

/// What the first line of a key says.
fn form(pem: &str) -> &'static str {
    if pem.contains("BEGIN ENCRYPTED PRIVATE KEY") {
        "PKCS#8, with a passphrase"
    } else if pem.contains("BEGIN RSA PRIVATE KEY") {
        "PKCS#1"
    } else if pem.contains("BEGIN PRIVATE KEY") {
        "PKCS#8"
    } else {
        "without PEM lines"
    }
}

/// Whether the public half that is at hand belongs to the private one.
fn halves(key: &MerchantPrivateKey, held: &Held, given: Option<&Path>) -> Option<Finding> {
    const SUBJECT: &str = "public half";
    let beside = held
        .file
        .as_deref()
        .map(|file| file.with_file_name("public.pem"));
    let path = match given {
        Some(path) => path,
        None => beside.as_deref().filter(|path| path.is_file())?,
    };
    let public = file::read(path).and_then(|pem| {
        MerchantPublicKey::from_pem(&pem).map_err(|error| {
            Failure::usage(format!("{}: {error}", shown(path)))
                .next("Give the file with the public half, in PEM.")
        })
    });
    Some(match public {
        Ok(public) if public == key.public_key() => Finding::ok(
            SUBJECT,
            format!("{} belongs to the private key", shown(path)),
        ),
        Ok(public) => Finding::problem(
            SUBJECT,
            Exit::Configuration,
            format!(
                "{} is of another pair: fingerprint {}",
                shown(path),
                public.fingerprint()
            ),
            "Give DOKU the half that belongs: openssl pkey -in private.pem -pubout -out public.pem",
        ),
        Err(failure) => Finding::failed(SUBJECT, &failure),
    })
}

fn public_key(own: Option<&MerchantPrivateKey>) -> Finding {
    const SUBJECT: &str = variables::PUBLIC_KEY;
    match variables::public_key() {
        Ok(Some(key)) if own.is_some_and(|own| own.fingerprint() == key.fingerprint()) => {
            Finding::problem(
                SUBJECT,
                Exit::Configuration,
                "is the public half of your own key",
                "Copy DOKU's from its back office, Settings > API Keys.",
            )
        }
        Ok(Some(key)) => Finding::ok(
            SUBJECT,
            format!(
                "RSA of {} bits, fingerprint {}",
                key.bits(),
                key.fingerprint()
            ),
        ),
        Ok(None) => Finding::warning(
            SUBJECT,
            "is not set",
            "Set DOKU_PUBLIC_KEY_FILE, to be called by DOKU.",
        ),
        Err(error) => Finding::failed(SUBJECT, &Failure::from(error)),
    }
}
