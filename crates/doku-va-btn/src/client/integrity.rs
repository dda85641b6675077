//! Whether an answer speaks of what was asked.

use doku_model::wire::{
    Bilingual, CheckStatusResponse, StatusAdditionalInfo, StatusData, Text, VirtualAccountConfig,
    VirtualAccountData, VirtualAccountResponse, optional,
};
use doku_model::{
    Amount, Bill, CustomerNo, Limits, PartnerServiceId, PaymentFlag, Timestamp, TrxId, TrxType,
    VirtualAccountName, VirtualAccountNo,
};

use super::prepared::PreparedCreate;
use super::verdict::Proof;
use crate::change::Change;
use crate::create_va::Mode;
use crate::error::Mismatch;
use crate::virtual_account::VirtualAccount;

const NO_DATA: Mismatch = Mismatch::Missing {
    member: "virtualAccountData",
};

/// The virtual account that an answer to `prepared` describes.
pub(super) fn created(
    prepared: &PreparedCreate,
    response: &VirtualAccountResponse<'_>,
    proof: Proof,
) -> Result<VirtualAccount, Mismatch> {
    let data = response.virtual_account_data.as_ref().ok_or(NO_DATA)?;
    let order = &prepared.order;
    same_trx_id(&order.trx_id, data, proof)?;
    same_bill(&order.bill, data, proof)?;
    if proof != Proof::Answer {
        same_expiry(order.expired_date.as_ref(), data)?;
        same_name(&order.name, data)?;
    }
    if proof == Proof::Existing {
        same_reusability(order.reusable, data)?;
    }
    let customer_no = numbers(&prepared.partner_service_id, data)?;
    let belongs = match order.mode {
        Mode::DokuGenerated => customer_no
            .as_str()
            .starts_with(prepared.customer_no.as_str()),
        Mode::MerchantGenerated | Mode::DirectInquiry => customer_no == prepared.customer_no,
    };
    if !belongs {
        return Err(Mismatch::Differs {
            member: CustomerNo::FIELD,
        });
    }
    let links = response.additional_info();
    let owned = |text: Option<&Text<'_>>| {
        text.map(|text| text.as_str().to_owned())
            .filter(|text| !text.is_empty())
    };
    Ok(VirtualAccount {
        customer_no,
        expired_date: order.expired_date.clone().or(optional(
            "expiredDate",
            data.expired_date.as_ref(),
        )
        .ok()
        .flatten()),
        how_to_pay_page: owned(links.and_then(|links| links.how_to_pay_page.as_ref())),
        how_to_pay_api: owned(links.and_then(|links| links.how_to_pay_api.as_ref())),
        ..prepared.as_registered()
    })
}

/// Whether the answer to an update or a delete speaks of this account, and of the bill it has then.
///
/// What it leaves out does not matter, unless it is an earlier answer.
pub(super) fn concerns(
    va: &VirtualAccount,
    bill: Option<&Bill>,
    response: &VirtualAccountResponse<'_>,
    proof: Proof,
) -> Result<(), Mismatch> {
    let Some(data) = &response.virtual_account_data else {
        return match proof {
            Proof::Answer => Ok(()),
            Proof::Repeated | Proof::Existing => Err(NO_DATA),
        };
    };
    same_trx_id(&va.trx_id, data, proof)?;
    if let Some(bill) = bill {
        same_bill(bill, data, proof)?;
    }
    let says_number = data.customer_no.is_some() || data.virtual_account_no.is_some();
    if says_number && numbers(&va.partner_service_id, data)? != va.customer_no {
        return Err(Mismatch::Differs {
            member: CustomerNo::FIELD,
        });
    }
    Ok(())
}

/// Whether an earlier answer shows what this update asks for: its external id may have been used for another change.
pub(super) fn shows(
    change: &Change,
    response: &VirtualAccountResponse<'_>,
    proof: Proof,
) -> Result<(), Mismatch> {
    const STATUS: &str = "additionalInfo.virtualAccountConfig.status";
    if proof == Proof::Answer {
        return Ok(());
    }
    let data = response.virtual_account_data.as_ref().ok_or(NO_DATA)?;
    same_expiry(change.expired_date.as_ref(), data)?;
    if let Some(name) = &change.name {
        same_name(name, data)?;
    }
    let shown = config(data).and_then(|config| said(config.status.as_ref()));
    match (change.status(), shown) {
        (Some(asked), Some(shown)) if shown != asked.as_str() => {
            Err(Mismatch::Differs { member: STATUS })
        }
        _ => Ok(()),
    }
}

