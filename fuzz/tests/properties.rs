//! Every target over inputs that are made up: the seeds as they are, seeds that are bent, and bytes of any kind.
//!
//! The same inputs each time. `DOKU_FUZZ_SECONDS` makes it go on with others until that time is over.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use doku_fuzz::{TARGETS, Target, target};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};
use serde_json::Value;

/// Payloads and keys that the crates have as samples, and that any target may start from.
const SAMPLES: [&str; 2] = [
    "../crates/doku-model/tests/fixtures",
    "../crates/doku-sign/tests/fixtures",
];

static WORDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let text = fs::read_to_string(here().join("dictionary.txt")).unwrap();
    text.lines()
        .filter(|line| line.starts_with('"'))
        .map(|line| {
            let inside = line.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
            let mut characters = inside.chars();
            let mut word = String::new();
            while let Some(character) = characters.next() {
                word.push(match character {
                    '\\' => characters.next().unwrap(),
                    other => other,
                });
            }
            word.into_bytes()
        })
        .collect()
});

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder, in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn seeds(target: &Target) -> Vec<(PathBuf, Vec<u8>)> {
    let own = here().join("seeds").join(target.name);
    let folders = SAMPLES.map(|folder| here().join(folder));
    std::iter::once(own)
        .chain(folders)
        .flat_map(|folder| files(&folder))
        .map(|path| {
            let bytes = fs::read(&path).unwrap();
            (path, bytes)
        })
        .collect()
}

/// One change to an input.
#[derive(Debug, Clone)]
enum Change {
    Insert(u8),
    Remove(usize),
    Replace(u8),
    Flip(u8),
    Word(usize),
    CutOff,
    Repeat(usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        any::<u8>().prop_map(Change::Insert),
        (1..16_usize).prop_map(Change::Remove),
        any::<u8>().prop_map(Change::Replace),
        (0..8_u8).prop_map(Change::Flip),
        (0..WORDS.len()).prop_map(Change::Word),
        Just(Change::CutOff),
        (1..40_usize).prop_map(Change::Repeat),
    ]
}

fn changed(mut bytes: Vec<u8>, changes: Vec<(prop::sample::Index, Change)>) -> Vec<u8> {
    for (at, change) in changes {
        let at = at.index(bytes.len() + 1);
        match change {
            Change::Insert(byte) => bytes.insert(at, byte),
            Change::Remove(count) => {
                let end = bytes.len().min(at + count);
                bytes.drain(at..end);
            }
            Change::Replace(byte) => {
                if let Some(found) = bytes.get_mut(at) {
                    *found = byte;
                }
            }
            Change::Flip(bit) => {
                if let Some(found) = bytes.get_mut(at) {
                    *found ^= 1 << bit;
                }
            }
            Change::Word(word) => drop(bytes.splice(at..at, WORDS[word].iter().copied())),
            Change::CutOff => bytes.truncate(at),
            Change::Repeat(count) => {
                let end = bytes.len().min(at + count);
                let again = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, again));
            }
        }
    }
    bytes
}

/// JSON of any shape, with the names of our members in it.
fn json() -> impl Strategy<Value = Vec<u8>> {
    let (names, texts): (Vec<String>, Vec<String>) = WORDS
        .iter()
        .filter_map(|word| String::from_utf8(word.clone()).ok())
        .partition(|word| word.starts_with(|first: char| first.is_ascii_lowercase()));
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(texts).prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 8, move |inner| {
        let name = prop_oneof![9 => prop::sample::select(names.clone()), 1 => any::<String>()];
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            3 => prop::collection::btree_map(name, inner, 0..8)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
    .prop_map(|value| value.to_string().into_bytes())
}

/// What a target is run on.
fn inputs(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let changes = |most| prop::collection::vec((any::<prop::sample::Index>(), change()), 1..most);
    let words = prop::collection::vec(prop::sample::select(WORDS.clone()), 0..40);
    prop_oneof![
        2 => prop::collection::vec(any::<u8>(), 0..300),
        1 => words.prop_map(|words| words.concat()),
        2 => json(),
        6 => (prop::sample::select(seeds), changes(6)).prop_map(|(seed, changes)| changed(seed, changes)),
    ]
}

/// Runs a target on its seeds, and on `cases` inputs or for as long as is asked for.
fn holds(name: &str, cases: u32) {
    let target = target(name).unwrap();
    let seeds = seeds(target);
    assert!(!seeds.is_empty());
    for (path, seed) in &seeds {
        let found = std::panic::catch_unwind(|| (target.run)(seed));
        assert!(found.is_ok(), "{name}: {}", path.display());
    }
    let seconds = std::env::var("DOKU_FUZZ_SECONDS").ok();
    let until =
        seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds.parse().unwrap()));
    let inputs = inputs(seeds.into_iter().map(|(_, seed)| seed).collect());
    let mut round = 0;
    loop {
        let mut runner = TestRunner::new(Config {
            cases,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(0x00D0_1C0B + round),
            ..Config::default()
        });
        let tried = runner.run(&inputs, |input| {
            (target.run)(&input);
            Ok(())
        });
        if let Err(TestError::Fail(reason, input)) = tried {
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("finding-{name}"));
            fs::write(&path, input).unwrap();
            panic!(
                "{name}: {reason}\nlook at it: cargo run -p doku-fuzz --example replay -- {name} {}",
                path.display()
            );
        }
        tried.unwrap();
        round += 1;
        if until.is_none_or(|until| Instant::now() >= until) {
            return;
        }
    }
}

macro_rules! each {
    ($($name:ident: $cases:literal),+ $(,)?) => {
        $(#[test]
        fn $name() {
            holds(stringify!($name), $cases);
        })+

        #[test]
        fn every_target_is_here() {
            let here = [$(stringify!($name)),+];
            for target in TARGETS {
                assert!(here.contains(&target.name), "{}", target.name);
            }
            assert_eq!(here.len(), TARGETS.len());
        }
    };
}

each! {
    client: 200,
    diagnose: 64,
    hosted: 200,
    hosted_altered: 300,
    hosted_signed: 200,
    keys: 500,
    merchant_token: 200,
    minify: 2000,
    values: 2000,
    wire: 1000,
}

#[test]
fn every_target_has_a_program_and_every_folder_a_target() {
    let manifest = fs::read_to_string(here().join("libfuzzer/Cargo.toml")).unwrap();
    for target in TARGETS {
        let name = target.name;
        let program = here().join(format!("libfuzzer/fuzz_targets/{name}.rs"));
        let program = fs::read_to_string(program).unwrap();
        assert!(
            program.contains(&format!("doku_fuzz::{name}(input)")),
            "{name}"
        );
        assert!(
            manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")),
            "{name}"
        );
    }
    for folder in files(&here().join("seeds")) {
        let name = folder.file_name().unwrap().to_str().unwrap();
        assert!(target(name).is_some(), "seeds/{name} belongs to no target");
    }
}
