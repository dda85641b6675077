//! Create: what is sent.

use std::fmt::Write as _;

use doku_model::{Amount, Bill, FreeText, Limits};
use doku_sign::{AccessToken, ClientSecret, MinifiedBody, Signature, StringToSign};
use doku_transport::testing::{Recorded, Scripted};
use doku_va_btn::{
    BuildError, ChannelId, CreateVa, Dialect, Error, Offset, OpenAmount, Outcome, Timestamps,
};
use serde_json::json;

use crate::support::{Bench, SECRET, bare, config, created, dgpc, everything, mgpc, text_of, then};

async fn body_with(dialect: Dialect, order: &CreateVa) -> String {
    let script = then(Scripted::new(), 200, &bare("4002700", "Bad Request"));
    let bench = Bench::script_with(config().with_dialect(dialect), script);
    bench.client.create(order).await.unwrap_err();
    text_of(&bench.calls()[0]).to_owned()
}

async fn body(order: &CreateVa) -> String {
    body_with(Dialect::default(), order).await
}

fn of(bill: Bill) -> CreateVa {
    CreateVa::doku_generated(
        "INV-2026-0001".parse().unwrap(),
        "Budi Santoso".parse().unwrap(),
        bill,
    )
}

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn bodies() {
    let limits = Limits::between(amount("10000.00"), amount("5000000.00")).unwrap();
    let with_decimals = Dialect {
        open_amount: OpenAmount::ZeroWithDecimals,
        ..Dialect::default()
    };
    let variable = Bill::Variable {
        amount: Amount::ZERO,
        limits: Some(Limits::at_least(amount("10000.00"))),
    };
    let under = dgpc()
        .under("19008".parse().unwrap())
        .with_prefix("98".parse().unwrap());
    let bodies = [
        ("DGPC, closed", body(&dgpc()).await),
        ("MGPC, closed", body(&mgpc()).await),
        ("MGPC, everything", body(&everything()).await),
        ("open", body(&of(Bill::Open(None))).await),
        (
            "open, with decimals and limits",
            body_with(with_decimals, &of(Bill::Open(Some(limits)))).await,
        ),
        ("variable, from zero", body(&of(variable)).await),
        ("under another BIN and prefix", body(&under).await),
    ];
    let mut told = String::new();
    for (name, body) in bodies {
        writeln!(told, "{name}\n{body}\n").unwrap();
    }
    insta::assert_snapshot!(told.trim_end());
}

fn headers(call: &Recorded) -> String {
    let mut lines = vec![format!("{} {}", call.method(), call.uri())];
    let mut names: Vec<_> = call
        .headers()
        .keys()
        .map(http::HeaderName::as_str)
        .collect();
    names.sort_unstable();
    for name in names {
        let value = &call.headers()[name];
        let shown = match name {
            "x-external-id" => format!("[{} digits]", value.len()),
            _ if value.is_sensitive() => format!("[secret, {} bytes]", value.len()),
            _ => value.to_str().unwrap().to_owned(),
        };
        lines.push(format!("{name}: {shown}"));
    }
    lines.join("\n")
}

#[tokio::test(start_paused = true)]
async fn the_headers_of_a_create() {
    let bench = Bench::answering(200, &created());
    bench.client.create(&dgpc()).await.unwrap();
    insta::assert_snapshot!(headers(&bench.calls()[0]));
}

#[tokio::test(start_paused = true)]
async fn the_dialect_changes_channel_id_and_offset() {
    let dialect = Dialect {
        channel_id: ChannelId {
            create: Some("SDK".to_owned()),
            status: None,
            ..ChannelId::default()
        },
        timestamps: Timestamps {
            token: Offset::Wib,
            transaction: Offset::Utc,
        },
        ..Dialect::default()
    };
    let script = then(Scripted::new(), 200, &created());
    let bench = Bench::script_with(
        config().with_dialect(dialect),
        then(script, 200, &crate::support::paid()),
    );
    bench.client.create(&mgpc()).await.unwrap();
    bench
        .client
        .status(&crate::support::registered())
        .await
        .unwrap();
    let calls = bench.calls();
    assert_eq!(calls[0].header("channel-id"), Some("SDK"));
    assert_eq!(calls[1].header("channel-id"), None);
    assert!(calls[0].header("x-timestamp").unwrap().ends_with('Z'));
    let token = bench.doku.requests().remove(0);
    assert!(token.header("x-timestamp").unwrap().ends_with("+07:00"));
}

