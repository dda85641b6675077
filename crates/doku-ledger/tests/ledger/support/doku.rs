//! DOKU as the client calls it: remembers accounts and external ids, and misbehaves when told to.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use bytes::Bytes;
use doku_model::Operation;
use doku_transport::{HttpTransport, TransportError, TransportErrorKind};
use http::{Request, Response};
use serde_json::{Value, json};

/// What happens to the next call that changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// It never arrives, and the caller cannot tell.
    LosesRequest,
    /// It is done, and its answer never arrives.
    LosesAnswer,
    /// It is refused as a bad request.
    Refuses,
    /// It was certainly not sent.
    NotSent,
}

#[derive(Debug, Default)]
struct Memory {
    /// The data of each account, by trxId; several where a merchant was careless.
    accounts: HashMap<String, Vec<Value>>,
    answers: HashMap<String, Value>,
    statuses: HashMap<String, Value>,
    mishaps: VecDeque<Mishap>,
    calls: Vec<(Operation, String)>,
    made: u64,
    away: bool,
}

/// DOKU behind the client.
#[derive(Debug, Clone, Default)]
pub(crate) struct FakeDoku(Arc<Mutex<Memory>>);

impl FakeDoku {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap()
    }

    pub(crate) fn will(&self, mishap: Mishap) {
        self.memory().mishaps.push_back(mishap);
    }

    /// Nobody reaches it any more.
    pub(crate) fn goes_away(&self) {
        self.memory().away = true;
    }

    /// Nothing more will happen.
    pub(crate) fn forgives(&self) {
        self.memory().mishaps.clear();
    }

    /// How many accounts DOKU has for an order.
    pub(crate) fn accounts(&self, trx_id: &str) -> usize {
        self.memory().accounts.get(trx_id).map_or(0, Vec::len)
    }

    /// The number of an order's account, without padding.
    pub(crate) fn number(&self, trx_id: &str) -> Option<String> {
        let memory = self.memory();
        let data = memory.accounts.get(trx_id)?.last()?;
        Some(data["virtualAccountNo"].as_str()?.trim().to_owned())
    }

    /// What DOKU asks of whoever pays an order.
    pub(crate) fn amount(&self, trx_id: &str) -> Option<String> {
        let memory = self.memory();
        let data = memory.accounts.get(trx_id)?.last()?;
        Some(data["totalAmount"]["value"].as_str()?.to_owned())
    }

    pub(crate) fn calls(&self, operation: Operation) -> usize {
        let memory = self.memory();
        memory
            .calls
            .iter()
            .filter(|(called, _)| *called == operation)
            .count()
    }

    /// What check status says of an order from now on.
    pub(crate) fn says(&self, trx_id: &str, word: &str, amount: Option<&str>, id: Option<&str>) {
        let status = json!({"word": word, "amount": amount, "id": id});
        self.memory().statuses.insert(trx_id.to_owned(), status);
    }
}

#[async_trait]
impl HttpTransport for FakeDoku {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let path = request.uri().path().to_owned();
        let operation = Operation::ALL
            .into_iter()
            .find(|operation| operation.path() == path)
            .unwrap();
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        let external_id = request
            .headers()
            .get("X-EXTERNAL-ID")
            .map_or("", |id| id.to_str().unwrap())
            .to_owned();
        let mut memory = self.memory();
        memory.calls.push((operation, external_id.clone()));
        if memory.away {
            return Err(TransportErrorKind::Tls.into());
        }
        let changes = !operation.is_safe_to_repeat();
        let mishap = if changes {
            memory.mishaps.pop_front()
        } else {
            None
        };
        match mishap {
            Some(Mishap::NotSent) => return Err(TransportErrorKind::Connect.into()),
            Some(Mishap::LosesRequest) => return Err(TransportErrorKind::Timeout.into()),
            Some(Mishap::Refuses) => {
                return Ok(refusal(operation, 400, "01", "Invalid Field Format"));
            }
            Some(Mishap::LosesAnswer) | None => {}
        }
        let answer = memory.answer(operation, &external_id, &body);
        if mishap == Some(Mishap::LosesAnswer) {
            return Err(TransportErrorKind::Timeout.into());
        }
        Ok(answer)
    }
}

