//! From values to the wire: strict, and in the dialect of the client.

use doku_model::wire::{
    AdditionalInfo, CheckStatusRequest, Money, Text, VirtualAccountConfig, VirtualAccountData,
};
use doku_model::{Amount, Bill, Channel, CustomerNo, PartnerServiceId, VirtualAccountNo};

use crate::change::Change;
use crate::create_va::CreateVa;
use crate::dialect::Dialect;
use crate::free_text::free_text;
use crate::virtual_account::VirtualAccount;

/// The body of a create request.
pub(super) fn create<'a>(
    order: &'a CreateVa,
    partner_service_id: &'a PartnerServiceId,
    customer_no: &'a CustomerNo,
    channel: &'a Channel,
    dialect: &Dialect,
) -> VirtualAccountData<'a> {
    let config = VirtualAccountConfig {
        reusable_status: Some(order.reusable),
        ..config_of_bill(&order.bill)
    };
    VirtualAccountData {
        additional_info: Some(AdditionalInfo {
            channel: Some(channel.as_str().into()),
            virtual_account_config: Some(config),
            ..AdditionalInfo::default()
        }),
        expired_date: order.expired_date.as_ref().map(|date| date.as_str().into()),
        free_text: free_text(&order.free_text),
        total_amount: Some(total_amount(&order.bill, dialect)),
        trx_id: Some(order.trx_id.as_str().into()),
        virtual_account_email: order.email.as_ref().map(|email| email.as_str().into()),
        virtual_account_name: Some(order.name.as_str().into()),
        virtual_account_phone: order.phone.as_ref().map(|phone| phone.as_str().into()),
        virtual_account_trx_type: Some(order.bill.trx_type().as_str().into()),
        ..numbers(partner_service_id, customer_no)
    }
}

/// The body of an update request: the numbers as DOKU returned them, the bill as it is to be, and what else changes.
///
/// The bill goes along with every update, because most official SDKs hold `totalAmount` to be mandatory.
pub(super) fn update<'a>(
    va: &'a VirtualAccount,
    change: &'a Change,
    dialect: &Dialect,
) -> VirtualAccountData<'a> {
    let bill = change.bill.as_ref().unwrap_or(&va.bill);
    let config = VirtualAccountConfig {
        status: change.status().map(|status| status.to_string().into()),
        ..config_of_bill(bill)
    };
    let says_something =
        config.status.is_some() || config.min_amount.is_some() || config.max_amount.is_some();
    VirtualAccountData {
        additional_info: Some(AdditionalInfo {
            channel: Some(va.channel.as_str().into()),
            virtual_account_config: says_something.then_some(config),
            ..AdditionalInfo::default()
        }),
        expired_date: change
            .expired_date
            .as_ref()
            .map(|date| date.as_str().into()),
        total_amount: Some(total_amount(bill, dialect)),
        trx_id: Some(va.trx_id.as_str().into()),
        virtual_account_email: change.email.as_ref().map(|email| email.as_str().into()),
        virtual_account_name: change.name.as_ref().map(|name| name.as_str().into()),
        virtual_account_phone: change.phone.as_ref().map(|phone| phone.as_str().into()),
        virtual_account_trx_type: Some(bill.trx_type().as_str().into()),
        ..numbers(&va.partner_service_id, &va.customer_no)
    }
}

/// The body of a delete request: the numbers as DOKU returned them, and the trxId of the create call.
pub(super) fn delete(va: &VirtualAccount) -> VirtualAccountData<'_> {
    VirtualAccountData {
        additional_info: Some(AdditionalInfo {
            channel: Some(va.channel.as_str().into()),
            ..AdditionalInfo::default()
        }),
        trx_id: Some(va.trx_id.as_str().into()),
        ..numbers(&va.partner_service_id, &va.customer_no)
    }
}

/// The body of a check-status request.
pub(super) fn status<'a>(
    partner_service_id: &'a PartnerServiceId,
    customer_no: &'a CustomerNo,
) -> CheckStatusRequest<'a> {
    let numbers = numbers(partner_service_id, customer_no);
    CheckStatusRequest {
        customer_no: numbers.customer_no,
        partner_service_id: numbers.partner_service_id,
        virtual_account_no: numbers.virtual_account_no,
        ..CheckStatusRequest::default()
    }
}

/// The three numbers, which fit together because one is made of the other two.
fn numbers<'a>(
    partner_service_id: &'a PartnerServiceId,
    customer_no: &'a CustomerNo,
) -> VirtualAccountData<'a> {
    let number = VirtualAccountNo::of(partner_service_id, customer_no);
    VirtualAccountData {
        customer_no: Some(customer_no.as_str().into()),
        partner_service_id: Some(partner_service_id.as_str().into()),
        virtual_account_no: Some(number.as_str().to_owned().into()),
        ..VirtualAccountData::default()
    }
}

fn total_amount(bill: &Bill, dialect: &Dialect) -> Money<'static> {
    let value = match bill.amount() {
        Some(amount) => Text::from(amount.to_string()),
        None => Text::from(dialect.open_amount()),
    };
    Money {
        currency: Some("IDR".into()),
        value: Some(value),
    }
}

fn config_of_bill(bill: &Bill) -> VirtualAccountConfig<'static> {
    let text = |amount: Amount| Text::from(amount.to_string());
    let limits = bill.limits();
    VirtualAccountConfig {
        min_amount: limits.and_then(|limits| limits.min()).map(text),
        max_amount: limits.and_then(|limits| limits.max()).map(text),
        ..VirtualAccountConfig::default()
    }
}
