//! What can be wrong with a captured text, and where.

use std::{fmt, io};

use thiserror::Error;

/// A place in a captured text, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// A line.
    Line(usize),
    /// A word of a command line; `curl` itself is the first.
    Word(usize),
    /// An entry of a HAR file.
    Entry(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(number) => write!(f, "line {number}"),
            Self::Word(number) => write!(f, "word {number} of the command"),
            Self::Entry(number) => write!(f, "entry {number}"),
        }
    }
}

/// Why no request could be read. It says where and what, and quotes nothing.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// Nothing but blanks.
    #[error("there is no request in it; give raw HTTP, a curl command line or a HAR file")]
    Empty,
    /// The first line is no request line.
    #[error(
        "{place} is no request line such as POST /path HTTP/1.1; give raw HTTP, a curl command line or a HAR file"
    )]
    RequestLine {
        /// Where.
        place: Place,
    },
    /// Not a method.
    #[error("{place}: the method has characters that no method has; write it as it was sent")]
    Method {
        /// Where.
        place: Place,
    },
    /// Neither a URL nor a path.
    #[error("{place}: a URL such as https://host/path is expected, or in raw HTTP a path")]
    Url {
        /// Where.
        place: Place,
    },
    /// Not a header.
    #[error("{place} is no header such as Name: value; copy the head of the request again")]
    Header {
        /// Where.
        place: Place,
    },
    /// More headers than a request can have.
    #[error("there are more headers than any server takes; give one request only")]
    TooManyHeaders,
    /// A chunked body that breaks off or is none.
    #[error(
        "the head promises a body in chunks and it is none; leave Transfer-Encoding out if the body is as it was sent"
    )]
    Chunks,
    /// The text of a command is not UTF-8.
    #[error("the command is not UTF-8; save it as UTF-8, or give raw HTTP")]
    NotText,
    /// A quote that does not end.
    #[error("a quote that begins on {place} does not end; copy the whole command")]
    OpenQuote {
        /// Where.
        place: Place,
    },
    /// Something the shell would have replaced.
    #[error(
        "{place} has a variable or a command that the shell replaces; put its value there, or use single quotes if it stands for itself"
    )]
    Expansion {
        /// Where.
        place: Place,
    },
    /// An option of curl whose request cannot be told from the command line.
    #[error("{option} is not understood; give the request as raw HTTP instead")]
    Unsupported {
        /// The option.
        option: &'static str,
    },
    /// An option that curl does not have, or a newer one than are known here.
    #[error(
        "{place} is an option that is not known; leave it out if it does not change the request"
    )]
    UnknownOption {
        /// Where.
        place: Place,
    },
    /// An option without its value.
    #[error("{place} is an option that lacks its value; copy the whole command")]
    NoValue {
        /// Where.
        place: Place,
    },
    /// A command without a URL.
    #[error("the command has no URL; copy the whole command")]
    NoUrl,
    /// A command with more than one request.
    #[error("the command makes more than one request; keep one URL")]
    SeveralUrls,
    /// A file that the command reads.
    #[error("{place} names a file that cannot be read; run this where the command was run")]
    File {
        /// Where.
        place: Place,
        /// Why.
        source: io::Error,
    },
    /// Not JSON.
    #[error("a HAR file is JSON, and this is not at line {line}, column {column}; save it again")]
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// JSON that is no HAR file.
    #[error("this JSON is no HAR file: it has no log.entries; save it again as HAR with content")]
    NotHar,
    /// An entry without a request, or with half of one.
    #[error("{place}: request.{member} is missing or of another type; save the file again")]
    Member {
        /// Which entry.
        place: Place,
        /// The member.
        member: &'static str,
    },
    /// The body was not kept.
    #[error("{place}: the body was not kept; save the file again as HAR with content")]
    NoBody {
        /// Which entry.
        place: Place,
    },
    /// No such entry.
    #[error("there is no entry {number}; there are {entries}")]
    NoSuchEntry {
        /// What was asked for.
        number: usize,
        /// How many there are.
        entries: usize,
    },
    /// None of the entries is what is looked for.
    #[error("none of the {entries} entries fits; choose one by its URL or number")]
    NoneFits {
        /// How many there are.
        entries: usize,
    },
    /// More than one entry is what is looked for.
    #[error("entries {} fit; choose one by its URL or number", listed(.entries))]
    SeveralFit {
        /// Their numbers, from 1.
        entries: Vec<usize>,
    },
}

/// The first numbers of a list that may be long.
fn listed(numbers: &[usize]) -> String {
    const MOST: usize = 8;
    let mut text: Vec<String> = numbers.iter().take(MOST).map(usize::to_string).collect();
    if numbers.len() > MOST {
        text.push("…".to_owned());
    }
    text.join(", ")
}
