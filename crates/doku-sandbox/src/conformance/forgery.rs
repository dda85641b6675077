//! Bearers that the server did not issue, or not like this.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doku_sign::{AccessToken, MerchantPrivateKey, MerchantToken, TokenParties};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::target::Target;

/// How long a forged bearer claims to live.
const LIFE: Duration = Duration::from_secs(900);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A kind of forged bearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forgery {
    AlgNone,
    Hs256,
    AnotherKey,
    AlteredClaims,
    Nonsense,
    Expired,
    AnotherClient,
}

/// What a genuine bearer says of itself.
struct Genuine<'t> {
    segments: Option<[&'t str; 3]>,
    claims: Value,
}

impl Genuine<'_> {
    fn read<'t>(token: &'t AccessToken, client_id: &str) -> Genuine<'t> {
        let parts: Vec<&str> = token.expose().split('.').collect();
        let segments = <[&str; 3]>::try_from(parts).ok();
        let claims = segments.and_then(|[_, claims, _]| {
            let bytes = URL_SAFE_NO_PAD.decode(claims).ok()?;
            serde_json::from_slice(&bytes).ok().filter(Value::is_object)
        });
        let supposed = json!({ "exp": seconds(SystemTime::now() + LIFE), "iss": client_id, "clientId": client_id });
        Genuine {
            segments: segments.filter(|_| claims.is_some()),
            claims: claims.unwrap_or(supposed),
        }
    }

    fn text(&self, names: [&str; 2], otherwise: &str) -> String {
        let found = names
            .iter()
            .find_map(|name| self.claims.get(name)?.as_str());
        found.unwrap_or(otherwise).to_owned()
    }
}

/// A forged bearer, or why it cannot be made.
pub(super) fn forged(
    forgery: Forgery,
    genuine: &AccessToken,
    target: &Target,
    stranger: &MerchantPrivateKey,
) -> Result<AccessToken, String> {
    let client_id = target.client_id.as_str();
    let read = Genuine::read(genuine, client_id);
    let issuer = read.text(["iss", "issuer"], client_id);
    let client = read.text(["clientId", "client_id"], client_id);
    let own = || {
        target.merchant_key.as_ref().ok_or_else(|| {
            "it takes the merchant's own private key to make such a bearer".to_owned()
        })
    };
    let issued = |key: &MerchantPrivateKey, client_id: &str, now: SystemTime| {
        let parties = TokenParties {
            issuer: &issuer,
            client_id,
        };
        MerchantToken::issue(key, parties, now, LIFE).map_err(|error| error.to_string())
    };
    let now = SystemTime::now();
    match forgery {
        Forgery::AlgNone => Ok(AccessToken::new(format!(
            "{}.",
            signed_part("none", &read.claims)
        ))),
        Forgery::Hs256 => {
            let pem = own()?
                .public_key()
                .to_pem()
                .map_err(|error| error.to_string())?;
            let signed = signed_part("HS256", &read.claims);
            let mut mac = Hmac::<Sha256>::new_from_slice(pem.as_bytes())
                .map_err(|error| error.to_string())?;
            mac.update(signed.as_bytes());
            let tag = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
            Ok(AccessToken::new(format!("{signed}.{tag}")))
        }
        Forgery::AnotherKey => issued(stranger, &client, now),
        Forgery::AlteredClaims => {
            let [header, _, signature] = read
                .segments
                .ok_or("the server's tokens are no JWTs, so there are no claims to alter")?;
            let mut claims = read.claims.clone();
            if let Some(members) = claims.as_object_mut() {
                members.insert("exp".to_owned(), json!(seconds(now + 30 * DAY)));
            }
            let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
            Ok(AccessToken::new(format!("{header}.{claims}.{signature}")))
        }
        Forgery::Nonsense => Ok(AccessToken::new("not-a-token")),
        Forgery::Expired => issued(own()?, &client, now - 3 * DAY),
        Forgery::AnotherClient => issued(own()?, "BRN-0000-0000000000000", now),
    }
}

/// A bearer of the merchant's own key with nothing wrong in it: where the server does not take this one, it issues its tokens in
/// another form, and refusing the forged ones would prove nothing.
pub(super) fn as_issued(genuine: &AccessToken, target: &Target) -> Result<AccessToken, String> {
    let client_id = target.client_id.as_str();
    let read = Genuine::read(genuine, client_id);
    let key = target
        .merchant_key
        .as_ref()
        .ok_or("it takes the merchant's own private key to make such a bearer")?;
    let (issuer, client_id) = (
        read.text(["iss", "issuer"], client_id),
        read.text(["clientId", "client_id"], client_id),
    );
    let parties = TokenParties {
        issuer: &issuer,
        client_id: &client_id,
    };
    MerchantToken::issue(key, parties, SystemTime::now(), LIFE).map_err(|error| error.to_string())
}

fn signed_part(alg: &str, claims: &Value) -> String {
    let header = json!({ "alg": alg, "typ": "JWT" });
    format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    )
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
