//! Formulas and algorithms: which of them belong together, and what each other pair is called.

use super::Cause;
use super::choice::{Causes, Choice};
use crate::string_to_sign::{
    Formula, NON_SNAP_REQUEST, SNAP_ASYMMETRIC_TRANSACTION, SNAP_TOKEN, SNAP_TRANSACTION,
};

/// One of the texts that are signed: three of SNAP, and the lines of DOKU's other channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextKind {
    Token,
    Transaction,
    AsymmetricTransaction,
    /// With its line `Digest`.
    NonSnap,
    /// Without it, as for an empty body.
    NonSnapWithoutBody,
}

impl TextKind {
    pub(super) const fn formula(self) -> &'static Formula {
        match self {
            Self::Token => SNAP_TOKEN,
            Self::Transaction => SNAP_TRANSACTION,
            Self::AsymmetricTransaction => SNAP_ASYMMETRIC_TRANSACTION,
            Self::NonSnap | Self::NonSnapWithoutBody => NON_SNAP_REQUEST,
        }
    }

    /// Whether it is signed with a private key.
    pub(super) const fn is_for_rsa(self) -> bool {
        matches!(self, Self::Token | Self::AsymmetricTransaction)
    }

    pub(super) const fn is_snap(self) -> bool {
        !matches!(self, Self::NonSnap | Self::NonSnapWithoutBody)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    HmacSha512,
    HmacSha256,
    Rsa,
}

/// A formula and an algorithm, and why that pair is a mistake for this call.
pub(super) type Scheme = Choice<(TextKind, Method)>;

/// The pairs of formula and algorithm that are met, the right one first.
pub(super) fn schemes(right: TextKind) -> Vec<Scheme> {
    use Cause::{
        AsymmetricFormula, DigestLeftOut, DigestWithoutBody, HmacInsteadOfRsa, HmacSha256,
        HmacSha512, RsaInsteadOfHmac, TokenFormula, TokenLeftOut, TransactionFormula,
    };
    use Method as M;
    use TextKind as T;

    let table: &[(TextKind, Method, &[Cause])] = match right {
        T::Transaction => &[
            (T::Transaction, M::HmacSha512, &[]),
            (T::Transaction, M::HmacSha256, &[HmacSha256]),
            (T::Transaction, M::Rsa, &[RsaInsteadOfHmac]),
            (T::AsymmetricTransaction, M::Rsa, &[AsymmetricFormula]),
            (T::AsymmetricTransaction, M::HmacSha512, &[TokenLeftOut]),
            (T::Token, M::Rsa, &[TokenFormula]),
            (T::Token, M::HmacSha512, &[TokenFormula]),
            (
                T::AsymmetricTransaction,
                M::HmacSha256,
                &[TokenLeftOut, HmacSha256],
            ),
            (T::Token, M::HmacSha256, &[TokenFormula, HmacSha256]),
        ],
        T::Token => &[
            (T::Token, M::Rsa, &[]),
            (T::Token, M::HmacSha512, &[HmacInsteadOfRsa]),
            (T::Transaction, M::HmacSha512, &[TransactionFormula]),
            (T::Transaction, M::Rsa, &[TransactionFormula]),
            (T::AsymmetricTransaction, M::Rsa, &[AsymmetricFormula]),
            (T::Token, M::HmacSha256, &[HmacInsteadOfRsa, HmacSha256]),
            (
                T::Transaction,
                M::HmacSha256,
                &[TransactionFormula, HmacSha256],
            ),
            (
                T::AsymmetricTransaction,
                M::HmacSha512,
                &[AsymmetricFormula, HmacInsteadOfRsa],
            ),
        ],
        T::AsymmetricTransaction => &[
            (T::AsymmetricTransaction, M::Rsa, &[]),
            (T::AsymmetricTransaction, M::HmacSha512, &[HmacInsteadOfRsa]),
            (T::Transaction, M::Rsa, &[TransactionFormula]),
            (T::Transaction, M::HmacSha512, &[TransactionFormula]),
            (T::Token, M::Rsa, &[TokenFormula]),
            (
                T::AsymmetricTransaction,
                M::HmacSha256,
                &[HmacInsteadOfRsa, HmacSha256],
            ),
            (
                T::Transaction,
                M::HmacSha256,
                &[TransactionFormula, HmacSha256],
            ),
            (T::Token, M::HmacSha512, &[TokenFormula, HmacInsteadOfRsa]),
        ],
        T::NonSnap => &[
            (T::NonSnap, M::HmacSha256, &[]),
            (T::NonSnap, M::HmacSha512, &[HmacSha512]),
            (T::NonSnapWithoutBody, M::HmacSha256, &[DigestLeftOut]),
            (
                T::NonSnapWithoutBody,
                M::HmacSha512,
                &[DigestLeftOut, HmacSha512],
            ),
        ],
        T::NonSnapWithoutBody => &[
            (T::NonSnapWithoutBody, M::HmacSha256, &[]),
            (T::NonSnapWithoutBody, M::HmacSha512, &[HmacSha512]),
            (T::NonSnap, M::HmacSha256, &[DigestWithoutBody]),
            (T::NonSnap, M::HmacSha512, &[DigestWithoutBody, HmacSha512]),
        ],
    };
    table
        .iter()
        .map(|(text, method, causes)| Choice {
            value: (*text, *method),
            causes: Causes::of(causes),
        })
        .collect()
}
