//! What the script asks for: the parts that changed, and no other.

use crate::support::World;

#[tokio::test]
async fn gives_the_parts_that_changed() {
    let world = World::start().await;
    let ask = async |query: &str| world.get(&format!("/live?lang=en&{query}")).await.json();
    let first = ask("accounts=5.&journal=5.&faults=50.&notifications=5.&clock=1.").await;
    assert_eq!(first["parts"].as_object().unwrap().len(), 5);
    let version = |name: &str| first["parts"][name]["version"].as_str().unwrap().to_owned();
    let known = format!(
        "accounts=5.{}&journal=5.{}&faults=50.{}",
        version("accounts"),
        version("journal"),
        version("faults"),
    );
    assert!(ask(&known).await["parts"].as_object().unwrap().is_empty());
    world.created("INV-1").await;
    let changed = ask(&known).await;
    let parts = changed["parts"].as_object().unwrap();
    assert_eq!(parts.keys().collect::<Vec<_>>(), ["accounts", "journal"]);
    assert!(
        parts["accounts"]["html"]
            .as_str()
            .unwrap()
            .contains("INV-1")
    );
    assert!(changed["now"].as_str().unwrap().ends_with("+07:00"));
}

#[tokio::test]
async fn time_that_runs_changes_no_list() {
    let world = World::start().await;
    let end =
        doku_model::Timestamp::wib(world.sandbox().now().instant() + time::Duration::minutes(90));
    let body = crate::support::changed(
        crate::support::create("INV-1"),
        serde_json::json!({ "expiredDate": end.as_str() }),
    );
    world.call(doku_model::Operation::CreateVa, &body).await;
    let parts = async || {
        let told = world
            .get("/live?lang=en&accounts=5.&journal=5.&clock=1.")
            .await;
        let told = told.json();
        ["accounts", "journal", "clock"].map(|name| told["parts"][name]["version"].clone())
    };
    let [accounts, journal, clock] = parts().await;
    world.sandbox().advance(std::time::Duration::from_secs(600));
    let later = parts().await;
    assert_eq!([accounts, journal], later[..2]);
    assert_ne!(clock, later[2]);
    // Until it is over.
    world
        .sandbox()
        .advance(std::time::Duration::from_secs(6000));
    assert_ne!(parts().await[0], later[0]);
}

#[tokio::test]
async fn the_page_and_the_script_are_told_the_same() {
    let world = World::start().await;
    world.created("INV-1").await;
    let page = world.page("/").await;
    let (_, rest) = page
        .split_once("data-part=\"journal\" data-most=\"15\" data-version=\"")
        .unwrap();
    let version = rest.split('"').next().unwrap();
    let told = world
        .get(&format!("/live?lang=en&journal=15.{version}"))
        .await
        .json();
    assert!(told["parts"].as_object().unwrap().is_empty(), "{told}");
}

#[tokio::test]
async fn odd_questions_are_answered_within_bounds() {
    let world = World::start().await;
    for _ in 0..60 {
        world.get("/nowhere").await;
    }
    for odd in [
        "",
        "journal",
        "journal=x",
        "nothing=5.",
        "journal=-1.&journal=5.",
        "%FF=%FF",
    ] {
        assert_eq!(
            world.get(&format!("/live?{odd}")).await.status,
            200,
            "{odd}"
        );
    }
    let told = world.get("/live?journal=99999999.").await.json();
    let html = told["parts"]["journal"]["html"].as_str().unwrap();
    assert_eq!(html.matches("<details id=\"entry-").count(), 50);
}

#[tokio::test]
async fn looking_is_not_in_the_journal() {
    let world = World::start().await;
    for page in ["/", "/journal", "/live", "/assets/page.css"] {
        world.get(page).await;
    }
    assert!(world.sandbox().journal(0).is_empty());
}
