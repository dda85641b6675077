//! Processes that run this program again, each on a core of its own, and are spoken to by lines.

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// This program again, on one core where it can be pinned.
pub(crate) fn on_core(core: usize, arguments: &[&str]) -> Command {
    let program = env::current_exe().expect("this program has a path");
    let mut command = pinned(core, &program);
    command.args(arguments);
    command
}

/// A program on one core where it can be pinned.
pub(crate) fn pinned(core: usize, program: &std::path::Path) -> Command {
    let taskset = Command::new("taskset")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if taskset.is_err() {
        println!("no taskset here: the figures are of processes that are not pinned");
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.arg("-c").arg(core.to_string()).arg(program);
    command
}

/// A process that answers a line with a line. It ends with its input, and is stopped however the comparison ends.
pub(crate) struct Process {
    pub(crate) child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Process {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let input = child.stdin.take().expect("its input");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        Self {
            child,
            input,
            output,
        }
    }

    /// What it says next.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it says something");
        assert!(line.ends_with('\n'), "it ended early");
        line.trim_end().to_owned()
    }

    pub(crate) fn ask(&mut self, question: &str) -> String {
        writeln!(self.input, "{question}").expect("it listens");
        self.line()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
