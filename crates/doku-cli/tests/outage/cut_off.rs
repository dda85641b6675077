//! Three servers on one PostgreSQL, and the way of one of them to it is cut.

use std::time::Instant;

use crate::support::{
    Answer, Cluster, Doku, Proxy, Receiver, Replica, Starting, Way, eventually, send,
};

/// DOKU's patience is not known; nobody waits longer than this for a 5xx.
const SOON: std::time::Duration = std::time::Duration::from_secs(15);

fn is_cut_off_and_comes_back(way: Way) {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let database = cluster.database();
    let proxy = Proxy::to(&cluster.socket());
    let receiver = Receiver::start();
    let replicas: Vec<Replica> = std::thread::scope(|scope| {
        let start = |url: String| {
            let starting = Starting::on(url).telling(receiver.url());
            scope.spawn(|| starting.start())
        };
        let starting = [
            start(database.url()),
            start(database.url()),
            start(database.url_at(proxy.address())),
        ];
        starting.map(|replica| replica.join().unwrap()).into()
    });
    let alone = &replicas[2];
    let doku = Doku::at(replicas[0].outside());
    // Connections are there, and in use, when it happens.
    let before = replicas[2].ordered("INV-BEFORE");
    assert!(doku.tell(alone.outside(), &before).is_acknowledged());
    let pays = ["INV-1", "INV-2", "INV-3"].map(|trx_id| replicas[0].ordered(trx_id));

    proxy.set(way);
    let begun = Instant::now();
    // DOKU comes to the one that is cut off: several at once, the same and others.
    let calls: Vec<Vec<u8>> = pays.iter().map(|pay| doku.notification(pay)).collect();
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let waiting: Vec<_> = calls
            .iter()
            .chain(&calls)
            .map(|call| scope.spawn(|| send(alone.outside(), call).unwrap()))
            .collect();
        let answers = waiting.into_iter().map(|answer| answer.join().unwrap());
        answers.collect()
    });
    for answer in &answers {
        assert!(answer.asks_to_come_again(), "{answer:?}");
    }
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    alone.says_it_is_not_ready("cannot be reached");
    alone.refuses_orders("INV-LOST");
    let place = format!("PostgreSQL at {}", proxy.address());
    let why = if way == Way::Refused {
        "refused"
    } else {
        "no answer within"
    };
    alone.logged("ERROR", &["the database cannot be reached", &place, why]);
    // The bearer is checked and the call understood all the same: what is missing is the database alone.
    alone.logged("ERROR", &["a payment was not acknowledged"]);

    // The others go on, with the same bytes.
    for (pay, call) in pays.iter().zip(&calls).take(2) {
        assert!(send(replicas[0].outside(), call).unwrap().is_acknowledged());
        replicas[1].paid_once(&pay.trx_id);
    }
    assert_eq!(replicas[1].readiness().status, 200);

    proxy.set(Way::Open);
    alone.becomes_ready();
    // What was refused comes again, and what the others took is known.
    for (pay, call) in pays.iter().zip(&calls) {
        assert!(doku.tell(alone.outside(), pay).is_acknowledged());
        assert!(send(alone.outside(), call).unwrap().is_acknowledged());
        alone.paid_once(&pay.trx_id);
    }
    assert_eq!(alone.ordered("INV-LOST").trx_id, "INV-LOST");
    for pay in &pays {
        for (id, kind) in alone.events(&pay.trx_id) {
            let counts = eventually(
                "a webhook",
                || receiver.counts(),
                |told| told.contains_key(&id),
            );
            // Whoever sent one and then lost the database cannot say that it arrived: it is sent again under its id.
            assert!(counts[&id] <= 2, "{id} {kind}");
        }
        assert_eq!(
            receiver.said("account.paid", &pay.trx_id),
            1,
            "{}",
            pay.trx_id
        );
    }
}

#[test]
fn where_connections_are_refused() {
    is_cut_off_and_comes_back(Way::Refused);
}

#[test]
fn where_everything_is_swallowed() {
    is_cut_off_and_comes_back(Way::Swallowed);
}
