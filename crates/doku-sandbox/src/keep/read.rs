//! Reads the file: every line is checked, and the whole is what was written or it is refused.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use doku_model::ClientId;
use time::{Date, OffsetDateTime};

use super::error::StateFileError;
use super::lines::{FORMAT, Head, Line, Sum, VERSION};
use crate::config::Bin;
use crate::journal::JournalEntry;
use crate::moment;
use crate::outbound::KeptNotification;
use crate::state::{Fingerprint, Fingerprints, KeptMemory, Memory, Settings};

/// The longest line that is read: an account with many payments.
const LONGEST_LINE: usize = 64 * 1024 * 1024;

/// What a sandbox goes on with.
#[derive(Debug)]
pub(crate) struct Restored {
    pub(crate) memory: Memory,
    pub(crate) prints: Fingerprints,
    pub(crate) tokens: Vec<(Fingerprint, OffsetDateTime)>,
    pub(crate) notifications: Vec<(Bin, KeptNotification)>,
    pub(crate) entries: Vec<JournalEntry>,
    /// The number of the journal's last entry.
    pub(crate) journal: u64,
    pub(crate) serial: u64,
    pub(crate) advanced_seconds: u64,
    pub(crate) unmoved: OffsetDateTime,
}

/// Reads what is in `path`; `None` where there is no such file yet.
pub(crate) fn read(
    path: &Path,
    client_id: &ClientId,
    settings: &Settings,
) -> Result<Option<Restored>, StateFileError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(StateFileError::Read {
                path: path.to_owned(),
                source: error,
            });
        }
    };
    let mut reading = Reading {
        path,
        file: BufReader::with_capacity(256 * 1024, file),
        line: 0,
        sum: Sum::default(),
    };
    reading.whole(client_id, settings).map(Some)
}

/// What is wrong with a line.
struct Broken(String);

impl From<&str> for Broken {
    fn from(what: &str) -> Self {
        Self(what.to_owned())
    }
}

impl From<serde_json::Error> for Broken {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<time::error::ComponentRange> for Broken {
    fn from(error: time::error::ComponentRange) -> Self {
        Self(error.to_string())
    }
}

impl From<std::num::TryFromIntError> for Broken {
    fn from(error: std::num::TryFromIntError) -> Self {
        Self(error.to_string())
    }
}

struct Reading<'p> {
    path: &'p Path,
    file: BufReader<File>,
    line: usize,
    sum: Sum,
}

