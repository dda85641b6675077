//! Each form, without a script: ask, pay, order, move, send again.

use std::sync::Arc;

use doku_sandbox::Endpoints;
use doku_transport::ReqwestTransport;

use crate::support::World;

async fn number_of(world: &World, trx_id: &str) -> String {
    let data = world.created(trx_id).await;
    data["virtualAccountNo"].as_str().unwrap().trim().to_owned()
}

#[tokio::test]
async fn asks_and_pays_at_the_teller() {
    let world = World::start().await;
    let number = number_of(&world, "INV-1").await;
    let spaced = format!(" {} {} ", &number[..4], &number[4..]);
    let screen = world.follow("/teller/ask", &[("number", &spaced)]).await;
    assert!(
        screen.contains("id=\"screen\"") && screen.contains("Budi Santoso"),
        "{screen}"
    );
    assert!(screen.contains("value=\"11.500\"") && screen.contains("own record"));

    let refused = world
        .follow("/teller/pay", &[("number", &number), ("amount", "5")])
        .await;
    assert!(
        refused.contains("id=\"refusal\"") && refused.contains("The amount does not fit the bill.")
    );
    let odd = world
        .form("/teller/pay", &[("number", &number), ("amount", "much")])
        .await;
    assert_eq!(odd.status, 422);
    assert!(odd.text().contains("id=\"amount-error\"") && odd.text().contains("value=\"much\""));

    let reply = world
        .form("/teller/pay", &[("number", &number), ("amount", "11.500")])
        .await;
    let slip = reply.header("location").unwrap().to_owned();
    for _ in 0..2 {
        // Loading the slip again pays nothing again.
        let receipt = world.page(&slip).await;
        assert!(
            receipt.contains("id=\"receipt\"") && receipt.contains("Rp11.500"),
            "{receipt}"
        );
        assert!(receipt.contains("nobody was told"));
    }
    assert_eq!(world.sandbox().virtual_accounts()[0].payments.len(), 1);
    let again = world.follow("/teller/ask", &[("number", &number)]).await;
    assert!(again.contains("It was paid already"), "{again}");
    assert!(world.page("/accounts/1").await.contains("PAY"));
}

#[tokio::test]
async fn says_what_is_no_number_and_whose_it_is_not() {
    let world = World::start().await;
    for odd in ["", "x", "12345678901234567890123456789012345"] {
        let reply = world.form("/teller/ask", &[("number", odd)]).await;
        assert_eq!(reply.status, 422, "{odd}");
        assert!(reply.text().contains("id=\"number-error\""), "{odd}");
        // Whoever changes the language then gets a page.
        assert!(reply.text().contains("href=\"/teller?lang=id\""), "{odd}");
    }
    let page = world
        .follow("/teller/ask", &[("number", "9596269999999999")])
        .await;
    assert!(page.contains("No virtual account has this number."));
    // A number of the merchant's own, and nobody to ask.
    let page = world.follow("/teller/ask", &[("number", "81302007")]).await;
    assert!(page.contains("The merchant could not be asked."), "{page}");
}

