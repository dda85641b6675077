//! How a genuine call becomes the one that a case sends: another form that DOKU has, or something that DOKU never does.

use std::time::Duration;

use doku_sign::{AccessToken, ClientSecret, DokuPrivateKey, MerchantPrivateKey};
use hyper::Method;
use serde_json::json;

use super::draft::{Change, Draft, now};
use super::forgery::{self, Forgery, forged};
use super::payable::{Form, changed};
use super::spoil;
use super::target::Target;
use super::written::{self, Altered, Writing};
use crate::config::{ExternalIdForm, Members, Padding, TimestampForm};
use crate::outbound::form;

/// Somebody who is not the merchant.
const NOBODY: &str = "BRN-0000-0000000000000";

/// How long after the first time DOKU tells of a payment for the last time.
const LAST_RESEND: Duration = Duration::from_secs(12 * 60 * 60);

/// What is other than usual about a call.
#[derive(Debug, Clone, Copy)]
pub(super) enum Alteration {
    Nothing,
    Padding(Padding),
    Timestamps(TimestampForm),
    LongExternalId,
    LowerCaseBearer,
    Channel(Option<&'static str>),
    /// X-PARTNER-ID names DOKU and not the merchant.
    PartnerOfDoku,
    Mandatory,
    /// The body is another one, and signed as it is.
    Body(Writing),
    /// Twice the same bytes.
    Again,
    /// Twice the same payment, signed anew.
    AgainFresh,
    /// Twice the same payment, signed anew, with the number padded otherwise.
    AgainPadded,
    /// What was sent 12 hours ago, byte for byte, its bearer included.
    AgainLate,
    /// X-TIMESTAMP lies so far back, and is signed.
    Stale(Duration),
    /// X-TIMESTAMP lies ahead, and is signed.
    Early(Duration),
    /// X-TIMESTAMP is no moment, and is signed.
    NoMoment,
    /// X-TIMESTAMP is the moment that was signed, in another writing.
    TimestampRewritten,
    Forged(Forgery),
    NoBearer,
    OtherScheme,
    OtherPath,
    OtherMethodSigned,
    OtherTimestamp,
    OtherToken,
    TokenWithWord,
    OtherSecret,
    OtherKey,
    /// The merchant's own key signs a request for a token.
    OwnKey,
    OtherClient,
    /// X-CLIENT-KEY is another one than was signed.
    ClientChanged,
    Hex,
    CutShort,
    Longer,
    OtherCase,
    Unsigned,
    Header(&'static str, Change),
    Put,
    /// The body is not the one that was signed.
    Altered(Altered),
    HugeBody,
}

impl Alteration {
    /// How the body is written.
    pub(super) fn form(self) -> Form {
        let usual = Form::default();
        match self {
            Self::Padding(padding) => Form { padding, ..usual },
            Self::Timestamps(timestamp) => Form { timestamp, ..usual },
            Self::Mandatory => Form {
                members: Members::Mandatory,
                ..usual
            },
            _ => usual,
        }
    }

    /// Whether the call is made twice, and then how the second time.
    pub(super) const fn repeats(self) -> Option<Repeat> {
        match self {
            Self::Again => Some(Repeat::Identical),
            Self::AgainFresh => Some(Repeat::Anew),
            Self::AgainPadded => Some(Repeat::Padded),
            _ => None,
        }
    }

    /// Whether it proves something only where the server takes a bearer of its own key that it has not issued itself.
    pub(super) const fn takes_own_bearer(self) -> bool {
        match self {
            Self::AgainLate => true,
            Self::Forged(forgery) => forgery.is_by_own_key(),
            _ => false,
        }
    }

    /// Whether it gives the payment an id of its own.
    pub(super) const fn makes_another_payment(self) -> bool {
        matches!(self, Self::Body(Writing::LongestId))
    }
}

/// How a call is made a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// Byte for byte.
    Identical,
    /// The same payment in another call.
    Anew,
    /// The same, with the number padded otherwise.
    Padded,
}

/// Keys and secrets of somebody who is neither DOKU nor the merchant.
pub(super) struct Stranger {
    pub(super) doku: DokuPrivateKey,
    pub(super) merchant: MerchantPrivateKey,
    pub(super) secret: ClientSecret,
}

impl Stranger {
    /// Takes seconds.
    pub(super) fn make() -> Result<Self, String> {
        let failed = |error: doku_sign::KeyError| error.to_string();
        let merchant = MerchantPrivateKey::generate(2048).map_err(failed)?;
        let pem = merchant.to_pkcs8_pem().map_err(failed)?;
        Ok(Self {
            // One stranger plays both parts.
            doku: DokuPrivateKey::from_pem(&pem).map_err(failed)?,
            merchant,
            secret: ClientSecret::new("SK-0000000000000000").map_err(|error| error.to_string())?,
        })
    }
}

/// Makes a call the one that is to be sent; an error says why it cannot be made.
pub(super) fn apply(
    alteration: Alteration,
    draft: &mut Draft,
    target: &Target,
    stranger: &Stranger,
) -> Result<(), String> {
    let before = |by: Duration| form::timestamp(TimestampForm::Wib, now() - by);
    match alteration {
        Alteration::Nothing
        | Alteration::Padding(_)
        | Alteration::Mandatory
        | Alteration::Again
        | Alteration::AgainFresh
        | Alteration::AgainPadded => {}
        Alteration::AgainLate => late(draft, target)?,
        Alteration::Timestamps(form) => draft.timestamp = form::timestamp(form, now()),
        Alteration::LongExternalId => {
            draft.external_id = form::external_id(ExternalIdForm::Long, now(), 1);
        }
        Alteration::LowerCaseBearer => draft.bearer_word = "bearer",
        Alteration::OtherScheme => draft.bearer_word = "Basic",
        Alteration::Channel(channel) => draft.channel = channel.map(str::to_owned),
        // As in DOKU's sample of a notification.
        Alteration::PartnerOfDoku => draft.partner_id = Some("821508239190"),
        Alteration::Stale(by) => draft.timestamp = before(by),
        Alteration::Early(by) => draft.timestamp = form::timestamp(TimestampForm::Wib, now() + by),
        Alteration::NoMoment => draft.timestamp = "yesterday".to_owned(),
        Alteration::TimestampRewritten => {
            let moment = now();
            draft.signed.timestamp = Some(form::timestamp(TimestampForm::Wib, moment));
            draft.timestamp = form::timestamp(TimestampForm::Utc, moment);
        }
        Alteration::Forged(forgery) => {
            let genuine = draft.bearer.clone().unwrap_or_else(AccessToken::empty);
            draft.bearer = Some(forged(forgery, &genuine, target, &stranger.merchant)?);
        }
        Alteration::NoBearer => draft.bearer = None,
        Alteration::OtherPath => draft.signed.path = Some("/v1/transfer-va/another".to_owned()),
        Alteration::OtherMethodSigned => draft.signed.method = Some("GET"),
        Alteration::OtherTimestamp => {
            draft.signed.timestamp = Some(before(Duration::from_secs(60)));
        }
        Alteration::OtherToken => draft.signed.token = Some(AccessToken::new("another")),
        Alteration::TokenWithWord => {
            let token = draft.bearer.as_ref().map_or("", AccessToken::expose);
            draft.signed.token = Some(AccessToken::new(format!("Bearer {token}")));
        }
        Alteration::OtherSecret => draft.signed.secret = Some(stranger.secret.clone()),
        Alteration::OtherKey => draft.signed.key = Some(stranger.doku.clone()),
        Alteration::OwnKey => draft.signed.key = Some(own_key_as_dokus(target)?),
        Alteration::OtherClient => draft.client_id = NOBODY.to_owned(),
        Alteration::ClientChanged => {
            draft.signed.client_id = Some(draft.client_id.clone());
            draft.client_id = NOBODY.to_owned();
        }
        Alteration::Hex => draft.spoil = Some(spoil::hex),
        Alteration::CutShort => draft.spoil = Some(spoil::cut_short),
        Alteration::Longer => draft.spoil = Some(spoil::longer),
        Alteration::OtherCase => draft.spoil = Some(spoil::other_case),
        Alteration::Unsigned => draft.spoil = Some(spoil::zeros),
        Alteration::Header(name, change) => {
            draft.change = Some((name, change));
            draft.alone = matches!(change, Change::Stretched);
        }
        Alteration::Put => draft.method = Method::PUT,
        Alteration::Body(writing) => draft.body = writing.of(&draft.body, draft.operation),
        Alteration::Altered(altered) => {
            let (signed, sent) = altered.of(&draft.body, draft.operation);
            draft.signed.body = Some(signed);
            draft.body = sent;
        }
        Alteration::HugeBody => {
            draft.body = written::huge(&draft.body);
            draft.spoil = Some(spoil::zeros);
            draft.alone = true;
        }
    }
    Ok(())
}

/// The call as it was made 12 hours ago.
fn late(draft: &mut Draft, target: &Target) -> Result<(), String> {
    let then = form::timestamp(TimestampForm::Wib, now() - LAST_RESEND);
    let genuine = draft.bearer.clone().unwrap_or_else(AccessToken::empty);
    draft.bearer = Some(forgery::of_twelve_hours_ago(&genuine, target)?);
    draft.body = changed(&draft.body, "trxDateTime", |_| json!(then));
    draft.timestamp = then;
    Ok(())
}

/// The merchant's key in DOKU's place.
fn own_key_as_dokus(target: &Target) -> Result<DokuPrivateKey, String> {
    let own = target.merchant_key.as_ref();
    let own = own.ok_or("it takes the merchant's own private key to sign such a request")?;
    if target.doku_key.as_ref().map(DokuPrivateKey::fingerprint) == Some(own.fingerprint()) {
        return Err("the merchant's key is the one that was given for DOKU's".to_owned());
    }
    let pem = own.to_pkcs8_pem().map_err(|error| error.to_string())?;
    DokuPrivateKey::from_pem(&pem).map_err(|error| error.to_string())
}
