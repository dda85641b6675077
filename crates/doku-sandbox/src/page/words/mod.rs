//! What the page says, in both languages. Reasons in the journal are English: they are what the library says.

mod english;
mod indonesian;

use super::language::Language;
use english::ENGLISH;
use indonesian::INDONESIAN;

/// A name for machines, and what it is called.
type Named = (&'static str, &'static str);

/// Everything the page says in one language.
pub(super) struct Words {
    pub(super) lang: &'static str,
    pub(super) title: &'static str,
    pub(super) motto: &'static str,
    pub(super) skip: &'static str,
    pub(super) sections: &'static str,
    pub(super) language: &'static str,
    pub(super) overview: &'static str,
    pub(super) teller: &'static str,
    pub(super) accounts: &'static str,
    pub(super) journal: &'static str,
    pub(super) notifications: &'static str,
    pub(super) faults: &'static str,
    pub(super) clock: &'static str,
    pub(super) all_of_them: &'static str,
    pub(super) older: &'static str,
    pub(super) newest: &'static str,
    pub(super) of: &'static str,
    pub(super) back: &'static str,
    pub(super) live: &'static str,
    pub(super) paused: &'static str,
    pub(super) not_live: &'static str,

    pub(super) start: &'static str,
    pub(super) start_how: &'static str,
    pub(super) base_url: &'static str,
    pub(super) steps: &'static str,
    pub(super) paste: &'static str,
    pub(super) missing: &'static str,
    pub(super) create: &'static str,
    pub(super) own_numbers: &'static str,
    pub(super) pay_it: &'static str,
    pub(super) see_it: &'static str,
    pub(super) keys: &'static str,
    pub(super) copy: &'static str,
    pub(super) copied: &'static str,
    pub(super) not_copied: &'static str,

    pub(super) teller_how: &'static str,
    pub(super) number: &'static str,
    pub(super) ask: &'static str,
    pub(super) amount: &'static str,
    pub(super) amount_how: &'static str,
    pub(super) pay: &'static str,
    pub(super) pay_this: &'static str,
    pub(super) screen: &'static str,
    pub(super) nothing_shown: &'static str,
    pub(super) not_paid: &'static str,
    pub(super) receipt: &'static str,
    pub(super) paid_out: &'static str,
    pub(super) paid_at: &'static str,
    pub(super) told: &'static str,
    pub(super) not_told: &'static str,
    pub(super) nobody_to_tell: &'static str,
    pub(super) source_record: &'static str,
    pub(super) source_merchant: &'static str,
    pub(super) source: &'static str,
    pub(super) another: &'static str,
    pub(super) odd_number: &'static str,
    pub(super) odd_amount: &'static str,
    pub(super) refusals: [Named; 10],

    pub(super) no_accounts: &'static str,
    pub(super) account: &'static str,
    pub(super) name: &'static str,
    pub(super) order: &'static str,
    pub(super) kind: &'static str,
    pub(super) kinds_of_bill: [Named; 3],
    pub(super) ends: &'static str,
    pub(super) no_end: &'static str,
    pub(super) reusable: &'static str,
    pub(super) payments: &'static str,
    pub(super) no_payments: &'static str,
    pub(super) how_to_pay: &'static str,
    pub(super) pay_so: &'static str,
    pub(super) places: [Named; 2],
    pub(super) no_such_number: &'static str,
    pub(super) pending: &'static str,
    pub(super) paid: &'static str,
    pub(super) expired: &'static str,
    pub(super) inactive: &'static str,
    pub(super) deleted: &'static str,
    pub(super) at_least: &'static str,
    pub(super) at_most: &'static str,
    pub(super) any_amount: &'static str,
    pub(super) day: &'static str,
    pub(super) hour: &'static str,
    pub(super) minute: &'static str,

