//! Three servers on one PostgreSQL, and every notification brought to all of them at once.

use std::sync::Barrier;

use crate::support::{Answer, Cluster, Doku, Pay, Receiver, Replica, Starting, eventually, send};

/// So many accounts are paid in a round.
const PAYMENTS: usize = 4;

const ROUNDS: usize = 3;

/// Brings each of these calls to each of the servers, twice, all at the same moment.
fn bring(replicas: &[Replica], calls: &[Vec<u8>]) -> Vec<Answer> {
    let start = Barrier::new(replicas.len() * calls.len() * 2);
    std::thread::scope(|scope| {
        let mut waiting = Vec::new();
        for call in calls {
            for replica in replicas.iter().flat_map(|replica| [replica, replica]) {
                let start = &start;
                waiting.push(scope.spawn(move || {
                    start.wait();
                    send(replica.outside(), call).unwrap()
                }));
            }
        }
        let answers = waiting.into_iter().map(|answer| answer.join().unwrap());
        answers.collect()
    })
}

#[test]
fn one_payment_one_event_one_webhook() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let database = cluster.database();
    let receiver = Receiver::start();
    let replicas: Vec<Replica> = std::thread::scope(|scope| {
        let start = || {
            let starting = Starting::on(database.url()).telling(receiver.url());
            scope.spawn(|| starting.start())
        };
        let starting = [start(), start(), start()];
        starting.map(|replica| replica.join().unwrap()).into()
    });
    let doku = Doku::at(replicas[0].outside());
    let mut paid = Vec::new();
    for round in 0..ROUNDS {
        let pays: Vec<Pay> = (0..PAYMENTS)
            .map(|place| replicas[place % 3].ordered(&format!("INV-{round}-{place}")))
            .collect();
        // The same bytes, to all of them at once.
        let calls: Vec<Vec<u8>> = pays.iter().map(|pay| doku.notification(pay)).collect();
        for answer in bring(&replicas, &calls) {
            assert!(
                answer.is_acknowledged() || answer.asks_to_come_again(),
                "{answer:?}"
            );
        }
        // Told again later: another moment, another external id, and now nobody is in anybody's way.
        for pay in &pays {
            for replica in &replicas {
                let answer = doku.tell(replica.outside(), pay);
                assert!(answer.is_acknowledged(), "{answer:?}");
            }
        }
        // And fresh repeats at once.
        let calls: Vec<Vec<u8>> = pays.iter().map(|pay| doku.notification(pay)).collect();
        for answer in bring(&replicas, &calls) {
            assert!(answer.is_acknowledged(), "{answer:?}");
        }
        paid.extend(pays);
    }
    for pay in &paid {
        replicas[0].paid_once(&pay.trx_id);
    }
    for replica in &replicas {
        assert_eq!(replica.all("/v1/payments").len(), ROUNDS * PAYMENTS);
    }
    let events: Vec<(String, String)> = paid
        .iter()
        .flat_map(|pay| replicas[1].events(&pay.trx_id))
        .collect();
    let told = eventually(
        "webhooks",
        || receiver.counts(),
        |told| told.len() >= events.len(),
    );
    for (id, kind) in &events {
        assert_eq!(told.get(id), Some(&1), "{id} {kind}");
    }
    assert_eq!(told.len(), events.len());
    for pay in &paid {
        assert_eq!(
            receiver.said("account.paid", &pay.trx_id),
            1,
            "{}",
            pay.trx_id
        );
    }
    // Whoever was at work has ended, and nothing came twice.
    for replica in replicas {
        drop(replica.stop());
    }
    assert!(receiver.counts().values().all(|count| *count == 1));
}
