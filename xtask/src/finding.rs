//! One thing that a check does not like, and where.

use std::fmt;

use anyhow::{Result, bail};

/// A place and what is wrong there. Checks return all they find, so that one run tells everything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    place: String,
    line: Option<usize>,
    what: String,
}

impl Finding {
    /// A finding about a whole file, package or document.
    pub(crate) fn of(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            line: None,
            what: what.into(),
        }
    }

    /// A finding at a line, counted from one.
    pub(crate) fn at(place: impl Into<String>, line: usize, what: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            line: Some(line),
            what: what.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.place, self.what),
            None => write!(f, "{}: {}", self.place, self.what),
        }
    }
}

/// Prints findings and fails if there are any.
pub(crate) fn settle(mut findings: Vec<Finding>) -> Result<()> {
    findings.sort();
    findings.dedup();
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        1 => bail!("1 finding"),
        count => bail!("{count} findings"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_a_compiler_message() {
        assert_eq!(Finding::at("a.rs", 3, "odd").to_string(), "a.rs:3: odd");
        assert_eq!(Finding::of("a.rs", "odd").to_string(), "a.rs: odd");
    }

    #[test]
    fn any_finding_fails() {
        assert!(settle(vec![]).is_ok());
        assert!(settle(vec![Finding::of("a", "b")]).is_err());
    }
}