fn same_trx_id(asked: &TrxId, data: &VirtualAccountData<'_>, proof: Proof) -> Result<(), Mismatch> {
    match said(data.trx_id.as_ref()) {
        Some(text) if text == asked.as_str() => Ok(()),
        None if proof == Proof::Answer => Ok(()),
        None => Err(Mismatch::Missing {
            member: TrxId::FIELD,
        }),
        Some(_) => Err(Mismatch::Differs {
            member: TrxId::FIELD,
        }),
    }
}

fn same_bill(asked: &Bill, data: &VirtualAccountData<'_>, proof: Proof) -> Result<(), Mismatch> {
    let trx_type: Option<TrxType> =
        optional(TrxType::FIELD, data.virtual_account_trx_type.as_ref())?;
    match trx_type {
        Some(trx_type) if trx_type != asked.trx_type() => {
            return Err(Mismatch::Differs {
                member: TrxType::FIELD,
            });
        }
        None if proof != Proof::Answer => {
            return Err(Mismatch::Missing {
                member: TrxType::FIELD,
            });
        }
        _ => {}
    }
    let money = data.total_amount.as_ref();
    let amount: Option<Amount> =
        optional(Amount::FIELD, money.and_then(|money| money.value.as_ref()))?;
    match amount {
        Some(amount) if amount != asked.amount().unwrap_or(Amount::ZERO) => {
            return Err(Mismatch::Differs {
                member: Amount::FIELD,
            });
        }
        None if proof != Proof::Answer => {
            return Err(Mismatch::Missing {
                member: Amount::FIELD,
            });
        }
        _ => {}
    }
    let currency = said(money.and_then(|money| money.currency.as_ref()));
    if currency.is_some_and(|currency| currency != "IDR") {
        return Err(Mismatch::Differs {
            member: "totalAmount.currency",
        });
    }
    match asked {
        // Samples of DOKU carry limits beside a closed amount, where they mean nothing.
        Bill::Closed(_) => Ok(()),
        Bill::Open(limits) | Bill::Variable { limits, .. } => same_limits(*limits, data, proof),
    }
}

/// Answers rarely repeat the limits; where they do, they must be the same. A limit of zero is none. Of an account that
/// another call made, the limits that were asked for must be shown.
fn same_limits(
    asked: Option<Limits>,
    data: &VirtualAccountData<'_>,
    proof: Proof,
) -> Result<(), Mismatch> {
    let config = config(data);
    for (member, asked, shown) in [
        (
            "additionalInfo.virtualAccountConfig.minAmount",
            asked.and_then(|limits| limits.min()),
            config.and_then(|config| config.min_amount.as_ref()),
        ),
        (
            "additionalInfo.virtualAccountConfig.maxAmount",
            asked.and_then(|limits| limits.max()),
            config.and_then(|config| config.max_amount.as_ref()),
        ),
    ] {
        match optional::<Amount>(member, shown)? {
            Some(amount) if amount != asked.unwrap_or(Amount::ZERO) => {
                return Err(Mismatch::Differs { member });
            }
            None if asked.is_some() && proof == Proof::Existing => {
                return Err(Mismatch::Missing { member });
            }
            _ => {}
        }
    }
    Ok(())
}

fn config<'d, 'a>(data: &'d VirtualAccountData<'a>) -> Option<&'d VirtualAccountConfig<'a>> {
    data.additional_info
        .as_ref()?
        .virtual_account_config
        .as_ref()
}

/// Another call may have made the account for somebody else. What an answer leaves out is not held against it.
fn same_name(asked: &VirtualAccountName, data: &VirtualAccountData<'_>) -> Result<(), Mismatch> {
    match said(data.virtual_account_name.as_ref()) {
        Some(name) if name != asked.as_str() => Err(Mismatch::Differs {
            member: VirtualAccountName::FIELD,
        }),
        _ => Ok(()),
    }
}

/// Another call may have made the account for one payment only. Where more were asked for, the answer must show it.
fn same_reusability(reusable: bool, data: &VirtualAccountData<'_>) -> Result<(), Mismatch> {
    const MEMBER: &str = "additionalInfo.virtualAccountConfig.reusableStatus";
    match config(data).and_then(|config| config.reusable_status) {
        Some(shown) if shown != reusable => Err(Mismatch::Differs { member: MEMBER }),
        None if reusable => Err(Mismatch::Missing { member: MEMBER }),
        _ => Ok(()),
    }
}

