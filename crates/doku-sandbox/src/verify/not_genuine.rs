//! Why a call is not taken for the merchant's.

use crate::answer::Refusal;
use crate::journal::SignatureReport;

/// A call that is not genuine.
#[derive(Debug)]
pub(crate) struct NotGenuine {
    pub(crate) refusal: Refusal,
    /// More than the answer says.
    pub(crate) reason: Option<String>,
    pub(crate) signature: Option<SignatureReport>,
}

impl From<Refusal> for Box<NotGenuine> {
    fn from(refusal: Refusal) -> Self {
        Self::new(NotGenuine {
            refusal,
            reason: None,
            signature: None,
        })
    }
}

impl NotGenuine {
    pub(super) fn because(refusal: Refusal, reason: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            refusal,
            reason: Some(reason.into()),
            signature: None,
        })
    }
}
