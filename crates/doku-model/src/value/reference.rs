//! The references that tie calls, orders and payments together.

use super::rule;
use super::text::text_value;

text_value! {
    /// The merchant's invoice number: 1 to 64 printable ASCII characters, unique per virtual account.
    ///
    /// Source: DOKU documentation (length). Blanks at the ends are refused: they get lost on the way.
    ///
    /// ```
    /// use doku_model::TrxId;
    ///
    /// assert!("INV-2026/0001".parse::<TrxId>().is_ok());
    /// assert!("".parse::<TrxId>().is_err());
    /// # Ok::<(), doku_model::FieldError>(())
    /// ```
    open TrxId, "trxId", |text| {
        rule::length("trxId", text, 1, 64)?;
        rule::identifier("trxId", text)
    }
}

text_value! {
    /// X-EXTERNAL-ID, the idempotency key of one call: 1 to 36 digits, unique within the day.
    ///
    /// Source: DOKU documentation (numeric, unique within the day), SNAP BI (36). This is the form we send; what
    /// arrives from DOKU may be longer and alphanumeric and is never forced into this type.
    open ExternalId, "X-EXTERNAL-ID", |text| {
        rule::length("X-EXTERNAL-ID", text, 1, 36)?;
        rule::digits("X-EXTERNAL-ID", text)
    }
}

text_value! {
    /// The id of one inquiry, made by DOKU: 1 to 128 characters.
    open InquiryRequestId, "inquiryRequestId", |text| {
        rule::length("inquiryRequestId", text, 1, 128)?;
        rule::printable("inquiryRequestId", text)
    }
}

text_value! {
    /// The id of one payment, made by DOKU: 1 to 128 characters. The natural key of a notification.
    open PaymentRequestId, "paymentRequestId", |text| {
        rule::length("paymentRequestId", text, 1, 128)?;
        rule::printable("paymentRequestId", text)
    }
}

text_value! {
    /// The merchant's client id at DOKU, sent as X-CLIENT-KEY and X-PARTNER-ID: `BRN-…` or `MCH-…`, 1 to 64
    /// printable ASCII characters, no `|` (it separates the parts of the token's string-to-sign).
    open ClientId, "clientId", |text| {
        rule::length("clientId", text, 1, 64)?;
        rule::characters("clientId", text, "printable ASCII characters without blanks and |", |c| {
            c.is_ascii_graphic() && c != '|'
        })
    }
}
