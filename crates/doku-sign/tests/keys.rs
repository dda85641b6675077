//! Keys as people have them, and what is said about those that cannot be used.

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doku_sign::{
    Backend, DokuPublicKey, KeyError, MerchantPrivateKey, MerchantPublicKey, StringToSign,
};
use proptest::prelude::*;
use support::{MERCHANT_KEY, MERCHANT_PUBLIC_KEY, merchant, openssl};

/// The PEM block alone, without the note above it.
fn block(pem: &str) -> &str {
    pem[pem.find("-----BEGIN").unwrap()..].trim_end()
}

/// The base64 of a PEM block on one line.
fn bare(pem: &str) -> String {
    block(pem)
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect()
}

fn is_the_merchant_key(pem: &str) {
    let key = MerchantPrivateKey::from_pem(pem).unwrap_or_else(|error| panic!("{error}\n{pem}"));
    assert_eq!(key.fingerprint(), merchant().fingerprint(), "{pem}");
}

fn is_the_public_key(pem: &str) {
    let key = MerchantPublicKey::from_pem(pem).unwrap_or_else(|error| panic!("{error}\n{pem}"));
    assert_eq!(key, merchant().public_key(), "{pem}");
}

/// One text in all the shapes that mail, YAML and environment variables give it.
fn shapes(pem: &str) -> Vec<String> {
    let pem = block(pem);
    vec![
        pem.to_owned(),
        format!("{pem}\n"),
        format!("\u{feff}{pem}\n\n"),
        pem.replace('\n', "\r\n"),
        pem.replace('\n', "\r"),
        pem.replace('\n', "\\n"),
        pem.replace('\n', "\\r\\n"),
        pem.replace('\n', "\\\\n"),
        format!("\"{}\\n\"", pem.replace('\n', "\\n")),
        format!("'{pem}'"),
        pem.replace('\n', " "),
        pem.replace('\n', ""),
        pem.replace('\n', "  \n\t  "),
        pem.replace('\n', "\n\n"),
        format!("Bag Attributes\n    friendlyName: shop\n{pem}\n"),
        bare(pem),
        format!(" {} \n", bare(pem)),
        bare(pem).trim_end_matches('=').to_owned(),
        pem.lines()
            .filter(|line| !line.starts_with("-----"))
            .collect::<Vec<_>>()
            .join("\n"),
        STANDARD.encode(format!("{pem}\n")),
    ]
}

#[test]
fn every_shape_of_pkcs8_is_read() {
    for shape in shapes(MERCHANT_KEY) {
        is_the_merchant_key(&shape);
    }
}

#[test]
fn every_shape_of_pkcs1_is_read() {
    // DOKU's SDK for Java refuses PKCS#1, CRLF and lines of 64 columns.
    let pkcs1 = openssl(&["rsa", "-traditional"], MERCHANT_KEY);
    assert!(
        pkcs1.starts_with("-----BEGIN RSA PRIVATE KEY-----"),
        "{pkcs1}"
    );
    for shape in shapes(&pkcs1) {
        is_the_merchant_key(&shape);
    }
}

#[test]
fn every_shape_of_a_public_key_is_read() {
    let pkcs1 = openssl(&["rsa", "-RSAPublicKey_out"], MERCHANT_KEY);
    assert!(
        pkcs1.starts_with("-----BEGIN RSA PUBLIC KEY-----"),
        "{pkcs1}"
    );
    for pem in [MERCHANT_PUBLIC_KEY, &pkcs1] {
        for shape in shapes(pem) {
            is_the_public_key(&shape);
        }
    }
}

#[test]
fn a_wrong_label_does_not_matter() {
    let relabelled = MERCHANT_KEY.replace("PRIVATE KEY", "RSA PRIVATE KEY");
    is_the_merchant_key(&relabelled);
}

#[test]
fn a_key_is_written_as_openssl_writes_it() {
    let key = merchant();
    assert_eq!(
        key.to_pkcs8_pem().unwrap().as_str().trim_end(),
        block(MERCHANT_KEY)
    );
    assert_eq!(
        key.public_key().to_pem().unwrap().trim_end(),
        block(MERCHANT_PUBLIC_KEY)
    );
    is_the_merchant_key(&key.to_pkcs8_pem().unwrap());
    is_the_public_key(&key.public_key().to_pem().unwrap());
}

