//! `doku code`: what a response code says, and what to do. The facts are those of the table that the client goes by.

use doku::sign::diagnose::Language;
use doku::{Action, Blame, Effect, Meaning, Operation, ResponseCode, Service};
use serde::Serialize;

use crate::args::CodeArguments;
use crate::exit::{Exit, Failure};
use crate::output::{Card, Format, Output, Table};

pub(crate) fn run(arguments: &CodeArguments, output: &Output) -> Result<Exit, Failure> {
    let language = arguments.language.language();
    if arguments.code.is_empty() {
        list(language, output)?;
    } else {
        let code = read(&arguments.code)?;
        let told = Told::of(&code, language);
        output.result(&told.card(language), &told)?;
    }
    Ok(Exit::Done)
}

/// Seven digits, however they are grouped.
fn read(words: &[String]) -> Result<ResponseCode, Failure> {
    let text: String = words
        .iter()
        .flat_map(|word| word.chars())
        .filter(|c| !matches!(c, ' ' | '-' | '/' | '.' | '"' | '\''))
        .collect();
    if text.len() == 7 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(ResponseCode::new(text))
    } else {
        Err(
            Failure::usage("a response code has seven digits: HTTP status, service, case")
                .next("Give it as 4042712 or 404 27 12; `doku code` alone lists the table."),
        )
    }
}

/// What a code says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    operation: &'static str,
    code: String,
    http_status: u16,
    service: u8,
    service_name: String,
    /// Whether the service is one that is known here.
    known_service: bool,
    case: u8,
    /// Whether the case is in the table.
    known: bool,
    meaning: &'static str,
    blame: &'static str,
    effect: &'static str,
    money: &'static str,
    advice: &'static str,
    /// Which command goes on from here.
    #[serde(skip_serializing_if = "Option::is_none")]
    see: Option<&'static str>,
    #[serde(skip)]
    blame_told: &'static str,
    #[serde(skip)]
    effect_told: &'static str,
}

impl Told {
    fn of(code: &ResponseCode, language: Language) -> Self {
        let meaning = code.meaning();
        let action = meaning.action();
        let service = code.service().unwrap_or(Service::Other(0));
        // DOKU's own codes; the merchant gives those of the other two.
        let answered_by_merchant = matches!(service, Service::Inquiry | Service::Payment);
        let known = meaning != Meaning::Unknown;
        let (blame, blame_told) = if known {
            blame(action.blame(), answered_by_merchant, language)
        } else {
            ("unknown", pick(language, "not known", "tidak diketahui"))
        };
        let is_repeated = *code == ResponseCode::REPEATED_TRX_ID;
        let moved_by = if is_repeated {
            Service::CreateVa
        } else {
            service
        };
        let is_of_snap =
            matches!(code.http_status(), Some(200..=599)) && !matches!(service, Service::Other(_));
        let advice = if !known && !is_of_snap {
            pick(
                language,
                "No such status or service is known: see whether these are the seven digits of responseCode, and ask DOKU if they are.",
                "Status atau layanan seperti itu tidak dikenal: periksa apakah ini memang tujuh digit responseCode; jika ya, tanyakan kepada DOKU.",
            )
        } else if answered_by_merchant && code.effect() != Effect::Done {
            pick(
                language,
                "This is your own answer to DOKU: look in your log for why it was given.",
                "Ini jawaban Anda sendiri kepada DOKU: cari alasannya di log Anda.",
            )
        } else {
            advice(action, language)
        };
        let (effect, effect_told) = effect(code.effect(), language);
        Self {
            operation: "code",
            code: code.to_string(),
            http_status: code.http_status().unwrap_or_default(),
            service: service.number(),
            service_name: service.to_string(),
            known_service: !matches!(service, Service::Other(_)),
            case: code.case().unwrap_or_default(),
            known,
            meaning: text(meaning, language),
            blame,
            effect,
            money: money(moved_by, code.effect(), language),
            advice,
            see: (meaning == Meaning::Unauthorized).then(|| {
                pick(
                    language,
                    "`doku explain` names what is wrong with a signature: give it the request as it was sent.",
                    "`doku explain` menyebut apa yang salah pada tanda tangan: berikan permintaan persis seperti yang dikirim.",
                )
            }),
            blame_told,
            effect_told,
        }
    }

    fn card(&self, language: Language) -> Card {
        let of = |english, indonesian| pick(language, english, indonesian);
        let service = if self.known_service {
            format!("{:02}, {}", self.service, self.service_name)
        } else {
            format!(
                "{:02}, {}",
                self.service,
                of("not known here", "tidak dikenal di sini")
            )
        };
        Card::new(format!("{}: {}.", self.code, self.meaning))
            .fact("HTTP", &self.http_status)
            .fact(of("service", "layanan"), &service)
            .fact(of("case", "kasus"), &format!("{:02}", self.case))
            .fact(of("fault", "kesalahan"), self.blame_told)
            .fact(of("effect", "akibat"), self.effect_told)
            .fact(of("money", "uang"), self.money)
            .fact(of("next", "langkah"), self.advice)
            .maybe(of("see", "lihat"), self.see)
    }
}

fn pick(language: Language, english: &'static str, indonesian: &'static str) -> &'static str {
    match language {
        Language::Indonesian => indonesian,
        _ => english,
    }
}

