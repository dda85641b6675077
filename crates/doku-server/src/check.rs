//! Looking before starting: what would stop a server from working, and what looks like a mistake.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use doku_ledger::{Ledger, Schema, Settings};
use doku_transport::HttpTransport;
use doku_va_btn::Client;
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::config::{Config, Exposed};
use crate::webhook::unnamed;

/// How long DOKU and the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// How a finding is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "it is well, odd, or wrong")]
pub enum Severity {
    /// As it should be.
    Fine,
    /// A server would start, and something would be missing or odd.
    Warning,
    /// A server would not start, or would not work.
    Problem,
}

/// What was found about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// About what: `database`.
    pub subject: &'static str,
    /// How it is to be taken.
    pub severity: Severity,
    /// What was found, and what to do where it is not fine.
    pub message: String,
}

impl Finding {
    fn new(subject: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            subject,
            severity,
            message: message.into(),
        }
    }

    fn fine(subject: &'static str, message: impl Into<String>) -> Self {
        Self::new(subject, Severity::Fine, message)
    }

    fn warning(subject: &'static str, message: impl Into<String>) -> Self {
        Self::new(subject, Severity::Warning, message)
    }

    fn problem(subject: &'static str, message: impl Into<String>) -> Self {
        Self::new(subject, Severity::Problem, message)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Fine => "ok",
            Severity::Warning => "warning",
            Severity::Problem => "problem",
        };
        write!(f, "{word}: {}: {}", self.subject, self.message)
    }
}

/// Looks at everything a server needs and changes nothing.
pub(crate) async fn look(config: &Config, doku: Arc<dyn HttpTransport>) -> Vec<Finding> {
    let mut findings = vec![
        keys(config),
        doku_answers(config, doku).await,
        numbers(config),
        database(config).await,
    ];
    findings.push(listener("listen", config.listen).await);
    findings.push(listener("apiListen", config.api_listen).await);
    if config.listen == config.api_listen && config.listen.port() != 0 {
        findings.push(Finding::problem(
            "apiListen",
            "DOKU and the merchant API cannot share one address; give each its own",
        ));
    }
    findings.push(public_url(config));
    findings.push(api_keys(config));
    findings.extend(exposed(config));
    findings.extend(webhooks(config));
    findings.extend(left_over(config).await);
    findings
}

fn keys(config: &Config) -> Finding {
    const SUBJECT: &str = "keys";
    let Some(doku) = config.doku.doku_public_key() else {
        return Finding::problem(SUBJECT, "DOKU's public key is missing");
    };
    let own = config.doku.private_key().public_key().to_pem();
    let theirs = doku.to_pem();
    if own.is_ok() && own.ok() == theirs.ok() {
        return Finding::problem(
            SUBJECT,
            "DOKU_PUBLIC_KEY is the public half of the merchant's own key; copy DOKU's from its back office",
        );
    }
    Finding::fine(
        SUBJECT,
        "the private key and DOKU's public key are two keys",
    )
}

async fn doku_answers(config: &Config, transport: Arc<dyn HttpTransport>) -> Finding {
    const SUBJECT: &str = "doku";
    let environment = config.doku.environment();
    let client = match Client::new(config.doku.clone(), transport) {
        Ok(client) => client,
        Err(error) => return Finding::problem(SUBJECT, error.to_string()),
    };
    match timeout(PATIENCE, client.token()).await {
        Ok(Ok(_)) => Finding::fine(
            SUBJECT,
            format!("{environment} knows the client id and the key, and gives a token"),
        ),
        Ok(Err(error)) => Finding::problem(SUBJECT, format!("{error}. {}", error.advice())),
        Err(_) => Finding::problem(SUBJECT, format!("{environment} does not answer in time")),
    }
}

fn numbers(config: &Config) -> Finding {
    const SUBJECT: &str = "partnerServiceId";
    match config.doku.partner_service_id() {
        Some(bin) => Finding::fine(
            SUBJECT,
            format!("new accounts are made under {}", bin.digits()),
        ),
        None => Finding::warning(
            SUBJECT,
            "DOKU_PARTNER_SERVICE_ID is not set; every request must name partnerServiceId",
        ),
    }
}

