//! Whom the page refuses: forms of other sites, and names that anybody may point at it.

use serde_json::json;

use crate::support::World;
use crate::visitor::{ORIGIN, form, get};

const FORMS: [&str; 8] = [
    "/teller/ask",
    "/teller/pay",
    "/faults",
    "/faults/clear",
    "/clock",
    "/clock/back",
    "/notifications/1/resend",
    "/_sandbox/reset",
];

#[tokio::test]
async fn forms_of_other_sites_change_nothing() {
    let world = World::start().await;
    let data = world.created("INV-1").await;
    let number = data["virtualAccountNo"].as_str().unwrap();
    world
        .post(
            "/_sandbox/faults",
            &json!({ "kind": "hang", "operation": "deleteVa" }),
        )
        .await;
    let fields = [
        ("number", number),
        ("amount", "11500"),
        ("minutes", "60"),
        ("kind", "hang"),
        ("calls", "createVa"),
    ];
    let foreign = [
        vec![("Origin", "http://evil.test")],
        vec![("Origin", "null")],
        vec![("Origin", "http://sandbox.test:3000")],
        vec![("Sec-Fetch-Site", "cross-site")],
        vec![("Sec-Fetch-Site", "same-site")],
        vec![
            ("Sec-Fetch-Site", "same-origin"),
            ("Origin", "http://evil.test"),
        ],
    ];
    let journal = world.sandbox().journal(0).len();
    for target in FORMS {
        for signs in &foreign {
            let call = form(target, &fields);
            let call = signs
                .iter()
                .fold(call, |call, (name, value)| call.set(name, value));
            let reply = world.send(&call).await.unwrap();
            assert_eq!(reply.status, 403, "{target} {signs:?}");
        }
    }
    // Nothing says where it comes from: no browser sends a form so.
    let reply = world.send(&form("/teller/pay", &fields)).await.unwrap();
    assert_eq!(reply.status, 403);
    assert!(reply.text().contains("Another site sent this form"));

    assert_eq!(world.sandbox().journal(0).len(), journal);
    assert!(world.sandbox().virtual_accounts()[0].payments.is_empty());
    assert_eq!(
        world.get("/_sandbox/faults").await.json()["faults"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert!(world.page("/clock").await.contains("not moved"));
}

#[tokio::test]
async fn its_own_forms_pass_by_either_sign() {
    let world = World::start().await;
    for signs in [
        vec![("Origin", ORIGIN)],
        vec![("Origin", "https://sandbox.test")],
        vec![("Sec-Fetch-Site", "same-origin")],
        vec![("Sec-Fetch-Site", "same-origin"), ("Origin", ORIGIN)],
    ] {
        let call = form("/clock/back", &[]);
        let call = signs
            .iter()
            .fold(call, |call, (name, value)| call.set(name, value));
        assert_eq!(world.send(&call).await.unwrap().status, 303, "{signs:?}");
    }
    // Programs say nothing of where they come from, and have the control plane.
    assert_eq!(world.post("/_sandbox/reset", &json!({})).await.status, 204);
}

#[tokio::test]
async fn a_name_that_anybody_may_point_here_gets_no_page() {
    let world = World::with(|config| config.public_url("http://127.0.0.1:1")).await;
    // The helpers send `Host: sandbox.test`, which this sandbox does not know.
    for page in ["/", "/journal", "/live", "/assets/page.js"] {
        let reply = world.send(&get(page)).await.unwrap();
        assert_eq!(reply.status, 421, "{page}");
    }
    let reply = world.form("/clock", &[("minutes", "60")]).await;
    assert_eq!(reply.status, 421);
    assert!(reply.text().contains("127.0.0.1 or localhost"));
}

#[tokio::test]
async fn a_name_that_anybody_may_point_here_reads_nothing_of_what_is_remembered() {
    let world = World::start().await;
    world.created("INV-SECRET").await;
    // What an old browser sends: neither Origin nor Sec-Fetch-Site.
    let foreign = [
        "evil.test:8090",
        "evil.test",
        "127.0.0.1.evil.test:8090",
        "",
    ];
    for target in [
        "/_sandbox/journal",
        "/_sandbox/virtual-accounts",
        "/_sandbox/notifications",
        "/_sandbox/faults",
        "/_sandbox/clock",
    ] {
        for host in foreign {
            let reply = world.send(&get(target).set("Host", host)).await.unwrap();
            assert_eq!(reply.status, 421, "{target} {host}");
            assert_eq!(reply.json()["error"], "foreignHost");
            assert!(!reply.text().contains("INV-SECRET"), "{target} {host}");
        }
        for host in [
            "127.0.0.1:8090",
            "localhost:8090",
            "[::1]:8090",
            "192.168.1.4:8090",
            // Its public URL.
            "sandbox.test",
        ] {
            let reply = world.send(&get(target).set("Host", host)).await.unwrap();
            assert_eq!(reply.status, 200, "{target} {host}");
        }
    }
    let reset = form("/_sandbox/reset", &[]).set("Host", "evil.test");
    assert_eq!(world.send(&reset).await.unwrap().status, 421);
    assert_eq!(world.sandbox().virtual_accounts().len(), 1);
}
