//! Where each call goes.

use doku_model::Operation;
use http::Uri;
use http::uri::PathAndQuery;

use crate::config::Environment;
use crate::error::BuildError;

/// Where each operation of the merchant goes, parsed once.
#[derive(Debug)]
pub(super) struct Targets {
    token: Uri,
    create: Uri,
    update: Uri,
    delete: Uri,
    status: Uri,
}

impl Targets {
    pub(super) fn at(environment: &Environment) -> Result<Self, BuildError> {
        let base: Uri = environment
            .base_url()
            .parse()
            .map_err(|_| BuildError::NotSendable("the base URL cannot be called"))?;
        let target = |operation: Operation| {
            let mut parts = base.clone().into_parts();
            parts.path_and_query = Some(PathAndQuery::from_static(operation.path()));
            Uri::from_parts(parts)
                .map_err(|_| BuildError::NotSendable("the base URL cannot be called"))
        };
        Ok(Self {
            token: target(Operation::Token)?,
            create: target(Operation::CreateVa)?,
            update: target(Operation::UpdateVa)?,
            delete: target(Operation::DeleteVa)?,
            status: target(Operation::CheckStatus)?,
        })
    }

    pub(super) fn of(&self, operation: Operation) -> Uri {
        match operation {
            Operation::CreateVa => &self.create,
            Operation::UpdateVa => &self.update,
            Operation::DeleteVa => &self.delete,
            Operation::CheckStatus => &self.status,
            _ => &self.token,
        }
        .clone()
    }
}
