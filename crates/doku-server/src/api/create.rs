//! Creating a virtual account: once, whatever happens on the way.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;
use doku_ledger::account::{Account, DirectBill, State as Standing};
use doku_ledger::intent::{Begun, IdempotencyKey};
use doku_model::{
    Bill, CustomerNo, FreeText, PartnerServiceId, Timestamp, TrxId, VirtualAccountEmail,
    VirtualAccountName, VirtualAccountPhone,
};
use doku_va_btn::hosted::PaymentCode;
use doku_va_btn::{CreateVa, Mode, Outcome};
use http::header::LOCATION;
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use super::authorise::Caller;
use super::members::{Faults, Members};
use super::path::{location, unfinished};
use super::problem::{Fault, NOTHING_SENT, Problem, field};
use super::{answer, body, problem};
use crate::site::Site;
use crate::view;

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What a request may say.
pub(super) const MEMBERS: &[&str] = &[
    "mode",
    "trxId",
    "name",
    "bill",
    "reusable",
    "expiredDate",
    "email",
    "phone",
    "freeText",
    "partnerServiceId",
    "customerNo",
];

/// What is asked for, understood.
struct Order {
    mode: Mode,
    trx_id: TrxId,
    name: VirtualAccountName,
    bill: Bill,
    reusable: bool,
    expired_date: Option<Timestamp>,
    email: Option<VirtualAccountEmail>,
    phone: Option<VirtualAccountPhone>,
    free_text: Vec<FreeText>,
    partner_service_id: Option<PartnerServiceId>,
    customer_no: Option<CustomerNo>,
}

/// How a create ended.
struct Ended {
    account: Account,
    /// Whether it was asked for before under the same key.
    replayed: bool,
    /// Why nobody knows whether it exists.
    outcome: Option<Value>,
}

