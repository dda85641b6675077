//! Which crate may use which, and what must not stand below it.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::features::FeatureSet;
use crate::finding::Finding;

/// A crate's place.
#[derive(Debug)]
pub(crate) struct Layer {
    /// The package.
    pub(crate) package: &'static str,
    /// Which of ours it may use, whatever stands below those included.
    pub(crate) below: &'static [&'static str],
    /// Which of ours its tests, examples and benchmarks may use besides.
    in_tests: &'static [&'static str],
}

const MODEL: &str = "doku-model";
const SIGN: &str = "doku-sign";
const TRANSPORT: &str = "doku-transport";
const VA_BTN: &str = "doku-va-btn";
const SDK: &str = "doku-sdk";
const SANDBOX: &str = "doku-sandbox";
const AXUM: &str = "doku-axum";
const LEDGER: &str = "doku-ledger";
const SERVER: &str = "doku-server";
const CAPTURE: &str = "doku-capture";
const CLI: &str = "doku-cli";
pub(crate) const FUZZ: &str = "doku-fuzz";

/// The layers of `docs/architecture.md`, lowest first, with those that are planned.
pub(crate) const LAYERS: &[Layer] = &[
    Layer {
        package: MODEL,
        below: &[],
        in_tests: &[],
    },
    Layer {
        package: SIGN,
        below: &[],
        in_tests: &[],
    },
    Layer {
        package: TRANSPORT,
        below: &[],
        in_tests: &[],
    },
    Layer {
        package: CAPTURE,
        below: &[],
        in_tests: &[],
    },
    Layer {
        package: VA_BTN,
        below: &[MODEL, SIGN, TRANSPORT],
        in_tests: &[],
    },
    Layer {
        package: SDK,
        below: &[MODEL, SIGN, TRANSPORT, VA_BTN, AXUM],
        in_tests: &[],
    },
    Layer {
        package: SANDBOX,
        below: &[MODEL, SIGN, TRANSPORT],
        in_tests: &[VA_BTN, AXUM],
    },
    Layer {
        package: AXUM,
        below: &[MODEL, SIGN, TRANSPORT, VA_BTN],
        in_tests: &[],
    },
    Layer {
        package: LEDGER,
        below: &[MODEL, SIGN, TRANSPORT, VA_BTN],
        in_tests: &[],
    },
    Layer {
        package: SERVER,
        below: &[MODEL, SIGN, TRANSPORT, VA_BTN, AXUM, LEDGER],
        in_tests: &[SANDBOX],
    },
    Layer {
        package: CLI,
        below: &[
            MODEL, SIGN, TRANSPORT, CAPTURE, VA_BTN, SDK, SANDBOX, AXUM, LEDGER, SERVER,
        ],
        in_tests: &[],
    },
    Layer {
        package: FUZZ,
        below: &[MODEL, SIGN, TRANSPORT, VA_BTN],
        in_tests: &[],
    },
    Layer {
        package: "xtask",
        below: &[],
        in_tests: &[],
    },
];

/// Crates from elsewhere, each with all that is named after it (`tokio` and `tokio-util`), that must not stand below
/// one of ours.
struct Ban {
    package: &'static str,
    families: &'static [&'static str],
    /// The one feature that brings them.
    unless: Option<&'static str>,
}

/// Whatever does input, output or waiting.
const EFFECTS: &[&str] = &["tokio", "reqwest", "hyper", "axum", "sqlx", "rustls"];

const BANS: &[Ban] = &[
    Ban {
        package: MODEL,
        families: EFFECTS,
        unless: None,
    },
    Ban {
        package: SIGN,
        families: EFFECTS,
        unless: None,
    },
    Ban {
        package: CAPTURE,
        families: EFFECTS,
        unless: None,
    },
    Ban {
        package: TRANSPORT,
        families: &["reqwest"],
        unless: Some("reqwest"),
    },
    Ban {
        package: VA_BTN,
        families: &["reqwest"],
        unless: None,
    },
];

/// The layer of a package.
pub(crate) fn of(package: &str) -> Option<&'static Layer> {
    LAYERS.iter().find(|layer| layer.package == package)
}

impl Layer {
    /// Everything of ours below the crate is allowed there.
    pub(crate) fn check_program(&self, set: &FeatureSet, below: &BTreeSet<String>) -> Vec<Finding> {
        ours(below)
            .filter(|name| !self.below.contains(name))
            .map(|name| {
                Finding::of(
                    self.package,
                    format!("uses {name} ({set}), which does not stand below it"),
                )
            })
            .collect()
    }

    /// The crate's tests name nothing of ours but what they may.
    pub(crate) fn check_tests(&self, named: &BTreeSet<String>) -> Vec<Finding> {
        ours(named)
            .filter(|name| {
                *name != self.package && !self.below.contains(name) && !self.in_tests.contains(name)
            })
            .map(|name| {
                Finding::of(
                    self.package,
                    format!("uses {name} in its tests, which does not stand below it"),
                )
            })
            .collect()
    }
}

fn ours(names: &BTreeSet<String>) -> impl Iterator<Item = &str> {
    names
        .iter()
        .map(String::as_str)
        .filter(|name| name.starts_with("doku") || *name == "xtask")
}

