//! Bearers that the server did not issue, or not like this.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doku_sign::{AccessToken, MerchantPrivateKey};
use serde_json::{Map, Value, json};

use super::jws;
use super::target::Target;

/// How long a forged bearer claims to live.
const LIFE: Duration = Duration::from_secs(900);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Somebody who is neither the merchant nor DOKU.
const NOBODY: &str = "BRN-0000-0000000000000";

/// A kind of forged bearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forgery {
    AlgNone,
    /// `none` in another case.
    AlgNoneInCapitals,
    /// `none`, with somebody's signature all the same.
    AlgNoneSigned,
    /// HMAC, keyed with the public key.
    Hs256,
    AnotherKey,
    /// The forger's key, in the header itself.
    Jwk,
    /// The forger's key, at an address that the header names.
    Jku,
    /// A key id that is the path of an empty file, and nothing as the key.
    Kid,
    AlteredClaims,
    Expired,
    /// By the server's own key for good.
    NoExpiry,
    AnotherClient,
    AnotherIssuer,
    AnotherType,
    /// An extension that must be understood.
    Critical,
    /// A good one that goes on.
    Longer,
    Nonsense,
}

impl Forgery {
    /// Whether the server's own key signs it, so that refusing it proves something only where the server takes a good
    /// one of that make.
    pub(super) const fn is_by_own_key(self) -> bool {
        matches!(
            self,
            Self::Expired
                | Self::NoExpiry
                | Self::AnotherClient
                | Self::AnotherIssuer
                | Self::AnotherType
                | Self::Critical
        )
    }
}

/// What a genuine bearer says of itself.
struct Genuine {
    segments: Option<[String; 3]>,
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

impl Genuine {
    fn read(token: &AccessToken, client_id: &str) -> Self {
        let parts: Vec<String> = token.expose().split('.').map(str::to_owned).collect();
        let segments = <[String; 3]>::try_from(parts).ok();
        let decoded = |text: &String| {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            serde_json::from_slice::<Map<String, Value>>(&bytes).ok()
        };
        let read = segments
            .as_ref()
            .and_then(|[header, claims, _]| Some((decoded(header)?, decoded(claims)?)));
        let Some((header, claims)) = read else {
            let supposed = [("iss", client_id), ("clientId", client_id)];
            return Self {
                segments: None,
                header: object([("alg", "RS256"), ("typ", "JWT")]),
                claims: object(supposed),
            };
        };
        Self {
            segments,
            header,
            claims,
        }
    }

    /// The header, with these members.
    fn header(&self, members: Value) -> Value {
        let mut header = self.header.clone();
        if let Value::Object(members) = members {
            header.extend(members);
        }
        Value::Object(header)
    }

    /// The claims of a bearer that expires then, with these members.
    fn claims(&self, expires: SystemTime, members: Value) -> Value {
        let mut claims = self.claims.clone();
        claims.insert("exp".to_owned(), json!(seconds(expires)));
        for name in ["iat", "nbf"] {
            if let Some(moment) = claims.get_mut(name) {
                *moment = json!(seconds(expires - LIFE));
            }
        }
        if let Value::Object(members) = members {
            claims.extend(members);
        }
        Value::Object(claims)
    }

