//! Signatures that others published or that were computed independently with openssl.

use doku_sign::{
    AccessToken, Backend, BodyHash, ClientSecret, Digest, DokuPublicKey, MinifiedBody,
    NonSnapRequest, NonSnapResponse, NonSnapSignature, Signature, SignatureError, StringToSign,
};

struct Symmetric {
    /// Where the values come from.
    source: &'static str,
    secret: &'static str,
    method: &'static str,
    path: &'static str,
    token: &'static str,
    timestamp: &'static str,
    body: Option<&'static str>,
    body_sha256: &'static str,
    signature: &'static str,
}

const NOTIFICATION: &str = concat!(
    r#"{"partnerServiceId":"   77777","customerNo":"0000000000001","#,
    r#""virtualAccountNo":"   777770000000000001","virtualAccountName":"Toru Yamashita","#,
    r#""trxId":"23219829713","paymentRequestId":"12839218738127830","#,
    r#""paidAmount":{"value":"11500.00","currency":"IDR"}}"#,
);

const SYMMETRIC: &[Symmetric] = &[
    Symmetric {
        source: "Midtrans, SNAP-BI-Signature-Demo: printed there, with a pretty-printed body",
        secret: "myclientsecret",
        method: "POST",
        path: "/v1.0/qr/qr-mpm-generate",
        token: "myaccesstoken",
        timestamp: "2024-03-05T10:37:16.196Z",
        body: Some(concat!(
            "{\n  \"partnerReferenceNo\": \"2020102900000000000001\",\n",
            "  \"amount\": {\n    \"value\": \"12345678.00\",\n    \"currency\": \"IDR\"\n  },\n",
            "  \"feeAmount\": {\n    \"value\": \"12345678.00\",\n    \"currency\": \"IDR\"\n  },\n",
            "  \"merchantId\": \"00007100010926\",\n  \"terminalId\": \"213141251124\",\n",
            "  \"validityPeriod\": \"2009-07-03T12:08:56-07:00\"\n}",
        )),
        body_sha256: "01463f60dbb6ca538581579dd95b31c8ba9fc6600eca750e4d8460ca4e402111",
        signature: "wmzT7yjg1SxxCsxNsFgCR9SYXiZGGbceF6fV8xe97sAMHxZ+7OEBMIBmvb6Sj6GcksGp3iv77DiomgSbcST3XQ==",
    },
    Symmetric {
        source: "Midtrans, BI-SNAP signature page: printed there, with the hash of the body only",
        secret: "fdppqbF5wq7vVegyvsV1CROMv646nJ7A",
        method: "POST",
        path: "/v1.0/debit/payment-host-to-host",
        token: "gp9HjjEj813Y9JGoqwOeOPWbnt4CupvIJbU1Mmu4a11MNDZ7Sg5u9a",
        timestamp: "2020-01-01T00:00:00+07:00",
        body: None,
        body_sha256: "56fa5f4999ad8014de49d7898c1d1d53472569db8999de3c1b752a0dd181e98c",
        signature: "FSlidRHe4ow9qppNifGVQNcdv67lBjgCiP0BHylh+IKXo4fs2rHaGsFNUY0N8t0rPlZs4iAHAOCDklnCccwuJw==",
    },
    Symmetric {
        source: "computed with openssl: delete VA",
        secret: "SK-EXAMPLE",
        method: "DELETE",
        path: "/virtual-accounts/bi-snap-va/v1.1/transfer-va/delete-va",
        token: "TOKEN",
        timestamp: "2024-03-19T14:39:01+07:00",
        body: Some(concat!(
            r#"{"partnerServiceId":"   19008","customerNo":"00000000000000000001","#,
            r#""virtualAccountNo":"   1900800000000000000000001","trxId":"23219829713","#,
            r#""additionalInfo":{"channel":"VIRTUAL_ACCOUNT_BCA"}}"#,
        )),
        body_sha256: "45dbebed86d9b0b4bfe4e7f95cc96f1d6a151a9e316314eb07f415c7b6d9c002",
        signature: "BWxSAIZQWaG1ad+3nW5FA4EKJre8lC8YKBH2NsuGzJL5KOllP3XtOkPZ0V5uC+wMI3LRAyo1tahVFwuTYn9yRQ==",
    },
    Symmetric {
        source: "computed with openssl: update VA",
        secret: "SK-EXAMPLE",
        method: "PUT",
        path: "/virtual-accounts/bi-snap-va/v1.1/transfer-va/update-va",
        token: "TOKEN",
        timestamp: "2024-03-19T14:39:01+07:00",
        body: Some(concat!(
            r#"{"partnerServiceId":"   19008","customerNo":"00000000000000000001","#,
            r#""virtualAccountNo":"   1900800000000000000000001","#,
            r#""virtualAccountName":"Customer Name","#,
            r#""virtualAccountEmail":"customer.email@mail.com","#,
            r#""virtualAccountPhone":"0816291271826","trxId":"23219829713","#,
            r#""totalAmount":{"value":"11500.00","currency":"IDR"},"#,
            r#""additionalInfo":{"channel":"VIRTUAL_ACCOUNT_BCA","#,
            r#""virtualAccountConfig":{"status":"INACTIVE","minAmount":"10000.00","#,
            r#""maxAmount":"5000000.00"}},"#,
            r#""virtualAccountTrxType":"C","expiredDate":"2023-01-01T10:55:00+07:00"}"#,
        )),
        body_sha256: "6d0b0f2a45a29efbe8dbb6c37af8dbeaeecb89f117550c1857baf13cc7a17f8a",
        signature: "gUHEZQbSOVb9InUxSIpA3w12dWuHgfhizAHXs24R9XBIsetlZbMnoC2mXKyPpaNhosLkvaJfR19W323QmuTnTQ==",
    },
    Symmetric {
        source: "body and its hash printed by the DOKU documentation, symmetric signature; \
                 signature computed with openssl",
        secret: "SK-EXAMPLE",
        method: "POST",
        path: "/virtual-accounts/bi-snap-va/v1.1/transfer-va/create-va",
        token: "TOKEN",
        timestamp: "2024-03-19T14:39:01+07:00",
        body: Some(concat!(
            r#"{"partnerServiceId":"  088899","customerNo":"12345678901234567890","#,
            r#""virtualAccountNo":"  08889912345678901234567890","virtualAccountName":"Jokul Doe","#,
            r#""virtualAccountEmail":"jokul@email.com","virtualAccountPhone":"6281828384858","#,
            r#""trxId":"abcdefgh1234","totalAmount":{"value":"12345678.00","currency":"IDR"}}"#,
        )),
        body_sha256: "3274fab8dac896837b106a16da2a974e7e65142dcecb4b768ef0294102838977",
        signature: "dR2Z8DM5MP+3B2lxQafUUCA6AIL+V/xQ/rDMURkyvjqMEPZU86vIiww78CDOIibzR/0bUBYGxoAmdjz3weltcg==",
    },
    Symmetric {
        source: "computed with openssl: no body",
        secret: "SK-EXAMPLE",
        method: "POST",
        path: "/path",
        token: "TOKEN",
        timestamp: "2024-03-19T14:39:01+07:00",
        body: Some(""),
        body_sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        signature: "k8SeQig47CrjqE5aAidYGL1DbVYn34XFJM7SD0UGika7B8ttkwDGtSY4Wlk4+6HTxHsR6jOeLctVlfBQkifCFA==",
    },
    Symmetric {
        source: "computed with openssl: notification, the bearer in the token slot",
        secret: "SK-EXAMPLE",
        method: "POST",
        path: "/doku/notification",
        token: "MERCHANT-TOKEN",
        timestamp: "2024-03-19T14:39:01+07:00",
        body: Some(NOTIFICATION),
        body_sha256: "ac7d192f2a17aea4c4503c2168b65590864c8dea99f64fd3e156ff3a81c98d59",
        signature: "fDc7u2uJjKpem5bPY8GUNezKoH15l3tI7iNkshMUp+yfn42aJcx06rDAPo38PnmbB+k0kurE3E0bGtQlM2NJVg==",
    },
    Symmetric {
        source: "computed with openssl: notification, the token slot empty",
        secret: "SK-EXAMPLE",
        method: "POST",
        path: "/doku/notification",
        token: "",
        timestamp: "2024-03-19T14:39:01+07:00",
        body: Some(NOTIFICATION),
        body_sha256: "ac7d192f2a17aea4c4503c2168b65590864c8dea99f64fd3e156ff3a81c98d59",
        signature: "+9H4t5RzoJdbrjKPcoCgINXqLlqC0BgmJBzPV5ESMUyKBxy52ug3GqP6Nij1RNQGRq+1IszxQQpsK23lx6iHZg==",
    },
];