const fn text(meaning: Meaning, language: Language) -> &'static str {
    match language {
        Language::Indonesian => meaning.text_in_indonesian(),
        _ => meaning.text(),
    }
}

const fn advice(action: Action, language: Language) -> &'static str {
    match language {
        Language::Indonesian => action.advice_in_indonesian(),
        _ => action.advice(),
    }
}

/// For machines, and for people.
fn blame(
    blame: Blame,
    answered_by_merchant: bool,
    language: Language,
) -> (&'static str, &'static str) {
    let of = |english, indonesian| pick(language, english, indonesian);
    match (blame, answered_by_merchant) {
        (Blame::Nobody, _) => ("nobody", of("nobody's", "tidak pada siapa pun")),
        (Blame::Caller, false) => (
            "caller",
            of(
                "as a rule the request's, and so yours",
                "biasanya pada permintaannya, jadi di pihak Anda",
            ),
        ),
        (Blame::Caller, true) => (
            "caller",
            of(
                "as a rule DOKU's request, or how you read it",
                "biasanya pada permintaan DOKU, atau pada cara Anda membacanya",
            ),
        ),
        (Blame::Answerer, false) => ("answerer", of("as a rule DOKU's", "biasanya di pihak DOKU")),
        (Blame::Answerer, true) => (
            "answerer",
            of(
                "as a rule yours: you gave this answer",
                "biasanya di pihak Anda: jawaban ini dari Anda",
            ),
        ),
        _ => (
            "setUp",
            of(
                "as a rule the set-up at DOKU",
                "biasanya pada pengaturan di DOKU",
            ),
        ),
    }
}

/// For machines, and for people.
fn effect(effect: Effect, language: Language) -> (&'static str, &'static str) {
    let of = |english, indonesian| pick(language, english, indonesian);
    match effect {
        Effect::Done => ("done", of("it was done", "sudah dilakukan")),
        Effect::NotDecided => ("notDecided", of("not decided yet", "belum diputuskan")),
        Effect::NothingDone => (
            "nothingDone",
            of("nothing was done", "tidak ada yang dilakukan"),
        ),
        Effect::DoneEarlier => (
            "doneEarlier",
            of(
                "the same was asked before, and that answer counts",
                "hal yang sama pernah diminta, dan jawaban saat itu yang berlaku",
            ),
        ),
        _ => (
            "unknown",
            of(
                "unknown: it may have been done",
                "tidak diketahui: mungkin sudah dilakukan",
            ),
        ),
    }
}

/// Whether money may have moved.
fn money(service: Service, effect: Effect, language: Language) -> &'static str {
    let of = |english, indonesian| pick(language, english, indonesian);
    let may_be_there = !matches!(effect, Effect::NothingDone);
    match service {
        Service::Payment => of(
            "has moved: the customer paid before DOKU told of it; DOKU tells again until it is answered 2002500",
            "sudah berpindah: pelanggan membayar sebelum DOKU memberi tahu; DOKU mengulang sampai dijawab 2002500",
        ),
        Service::CreateVa if may_be_there => of(
            "none moves by this call, but a number that can be paid may be there",
            "panggilan ini tidak memindahkan uang, tetapi nomor yang dapat dibayar mungkin sudah ada",
        ),
        Service::UpdateVa | Service::DeleteVa if may_be_there => of(
            "none moves by this call; whether the old bill can still be paid is seen with check status",
            "panggilan ini tidak memindahkan uang; cek dengan check status apakah tagihan lama masih dapat dibayar",
        ),
        Service::Other(_) => of(
            "not known: the service is not one of virtual accounts",
            "tidak diketahui: layanan ini bukan layanan virtual account",
        ),
        _ => of(
            "none moves by this call",
            "panggilan ini tidak memindahkan uang",
        ),
    }
}

/// A row of the table.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    http_status: u16,
    case: u8,
    meaning: &'static str,
    advice: &'static str,
}

#[derive(Serialize)]
struct Listed {
    operation: &'static str,
    items: Vec<Row>,
}

fn list(language: Language, output: &Output) -> Result<(), Failure> {
    let items: Vec<Row> = Meaning::TABLE
        .iter()
        .map(|(http_status, case, meaning)| Row {
            http_status: *http_status,
            case: *case,
            meaning: text(*meaning, language),
            advice: advice(meaning.action(), language),
        })
        .collect();
    match output.format() {
        Format::Json => output.json(&Listed {
            operation: "codes",
            items,
        }),
        Format::Text => output.text(|style| {
            let of = |english, indonesian| pick(language, english, indonesian);
            let mut table = Table::new([
                of("code", "kode"),
                of("meaning", "arti"),
                of("next", "langkah"),
            ]);
            for row in items {
                table.row([
                    format!("{}..{:02}", row.http_status, row.case),
                    row.meaning.to_owned(),
                    row.advice.to_owned(),
                ]);
            }
            let services: Vec<String> = Operation::ALL
                .iter()
                .map(|operation| format!("{:02} {operation}", operation.service().number()))
                .collect();
            format!(
                "{}\n{}: {}.\n",
                table.printed(style),
                of(
                    "The two digits in the middle are the service",
                    "Dua angka di tengah adalah layanan"
                ),
                services.join(", ")
            )
        }),
    }
}