pub(super) async fn create(
    State(site): State<Arc<Site>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Response, Problem> {
    let key = body::idempotency_key(request.headers())?;
    let asked = body::json(request).await?;
    let order = Order::read(&asked)?;
    // Of two callers with the same key each has its own; and the members may come in any order.
    let key = key.map(|key| {
        IdempotencyKey::new(format!("{} {key}", caller.0), asked.to_string().as_bytes())
    });
    let trx_id = order.trx_id.clone();
    let work = {
        let site = Arc::clone(&site);
        async move { order.make(&site, key.as_ref()).await }
    };
    let ended = site
        .underway
        .run(work)
        .await
        .unwrap_or_else(|| Err(unfinished(&trx_id)))?;
    Ok(told(&site, &ended))
}

fn told(site: &Site, ended: &Ended) -> Response {
    let status = match ended.account.state {
        Standing::Creating | Standing::Unknown => StatusCode::ACCEPTED,
        _ if ended.replayed => StatusCode::OK,
        _ => StatusCode::CREATED,
    };
    let mut told = answer::account(site, &ended.account);
    answer::with_outcome(&mut told, ended.outcome.clone());
    let mut response = answer::json(status, &told);
    let headers = response.headers_mut();
    if let Ok(location) = HeaderValue::from_str(&location(&ended.account.trx_id)) {
        headers.insert(LOCATION, location);
    }
    if ended.replayed {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

impl Order {
    fn read(asked: &Value) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let order = Self::read_into(asked, &mut faults);
        faults.settle(order)
    }

    fn read_into(asked: &Value, faults: &mut Faults) -> Option<Self> {
        let members = Members::of(asked, "", MEMBERS, faults)?;
        members.present("mode", faults);
        let mode = members.text("mode", faults).and_then(|word| {
            let known = [
                Mode::DokuGenerated,
                Mode::MerchantGenerated,
                Mode::DirectInquiry,
            ]
            .into_iter()
            .find(|mode| view::mode(*mode) == word);
            if known.is_none() {
                let detail = "must be doku_generated, merchant_generated or direct_inquiry";
                faults.add("/mode", detail);
            }
            known
        });
        let trx_id = members.required("trxId", faults);
        let name = members.required("name", faults);
        members.present("bill", faults);
        let bill = members.bill("bill", faults);
        let reusable = members.flag("reusable", faults).unwrap_or(false);
        let expired_date = members.parsed("expiredDate", faults);
        let email = members.parsed("email", faults);
        let phone = members.parsed("phone", faults);
        let free_text = members.free_text("freeText", faults);
        let partner_service_id = members.parsed("partnerServiceId", faults);
        let customer_no = members.parsed("customerNo", faults);
        if mode == Some(Mode::MerchantGenerated) && members.value("customerNo").is_none() {
            faults.add(
                "/customerNo",
                "is mandatory for merchant_generated: the merchant makes the number",
            );
        }
        Some(Self {
            mode: mode?,
            trx_id: trx_id?,
            name: name?,
            bill: bill?,
            reusable,
            expired_date,
            email,
            phone,
            free_text,
            partner_service_id,
            customer_no,
        })
    }

    async fn make(self, site: &Site, key: Option<&IdempotencyKey>) -> Result<Ended, Problem> {
        match self.mode {
            Mode::DirectInquiry => self.register(site, key).await,
            Mode::DokuGenerated | Mode::MerchantGenerated => self.ask(site, key).await,
        }
    }

    /// Records it, asks DOKU, and records how it ended.
    async fn ask(self, site: &Site, key: Option<&IdempotencyKey>) -> Result<Ended, Problem> {
        let trx_id = self.trx_id.clone();
        let order = self.create_va();
        let prepared = site
            .doku
            .prepare(&order)
            .map_err(|error| Problem::ledger(&doku_ledger::Error::from(Box::new(error))))?;
        let begun = site.ledger.begin_create(prepared, key).await;
        let intent = match begun.map_err(|error| Problem::ledger(&error).about(&trx_id))? {
            Begun::New(intent) => intent,
            Begun::Existing(account) => return replayed(*account),
        };
        // As the ledger's leases have it.
        let deadline = site.config.deadline;
        let answer = site.doku.send(intent.prepared(), deadline).await;
        let done = site
            .ledger
            .finish_create(&intent, answer)
            .await
            .map_err(|error| {
                tracing::error!(%error, %trx_id, "how a create ended was not recorded; it is found again");
                Problem::storage("how it ended could not be recorded")
                    .about(&trx_id)
                    .unknown(location(&trx_id))
            })?;
        match done.failure {
            Some(failed) if failed.outcome() == Outcome::NotDone => {
                Err(Problem::failed(&failed).about(&trx_id))
            }
            failure => Ok(Ended {
                account: done.account,
                replayed: false,
                outcome: failure.as_ref().map(problem::outcome),
            }),
        }
    }

    fn create_va(self) -> CreateVa {
        let Self {
            mode,
            trx_id,
            name,
            bill,
            reusable,
            expired_date,
            email,
            phone,
            free_text,
            partner_service_id,
            customer_no,
        } = self;
        let mut order = match (mode, customer_no) {
            (Mode::MerchantGenerated, Some(customer_no)) => {
                CreateVa::merchant_generated(customer_no, trx_id, name, bill)
            }
            (_, prefix) => {
                let order = CreateVa::doku_generated(trx_id, name, bill);
                match prefix {
                    Some(prefix) => order.with_prefix(prefix),
                    None => order,
                }
            }
        };
        if reusable {
            order = order.reusable();
        }
        if let Some(expired_date) = expired_date {
            order = order.expires(expired_date);
        }
        if let Some(email) = email {
            order = order.email(email);
        }
        if let Some(phone) = phone {
            order = order.phone(phone);
        }
        if let Some(id) = partner_service_id {
            order = order.under(id);
        }
        free_text.into_iter().fold(order, CreateVa::free_text)
    }

    /// Registers a number of the merchant's own. DOKU is not asked; it asks when the customer pays.
    async fn register(self, site: &Site, key: Option<&IdempotencyKey>) -> Result<Ended, Problem> {
        let trx_id = self.trx_id.clone();
        let known = site.ledger.account(&trx_id).await;
        let known = known.map_err(|error| Problem::ledger(&error))?;
        let code = self.code(site).await?;
        let mut bill = DirectBill::new(&code, self.trx_id, self.name, self.bill);
        if self.reusable {
            bill = bill.reusable();
        }
        if let Some(expired_date) = self.expired_date {
            bill = bill.expires(expired_date);
        }
        if let Some(email) = self.email {
            bill = bill.email(email);
        }
        if let Some(phone) = self.phone {
            bill = bill.phone(phone);
        }
        let bill = self.free_text.into_iter().fold(bill, DirectBill::free_text);
        let account = site.ledger.register(bill, key).await;
        let account = account.map_err(|error| Problem::ledger(&error).about(&trx_id))?;
        Ok(Ended {
            // What was there before was not made now.
            replayed: known.is_some_and(|known| known.public_id == account.public_id),
            account,
            outcome: None,
        })
    }

    /// The number that was given, or one that nobody has.
    async fn code(&self, site: &Site) -> Result<PaymentCode, Problem> {
        let configured = site.config.doku.partner_service_id();
        let missing =
            |pointer: &str, detail: &str| Problem::faults(vec![Fault::at(pointer, detail)]);
        let Some(bin) = self.partner_service_id.as_ref().or(configured) else {
            let detail = "is missing, and the server is configured with none";
            return Err(missing("/partnerServiceId", detail));
        };
        if let Some(customer_no) = &self.customer_no {
            return PaymentCode::new(bin.clone(), customer_no.clone())
                .map_err(|error| Problem::faults(vec![field(&error)]));
        }
        let codes = site
            .codes
            .as_ref()
            .filter(|_| Some(bin) == configured)
            .ok_or_else(|| {
                let detail = "is missing, and numbers are made up under the configured BIN only";
                missing("/customerNo", detail)
            })?;
        codes.next().await.map_err(|error| {
            tracing::error!(%error, "no number could be made up");
            Problem::storage("no number could be made up; the reason is in the server's log")
                .untouched()
                .advice(NOTHING_SENT)
        })
    }
}

/// The account of an earlier request under the same key.
fn replayed(account: Account) -> Result<Ended, Problem> {
    if account.state == Standing::Refused {
        return Err(Problem::refused(
            "this request was refused, or never sent, when it was first made",
        )
        .untouched()
        .about(&account.trx_id)
        .advice("Mend what was wrong, and send it with another Idempotency-Key."));
    }
    Ok(Ended {
        account,
        replayed: true,
        outcome: None,
    })
}
