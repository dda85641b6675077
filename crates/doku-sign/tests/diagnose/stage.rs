//! A request, and a second opinion on how to sign: no code of the crate, but the formulas by hand.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doku_sign::diagnose::{Case, Cause, Diagnosis, Presented};
use doku_sign::{AccessToken, ClientSecret, DokuPublicKey, MerchantPublicKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};

use crate::support;

pub(crate) const SECRET: &str = "SK-PENANDA7RAHASIA";
pub(crate) const OLD_SECRET: &str = "SK-PENANDA6KEMARIN";
pub(crate) const TOKEN: &str = "eyJPENANDA8TOKEN.abc";
pub(crate) const OTHER_TOKEN: &str = "eyJPENANDA9LAINNYA.xyz";
pub(crate) const CLIENT: &str = "MCH-0008";
pub(crate) const PATH: &str = "/virtual-accounts/bi-snap-va/v1.1/transfer-va/create-va";
pub(crate) const TIME: &str = "2026-09-04T07:00:00+07:00";
/// What a merchant sends, with something in it for every habit of every library.
pub(crate) const BODY: &str = r#"{
  "partnerServiceId": "   19008",
  "customerNo": "6",
  "virtualAccountName": "Andr\u00e9 d'Café & Co <x=1>",
  "amount": 10000.00,
  "url": "https://toko.id/a"
}"#;

pub(crate) fn compact() -> String {
    r#"{"partnerServiceId":"   19008","customerNo":"6","virtualAccountName":"Andr\u00e9 d'Café & Co <x=1>","amount":10000.00,"url":"https://toko.id/a"}"#.to_owned()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

pub(crate) fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text))
}

pub(crate) fn hmac512(secret: &str, text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

pub(crate) fn hmac256(secret: &str, text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// RSA over any text at all, by openssl.
pub(crate) fn rsa(pem: &str, hash: &str, text: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name| folder.path().join(name).display().to_string();
    std::fs::write(path("key"), pem).unwrap();
    support::openssl(
        &[
            "dgst",
            hash,
            "-sign",
            &path("key"),
            "-out",
            &path("signature"),
        ],
        text,
    );
    std::fs::read(path("signature")).unwrap()
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// What goes into a string-to-sign, all of it right until it is changed.
#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) token: String,
    pub(crate) hash: String,
    pub(crate) time: String,
}

impl Signed {
    pub(crate) fn right() -> Self {
        Self {
            method: "POST".to_owned(),
            path: PATH.to_owned(),
            token: TOKEN.to_owned(),
            hash: sha256(&compact()),
            time: TIME.to_owned(),
        }
    }

    pub(crate) fn text(&self) -> String {
        let Self {
            method,
            path,
            token,
            hash,
            time,
        } = self;
        format!("{method}:{path}:{token}:{hash}:{time}")
    }

    pub(crate) fn signature(&self) -> String {
        base64(&hmac512(SECRET, &self.text()))
    }
}

/// The right text but for one change.
pub(crate) fn but(change: impl FnOnce(&mut Signed)) -> String {
    let mut signed = Signed::right();
    change(&mut signed);
    signed.signature()
}

pub(crate) struct Stage {
    pub(crate) secret: ClientSecret,
    pub(crate) old_secret: ClientSecret,
    pub(crate) token: AccessToken,
    pub(crate) other_token: AccessToken,
    pub(crate) merchant: MerchantPublicKey,
    pub(crate) doku: DokuPublicKey,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self {
            secret: ClientSecret::new(SECRET).unwrap(),
            old_secret: ClientSecret::new(OLD_SECRET).unwrap(),
            token: AccessToken::new(TOKEN),
            other_token: AccessToken::new(OTHER_TOKEN),
            merchant: support::merchant().public_key(),
            doku: support::doku().public_key(),
        }
    }

    pub(crate) fn presented<'a>(&'a self, signature: &'a str) -> Presented<'a> {
        Presented {
            method: "POST",
            path: PATH,
            timestamp: TIME,
            token: Some(&self.token),
            client_id: CLIENT,
            body: BODY.as_bytes(),
            signature,
        }
    }

    /// Everything that a merchant or DOKU would know.
    pub(crate) fn informed<'a>(&'a self, case: Case<'a>) -> Case<'a> {
        case.also(&self.old_secret)
            .also(&self.merchant)
            .also(&self.doku)
            .also_token(&self.other_token)
            .sent_to("https://toko.example/doku/notify")
    }

    pub(crate) fn transaction<'a>(&'a self, signature: &'a str) -> Case<'a> {
        self.informed(Case::transaction(self.presented(signature), &self.secret))
    }

    pub(crate) fn token_request<'a>(&'a self, signature: &'a str) -> Case<'a> {
        Case::token_request(self.presented(signature), &self.merchant)
            .also(&self.secret)
            .also(&self.doku)
    }

    pub(crate) fn asymmetric<'a>(&'a self, signature: &'a str) -> Case<'a> {
        Case::asymmetric_transaction(self.presented(signature), &self.merchant)
            .also(&self.secret)
            .also(&self.doku)
    }
}

pub(crate) fn causes(diagnosis: &Diagnosis) -> Vec<Cause> {
    diagnosis.findings.iter().map(|found| found.cause).collect()
}

/// Exactly these causes, and the signature made again with them.
#[track_caller]
pub(crate) fn proves(diagnosis: &Diagnosis, expected: &[Cause]) {
    assert_eq!(causes(diagnosis), expected, "{diagnosis}");
    assert!(diagnosis.findings.iter().all(|found| found.proven));
    assert!(diagnosis.is_explained() && !diagnosis.is_right);
}
