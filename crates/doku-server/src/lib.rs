#![doc = include_str!("../README.md")]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice
    )
)]

mod api;
mod check;
mod config;
mod health;
mod inbound;
mod listen;
mod metered;
mod metrics;
mod page;
mod server;
mod site;
mod tail;
mod view;
mod webhook;

pub use check::{Finding, Severity};
pub use config::{
    ApiKey, Config, ConfigError, InvalidApiKey, InvalidSecret, InvalidSetting, InvalidUrl,
    Language, PublicUrl, ShownName, Target, WebhookSecret, WebhookUrl,
};
pub use server::{Ready, Running, Server, StartError};
