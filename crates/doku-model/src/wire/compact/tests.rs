//! What is written here is what serde_json writes.

use proptest::prelude::*;

use super::*;
use crate::wire::{
    AdditionalInfo, Bilingual, Money, Seconds, Text, TokenResponse, VirtualAccountConfig,
    VirtualAccountData, VirtualAccountResponse,
};

/// Whether it was written. If so, serde_json must agree about it.
fn written<T: Serialize>(payload: &T) -> bool {
    let mut out = Vec::new();
    if write(payload, &mut out).is_err() {
        return false;
    }
    assert_eq!(out, serde_json::to_vec(payload).unwrap());
    true
}

#[test]
fn what_needs_an_escape_or_is_in_no_payload_is_left_to_serde_json() {
    for text in ["\"", "\\", "a\nb", "\u{0}", "é\u{1f}"] {
        assert!(!written(&text), "{text:?}");
    }
    for text in ["", "a", "é\u{7f}\u{2028}/<>", "   95962"] {
        assert!(written(&text), "{text:?}");
    }
    assert!(!written(&1.5));
    assert!(!written(&'a'));
    assert!(!written(&("a", "b")));
    assert!(!written(&std::collections::BTreeMap::from([("a", "b")])));
    assert!(written(&vec![None, Some(true)]));
    assert!(written(&u64::MAX));
    assert!(written(&Vec::<Text<'_>>::new()));
}

fn text() -> impl Strategy<Value = Option<Text<'static>>> {
    let some = prop_oneof![9 => "[ !#-\\[\\]-~é]{0,9}", 1 => "\\PC{0,3}", 1 => "[\"\\\\\n]"];
    prop::option::of(some.prop_map(Text::from))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn nobody_disagrees(
        texts in prop::collection::vec(text(), 16),
        lines in prop::option::of(prop::collection::vec((text(), text()), 0..3)),
        reusable_status: Option<bool>,
        seconds: u64,
    ) {
        let mut texts = texts.into_iter();
        let mut next = || texts.next().flatten();
        written(&TokenResponse {
            access_token: next(),
            expires_in: Some(Seconds::new(seconds)),
            ..TokenResponse::default()
        });
        let config = VirtualAccountConfig {
            max_amount: next(),
            reusable_status,
            ..VirtualAccountConfig::default()
        };
        let line = |(english, indonesia)| Bilingual { english, indonesia };
        written(&VirtualAccountResponse {
            response_code: next(),
            virtual_account_data: Some(VirtualAccountData {
                additional_info: Some(AdditionalInfo {
                    channel: next(),
                    virtual_account_config: Some(config),
                    ..AdditionalInfo::default()
                }),
                customer_no: next(),
                free_text: lines.map(|lines| lines.into_iter().map(line).collect()),
                total_amount: Some(Money { currency: next(), value: next() }),
                virtual_account_name: next(),
                ..VirtualAccountData::default()
            }),
            ..VirtualAccountResponse::default()
        });
    }
}
