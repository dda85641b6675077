//! Who pays: name, e-mail and phone. Personal data, so `Debug` shows a length and errors show a rule.

use super::rule;
use super::text::text_value;
use crate::error::{Fault, FieldError};

text_value! {
    /// The name shown to the payer at the ATM: 1 to 255 letters, digits, blanks and `. - / + , = _ : ' @ %`.
    ///
    /// Source: DOKU documentation (length), the official SDKs (characters).
    ///
    /// ```
    /// use doku_model::VirtualAccountName;
    ///
    /// let name: VirtualAccountName = "Budi Santoso".parse()?;
    /// assert_eq!(format!("{name:?}"), "VirtualAccountName(12 characters)");
    /// assert!("Budi; Santoso".parse::<VirtualAccountName>().is_err());
    /// # Ok::<(), doku_model::FieldError>(())
    /// ```
    personal VirtualAccountName, "virtualAccountName", |text| {
        rule::length("virtualAccountName", text, 1, 255)?;
        rule::characters(
            "virtualAccountName",
            text,
            "letters, digits, blanks and . - / + , = _ : ' @ %",
            |c| {
                c.is_ascii_alphanumeric()
                    || matches!(
                        c,
                        ' ' | '.' | '-' | '/' | '+' | ',' | '=' | '_' | ':' | '\'' | '@' | '%'
                    )
            },
        )
    }
}

text_value! {
    /// The payer's e-mail address: at most 255 characters, one `@`, a dot in the domain, no blanks.
    ///
    /// Source: DOKU documentation. The check is meant to catch slips, not to prove that the mailbox exists.
    personal VirtualAccountEmail, "virtualAccountEmail", |text| {
        const FIELD: &str = "virtualAccountEmail";
        rule::length(FIELD, text, 1, 255)?;
        rule::characters(FIELD, text, "printable ASCII characters without blanks", |c| {
            c.is_ascii_graphic() && c != '"' && c != '\\'
        })?;
        let well_formed = text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && !domain.contains('@')
                && domain.contains('.')
                && domain.split('.').all(|label| !label.is_empty())
        });
        if well_formed {
            Ok(())
        } else {
            Err(FieldError::new(FIELD, Fault::Format { expected: "an address such as name@example.id" }))
        }
    }
}

text_value! {
    /// The payer's phone number: 9 to 30 characters, digits with perhaps a `+` before them; usually `62…`.
    ///
    /// Source: DOKU documentation, whose own samples begin with `08`.
    personal VirtualAccountPhone, "virtualAccountPhone", |text| {
        const FIELD: &str = "virtualAccountPhone";
        rule::length(FIELD, text, 9, 30)?;
        let mut first = true;
        rule::characters(FIELD, text, "digits, and + in front", |c| {
            let leading = std::mem::take(&mut first);
            c.is_ascii_digit() || (leading && c == '+')
        })
    }
}
