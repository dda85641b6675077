//! From the flags about money to a bill.

use doku::{Amount, Bill, FieldError, Limits, TrxType};

use crate::args::BillArguments;
use crate::exit::Failure;

/// The bill of a new account: closed, unless another type is named.
pub(super) fn of_order(flags: &BillArguments) -> Result<Bill, Failure> {
    let trx_type = named_type(flags).unwrap_or(TrxType::Closed);
    bill(trx_type, flags.amount, flags.min, flags.max)
}

/// The bill of an account that is changed; none where no flag is about money. What is not mentioned stays.
pub(super) fn of_change(flags: &BillArguments, before: &Bill) -> Result<Option<Bill>, Failure> {
    let named = named_type(flags);
    let silent =
        named.is_none() && flags.amount.is_none() && flags.min.is_none() && flags.max.is_none();
    if silent {
        return Ok(None);
    }
    let trx_type = named.unwrap_or(before.trx_type());
    let amount = match trx_type {
        // An open bill has none, and one that was given is refused below.
        TrxType::Open => flags.amount,
        _ => flags.amount.or(before.amount()),
    };
    let limits = before.limits();
    bill(
        trx_type,
        amount,
        flags.min.or(limits.and_then(|limits| limits.min())),
        flags.max.or(limits.and_then(|limits| limits.max())),
    )
    .map(Some)
}

fn named_type(flags: &BillArguments) -> Option<TrxType> {
    match (flags.open, flags.variable) {
        (true, _) => Some(TrxType::Open),
        (_, true) => Some(TrxType::Variable),
        _ => None,
    }
}

fn bill(
    trx_type: TrxType,
    amount: Option<Amount>,
    min: Option<Amount>,
    max: Option<Amount>,
) -> Result<Bill, Failure> {
    let refused = |error: FieldError| Failure::usage(format!("this bill makes no sense: {error}"));
    let limits = Limits::from_parts(min, max).map_err(refused)?;
    match (trx_type, amount, limits) {
        (TrxType::Closed, _, Some(_)) => Err(Failure::usage(
            "--min and --max go with --open or --variable",
        )
        .next("Leave them out, or let the payer choose with --open.")),
        (TrxType::Open, Some(_), _) => Err(Failure::usage("an open bill has no amount")
            .next("Leave --amount out, or give --variable besides.")),
        (TrxType::Closed | TrxType::Variable, None, _) => {
            Err(Failure::usage("--amount is missing")
                .next("Give --amount, or --open to let the payer choose."))
        }
        (trx_type, amount, limits) => Bill::from_parts(trx_type, amount, limits).map_err(refused),
    }
}