#[tokio::test]
async fn orders_faults_and_takes_them_back() {
    let world = World::start().await;
    let page = world
        .follow(
            "/faults",
            &[
                ("calls", "createVa"),
                ("kind", "status"),
                ("status", "503"),
                ("count", "2"),
                ("beforeWork", "yes"),
            ],
        )
        .await;
    assert!(
        page.contains("<code>status</code> · createVa") && page.contains("2 ×"),
        "{page}"
    );
    world
        .follow(
            "/faults",
            &[
                ("calls", "outbound"),
                ("kind", "dropAfter"),
                ("percent", "30"),
            ],
        )
        .await;
    let faults = world.get("/_sandbox/faults").await.json();
    assert_eq!(faults["faults"][0]["status"], 503);
    assert_eq!(faults["faults"][0]["afterWork"], false);
    assert_eq!(faults["faults"][1]["direction"], "outbound");
    assert_eq!(faults["faults"][1]["percent"], 30);
    assert_eq!(
        world
            .call(
                doku_model::Operation::CreateVa,
                &crate::support::create("INV-1")
            )
            .await
            .status,
        503
    );
    for wrong in [
        vec![("calls", "token"), ("kind", "wrongAmount")],
        vec![("calls", "createVa"), ("kind", "status")],
        vec![("calls", "createVa"), ("kind", "hang"), ("count", "many")],
        vec![("calls", "createVa"), ("kind", "hang"), ("percent", "101")],
        vec![("calls", "nothing"), ("kind", "hang")],
        vec![],
    ] {
        let reply = world.form("/faults", &wrong).await;
        assert_eq!(reply.status, 422, "{wrong:?}");
        assert!(reply.text().contains("id=\"fault-error\""), "{wrong:?}");
    }
    let page = world.follow("/faults/clear", &[]).await;
    assert!(page.contains("None is ordered"));
    assert!(
        world.get("/_sandbox/faults").await.json()["faults"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn every_kind_that_the_form_offers_is_known() {
    let world = World::start().await;
    let page = world.page("/faults").await;
    let (_, kinds) = page.split_once("<select id=\"kind\"").unwrap();
    let (kinds, _) = kinds.split_once("</select>").unwrap();
    let names: Vec<_> = kinds
        .split("<option value=\"")
        .skip(1)
        .map(|option| option.split('"').next().unwrap())
        .collect();
    assert_eq!(names.len(), 16);
    for kind in names {
        let taken = [("inbound", "createVa"), ("outbound", "payment")].map(|(_, calls)| {
            vec![
                ("calls", calls),
                ("kind", kind),
                ("status", "503"),
                ("milliseconds", "5"),
            ]
        });
        let mut statuses = Vec::new();
        for fields in taken {
            statuses.push(world.form("/faults", &fields).await.status);
        }
        assert!(statuses.contains(&303), "{kind} {statuses:?}");
    }
}

#[tokio::test]
async fn moves_the_clock_and_sets_it_back() {
    let world = World::start().await;
    let before = world.sandbox().now().instant();
    let page = world.follow("/clock", &[("minutes", "60")]).await;
    assert!(
        page.contains("<strong id=\"moved\">1 h 0 min</strong>"),
        "{page}"
    );
    assert!((world.sandbox().now().instant() - before).whole_minutes() >= 60);
    for odd in ["", "0", "-5", "x", "99999999999999999999"] {
        assert_eq!(
            world.form("/clock", &[("minutes", odd)]).await.status,
            422,
            "{odd}"
        );
    }
    let page = world.follow("/clock/back", &[]).await;
    assert!(page.contains("not moved") && !page.contains("id=\"set-back\""));
    assert!((world.sandbox().now().instant() - before).whole_minutes() < 30);
}

/// A sandbox whose merchant is away: nobody listens there.
async fn unheard() -> World {
    let url = |path: &str| format!("http://127.0.0.1:1{path}").parse().unwrap();
    let endpoints = Endpoints::new()
        .token_url(url("/token"))
        .notification_url(url("/payment"));
    World::with(|config| {
        config
            .transport(Arc::new(ReqwestTransport::new()))
            .endpoints(endpoints)
    })
    .await
}

#[tokio::test]
async fn says_whom_doku_calls_or_how_to_name_somebody() {
    let page = World::start().await.page("/notifications").await;
    assert!(page.contains("knows no notification URL"), "{page}");
    assert!(page.contains("doku sandbox --token-url"), "{page}");
    let page = unheard().await.page("/").await;
    let calls = "DOKU calls <code>http://127.0.0.1:1/payment</code>";
    assert!(
        page.contains(calls) && !page.contains("knows no notification URL"),
        "{page}"
    );
}

#[tokio::test]
async fn an_old_notification_is_shown_after_it_was_sent_again() {
    let world = unheard().await;
    for number in 1..=52 {
        let number = number_of(&world, &format!("INV-{number}")).await;
        let fields = [("number", number.as_str()), ("amount", "11500")];
        assert_eq!(world.form("/teller/pay", &fields).await.status, 303);
    }
    let page = world.page("/notifications").await;
    assert!(page.contains("3–52 of 52") && page.contains("/notifications?before=3\""));
    for (id, at) in [
        ("52", "/notifications#notification-52"),
        ("2", "/notifications?before=3#notification-2"),
    ] {
        let target = format!("/notifications/{id}/resend");
        let reply = world.form(&target, &[]).await;
        assert_eq!(reply.header("location"), Some(at));
        let page = world.follow(&target, &[]).await;
        let shown = format!("id=\"notification-{id}\"");
        assert!(page.contains(&shown), "{id}");
    }
}

#[tokio::test]
async fn shows_notifications_and_sends_them_again() {
    let world = unheard().await;
    let number = number_of(&world, "INV-1").await;
    let receipt = world
        .follow("/teller/pay", &[("number", &number), ("amount", "11500")])
        .await;
    assert!(
        receipt.contains("has not acknowledged the notification")
            && receipt.contains("next attempt"),
        "{receipt}"
    );
    let page = world.page("/notifications").await;
    assert!(
        page.contains("id=\"notification-1\"") && page.contains("next attempt"),
        "{page}"
    );
    assert!(page.contains("Attempts: 1"));
    let page = world.follow("/notifications/1/resend", &[]).await;
    assert!(
        page.contains("Attempts: 2") && page.contains("sent again by hand"),
        "{page}"
    );
    world.follow("/clock", &[("minutes", "31")]).await;
    assert!(
        world
            .page("/notifications")
            .await
            .contains("scheduled retry")
    );
    assert_eq!(world.form("/notifications/7/resend", &[]).await.status, 404);
    // Sent again by hand often, it shows the last attempts and counts all.
    for _ in 0..10 {
        world.form("/notifications/1/resend", &[]).await;
    }
    let page = world.page("/notifications").await;
    assert!(page.contains("Attempts: 13") && page.contains("<ol start=\"4\">"));
    assert_eq!(page.matches("sent again by hand").count(), 10);
    assert_eq!(world.form("/notifications/x/resend", &[]).await.status, 404);
}
