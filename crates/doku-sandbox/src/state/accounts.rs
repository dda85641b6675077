//! All virtual accounts: a table that grows in pieces, and the ways to find one in it.

use std::sync::Arc;

use doku_model::{CustomerNo, PartnerServiceId, TrxId, VirtualAccountNo};

use super::account::Account;
use super::fingerprint::{Fingerprint, FingerprintMap, Fingerprints};
use super::pieces::{Pieces, Shared};
use crate::config::{Bin, BinMode};

/// Where an account stands in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct AccountId(u32);

#[derive(Debug)]
pub(crate) struct Accounts {
    bins: Arc<[Bin]>,
    prints: Fingerprints,
    all: Pieces<Account>,
    by_number: FingerprintMap<AccountId>,
    by_trx_id: FingerprintMap<AccountId>,
    /// The most recent account of each BIN: what a shared short number speaks of.
    latest: Vec<Option<AccountId>>,
    /// The number that DGPC gives out next, for each BIN.
    next_serial: Vec<u64>,
}

impl Accounts {
    pub(super) fn new(bins: Arc<[Bin]>, prints: Fingerprints) -> Self {
        Self {
            latest: vec![None; bins.len()],
            next_serial: vec![1; bins.len()],
            bins,
            prints,
            all: Pieces::default(),
            by_number: FingerprintMap::default(),
            by_trx_id: FingerprintMap::default(),
        }
    }

    /// The BIN that is written exactly so, blanks included.
    pub(super) fn bin_of(&self, id: &PartnerServiceId) -> Option<(u16, &Bin)> {
        self.bins
            .iter()
            .position(|bin| bin.partner_service_id().as_str() == id.as_str())
            .and_then(|index| Some((u16::try_from(index).ok()?, self.bins.get(index)?)))
    }

    pub(crate) fn bin(&self, account: &Account) -> Option<&Bin> {
        self.bins.get(usize::from(account.bin))
    }

    pub(crate) fn at(&self, id: AccountId) -> Option<&Account> {
        self.all.at(id.0)
    }

    pub(super) fn at_mut(&mut self, id: AccountId) -> Option<&mut Account> {
        self.all.at_mut(id.0)
    }

    /// The account that this number belongs to now.
    pub(super) fn by_number(&self, bin: u16, customer_no: &CustomerNo) -> Option<AccountId> {
        self.by_number
            .get(&self.number_print(bin, customer_no))
            .copied()
    }

    /// The account with this number, however a payer typed it.
    pub(crate) fn by_typed_number(&self, number: &VirtualAccountNo) -> Option<AccountId> {
        self.bins.iter().enumerate().find_map(|(index, bin)| {
            let customer_no = number.customer_no(bin.partner_service_id())?;
            self.by_number(u16::try_from(index).ok()?, &customer_no)
        })
    }

    pub(super) fn by_trx_id(&self, trx_id: &TrxId) -> Option<AccountId> {
        self.by_trx_id
            .get(&self.prints.of(trx_id.as_str()))
            .copied()
    }

    pub(super) fn latest(&self, bin: u16) -> Option<AccountId> {
        self.latest.get(usize::from(bin)).copied().flatten()
    }

    /// A number of a DGPC BIN that nobody has; `None` where it is another BIN or its range is used up.
    pub(super) fn next_number(&mut self, bin: u16) -> Option<CustomerNo> {
        let index = usize::from(bin);
        let entry = self.bins.get(index)?;
        let BinMode::Dgpc { prefix, digits } = entry.mode() else {
            return None;
        };
        let bin_digits = entry.partner_service_id().digits().len();
        let width = digits.checked_sub(bin_digits + prefix.as_str().len())?;
        let serial = self.next_serial.get_mut(index)?;
        let customer_no = format!("{prefix}{serial:0width$}");
        if customer_no.len() + bin_digits > *digits {
            return None;
        }
        *serial += 1;
        customer_no.parse().ok()
    }

    /// Adds an account; `None` where the table is full.
    pub(super) fn insert(&mut self, account: Account) -> Option<AccountId> {
        let id = AccountId(u32::try_from(self.all.len()).ok()?);
        let number = self.number_print(account.bin, &account.customer_no);
        let trx_id = self.prints.of(account.trx_id.as_str());
        self.by_number.insert(number, id);
        self.by_trx_id.insert(trx_id, id);
        if let Some(latest) = self.latest.get_mut(usize::from(account.bin)) {
            *latest = Some(id);
        }
        self.all.push(account);
        Some(id)
    }

    /// Every account from the `skip`th on, in the order of creation.
    pub(crate) fn iter_from(&self, skip: usize) -> impl Iterator<Item = &Account> {
        self.all.iter_from(skip)
    }

    /// How many there are, deleted ones too.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// The table as it is now, and the number that DGPC gives out next for each BIN.
    pub(super) fn share(&self) -> (Shared<Account>, Vec<u64>) {
        (self.all.share(), self.next_serial.clone())
    }

    /// Goes on with the numbers of a BIN where they were kept.
    pub(super) fn go_on(&mut self, bin: u16, serial: u64) {
        if let Some(next) = self.next_serial.get_mut(usize::from(bin)) {
            *next = serial;
        }
    }

    fn number_print(&self, bin: u16, customer_no: &CustomerNo) -> Fingerprint {
        self.prints.of(&(bin, customer_no.as_str()))
    }
}
