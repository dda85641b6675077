//! An answer, member by member: what DOKU expects to hear, and what it heard.

use doku_model::Operation;
use serde::Serialize;
use serde_json::Value;

use super::answer::{Answer, short};

/// A member of an answer beside what it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Member {
    /// Where it is: `virtualAccountData.customerNo`, or `HTTP status`.
    pub member: String,
    /// What DOKU expects.
    pub expected: String,
    /// What was there. Never a token.
    pub found: String,
    /// How the two agree.
    pub verdict: Standing,
}

/// How a member stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Standing {
    /// As it should be.
    Right,
    /// Other than documented, and DOKU can live with it as far as anybody knows.
    Tolerable,
    /// Wrong.
    Wrong,
}

impl Standing {
    /// In one word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Tolerable => "tolerable",
            Self::Wrong => "wrong",
        }
    }
}

const DATA: &str = "virtualAccountData";

/// A success of `operation`, as it must be answered to the body `sent`.
pub(super) fn of_a_success(operation: Operation, sent: &[u8], answer: &Answer) -> Vec<Member> {
    let sent: Value = serde_json::from_slice(sent).unwrap_or_default();
    let mut reading = Reading {
        sent: &sent,
        answer,
        members: Vec::new(),
    };
    reading.head(operation);
    match operation {
        Operation::Token => reading.token(),
        Operation::Inquiry => {
            reading.echoes(&[
                "partnerServiceId",
                "customerNo",
                "virtualAccountNo",
                "inquiryRequestId",
            ]);
            reading.inquired();
        }
        _ => reading.echoes(&[
            "partnerServiceId",
            "customerNo",
            "virtualAccountNo",
            "virtualAccountName",
            "paymentRequestId",
        ]),
    }
    reading.members
}

struct Reading<'r> {
    sent: &'r Value,
    answer: &'r Answer,
    members: Vec<Member>,
}

impl Reading<'_> {
    fn head(&mut self, operation: Operation) {
        let status = self
            .answer
            .status
            .map_or("none".to_owned(), |status| status.to_string());
        let verdict = if status == "200" {
            Standing::Right
        } else {
            Standing::Wrong
        };
        self.add("HTTP status", "200", status, verdict);
        let success = operation.success();
        let success = success.as_str();
        // No public source shows the code of a token that a merchant issues.
        let otherwise = match operation {
            Operation::Token => Standing::Tolerable,
            _ => Standing::Wrong,
        };
        let verdict = match self.answer.member("responseCode") {
            Some(Value::String(code)) if code == success => Standing::Right,
            Some(Value::Number(code)) if code.to_string() == success => Standing::Tolerable,
            _ => otherwise,
        };
        self.add(
            "responseCode",
            &format!("{success:?}"),
            self.found("responseCode"),
            verdict,
        );
        let message = self
            .answer
            .member("responseMessage")
            .is_some_and(Value::is_string);
        let verdict = if message {
            Standing::Right
        } else {
            Standing::Tolerable
        };
        self.add(
            "responseMessage",
            "a text",
            self.found("responseMessage"),
            verdict,
        );
    }

    /// Members that must repeat what was sent, where it was sent.
    fn echoes(&mut self, names: &[&str]) {
        for name in names {
            let Some(sent) = self.sent.get(*name).map(text) else {
                continue;
            };
            let path = format!("{DATA}.{name}");
            let significant = |text: &str| text.trim_start_matches([' ', '0']).to_owned();
            let verdict = match self.answer.member(&path).map(text) {
                Some(found) if found == sent => Standing::Right,
                Some(found) if significant(&found) == significant(&sent) => Standing::Tolerable,
                _ => Standing::Wrong,
            };
            self.add(
                &path,
                &format!("{:?}", short(&sent)),
                self.found(&path),
                verdict,
            );
        }
    }

    fn inquired(&mut self) {
        let channel = self.sent.pointer("/additionalInfo/channel").map(text);
        self.must("virtualAccountName", "a text", |text| !text.is_empty());
        self.must("virtualAccountTrxType", "C, O or V", |text| {
            matches!(text, "C" | "O" | "V")
        });
        self.must("totalAmount.value", "an amount such as 11500.00", |text| {
            text.parse::<doku_model::Amount>().is_ok()
        });
        self.must("totalAmount.currency", "\"IDR\"", |text| text == "IDR");
        self.must("inquiryStatus", "\"00\"", |text| text == "00");
        self.must("inquiryReason.english", "a text", |text| !text.is_empty());
        self.must("inquiryReason.indonesia", "a text", |text| !text.is_empty());
        // Inside the account or at top level: no public source decides.
        let place = ["virtualAccountData.additionalInfo", "additionalInfo"]
            .into_iter()
            .find(|place| self.answer.member(place).is_some())
            .unwrap_or("additionalInfo");
        for (name, expected) in [("channel", channel), ("trxId", None)] {
            let path = format!("{place}.{name}");
            let found = self.answer.member(&path).map(text);
            let fits =
                found.is_some_and(|found| expected.as_ref().is_none_or(|text| *text == found));
            let verdict = if fits {
                Standing::Right
            } else {
                Standing::Wrong
            };
            let expected = expected.map_or("the merchant's invoice number".to_owned(), |text| {
                format!("{text:?}")
            });
            self.add(&path, &expected, self.found(&path), verdict);
        }
    }

    fn token(&mut self) {
        let token = self.answer.member("accessToken").and_then(Value::as_str);
        let (found, verdict) = match token {
            Some(token) if !token.is_empty() => (
                format!("[{} characters]", token.chars().count()),
                Standing::Right,
            ),
            _ => ("nothing".to_owned(), Standing::Wrong),
        };
        self.add("accessToken", "a token", found, verdict);
        let bearer = self.answer.member("tokenType").and_then(Value::as_str);
        let verdict = match bearer {
            Some(word) if word.eq_ignore_ascii_case("Bearer") => Standing::Right,
            _ => Standing::Tolerable,
        };
        self.add("tokenType", "\"Bearer\"", self.found("tokenType"), verdict);
        let verdict = match self.answer.member("expiresIn") {
            Some(Value::Number(_)) => Standing::Right,
            _ => Standing::Tolerable,
        };
        self.add(
            "expiresIn",
            "seconds, as a number",
            self.found("expiresIn"),
            verdict,
        );
    }

    /// A member of the account that must be of a kind.
    fn must(&mut self, name: &str, expected: &str, fits: impl FnOnce(&str) -> bool) {
        let path = format!("{DATA}.{name}");
        let good = self
            .answer
            .member(&path)
            .map(text)
            .is_some_and(|found| fits(&found));
        let verdict = if good {
            Standing::Right
        } else {
            Standing::Wrong
        };
        self.add(&path, expected, self.found(&path), verdict);
    }

    fn found(&self, path: &str) -> String {
        self.answer
            .member(path)
            .map_or_else(|| "nothing".to_owned(), |value| short(&value.to_string()))
    }

    fn add(&mut self, member: &str, expected: &str, found: String, verdict: Standing) {
        self.members.push(Member {
            member: member.to_owned(),
            expected: expected.to_owned(),
            found,
            verdict,
        });
    }
}

/// A text, or a number as it is written.
fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
