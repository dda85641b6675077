//! What stands around every page: the way to the others, the languages, and the clock.

use super::language::Language;
use super::shown::{self, Moment};
use super::words::Words;
use crate::desk::Desk;

/// Where a page belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Overview,
    Accounts,
    Journal,
    Notifications,
    Faults,
    Clock,
    Teller,
    Elsewhere,
}

/// What stands around every page.
pub(super) struct Frame {
    pub(super) nav: [Link; 7],
    pub(super) languages: [Choice; 2],
    pub(super) now: Moment,
    pub(super) moved: Option<String>,
}

pub(super) struct Link {
    pub(super) path: &'static str,
    pub(super) name: &'static str,
    pub(super) current: bool,
}

pub(super) struct Choice {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) current: bool,
    pub(super) href: String,
}

impl Choice {
    /// Both languages, for a page at `path`.
    pub(super) fn of(current: Language, path: &str) -> [Self; 2] {
        let choice = |of: Language, name| Self {
            code: of.code(),
            name,
            current: of == current,
            href: format!("{path}?lang={}", of.code()),
        };
        [
            choice(Language::Indonesian, "Indonesia"),
            choice(Language::English, "English"),
        ]
    }
}

impl Frame {
    pub(super) fn of(desk: &Desk, language: Language, section: Section, path: &str) -> Self {
        let words = Words::of(language);
        let link = |of: Section, path, name| Link {
            path,
            name,
            current: of == section,
        };
        let moved = i64::try_from(desk.clock.advanced_seconds()).unwrap_or(i64::MAX);
        Self {
            nav: [
                link(Section::Overview, "/", words.overview),
                link(Section::Teller, "/teller", words.teller),
                link(Section::Accounts, "/accounts", words.accounts),
                link(
                    Section::Notifications,
                    "/notifications",
                    words.notifications,
                ),
                link(Section::Journal, "/journal", words.journal),
                link(Section::Faults, "/faults", words.faults),
                link(Section::Clock, "/clock", words.clock),
            ],
            languages: Choice::of(language, path),
            now: Moment::of(desk.clock.now()),
            moved: (moved > 0).then(|| shown::left(time::Duration::seconds(moved), words)),
        }
    }
}
