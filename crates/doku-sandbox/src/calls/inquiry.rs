//! The inquiry: DOKU asks the merchant what is to be paid under a number (DIPC).

use bytes::Bytes;
use doku_model::wire::{
    self, AdditionalInfo, Bilingual, InquiryData, InquiryRequest, InquiryResponse, Text,
};
use doku_model::{Amount, Bill, CustomerNo, Limits, Operation, Timestamp, TrxType};

use super::failure::CallFailure;
use super::heard::{Heard, Judged};
use super::judge::{Echo, Reading};
use crate::config::Bin;
use crate::desk::Desk;
use crate::journal::Note;
use crate::outbound::form;
use crate::state::Offer;

const INQUIRY: Operation = Operation::Inquiry;

/// What the merchant said, and what was wrong with saying it.
#[derive(Debug)]
pub(crate) struct Inquired {
    pub(crate) offer: Offer,
    pub(crate) notes: Vec<Note>,
}

impl Desk {
    /// Asks the merchant about a number of a DIPC BIN.
    pub(crate) async fn ask(
        &self,
        index: u16,
        bin: &Bin,
        customer_no: &CustomerNo,
    ) -> Result<Inquired, CallFailure> {
        let endpoints = self.outbound.endpoints(index);
        let url = endpoints.inquiry_url.clone().ok_or_else(|| {
            CallFailure::not_made(INQUIRY, "there is no inquiry URL for this BIN")
        })?;
        let fault = self.faults.take_to_merchant(INQUIRY);
        let tokens = self.tokens_for(&endpoints, fault.as_ref()).await?;
        let now = self.clock.now();
        let dialect = self.outbound.dialect;
        let (partner_service_id, virtual_account_no) =
            form::numbers(dialect.padding, bin.partner_service_id(), customer_no);
        let request_id = format!(
            "DIPC{}{:010}",
            now.unix_timestamp(),
            self.outbound.next_serial()
        );
        let body = wire::encode(&InquiryRequest {
            additional_info: Some(AdditionalInfo {
                channel: Some(Text::from(bin.channel().as_str())),
                ..AdditionalInfo::default()
            }),
            customer_no: Some(Text::from(customer_no.as_str())),
            inquiry_request_id: Some(Text::from(request_id.as_str())),
            partner_service_id: Some(Text::from(partner_service_id.as_str())),
            trx_date_init: Some(form::timestamp(dialect.timestamp, now).into()),
            virtual_account_no: Some(Text::from(virtual_account_no.as_str())),
        });
        let outgoing = self.signed_transaction(
            INQUIRY,
            &url,
            Bytes::from(body),
            tokens,
            bin.channel().as_str(),
        );
        let asked = Asked {
            echo: Echo {
                partner_service_id: &partner_service_id,
                customer_no: customer_no.as_str(),
                virtual_account_no: &virtual_account_no,
            },
            request_id: &request_id,
            channel: bin.channel().as_str(),
            strict: self.strict,
        };
        let exchanged = self
            .exchange(&outgoing, fault.as_ref(), |heard| asked.judge(heard))
            .await;
        if exchanged.judged.status == 401 {
            self.give_up_bearer(&endpoints).await;
        }
        let said = match &exchanged.heard {
            Heard::Answer { body, .. } if exchanged.judged.accepted => said(body),
            _ => None,
        };
        match said {
            Some(said) => Ok(Inquired {
                offer: said.into_offer(index, customer_no.clone()),
                notes: exchanged.judged.notes,
            }),
            None => Err(CallFailure::of(INQUIRY, exchanged)),
        }
    }
}

/// What was asked.
struct Asked<'s> {
    echo: Echo<'s>,
    request_id: &'s str,
    channel: &'s str,
    strict: bool,
}

impl Asked<'_> {
    fn judge(&self, heard: &Heard) -> Judged {
        let mut reading = match Reading::begin(INQUIRY, heard) {
            Ok(reading) => reading,
            Err(judged) => return judged,
        };
        reading.must_succeed();
        let Some(answer) = reading.decode::<InquiryResponse<'_>>() else {
            return reading.end(self.strict);
        };
        if !reading.is_good() {
            // DOKU asked an integrator for the two members only.
            if answer.virtual_account_data.is_some() {
                reading.note("virtualAccountData", "has no place in a refusal");
            }
            return reading.end(false);
        }
        let Some(data) = &answer.virtual_account_data else {
            reading.wrong("virtualAccountData", "is missing");
            return reading.end(false);
        };
        self.judge_data(&mut reading, data);
        self.judge_info(&mut reading, additional_info(&answer));
        if let Err(wrong) = Said::read(&answer) {
            reading.wrong(wrong.field, wrong.what);
        }
        reading.end(self.strict)
    }

    fn judge_data(&self, reading: &mut Reading<'_>, data: &InquiryData<'_>) {
        const NUMBER: &str = "virtualAccountData.virtualAccountNo";
        reading.numbers(
            &self.echo,
            data.partner_service_id.as_ref(),
            data.customer_no.as_ref(),
            data.virtual_account_no.as_ref(),
        );
        let digits = |text: &str| text.trim_start_matches([' ', '0']).to_owned();
        if let Some(number) = &data.virtual_account_no
            && digits(number.as_str()) != digits(self.echo.virtual_account_no)
        {
            reading.wrong(NUMBER, "belongs to another virtual account");
        }
        reading.echo(
            "virtualAccountData.inquiryRequestId",
            data.inquiry_request_id.as_ref(),
            self.request_id,
        );
        match reading.mandatory(
            "virtualAccountData.inquiryStatus",
            data.inquiry_status.as_ref(),
        ) {
            None | Some("00") => {}
            Some(_) => reading.wrong("virtualAccountData.inquiryStatus", "is not 00"),
        }
        let reason = data.inquiry_reason.as_ref();
        if reason.is_none_or(|reason| reason.english.is_none() || reason.indonesia.is_none()) {
            reading.note("virtualAccountData.inquiryReason", "is missing");
        }
        let currency = data
            .total_amount
            .as_ref()
            .and_then(|money| money.currency.as_ref());
        match reading.mandatory("virtualAccountData.totalAmount.currency", currency) {
            None | Some("IDR") => {}
            Some(_) => reading.wrong("virtualAccountData.totalAmount.currency", "is not IDR"),
        }
    }

    fn judge_info(&self, reading: &mut Reading<'_>, info: Option<&AdditionalInfo<'_>>) {
        let Some(info) = info else {
            reading.note("additionalInfo", "is missing");
            return;
        };
        reading.echo(
            "additionalInfo.channel",
            info.channel.as_ref(),
            self.channel,
        );
        reading.mandatory("additionalInfo.trxId", info.trx_id.as_ref());
    }
}

