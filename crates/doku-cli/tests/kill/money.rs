//! Money in whole sen, written as everybody here writes it: `11500.37`.

use serde_json::Value;

/// The sen of a text.
#[track_caller]
pub(crate) fn sen(text: &Value) -> u64 {
    let text = text.as_str().unwrap_or_else(|| panic!("{text} is no text"));
    let (rupiah, sen) = text.split_once('.').unwrap();
    assert_eq!(sen.len(), 2, "{text}");
    rupiah.parse::<u64>().unwrap() * 100 + sen.parse::<u64>().unwrap()
}

pub(crate) fn text(sen: u64) -> String {
    format!("{}.{:02}", sen / 100, sen % 100)
}
