//! What holds for every message: what is signed verifies, and nothing else does.

mod support;

use std::sync::LazyLock;

use doku_sign::{
    AccessToken, Backend, Bearer, ClientSecret, Digest, MerchantPrivateKey, MerchantPublicKey,
    MinifiedBody, NonSnapRequest, NonSnapResponse, NonSnapSignature, Signature, SnapTransaction,
    StringToSign,
};
use proptest::prelude::*;
use support::merchant;

/// A SNAP transaction and who signs it.
#[derive(Debug, Clone, PartialEq)]
struct Transaction {
    secret: String,
    method: String,
    path: String,
    token: String,
    body: Vec<u8>,
    timestamp: String,
}

impl Transaction {
    fn to_sign(&self) -> StringToSign<doku_sign::HmacSha512> {
        StringToSign::snap_transaction(
            &self.method,
            &self.path,
            &AccessToken::new(self.token.as_str()),
            &MinifiedBody::of(&self.body),
            &self.timestamp,
        )
    }

    /// Verified three times: the text written out, the parts where they lie, and begun before the body was there.
    fn verified_by(&self, secret: &ClientSecret, signature: &Signature) -> [bool; 3] {
        let token = AccessToken::new(self.token.as_str());
        let parts = SnapTransaction {
            method: &self.method,
            path: &self.path,
            token: Bearer::from(&token),
            body_hash: &MinifiedBody::of(&self.body).sha256_hex(),
            timestamp: &self.timestamp,
        };
        [
            secret.verify(&self.to_sign(), signature).is_ok(),
            secret.verify_transaction(&parts, signature).is_ok(),
            secret
                .begin_transaction(parts.method, parts.path, parts.token)
                .verify(parts.body_hash, parts.timestamp, signature)
                .is_ok(),
        ]
    }

    fn secret(&self) -> Option<ClientSecret> {
        ClientSecret::new(&self.secret).ok()
    }
}

fn transaction() -> impl Strategy<Value = Transaction> {
    (
        "SK-[A-Za-z0-9]{1,40}",
        "(POST|PUT|DELETE|GET)",
        "/[a-z0-9./-]{0,60}",
        // Both sides of several blocks of the hash.
        "[A-Za-z0-9._-]{1,600}",
        "\\{\"[a-z]{1,10}\":\"[ -!#-\\[\\]-~]{0,40}\"\\}",
        "20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](Z|\\+07:00)",
    )
        .prop_map(
            |(secret, method, path, token, body, timestamp)| Transaction {
                secret,
                method,
                path,
                token,
                body: body.into_bytes(),
                timestamp,
            },
        )
}

/// Flips one bit of a text, unless that makes it something other than ASCII.
fn flip(text: &str, at: prop::sample::Index, bit: u8) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let at = at.index(bytes.len());
    bytes[at] ^= 1 << (bit % 7);
    String::from_utf8(bytes).ok()
}

