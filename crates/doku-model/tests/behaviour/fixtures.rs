//! Every payload of the product, as DOKU's documentation, its official SDKs and live answers show it, and what is read
//! from it.

use doku_model::request::{CheckStatus, CreateVa, DeleteVa, UpdateVa};
use doku_model::wire::{
    self, AdditionalInfo, CheckStatusRequest, CheckStatusResponse, HowToPay, InquiryRequest,
    InquiryResponse, PaymentRequest, PaymentResponse, Seconds, Text, TokenRequest, TokenResponse,
    VirtualAccountData, VirtualAccountResponse,
};
use doku_model::{
    Amount, Bill, Limits, Meaning, Operation, PaymentFlag, PositiveAmount, ResponseCode, Service,
    VirtualAccountNo,
};

macro_rules! fixtures {
    ($($name:ident: $file:literal,)+) => {
        $(const $name: &str = include_str!(concat!("../fixtures/", $file, ".json"));)+

        /// Every fixture with its name.
        pub(crate) const ALL: &[(&str, &str)] = &[$(($file, $name)),+];
    };
}

fixtures! {
    CREATE_BCA_MGPC: "create-bca-mgpc",
    CREATE_BRI_DGPC: "create-bri-dgpc",
    CREATE_BTN_DGPC: "create-btn-dgpc",
    CREATE_BTN_LIMITS: "create-btn-limits",
    CREATE_BTN_MGPC: "create-btn-mgpc",
    CREATE_BTN_OPEN: "create-btn-open",
    CREATE_JOKUL: "create-jokul",
    CREATE_REFUSED_BIN: "create-refused-bin",
    CREATE_REFUSED_CONFLICT: "create-refused-conflict",
    CREATE_REFUSED_FORMAT: "create-refused-format",
    CREATE_REFUSED_MISSING: "create-refused-missing",
    CREATE_REFUSED_NUMBERS: "create-refused-numbers",
    CREATE_REFUSED_SIGNATURE: "create-refused-signature",
    CREATE_REFUSED_TOKEN: "create-refused-token",
    CREATED_BCA_MGPC: "created-bca-mgpc",
    CREATED_BRI_DGPC: "created-bri-dgpc",
    CREATED_BTN_DGPC: "created-btn-dgpc",
    CREATED_BTN_MGPC: "created-btn-mgpc",
    DELETE_BTN: "delete-btn",
    DELETE_REFUSED_TRX_ID: "delete-refused-trx-id",
    HOW_TO_PAY: "how-to-pay",
    INQUIRY_ASK: "inquiry-ask",
    INQUIRY_PAYABLE: "inquiry-payable",
    INQUIRY_REFUSED_EXPIRED: "inquiry-refused-expired",
    INQUIRY_REFUSED_PAID: "inquiry-refused-paid",
    INQUIRY_REFUSED_UNKNOWN: "inquiry-refused-unknown",
    PAYMENT_ACKNOWLEDGED: "payment-acknowledged",
    PAYMENT_REFUSED_TOKEN: "payment-refused-token",
    PAYMENT: "payment",
    STATUS_ASK_WITH_NULLS: "status-ask-with-nulls",
    STATUS_ASK: "status-ask",
    STATUS_PAID: "status-paid",
    STATUS_PENDING: "status-pending",
    STATUS_REFUSED_EXPIRED: "status-refused-expired",
    TOKEN_ASK: "token-ask",
    TOKEN_BY_DOKU_REFUSED: "token-by-doku-refused",
    TOKEN_BY_DOKU: "token-by-doku",
    TOKEN_BY_MERCHANT_REFUSED: "token-by-merchant-refused",
    TOKEN_BY_MERCHANT: "token-by-merchant",
    UPDATE_BCA: "update-bca",
    UPDATE_BTN: "update-btn",
    UPDATED_BCA: "updated-bca",
}

fn decode<'a, T: serde::Deserialize<'a>>(body: &'a str) -> T {
    wire::decode(body.as_bytes()).unwrap()
}

fn text<'t>(member: &'t Option<Text<'_>>) -> &'t str {
    member.as_ref().map_or("(absent)", Text::as_str)
}

fn code(member: &Option<Text<'_>>) -> ResponseCode {
    ResponseCode::new(text(member).to_owned())
}

fn money<'t>(money: &'t Option<wire::Money<'_>>) -> (&'t str, &'t str) {
    let money = money.as_ref().unwrap();
    (text(&money.value), text(&money.currency))
}

