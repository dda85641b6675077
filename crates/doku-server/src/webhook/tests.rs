//! Order, patience and repeats, on a clock that the test moves.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use doku_ledger::account::DirectBill;
use doku_ledger::delivery::Recipient;
use doku_ledger::{Cursor, Ledger, Settings};
use doku_model::{Bill, TrxId};
use doku_transport::{HttpTransport, TransportError, TransportErrorKind};
use doku_va_btn::Clock;
use doku_va_btn::hosted::PaymentCode;
use http::{Request, Response};
use serde_json::Value;
use tempfile::TempDir;
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::sync::{Semaphore, watch};

use super::Dispatcher;
use crate::config::{Target, WebhookSecret};
use crate::metrics::Metrics;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[derive(Debug)]
struct SetClock(Mutex<OffsetDateTime>);

impl SetClock {
    fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap();
        *now += by;
    }
}

impl Clock for SetClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap()
    }
}

/// What a receiver does with a message.
#[derive(Debug, Clone, Copy)]
enum Mood {
    Thanks,
    Fails(u16),
    Asks(u64),
    Breaks,
}

/// The merchant's application.
#[derive(Debug)]
struct Receiver {
    arrived: Semaphore,
    heard: Mutex<Vec<(String, Value)>>,
    /// By trxId and type; whoever is not mentioned is thanked.
    moods: Mutex<HashMap<(String, String), Mood>>,
}

#[async_trait]
impl HttpTransport for Receiver {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        // Let others go first, as a network does.
        tokio::task::yield_now().await;
        let ours = standardwebhooks::Webhook::new(SECRET).unwrap();
        // Not by its `verify`: the clock of a test may be far from the machine's.
        let header = |name: &str| request.headers()[name].to_str().unwrap();
        let seconds = header("webhook-timestamp").parse().unwrap();
        let signature = ours
            .sign(header("webhook-id"), seconds, request.body())
            .unwrap();
        assert_eq!(header("webhook-signature"), signature);
        let id = request.headers()["webhook-id"].to_str().unwrap().to_owned();
        let event: Value = serde_json::from_slice(request.body()).unwrap();
        assert_eq!(event["id"], id);
        let word = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        let key = (word("trxId"), word("type"));
        self.heard.lock().unwrap().push((id, event));
        self.arrived.add_permits(1);
        let mood = self.moods.lock().unwrap().get(&key).copied();
        let status = match mood.unwrap_or(Mood::Thanks) {
            Mood::Thanks => 204,
            Mood::Fails(status) => status,
            Mood::Asks(_) => 503,
            Mood::Breaks => return Err(TransportErrorKind::Connect.into()),
        };
        let mut response = Response::builder().status(status);
        if let Some(Mood::Asks(seconds)) = mood {
            response = response.header("retry-after", seconds);
        }
        Ok(response.body(Bytes::new()).unwrap())
    }
}

impl Receiver {
    fn mood(&self, trx_id: &str, kind: &str, mood: Mood) {
        let key = (trx_id.to_owned(), kind.to_owned());
        self.moods.lock().unwrap().insert(key, mood);
    }

    /// The types that were heard about an order, in order, repeats included.
    fn heard_of(&self, trx_id: &str) -> Vec<String> {
        self.heard
            .lock()
            .unwrap()
            .iter()
            .filter(|(_, event)| event["trxId"] == trx_id)
            .map(|(_, event)| event["type"].as_str().unwrap().to_owned())
            .collect()
    }

    fn ids(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        heard.iter().map(|(id, _)| id.clone()).collect()
    }
}

/// Where a test keeps its ledger, and whose it is: on a server that tests share, everybody is somebody else.
struct Site {
    location: String,
    client_id: String,
    _folder: TempDir,
}

impl Site {
    fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            location: folder.path().join("ledger.sqlite").display().to_string(),
            client_id: "BRN-1".to_owned(),
            _folder: folder,
        }
    }

    fn postgres(url: String) -> Self {
        Self {
            location: url,
            client_id: format!("BRN-{:016x}", getrandom::u64().unwrap()),
            _folder: tempfile::tempdir().unwrap(),
        }
    }

    async fn open(&self, clock: &Arc<SetClock>) -> Ledger {
        let settings = Settings::new(
            self.location.parse().unwrap(),
            self.client_id.parse().unwrap(),
        )
        .clock(Arc::clone(clock) as Arc<dyn Clock>);
        Ledger::open(settings).await.unwrap()
    }
}

