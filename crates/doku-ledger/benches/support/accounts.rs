//! Many accounts, fast: one is registered by the ledger, and SQL multiplies its rows.

use doku_ledger::account::DirectBill;
use doku_ledger::{Ledger, Location, Settings};
use doku_model::Bill;
use doku_va_btn::hosted::PaymentCode;

use super::place::Connection;

pub(crate) const CLIENT_ID: &str = "BRN-0211-1696919651918";

pub(crate) const SECRET: &str = "SK-benchmark-0123456789abcdef";

/// What a notification calls, as SNAP BI has it.
pub(crate) const PATH: &str = "/v1/transfer-va/payment";

/// The prefix of every number.
pub(crate) const BIN: &str = "95962";

/// Of the account that is multiplied.
const PATTERN: u64 = 0;

/// The n-th account's invoice number.
pub(crate) fn trx_id(n: u64) -> String {
    format!("INV-{}", 10_000_000_000 + n)
}

/// The n-th account's number behind the prefix. The numbers are scattered: nobody's customers pay in order.
pub(crate) fn customer_no(n: u64) -> String {
    (10_000_000_000 + scattered(n)).to_string()
}

/// Another number for each up to this prime.
const fn scattered(n: u64) -> u64 {
    n * 7_919_027 % 999_999_937
}

/// Accounts 1 to `count` of the ledger at `location`, each to be paid once, and the events of their registration.
pub(crate) async fn register(location: &Location, count: u64) {
    let settings = Settings::new(location.clone(), CLIENT_ID.parse().expect("a client id"));
    let ledger = Ledger::open(settings).await.expect("a ledger");
    let code = PaymentCode::new(
        BIN.parse().expect("a prefix"),
        customer_no(PATTERN).parse().expect("a number"),
    )
    .expect("a payment code");
    let bill = DirectBill::new(
        &code,
        trx_id(PATTERN).parse().expect("an invoice number"),
        "Toru Yamashita".parse().expect("a name"),
        Bill::Closed("11500.00".parse().expect("an amount")),
    );
    ledger.register(bill, None).await.expect("it is registered");
    ledger.close().await;
    let mut connection = Connection::to(location).await;
    connection.run(&multiplied(count)).await;
}

/// What DOKU tells of the n-th account's payment.
pub(crate) fn body(n: u64) -> String {
    let (trx_id, customer_no) = (trx_id(n), customer_no(n));
    format!(
        concat!(
            r#"{{"additionalInfo":{{"channel":"VIRTUAL_ACCOUNT_BTN","virtualAccountConfig":{{"reusableStatus":false}}}},"#,
            r#""customerEmail":"","customerNo":"{customer_no}","paidAmount":{{"currency":"IDR","value":"11500.00"}},"#,
            r#""partnerServiceId":"   95962","paymentFlagReason":{{"english":"Success","indonesia":"Sukses"}},"#,
            r#""paymentRequestId":"128392187{n:08}","trxDateTime":"2026-09-04T07:00:00+07:00","#,
            r#""trxId":"{trx_id}","virtualAccountName":"Toru Yamashita","#,
            r#""virtualAccountNo":"   95962{customer_no}"}}"#
        ),
        n = n,
        trx_id = trx_id,
        customer_no = customer_no
    )
}

fn multiplied(count: u64) -> String {
    let (pattern, pattern_no) = (trx_id(PATTERN), customer_no(PATTERN));
    let trx_id = "('INV-' || CAST(10000000000 + n AS TEXT))";
    let customer_no = "CAST(10000000000 + n * 7919027 % 999999937 AS TEXT)";
    let asked =
        format!("replace(replace(asked, '{pattern}', {trx_id}), '{pattern_no}', {customer_no})");
    format!(
        "CREATE TEMPORARY TABLE many AS \
         WITH RECURSIVE s(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s; \
         INSERT INTO account (public_id, merchant, trx_id, mode, state, payable, number, sent_number, reusable, \
         expires_at, asked, credited_sen, credited_count, outstanding, check_at, checks, created_at, updated_at) \
         SELECT '000000000000000' || {customer_no}, merchant, {trx_id}, mode, state, payable, \
         '{BIN}' || {customer_no}, '{BIN}' || {customer_no}, reusable, expires_at, {asked}, 0, 0, 0, check_at, 0, \
         created_at, updated_at FROM account CROSS JOIN many WHERE trx_id = '{pattern}' ORDER BY n; \
         INSERT INTO bill SELECT a.id, version, standing, trx_type, sen, min_sen, max_sen, b.expires_at, from_at, until_at \
         FROM bill b CROSS JOIN account a WHERE b.account_id = (SELECT id FROM account WHERE trx_id = '{pattern}') \
         AND a.trx_id <> '{pattern}' ORDER BY a.id; \
         INSERT INTO event (merchant, at, account_id, kind, data) SELECT e.merchant, e.at, a.id, e.kind, \
         replace(e.data, '{pattern_no}', substr(a.number, 6)) \
         FROM account a CROSS JOIN event e WHERE a.trx_id <> '{pattern}' ORDER BY a.id, e.id;"
    )
}
