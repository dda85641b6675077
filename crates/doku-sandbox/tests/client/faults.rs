//! Every fault on every operation it fits: how the call ends, what settles it where that is unknown, and that DOKU's
//! record is right in the end.

use std::time::Duration;

use doku_model::{Amount, CustomerNo, Operation, Timestamp, TrxId};
use doku_sandbox::{EchoedMember, Fault, FaultError, FaultKind, Standing, Verdict};
use doku_va_btn::{
    Change, Client, CreateVa, Error, Mismatch, Outcome, PaymentStatus, UnknownStatus,
    VirtualAccount,
};

use crate::shop::{Shop, closed, dgpc, mgpc};

/// How a call ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// In the success that was asked for, perhaps after more than one attempt.
    Done,
    /// In an error that says that nothing was changed.
    NotDone,
    /// In an error that says that it may have been done.
    Unknown,
    /// In an error that says which member of the answer speaks of something else. It may have been done.
    Mismatch(&'static str),
    /// In an answer to check status that counts neither as paid nor as unpaid.
    Unidentified,
}

fn kinds() -> Vec<FaultKind> {
    use EchoedMember::{Amount, Currency, ExpiredDate, TrxId, VirtualAccountNo};

    let mut kinds = vec![
        FaultKind::DropBefore,
        FaultKind::DropAfter,
        FaultKind::Delay { milliseconds: 5 },
        FaultKind::Hang,
        FaultKind::Html { status: 200 },
        FaultKind::Html { status: 502 },
        FaultKind::Conflict,
        FaultKind::CutBody,
        FaultKind::InvalidToken,
        FaultKind::ExpiredToken,
        FaultKind::Duplicate,
        FaultKind::OutOfOrder,
        FaultKind::BrokenSignature,
        FaultKind::ReplayedSignature,
        FaultKind::WrongAmount,
    ];
    for status in [401, 429, 500, 504] {
        kinds.extend([false, true].map(|after_work| FaultKind::Status { status, after_work }));
    }
    kinds.extend(
        [TrxId, VirtualAccountNo, Amount, Currency, ExpiredDate]
            .map(|member| FaultKind::WrongEcho { member }),
    );
    kinds
}

/// The table: how a call ends that meets a fault, and `None` where it cannot meet it.
fn end_of(operation: Operation, kind: &FaultKind) -> Option<End> {
    let asks = operation.is_safe_to_repeat();
    let lost = if asks { End::Done } else { End::Unknown };
    let no_telling = if asks { End::NotDone } else { End::Unknown };
    let is_token = operation == Operation::Token;
    Some(match kind {
        FaultKind::Delay { .. } | FaultKind::Duplicate | FaultKind::OutOfOrder => End::Done,
        FaultKind::InvalidToken | FaultKind::ExpiredToken if is_token => return None,
        FaultKind::InvalidToken | FaultKind::ExpiredToken => End::Done,
        // Who is not let in is not done, whatever the server did; DOKU knows the second attempt by its external id.
        FaultKind::Status { status: 401, .. } if is_token => End::NotDone,
        FaultKind::Status {
            status: 401 | 429, ..
        } => End::Done,
        FaultKind::DropBefore
        | FaultKind::DropAfter
        | FaultKind::Hang
        | FaultKind::CutBody
        | FaultKind::Status { .. }
        | FaultKind::Html { status: 502 } => lost,
        FaultKind::Html { .. } | FaultKind::Conflict => no_telling,
        FaultKind::WrongEcho { member } => return end_of_wrong_echo(operation, *member),
        _ => return None,
    })
}

fn end_of_wrong_echo(operation: Operation, member: EchoedMember) -> Option<End> {
    use Operation::{CheckStatus, CreateVa, DeleteVa, UpdateVa};

    Some(match (operation, member) {
        // The trxId decides: no other account has it.
        (CheckStatus, EchoedMember::TrxId) => End::Unidentified,
        (CheckStatus, EchoedMember::VirtualAccountNo) => End::Done,
        (CreateVa | UpdateVa | DeleteVa, EchoedMember::TrxId) => End::Mismatch(TrxId::FIELD),
        (CreateVa | UpdateVa | DeleteVa, EchoedMember::VirtualAccountNo) => {
            End::Mismatch(CustomerNo::FIELD)
        }
        (CreateVa | UpdateVa, EchoedMember::Amount) => End::Mismatch(Amount::FIELD),
        (CreateVa | UpdateVa, EchoedMember::Currency) => End::Mismatch("totalAmount.currency"),
        // The date that was asked for counts, and what the answer says of it does not.
        (CreateVa | UpdateVa, EchoedMember::ExpiredDate) => End::Done,
        _ => return None,
    })
}

fn end<T>(result: &Result<T, Error>) -> End {
    match result {
        Ok(_) => End::Done,
        Err(Error::Integrity {
            mismatch: Mismatch::Differs { member },
            ..
        }) => End::Mismatch(member),
        Err(error) if error.outcome() == Outcome::Unknown => End::Unknown,
        Err(_) => End::NotDone,
    }
}

