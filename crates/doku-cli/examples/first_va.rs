//! The first virtual account, as the README shows it.
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::sync::Arc;

use doku::{Bill, Client, Config, CreateVa, ReqwestTransport};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::new(Config::from_env()?, Arc::new(ReqwestTransport::new()))?;
    let order = CreateVa::doku_generated(
        "INV-2026-0001".parse()?,
        "Budi Santoso".parse()?,
        Bill::Closed("11500.00".parse()?),
    );
    let va = client.create(&order).await?.value;
    println!(
        "Pay {} to {}",
        va.amount_as_rupiah().unwrap_or_default(),
        va.number_grouped()
    );
    println!("{:?}", client.status(&va).await?.value);
    Ok(())
}
