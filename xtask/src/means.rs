//! What some tests need besides Rust and a database. A test that is skipped says so to nobody, because a runner shows no output of
//! tests that pass: so it is said here, before the tests and after them. In CI such a test fails.

use std::path::Path;

use crate::shell::Program;

/// Something that is there or missing.
struct Means {
    /// The tests that need it.
    tests: &'static str,
    /// How they run where it is there.
    how: &'static str,
    /// Why they do not where it is missing, and what to do.
    otherwise: &'static str,
    there: bool,
}

/// Says of each whether it is there.
pub(crate) fn tell(root: &Path) {
    for means in all(root) {
        println!("{}", means.line());
    }
}

impl Means {
    fn line(&self) -> String {
        if self.there {
            format!("{} {}", self.tests, self.how)
        } else {
            format!("SKIPPED: {}, because {}", self.tests, self.otherwise)
        }
    }
}

fn all(root: &Path) -> [Means; 4] {
    let has = |name| Program::new(name, root).args(["--version"]).succeeds();
    [
        Means {
            tests: "tests in a browser",
            how: "run in Chromium",
            otherwise: "Chromium or its driver is not installed (apt-get install --no-install-recommends chromium chromium-driver)",
            there: has("chromium") && has("chromedriver"),
        },
        Means {
            tests: "tests of a disk that is full or takes no writes",
            how: "mount one of their own",
            otherwise: "no file system can be mounted here (run them as root, in a container with CAP_SYS_ADMIN)",
            there: mounts(root),
        },
        Means {
            tests: "tests of a clock that is set",
            how: "run with libfaketime",
            otherwise: "it is not installed (apt-get install libfaketime)",
            there: has_faketime(Path::new("/usr/lib")),
        },
        Means {
            tests: "tests of a backup of SQLite",
            how: "make it with sqlite3",
            otherwise: "it is not installed (apt-get install sqlite3)",
            there: has("sqlite3"),
        },
    ]
}

/// Whether a file system can be mounted: mounts one, for a moment.
fn mounts(root: &Path) -> bool {
    let folder = std::env::temp_dir().join(format!("doku-mount-{}", std::process::id()));
    if std::fs::create_dir(&folder).is_err() {
        return false;
    }
    let at = folder.display().to_string();
    let run = |name, arguments: &[&str]| {
        Program::new(name, root)
            .args(arguments)
            .args([&at])
            .succeeds()
    };
    let mounted = run("mount", &["-t", "tmpfs", "-o", "size=64k", "tmpfs"]);
    if mounted {
        run("umount", &["--lazy"]);
    }
    // Not with what is in it: it is empty, or not ours to empty.
    let _gone = std::fs::remove_dir(&folder);
    mounted
}

/// Whether one of these folders, one for each kind of machine, has the library.
fn has_faketime(libraries: &Path) -> bool {
    let folders = std::fs::read_dir(libraries).into_iter().flatten().flatten();
    folders
        .map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"))
        .any(|library| library.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_with_what_to_do() {
        for mut means in all(Path::new(".")) {
            means.there = false;
            let line = means.line();
            assert!(line.starts_with("SKIPPED: tests "), "{line}");
            assert!(line.contains("(apt-get install") || line.contains("(run them as root"));
            means.there = true;
            assert!(!means.line().contains("SKIPPED"), "{}", means.line());
        }
    }

    #[test]
    fn the_library_of_a_clock_is_found_beside_others() {
        let root = std::env::temp_dir().join(format!("doku-faketime-{}", std::process::id()));
        let folder = root.join("x86_64-linux-gnu/faketime");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::create_dir_all(root.join("ssl")).unwrap();
        assert!(!has_faketime(&root));
        std::fs::write(folder.join("libfaketimeMT.so.1"), "").unwrap();
        assert!(has_faketime(&root));
        std::fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn looking_for_the_right_to_mount_leaves_nothing() {
        let folder = std::env::temp_dir().join(format!("doku-mount-{}", std::process::id()));
        mounts(Path::new("."));
        assert!(!folder.exists());
    }
}