fn create(body: &str) -> CreateVa {
    CreateVa::try_from(&decode::<VirtualAccountData<'_>>(body)).unwrap()
}

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

fn positive(text: &str) -> PositiveAmount {
    text.parse().unwrap()
}

#[test]
fn every_fixture_on_disk_is_listed_here() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    let mut on_disk: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut listed: Vec<String> = ALL.iter().map(|(name, _)| format!("{name}.json")).collect();
    on_disk.sort();
    listed.sort();
    assert_eq!(on_disk, listed);
}

#[test]
fn a_dgpc_create_sends_the_prefix_and_gets_the_whole_number() {
    let sent = create(CREATE_BTN_DGPC);
    assert_eq!(sent.numbers.partner_service_id.as_str(), "   95962");
    assert_eq!(sent.numbers.customer_no.as_str(), "6");
    assert_eq!(sent.numbers.virtual_account_no.as_str(), "   959626");
    assert_eq!(sent.name.as_str(), "Customer Name");
    assert_eq!(sent.email.unwrap().as_str(), "customer.email@mail.com");
    assert_eq!(sent.phone.unwrap().as_str(), "6281293912081");
    assert_eq!(sent.trx_id.as_str(), "23219829713");
    assert_eq!(sent.bill, Bill::Closed(positive("11500.00")));
    assert_eq!(sent.channel.as_str(), "VIRTUAL_ACCOUNT_BTN");
    assert!(!sent.reusable);
    assert_eq!(
        sent.expired_date.unwrap().as_str(),
        "2023-01-01T10:55:00+07:00"
    );
    assert_eq!(sent.free_text.len(), 1);
    assert_eq!(sent.free_text[0].english(), "Free text");
    assert_eq!(sent.free_text[0].indonesia(), "Tulisan Bebas");

    let answer: VirtualAccountResponse<'_> = decode(CREATED_BTN_DGPC);
    assert_eq!(code(&answer.response_code), Operation::CreateVa.success());
    let account = answer.virtual_account_data.as_ref().unwrap();
    assert_eq!(text(&account.customer_no), "60000161862");
    let number: VirtualAccountNo =
        wire::required("virtualAccountNo", account.virtual_account_no.as_ref()).unwrap();
    assert_eq!(number.digits(), "9596260000161862");
    assert_eq!(
        number
            .customer_no(&sent.numbers.partner_service_id)
            .unwrap()
            .as_str(),
        "60000161862"
    );
    assert_eq!(text(&account.trx_id), "23219829713");
    assert_eq!(money(&account.total_amount), ("11500.00", "IDR"));
    assert_eq!(text(&account.expired_date), "2023-01-01T10:55:00+07:00");
    assert_eq!(text(&account.virtual_account_trx_type), "C");
    let info = answer.additional_info().unwrap();
    assert_eq!(
        text(&info.how_to_pay_page),
        "https://app.doku.com/how-to-pay/virtual-account/btn/190..."
    );
    assert_eq!(
        text(&info.how_to_pay_api),
        "https://api.doku.com/pay-instruction/btn/..."
    );
}

#[test]
fn an_mgpc_create_sends_the_whole_number_and_gets_it_back() {
    for (sent, answer, digits) in [
        (CREATE_BTN_MGPC, CREATED_BTN_MGPC, "9596260000000001"),
        (
            CREATE_BCA_MGPC,
            CREATED_BCA_MGPC,
            "1900800000000000000000001",
        ),
    ] {
        let sent: VirtualAccountData<'_> = decode(sent);
        let answer: VirtualAccountResponse<'_> = decode(answer);
        let account = answer.virtual_account_data.unwrap();
        assert_eq!(account.virtual_account_no, sent.virtual_account_no);
        assert_eq!(account.customer_no, sent.customer_no);
        assert_eq!(text(&account.virtual_account_no).trim(), digits);
        assert_eq!(code(&answer.response_code).meaning(), Meaning::Successful);
    }
    assert!(create(CREATE_BTN_MGPC).reusable);
}

#[test]
fn an_open_bill_asks_for_zero_and_may_have_limits() {
    assert_eq!(create(CREATE_BTN_OPEN).bill, Bill::Open(None));
    let limits = Limits::between(amount("10000.00"), amount("5000000.00")).unwrap();
    let limited = create(CREATE_BTN_LIMITS);
    assert_eq!(limited.bill, Bill::Open(Some(limits)));
    assert!(limited.reusable);
    let data: VirtualAccountData<'_> = decode(CREATE_BTN_LIMITS);
    assert_eq!(money(&data.total_amount), ("0", "IDR"));
}

