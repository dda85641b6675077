//! JSON that speaks of something else: the same members, one of them another.

use bytes::Bytes;
use doku_model::{Amount, CustomerNo, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What an answer says otherwise than it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum EchoedMember {
    /// `trxId`: an order that nobody made.
    #[default]
    TrxId,
    /// `virtualAccountNo`, and `customerNo` with it: a number outside the merchant's prefix.
    VirtualAccountNo,
    /// The value of `totalAmount`: one rupiah more.
    Amount,
    /// The currency of `totalAmount`, or of a notification's `paidAmount`: `USD`.
    Currency,
    /// `expiredDate`: a day later.
    ExpiredDate,
}

impl EchoedMember {
    /// The member as the wire spells it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::TrxId => "trxId",
            Self::VirtualAccountNo => "virtualAccountNo",
            Self::Amount => "totalAmount.value",
            Self::Currency => "totalAmount.currency",
            Self::ExpiredDate => "expiredDate",
        }
    }

    /// `body` with another value in this member, wherever it has it; `None` where it does not.
    pub(crate) fn changed_in(self, body: &[u8]) -> Option<Bytes> {
        let mut body: Value = serde_json::from_slice(body).ok()?;
        let root = body.as_object_mut()?;
        // A notification has its members at top level, an answer in `virtualAccountData`; check status, which may have
        // several of these, has the trxId beside them as well.
        let mut changed = self.change(root);
        if let Some(info) = root
            .get_mut("additionalInfo")
            .and_then(Value::as_object_mut)
        {
            changed |= self.change(info);
        }
        match root.get_mut("virtualAccountData") {
            Some(Value::Object(data)) => changed |= self.change(data),
            Some(Value::Array(all)) => {
                for data in all.iter_mut().filter_map(Value::as_object_mut) {
                    changed |= self.change(data);
                }
            }
            _ => {}
        }
        changed.then(|| body.to_string().into())
    }

    fn change(self, members: &mut Map<String, Value>) -> bool {
        match self {
            Self::TrxId => replace(members.get_mut("trxId"), another),
            Self::VirtualAccountNo => change_number(members),
            Self::Amount => replace(in_money(members, "value"), |value| {
                Some(one_rupiah_more(value.parse().ok()?).to_string())
            }),
            Self::Currency => replace(in_money(members, "currency"), |_| Some("USD".to_owned())),
            Self::ExpiredDate => replace(members.get_mut("expiredDate"), a_day_later),
        }
    }
}

/// Puts what `change` makes of a text in its place, and says whether there was one.
fn replace(text: Option<&mut Value>, change: impl FnOnce(&str) -> Option<String>) -> bool {
    let Some(place) = text else { return false };
    match place.as_str().and_then(change) {
        Some(changed) => {
            *place = changed.into();
            true
        }
        None => false,
    }
}

fn in_money<'m>(members: &'m mut Map<String, Value>, member: &str) -> Option<&'m mut Value> {
    let name = if members.contains_key("paidAmount") {
        "paidAmount"
    } else {
        "totalAmount"
    };
    members.get_mut(name)?.get_mut(member)
}

/// Both numbers, so that they agree with each other and with nothing else.
fn change_number(members: &mut Map<String, Value>) -> bool {
    let text = |name| members.get(name).and_then(Value::as_str);
    let (Some(customer_no), Some(number)) = (text("customerNo"), text("virtualAccountNo")) else {
        return false;
    };
    let Some(front) = number.strip_suffix(customer_no) else {
        return false;
    };
    let Ok(customer_no) = customer_no.parse() else {
        return false;
    };
    let customer_no = another_number(&customer_no);
    let number = format!("{front}{customer_no}");
    members.insert("customerNo".to_owned(), customer_no.as_str().into());
    members.insert("virtualAccountNo".to_owned(), number.into());
    true
}

/// The same digits but the first, so that it has no prefix of the merchant's.
pub(crate) fn another_number(number: &CustomerNo) -> CustomerNo {
    let mut digits = number.as_str().chars();
    let first = match digits.next() {
        Some('9') => '8',
        _ => '9',
    };
    let other: String = std::iter::once(first).chain(digits).collect();
    // As many digits as before, so it is a number again.
    other.parse().unwrap_or_else(|_| number.clone())
}

