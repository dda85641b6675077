//! Which variables and files are read, and whether they can be.

use std::path::Path;

use doku::{ClientId, CustomerNo, Environment, PartnerServiceId};

use super::Finding;
use crate::command::variables::{self, Held};
use crate::exit::{Exit, Failure};

pub(super) fn look() -> Vec<Finding> {
    let mut findings = vec![
        value::<Environment>(
            variables::ENVIRONMENT,
            "Set it to sandbox, production or a base URL.",
        ),
        value::<ClientId>(variables::CLIENT_ID, "Copy it from DOKU's back office."),
        secret_key(),
    ];
    for (variable, next) in [
        (
            "DOKU_PARTNER_SERVICE_ID",
            "Set it to your BIN, to create virtual accounts.",
        ),
        (
            "DOKU_CUSTOMER_NO_PREFIX",
            "Set it where DOKU makes the numbers (DGPC).",
        ),
    ] {
        let finding = match variable {
            "DOKU_PARTNER_SERVICE_ID" => value::<PartnerServiceId>(variable, next),
            _ => value::<CustomerNo>(variable, next),
        };
        findings.push(finding.optional());
    }
    findings
}

impl Finding {
    /// Not there is no more than odd.
    fn optional(self) -> Self {
        if self.message == NOT_SET {
            Self::warning(self.subject, self.message, self.next.unwrap_or_default())
        } else {
            self
        }
    }
}

const NOT_SET: &str = "is not set";

/// A variable that may be shown.
fn value<T>(variable: &'static str, next: &'static str) -> Finding
where
    T: std::str::FromStr + std::fmt::Display,
    T::Err: Into<doku::InvalidVariable>,
{
    match variables::value::<T>(variable) {
        Ok(Some(value)) => Finding::ok(variable, value.to_string()),
        Ok(None) => Finding::problem(variable, Exit::Configuration, NOT_SET, next),
        Err(error) => Finding::failed(variable, &Failure::from(error)),
    }
}

fn secret_key() -> Finding {
    const SUBJECT: &str = variables::SECRET_KEY;
    let held = match variables::held(SUBJECT) {
        Ok(Some(held)) => held,
        Ok(None) => {
            return Finding::problem(
                SUBJECT,
                Exit::Configuration,
                NOT_SET,
                "Set DOKU_SECRET_KEY_FILE to a file with the Secret Key of DOKU's back office.",
            );
        }
        Err(error) => return Finding::failed(SUBJECT, &Failure::from(error)),
    };
    if let Err(error) = variables::secret_key() {
        return Finding::failed(SUBJECT, &Failure::from(error));
    }
    let count = held.text.trim().chars().count();
    let told = format!("{count} characters, {}", place(&held));
    // A line end is what every editor leaves.
    let line = held.text.strip_suffix('\n').unwrap_or(&held.text);
    if line.strip_suffix('\r').unwrap_or(line) != held.text.trim() {
        return Finding::warning(
            SUBJECT,
            format!("{told}, with blanks around it"),
            "They are left out here; other programs that read it may sign with them. Take them away.",
        );
    }
    exposed(SUBJECT, &held, told)
}

/// Where a secret was found.
pub(super) fn place(held: &Held) -> String {
    match &held.file {
        Some(file) => format!("from {}", file.display()),
        None => "from the variable itself".to_owned(),
    }
}

/// A secret that was found, and whether others may read it.
pub(super) fn exposed(subject: &'static str, held: &Held, told: String) -> Finding {
    match held.file.as_deref().and_then(mode) {
        Some(mode) if mode & 0o077 != 0 => Finding::warning(
            subject,
            format!("{told}, which other users may read (mode {mode:04o})"),
            format!(
                "Run chmod 600 {}.",
                held.file.as_deref().unwrap_or(Path::new("")).display()
            ),
        ),
        _ => Finding::ok(subject, told),
    }
}

#[cfg(unix)]
fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = std::fs::metadata(path).ok()?;
    Some(metadata.permissions().mode() & 0o777)
}

/// Permissions are another matter there.
#[cfg(not(unix))]
fn mode(_path: &Path) -> Option<u32> {
    None
}