#[test]
fn the_documented_samples_with_limits_on_a_closed_bill_are_read_and_refused() {
    for body in [CREATE_BRI_DGPC, CREATE_BCA_MGPC] {
        let data: VirtualAccountData<'_> = decode(body);
        let config = data
            .additional_info
            .as_ref()
            .unwrap()
            .virtual_account_config
            .as_ref()
            .unwrap();
        assert_eq!(
            (text(&config.min_amount), text(&config.max_amount)),
            ("10000.00", "5000000.00")
        );
        assert_eq!(config.reusable_status, Some(true));
        let error = CreateVa::try_from(&data).unwrap_err();
        assert_eq!(error.field(), "additionalInfo.virtualAccountConfig");
    }
}

#[test]
fn the_answer_of_another_bank_is_read_too() {
    let answer: VirtualAccountResponse<'_> = decode(CREATED_BRI_DGPC);
    let account = answer.virtual_account_data.unwrap();
    assert_eq!(text(&account.customer_no), "60000000000000000001");
    assert_eq!(
        text(&account.virtual_account_no),
        "   1236260000000000000000001"
    );
    assert_eq!(text(&account.virtual_account_phone), "081293912081");
    assert_eq!(
        text(&account.additional_info.unwrap().channel),
        "VIRTUAL_ACCOUNT_BRI"
    );
}

#[test]
fn the_sample_of_the_signature_page_lacks_what_create_needs() {
    let data: VirtualAccountData<'_> = decode(CREATE_JOKUL);
    assert_eq!(text(&data.partner_service_id), "  088899");
    assert_eq!(
        text(&data.virtual_account_no),
        "  08889912345678901234567890"
    );
    assert_eq!(money(&data.total_amount), ("12345678.00", "IDR"));
    let error = CreateVa::try_from(&data).unwrap_err();
    assert_eq!(
        error.to_string(),
        "additionalInfo.channel: is mandatory and missing"
    );
}

#[test]
fn refusals_carry_a_code_and_a_message_and_no_account() {
    for (body, service, meaning, message) in [
        (
            CREATE_REFUSED_FORMAT,
            Service::CreateVa,
            Meaning::InvalidFieldFormat,
            "Invalid Field Format {totalAmount.currency}",
        ),
        (
            CREATE_REFUSED_MISSING,
            Service::CreateVa,
            Meaning::InvalidMandatoryField,
            "Invalid Mandatory Field {partnerServiceId}",
        ),
        (
            CREATE_REFUSED_SIGNATURE,
            Service::CreateVa,
            Meaning::Unauthorized,
            "Unauthorized. Signature Not Match",
        ),
        (
            CREATE_REFUSED_TOKEN,
            Service::CreateVa,
            Meaning::InvalidToken,
            "Access Token Invalid (B2B)",
        ),
        (
            CREATE_REFUSED_BIN,
            Service::CreateVa,
            Meaning::FeatureNotAllowed,
            "Feature Not Allowed [Identifier for BIN ... not configured properly]",
        ),
        (
            CREATE_REFUSED_NUMBERS,
            Service::CreateVa,
            Meaning::NotPermitted,
            "Transaction Not Permitted [Combination of partnerServiceId, customerNo, and virtualAccountNo]",
        ),
        (
            CREATE_REFUSED_CONFLICT,
            Service::CreateVa,
            Meaning::Conflict,
            "Conflict",
        ),
        (
            DELETE_REFUSED_TRX_ID,
            Service::DeleteVa,
            Meaning::BillExpired,
            "Invalid Bill/Virtual Account",
        ),
    ] {
        let answer: VirtualAccountResponse<'_> = decode(body);
        let code = code(&answer.response_code);
        assert_eq!(
            (code.service(), code.meaning()),
            (Some(service), meaning),
            "{code}"
        );
        assert_eq!(text(&answer.response_message), message);
        assert!(answer.virtual_account_data.is_none());
        assert!(answer.additional_info().is_none());
    }
}