#[test]
fn snap_transactions() {
    for vector in SYMMETRIC {
        let Symmetric {
            source,
            method,
            path,
            timestamp,
            ..
        } = *vector;
        let secret = ClientSecret::new(vector.secret).unwrap();
        let token = AccessToken::new(vector.token);
        let hash = BodyHash::from_hex(vector.body_sha256).unwrap();

        let to_sign = match vector.body {
            Some(body) => {
                let body = MinifiedBody::of(body.as_bytes());
                assert_eq!(body.sha256_hex(), hash, "{source}");
                StringToSign::snap_transaction(method, path, &token, &body, timestamp)
            }
            None => StringToSign::snap_transaction_hashed(method, path, &token, &hash, timestamp),
        };
        let expected = format!("{method}:{path}:{}:{hash}:{timestamp}", vector.token);
        assert_eq!(to_sign.as_bytes(), expected.as_bytes(), "{source}");
        assert_eq!(
            secret.sign(&to_sign).to_base64(),
            vector.signature,
            "{source}"
        );

        let presented = Signature::from_base64(vector.signature).unwrap();
        secret.verify(&to_sign, &presented).unwrap();
        // DOKU's SDKs for Java and Node compare base64 without regard to case.
        for other_case in [
            vector.signature.to_lowercase(),
            vector.signature.to_uppercase(),
        ] {
            if let Ok(signature) = Signature::from_base64(&other_case) {
                secret.verify(&to_sign, &signature).unwrap_err();
            }
        }
    }
}