/// The same text with another end; none of nothing.
fn another(text: &str) -> Option<String> {
    let mut letters = text.chars();
    let last = match letters.next_back()? {
        '0' => '1',
        _ => '0',
    };
    Some(letters.chain(std::iter::once(last)).collect())
}

fn a_day_later(date: &str) -> Option<String> {
    let date: Timestamp = date.parse().ok()?;
    let later = date.instant().checked_add(time::Duration::DAY)?;
    Some(Timestamp::wib(later).to_string())
}

/// Another amount: a rupiah more, or less where there is no more.
pub(crate) fn one_rupiah_more(amount: Amount) -> Amount {
    const RUPIAH: u64 = 100;
    Amount::from_sen(amount.sen() + RUPIAH)
        .or_else(|_| Amount::from_sen(amount.sen().saturating_sub(RUPIAH)))
        .unwrap_or(amount)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const ALL: [EchoedMember; 5] = [
        EchoedMember::TrxId,
        EchoedMember::VirtualAccountNo,
        EchoedMember::Amount,
        EchoedMember::Currency,
        EchoedMember::ExpiredDate,
    ];

    fn changed(member: EchoedMember, body: &Value) -> Option<Value> {
        let bytes = member.changed_in(body.to_string().as_bytes())?;
        Some(serde_json::from_slice(&bytes).unwrap())
    }

    #[test]
    fn changes_the_one_member_and_nothing_else() {
        let body = json!({ "responseCode": "2002700", "virtualAccountData": {
            "customerNo": "6001", "virtualAccountNo": "   959626001", "trxId": "INV-1",
            "totalAmount": { "value": "11500.00", "currency": "IDR" },
            "expiredDate": "2099-12-31T23:59:59+07:00",
        }});
        let table: [(EchoedMember, &[(&str, &str)]); 5] = [
            (EchoedMember::TrxId, &[("/trxId", "INV-0")]),
            (
                EchoedMember::VirtualAccountNo,
                &[
                    ("/customerNo", "9001"),
                    ("/virtualAccountNo", "   959629001"),
                ],
            ),
            (EchoedMember::Amount, &[("/totalAmount/value", "11501.00")]),
            (EchoedMember::Currency, &[("/totalAmount/currency", "USD")]),
            (
                EchoedMember::ExpiredDate,
                &[("/expiredDate", "2100-01-01T23:59:59+07:00")],
            ),
        ];
        for (member, expected) in table {
            let mut wanted = body.clone();
            for (path, value) in expected {
                let place = wanted.pointer_mut(&format!("/virtualAccountData{path}"));
                *place.unwrap() = (*value).into();
            }
            assert_eq!(changed(member, &body), Some(wanted), "{member:?}");
        }
    }

    #[test]
    fn a_status_speaks_of_another_order_in_both_places() {
        let body = json!({
            "additionalInfo": { "trxId": "A1" },
            "virtualAccountData": [{ "trxId": "A1" }],
        });
        let other = changed(EchoedMember::TrxId, &body).unwrap();
        assert_eq!(other["additionalInfo"]["trxId"], "A0");
        assert_eq!(other["virtualAccountData"][0]["trxId"], "A0");
    }

    #[test]
    fn what_says_nothing_cannot_say_it_otherwise() {
        let refusal = json!({ "responseCode": "4042612", "responseMessage": "Not Found" });
        let empty = json!({ "virtualAccountData": { "trxId": "", "expiredDate": "soon" } });
        for member in ALL {
            assert_eq!(changed(member, &refusal), None, "{member:?}");
            assert_eq!(changed(member, &empty), None, "{member:?}");
            assert_eq!(member.changed_in(b"<html>"), None);
        }
    }

    proptest! {
        #[test]
        fn another_is_always_another(text in "\\PC{1,20}", number in "[0-9]{1,20}") {
            prop_assert_ne!(another(&text), Some(text));
            let number: CustomerNo = number.parse().unwrap();
            let other = another_number(&number);
            prop_assert_eq!(other.as_str().len(), number.as_str().len());
            prop_assert_ne!(other.as_str().chars().next(), number.as_str().chars().next());
        }

        #[test]
        fn any_bytes_are_borne(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            for member in ALL {
                let _ = member.changed_in(&body);
            }
        }

        #[test]
        fn every_amount_has_another(sen in any::<u64>()) {
            if let Ok(amount) = Amount::from_sen(sen) {
                prop_assert_ne!(one_rupiah_more(amount), amount);
            }
        }
    }
}
