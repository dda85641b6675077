//! What was found out.

use std::fmt;

use super::words::indonesian;
use super::{Cause, Language, Skew};
use crate::string_to_sign::Difference;

/// What was found out about a signature.
///
/// For the party that owns the keys, and never for whoever presented the signature. It holds no
/// secret, no token and no body. `Display` is a report of a few lines in English;
/// [`report`](Self::report) knows Indonesian as well.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnosis {
    /// The signature is right. Then only the client and the clock can be amiss.
    pub is_right: bool,
    /// The mistakes, those of the signature before those of the client and of the clock. Proven
    /// ones make the signature together; with none of them proven they are hints. Empty for a
    /// right signature of the right client and time, and where nothing at all fits.
    pub findings: Vec<Finding>,
    /// The text that should have been signed, its token masked.
    pub expected: String,
    /// The text that was signed, its token and body masked, where it was found.
    pub reproduced: Option<String>,
    /// The text that the other side says it signed, its token masked.
    pub theirs: Option<String>,
    /// Where the expected text first differs from the one that was signed or, if that was not
    /// found, from the one that the other side told.
    pub difference: Option<Difference>,
    /// How far the timestamp is from the clock, where both are known.
    pub skew: Option<Skew>,
    /// How many signatures were compared.
    pub tried: usize,
    /// The signature is explained, or every known mistake was tried, alone and with every other.
    /// `false` where the body or another text is so long that this would have taken too much
    /// work.
    pub is_complete: bool,
}

/// A mistake, and whether it is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The mistake.
    pub cause: Cause,
    /// The presented signature was made again with it, or it was measured. Otherwise it is what
    /// the signature looks like.
    pub proven: bool,
}

impl Finding {
    pub(super) const fn proven(cause: Cause) -> Self {
        Self {
            cause,
            proven: true,
        }
    }

    pub(super) const fn likely(cause: Cause) -> Self {
        Self {
            cause,
            proven: false,
        }
    }
}

impl Diagnosis {
    /// The first mistake: of two, the one that is fixed first.
    #[must_use]
    pub fn cause(&self) -> Option<Cause> {
        self.findings.first().map(|finding| finding.cause)
    }

    /// The text of the signature was found, and with it every mistake.
    #[must_use]
    pub const fn is_explained(&self) -> bool {
        self.reproduced.is_some()
    }

    /// What to do first: about the first mistake, or where none fits. `None` where all is well.
    #[must_use]
    pub fn advice(&self, language: Language) -> Option<&'static str> {
        if self.is_of_no_known_mistake() {
            return Some(language.labels().unknown_advice);
        }
        let finding = self.findings.first()?;
        Some(finding.cause.advice(language))
    }

    /// [`difference`](Self::difference) in words.
    #[must_use]
    pub fn difference_in_words(&self, language: Language) -> Option<String> {
        let difference = self.difference.as_ref()?;
        Some(match language {
            Language::English => difference.to_string(),
            Language::Indonesian => indonesian::difference(difference),
        })
    }

    /// The signature is wrong, and nothing that was found makes it so: neither another client nor the clock does.
    fn is_of_no_known_mistake(&self) -> bool {
        let beside =
            |finding: &Finding| matches!(finding.cause, Cause::OtherClient | Cause::ClockSkew(_));
        !self.is_right && self.findings.iter().all(beside)
    }

    /// The whole of it, in a few lines.
    #[must_use]
    pub const fn report(&self, language: Language) -> Report<'_> {
        Report {
            diagnosis: self,
            language,
        }
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.report(Language::English).fmt(f)
    }
}

/// A diagnosis in a language; see [`Diagnosis::report`].
#[derive(Debug, Clone, Copy)]
pub struct Report<'d> {
    diagnosis: &'d Diagnosis,
    language: Language,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            diagnosis,
            language,
        } = *self;
        let labels = language.labels();
        f.write_str(match (diagnosis.is_right, diagnosis.findings.is_empty()) {
            (true, true) => labels.right,
            (true, false) => labels.right_but_refused,
            (false, _) => labels.wrong,
        })?;
        // The lines of a non-SNAP text stand below each other.
        let mut line = |label: &str, text: &str| {
            let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
            write!(f, "\n{label:<14}{first}")?;
            rest.lines()
                .try_for_each(|next| write!(f, "\n{:<14}{next}", ""))
        };
        line_up(diagnosis, language, &mut line)?;
        if !diagnosis.is_complete {
            line("", labels.cut_short)?;
        }
        Ok(())
    }
}

fn line_up(
    diagnosis: &Diagnosis,
    language: Language,
    line: &mut impl FnMut(&str, &str) -> fmt::Result,
) -> fmt::Result {
    let labels = language.labels();
    if diagnosis.is_of_no_known_mistake() {
        line(labels.cause, labels.unknown)?;
        line(labels.advice, labels.unknown_advice)?;
    }
    for finding in &diagnosis.findings {
        let label = if finding.proven {
            labels.cause
        } else {
            labels.likely
        };
        line(label, &finding.cause.describe(language))?;
        line(labels.advice, finding.cause.advice(language))?;
    }
    line(labels.expected, &diagnosis.expected)?;
    if let Some(reproduced) = &diagnosis.reproduced {
        line(labels.signed, reproduced)?;
    }
    if let Some(theirs) = &diagnosis.theirs {
        line(labels.theirs, theirs)?;
    }
    if let Some(difference) = diagnosis.difference_in_words(language) {
        line(labels.difference, &difference)?;
    }
    if let Some(skew) = diagnosis.skew {
        line(labels.clock, &skew.describe(language))?;
    }
    Ok(())
}