/// `additionalInfo`, inside the account or at top level: no public source decides.
fn additional_info<'r, 'a>(answer: &'r InquiryResponse<'a>) -> Option<&'r AdditionalInfo<'a>> {
    answer
        .virtual_account_data
        .as_ref()
        .and_then(|data| data.additional_info.as_ref())
        .or(answer.additional_info.as_ref())
}

/// What makes an answer no use.
struct Wrong {
    field: &'static str,
    what: &'static str,
}

/// What the merchant said of a number, understood.
struct Said {
    name: String,
    email: Option<String>,
    phone: Option<String>,
    trx_id: Option<String>,
    bill: Bill,
    reusable: bool,
    expired_date: Option<Timestamp>,
    free_text: Vec<(String, String)>,
}

fn said(body: &[u8]) -> Option<Said> {
    let answer: InquiryResponse<'_> = wire::decode(body).ok()?;
    Said::read(&answer).ok()
}

impl Said {
    fn read(answer: &InquiryResponse<'_>) -> Result<Self, Wrong> {
        let wrong = |field, what| Wrong { field, what };
        let data = answer
            .virtual_account_data
            .as_ref()
            .ok_or(wrong("virtualAccountData", "is missing"))?;
        let text = |member: &Option<Text<'_>>| {
            let text = member.as_ref().map(|text| text.as_str().to_owned());
            text.filter(|text| !text.is_empty())
        };
        // Seen live: without name and type the payer is shown "General Error".
        let name = text(&data.virtual_account_name)
            .ok_or(wrong("virtualAccountData.virtualAccountName", "is missing"))?;
        let trx_type: TrxType = text(&data.virtual_account_trx_type)
            .ok_or(wrong(
                "virtualAccountData.virtualAccountTrxType",
                "is missing",
            ))?
            .parse()
            .map_err(|_| {
                wrong(
                    "virtualAccountData.virtualAccountTrxType",
                    "is not C, O or V",
                )
            })?;
        let amount = |member: Option<&Text<'_>>, field| {
            member
                .map(Text::as_str)
                .filter(|text| !text.is_empty())
                .map(str::parse::<Amount>)
                .transpose()
                .map_err(|_| wrong(field, "is no amount such as 11500.00"))
        };
        let money = data.total_amount.as_ref();
        let total = amount(
            money.and_then(|money| money.value.as_ref()),
            "virtualAccountData.totalAmount.value",
        )?;
        let info = additional_info(answer);
        let config = info.and_then(|info| info.virtual_account_config.as_ref());
        let limits = Limits::from_parts(
            amount(
                config.and_then(|config| config.min_amount.as_ref()),
                "additionalInfo.virtualAccountConfig.minAmount",
            )?,
            amount(
                config.and_then(|config| config.max_amount.as_ref()),
                "additionalInfo.virtualAccountConfig.maxAmount",
            )?,
        )
        .map_err(|_| {
            wrong(
                "additionalInfo.virtualAccountConfig.maxAmount",
                "is below minAmount",
            )
        })?;
        // DOKU's own sample gives a closed bill limits, which then mean nothing.
        let limits = limits.filter(|_| trx_type != TrxType::Closed);
        let bill = Bill::from_parts(trx_type, total, limits).map_err(|_| {
            wrong(
                "virtualAccountData.totalAmount.value",
                "does not fit virtualAccountTrxType",
            )
        })?;
        let expired_date = text(&data.expired_date)
            .map(|date| date.parse::<Timestamp>())
            .transpose()
            .map_err(|_| {
                wrong(
                    "virtualAccountData.expiredDate",
                    "is no moment with an offset",
                )
            })?;
        Ok(Self {
            name,
            email: text(&data.virtual_account_email),
            phone: text(&data.virtual_account_phone),
            trx_id: info.and_then(|info| text(&info.trx_id)),
            bill,
            reusable: config
                .and_then(|config| config.reusable_status)
                .unwrap_or_default(),
            expired_date,
            free_text: data.free_text.iter().flatten().map(both).collect(),
        })
    }

    fn into_offer(self, bin: u16, customer_no: CustomerNo) -> Offer {
        Offer {
            bin,
            customer_no,
            name: self.name,
            email: self.email,
            phone: self.phone,
            trx_id: self.trx_id,
            bill: self.bill,
            reusable: self.reusable,
            expired_date: self.expired_date,
            free_text: self.free_text,
        }
    }
}

fn both(line: &Bilingual<'_>) -> (String, String) {
    let text = |member: &Option<Text<'_>>| {
        member
            .as_ref()
            .map_or_else(String::new, |text| text.as_str().to_owned())
    };
    (text(&line.english), text(&line.indonesia))
}