    pub(super) journal_how: &'static str,
    pub(super) no_entries: &'static str,
    pub(super) to_doku: &'static str,
    pub(super) to_merchant: &'static str,
    pub(super) entry: &'static str,
    pub(super) headers: &'static str,
    pub(super) body: &'static str,
    pub(super) bytes: &'static str,
    pub(super) empty_body: &'static str,
    pub(super) answer: &'static str,
    pub(super) no_answer: &'static str,
    pub(super) notes: &'static str,
    pub(super) signature: &'static str,
    pub(super) cause: &'static str,
    pub(super) proven: &'static str,
    pub(super) likely: &'static str,
    pub(super) advice: &'static str,
    pub(super) no_cause: &'static str,
    pub(super) expected: &'static str,
    pub(super) presented: &'static str,
    pub(super) signed: &'static str,
    pub(super) body_hash: &'static str,
    pub(super) not_reproduced: &'static str,
    pub(super) first_difference: &'static str,
    pub(super) fault: &'static str,
    pub(super) link: &'static str,
    pub(super) all_entries: &'static str,
    pub(super) verdicts: [Named; 5],
    pub(super) new_entries: &'static str,

    pub(super) no_notifications: &'static str,
    pub(super) no_notification_url: &'static str,
    pub(super) calls: &'static str,
    pub(super) acknowledged: &'static str,
    pub(super) waiting: &'static str,
    pub(super) given_up: &'static str,
    pub(super) next_attempt: &'static str,
    pub(super) attempts: &'static str,
    pub(super) resend: &'static str,
    pub(super) triggers: [Named; 4],
    pub(super) new_notifications: &'static str,
    pub(super) new_accounts: &'static str,

    pub(super) faults_how: &'static str,
    pub(super) no_faults: &'static str,
    pub(super) order_fault: &'static str,
    pub(super) order_one: &'static str,
    pub(super) whose_calls: &'static str,
    pub(super) any_to_doku: &'static str,
    pub(super) any_to_merchant: &'static str,
    pub(super) what_happens: &'static str,
    pub(super) how_many: &'static str,
    pub(super) percent: &'static str,
    pub(super) percent_how: &'static str,
    pub(super) details: &'static str,
    pub(super) http_status: &'static str,
    pub(super) http_status_how: &'static str,
    pub(super) milliseconds: &'static str,
    pub(super) member: &'static str,
    pub(super) before_work: &'static str,
    pub(super) clear_faults: &'static str,
    pub(super) until_cleared: &'static str,
    pub(super) fault_refused: &'static str,
    pub(super) kinds: [Named; 16],

    pub(super) clock_how: &'static str,
    pub(super) clock_shows: &'static str,
    pub(super) clock_moved: &'static str,
    pub(super) clock_true: &'static str,
    pub(super) forward: &'static str,
    pub(super) minutes: &'static str,
    pub(super) move_clock: &'static str,
    pub(super) set_back: &'static str,
    pub(super) odd_minutes: &'static str,

    pub(super) no_such: Named,
    pub(super) foreign_host: Named,
    pub(super) foreign_page: Named,
}

impl Words {
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Indonesian => &INDONESIAN,
        }
    }
}

/// What a name is called in this list; the name itself where it is not in it.
pub(super) fn called<'n>(list: &[(&'static str, &'static str)], name: &'n str) -> &'n str
where
    'static: 'n,
{
    list.iter()
        .find(|(known, _)| *known == name)
        .map_or(name, |(_, called)| called)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::KINDS;

    #[test]
    fn both_languages_know_the_same_names() {
        let names = |list: &[Named]| list.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        assert_eq!(names(&ENGLISH.kinds), KINDS);
        assert_eq!(names(&INDONESIAN.kinds), KINDS);
        assert_eq!(names(&ENGLISH.refusals), names(&INDONESIAN.refusals));
        assert_eq!(names(&ENGLISH.verdicts), names(&INDONESIAN.verdicts));
        assert_eq!(names(&ENGLISH.places), names(&INDONESIAN.places));
        assert_eq!(names(&ENGLISH.triggers), names(&INDONESIAN.triggers));
        assert_eq!(called(&ENGLISH.kinds, "hang"), "done, no answer ever comes");
        assert_eq!(called(&ENGLISH.kinds, "other"), "other");
    }
}
