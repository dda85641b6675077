//! A unit of systemd and a container: their commands and variables are ours.

use crate::command::{is_a_variable, is_of_ours};
use crate::page;

#[test]
fn a_unit_starts_a_command_that_there_is() {
    let blocks = page::blocks_in("ini");
    assert!(!blocks.is_empty());
    for (at, code) in blocks {
        let mut started = 0;
        for line in code
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with(['#', '[']))
        {
            let (key, value) = line
                .split_once('=')
                .unwrap_or_else(|| panic!("{at}: {line}"));
            match key {
                "ExecStart" => {
                    is_of_ours(&at, value);
                    started += 1;
                }
                "Environment" => {
                    let (name, value) = value.split_once('=').unwrap();
                    is_a_variable(&at, name);
                    if let Some(credential) = value.strip_prefix("%d/") {
                        assert!(
                            code.contains(&format!("LoadCredential={credential}:")),
                            "{at}: {credential}"
                        );
                    }
                }
                _ => {}
            }
        }
        assert_eq!(started, 1, "{at}");
    }
}

#[test]
fn a_container_builds_a_package_and_runs_a_command_that_there_is() {
    let blocks = page::blocks_in("dockerfile");
    assert!(!blocks.is_empty());
    for (at, code) in blocks {
        let line = |start: &str| {
            code.lines()
                .find_map(|line| line.strip_prefix(start))
                .unwrap()
                .to_owned()
        };
        let (_, package) = code.split_once(" -p ").unwrap();
        let package = package.lines().next().unwrap();
        assert!(
            page::repository().join("crates").join(package).exists(),
            "{at}: {package}"
        );
        for variable in line("ENV ").split_whitespace() {
            is_a_variable(&at, variable.split('=').next().unwrap());
        }
        let words = |start: &str| -> Vec<String> { serde_json::from_str(&line(start)).unwrap() };
        is_of_ours(
            &at,
            &[words("ENTRYPOINT "), words("CMD ")].concat().join(" "),
        );
    }
}