#[test]
fn an_update_says_what_changes() {
    let update = UpdateVa::try_from(&decode::<VirtualAccountData<'_>>(UPDATE_BTN)).unwrap();
    assert_eq!(
        update.numbers.virtual_account_no.as_str(),
        "   9596260000161862"
    );
    assert!(!update.status.unwrap().is_active());
    assert_eq!(update.amount, Some(amount("11500.00")));
    assert_eq!(update.trx_type.unwrap().as_str(), "C");
    assert_eq!(update.limits, None);
    assert_eq!(update.trx_id.as_str(), "23219829713");

    let update = UpdateVa::try_from(&decode::<VirtualAccountData<'_>>(UPDATE_BCA)).unwrap();
    assert_eq!(
        update.limits,
        Limits::from_parts(Some(amount("10000.00")), Some(amount("5000000.00"))).unwrap()
    );

    let answer: VirtualAccountResponse<'_> = decode(UPDATED_BCA);
    assert_eq!(code(&answer.response_code), Operation::UpdateVa.success());
    let config = answer
        .additional_info()
        .unwrap()
        .virtual_account_config
        .as_ref()
        .unwrap();
    assert_eq!(text(&config.status), "INACTIVE");
}

#[test]
fn a_delete_names_the_account_and_its_invoice() {
    let delete = DeleteVa::try_from(&decode::<VirtualAccountData<'_>>(DELETE_BTN)).unwrap();
    assert_eq!(delete.numbers.customer_no.as_str(), "60000161862");
    assert_eq!(delete.trx_id.as_str(), "23219829713");
    assert_eq!(delete.channel.as_str(), "VIRTUAL_ACCOUNT_BTN");
}

#[test]
fn a_status_request_has_numbers_and_perhaps_nulls() {
    for body in [STATUS_ASK, STATUS_ASK_WITH_NULLS] {
        let ask = CheckStatus::try_from(&decode::<CheckStatusRequest<'_>>(body)).unwrap();
        assert_eq!(
            ask.numbers.virtual_account_no.as_str(),
            "   1234570020000342"
        );
        assert_eq!(ask.inquiry_request_id, None);
        assert_eq!(ask.payment_request_id, None);
    }
}

#[test]
fn a_status_is_paid_or_pending_whatever_the_amount_beside_it_says() {
    for (body, flag) in [
        (STATUS_PAID, PaymentFlag::Paid),
        (STATUS_PENDING, PaymentFlag::Pending),
    ] {
        let answer: CheckStatusResponse<'_> = decode(body);
        assert_eq!(
            code(&answer.response_code),
            Operation::CheckStatus.success()
        );
        let [account] = answer.virtual_account_data.as_slice() else {
            panic!("one account");
        };
        let reason = account.payment_flag_reason.as_ref().unwrap();
        let (english, indonesia) = (text(&reason.english), text(&reason.indonesia));
        assert_eq!(
            PaymentFlag::from_reason(Some(english), Some(indonesia)),
            flag
        );
        assert_eq!(money(&account.paid_amount), ("200000.00", "IDR"));
        assert_eq!(
            money(&account.bill_details[0].bill_amount),
            ("200000.00", "IDR")
        );
        assert_eq!(text(&account.trx_id), "Testjess12345");
        assert_eq!(text(&account.inquiry_request_id), "");
        assert_eq!(text(&account.virtual_account_no), "   1234570020000342");
        let info = answer.additional_info.as_ref().unwrap();
        assert_eq!(text(&info.trx_id), "Testjess12345");
        assert_eq!(text(&info.acquirer.as_ref().unwrap().id), "BRI");
    }
    let expired: CheckStatusResponse<'_> = decode(STATUS_REFUSED_EXPIRED);
    assert_eq!(
        code(&expired.response_code).meaning(),
        Meaning::TransactionExpired
    );
    assert!(expired.virtual_account_data.is_empty());
}

#[test]
fn how_to_pay_lists_steps_by_place_and_language() {
    let page: HowToPay<'_> = decode(HOW_TO_PAY);
    assert_eq!(text(&page.client.unwrap().id), "BRN-0000");
    let order = page.order.unwrap();
    assert_eq!(
        (text(&order.invoice_number), text(&order.amount)),
        ("INV-20210124-0001", "150000")
    );
    let account = page.virtual_account_info.unwrap();
    assert_eq!(text(&account.virtual_account_number), "1900600000000046");
    assert_eq!(text(&account.status), "PENDING");
    assert_eq!(text(&account.created_date), "20210124104512");
    assert_eq!(text(&account.expired_date), "20210124114512");
    assert_eq!(text(&page.customer.unwrap().email), "anton@example.com");
    let steps: Vec<(&str, &str, usize)> = page
        .payment_instruction
        .iter()
        .map(|place| {
            (
                text(&place.channel),
                text(&place.language),
                place.step.len(),
            )
        })
        .collect();
    assert_eq!(steps, [("ATM", "ID", 2), ("ATM", "EN", 1)]);
}

#[test]
fn an_inquiry_asks_and_is_answered() {
    let ask: InquiryRequest<'_> = decode(INQUIRY_ASK);
    assert_eq!(text(&ask.virtual_account_no), "   770622007");
    assert_eq!(
        text(&ask.inquiry_request_id),
        "DIPCVA003T240913101610069TxXxsQnHAYA"
    );
    assert_eq!(text(&ask.trx_date_init), "2024-09-13T10:16:10+07:00");
    assert_eq!(
        text(&ask.additional_info.unwrap().channel),
        "VIRTUAL_ACCOUNT_BTN"
    );

    let answer: InquiryResponse<'_> = decode(INQUIRY_PAYABLE);
    assert_eq!(code(&answer.response_code), Operation::Inquiry.success());
    let account = answer.virtual_account_data.unwrap();
    assert_eq!(account.inquiry_request_id, ask.inquiry_request_id);
    assert_eq!(account.customer_no, ask.customer_no);
    assert_eq!(text(&account.inquiry_status), "00");
    assert_eq!(text(&account.inquiry_reason.unwrap().indonesia), "Sukses");
    assert_eq!(money(&account.total_amount), ("25000.00", "IDR"));
    assert_eq!(account.free_text.unwrap().len(), 1);
    let info: AdditionalInfo<'_> = account.additional_info.unwrap();
    assert_eq!(text(&info.trx_id), "INV_20240913001");
    let config = info.virtual_account_config.unwrap();
    assert_eq!(
        (text(&config.min_amount), text(&config.max_amount)),
        ("10000.00", "100000.00")
    );
}

#[test]
fn an_inquiry_is_refused_with_two_members() {
    for (body, meaning) in [
        (INQUIRY_REFUSED_UNKNOWN, Meaning::BillNotFound),
        (INQUIRY_REFUSED_PAID, Meaning::PaidBill),
        (INQUIRY_REFUSED_EXPIRED, Meaning::BillExpired),
    ] {
        let answer: InquiryResponse<'_> = decode(body);
        let code = code(&answer.response_code);
        assert_eq!(
            (code.service(), code.meaning()),
            (Some(Service::Inquiry), meaning)
        );
        assert!(answer.virtual_account_data.is_none() && answer.additional_info.is_none());
    }
}

#[test]
fn a_payment_names_itself_and_is_acknowledged() {
    let paid: PaymentRequest<'_> = decode(PAYMENT);
    assert_eq!(text(&paid.payment_request_id), "12839218738127830");
    assert_eq!(text(&paid.trx_id), "23219829713");
    assert_eq!(money(&paid.paid_amount), ("11500.00", "IDR"));
    assert_eq!(text(&paid.virtual_account_name), "Toru Yamashita");
    assert!(paid.trx_date_time.is_none() && paid.additional_info.is_none());
    // Documentation prints the BIN bare, padded with blanks, and padded with zeros.
    let number: VirtualAccountNo =
        wire::required("virtualAccountNo", paid.virtual_account_no.as_ref()).unwrap();
    assert_eq!(number, "777770000000000001".parse().unwrap());
    assert_eq!(number, "000777770000000000001".parse().unwrap());

    let answer: PaymentResponse<'_> = decode(PAYMENT_ACKNOWLEDGED);
    assert_eq!(code(&answer.response_code), Operation::Payment.success());
    let echo = answer.virtual_account_data.unwrap();
    assert_eq!(echo.payment_request_id, paid.payment_request_id);
    assert_eq!(echo.virtual_account_no, paid.virtual_account_no);

    let refused: PaymentResponse<'_> = decode(PAYMENT_REFUSED_TOKEN);
    assert_eq!(
        code(&refused.response_code).meaning(),
        Meaning::InvalidToken
    );
    assert!(refused.virtual_account_data.is_none());
}

#[test]
fn a_token_is_asked_for_and_given_in_both_directions() {
    let ask: TokenRequest<'_> = decode(TOKEN_ASK);
    assert_eq!(
        ask.grant_type,
        TokenRequest::client_credentials().grant_type
    );
    for body in [TOKEN_BY_DOKU, TOKEN_BY_MERCHANT] {
        let token: TokenResponse<'_> = decode(body);
        assert_eq!(code(&token.response_code), Operation::Token.success());
        assert_eq!(text(&token.access_token).split('.').count(), 3);
        assert_eq!(text(&token.token_type), "Bearer");
        assert_eq!(token.expires_in, Some(Seconds::new(900)));
    }
    for body in [TOKEN_BY_DOKU_REFUSED, TOKEN_BY_MERCHANT_REFUSED] {
        let refused: TokenResponse<'_> = decode(body);
        assert_eq!(
            code(&refused.response_code).meaning(),
            Meaning::Unauthorized
        );
        assert!(refused.access_token.is_none() && refused.expires_in.is_none());
    }
}