/// Nothing banned stands below `package`; and where a feature brings it, it is seen, so that this check is known not
/// to be blind.
pub(crate) fn check_closure(
    package: &str,
    set: &FeatureSet,
    below: &BTreeSet<String>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ban in BANS.iter().filter(|ban| ban.package == package) {
        let expected = ban.unless.is_some_and(|feature| set.asks_for(feature));
        for family in ban.families {
            let found = below.iter().find(|name| is_of_family(name, family));
            let what = match found {
                Some(name) if !expected => format!("{name} stands below it ({set})"),
                None if expected => {
                    format!("{family} is not below it ({set}), though the feature should bring it")
                }
                _ => continue,
            };
            findings.push(Finding::of(package, what));
        }
    }
    findings
}

fn is_of_family(name: &str, family: &str) -> bool {
    name.strip_prefix(family)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// `doku-va-btn` has no default features: its transport is given.
pub(crate) fn check_defaults(package: &str, manifest: &Table) -> Vec<Finding> {
    let default = manifest
        .get("features")
        .and_then(|features| features.get("default"))
        .and_then(Value::as_array)
        .is_some_and(|features| !features.is_empty());
    if package == VA_BTN && default {
        vec![Finding::of(
            package,
            "has default features, and must have none",
        )]
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn what_may_be_used_brings_what_it_uses() {
        for layer in LAYERS {
            for name in layer.below {
                let beneath = of(name).unwrap_or_else(|| panic!("{name} has no layer"));
                for further in beneath.below {
                    assert!(
                        layer.below.contains(further),
                        "{} -> {name} -> {further}",
                        layer.package
                    );
                }
                assert!(
                    !beneath.below.contains(&layer.package),
                    "{} and {name} use each other",
                    layer.package
                );
            }
        }
    }

    #[test]
    fn an_edge_upwards_is_found() {
        let sandbox = of(SANDBOX).unwrap();
        assert!(
            sandbox
                .check_program(&FeatureSet::All, &set(&["doku-model", "axum"]))
                .is_empty()
        );
        assert_eq!(
            sandbox
                .check_program(&FeatureSet::All, &set(&["doku-va-btn"]))
                .len(),
            1
        );
        assert!(
            of(SIGN)
                .unwrap()
                .check_program(&FeatureSet::Nothing, &set(&["rsa", "aws-lc-rs"]))
                .is_empty()
        );
        assert_eq!(
            of(SIGN)
                .unwrap()
                .check_program(&FeatureSet::Nothing, &set(&["doku-model"]))
                .len(),
            1
        );
        assert_eq!(
            of(CLI)
                .unwrap()
                .check_program(&FeatureSet::All, &set(&["xtask"]))
                .len(),
            1
        );
    }

    #[test]
    fn tests_may_use_a_little_more() {
        let sandbox = of(SANDBOX).unwrap();
        assert!(
            sandbox
                .check_tests(&set(&["doku-va-btn", "doku-sandbox", "insta"]))
                .is_empty()
        );
        assert_eq!(
            of(VA_BTN)
                .unwrap()
                .check_tests(&set(&["doku-sandbox"]))
                .len(),
            1
        );
    }

    #[test]
    fn a_banned_crate_is_found_with_its_family() {
        assert!(
            check_closure(MODEL, &FeatureSet::All, &set(&["serde", "time", "tokyo"])).is_empty()
        );
        assert_eq!(
            check_closure(MODEL, &FeatureSet::All, &set(&["tokio"])).len(),
            1
        );
        assert_eq!(
            check_closure(
                SIGN,
                &FeatureSet::All,
                &set(&["hyper-util", "rustls-webpki"])
            )
            .len(),
            2
        );
        assert_eq!(
            check_closure(VA_BTN, &FeatureSet::All, &set(&["reqwest"])).len(),
            1
        );
        assert!(check_closure(VA_BTN, &FeatureSet::All, &set(&["tokio"])).is_empty());
    }

    #[test]
    fn a_feature_brings_what_it_is_for_and_nothing_else_does() {
        let with = set(&["reqwest"]);
        let without = set(&["http"]);
        let feature = FeatureSet::Only("reqwest".into());
        assert!(check_closure(TRANSPORT, &feature, &with).is_empty());
        assert!(check_closure(TRANSPORT, &FeatureSet::Nothing, &without).is_empty());
        assert_eq!(
            check_closure(TRANSPORT, &FeatureSet::Default, &with).len(),
            1
        );
        assert_eq!(
            check_closure(TRANSPORT, &FeatureSet::Only("other".into()), &with).len(),
            1
        );
        assert_eq!(check_closure(TRANSPORT, &feature, &without).len(), 1);
    }

    #[test]
    fn default_features_are_found() {
        let with: Table = "[features]\ndefault = [\"a\"]\na = []".parse().unwrap();
        let without: Table = "[features]\ndefault = []\na = []".parse().unwrap();
        assert_eq!(check_defaults(VA_BTN, &with).len(), 1);
        assert!(check_defaults(VA_BTN, &without).is_empty());
        assert!(check_defaults(SDK, &with).is_empty());
    }
}
