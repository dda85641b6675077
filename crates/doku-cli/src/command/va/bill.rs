//! From the flags about money to a bill.

use doku::{Amount, Bill, Limits, PositiveAmount, TrxType};

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
    let limits = match trx_type {
        // Exactly this amount: there is nothing left to limit.
        TrxType::Closed => None,
        _ => before.limits(),
    };
    bill(
        trx_type,
        amount,
        flags.min.or(limits.and_then(|limits| limits.min())),
        flags.max.or(limits.and_then(|limits| limits.max())),
    )
    .map(Some)
}

fn named_type(flags: &BillArguments) -> Option<TrxType> {
    match (flags.closed, flags.open, flags.variable) {
        (true, _, _) => Some(TrxType::Closed),
        (_, true, _) => Some(TrxType::Open),
        (_, _, true) => Some(TrxType::Variable),
        _ => None,
    }
}

fn bill(
    trx_type: TrxType,
    amount: Option<Amount>,
    min: Option<Amount>,
    max: Option<Amount>,
) -> Result<Bill, Failure> {
    if max.is_some_and(|max| PositiveAmount::try_from(max).is_err()) {
        return Err(Failure::usage("--max must be more than 0")
            .next("Give more, or leave it out where nothing is too much."));
    }
    let limits = Limits::from_parts(min, max).map_err(|_| {
        Failure::usage("--max must not be below --min")
            .next("Give the lesser one as --min, or leave one of them out.")
    })?;
    match (trx_type, amount, limits) {
        (TrxType::Closed, _, Some(_)) => Err(Failure::usage(
            "--min and --max go with --open or --variable",
        )
        .next("Leave them out, or let the payer choose with --open.")),
        (TrxType::Open, Some(_), _) => Err(Failure::usage("an open bill has no amount")
            .next("Leave --amount out, or give --closed (exactly this) or --variable (this or another) besides.")),
        (TrxType::Closed | TrxType::Variable, None, _) => {
            Err(Failure::usage("--amount is missing")
                .next("Give --amount, or --open to let the payer choose."))
        }
        (trx_type, amount, limits) => Bill::from_parts(trx_type, amount, limits)
            .map_err(|error| {
                Failure::usage(format!("--amount {}", error.fault()))
                    .next("Give another amount, or --open to let the payer choose.")
            }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(line: &str) -> BillArguments {
        let mut flags = BillArguments {
            amount: None,
            closed: false,
            open: false,
            variable: false,
            min: None,
            max: None,
        };
        for word in line.split_whitespace() {
            match word.split_once('=') {
                Some(("amount", amount)) => flags.amount = Some(amount.parse().unwrap()),
                Some(("min", amount)) => flags.min = Some(amount.parse().unwrap()),
                Some(("max", amount)) => flags.max = Some(amount.parse().unwrap()),
                _ if word == "closed" => flags.closed = true,
                _ if word == "open" => flags.open = true,
                _ if word == "variable" => flags.variable = true,
                _ => panic!("{word}"),
            }
        }
        flags
    }

    /// Type, amount, least and most, as one text.
    fn told(bill: &Bill) -> String {
        let limits = bill.limits();
        let least = limits.and_then(|limits| limits.min());
        let most = limits.and_then(|limits| limits.max());
        let shown = |amount: Option<Amount>| amount.map_or("-".to_owned(), |it| it.to_string());
        let (amount, least, most) = (shown(bill.amount()), shown(least), shown(most));
        format!("{} {amount} {least} {most}", bill.trx_type())
    }

    #[test]
    fn an_order_says_all_of_its_bill() {
        for (line, bill) in [
            ("amount=11500", "C 11500.00 - -"),
            ("open", "O - - -"),
            ("open min=1 max=9", "O - 1.00 9.00"),
            ("variable amount=0", "V 0.00 - -"),
            ("variable amount=5 max=9", "V 5.00 - 9.00"),
        ] {
            assert_eq!(told(&of_order(&flags(line)).unwrap()), bill, "{line}");
        }
        for line in [
            "",
            "amount=0",
            "amount=5 min=1",
            "open amount=5",
            "variable",
            "open min=9 max=1",
            "open max=0",
        ] {
            assert!(of_order(&flags(line)).is_err(), "{line}");
        }
    }

    #[test]
    fn a_change_keeps_what_it_does_not_mention() {
        for (before, line, after) in [
            ("amount=5", "amount=6", "C 6.00 - -"),
            ("amount=5", "variable", "V 5.00 - -"),
            ("amount=5", "open max=9", "O - - 9.00"),
            ("open min=1 max=9", "closed amount=5", "C 5.00 - -"),
            ("variable amount=5 min=1", "closed", "C 5.00 - -"),
            ("variable amount=5 min=1", "closed amount=6", "C 6.00 - -"),
            ("open min=1 max=9", "max=8", "O - 1.00 8.00"),
            ("open min=1", "variable amount=5", "V 5.00 1.00 -"),
            ("variable amount=5 min=1", "amount=6", "V 6.00 1.00 -"),
            ("variable amount=5 max=9", "open", "O - - 9.00"),
        ] {
            let before = of_order(&flags(before)).unwrap();
            let changed = of_change(&flags(line), &before).unwrap().unwrap();
            assert_eq!(told(&changed), after, "{line}");
        }
        let before = of_order(&flags("amount=5")).unwrap();
        assert!(of_change(&flags(""), &before).unwrap().is_none());
        for (before, line) in [
            ("open", "amount=5"),
            ("open", "variable"),
            ("open", "closed"),
            ("variable amount=5", "closed max=9"),
            ("amount=5", "min=1"),
            ("open min=5", "max=1"),
        ] {
            let before = of_order(&flags(before)).unwrap();
            assert!(of_change(&flags(line), &before).is_err(), "{line}");
        }
    }
}
