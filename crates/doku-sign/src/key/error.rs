//! Why a key cannot be used, and the command that mends it.

use thiserror::Error;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// A text that is not a key this crate can use.
///
/// Each message ends with what to do. No message holds a byte of the key or of the passphrase.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Nothing was given.
    #[error("the key is empty; give the whole text of the key file, from -----BEGIN to END-----")]
    Empty,
    /// Neither PEM nor base64.
    #[error(
        "the text is neither PEM nor base64; if the key file is binary (DER), convert it: \
         openssl pkey -inform DER -in private.der -out private.key"
    )]
    NotPem,
    /// A `BEGIN` line without its `END` line.
    #[error(
        "the PEM text is cut off: its -----END line is missing or of another kind; copy the whole \
         file, or write it anew: openssl pkey -in private.key -out whole.key"
    )]
    CutOff,
    /// More than one PEM block, so that it is not clear which one is meant.
    #[error(
        "the text holds {found} PEM blocks; keep the key alone: \
         openssl pkey -in bundle.pem -out private.key"
    )]
    SeveralBlocks {
        /// How many blocks there are.
        found: usize,
    },
    /// The text between the PEM lines is not base64.
    #[error(
        "the text between the PEM lines is not base64; copy the file again, or write it anew: \
         openssl pkey -in private.key -out clean.key"
    )]
    NotBase64,
    /// The bytes are not the structure of a key.
    #[error(
        "the bytes are not a key in PKCS#8 or PKCS#1 form; write it anew: \
         openssl pkey -in private.key -out clean.key"
    )]
    Malformed(#[source] Source),
    /// A public key where a private one is wanted.
    #[error(
        "this is a public key, a private key is wanted; make a pair: \
         openssl genrsa -out private.key 2048"
    )]
    PublicKeyGiven,
    /// A private key where a public one is wanted. Do not spread private keys.
    #[error(
        "this is a private key, a public key is wanted; export it: \
         openssl rsa -in private.key -pubout -out public.pem"
    )]
    PrivateKeyGiven,
    /// A certificate instead of a key.
    #[error(
        "this is a certificate, not a key; take the public key out of it: \
         openssl x509 -in certificate.pem -pubkey -noout -out public.pem"
    )]
    CertificateGiven,
    /// A key in the format of OpenSSH.
    #[error(
        "this key is in OpenSSH's own format; convert it with ssh-keygen -p -m PEM -f private.key, \
         or make a new one: openssl genrsa -out private.key 2048"
    )]
    OpenSsh,
    /// An elliptic-curve key, or RSA restricted to PSS.
    #[error(
        "this key is not for plain RSA signatures, the only kind SNAP uses; make one: \
         openssl genrsa -out private.key 2048"
    )]
    NotRsa,
    /// A passphrase protects the key and none was given. `from_encrypted_pem` takes one (feature `encrypted-keys`).
    #[error(
        "a passphrase protects this key, and none was given; give it, or remove it: \
         openssl pkey -in private.key -out plain.key"
    )]
    PassphraseNeeded,
    /// A passphrase was given for a key without one, which `from_pem` reads.
    #[error(
        "no passphrase protects this key, and one was given; leave it out, or protect the key: \
         openssl pkcs8 -topk8 -v2 aes-256-cbc -in private.key -out encrypted.key"
    )]
    NotEncrypted,
    /// The passphrase does not open the key.
    #[error(
        "the passphrase does not open this key; try it by hand: openssl pkey -in private.key -noout"
    )]
    WrongPassphrase,
    /// Encrypted in PEM's old way (`Proc-Type: 4,ENCRYPTED`), whose key derivation is a bare MD5.
    #[error(
        "this key is encrypted in the old PEM form (Proc-Type, DEK-Info); convert it to PKCS#8: \
         openssl pkcs8 -topk8 -v2 aes-256-cbc -in private.key -out encrypted.key"
    )]
    OldPemEncryption,
    /// Encrypted with an algorithm, or at a cost, that is not supported.
    #[error(
        "this key's encryption is not supported; encrypt it anew: \
         openssl pkey -in private.key -aes256 -out encrypted.key"
    )]
    UnsupportedEncryption,
    /// Fewer than 2048 bits.
    #[error(
        "the key has {bits} bits, at least 2048 are needed; make a new pair: \
         openssl genrsa -out private.key 2048"
    )]
    TooSmall {
        /// The size of the modulus.
        bits: usize,
    },
    /// More than 4096 bits, which not every backend and not every peer can do.
    #[error(
        "the key has {bits} bits, at most 4096 can be used; make a new pair: \
         openssl genrsa -out private.key 2048"
    )]
    TooLarge {
        /// The size of the modulus.
        bits: usize,
    },
    /// The structure is right, but its numbers are not an RSA key.
    #[error(
        "the numbers in this key do not form an RSA key; check it with \
         openssl rsa -in private.key -check -noout, or make a new pair: \
         openssl genrsa -out private.key 2048"
    )]
    Inconsistent(#[source] Source),
    /// The chosen backend refuses a key that is right otherwise.
    #[error(
        "the RSA backend refuses this key; make an ordinary one: \
         openssl genrsa -out private.key 2048"
    )]
    RefusedByBackend(#[source] Source),
    /// Key generation failed, for want of randomness.
    #[error(
        "a key could not be generated, the system gave no randomness; make one by hand: \
         openssl genrsa -out private.key 2048"
    )]
    Generation(#[source] Source),
}

/// An RSA signature could not be made.
///
/// Happens only when the operating system gives no randomness for blinding, or the machine
/// computed wrongly.
#[derive(Debug, Error)]
#[error(
    "the RSA signature could not be made; check that the system's random source works, then try again"
)]
pub struct SignError(#[source] pub(super) Source);