#[test]
fn a_fingerprint_is_the_sha_256_of_the_public_key() {
    let bytes = STANDARD.decode(bare(MERCHANT_PUBLIC_KEY)).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let der = directory.path().join("public.der");
    std::fs::write(&der, bytes).unwrap();
    let printed = openssl(&["dgst", "-sha256", "-r", der.to_str().unwrap()], "");
    let fingerprint = merchant().fingerprint();
    assert_eq!(
        format!("{fingerprint:#}"),
        printed.split(' ').next().unwrap()
    );
    assert_eq!(fingerprint.to_string(), printed[..16]);
}

#[test]
fn generated_keys_sign_and_are_read_back() {
    let to_sign = StringToSign::snap_token("MCH-0008", "2026-09-04T00:00:00Z");
    let mut keys: Vec<_> = Backend::all()
        .iter()
        .map(|backend| {
            let key = MerchantPrivateKey::generate_on(*backend, 2048).unwrap();
            assert_eq!(key.backend(), *backend);
            key
        })
        .collect();
    keys.push(MerchantPrivateKey::generate(2048).unwrap());
    for key in &keys {
        assert_eq!(key.bits(), 2048);
        assert_ne!(key.fingerprint(), merchant().fingerprint());

        let pem = key.to_pkcs8_pem().unwrap();
        openssl(&["rsa", "-check", "-noout"], &pem);
        let again = MerchantPrivateKey::from_pem(&pem).unwrap();
        again
            .public_key()
            .verify(&to_sign, &key.sign(&to_sign).unwrap())
            .unwrap();
    }
    for (n, key) in keys.iter().enumerate() {
        assert!(
            keys[..n]
                .iter()
                .all(|other| other.fingerprint() != key.fingerprint())
        );
    }
}

#[test]
fn every_usable_size_is_made_on_every_backend() {
    // One that no C library makes, but RustCrypto.
    for backend in Backend::all() {
        for bits in [2056, 3072] {
            let key = MerchantPrivateKey::generate_on(*backend, bits).unwrap();
            assert_eq!((key.bits(), key.backend()), (bits, *backend));
        }
        assert!(matches!(
            MerchantPrivateKey::generate_on(*backend, 1024),
            Err(KeyError::TooSmall { bits: 1024 })
        ));
    }
}

#[test]
fn backends_make_the_same_signature_as_openssl() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("private.key");
    std::fs::write(&file, MERCHANT_KEY).unwrap();
    let to_sign = StringToSign::snap_token("MCH-0008", "2026-09-04T00:00:00Z");
    // `-hex` is the one printable form `dgst` has.
    let printed = openssl(
        &["dgst", "-sha256", "-hex", "-sign", file.to_str().unwrap()],
        "MCH-0008|2026-09-04T00:00:00Z",
    );
    let hex = printed.trim_end().rsplit(' ').next().unwrap();
    for backend in Backend::all() {
        let key = merchant().on(*backend).unwrap();
        assert_eq!(key.backend(), *backend);
        assert_eq!(key.public_key().backend(), *backend);
        let signature = key.sign(&to_sign).unwrap();
        let ours: String = signature
            .as_bytes()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(ours, hex, "{backend:?}");
        for other in Backend::all() {
            key.public_key()
                .on(*other)
                .unwrap()
                .verify(&to_sign, &signature)
                .unwrap();
        }
    }
}

#[test]
fn rust_crypto_is_the_default_whatever_the_features() {
    assert_eq!(Backend::default(), Backend::RustCrypto);
    assert_eq!(merchant().backend(), Backend::RustCrypto);
    let key = DokuPublicKey::from_pem(MERCHANT_PUBLIC_KEY).unwrap();
    assert_eq!(key.backend(), Backend::RustCrypto);
}