fn same_expiry(asked: Option<&Timestamp>, data: &VirtualAccountData<'_>) -> Result<(), Mismatch> {
    const EXPIRED_DATE: &str = "expiredDate";
    let Some(asked) = asked else { return Ok(()) };
    match optional::<Timestamp>(EXPIRED_DATE, data.expired_date.as_ref())? {
        Some(said) if said == *asked => Ok(()),
        Some(_) => Err(Mismatch::Differs {
            member: EXPIRED_DATE,
        }),
        None => Err(Mismatch::Missing {
            member: EXPIRED_DATE,
        }),
    }
}

/// The customer's part that the answer speaks of, once its numbers agree with each other and with the BIN.
fn numbers(
    partner_service_id: &PartnerServiceId,
    data: &VirtualAccountData<'_>,
) -> Result<CustomerNo, Mismatch> {
    let said: Option<PartnerServiceId> =
        optional(PartnerServiceId::FIELD, data.partner_service_id.as_ref())?;
    if said.is_some_and(|said| said != *partner_service_id) {
        return Err(Mismatch::Differs {
            member: PartnerServiceId::FIELD,
        });
    }
    let customer_no: Option<CustomerNo> = optional(CustomerNo::FIELD, data.customer_no.as_ref())?;
    let number: Option<VirtualAccountNo> =
        optional(VirtualAccountNo::FIELD, data.virtual_account_no.as_ref())?;
    match (customer_no, number) {
        (Some(customer_no), None) => Ok(customer_no),
        (Some(customer_no), Some(number)) => {
            if number == VirtualAccountNo::of(partner_service_id, &customer_no) {
                Ok(customer_no)
            } else {
                Err(Mismatch::Differs {
                    member: VirtualAccountNo::FIELD,
                })
            }
        }
        (None, Some(number)) => number
            .customer_no(partner_service_id)
            .ok_or(Mismatch::Differs {
                member: VirtualAccountNo::FIELD,
            }),
        (None, None) => Err(Mismatch::Missing {
            member: VirtualAccountNo::FIELD,
        }),
    }
}

/// What an entry of a check-status answer says of the account that was asked about.
pub(super) struct Said<'d, 'a> {
    pub(super) data: &'d StatusData<'a>,
    pub(super) flag: PaymentFlag,
    /// Whether it names the account's trxId, which no other account has.
    pub(super) by_trx_id: bool,
}

/// What a check-status answer says of `va`, if it speaks of `va` at all: its trxId must be the account's, or, where it
/// names none, its full number.
///
/// The short number of a DGPC account is shared by all accounts of its prefix, so an answer may speak of another one.
pub(super) fn status_of<'d, 'a>(
    va: &VirtualAccount,
    response: &'d CheckStatusResponse<'a>,
) -> Option<Said<'d, 'a>> {
    let alone = response.virtual_account_data.len() == 1;
    let beside = response.additional_info.as_ref().filter(|_| alone);
    let of_this = response.virtual_account_data.iter().filter_map(|data| {
        identified(va, data, beside).map(|by_trx_id| Said {
            data,
            flag: flag(data.payment_flag_reason.as_ref()),
            by_trx_id,
        })
    });
    // Several entries of one account: a payment among them is a payment.
    of_this.reduce(|best, next| {
        if best.flag == PaymentFlag::Paid {
            best
        } else {
            next
        }
    })
}

/// Whether the entry speaks of `va`: `Some(true)` by its trxId, `Some(false)` by its full number.
fn identified(
    va: &VirtualAccount,
    data: &StatusData<'_>,
    beside: Option<&StatusAdditionalInfo<'_>>,
) -> Option<bool> {
    let inside = said(data.trx_id.as_ref());
    let beside = said(beside.and_then(|info| info.trx_id.as_ref()));
    if inside.is_none() && beside.is_none() {
        let number: VirtualAccountNo =
            optional(VirtualAccountNo::FIELD, data.virtual_account_no.as_ref()).ok()??;
        return (number == va.number()).then_some(false);
    }
    inside
        .into_iter()
        .chain(beside)
        .all(|trx_id| trx_id == va.trx_id.as_str())
        .then_some(true)
}

fn flag(reason: Option<&Bilingual<'_>>) -> PaymentFlag {
    let english = reason
        .and_then(|reason| reason.english.as_ref())
        .map(Text::as_str);
    let indonesia = reason
        .and_then(|reason| reason.indonesia.as_ref())
        .map(Text::as_str);
    PaymentFlag::from_reason(english, indonesia)
}

/// A text that is there and not blank.
fn said<'t>(text: Option<&'t Text<'_>>) -> Option<&'t str> {
    text.map(Text::as_str)
        .filter(|text| !text.trim().is_empty())
}