    /// Whichever of the names the claims have, or the first, with another value.
    fn renamed(&self, names: [&str; 2], value: &str) -> Value {
        let here = names
            .into_iter()
            .find(|name| self.claims.contains_key(*name));
        let [usual, _] = names;
        Value::Object(object([(here.unwrap_or(usual), value)]))
    }
}

/// A forged bearer, or why it cannot be made.
pub(super) fn forged(
    forgery: Forgery,
    genuine: &AccessToken,
    target: &Target,
    stranger: &MerchantPrivateKey,
) -> Result<AccessToken, String> {
    let read = Genuine::read(genuine, target.client_id.as_str());
    let now = SystemTime::now();
    let good = read.claims(now + LIFE, json!({}));
    let own = |header: Value, claims: Value| jws::rs256(own_key(target)?, &header, &claims);
    let strange = |header: Value| jws::rs256(stranger, &header, &good);
    match forgery {
        Forgery::AlgNone => Ok(jws::unsigned(&read.header(json!({ "alg": "none" })), &good)),
        Forgery::AlgNoneInCapitals => {
            Ok(jws::unsigned(&read.header(json!({ "alg": "NoNe" })), &good))
        }
        Forgery::AlgNoneSigned => strange(read.header(json!({ "alg": "none" }))),
        Forgery::Hs256 => {
            let pem = own_key(target)?
                .public_key()
                .to_pem()
                .map_err(|error| error.to_string())?;
            jws::hs256(
                pem.as_bytes(),
                &read.header(json!({ "alg": "HS256" })),
                &good,
            )
        }
        Forgery::AnotherKey => strange(read.header(json!({}))),
        Forgery::Jwk => strange(read.header(json!({ "jwk": jws::jwk(stranger)? }))),
        // A name that belongs to nobody, by RFC 2606: a server that asks there tells nobody of it.
        Forgery::Jku => strange(read.header(json!({
            "jku": "https://keys.invalid/jwks.json",
            "kid": "forged",
        }))),
        Forgery::Kid => jws::hs256(
            b"",
            &read.header(json!({ "alg": "HS256", "kid": "../../../../../../dev/null" })),
            &good,
        ),
        Forgery::AlteredClaims => {
            let [header, _, signature] = read
                .segments
                .as_ref()
                .ok_or("the server's tokens are no JWTs, so there are no claims to alter")?;
            let mut claims = read.claims.clone();
            claims.insert("exp".to_owned(), json!(seconds(now + 30 * DAY)));
            let claims = URL_SAFE_NO_PAD.encode(Value::Object(claims).to_string());
            Ok(AccessToken::new(format!("{header}.{claims}.{signature}")))
        }
        Forgery::Expired => own(
            read.header(json!({})),
            read.claims(now - 3 * DAY, json!({})),
        ),
        Forgery::NoExpiry => {
            let mut claims = read.claims.clone();
            for name in ["exp", "iat", "nbf"] {
                claims.remove(name);
            }
            own(read.header(json!({})), Value::Object(claims))
        }
        Forgery::AnotherClient => {
            let another = read.renamed(["clientId", "client_id"], NOBODY);
            own(read.header(json!({})), read.claims(now + LIFE, another))
        }
        Forgery::AnotherIssuer => {
            let another = read.renamed(["iss", "issuer"], "DOKU");
            own(read.header(json!({})), read.claims(now + LIFE, another))
        }
        Forgery::AnotherType => own(read.header(json!({ "typ": "at+jwt" })), good),
        Forgery::Critical => own(
            read.header(json!({ "crit": ["conformance"], "conformance": true })),
            good,
        ),
        Forgery::Longer => Ok(AccessToken::new(format!("{}AAAA", genuine.expose()))),
        Forgery::Nonsense => Ok(AccessToken::new("not-a-token")),
    }
}

/// A bearer of the merchant's own key with nothing wrong in it: where the server does not take this one, it issues its tokens in
/// another form, and refusing the forged ones would prove nothing.
pub(super) fn as_issued(genuine: &AccessToken, target: &Target) -> Result<AccessToken, String> {
    of_own_key(genuine, target, SystemTime::now() + LIFE)
}

/// The bearer that DOKU was given 12 hours ago, when it first told of a payment.
pub(super) fn of_twelve_hours_ago(
    genuine: &AccessToken,
    target: &Target,
) -> Result<AccessToken, String> {
    of_own_key(genuine, target, SystemTime::now() - 12 * HOUR + LIFE)
}

fn of_own_key(
    genuine: &AccessToken,
    target: &Target,
    expires: SystemTime,
) -> Result<AccessToken, String> {
    let read = Genuine::read(genuine, target.client_id.as_str());
    let claims = read.claims(expires, json!({}));
    jws::rs256(own_key(target)?, &read.header(json!({})), &claims)
}

fn own_key(target: &Target) -> Result<&MerchantPrivateKey, String> {
    target
        .merchant_key
        .as_ref()
        .ok_or_else(|| "it takes the merchant's own private key to make such a bearer".to_owned())
}

fn object<const N: usize>(members: [(&str, &str); N]) -> Map<String, Value> {
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect()
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
