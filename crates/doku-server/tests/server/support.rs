//! A DOKU, a server, and a merchant's application that compares every answer with the document.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock};

use async_trait::async_trait;
use bytes::Bytes;
use doku_model::Operation;
use doku_sandbox::{Endpoints, Fault, FaultKind, Merchant, Sandbox, SandboxConfig};
use doku_server::{ApiKey, Config, Running, Server};
use doku_sign::ClientSecret;
use doku_transport::{HttpTransport, ReqwestTransport, TransportError};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

pub(crate) const KEY: &str = "a-key-that-nobody-guesses-4711";
pub(crate) const MGPC: &str = "8129";
pub(crate) const DIPC: &str = "8130";

/// One merchant for all tests: making keys takes time.
pub(crate) fn merchant() -> &'static Merchant {
    static MERCHANT: OnceLock<Merchant> = OnceLock::new();
    MERCHANT.get_or_init(|| Merchant::make_up().unwrap())
}

/// What a client calls DOKU with.
pub(crate) fn doku_at(base_url: &str, merchant: &Merchant) -> doku_va_btn::Config {
    doku_va_btn::Config::new(
        base_url.parse().unwrap(),
        merchant.client_id().clone(),
        ClientSecret::new(merchant.client_secret()).unwrap(),
        merchant.private_key().clone(),
    )
    .with_doku_public_key(merchant.doku_private_key().public_key())
    .with_partner_service_id(merchant.bin().partner_service_id().clone())
    .with_customer_no_prefix(merchant.bin().prefix().unwrap().clone())
}

/// A configuration for tests: any free addresses, and a database in `folder`.
pub(crate) fn config_at(base_url: &str, merchant: &Merchant, folder: &TempDir) -> Config {
    let file = folder.path().join("ledger.sqlite").display().to_string();
    Config::new(doku_at(base_url, merchant))
        .unwrap()
        .database(file.parse().unwrap())
        .listen("127.0.0.1:0".parse().unwrap())
        .api_listen("127.0.0.1:0".parse().unwrap())
        .api_key(ApiKey::new("test", KEY).unwrap())
        .api_key(ApiKey::new("other", "another-key-that-nobody-guesses").unwrap())
}

/// A sandbox that knows where `server` is.
pub(crate) fn sandbox_for(
    server: &Running,
    merchant: &Merchant,
    listener: TcpListener,
    transport: Arc<dyn HttpTransport>,
) -> doku_sandbox::Running {
    let at = |path: &str| {
        format!("http://{}{path}", server.address())
            .parse()
            .unwrap()
    };
    let endpoints = Endpoints::new()
        .token_url(at("/authorization/v1/access-token/b2b"))
        .inquiry_url(at("/v1.1/transfer-va/inquiry"))
        .notification_url(at("/v1/transfer-va/payment"));
    let config = SandboxConfig::for_merchant(merchant)
        .unwrap()
        .with_bin(format!("{MGPC}:mgpc").parse().unwrap())
        .with_bin(format!("{DIPC}:dipc").parse().unwrap())
        .transport(transport)
        .endpoints(endpoints);
    Sandbox::serve(config, listener).unwrap()
}

/// A server and its DOKU.
pub(crate) struct World {
    pub(crate) sandbox: doku_sandbox::Running,
    pub(crate) server: Running,
    pub(crate) caller: Caller,
    pub(crate) told: mpsc::UnboundedReceiver<Told>,
    pub(crate) folder: TempDir,
}

/// A webhook that arrived.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Told {
    pub(crate) fn event(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// The merchant's application as webhooks reach it.
#[derive(Debug)]
pub(crate) struct Application(pub(crate) mpsc::UnboundedSender<Told>);

#[async_trait]
impl HttpTransport for Application {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let (head, body) = request.into_parts();
        let _ = self.0.send(Told {
            headers: head.headers,
            body,
        });
        Ok(Response::new(Bytes::new()))
    }
}

