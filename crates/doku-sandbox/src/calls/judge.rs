//! What is wrong with a merchant's answer, member by member, and whether it is the success that DOKU waits for.

use doku_model::wire::{self, PaymentResponse, Text};
use doku_model::{Operation, ResponseCode};
use serde::Deserialize;
use serde_json::Value;

use super::heard::{Heard, Judged};
use crate::journal::Note;

/// What an echo must repeat.
#[derive(Debug)]
pub(super) struct Echo<'s> {
    pub(super) partner_service_id: &'s str,
    pub(super) customer_no: &'s str,
    pub(super) virtual_account_no: &'s str,
}

/// An answer while it is read.
#[derive(Debug)]
pub(super) struct Reading<'b> {
    operation: Operation,
    status: u16,
    body: &'b [u8],
    code: Option<String>,
    message: Option<String>,
    notes: Vec<Note>,
    /// Why it is no success; the first reason counts.
    reason: Option<String>,
}

impl<'b> Reading<'b> {
    /// Begins to read; where nothing was heard, there is nothing to read.
    pub(super) fn begin(operation: Operation, heard: &'b Heard) -> Result<Self, Judged> {
        let (status, body) = match heard {
            Heard::Answer { status, body } => (*status, body),
            Heard::Nothing(reason) => {
                return Err(Judged {
                    reason: Some(reason.clone()),
                    ..Judged::default()
                });
            }
        };
        let mut reading = Self {
            operation,
            status,
            body,
            code: None,
            message: None,
            notes: Vec::new(),
            reason: None,
        };
        if let Ok(Value::Object(members)) = serde_json::from_slice(body) {
            reading.code = match members.get("responseCode") {
                Some(Value::String(code)) => Some(code.clone()),
                Some(Value::Number(code)) => {
                    reading.note("responseCode", "is a number; DOKU's samples have a text");
                    Some(code.to_string())
                }
                _ => None,
            };
            reading.message = match members.get("responseMessage") {
                Some(Value::String(message)) => Some(message.clone()),
                _ => None,
            };
        }
        Ok(reading)
    }

    /// The body as a payload.
    pub(super) fn decode<T: Deserialize<'b>>(&mut self) -> Option<T> {
        wire::decode(self.body)
            .map_err(|error| self.give_up(error.to_string()))
            .ok()
    }

    /// Demands HTTP 200 and the operation's own success code.
    pub(super) fn must_succeed(&mut self) {
        let success = self.operation.success();
        if self.status != 200 {
            self.give_up(format!(
                "HTTP {}; DOKU waits for 200 with {success}",
                self.status
            ));
        }
        match self.code.as_deref() {
            Some(code) if code == success.as_str() => {}
            // No public source shows the code of a token that a merchant issues.
            _ if self.operation == Operation::Token => {
                self.note("responseCode", "is not 2007300");
            }
            None | Some("") => self.wrong("responseCode", "is missing"),
            Some(code) => {
                let of_another =
                    ResponseCode::new(code.to_owned()).case() == Some(0) && code.starts_with("200");
                let hint = if of_another {
                    ", the success code of another operation"
                } else {
                    ""
                };
                self.give_up(format!(
                    "responseCode is {code}{hint}; DOKU waits for {success}"
                ));
            }
        }
        if self.message.is_none() {
            self.note("responseMessage", "is missing");
        }
    }

    /// Whether the answer is a success so far.
    pub(super) fn is_good(&self) -> bool {
        self.reason.is_none()
    }

    /// Something that DOKU could live with.
    pub(super) fn note(&mut self, field: &str, what: &'static str) {
        self.notes.push(Note {
            field: field.to_owned(),
            what: what.into(),
        });
    }

    /// Something without which the answer is no use.
    pub(super) fn wrong(&mut self, field: &str, what: &'static str) {
        self.note(field, what);
        self.give_up(format!("{field} {what}"));
    }

    fn give_up(&mut self, reason: String) {
        self.reason.get_or_insert(reason);
    }

    /// The text of a mandatory member.
    pub(super) fn mandatory<'t>(
        &mut self,
        field: &str,
        member: Option<&'t Text<'_>>,
    ) -> Option<&'t str> {
        let text = member.map(Text::as_str).filter(|text| !text.is_empty());
        if text.is_none() {
            self.note(field, "is missing");
        }
        text
    }

    /// A member that must repeat what was sent.
    pub(super) fn echo(&mut self, field: &str, member: Option<&Text<'_>>, sent: &str) {
        let significant = |text: &str| text.trim_start_matches([' ', '0']).to_owned();
        match self.mandatory(field, member) {
            None => {}
            Some(echoed) if echoed == sent => {}
            Some(echoed) if significant(echoed) == significant(sent) => {
                self.note(field, "is padded in another way than what was sent");
            }
            Some(_) => self.note(field, "is not what was sent"),
        }
    }

    /// The three numbers, which must repeat what was sent.
    pub(super) fn numbers(
        &mut self,
        sent: &Echo<'_>,
        partner_service_id: Option<&Text<'_>>,
        customer_no: Option<&Text<'_>>,
        virtual_account_no: Option<&Text<'_>>,
    ) {
        const DATA: &str = "virtualAccountData";
        self.echo(
            &format!("{DATA}.partnerServiceId"),
            partner_service_id,
            sent.partner_service_id,
        );
        self.echo(&format!("{DATA}.customerNo"), customer_no, sent.customer_no);
        self.echo(
            &format!("{DATA}.virtualAccountNo"),
            virtual_account_no,
            sent.virtual_account_no,
        );
    }

    /// The end of an answer that is no success in any case.
    pub(super) fn refuse(mut self, reason: &str) -> Judged {
        self.give_up(reason.to_owned());
        self.end(false)
    }

    /// The verdict; a strict DOKU takes no answer with something wrong in it.
    pub(super) fn end(mut self, strict: bool) -> Judged {
        if strict && let Some(note) = self.notes.first() {
            let reason = format!("the sandbox is strict, and {} {}", note.field, note.what);
            self.give_up(reason);
        }
        Judged {
            accepted: self.reason.is_none(),
            status: self.status,
            code: self.code,
            message: self.message,
            reason: self.reason,
            notes: self.notes,
        }
    }
}

/// The acknowledgement of a notification: HTTP 200 with `2002500`. What else is wrong with it is noted only.
pub(super) fn acknowledgement(
    heard: &Heard,
    sent: &Echo<'_>,
    name: Option<&str>,
    payment_request_id: &str,
) -> Judged {
    let mut reading = match Reading::begin(Operation::Payment, heard) {
        Ok(reading) => reading,
        Err(judged) => return judged,
    };
    reading.must_succeed();
    let Some(answer) = reading.decode::<PaymentResponse<'_>>() else {
        return reading.end(false);
    };
    if !reading.is_good() {
        return reading.end(false);
    }
    let Some(data) = &answer.virtual_account_data else {
        reading.note("virtualAccountData", "is missing");
        return reading.end(false);
    };
    reading.numbers(
        sent,
        data.partner_service_id.as_ref(),
        data.customer_no.as_ref(),
        data.virtual_account_no.as_ref(),
    );
    if let Some(name) = name {
        reading.echo(
            "virtualAccountData.virtualAccountName",
            data.virtual_account_name.as_ref(),
            name,
        );
    }
    reading.echo(
        "virtualAccountData.paymentRequestId",
        data.payment_request_id.as_ref(),
        payment_request_id,
    );
    reading.end(false)
}