/// The timer stands still, and may be moved, until this is dropped.
struct Frozen;

impl Frozen {
    fn now() -> Self {
        tokio::time::pause();
        Self
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        tokio::time::resume();
    }
}

/// A shop and what passes by while a call is held.
struct Day {
    shop: Shop,
    other: VirtualAccount,
}

impl Day {
    async fn begin() -> Self {
        let shop = Shop::open().await;
        let order = mgpc("4", "INV-OTHER", closed(4_000));
        let other = shop.client.create(&order).await.unwrap().value;
        Self { shop, other }
    }

    /// A client of its own: it has no token yet, and all its retries.
    fn client(&self) -> Client {
        self.shop.client_with(|config| config)
    }

    /// Orders the fault; says whether the operation can meet it.
    fn meets(&self, operation: Operation, kind: &FaultKind) -> bool {
        // Check status has two numbers to ask with after DGPC.
        let wrong = matches!(kind, FaultKind::WrongEcho { .. });
        let count = if wrong && operation == Operation::CheckStatus {
            2
        } else {
            1
        };
        let fault = Fault::once(kind.clone()).on(operation).times(count);
        let ordered = self.shop.sandbox().fault(fault);
        let expected = end_of(operation, kind).is_some();
        assert_eq!(ordered.is_ok(), expected, "{operation} {kind:?}");
        if let Err(error) = ordered {
            assert!(matches!(error, FaultError::Misplaced { .. }), "{error}");
        }
        expected
    }

    /// Makes a call while the day goes on: others call, and who hangs is not waited for.
    async fn call<T>(
        &self,
        operation: Operation,
        kind: &FaultKind,
        call: impl Future<Output = T>,
    ) -> T {
        let before = self.shop.sandbox().journal(0).len();
        let meanwhile = async {
            match kind {
                FaultKind::OutOfOrder => self.traffic(operation).await,
                FaultKind::Hang => self.give_up(before).await,
                _ => std::future::pending().await,
            }
        };
        let result = tokio::select! {
            result = call => result,
            () = meanwhile => unreachable!("the day has no end"),
        };
        self.shop.sandbox().clear_faults();
        let journal = self.shop.sandbox().journal(0);
        let shows = journal[before..]
            .iter()
            .any(|entry| entry.fault == Some(kind.name()) && entry.verdict != Verdict::Accepted);
        assert!(shows, "{operation} {kind:?} is in the journal");
        result
    }

    /// Calls that let a held one go, of another operation than it.
    async fn traffic(&self, operation: Operation) {
        let change = Change::new().bill(closed(4_000));
        loop {
            if operation == Operation::CheckStatus {
                let again = self.shop.client.update(&self.other, &change);
                again.await.unwrap();
            } else {
                self.shop.client.status(&self.other).await.unwrap();
            }
        }
    }

    /// Lets the time for one attempt pass at once, as soon as the call hangs.
    async fn give_up(&self, before: usize) {
        let hangs = || {
            let journal = self.shop.sandbox().journal(0).into_iter();
            let mut since = journal.skip(before);
            since.any(|entry| entry.fault == Some("hang"))
        };
        while !hangs() {
            tokio::task::yield_now().await;
        }
        let frozen = Frozen::now();
        tokio::time::advance(Duration::from_secs(31)).await;
        drop(frozen);
        std::future::pending::<()>().await;
    }

    /// What DOKU's record says of an order: each account's amount and standing.
    fn record(&self, trx_id: &TrxId) -> Vec<(String, Standing)> {
        let accounts = self.shop.sandbox().virtual_accounts().into_iter();
        accounts
            .filter(|account| account.trx_id == trx_id.as_str())
            .map(|account| (account.amount.unwrap_or_default(), account.standing))
            .collect()
    }
}

/// Two orders for each fault, one of each mode, that expire some day.
fn orders() -> impl Iterator<Item = (FaultKind, CreateVa)> {
    let expires: Timestamp = "2099-12-31T23:59:59+07:00".parse().unwrap();
    kinds()
        .into_iter()
        .enumerate()
        .flat_map(move |(position, kind)| {
            let own = format!("7{position}");
            [
                dgpc(&format!("INV-D{position}"), closed(11_500)),
                mgpc(&own, &format!("INV-M{position}"), closed(11_500)),
            ]
            .map(|order| (kind.clone(), order.expires(expires.clone())))
        })
}

#[tokio::test]
async fn a_token_comes_in_spite_of_it_or_is_said_not_to() {
    let day = Day::begin().await;
    for kind in kinds() {
        if !day.meets(Operation::Token, &kind) {
            continue;
        }
        let client = day.client();
        let result = day.call(Operation::Token, &kind, client.token()).await;
        assert_eq!(
            Some(end(&result)),
            end_of(Operation::Token, &kind),
            "{kind:?}"
        );
        // The next client is not the worse for it.
        assert!(day.client().token().await.is_ok(), "{kind:?}");
    }
}