impl World {
    pub(crate) async fn open() -> Self {
        Self::with(|config| config).await
    }

    pub(crate) async fn with(change: impl FnOnce(Config) -> Config) -> Self {
        Self::with_transport(change, Arc::new(ReqwestTransport::new())).await
    }

    /// With another way from DOKU to the server.
    pub(crate) async fn with_transport(
        change: impl FnOnce(Config) -> Config,
        transport: Arc<dyn HttpTransport>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let folder = tempfile::tempdir().unwrap();
        let (tell, told) = mpsc::unbounded_channel();
        let server = Server::new(change(config_at(&base_url, merchant(), &folder)))
            .webhook_transport(Arc::new(Application(tell)))
            .run()
            .await
            .unwrap();
        let sandbox = sandbox_for(&server, merchant(), listener, transport);
        let caller = Caller::new(&server).await;
        Self {
            sandbox,
            server,
            caller,
            told,
            folder,
        }
    }

    pub(crate) fn bank(&self) -> &Sandbox {
        self.sandbox.sandbox()
    }

    /// An account for an order of DGPC.
    pub(crate) async fn order(&self, trx_id: &str) -> Value {
        let reply = self
            .caller
            .post("/v1/virtual-accounts", &dgpc(trx_id))
            .await;
        assert_eq!(reply.status, 201, "{}", reply.json);
        reply.json
    }

    /// Pays, and says whether the server acknowledged it.
    pub(crate) async fn pay(&self, number: &str, amount: &str) -> bool {
        let paid = self
            .bank()
            .pay_and_notify(&number.parse().unwrap(), amount.parse().unwrap())
            .await
            .unwrap();
        paid.notification.unwrap().acknowledged
    }

    /// Pays a bill of the merchant's own whose time was over by then, as far as the ledger knows. DOKU tells of it at the
    /// second attempt.
    pub(crate) async fn pay_after_the_end(&self, trx_id: &str, number: &str) {
        let lost = Fault::once(FaultKind::DropBefore).on(Operation::Payment);
        self.bank().fault(lost).unwrap();
        assert!(!self.pay(number, "25000.00").await);
        let path = format!("/v1/virtual-accounts/{trx_id}");
        let over = json!({ "expiredDate": "2020-01-01T00:00:00+07:00" });
        let reply = self.caller.patch(&path, &over).await;
        assert_eq!(reply.status, 200, "{}", reply.json);
        let told = self.bank().notifications().pop().unwrap();
        assert!(self.bank().resend(told.id).await.unwrap().acknowledged);
    }

    /// The next webhook.
    pub(crate) async fn told(&mut self) -> Told {
        let patience = std::time::Duration::from_secs(30);
        tokio::time::timeout(patience, self.told.recv())
            .await
            .expect("a webhook")
            .unwrap()
    }

    /// A page for customers.
    pub(crate) async fn page(&self, path: &str, headers: &[(&str, &str)]) -> Page {
        let url = format!("http://{}{path}", self.server.address());
        let response = self.caller.send(Method::GET, &url, None, headers).await;
        Page {
            status: response.status(),
            headers: response.headers().clone(),
            text: String::from_utf8(response.into_body().to_vec()).unwrap(),
        }
    }
}

pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

pub(crate) fn dgpc(trx_id: &str) -> Value {
    json!({
        "mode": "doku_generated",
        "trxId": trx_id,
        "name": "Budi Santoso",
        "bill": { "type": "closed", "amount": "11500.00" },
    })
}

pub(crate) fn dipc(trx_id: &str, customer_no: &str) -> Value {
    json!({
        "mode": "direct_inquiry",
        "trxId": trx_id,
        "name": "Siti Aminah",
        "partnerServiceId": DIPC,
        "customerNo": customer_no,
        "bill": { "type": "closed", "amount": "25000.00" },
    })
}

