//! Writes the file: beside the old one, down to the disk, and then in its place.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::lines::{End, FORMAT, Head, HeadBin, Sum, VERSION, Written};
use super::snapshot::Snapshot;
use crate::moment;

/// Writes the state of this moment, which `snapshot` takes, to `path`: all of it or nothing.
pub(super) fn write(snapshot: impl FnOnce() -> Snapshot, path: &Path) -> io::Result<()> {
    let new = beside(path);
    let file = private(&new)?;
    let mut out = Out {
        file: BufWriter::with_capacity(256 * 1024, file),
        sum: Sum::default(),
        line: Vec::new(),
    };
    // Let go before the disk is waited for: what is shared is copied where it changes.
    lines(snapshot(), &mut out)?;
    out.file.flush()?;
    out.file.get_ref().sync_all()?;
    fs::rename(&new, path)?;
    // The new name is on the disk once its folder is.
    match path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Whether it could be written.
pub(super) fn try_place(path: &Path) -> io::Result<()> {
    let new = beside(path);
    drop(private(&new)?);
    fs::remove_file(&new)
}

/// What is being written, until it is whole.
fn beside(path: &Path) -> PathBuf {
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    new.into()
}

struct Out {
    file: BufWriter<File>,
    sum: Sum,
    line: Vec<u8>,
}

impl Out {
    fn put(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, value)?;
        self.line.push(b'\n');
        self.sum.add(&self.line);
        self.file.write_all(&self.line)
    }
}

fn lines(of: Snapshot, out: &mut Out) -> io::Result<()> {
    let counts = &of.memory.counts;
    out.put(&Head {
        format: FORMAT.to_owned(),
        version: VERSION,
        client_id: of.client_id.to_string(),
        bins: of
            .bins
            .iter()
            .zip(&counts.next_serial)
            .map(|(bin, next)| HeadBin {
                partner_service_id: bin.partner_service_id().to_string(),
                next: *next,
            })
            .collect(),
        prints: counts.prints.clone(),
        payments: counts.payments,
        day: counts.day.map(time::Date::to_julian_day),
        advanced_seconds: of.advanced_seconds,
        unmoved: moment::micros(of.unmoved),
        serial: of.serial,
        journal: of.journal,
    })?;
    for account in of.memory.accounts.iter().flat_map(|piece| piece.iter()) {
        out.put(&Written::Account(account))?;
    }
    for used in of.memory.used.iter().flat_map(|piece| piece.iter()) {
        out.put(&Written::Used(used))?;
    }
    for paid in &of.memory.paid {
        out.put(&Written::Paid(paid))?;
    }
    for (print, expiry) in of.tokens {
        out.put(&Written::Token(print, moment::micros(expiry)))?;
    }
    for record in of.notifications {
        out.put(&Written::Notification(&record.keep()))?;
    }
    for entry in &of.entries {
        let in_words = entry.signature.as_ref().map(|report| &report.in_words);
        out.put(&Written::Entry(entry, in_words))?;
    }
    let sha256 = out.sum.hex();
    out.put(&Written::End(End { sha256 }))
}

#[cfg(unix)]
fn private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    // What a writing that was cut short left behind would keep its own mode.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

#[cfg(not(unix))]
fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)
}
