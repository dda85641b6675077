//! Where to begin: what a client needs to know of this sandbox, and a first order to paste.

use crate::config::{Bin, BinMode};
use crate::desk::Desk;
use crate::merchant::quoted;

/// What a client cannot go without, and what is a secret or lies in a file.
const FILES: [&str; 2] = ["DOKU_SECRET_KEY_FILE", "DOKU_PRIVATE_KEY_FILE"];

/// The beginning of a page for somebody who has just started a sandbox.
pub(super) struct Start {
    pub(super) base_url: String,
    /// Lines for a shell.
    pub(super) lines: String,
    /// Settings that are not among them, because nobody told the sandbox.
    pub(super) missing: Vec<&'static str>,
    /// Whether some of them name files.
    pub(super) has_files: bool,
    /// The command that creates a virtual account; `None` where every number is the merchant's own.
    pub(super) first: Option<String>,
    /// Nothing has been created yet.
    pub(super) is_new: bool,
}

impl Start {
    pub(super) fn of(desk: &Desk) -> Self {
        let known = |name: &str| desk.environment.iter().any(|(known, _)| known == name);
        let (created, bins) = {
            let memory = desk.memory();
            (memory.accounts().len(), memory.bins())
        };
        Self {
            base_url: desk.base_url.clone(),
            lines: desk
                .environment
                .iter()
                .map(|(name, value)| format!("export {name}={}\n", quoted(value)))
                .collect(),
            missing: FILES.into_iter().filter(|name| !known(name)).collect(),
            has_files: FILES.into_iter().any(known),
            first: create(&bins, created + 1),
            is_new: created == 0,
        }
    }
}

/// The command that creates the next account under one of these BINs: DOKU makes its number where it makes any.
fn create(bins: &[Bin], next: usize) -> Option<String> {
    let of_doku = bins.iter().any(|bin| bin.prefix().is_some());
    let own = bins.iter().find_map(|bin| match bin.mode() {
        BinMode::Mgpc { digits } => Some((bin.partner_service_id().digits(), *digits)),
        _ => None,
    });
    let number = match own {
        _ if of_doku => String::new(),
        Some((bin, digits)) => {
            let width = digits.map_or(4, |digits| digits.saturating_sub(bin.len()));
            format!(" --mode mgpc --partner-service-id {bin} --customer-no {next:0>width$}")
        }
        None => return None,
    };
    Some(format!(
        "doku va create{number} --trx-id INV-{next} --name 'Budi Santoso' --amount 11500"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(bins: &[&str]) -> Option<String> {
        let bins: Vec<Bin> = bins.iter().map(|bin| bin.parse().unwrap()).collect();
        create(&bins, 7)
    }

    #[test]
    fn a_first_order_fits_the_bins() {
        let plain = "doku va create --trx-id INV-7 --name 'Budi Santoso' --amount 11500";
        assert_eq!(first(&["8129:mgpc", "95962:dgpc:6"]).unwrap(), plain);
        let own = first(&["8130:dipc", "8129:mgpc:10"]).unwrap();
        assert!(
            own.contains("--mode mgpc --partner-service-id 8129 --customer-no 000007 "),
            "{own}"
        );
        let own = first(&["8129:mgpc"]).unwrap();
        assert!(own.contains("--customer-no 0007 "), "{own}");
        assert_eq!(first(&["8130:dipc"]), None);
    }
}