impl Reading<'_> {
    fn broken(&self, what: impl Into<Broken>) -> StateFileError {
        StateFileError::Broken {
            path: self.path.to_owned(),
            line: self.line,
            what: what.into().0,
        }
    }

    /// The next line with its end; empty at the end of the file.
    fn next(&mut self) -> Result<Vec<u8>, StateFileError> {
        self.line += 1;
        let mut line = Vec::new();
        let most = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX);
        io::Read::take(&mut self.file, most)
            .read_until(b'\n', &mut line)
            .map_err(|source| StateFileError::Read {
                path: self.path.to_owned(),
                source,
            })?;
        Ok(line)
    }

    fn whole(
        &mut self,
        client_id: &ClientId,
        settings: &Settings,
    ) -> Result<Restored, StateFileError> {
        let first = self.next()?;
        self.sum.add(&first);
        let head = self.head(&first, client_id)?;
        let bins = self.bins(&head, settings)?;
        let mut next_serial = vec![1; settings.bins.len()];
        for (bin, kept) in bins.iter().zip(&head.bins) {
            if let Some(next) = bin.and_then(|bin| next_serial.get_mut(usize::from(bin))) {
                *next = kept.next;
            }
        }
        let day = head.day.map(Date::from_julian_day).transpose();
        let kept = KeptMemory {
            prints: head.prints.clone(),
            day: day.map_err(|error| self.broken(error))?,
            payments: head.payments,
            next_serial,
        };
        let mut restored = Restored {
            memory: Memory::go_on(settings.clone(), kept),
            prints: head.prints.clone(),
            tokens: Vec::new(),
            notifications: Vec::new(),
            entries: Vec::new(),
            journal: head.journal,
            serial: head.serial,
            advanced_seconds: head.advanced_seconds,
            unmoved: moment::at(head.unmoved).ok_or_else(|| self.broken("no moment"))?,
        };
        let places = Places {
            bins,
            head: &head,
            path: self.path,
        };
        loop {
            let text = self.next()?;
            if text.is_empty() {
                return Err(self.broken("the file ends too early"));
            }
            let line: Line = serde_json::from_slice(&text).map_err(|error| self.broken(error))?;
            if let Line::End(end) = line {
                if end.sha256 != self.sum.hex() {
                    return Err(self.broken("the checksum does not fit"));
                }
                return match self.next()? {
                    rest if rest.is_empty() => Ok(restored),
                    _ => Err(self.broken("something follows the end")),
                };
            }
            self.sum.add(&text);
            self.put(&mut restored, &places, line)?;
        }
    }

    fn head(&self, line: &[u8], client_id: &ClientId) -> Result<Head, StateFileError> {
        #[derive(serde::Deserialize)]
        struct Kind {
            format: String,
            version: u32,
        }
        let not_ours = || self.broken("it does not begin as a state file does");
        let kind: Kind = serde_json::from_slice(line).map_err(|_| not_ours())?;
        if kind.format != FORMAT {
            return Err(not_ours());
        }
        if kind.version != VERSION {
            return Err(StateFileError::Version {
                path: self.path.to_owned(),
                found: kind.version,
                known: VERSION,
            });
        }
        let head: Head = serde_json::from_slice(line).map_err(|error| self.broken(error))?;
        if head.client_id != client_id.as_str() {
            return Err(StateFileError::OtherMerchant {
                path: self.path.to_owned(),
                found: head.client_id,
            });
        }
        Ok(head)
    }

    /// Where each BIN of the file stands now.
    fn bins(&self, head: &Head, settings: &Settings) -> Result<Vec<Option<u16>>, StateFileError> {
        head.bins
            .iter()
            .map(|kept| {
                let place = settings
                    .bins
                    .iter()
                    .position(|bin| bin.partner_service_id().as_str() == kept.partner_service_id);
                place
                    .map(u16::try_from)
                    .transpose()
                    .map_err(|error| self.broken(error))
            })
            .collect()
    }

    fn put(
        &self,
        restored: &mut Restored,
        places: &Places<'_>,
        line: Line,
    ) -> Result<(), StateFileError> {
        let fits = match line {
            Line::Account(mut account) => {
                account.bin = places.of(account.bin, self)?;
                restored.memory.put_account(*account)
            }
            Line::Used(used) => restored.memory.put_used(used),
            Line::Paid(mut paid) => {
                paid.offer.bin = places.of(paid.offer.bin, self)?;
                restored.memory.put_paid(*paid)
            }
            Line::Token(print, expiry) => match moment::at(expiry) {
                Some(expiry) => {
                    restored.tokens.push((print, expiry));
                    true
                }
                None => false,
            },
            Line::Notification(mut kept) => {
                kept.offer.bin = places.of(kept.offer.bin, self)?;
                match restored.memory.bin(kept.offer.bin) {
                    Some(bin) => {
                        restored.notifications.push((bin, *kept));
                        true
                    }
                    None => false,
                }
            }
            Line::Entry(mut entry, in_words) => {
                if let (Some(report), Some(in_words)) = (&mut entry.signature, in_words) {
                    report.in_words = in_words;
                }
                restored.entries.push(*entry);
                true
            }
            // The caller looks for the end first.
            Line::End(_) => false,
        };
        if fits {
            Ok(())
        } else {
            Err(self.broken("it speaks of something that is not there"))
        }
    }
}

/// Where the BINs of the file stand now.
struct Places<'h> {
    bins: Vec<Option<u16>>,
    head: &'h Head,
    path: &'h Path,
}

impl Places<'_> {
    fn of(&self, bin: u16, reading: &Reading<'_>) -> Result<u16, StateFileError> {
        let index = usize::from(bin);
        match (self.bins.get(index), self.head.bins.get(index)) {
            (Some(Some(place)), _) => Ok(*place),
            (_, Some(missing)) => Err(StateFileError::NoSuchBin {
                path: self.path.to_owned(),
                bin: missing.partner_service_id.trim_start().to_owned(),
            }),
            _ => Err(reading.broken("a BIN that the first line does not have")),
        }
    }
}