/// Calls the merchant API, and compares every answer with the document.
pub(crate) struct Caller {
    transport: ReqwestTransport,
    base_url: String,
    pub(crate) document: Value,
    pub(crate) seen: Mutex<BTreeSet<String>>,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Value,
    pub(crate) text: String,
}

impl Reply {
    /// The pointers and parameters that a problem names.
    pub(crate) fn places(&self) -> Vec<&str> {
        let errors = self.json["errors"].as_array().unwrap();
        let place = |error: &'_ Value| {
            let place = error.get("pointer").or_else(|| error.get("parameter"));
            place.and_then(Value::as_str).map(str::to_owned)
        };
        errors
            .iter()
            .filter(|error| place(error).is_some())
            .filter_map(|error| {
                error
                    .get("pointer")
                    .or_else(|| error.get("parameter"))
                    .and_then(Value::as_str)
            })
            .collect()
    }
}

impl Caller {
    pub(crate) async fn new(server: &Running) -> Self {
        let mut caller = Self {
            transport: ReqwestTransport::new(),
            base_url: format!("http://{}", server.api_address()),
            document: Value::Null,
            seen: Mutex::default(),
        };
        let url = format!("{}/openapi.json", caller.base_url);
        let response = caller.send(Method::GET, &url, None, &[]).await;
        caller.document = serde_json::from_slice(response.body()).unwrap();
        caller
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        url: &str,
        body: Option<Bytes>,
        headers: &[(&str, &str)],
    ) -> Response<Bytes> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.unwrap_or_default()).unwrap();
        self.transport.send(request).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path, None, &[]).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.call(Method::POST, path, Some(body), &[]).await
    }

    pub(crate) async fn post_keyed(&self, path: &str, body: &Value, key: &str) -> Reply {
        let headers = [("idempotency-key", key)];
        self.call(Method::POST, path, Some(body), &headers).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Reply {
        self.call(Method::PATCH, path, Some(body), &[]).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.call(Method::DELETE, path, None, &[]).await
    }

    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let bearer = format!("Bearer {KEY}");
        let mut all = vec![("authorization", bearer.as_str())];
        if body.is_some() {
            all.push(("content-type", "application/json"));
        }
        all.extend_from_slice(headers);
        let body = body.map(|body| Bytes::from(body.to_string()));
        self.raw(method, path, body, &all).await
    }

    /// With these headers and no other.
    pub(crate) async fn raw(
        &self,
        method: Method,
        path: &str,
        body: Option<Bytes>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let url = format!("{}{path}", self.base_url);
        let response = self.send(method.clone(), &url, body, headers).await;
        let text = String::from_utf8(response.body().to_vec()).unwrap();
        let reply = Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            json: serde_json::from_str(&text).unwrap_or_default(),
            text,
        };
        self.compare(&method, path, &reply);
        reply
    }

    /// The answer is one that the document knows.
    fn compare(&self, method: &Method, path: &str, reply: &Reply) {
        let path = path.split('?').next().unwrap();
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |template: &str| {
            let template: Vec<&str> = template.split('/').collect();
            template.len() == parts.len()
                && template
                    .iter()
                    .zip(&parts)
                    .all(|(known, part)| known.starts_with('{') || known == part)
        };
        let paths = self.document["paths"].as_object().unwrap();
        let Some((template, item)) = paths.iter().find(|(template, _)| fits(template)) else {
            assert_eq!(reply.status, 404, "{path} is not described");
            return self.conforms(
                &json!({"$ref": "#/components/schemas/Problem"}),
                &reply.json,
                path,
            );
        };
        let method = method.as_str().to_ascii_lowercase();
        let Some(operation) = item.get(&method) else {
            assert_eq!(reply.status, 405, "{method} {path} is not described");
            return self.conforms(
                &json!({"$ref": "#/components/schemas/Problem"}),
                &reply.json,
                path,
            );
        };
        let at = format!("{method} {template} {}", reply.status);
        let response = operation["responses"]
            .get(reply.status.to_string())
            .unwrap_or_else(|| panic!("{at} is not described: {}", reply.text));
        self.seen.lock().unwrap().insert(at.clone());
        let response = self.resolved(response);
        self.compare_headers(response, &reply.headers, &at);
        let kind = reply.headers["content-type"].to_str().unwrap();
        let kind = kind.split(';').next().unwrap();
        let content = &response["content"][kind];
        assert!(content.is_object(), "{at}: {kind} is not described");
        if kind.ends_with("json") {
            self.conforms(&content["schema"], &reply.json, &at);
        }
    }

    /// No header is there that the document does not know, and none is missing that it promises.
    fn compare_headers(&self, response: &Value, headers: &HeaderMap, at: &str) {
        let none = serde_json::Map::new();
        let described = response["headers"].as_object().unwrap_or(&none);
        for name in headers.keys() {
            // Every answer has these, and a document names the type elsewhere.
            let usual = ["content-type", "content-length", "date"];
            let known = usual.contains(&name.as_str())
                || described
                    .keys()
                    .any(|known| known.eq_ignore_ascii_case(name.as_str()));
            assert!(known, "{at}: the header {name} is not described");
        }
        for (name, header) in described {
            let header = self.resolved(header);
            match headers.get(name) {
                Some(value) => {
                    let text = value.to_str().unwrap();
                    let value = match header["schema"]["type"].as_str() {
                        Some("integer") => json!(text.parse::<u64>().unwrap()),
                        _ => json!(text),
                    };
                    self.conforms(&header["schema"], &value, &format!("{at} {name}"));
                }
                None => assert_ne!(header["required"], true, "{at}: no header {name}"),
            }
        }
    }

    fn resolved<'d>(&'d self, schema: &'d Value) -> &'d Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                let pointer = reference.strip_prefix('#').unwrap();
                self.document.pointer(pointer).expect(reference)
            }
            None => schema,
        }
    }

    /// The value is what the schema says, and each member that was seen is noted.
    pub(crate) fn conforms(&self, schema: &Value, value: &Value, at: &str) {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let name = name.rsplit('/').next().unwrap();
            if let Some(members) = value.as_object() {
                let mut seen = self.seen.lock().unwrap();
                seen.extend(members.keys().map(|member| format!("{name}.{member}")));
            }
        }
        let schema = self.resolved(schema);
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => {
                let members = value.as_object().unwrap_or_else(|| panic!("{at}: {value}"));
                let none = serde_json::Map::new();
                let known = schema["properties"].as_object().unwrap_or(&none);
                for required in schema["required"].as_array().into_iter().flatten() {
                    let name = required.as_str().unwrap();
                    assert!(
                        members.contains_key(name),
                        "{at}: {name} is missing in {value}"
                    );
                }
                for (name, member) in members {
                    match known.get(name) {
                        Some(schema) => self.conforms(schema, member, &format!("{at}/{name}")),
                        None => assert_ne!(
                            schema["additionalProperties"], false,
                            "{at}: {name} is not described"
                        ),
                    }
                }
            }
            Some("array") => {
                for item in value.as_array().unwrap_or_else(|| panic!("{at}: {value}")) {
                    self.conforms(&schema["items"], item, at);
                }
            }
            Some("string") => assert!(value.is_string(), "{at}: {value}"),
            Some("integer") => assert!(value.is_u64(), "{at}: {value}"),
            Some("boolean") => assert!(value.is_boolean(), "{at}: {value}"),
            other => panic!("{at}: a schema of type {other:?}"),
        }
        if let Some(words) = schema.get("enum").and_then(Value::as_array) {
            assert!(words.contains(value), "{at}: {value} is not described");
        }
        if let Some(only) = schema.get("const") {
            assert_eq!(only, value, "{at}");
        }
    }
}
