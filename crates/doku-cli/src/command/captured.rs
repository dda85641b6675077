//! A captured request from a file or from standard input.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _};
use std::path::Path;

use doku_capture::{CaptureError, Captured, Reader};

use crate::args::CapturedArguments;
use crate::exit::Failure;
use crate::file::{self, is_stdin, shown};
use crate::output::Output;

/// HAR files hold every picture of a page.
const LARGEST: u64 = 64 << 20;

/// Reads the request that the arguments name; of a HAR file, one for which `fits` is true unless a number says which.
pub(super) fn read(
    arguments: &CapturedArguments,
    fits: &dyn Fn(&Captured) -> bool,
    output: &Output,
) -> Result<Captured, Failure> {
    let stdin = Path::new("-");
    let path = arguments.file.as_deref().unwrap_or(stdin);
    if is_stdin(path) && io::stdin().is_terminal() {
        output.note("Paste the request, then press Enter and Ctrl-D.");
    }
    let text = file::read_bytes(path, LARGEST)?;
    let mut reader = Reader::new().that_fits(fits).with_files(&opened);
    if let Some(url) = &arguments.url {
        reader = reader.with_url(url);
    }
    if let Some(number) = arguments.entry {
        reader = reader.entry(number);
    }
    reader.read(&text).map_err(|error| {
        let next = match &error {
            CaptureError::SeveralFit { .. } => "Choose one with --url or --entry.",
            CaptureError::NoneFits { .. } => {
                "Choose one with --entry; a request to DOKU has X-SIGNATURE or Signature among its headers."
            }
            CaptureError::File { .. } => "Run it in the folder that the command was run in.",
            _ => "Mend it and run the command again.",
        };
        let failure = Failure::usage(format!("{}: {error}", shown(path))).next(next);
        match &error {
            CaptureError::File { source, .. } => failure.because(source),
            _ => failure,
        }
    })
}

/// A file that a curl command line names, from the working directory.
fn opened(name: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(name)?.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}
