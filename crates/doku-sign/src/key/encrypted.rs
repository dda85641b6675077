//! Opening a private key that a passphrase protects.
//!
//! Two forms are read: PBES2, which `openssl` has made by default since 1.1, and the PKCS#12 form
//! `PBE-SHA1-3DES`, which DOKU's instructions for merchants produce
//! (`openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES`).

use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, KeyIvInit as _};
use des::TdesEde3;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{Decode as _, Reader as _, SliceReader};
use pkcs8::pkcs5::pbes2::{Kdf, PBES2_OID};
use pkcs8::{EncryptedPrivateKeyInfoRef, ObjectIdentifier, pkcs5, spki};
use pkcs12::kdf::{Pkcs12KeyType, derive_key};
use sha1::Sha1;
use zeroize::Zeroizing;

use super::error::KeyError;
use super::shape::Encrypted;

/// `pbeWithSHAAnd3-KeyTripleDES-CBC` (RFC 7292, appendix C).
const PBE_SHA1_3DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");

/// The cost of opening a key is written in the key. These bounds keep a forged one from holding
/// the process for minutes; `openssl` writes 2,048 rounds and 16 MiB.
const MAX_ROUNDS: u32 = 10_000_000;
const MAX_SCRYPT_BYTES: u64 = 256 << 20;
const MAX_SCRYPT_LANES: u16 = 16;

/// Decrypts to the DER of a PKCS#8 private key.
pub(super) fn open(
    encrypted: &Encrypted<'_>,
    passphrase: &str,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    match encrypted.algorithm.oid {
        PBES2_OID => open_pbes2(encrypted, passphrase),
        PBE_SHA1_3DES => open_pbe_sha1_3des(encrypted, passphrase),
        _ => Err(KeyError::UnsupportedEncryption),
    }
}

fn open_pbes2(encrypted: &Encrypted<'_>, passphrase: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let info = EncryptedPrivateKeyInfoRef::from_der(encrypted.der)
        .map_err(|_| KeyError::UnsupportedEncryption)?;
    let scheme = info
        .encryption_algorithm
        .pbes2()
        .ok_or(KeyError::UnsupportedEncryption)?;
    if !affordable(&scheme.kdf) {
        return Err(KeyError::UnsupportedEncryption);
    }
    scheme
        .decrypt(passphrase, encrypted.data)
        .map(Zeroizing::new)
        .map_err(|error| match error {
            pkcs5::Error::DecryptFailed => KeyError::WrongPassphrase,
            _ => KeyError::UnsupportedEncryption,
        })
}

fn affordable(kdf: &Kdf) -> bool {
    match kdf {
        Kdf::Pbkdf2(params) => params.iteration_count <= MAX_ROUNDS,
        Kdf::Scrypt(params) => {
            let bytes = params
                .cost_parameter
                .saturating_mul(u64::from(params.block_size) * 128);
            bytes <= MAX_SCRYPT_BYTES && params.parallelization <= MAX_SCRYPT_LANES
        }
        _ => false,
    }
}

fn open_pbe_sha1_3des(
    encrypted: &Encrypted<'_>,
    passphrase: &str,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let (salt, rounds) = pbe_parameters(encrypted).map_err(|_| KeyError::UnsupportedEncryption)?;
    if rounds == 0 || rounds > MAX_ROUNDS {
        return Err(KeyError::UnsupportedEncryption);
    }
    let rounds = i32::try_from(rounds).map_err(|_| KeyError::UnsupportedEncryption)?;

    let password = bmp_string(passphrase);
    let derive =
        |part, length| Zeroizing::new(derive_key::<Sha1>(&password, salt, part, rounds, length));
    let key = derive(Pkcs12KeyType::EncryptionKey, 24);
    let iv = derive(Pkcs12KeyType::Iv, 8);

    let mut data = Zeroizing::new(encrypted.data.to_vec());
    let plain = Decryptor::<TdesEde3>::new_from_slices(&key, &iv)
        .map_err(|_| KeyError::UnsupportedEncryption)?
        .decrypt_padded::<Pkcs7>(&mut data)
        .map_err(|_| KeyError::WrongPassphrase)?
        .len();
    data.truncate(plain);
    Ok(data)
}

/// `PKCS12PBEParams ::= SEQUENCE { salt OCTET STRING, iterations INTEGER }`.
fn pbe_parameters<'a>(encrypted: &Encrypted<'a>) -> spki::Result<(&'a [u8], u32)> {
    let parameters = encrypted.algorithm.parameters_any()?;
    let mut reader = SliceReader::new(parameters.value())?;
    let salt = <&OctetStringRef>::decode(&mut reader)?.as_bytes();
    let rounds = u32::decode(&mut reader)?;
    reader.finish()?;
    Ok((salt, rounds))
}

/// A passphrase as PKCS#12 wants it: UTF-16, big end first, ended by a zero.
fn bmp_string(passphrase: &str) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(passphrase.len() * 2 + 2));
    for unit in passphrase.encode_utf16().chain([0]) {
        bytes.extend_from_slice(&unit.to_be_bytes());
    }
    bytes
}