#[tokio::test]
async fn a_create_makes_one_account_or_is_settled_to_one() {
    let day = Day::begin().await;
    for (kind, order) in orders() {
        if !day.meets(Operation::CreateVa, &kind) {
            continue;
        }
        let client = day.client();
        let prepared = client.prepare(&order).unwrap();
        let sent = async { client.send(&prepared).await };
        let result = day.call(Operation::CreateVa, &kind, sent).await;
        let expected = end_of(Operation::CreateVa, &kind);
        assert_eq!(Some(end(&result)), expected, "{kind:?} {result:?}");
        let known = match result {
            Ok(created) => created.value,
            Err(error) => {
                assert_eq!(error.outcome(), Outcome::Unknown, "{kind:?}");
                assert_eq!(error.external_id(), Some(prepared.external_id()));
                client.settle(&prepared).await.unwrap().value
            }
        };
        let accounts = day.record(order.trx_id());
        assert_eq!(
            accounts,
            [("11500.00".to_owned(), Standing::Pending)],
            "{kind:?}"
        );
        let number = known.number().as_str().to_owned();
        assert_eq!(day.shop.numbers_of(order.trx_id()), [number], "{kind:?}");
        assert_eq!(
            known.expired_date().map(Timestamp::as_str),
            Some("2099-12-31T23:59:59+07:00")
        );
    }
}

#[tokio::test]
async fn an_update_is_made_or_is_made_by_making_it_again() {
    let day = Day::begin().await;
    let change = Change::new().bill(closed(12_000));
    for (kind, order) in orders() {
        if !day.meets(Operation::UpdateVa, &kind) {
            continue;
        }
        let client = day.client();
        let va = client.create(&order).await.unwrap().value;
        let sent = async { client.update(&va, &change).await };
        let result = day.call(Operation::UpdateVa, &kind, sent).await;
        let expected = end_of(Operation::UpdateVa, &kind);
        assert_eq!(Some(end(&result)), expected, "{kind:?} {result:?}");
        if let Err(error) = result {
            assert!(error.advice().contains("Make the same update again"));
            client.update(&va, &change).await.unwrap();
        }
        let accounts = day.record(order.trx_id());
        assert_eq!(
            accounts,
            [("12000.00".to_owned(), Standing::Pending)],
            "{kind:?}"
        );
    }
}

#[tokio::test]
async fn a_delete_is_made_or_is_found_to_be_made_by_making_it_again() {
    let day = Day::begin().await;
    for (kind, order) in orders() {
        if !day.meets(Operation::DeleteVa, &kind) {
            continue;
        }
        let client = day.client();
        let va = client.create(&order).await.unwrap().value;
        let sent = async { client.delete(&va).await };
        let result = day.call(Operation::DeleteVa, &kind, sent).await;
        let expected = end_of(Operation::DeleteVa, &kind);
        assert_eq!(Some(end(&result)), expected, "{kind:?} {result:?}");
        if let Err(error) = result {
            assert!(error.advice().contains("Delete it again"), "{kind:?}");
            // Gone already, or gone now.
            if let Err(error) = client.delete(&va).await {
                let code = error.response_code().unwrap().to_string();
                assert_eq!(code, "4043112", "{kind:?}");
            }
        }
        let accounts = day.record(order.trx_id());
        assert_eq!(
            accounts,
            [("11500.00".to_owned(), Standing::Deleted)],
            "{kind:?}"
        );
        let said = client.status(&va).await.unwrap().value;
        assert!(!said.is_decided(), "{kind:?}: {said:?}");
    }
}

#[tokio::test]
async fn a_status_is_that_of_the_account_or_none() {
    let day = Day::begin().await;
    for (kind, order) in orders() {
        if !day.meets(Operation::CheckStatus, &kind) {
            continue;
        }
        let client = day.client();
        let va = client.create(&order).await.unwrap().value;
        let amount = "11500.00".parse().unwrap();
        day.shop.sandbox().pay(&va.number(), amount).unwrap();
        let asked = async { client.status(&va).await };
        let result = day.call(Operation::CheckStatus, &kind, asked).await;
        let end = match &result {
            Ok(said) => match said.value {
                PaymentStatus::Unknown(UnknownStatus::NotIdentified) => End::Unidentified,
                _ => End::Done,
            },
            Err(_) => end(&result),
        };
        let expected = end_of(Operation::CheckStatus, &kind);
        assert_eq!(Some(end), expected, "{kind:?} {result:?}");
        if end == End::Done {
            assert!(result.unwrap().value.is_paid(), "{kind:?}");
        }
        let again = client.status(&va).await.unwrap().value;
        assert!(again.is_paid(), "{kind:?}: {again:?}");
    }
}