/// The merchant's key on every backend.
static KEYS: LazyLock<Vec<(MerchantPrivateKey, MerchantPublicKey)>> = LazyLock::new(|| {
    let on = |backend: &Backend| {
        let key = merchant().on(*backend).unwrap();
        let public = key.public_key();
        (key, public)
    };
    Backend::all().iter().map(on).collect()
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_signed_transaction_verifies_and_any_changed_bit_does_not(
        signed in transaction(),
        part in 0..6,
        at: prop::sample::Index,
        bit in 0_u8..7,
    ) {
        let signature = signed.secret().unwrap().sign(&signed.to_sign());
        let header = signature.to_base64();
        prop_assert_eq!(header.len(), 88);
        let presented = Signature::from_base64(&header).unwrap();
        prop_assert_eq!(signed.verified_by(&signed.secret().unwrap(), &presented), [true; 3]);

        let mut changed = signed.clone();
        match part {
            0 => changed.secret = flip(&changed.secret, at, bit).unwrap(),
            1 => changed.method = flip(&changed.method, at, bit).unwrap(),
            2 => changed.path = flip(&changed.path, at, bit).unwrap(),
            3 => changed.token = flip(&changed.token, at, bit).unwrap(),
            4 => {
                let at = at.index(changed.body.len());
                changed.body[at] ^= 1 << bit;
            }
            _ => changed.timestamp = flip(&changed.timestamp, at, bit).unwrap(),
        }
        prop_assume!(
            part != 4
                || MinifiedBody::of(&changed.body).as_bytes()
                    != MinifiedBody::of(&signed.body).as_bytes()
        );
        // A secret may have become one that is refused outright.
        if let Some(secret) = changed.secret() {
            prop_assert_eq!(changed.verified_by(&secret, &presented), [false; 3]);
        }
    }

    #[test]
    fn any_changed_bit_of_a_signature_is_refused(
        signed in transaction(),
        at: prop::sample::Index,
        bit in 0_u8..7,
    ) {
        let secret = signed.secret().unwrap();
        let header = secret.sign(&signed.to_sign()).to_base64();
        if let Some(Ok(signature)) = flip(&header, at, bit).as_deref().map(Signature::from_base64) {
            prop_assert_eq!(signed.verified_by(&secret, &signature), [false; 3]);
        }
        // A shortened signature is no signature either.
        let bytes = secret.sign(&signed.to_sign());
        let cut = &bytes.as_bytes()[..at.index(64)];
        use base64::Engine as _;
        let cut = base64::engine::general_purpose::STANDARD.encode(cut);
        if let Ok(signature) = Signature::from_base64(&cut) {
            prop_assert_eq!(signed.verified_by(&secret, &signature), [false; 3]);
        }
    }

    #[test]
    fn white_space_between_tokens_changes_nothing(signed in transaction()) {
        let spaced = String::from_utf8(signed.body.clone()).unwrap();
        let spaced = format!(" {}\r\n", spaced.replacen(":", " :\t", 1));
        let pretty = Transaction { body: spaced.into_bytes(), ..signed.clone() };
        let (signed, pretty) = (signed.to_sign(), pretty.to_sign());
        prop_assert_eq!(signed.as_bytes(), pretty.as_bytes());
    }

    #[test]
    fn non_snap_signatures_verify_and_any_other_part_does_not(
        secret in "SK-[A-Za-z0-9]{1,40}",
        parts in prop::array::uniform4("[A-Za-z0-9:/.-]{1,40}"),
        body in prop::option::of(prop::collection::vec(any::<u8>(), 0..80)),
        changed in 0_usize..4,
        at: prop::sample::Index,
        bit in 0_u8..7,
    ) {
        let secret = ClientSecret::new(&secret).unwrap();
        let digest = body.as_deref().map(Digest::of);
        let to_sign = |parts: &[String; 4]| {
            StringToSign::non_snap_request(&NonSnapRequest {
                client_id: &parts[0],
                request_id: &parts[1],
                request_timestamp: &parts[2],
                request_target: &parts[3],
                digest: digest.as_ref(),
            })
        };
        let header = secret.sign_non_snap(&to_sign(&parts)).to_header();
        let signature = NonSnapSignature::from_header(&header).unwrap();
        secret.verify_non_snap(&to_sign(&parts), &signature).unwrap();

        let mut other = parts.clone();
        other[changed] = flip(&other[changed], at, bit).unwrap();
        prop_assert!(secret.verify_non_snap(&to_sign(&other), &signature).is_err());

        // A response is not a request.
        let response = StringToSign::non_snap_response(&NonSnapResponse {
            client_id: &parts[0],
            request_id: &parts[1],
            response_timestamp: &parts[2],
            request_target: &parts[3],
            digest: digest.as_ref(),
        });
        prop_assert!(secret.verify_non_snap(&response, &signature).is_err());
    }

    #[test]
    fn differences_are_found_in_any_texts(ours in any::<[String; 3]>(), theirs in any::<[String; 3]>()) {
        let to_sign = |parts: &[String; 3]| {
            StringToSign::snap_transaction(
                &parts[0],
                &parts[1],
                &AccessToken::new(parts[2].as_str()),
                &MinifiedBody::empty(),
                "now",
            )
        };
        let difference = to_sign(&ours).first_difference(&to_sign(&theirs));
        prop_assert_eq!(difference.is_none(), ours == theirs);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn rsa_signatures_verify_and_any_changed_bit_does_not(
        client_id in "[A-Z]{3}-[0-9]{4}-[0-9]{13}",
        timestamp in "[0-9T:+-]{20,25}",
        which in 0..3,
        at: prop::sample::Index,
        bit in 0_u8..7,
    ) {
        let to_sign = StringToSign::snap_token(&client_id, &timestamp);
        let (key, _) = &KEYS[0];
        let header = key.sign(&to_sign).unwrap().to_base64();
        let presented = Signature::from_base64(&header).unwrap();
        for (other, public) in KEYS.iter() {
            prop_assert_eq!(&other.sign(&to_sign).unwrap().to_base64(), &header);
            public.verify(&to_sign, &presented).unwrap();
            let refused = match which {
                0 => {
                    let client_id = flip(&client_id, at, bit).unwrap();
                    public.verify(&StringToSign::snap_token(&client_id, &timestamp), &presented)
                }
                1 => {
                    let timestamp = flip(&timestamp, at, bit).unwrap();
                    public.verify(&StringToSign::snap_token(&client_id, &timestamp), &presented)
                }
                _ => match Signature::from_base64(&flip(&header, at, bit).unwrap()) {
                    Ok(changed) => public.verify(&to_sign, &changed),
                    Err(_) => continue,
                },
            };
            prop_assert!(refused.is_err());
        }
    }
}
