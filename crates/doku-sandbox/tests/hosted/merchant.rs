//! The merchant: what it offers, what it was asked, and what it wrote down of payments.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Mutex;

use async_trait::async_trait;
use doku_model::request::{Inquiry, Payment};
use doku_model::{PositiveAmount, VirtualAccountNo};
use doku_va_btn::hosted::{
    Event, EventSink, Freshness, HandlerError, InquiryAnswer, InquiryHandler, Notification,
    Payable, PaymentCode, PaymentHandler, PaymentKey, Verified,
};
use tokio::sync::Semaphore;

/// How one run of the payment handler goes, when it does not go well at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It returns an error.
    Fails,
    /// It panics.
    Panics,
    /// It never returns.
    Hangs,
    /// It returns when [`Books::let_go`] is called.
    Waits,
}

/// What the merchant says of every number, whatever its offers are.
#[derive(Debug, Clone)]
pub(crate) enum Attitude {
    Says(InquiryAnswer),
    Panics,
    Hangs,
}

/// A payment that the handler kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) key: PaymentKey,
    pub(crate) amount: PositiveAmount,
    pub(crate) payment: Payment,
    pub(crate) other_amounts: Vec<PositiveAmount>,
    pub(crate) freshness: Freshness,
}

/// One line of either side's record: number, trxId, payment id, sen.
pub(crate) type Line = (String, Option<String>, String, u64);

/// The merchant's small record.
#[derive(Debug)]
pub(crate) struct Books {
    offers: Mutex<HashMap<String, (Payable, bool)>>,
    attitude: Mutex<Option<Attitude>>,
    inquiries: Mutex<Vec<Verified<Inquiry>>>,
    moods: Mutex<VecDeque<Mood>>,
    runs: Mutex<BTreeMap<(PaymentKey, PositiveAmount), usize>>,
    kept: Mutex<Vec<Kept>>,
    events: Mutex<Vec<Event>>,
    /// A permit for each run that has begun.
    begun: Semaphore,
    /// A permit for each waiting run that may end.
    gate: Semaphore,
}

impl Default for Books {
    fn default() -> Self {
        Self {
            offers: Mutex::default(),
            attitude: Mutex::default(),
            inquiries: Mutex::default(),
            moods: Mutex::default(),
            runs: Mutex::default(),
            kept: Mutex::default(),
            events: Mutex::default(),
            begun: Semaphore::new(0),
            gate: Semaphore::new(0),
        }
    }
}

impl Books {
    /// Offers `payable` under a number of the merchant's own.
    pub(crate) fn offer(&self, code: &PaymentCode, payable: Payable, reusable: bool) {
        let number = code.virtual_account_no().normalised().to_owned();
        let offer = (payable.with_reusable(reusable), reusable);
        self.offers.lock().unwrap().insert(number, offer);
    }

    /// Answers inquiries like this from now on; `None` goes by the offers again.
    pub(crate) fn answer_with(&self, attitude: Option<Attitude>) {
        *self.attitude.lock().unwrap() = attitude;
    }

    /// The next runs of the payment handler go like this, and those after them well.
    pub(crate) fn be(&self, moods: impl IntoIterator<Item = Mood>) {
        self.moods.lock().unwrap().extend(moods);
    }

    /// All runs go well from now on.
    pub(crate) fn be_well(&self) {
        self.moods.lock().unwrap().clear();
    }

    /// Lets one waiting run end.
    pub(crate) fn let_go(&self) {
        self.gate.add_permits(1);
    }

    /// Waits until the payment handler has begun once more.
    pub(crate) async fn has_begun(&self) {
        self.begun.acquire().await.unwrap().forget();
    }

    /// How often it was asked.
    pub(crate) fn inquiries(&self) -> usize {
        self.inquiries.lock().unwrap().len()
    }

    /// How often the payment handler was run.
    pub(crate) fn runs(&self) -> usize {
        self.runs.lock().unwrap().values().sum()
    }

    /// Every payment that was kept, in this order.
    pub(crate) fn kept(&self) -> Vec<Kept> {
        self.kept.lock().unwrap().clone()
    }

    /// What was kept, as lines, sorted.
    pub(crate) fn lines(&self) -> Vec<Line> {
        let mut lines: Vec<_> = self.kept().iter().map(Kept::line).collect();
        lines.sort();
        lines
    }

    /// What happened since this was asked last.
    pub(crate) fn take_events(&self) -> Vec<Event> {
        std::mem::take(&mut *self.events.lock().unwrap())
    }

    fn is_paid(&self, number: &VirtualAccountNo) -> bool {
        let kept = self.kept.lock().unwrap();
        kept.iter()
            .any(|kept| kept.key.number() == number.normalised())
    }

    fn look_up(&self, number: &VirtualAccountNo) -> InquiryAnswer {
        let offers = self.offers.lock().unwrap();
        match offers.get(number.normalised()) {
            None => InquiryAnswer::NotFound,
            Some((_, false)) if self.is_paid(number) => InquiryAnswer::Paid,
            Some((payable, _)) => payable.clone().into(),
        }
    }
}

impl Kept {
    fn line(&self) -> Line {
        (
            self.key.number().to_owned(),
            self.key.trx_id().map(ToString::to_string),
            self.key.payment_request_id().to_string(),
            self.amount.amount().sen(),
        )
    }
}

#[async_trait]
impl InquiryHandler for Books {
    async fn inquire(&self, inquiry: Verified<Inquiry>) -> InquiryAnswer {
        let number = inquiry.virtual_account_no.clone();
        self.inquiries.lock().unwrap().push(inquiry);
        let attitude = self.attitude.lock().unwrap().clone();
        match attitude {
            None => self.look_up(&number),
            Some(Attitude::Says(answer)) => answer,
            Some(Attitude::Panics) => panic!("the merchant's code is broken"),
            Some(Attitude::Hangs) => std::future::pending().await,
        }
    }
}

#[async_trait]
impl PaymentHandler for Books {
    async fn paid(&self, notification: Verified<Notification>) -> Result<(), HandlerError> {
        let (key, amount) = (notification.key().clone(), notification.paid_amount);
        *self
            .runs
            .lock()
            .unwrap()
            .entry((key.clone(), amount))
            .or_default() += 1;
        self.begun.add_permits(1);
        // Who keeps something takes a moment, in which others may come.
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        let mood = self.moods.lock().unwrap().pop_front();
        match mood {
            None => {}
            Some(Mood::Fails) => return Err("the disk is full".into()),
            Some(Mood::Panics) => panic!("the merchant's code is broken"),
            Some(Mood::Hangs) => std::future::pending().await,
            Some(Mood::Waits) => self.gate.acquire().await?.forget(),
        }
        self.kept.lock().unwrap().push(Kept {
            key,
            amount,
            payment: notification.payment().clone(),
            other_amounts: notification.other_amounts().to_vec(),
            freshness: notification.freshness(),
        });
        Ok(())
    }
}

impl EventSink for Books {
    fn event(&self, event: Event) {
        self.events.lock().unwrap().push(event);
    }
}
