//! Who plays DOKU towards a merchant's server: its credentials, and what there is to pay.

use std::env;
use std::path::{Path, PathBuf};

use doku::sign::DokuPrivateKey;
use doku::{ClientId, ClientSecret, PartnerServiceId};
use doku_sandbox::MerchantUrl;
use doku_sandbox::conformance::Payable;
use zeroize::Zeroizing;

use crate::args::{Bill, Speaker};
use crate::exit::Failure;
use crate::file::{self, shown};

/// The client id and the secret.
pub(super) fn credentials(speaker: &Speaker) -> Result<(ClientId, ClientSecret), Failure> {
    let client_id = match &speaker.client_id {
        Some(client_id) => client_id.clone(),
        None => from_environment("DOKU_CLIENT_ID")?
            .ok_or_else(|| {
                Failure::configuration("there is no client id")
                    .next("Set DOKU_CLIENT_ID, or give --client-id.")
            })?
            .parse()
            .map_err(|error: doku::FieldError| {
                Failure::configuration("DOKU_CLIENT_ID is no client id")
                    .because(&error)
                    .next("Copy it from the back office again, or give --client-id.")
            })?,
    };
    let file = match &speaker.secret_key_file {
        Some(path) => Some(path.clone()),
        None => from_environment("DOKU_SECRET_KEY_FILE")?.map(PathBuf::from),
    };
    let text = match file {
        Some(path) => file::read(&path)?,
        None => from_environment("DOKU_SECRET_KEY")?
            .map(Zeroizing::new)
            .ok_or_else(|| {
                Failure::configuration("there is no secret key")
                    .next("Set DOKU_SECRET_KEY_FILE, or give --secret-key-file.")
            })?,
    };
    let secret = ClientSecret::new(text.trim()).map_err(|error| {
        Failure::configuration("the secret key cannot be used")
            .because(&error)
            .next("Copy it from the back office again, and nothing but it.")
    })?;
    Ok((client_id, secret))
}

/// The key that signs token requests, where one is given.
pub(super) fn doku_key(speaker: &Speaker) -> Result<Option<DokuPrivateKey>, Failure> {
    let read = |path: &PathBuf| {
        DokuPrivateKey::from_pem(&file::read(path)?).map_err(|error| unusable(path, &error))
    };
    speaker.doku_private_key.as_ref().map(read).transpose()
}

/// A key that cannot be used.
pub(super) fn unusable(path: &Path, error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure::usage(format!("{} holds no key to sign with", shown(path)))
        .because(error)
        .next("Give the file with the private key, in PEM.")
}

/// What there is to pay, where a number is given.
pub(super) fn payable(bill: &Bill) -> Result<Option<Payable>, Failure> {
    let Some(number) = &bill.number else {
        return Ok(None);
    };
    let bin = match &bill.partner_service_id {
        Some(bin) => bin.clone(),
        None => from_environment("DOKU_PARTNER_SERVICE_ID")?
            .ok_or_else(|| {
                Failure::usage("there is no BIN to tell the customer's part of the number by")
                    .next("Give --partner-service-id, or set DOKU_PARTNER_SERVICE_ID.")
            })?
            .parse::<PartnerServiceId>()
            .map_err(|error| {
                Failure::configuration("DOKU_PARTNER_SERVICE_ID is no BIN")
                    .because(&error)
                    .next("Set it to the digits of the BIN, or give --partner-service-id.")
            })?,
    };
    let digits = bin.digits().to_owned();
    let payable = Payable::new(number, bin, bill.amount).map_err(|_| {
        Failure::usage(format!("--number does not begin with the BIN {digits}"))
            .next("Give the BIN of the number with --partner-service-id.")
    })?;
    let payable = payable.name(bill.name.as_str());
    Ok(Some(match &bill.trx_id {
        Some(trx_id) => payable.trx_id(trx_id.clone()),
        None => payable,
    }))
}

/// Another URL of the same server.
pub(super) fn sibling(url: &MerchantUrl, path: &str) -> Result<MerchantUrl, Failure> {
    let whole = url.to_string();
    let origin = match whole.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find(['/', '?']).unwrap_or(rest.len());
            format!("{scheme}://{}", rest.get(..end).unwrap_or(rest))
        }
        None => whole,
    };
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("{origin}{slash}{path}")
        .parse()
        .map_err(|error: doku_sandbox::MerchantUrlError| {
            Failure::usage(format!("{path} is no path of a URL"))
                .because(&error)
                .next("Give a path such as /v1/transfer-va/payment.")
        })
}

/// A variable that is set and not empty.
pub(super) fn from_environment(name: &str) -> Result<Option<String>, Failure> {
    match env::var(name) {
        Ok(value) if value.trim().is_empty() => Ok(None),
        Ok(value) => Ok(Some(value.trim().to_owned())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => {
            Err(Failure::configuration(format!("{name} is not UTF-8"))
                .next("Set it again, in plain characters."))
        }
    }
}