#[test]
fn hashes_of_bodies() {
    // BRI's documentation prints the second of these.
    for (body, hash) in [
        (
            "",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        (
            r#"{"hello":"world"}"#,
            "93a23971a914e5eacbf0a8d25154cda309c3c1c72fbb9914d47c60f3cb681588",
        ),
    ] {
        assert_eq!(
            MinifiedBody::from_compact(body.as_bytes())
                .sha256_hex()
                .to_string(),
            hash
        );
    }
    assert_eq!(
        MinifiedBody::of(b" { \"hello\" : \"world\" } ").sha256_hex(),
        MinifiedBody::from_compact(br#"{"hello":"world"}"#).sha256_hex(),
    );
    assert_ne!(
        MinifiedBody::raw(b"{ \"hello\": \"world\" }").sha256_hex(),
        MinifiedBody::from_compact(br#"{"hello":"world"}"#).sha256_hex(),
    );
}

/// The public half of the demonstration key that Midtrans published.
const MIDTRANS_DEMO: &str = "-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAlWbtlh3eM+bW3n5AFj42
wddC4L7tQqbLiCFbTv8K67yng9iwK5mEn+UMXiRhvB2JVWFafCPPxFamsiVG3Mjn
eGjC0BYgmpmw4qXnAnyO3nCdCuPtmZ3ljhKvSTPdWZxrcLi1Xa9V/+Pzb8hrjb5i
wMn6SZFNeMmZYgFKiSeueo6TPln2PoTqXCzs1HtsM8eUVe8GAsjJe/3dYl992nyX
OpG21GgNu8o5T3WOptPg6GdDTWkTWUu483yRbVVy04Pz4L8DDZTDv+WcsAViDn1r
A/jB1Auj/UGKx2ovGcBH/a/hor5TbABbODU6cPTHT54K3sSZtvZNV4eFDB1f/4wd
fwIDAQAB
-----END PUBLIC KEY-----";

#[test]
fn rsa_signatures_of_others() {
    // Midtrans, BI-SNAP signature page and SNAP-BI-Signature-Demo.
    let hashed = |hash, timestamp| {
        let hash = BodyHash::from_hex(hash).unwrap();
        let path = "/v1.0/debit/notify";
        StringToSign::snap_asymmetric_transaction_hashed("POST", path, &hash, timestamp)
    };
    let table = [
        (
            StringToSign::snap_token("G1234325-SNAP", "2023-07-31T07:10:00+07:00"),
            "iv5YorKVVFOFS59l0HChDvPe+HeoE/jY5CfVgCg5i16nj5/DVnKg49ilkv8PyeU7y38apHhgO+cUrvkfUs5BhDD69yLn7xp8hzN9RcR0UDy5+nCrQ3GGCVSzZJvlEXN+TB0j4Q6pMsjrq4+YRoyDa4mTlsjJTU9aGjLRFBYgY4MyMQ5x11JyLnoFwbS8TJ5e/q4mUozrp49VyHe7OQSFnJNwvMSFrDyAIxoOK0IZQIlY29PaDIFcWoR+RJAY42H2FryjJcPpNfeercbkj9jsBLV3wmEKiNoN6lgFFLk5QicDnAAQzL45s92EYeCqDNuTTJOydaJbUqEo1d/ZPVNBtQ==",
        ),
        (
            StringToSign::snap_token("G1234325-SNAP", "2024-03-01T08:27:49.024Z"),
            "WzW49tYIgKIBmBi/gVBHGLAkhEaZlXM11zcZxAiyHji6TLPjPbwLu3Z45it25AIeG0XDItcdTSkds47zFEMh6IP0PXPIP1+Ey4RmX/o2fuYRF/xBHvfvKnMmANMTS1axsXBSW3EHqYpbVrkCcqNnB3u+wu63us9WIhRZaWgxgQ2PJLaiVHIwgu9u7jxkWX7Bg4rerZH3RKdQfIJAAJsSN13efR7VdSAyzU7QaKjgislxrLqmesYNJkbD03XLjHdo6YWuzAVV7xdZRpLiGkIAkW7luXTBZYBO+4oENZAPQYzrLeN1qRY1Sr7BgLONCA2QA26BB6SYW4R7qofS9+RyOQ==",
        ),
        (
            hashed(
                "2ea1a3719499a0c45630f774b241a26a03d954fd8ab4a4d35cce05b5e37e4293",
                "2024-03-05T10:37:16.196Z",
            ),
            "eUGsomFLNsjWzehgGsa317MqcVOgscay/Hml8yNmOsFhmoBM7pso+UPDgSe34anXvecSQkf5NOr0fbr8k9qdyyoWiYX7DTq/Wnz8XC0cRCCbNZfyLIyF33HO9cnvxOcRQq9DuWlQtld+uEluuivVdN2TiaWLpUTmfB/H7noZnXWWDj6FYa4n5kSo4o3aTeFYAF9EmLp0Tcsl8CiHSQCrQnIbB8M2+puLwyJ1l2OocvZ5qgjf5f2DqlCbemsSMzYzjN+YMrb0kiDx0TiW5UTk+WZass43xIfb3vdrlX+U2JSk5YsJ8lFpp9F+7FId4cyncElNFEbt3zWuP4iDzXteCg==",
        ),
        (
            hashed(
                "79ebbe6a6b695262dd686d0dedafc57c94e3b3dededf8d63971f8a95699ace85",
                "2024-05-02T14:43:08+07:00",
            ),
            "RoJnP2tH/YiOhHM/lMVBMSAuzRmS8VrWdIy04Qqyb56daV7oWFMFoMMzqnjQ+q0MIUalYgU094GWQnCx2c29xb1kkqHhv2+iJ9xl6NjGmFGYqyvcKvUDAV83Y1Mw9JnsEcjcupdGw9/MRv/mm2GMrQ+BCZGfc4a46JDyPZbcY294vDGqs5rFBN6iYer5ro4cAQGo9hET2G82Y+j50vCyO/79GFE4vB1rvtu6PK2Bxi+vTYV8k7P7PS8tOPWM2O+kjiVWjwvLR99Botou+a8sxlQqZaihfWMKcByzV+Lgkr9cptpjys+1NIRWT1ad/sJBSLHyldzC3q2oRn5z5oZmyg==",
        ),
    ];
    for backend in Backend::all() {
        let key = DokuPublicKey::from_pem(MIDTRANS_DEMO)
            .unwrap()
            .on(*backend)
            .unwrap();
        for (to_sign, signature) in &table {
            let presented = Signature::from_base64(signature).unwrap();
            key.verify(to_sign, &presented).unwrap();
        }
        let (other, _) = &table[0];
        let (_, signature) = table[1];
        key.verify(other, &Signature::from_base64(signature).unwrap())
            .unwrap_err();
    }
}

/// The body behind the fourth of the signatures above, hashed by us.
#[test]
fn an_asymmetric_transaction_hashes_its_body() {
    let body = concat!(
        r#"{"originalPartnerReferenceNo":"GP24043015193402809","#,
        r#""originalReferenceNo":"A120240430081940S9vu8gSjaRID","merchantId":"G099333790","#,
        r#""amount":{"value":"102800.00","currency":"IDR"},"latestTransactionStatus":"00","#,
        r#""transactionStatusDesc":"SUCCESS","additionalInfo":{"refundHistory":[]}}"#,
    );
    let to_sign = StringToSign::snap_asymmetric_transaction(
        "POST",
        "/v1.0/debit/notify",
        &MinifiedBody::of(body.as_bytes()),
        "2024-05-02T14:43:08+07:00",
    );
    assert_eq!(
        to_sign.to_string(),
        "POST:/v1.0/debit/notify:\
         79ebbe6a6b695262dd686d0dedafc57c94e3b3dededf8d63971f8a95699ace85:\
         2024-05-02T14:43:08+07:00"
    );
}

#[test]
fn non_snap_request_without_a_body() {
    // Computed with openssl.
    let to_sign = StringToSign::non_snap_request(&NonSnapRequest {
        client_id: "BRN-0227-UJI",
        request_id: "11111111-2222-3333-4444-555555555555",
        request_timestamp: "2026-09-04T00:00:00Z",
        request_target: "/orders/v1/status/INV-0001",
        digest: None,
    });
    assert_eq!(
        to_sign.to_string(),
        "Client-Id:BRN-0227-UJI\nRequest-Id:11111111-2222-3333-4444-555555555555\n\
         Request-Timestamp:2026-09-04T00:00:00Z\nRequest-Target:/orders/v1/status/INV-0001"
    );
    let secret = ClientSecret::new("SK-UJI-RAHASIA").unwrap();
    let header = "HMACSHA256=AgvdNMKmC1nkZIXS6FklAvTkStpg857LVfqxx5QArlw=";
    assert_eq!(secret.sign_non_snap(&to_sign).to_header(), header);
    let presented = NonSnapSignature::from_header(header).unwrap();
    secret.verify_non_snap(&to_sign, &presented).unwrap();
}

#[test]
fn non_snap_response_with_a_digest() {
    // Computed with openssl.
    let digest = Digest::of(b"{}");
    let to_sign = StringToSign::non_snap_response(&NonSnapResponse {
        client_id: "BRN-0227-UJI",
        request_id: "11111111-2222-3333-4444-555555555555",
        response_timestamp: "2026-09-04T00:00:00Z",
        request_target: "/checkout/v1/payment",
        digest: Some(&digest),
    });
    assert_eq!(
        to_sign.to_string(),
        "Client-Id:BRN-0227-UJI\nRequest-Id:11111111-2222-3333-4444-555555555555\n\
         Response-Timestamp:2026-09-04T00:00:00Z\nRequest-Target:/checkout/v1/payment\n\
         Digest:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o="
    );
    let secret = ClientSecret::new("SK-UJI-RAHASIA").unwrap();
    assert_eq!(
        secret.sign_non_snap(&to_sign).to_header(),
        "HMACSHA256=Sn1M4hasozuhoEppv/t9qPvRr3SNTGoUHTM5UNEJck0="
    );
}

#[test]
fn a_non_snap_digest_is_of_the_raw_body() {
    assert_ne!(Digest::of(b"{ }"), Digest::of(b"{}"));
}

/// Texts that stand in documentation where a signature should.
#[test]
fn placeholders_are_not_signatures() {
    // DOKU's OpenAPI header samples.
    assert_eq!(
        Signature::from_base64("85be817c55b2c135157c7e89f52499bf0c25ad6eeebe04a986e8c862561b19a5")
            .unwrap_err(),
        SignatureError::LooksLikeHex
    );
    // DOKU's non-SNAP GET example: its last character holds bits that no encoder writes.
    assert_eq!(
        NonSnapSignature::from_header("HMACSHA256=B1cKBzk/aB1AXADCZkq135bnktxY1o02zmmdd2cVgf12=")
            .unwrap_err(),
        SignatureError::NotBase64
    );
    // DOKU's asymmetric page: 64 bytes, which no RSA-2048 key makes.
    let short =
        "qd2m9ot+cfq48qJ68+8IYdfkNDMA2hhecM2XegsnZ1Z5Fur9zii8BVm6cI7g1gyhL5/+OFZqAO8Kp0XPMdipfg==";
    let signature = Signature::from_base64(short).unwrap();
    for backend in Backend::all() {
        let key = DokuPublicKey::from_pem(MIDTRANS_DEMO)
            .unwrap()
            .on(*backend)
            .unwrap();
        let to_sign = StringToSign::snap_token("G1234325-SNAP", "2024-03-01T08:27:49.024Z");
        key.verify(&to_sign, &signature).unwrap_err();
    }
}
