//! PostgreSQL that takes no writes, and PostgreSQL that is restarted.

use serde_json::{Value, json};

use crate::support::{Cluster, Doku, Receiver, Replica, Starting, eventually};

#[test]
fn a_database_that_takes_no_writes_is_told_of_and_outlived() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let database = cluster.database();
    let receiver = Receiver::start();
    let server = Starting::on(database.url()).telling(receiver.url()).start();
    let doku = Doku::at(server.outside());
    let pay = server.ordered("INV-1");
    let name = &database.name;
    cluster.run(
        "postgres",
        &format!("ALTER DATABASE {name} SET default_transaction_read_only = on"),
    );
    database.end_connections();

    server.says_it_is_not_ready("the database takes no writes");
    for _ in 0..3 {
        let answer = doku.tell(server.outside(), &pay);
        assert!(answer.asks_to_come_again(), "{answer:?}");
    }
    server.refuses_orders("INV-2");
    server.logged(
        "ERROR",
        &["a call of DOKU's was not recorded", "takes no writes"],
    );
    // Looking is possible all the same.
    let list = server.doku(&["ledger", "list", "--output", "json"]).json();
    assert_eq!(list["items"][0]["trxId"], "INV-1", "{list}");
    let check = server.doku(&["serve", "--check"]);
    assert_eq!(check.code, Some(6), "{check:?}");
    assert!(check.stdout.contains("takes no writes"), "{check:?}");

    cluster.run(
        "postgres",
        &format!("ALTER DATABASE {name} RESET default_transaction_read_only"),
    );
    database.end_connections();
    server.becomes_ready();
    assert!(doku.tell(server.outside(), &pay).is_acknowledged());
    server.paid_once("INV-1");
    eventually(
        "a webhook",
        || receiver.said("account.paid", "INV-1"),
        |count| *count == 1,
    );
}

/// Tells of a payment until it is acknowledged; everything else must have been a 5xx.
fn tell_until_acknowledged(doku: &Doku, server: &Replica, pay: &crate::support::Pay) {
    let right = |answer: &crate::support::Answer| {
        assert!(
            answer.is_acknowledged() || answer.asks_to_come_again(),
            "{answer:?}"
        );
        answer.is_acknowledged()
    };
    eventually("acknowledged", || doku.tell(server.outside(), pay), right);
}

#[test]
fn a_restart_is_outlived_in_order_and_by_a_crash() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let database = cluster.database();
    let receiver = Receiver::start();
    let server = Starting::on(database.url()).telling(receiver.url()).start();
    let doku = Doku::at(server.outside());
    for how in ["fast", "immediate"] {
        let [before, on_the_way, after] =
            ["BEFORE", "ON-THE-WAY", "AFTER"].map(|word| server.ordered(&format!("{word}-{how}")));
        assert!(doku.tell(server.outside(), &before).is_acknowledged());
        std::thread::scope(|scope| {
            // Somebody pays while it goes down and comes up.
            let telling = scope.spawn(|| tell_until_acknowledged(&doku, &server, &on_the_way));
            cluster.stop(how);
            server.says_it_is_not_ready("cannot be reached");
            let answer = doku.tell(server.outside(), &after);
            assert!(answer.asks_to_come_again(), "{answer:?}");
            server.refuses_orders("INV-LOST");
            cluster.start_again();
            server.becomes_ready();
            telling.join().unwrap();
        });
        tell_until_acknowledged(&doku, &server, &after);
        for pay in [before, on_the_way, after] {
            assert!(doku.tell(server.outside(), &pay).is_acknowledged());
            server.paid_once(&pay.trx_id);
            let told = || receiver.said("account.paid", &pay.trx_id);
            eventually("a webhook", told, |count| *count == 1);
        }
    }
    server.logged(
        "ERROR",
        &["the database cannot be reached", ".s.PGSQL.5432"],
    );
}

/// What is told about money is what is known of it: nothing moves where nothing was sent.
#[test]
fn a_change_that_was_not_begun_is_told_as_such() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let database = cluster.database();
    let server = Starting::on(database.url()).start();
    server.ordered("INV-1");
    database.run(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$; \
         CREATE TRIGGER refuse BEFORE INSERT ON bill FOR EACH ROW EXECUTE FUNCTION refuse(); \
         CREATE TRIGGER refuse BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION refuse()",
    );
    let path = "/v1/virtual-accounts/INV-1";
    let dearer = json!({ "bill": { "type": "closed", "amount": "30000.00" } });
    for (method, body) in [("PATCH", dearer), ("DELETE", Value::Null)] {
        let told = server.api(method, path, &body);
        assert_eq!(told.status, 503, "{told:?}");
        let told = told.json();
        assert_eq!(told["money"], "untouched", "{method}: {told}");
        assert_eq!(
            told["advice"], "Nothing was sent to DOKU: ask again later.",
            "{told}"
        );
    }
    let account = server.api("GET", path, &Value::Null).json();
    assert_eq!(
        (&account["state"], &account["bill"]["amount"]),
        (&json!("active"), &json!("25000.00"))
    );
}