#[test]
fn sizes_from_2048_to_4096_are_accepted_and_no_other() {
    // Four primes are found sooner than two; the size is judged before they are counted.
    let table = [
        ("1024", "2", false),
        ("2047", "2", false),
        ("3072", "2", true),
        ("4104", "4", false),
    ];
    for (bits, primes, accepted) in table {
        let pem = openssl(&["genrsa", "-primes", primes, bits], "");
        let public = openssl(&["rsa", "-pubout"], &pem);
        let wanted: usize = bits.parse().unwrap();
        if accepted {
            let key = MerchantPrivateKey::from_pem(&pem).unwrap();
            assert_eq!(key.bits(), wanted);
            assert_eq!(
                key.public_key(),
                MerchantPublicKey::from_pem(&public).unwrap()
            );
            continue;
        }
        for error in [
            MerchantPrivateKey::from_pem(&pem).unwrap_err(),
            MerchantPublicKey::from_pem(&public).unwrap_err(),
        ] {
            match error {
                KeyError::TooSmall { bits } => assert!(bits == wanted && bits < 2048),
                KeyError::TooLarge { bits } => assert!(bits == wanted && bits > 4096),
                other => panic!("{other}"),
            }
        }
    }
    assert!(matches!(
        MerchantPrivateKey::generate(1024),
        Err(KeyError::TooSmall { bits: 1024 })
    ));
    assert!(matches!(
        MerchantPrivateKey::generate(8192),
        Err(KeyError::TooLarge { bits: 8192 })
    ));
}

#[test]
fn what_is_not_a_key_is_named_with_the_command_that_mends_it() {
    let ec = openssl(&["ecparam", "-name", "prime256v1", "-genkey"], "");
    let ec_pkcs8 = openssl(&["pkcs8", "-topk8", "-nocrypt"], &ec);
    let pss = openssl(&["genpkey", "-algorithm", "RSA-PSS"], "");
    let old = openssl(
        &["rsa", "-traditional", "-aes128", "-passout", "pass:rahasia"],
        MERCHANT_KEY,
    );
    assert!(old.contains("Proc-Type: 4,ENCRYPTED"), "{old}");
    let encrypted = openssl(
        &["pkcs8", "-topk8", "-passout", "pass:rahasia"],
        MERCHANT_KEY,
    );
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("private.key");
    std::fs::write(&file, MERCHANT_KEY).unwrap();
    let certificate = openssl(
        &[
            "req",
            "-x509",
            "-subj",
            "/CN=shop",
            "-key",
            file.to_str().unwrap(),
        ],
        "",
    );
    let open_ssh = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n\
                    -----END OPENSSH PRIVATE KEY-----\n";
    let two = format!("{MERCHANT_KEY}\n{certificate}");
    let cut_off = &MERCHANT_KEY[..MERCHANT_KEY.len() - 40];
    let damaged = MERCHANT_KEY.replace("MII", "M!I");
    let shortened = bare(MERCHANT_KEY)[..400].to_owned();

    macro_rules! refused {
        ($($text:expr => $error:pat, $command:expr;)+) => {$(
            let error = MerchantPrivateKey::from_pem($text).unwrap_err();
            assert!(matches!(error, $error), "{error:?}");
            assert!(error.to_string().contains($command), "{error}");
        )+};
    }
    refused! {
        "" => KeyError::Empty, "-----BEGIN";
        " \\n \n" => KeyError::Empty, "-----BEGIN";
        "Silakan lihat lampiran." => KeyError::NotPem, "openssl pkey -inform DER";
        cut_off => KeyError::CutOff, "openssl pkey -in";
        &two => KeyError::SeveralBlocks { found: 2 }, "openssl pkey -in bundle.pem";
        &damaged => KeyError::NotBase64, "openssl pkey -in";
        &shortened => KeyError::Malformed(_), "openssl pkey -in";
        MERCHANT_PUBLIC_KEY => KeyError::PublicKeyGiven, "openssl genrsa";
        &certificate => KeyError::CertificateGiven, "openssl x509";
        &bare(&certificate) => KeyError::CertificateGiven, "openssl x509";
        open_ssh => KeyError::OpenSsh, "ssh-keygen -p -m PEM";
        "ssh-rsa AAAAB3NzaC1yc2E user@shop" => KeyError::OpenSsh, "ssh-keygen";
        &ec => KeyError::NotRsa, "openssl genrsa";
        &ec_pkcs8 => KeyError::NotRsa, "openssl genrsa";
        &pss => KeyError::NotRsa, "openssl genrsa";
        &old => KeyError::OldPemEncryption, "openssl pkcs8 -topk8";
        &encrypted => KeyError::PassphraseNeeded, "openssl pkey -in";
    }
    for private in [MERCHANT_KEY, &encrypted] {
        let error = MerchantPublicKey::from_pem(private).unwrap_err();
        assert!(matches!(error, KeyError::PrivateKeyGiven), "{error:?}");
        assert!(error.to_string().contains("-pubout"), "{error}");
    }
    let error = MerchantPublicKey::from_pem(&certificate).unwrap_err();
    assert!(matches!(error, KeyError::CertificateGiven), "{error:?}");
}

