//! The cases: what is sent, what must happen, why it matters, and how to mend it. One file an endpoint.

mod inquiry;
mod payment;
mod payment_attacks;
mod token;

use doku_model::Operation;

use super::alteration::Alteration;
use super::verdict::Must;

/// One thing that is tried.
#[derive(Debug)]
#[non_exhaustive]
pub struct Case {
    /// The endpoint, a slash, and a name: `payment/alg-none`.
    pub name: &'static str,
    /// What is sent.
    pub sent: &'static str,
    /// What must happen.
    pub must: Must,
    /// Why it matters.
    pub why: &'static str,
    /// How to mend it.
    pub mend: &'static str,
    pub(super) operation: Operation,
    pub(super) alteration: Alteration,
}

/// Inquiries come before payments: a number that has been paid may no longer be answered about.
pub(super) fn all() -> impl Iterator<Item = &'static Case> {
    token::CASES
        .iter()
        .chain(inquiry::CASES)
        .chain(payment::CASES)
        .chain(payment_attacks::CASES)
}

// Why, and how to mend it, where several cases share an answer.

const NO_TOKEN: &str =
    "Without a token DOKU can neither inquire nor notify: no payment is ever heard of.";
const TOKEN_FORGED: &str = "Whoever gets a token may go on to inquire and to notify.";
const TOKEN_CHECK: &str = "Verify X-SIGNATURE with DOKU's public key over `X-CLIENT-KEY|X-TIMESTAMP`, and only then issue.";
const LOST: &str = "The payment was made. A notification that is refused three more times is money nobody heard of.";
const NO_SALE: &str = "The payer stands at the machine and is told that there is nothing to pay.";
const FORGED: &str = "Whoever can send this can make you believe in a payment that nobody made.";
const SPIED: &str = "Whoever can send this reads names and bills of your customers.";
const CHECK_HMAC: &str = "Compute HMAC-SHA512 over `METHOD:path:token:sha256(minified body):X-TIMESTAMP` with your client secret, from what arrived, and compare in constant time.";
const CHECK_BEARER: &str = "Verify the bearer with your own public key and RS256 alone, then issuer, client id and expiry. Never take the algorithm or a key from the token.";
const READ_LENIENTLY: &str = "Read leniently what is signed: ignore unknown members, take numbers for texts, and compare virtual account numbers without blanks and zeros in front.";
const STRICT_HEADERS: &str =
    "Refuse a call that lacks one of X-TIMESTAMP, X-SIGNATURE and Authorization, or has it twice.";
const TOKEN_HEADERS: &str = "Refuse a request for a token that lacks one of X-CLIENT-KEY, X-TIMESTAMP and X-SIGNATURE, has it twice, or has nothing in it.";
const TOKEN_MOMENT: &str = "Read X-TIMESTAMP as ISO 8601, and refuse what is no moment or lies more than a few minutes from your clock, however well it is signed: it is what keeps an old request from being sent again.";
const OTHER_BYTES: &str = "Decode the base64 of both signatures and compare the bytes, in constant time: capitals and small letters are different bytes.";
const CHECK_BODY: &str = "Compute the HMAC over the bytes that arrived, minified, before anything parses them: what is parsed and written again has other bytes.";
const ANY_MOMENT: &str = "Take X-TIMESTAMP as it is written into the signature, and read it as ISO 8601 with any offset and any fraction.";
const NO_CHANNEL: &str = "Decide nothing by CHANNEL-ID: nobody signs it.";
const AFTERWARDS: &str = "Go on serving genuine calls, whatever came before: do not lock DOKU out for what somebody else sent.";
const BOUNDED: &str =
    "Limit what is read of a body before anything else, and let a parser limit its depth.";