impl Memory {
    fn answer(&mut self, operation: Operation, external_id: &str, body: &Value) -> Response<Bytes> {
        match operation {
            Operation::Token => answer(&json!({
                "responseCode": "2007300", "responseMessage": "Successful",
                "accessToken": "TOKEN", "tokenType": "Bearer", "expiresIn": 900,
            })),
            Operation::CreateVa => self.create(external_id, body),
            Operation::UpdateVa => self.update(body),
            Operation::DeleteVa => self.delete(body),
            _ => self.status(body),
        }
    }

    /// DOKU knows an external id for a day, and answers as before.
    fn create(&mut self, external_id: &str, body: &Value) -> Response<Bytes> {
        if let Some(known) = self.answers.get(external_id) {
            return answer(known);
        }
        self.made += 1;
        let mut data = body.clone();
        let prefix = data["customerNo"].as_str().unwrap().to_owned();
        let customer_no = if prefix.len() < 6 {
            format!("{prefix}{:08}", self.made)
        } else {
            prefix
        };
        let bin = data["partnerServiceId"].as_str().unwrap().to_owned();
        data["virtualAccountNo"] = json!(format!("{bin}{customer_no}"));
        data["customerNo"] = json!(customer_no);
        let trx_id = data["trxId"].as_str().unwrap().to_owned();
        self.accounts.entry(trx_id).or_default().push(data.clone());
        let made = success(Operation::CreateVa, &data);
        self.answers.insert(external_id.to_owned(), made.clone());
        answer(&made)
    }

    fn update(&mut self, body: &Value) -> Response<Bytes> {
        let trx_id = body["trxId"].as_str().unwrap();
        match self.accounts.get_mut(trx_id).and_then(|all| all.last_mut()) {
            Some(data) => {
                for (member, value) in body.as_object().unwrap() {
                    data[member] = value.clone();
                }
                answer(&success(Operation::UpdateVa, &data.clone()))
            }
            None => refusal(Operation::UpdateVa, 404, "01", "Transaction Not Found"),
        }
    }

    fn delete(&mut self, body: &Value) -> Response<Bytes> {
        let trx_id = body["trxId"].as_str().unwrap();
        match self.accounts.remove(trx_id) {
            Some(_) => answer(&success(Operation::DeleteVa, body)),
            None => refusal(Operation::DeleteVa, 404, "01", "Transaction Not Found"),
        }
    }

    fn status(&self, body: &Value) -> Response<Bytes> {
        let number = &body["virtualAccountNo"];
        let known = self
            .accounts
            .values()
            .flatten()
            .find(|data| data["virtualAccountNo"] == *number);
        let Some(data) = known else {
            return refusal(Operation::CheckStatus, 404, "01", "Transaction Not Found");
        };
        let trx_id = data["trxId"].as_str().unwrap();
        let pending = json!({"word": "Pending"});
        let said = self.statuses.get(trx_id).unwrap_or(&pending);
        let mut told = json!({
            "paymentFlagReason": {"english": said["word"], "indonesia": ""},
            "virtualAccountNo": number,
            "trxId": trx_id,
        });
        if let Some(amount) = said["amount"].as_str() {
            told["paidAmount"] = json!({"value": amount, "currency": "IDR"});
        }
        if let Some(id) = said["id"].as_str() {
            told["paymentRequestId"] = json!(id);
        }
        answer(&success(Operation::CheckStatus, &told))
    }
}

fn success(operation: Operation, data: &Value) -> Value {
    json!({
        "responseCode": operation.success().as_str(), "responseMessage": "Successful",
        "virtualAccountData": data,
    })
}

fn answer(body: &Value) -> Response<Bytes> {
    Response::new(Bytes::from(body.to_string()))
}

fn refusal(operation: Operation, status: u16, case: &str, message: &str) -> Response<Bytes> {
    let success = operation.success();
    let service = &success.as_str()[3..5];
    let body =
        json!({"responseCode": format!("{status}{service}{case}"), "responseMessage": message});
    let mut response = answer(&body);
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    response
}