#[test]
fn numbers_that_are_no_rsa_key_are_refused() {
    // The same structure with a few bits of a prime changed.
    let mut bytes = STANDARD.decode(bare(MERCHANT_KEY)).unwrap();
    let middle = bytes.len() * 3 / 5;
    bytes[middle] ^= 0xff;
    let error = MerchantPrivateKey::from_pem(&STANDARD.encode(bytes)).unwrap_err();
    assert!(matches!(error, KeyError::Inconsistent(_)), "{error:?}");
}

#[test]
fn keys_are_shared_between_threads_and_cheap_to_clone() {
    fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    let key = merchant();
    shared(&key);
    shared(&key.public_key());
    shared(&doku_sign::ClientSecret::new("SK-EXAMPLE").unwrap());
}

#[cfg(feature = "encrypted-keys")]
mod encrypted {
    use std::sync::LazyLock;

    use super::*;
    use crate::support::{MERCHANT_KEY_PBE_SHA1_3DES, PASSPHRASE};

    #[test]
    fn a_key_made_by_dokus_instructions_opens() {
        for shape in shapes(MERCHANT_KEY_PBE_SHA1_3DES) {
            let key = MerchantPrivateKey::from_encrypted_pem(&shape, PASSPHRASE).unwrap();
            assert_eq!(key.fingerprint(), merchant().fingerprint());
        }
    }

    #[test]
    fn every_form_openssl_makes_today_opens() {
        let forms: [&[&str]; 8] = [
            &["-v1", "PBE-SHA1-3DES"],
            &["-v1", "PBE-SHA1-3DES", "-iter", "1"],
            &[],
            &["-v2", "aes-128-cbc"],
            &["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512"],
            // What openssl 1.0 and LibreSSL write.
            &["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA1"],
            &["-v2", "des3", "-v2prf", "hmacWithSHA1"],
            // At the usual cost this takes seconds without optimisation.
            &["-scrypt", "-scrypt_N", "1024"],
        ];
        for form in forms {
            opens(form, "rahasia");
        }
    }

    #[test]
    fn passphrases_of_any_characters_open() {
        // Signs that shells love, letters beyond ASCII, and one beyond UTF-16's first plane.
        for passphrase in ["a b'c\"d\\", "kunci-é-ß-密", "🔑 toko"] {
            opens(&["-v1", "PBE-SHA1-3DES"], passphrase);
            opens(&[], passphrase);
        }
    }

    fn opens(form: &[&str], passphrase: &str) {
        let secret = format!("pass:{passphrase}");
        let mut arguments = vec!["pkcs8", "-topk8", "-passout", &secret];
        arguments.extend(form);
        let pem = openssl(&arguments, MERCHANT_KEY);
        let key = MerchantPrivateKey::from_encrypted_pem(&pem, passphrase)
            .unwrap_or_else(|error| panic!("{form:?} {passphrase}: {error}"));
        assert_eq!(key.fingerprint(), merchant().fingerprint(), "{form:?}");
    }

    #[test]
    fn a_wrong_passphrase_is_said_to_be_wrong() {
        let pbes2 = openssl(
            &["pkcs8", "-topk8", "-passout", "pass:rahasia"],
            MERCHANT_KEY,
        );
        for pem in [MERCHANT_KEY_PBE_SHA1_3DES, &pbes2] {
            for passphrase in ["", "Rahasia", "rahasia ", "kata sandi"] {
                let error = MerchantPrivateKey::from_encrypted_pem(pem, passphrase).unwrap_err();
                assert!(matches!(error, KeyError::WrongPassphrase), "{error:?}");
            }
        }
    }