/// The same behaviour on both databases.
macro_rules! both {
    ($(async fn $name:ident($world:ident) $body:block)*) => {
        $(mod $name {
            use super::*;

            async fn behaviour($world: World) $body

            #[tokio::test]
            async fn on_sqlite() {
                behaviour(World::on(Site::sqlite()).await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                match std::env::var("DOKU_TEST_POSTGRES") {
                    Ok(url) => behaviour(World::on(Site::postgres(url)).await).await,
                    Err(_) => eprintln!("skipped: DOKU_TEST_POSTGRES names no PostgreSQL to test with"),
                }
            }
        })*
    };
}

struct World {
    site: Site,
    clock: Arc<SetClock>,
    ledger: Ledger,
    receiver: Arc<Receiver>,
}

impl World {
    async fn on(site: Site) -> Self {
        let clock = Arc::new(SetClock(Mutex::new(datetime!(2026-01-31 10:00 UTC))));
        let ledger = site.open(&clock).await;
        let world = Self {
            site,
            clock,
            ledger,
            receiver: Arc::new(Receiver {
                arrived: Semaphore::new(0),
                heard: Mutex::default(),
                moods: Mutex::default(),
            }),
        };
        let recipient = crate::webhook::recipient(&world.target());
        world.ledger.enrol(&recipient).await.unwrap();
        world
    }

    fn target(&self) -> Target {
        let url = "http://127.0.0.1:9/hooks".parse().unwrap();
        Target::new("shop", url, SECRET.parse::<WebhookSecret>().unwrap())
    }

    fn dispatcher(&self) -> Dispatcher {
        self.dispatcher_of(self.ledger.clone())
    }

    fn dispatcher_of(&self, ledger: Ledger) -> Dispatcher {
        let transport = Arc::clone(&self.receiver) as Arc<dyn HttpTransport>;
        Dispatcher::new(ledger, Arc::new(self.target()), transport, Metrics::new()).without_chance()
    }

    /// An order; it begins with `account.requested` and `account.activated`.
    async fn order(&self, trx_id: &str) {
        let number = format!("{:04}", trx_id.bytes().map(u64::from).sum::<u64>());
        let code = PaymentCode::new("77062".parse().unwrap(), number.parse().unwrap()).unwrap();
        let bill = Bill::Closed("25000.00".parse().unwrap());
        let bill = DirectBill::new(
            &code,
            trx_id.parse().unwrap(),
            "Budi".parse().unwrap(),
            bill,
        );
        self.ledger.register(bill, None).await.unwrap();
    }

    async fn delete(&self, trx_id: &str) {
        let trx_id: TrxId = trx_id.parse().unwrap();
        self.ledger.delete(&Nobody, &trx_id).await.unwrap();
    }

    /// Works until there is nothing to do.
    async fn work(&self, dispatcher: &Dispatcher) {
        while dispatcher.round().await.unwrap() > 0 {}
    }

    async fn dead(&self) -> Vec<doku_ledger::delivery::DeadLetter> {
        self.ledger
            .dead_letters(Cursor::START, 100)
            .await
            .unwrap()
            .items
    }
}

/// DOKU has no part in numbers of the merchant's own.
struct Nobody;

#[async_trait]
impl doku_ledger::intent::Doku for Nobody {
    fn prepare(
        &self,
        _: &doku_va_btn::CreateVa,
    ) -> Result<doku_va_btn::PreparedCreate, doku_va_btn::Error> {
        unreachable!()
    }
    async fn send(
        &self,
        _: &doku_va_btn::PreparedCreate,
        _: Duration,
    ) -> Result<doku_va_btn::VirtualAccount, doku_ledger::intent::Failed> {
        unreachable!()
    }
    async fn settle(
        &self,
        _: &doku_va_btn::PreparedCreate,
        _: Duration,
    ) -> Result<doku_va_btn::VirtualAccount, doku_ledger::intent::Failed> {
        unreachable!()
    }
    async fn update(
        &self,
        _: &doku_va_btn::VirtualAccount,
        _: &doku_va_btn::Change,
        _: doku_model::ExternalId,
        _: Duration,
    ) -> Result<doku_va_btn::VirtualAccount, doku_ledger::intent::Failed> {
        unreachable!()
    }
    async fn delete(
        &self,
        _: &doku_va_btn::VirtualAccount,
        _: doku_model::ExternalId,
        _: Duration,
    ) -> Result<(), doku_ledger::intent::Failed> {
        unreachable!()
    }
    async fn status(
        &self,
        _: &doku_va_btn::VirtualAccount,
        _: Duration,
    ) -> Result<doku_va_btn::PaymentStatus, doku_ledger::intent::Failed> {
        unreachable!()
    }
}

const BEGIN: [&str; 2] = ["account.requested", "account.activated"];
const WHOLE: [&str; 3] = ["account.requested", "account.activated", "account.deleted"];

both! {
    async fn every_event_arrives_once_and_in_order(world) {
        for order in ["INV-1", "INV-2", "INV-3"] {
            world.order(order).await;
        }
        world.delete("INV-2").await;
        world.work(&world.dispatcher()).await;
        assert_eq!(world.receiver.heard_of("INV-1"), BEGIN);
        assert_eq!(world.receiver.heard_of("INV-2"), WHOLE);
        assert_eq!(world.receiver.heard_of("INV-3"), BEGIN);
        assert_eq!(world.receiver.ids().len(), 7);
        let backlog = world
            .ledger
            .backlog(&crate::webhook::recipient(&world.target()))
            .await
            .unwrap();
        assert_eq!((backlog.waiting, backlog.dead), (0, 0));
        assert_eq!((backlog.oldest, backlog.unplanned_since), (None, None));
    }

    async fn a_failure_holds_up_its_own_order_alone(world) {
        let dispatcher = world.dispatcher();
        let moods = [Mood::Fails(500), Mood::Fails(302), Mood::Breaks];
        for (round, mood) in moods.into_iter().enumerate() {
            let held = format!("INV-{round}1");
            let free = format!("INV-{round}2");
            world.order(&held).await;
            world.order(&free).await;
            world.receiver.mood(&held, "account.requested", mood);
            world.work(&dispatcher).await;
            assert_eq!(world.receiver.heard_of(&held), ["account.requested"]);
            assert_eq!(world.receiver.heard_of(&free), BEGIN);

            // Not before its time.
            world.work(&dispatcher).await;
            assert_eq!(world.receiver.heard_of(&held).len(), 1);
            world.receiver.mood(&held, "account.requested", Mood::Thanks);
            world.clock.advance(Duration::from_secs(7));
            world.work(&dispatcher).await;
            assert_eq!(
                world.receiver.heard_of(&held),
                ["account.requested", "account.requested", "account.activated"]
            );
        }
        // A repeat has the id of the first.
        let ids = world.receiver.ids();
        let mut unique = ids.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(ids.len(), unique.len() + 3);
    }

    async fn a_receiver_may_ask_for_time(world) {
        world.order("INV-1").await;
        world.receiver.mood("INV-1", "account.requested", Mood::Asks(120));
        let dispatcher = world.dispatcher();
        world.work(&dispatcher).await;
        world.clock.advance(Duration::from_secs(119));
        world.work(&dispatcher).await;
        assert_eq!(world.receiver.heard_of("INV-1").len(), 1);
        world.clock.advance(Duration::from_secs(1));
        world.work(&dispatcher).await;
        assert_eq!(world.receiver.heard_of("INV-1").len(), 2);
    }

    async fn after_three_days_it_is_a_dead_letter_that_can_be_sent_again(world) {
        world.order("INV-1").await;
        world.receiver.mood("INV-1", "account.requested", Mood::Fails(410));
        let dispatcher = world.dispatcher();
        let mut hours = 0;
        while world.dead().await.is_empty() {
            world.work(&dispatcher).await;
            assert!(hours < 100, "it is never given up");
            hours += 1;
            world.clock.advance(Duration::from_secs(3600));
        }
        assert!(hours >= 72, "{hours}");
        world.work(&dispatcher).await;

        // What stood behind it has gone on.
        let heard = world.receiver.heard_of("INV-1");
        assert_eq!(heard.last().unwrap(), "account.activated");
        assert_eq!(heard.len(), 17);
        let dead = world.dead().await;
        assert_eq!(dead.len(), 1);
        assert_eq!(dead[0].recipient, "shop");
        assert_eq!(dead[0].reason, "HTTP 410");
        assert_eq!(dead[0].event.kind.name(), "account.requested");
        assert_eq!(usize::try_from(dead[0].attempts).unwrap(), heard.len() - 1);

        // Sent again, it fails once more, and is tried anew and for as long as a new one.
        let id = dead[0].id;
        assert!(world.ledger.send_again(id).await.unwrap());
        assert!(!world.ledger.send_again(id).await.unwrap());
        world.work(&dispatcher).await;
        assert_eq!(world.receiver.heard_of("INV-1").len(), heard.len() + 1);
        // It holds up nothing.
        world.delete("INV-1").await;
        world.work(&dispatcher).await;
        assert_eq!(world.receiver.heard_of("INV-1").last().unwrap(), "account.deleted");
        world.receiver.mood("INV-1", "account.requested", Mood::Thanks);
        world.clock.advance(Duration::from_secs(7));
        world.work(&dispatcher).await;
        assert_eq!(world.receiver.heard_of("INV-1").last().unwrap(), "account.requested");
        assert!(world.dead().await.is_empty());
    }

    async fn what_waited_behind_a_dead_letter_is_tried_as_long_as_any_other(world) {
        world.order("INV-1").await;
        world.receiver.mood("INV-1", "account.requested", Mood::Fails(410));
        world.receiver.mood("INV-1", "account.activated", Mood::Fails(410));
        let dispatcher = world.dispatcher();
        let mut given_up = Vec::new();
        for hour in 0..200 {
            world.work(&dispatcher).await;
            if world.dead().await.len() > given_up.len() {
                given_up.push(hour);
            }
            world.clock.advance(Duration::from_secs(3600));
        }
        let [first, second] = given_up[..] else {
            panic!("{given_up:?}");
        };
        assert!(first >= 72, "{first}");
        assert!(second - first >= 72, "{second} after {first}");
        let dead = world.dead().await;
        assert_eq!(dead[1].event.kind.name(), "account.activated");
        assert_eq!(dead[0].attempts, dead[1].attempts);
        assert!(dead[1].since >= dead[0].given_up_at, "it is told since when it was tried");
    }

    async fn replicas_do_not_send_at_the_same_time(world) {
        let other = world.site.open(&world.clock).await;
        for number in 0..20 {
            world.order(&format!("INV-{number}")).await;
        }
        let (ours, theirs) = (world.dispatcher(), world.dispatcher_of(other));
        tokio::join!(world.work(&ours), world.work(&theirs));
        // One of them may have found nothing to do while the other had taken it.
        world.work(&ours).await;
        let mut ids = world.receiver.ids();
        assert_eq!(ids.len(), 40);
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 40);
        for number in 0..20 {
            assert_eq!(world.receiver.heard_of(&format!("INV-{number}")), BEGIN);
        }
    }

    async fn what_somebody_took_and_never_sent_is_sent_by_another(world) {
        world.order("INV-1").await;
        let recipient = crate::webhook::recipient(&world.target());
        world.ledger.plan_deliveries(&recipient, 100).await.unwrap();
        let minute = Duration::from_secs(60);
        let taken = world.ledger.take_deliveries(&recipient, 10, minute).await.unwrap();
        assert_eq!(taken.len(), 1, "of one order one at a time");
        let dispatcher = world.dispatcher();
        world.work(&dispatcher).await;
        assert!(world.receiver.ids().is_empty());
        world.clock.advance(minute);
        world.work(&dispatcher).await;
        assert_eq!(world.receiver.heard_of("INV-1"), BEGIN);
        // Whoever comes back late has nothing to say.
        assert_eq!(world.ledger.delivered(&[&taken[0]]).await.unwrap(), 0);
    }

    async fn a_new_target_is_told_of_what_it_wants_from_then_on(world) {
        world.order("INV-1").await;
        let late = Recipient::new("late").only(["account.deleted"]);
        world.ledger.enrol(&late).await.unwrap();
        world.order("INV-2").await;
        world.delete("INV-2").await;
        world.delete("INV-1").await;
        assert_eq!(world.ledger.plan_deliveries(&late, 100).await.unwrap(), 4);
        let minute = Duration::from_secs(60);
        let taken = world.ledger.take_deliveries(&late, 10, minute).await.unwrap();
        let told: Vec<_> = taken
            .iter()
            .map(|delivery| {
                let trx_id = delivery.event.trx_id.as_ref().unwrap().to_string();
                (trx_id, delivery.event.kind.name())
            })
            .collect();
        assert_eq!(
            told,
            [
                ("INV-2".to_owned(), "account.deleted"),
                ("INV-1".to_owned(), "account.deleted")
            ]
        );
    }

    async fn it_works_by_itself_until_it_is_told_to_stop(world) {
        let (stop, stopped) = watch::channel(false);
        let working = tokio::spawn(world.dispatcher().run(stopped));
        world.order("INV-1").await;
        world.receiver.arrived.acquire_many(2).await.unwrap().forget();
        stop.send_replace(true);
        working.await.unwrap();
        world.order("INV-2").await;
        assert!(world.receiver.heard_of("INV-2").is_empty());
    }
}