async fn database(config: &Config) -> Finding {
    const SUBJECT: &str = "database";
    let location = &config.database;
    let looked = async {
        let schema = Ledger::inspect(location).await?;
        Ok::<_, doku_ledger::Error>((schema, Ledger::takes_writes(location).await?))
    };
    let found = match timeout(PATIENCE, looked).await {
        Ok(Ok((_, false))) => {
            return Finding::problem(
                SUBJECT,
                format!(
                    "{location} takes no writes; look at the rights of the file and its folder, or at the server's role"
                ),
            );
        }
        Ok(found) => Ok(found.map(|(schema, _)| schema)),
        Err(late) => Err(late),
    };
    match found {
        Ok(Ok(Schema::Current { version })) => Finding::fine(
            SUBJECT,
            format!("{location} answers, with tables of version {version}"),
        ),
        Ok(Ok(Schema::Empty)) => Finding::fine(
            SUBJECT,
            format!("{location} is empty; the first start makes the tables"),
        ),
        Ok(Ok(Schema::Older { found, known })) => Finding::warning(
            SUBJECT,
            format!(
                "{location} has tables of version {found}; the start brings them to {known}, so make a backup"
            ),
        ),
        Ok(Ok(_)) => Finding::warning(SUBJECT, format!("{location} is in an unknown state")),
        Ok(Err(error)) => Finding::problem(SUBJECT, error.to_string()),
        Err(_) => Finding::problem(SUBJECT, format!("{location} does not answer in time")),
    }
}

async fn listener(subject: &'static str, address: SocketAddr) -> Finding {
    match TcpListener::bind(address).await {
        Ok(_) => Finding::fine(subject, format!("{address} is free")),
        Err(error) => Finding::problem(subject, format!("cannot listen at {address}: {error}")),
    }
}

fn public_url(config: &Config) -> Finding {
    const SUBJECT: &str = "publicUrl";
    match &config.public_url {
        Some(url) => Finding::fine(SUBJECT, format!("customers pay at {url}/pay/…")),
        None => Finding::warning(
            SUBJECT,
            "not set; payment pages are linked at the address that is listened at, which customers may not reach",
        ),
    }
}

fn api_keys(config: &Config) -> Finding {
    const SUBJECT: &str = "apiKeys";
    if config.api_keys.is_empty() {
        return Finding::warning(SUBJECT, NO_API_KEYS);
    }
    let names: Vec<&str> = config.api_keys.iter().map(crate::ApiKey::name).collect();
    Finding::fine(SUBJECT, names.join(", "))
}

fn exposed(config: &Config) -> Vec<Finding> {
    config
        .exposed
        .iter()
        .map(|file| Finding::warning("secrets", open_to_all(file)))
        .collect()
}

/// What whoever starts a server should know, although it starts.
pub(crate) fn at_start(config: &Config) -> Vec<String> {
    let none = config.api_keys.is_empty().then(|| NO_API_KEYS.to_owned());
    none.into_iter()
        .chain(config.exposed.iter().map(open_to_all))
        .collect()
}

/// What is said of a file of secrets that everybody may read.
fn open_to_all(file: &Exposed) -> String {
    let path = file.path.display();
    format!(
        "{}: everybody on this machine may read {path}; `chmod o-r {path}`",
        file.key
    )
}

/// What is said where there is no API key.
const NO_API_KEYS: &str = "there are no API keys, so every path under /v1 answers 401 to everybody; only /openapi.json, /healthz, /readyz and /metrics are open; set DOKU_SERVER_API_KEYS or [[apiKeys]]";

fn webhooks(config: &Config) -> Vec<Finding> {
    const SUBJECT: &str = "webhooks";
    if config.webhooks.is_empty() {
        return vec![Finding::warning(
            SUBJECT,
            "there are none; the application must read /v1/events",
        )];
    }
    config
        .webhooks
        .iter()
        .map(|target| {
            let what = match &target.events {
                None => "everything".to_owned(),
                Some(events) => events.join(", "),
            };
            Finding::fine(
                SUBJECT,
                format!("{} at {}: {what}", target.name, target.url),
            )
        })
        .collect()
}

/// What waits for webhooks that are configured no more. Where the database does not answer, that has been told.
async fn left_over(config: &Config) -> Vec<Finding> {
    let looked = async {
        if !matches!(
            Ledger::inspect(&config.database).await?,
            Schema::Current { .. }
        ) {
            return Ok(Vec::new());
        }
        let client_id = config.doku.client_id().clone();
        let ledger = Ledger::look(Settings::new(config.database.clone(), client_id)).await?;
        let left = unnamed(&ledger, config).await;
        ledger.close().await;
        left
    };
    let left = timeout(PATIENCE, looked).await;
    left.unwrap_or_else(|_| Ok(Vec::new()))
        .unwrap_or_default()
        .iter()
        .map(|left| {
            let name = left.name();
            Finding::warning(
                "webhooks",
                format!(
                    "{name} is configured no more, and nobody sends what waits for it; configure it again, or drop it with \
                     `doku ledger webhooks --forget {name}`"
                ),
            )
        })
        .collect()
}
