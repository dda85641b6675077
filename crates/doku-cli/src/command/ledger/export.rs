//! `doku ledger export`: every payment or every account, written as it is read, however many there are.

use std::io::{self, BufWriter, Write};

use doku_ledger::account::AccountFilter;
use doku_ledger::{Cursor, Ledger};
use serde::Serialize;

use super::view::{AccountRow, PaymentRow};
use super::with_ledger;
use crate::args::{ExportArguments, Records, Shape};
use crate::exit::{Exit, Failure};
use crate::file::NewFile;
use crate::output::{Output, csv, unwritten};

/// How many records are read at a time.
const PAGE: usize = 500;

pub(super) fn export(arguments: &ExportArguments, output: &Output) -> Result<Exit, Failure> {
    let count = with_ledger(&arguments.place, async |ledger| {
        let Some(path) = &arguments.out else {
            let stdout = BufWriter::new(io::stdout());
            return write(ledger, arguments, stdout, unwritten).await;
        };
        let file = NewFile::create(path)?;
        let written = write(ledger, arguments, BufWriter::new(file.writer()), |error| {
            file.unwritable(error)
        })
        .await;
        match written {
            Ok(count) => file.finish().map(|()| count),
            Err(failure) => {
                // Half an export looks like a whole one.
                file.discard();
                Err(failure)
            }
        }
    })?;
    output.note(&format!("{count} exported."));
    Ok(Exit::Done)
}

/// Writes everything, and says how much it was.
async fn write(
    ledger: &Ledger,
    arguments: &ExportArguments,
    to: impl Write,
    failed: impl Fn(&io::Error) -> Failure,
) -> Result<u64, Failure> {
    let mut rows = Rows {
        to,
        shape: arguments.format,
        count: 0,
    };
    let io = |done: io::Result<()>| done.map_err(|error| failed(&error));
    let mut cursor = Cursor::START;
    match arguments.records {
        Records::Payments => {
            io(rows.head(PaymentRow::HEAD))?;
            loop {
                let page = ledger.payments_after(cursor, PAGE).await?;
                for payment in &page.items {
                    io(rows.row(PaymentRow::from(payment), PaymentRow::cells))?;
                }
                if page.items.is_empty() {
                    break;
                }
                cursor = page.next;
            }
        }
        Records::Accounts => {
            io(rows.head(AccountRow::HEAD))?;
            loop {
                let page = ledger.accounts(AccountFilter::all(), cursor, PAGE).await?;
                for account in &page.items {
                    io(rows.row(AccountRow::from(account), AccountRow::cells))?;
                }
                if page.items.is_empty() {
                    break;
                }
                cursor = page.next;
            }
        }
    }
    io(rows.to.flush())?;
    Ok(rows.count)
}

struct Rows<W> {
    to: W,
    shape: Shape,
    count: u64,
}

impl<W: Write> Rows<W> {
    fn head<const N: usize>(&mut self, columns: [&str; N]) -> io::Result<()> {
        match self.shape {
            Shape::Csv => self.to.write_all(csv::row(columns).as_bytes()),
            Shape::Json => Ok(()),
        }
    }

    fn row<R: Serialize, const N: usize>(
        &mut self,
        row: R,
        cells: impl FnOnce(R) -> [String; N],
    ) -> io::Result<()> {
        self.count = self.count.saturating_add(1);
        match self.shape {
            Shape::Csv => {
                let cells = cells(row);
                let line = csv::row(cells.iter().map(String::as_str));
                self.to.write_all(line.as_bytes())
            }
            Shape::Json => {
                serde_json::to_writer(&mut self.to, &row)?;
                self.to.write_all(b"\n")
            }
        }
    }
}