    #[test]
    fn what_needs_no_passphrase_or_another_tool_is_named() {
        let error = MerchantPrivateKey::from_encrypted_pem(MERCHANT_KEY, "x").unwrap_err();
        assert!(matches!(error, KeyError::NotEncrypted), "{error:?}");
        let error = MerchantPrivateKey::from_encrypted_pem(MERCHANT_PUBLIC_KEY, "x").unwrap_err();
        assert!(matches!(error, KeyError::PublicKeyGiven), "{error:?}");

        let two_key = [
            "pkcs8",
            "-topk8",
            "-v1",
            "PBE-SHA1-2DES",
            "-passout",
            "pass:x",
        ];
        let pem = openssl(&two_key, MERCHANT_KEY);
        let error = MerchantPrivateKey::from_encrypted_pem(&pem, "x").unwrap_err();
        assert!(
            matches!(error, KeyError::UnsupportedEncryption),
            "{error:?}"
        );
        assert!(error.to_string().contains("openssl pkey"), "{error}");
    }

    #[test]
    fn an_encrypted_elliptic_curve_key_is_named() {
        let ec = openssl(&["ecparam", "-name", "prime256v1", "-genkey"], "");
        let pem = openssl(&["pkcs8", "-topk8", "-passout", "pass:x"], &ec);
        let error = MerchantPrivateKey::from_encrypted_pem(&pem, "x").unwrap_err();
        assert!(matches!(error, KeyError::NotRsa), "{error:?}");
    }

    #[test]
    fn a_forged_cost_does_not_hold_the_process() {
        // The iteration count of the fixture, 2048, becomes one billion.
        let der = STANDARD.decode(bare(MERCHANT_KEY_PBE_SHA1_3DES)).unwrap();
        let at = der
            .windows(4)
            .position(|w| w == [0x02, 0x02, 0x08, 0x00])
            .unwrap();
        let mut forged = der.clone();
        forged.splice(at..at + 4, [0x02, 0x04, 0x3b, 0x9a, 0xca, 0x00]);
        // The three lengths around it grow by two.
        forged[3] += 2;
        forged[5] += 2;
        forged[19] += 2;
        let error =
            MerchantPrivateKey::from_encrypted_pem(&STANDARD.encode(&forged), "x").unwrap_err();
        assert!(
            matches!(error, KeyError::UnsupportedEncryption),
            "{error:?}"
        );
    }

    /// The same key at a low cost, so that many can be opened.
    static CHEAP: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| {
        [
            &["-v1", "PBE-SHA1-3DES"][..],
            &[],
            &["-scrypt", "-scrypt_N", "16", "-scrypt_r", "1"],
        ]
        .map(|form| {
            let secret = format!("pass:{PASSPHRASE}");
            let mut arguments = vec!["pkcs8", "-topk8", "-iter", "16", "-passout", &secret];
            arguments.extend(form);
            STANDARD
                .decode(bare(&openssl(&arguments, MERCHANT_KEY)))
                .unwrap()
        })
    });

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(192))]

        #[test]
        fn damaged_encrypted_keys_are_refused(
            form in 0_usize..3,
            // Half of them in the parameters, which stand in front.
            at in prop_oneof![0_usize..120, 0_usize..1300],
            bit in 0_u8..8,
        ) {
            let mut der = CHEAP[form].clone();
            let at = at % der.len();
            der[at] ^= 1 << bit;
            let result =
                MerchantPrivateKey::from_encrypted_pem(&STANDARD.encode(&der), PASSPHRASE);
            if let Ok(key) = result {
                // Only what is not part of the key may be changed unnoticed.
                prop_assert_eq!(key.fingerprint(), merchant().fingerprint());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_in_armour_get_an_answer(
        label in prop::sample::select(vec![
            "PRIVATE KEY", "RSA PRIVATE KEY", "PUBLIC KEY", "ENCRYPTED PRIVATE KEY", "",
        ]),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let pem = format!(
            "-----BEGIN {label}-----\n{}\n-----END {label}-----",
            STANDARD.encode(bytes)
        );
        prop_assert!(MerchantPrivateKey::from_pem(&pem).is_err());
        prop_assert!(MerchantPublicKey::from_pem(&pem).is_err());
    }
}