#[tokio::test(start_paused = true)]
async fn a_channel_id_that_cannot_stand_in_a_header_is_an_error() {
    let dialect = Dialect {
        channel_id: ChannelId {
            create: Some("H2H\r\nx-evil: 1".to_owned()),
            ..ChannelId::default()
        },
        ..Dialect::default()
    };
    let bench = Bench::script_with(config().with_dialect(dialect), Scripted::new());
    let error = bench.client.create(&dgpc()).await.unwrap_err();
    assert!(matches!(&error, Error::NotSent { .. }), "{error}");
    assert!(bench.calls().is_empty());
}

/// The signature, computed anew from what was sent.
fn verify(call: &Recorded) {
    let token = AccessToken::from_authorization(call.header("authorization").unwrap()).unwrap();
    let to_sign = StringToSign::snap_transaction(
        call.method().as_str(),
        call.uri().path(),
        &token,
        &MinifiedBody::of(call.body()),
        call.header("x-timestamp").unwrap(),
    );
    let signature = Signature::from_base64(call.header("x-signature").unwrap()).unwrap();
    let secret = ClientSecret::new(SECRET).unwrap();
    secret.verify(&to_sign, &signature).unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_is_what_was_signed() {
    let bench = Bench::rule(config(), |_| {
        Ok(crate::support::json_response(200, &json!({})))
    });
    let va = crate::support::account();
    bench.client.create(&everything()).await.unwrap_err();
    bench
        .client
        .update(&va, &doku_va_btn::Change::new().deactivate())
        .await
        .unwrap_err();
    bench.client.delete(&va).await.unwrap_err();
    bench.client.status(&va).await.unwrap_err();
    let calls = bench.calls();
    assert_eq!(calls.len(), 4);
    for call in &calls {
        verify(call);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_bin_or_a_prefix_nothing_is_sent() {
    let bare_config = || {
        doku_va_btn::Config::new(
            "sandbox".parse().unwrap(),
            "BRN-1".parse().unwrap(),
            ClientSecret::new(SECRET).unwrap(),
            crate::support::key(),
        )
    };
    let bench = Bench::script_with(bare_config(), Scripted::new());
    let error = bench.client.create(&dgpc()).await.unwrap_err();
    assert!(matches!(
        &error,
        Error::Build(BuildError::NoPartnerServiceId)
    ));
    let order = dgpc().under("95962".parse().unwrap());
    let error = bench.client.create(&order).await.unwrap_err();
    assert!(matches!(&error, Error::Build(BuildError::NoPrefix)));
    assert_eq!(error.outcome(), Outcome::NotDone);
    bench
        .client
        .prepare(&order.with_prefix("6".parse().unwrap()))
        .unwrap();
    bench
        .client
        .prepare(&mgpc().under("95962".parse().unwrap()))
        .unwrap();
    assert_eq!(bench.doku.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_prefix_does_not_replace_a_number_that_the_merchant_makes() {
    let order = mgpc().with_prefix("7".parse().unwrap());
    assert_eq!(body(&order).await, body(&mgpc()).await);
}

#[tokio::test(start_paused = true)]
async fn a_prepared_create_is_sent_as_it_was_prepared() {
    let script = then(Scripted::new(), 500, &bare("5002700", ""));
    let bench = Bench::script(then(script, 200, &created()));
    let line = FreeText::new("Thanks", "Terima kasih").unwrap();
    let prepared = bench.client.prepare(&dgpc().free_text(line)).unwrap();
    assert_eq!(bench.doku.count(), 0);
    bench.client.send(&prepared).await.unwrap_err();
    let other = "1".parse().unwrap();
    let made = bench
        .client
        .send(&prepared)
        .external_id(other)
        .await
        .unwrap();
    assert_eq!(made.answer.external_id(), Some(prepared.external_id()));
    let calls = bench.calls();
    for call in &calls {
        assert_eq!(text_of(call), prepared.body());
        assert_eq!(
            call.header("x-external-id"),
            Some(prepared.external_id().as_str())
        );
    }
    assert_ne!(
        calls[0].header("x-signature"),
        calls[1].header("x-signature")
    );
}
