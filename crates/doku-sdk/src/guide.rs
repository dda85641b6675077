//! The code of the guide, which is compiled and run as its readers would. Nothing of it is in the library.

macro_rules! pages {
    ($($name:ident: $text:expr;)+) => {
        $(#[doc = $text] struct $name;)+
    };
}

pages! {
    Bills: include_str!("../../../docs/guide/bills.md");
    Migrating: include_str!("../../../docs/guide/migrating.md");
    Modes: include_str!("../../../docs/guide/modes.md");
    OtherChannels: include_str!("../../../docs/guide/other-channels.md");
    Questions: include_str!("../../../docs/guide/questions.md");
    QuickStart: include_str!("../../../docs/guide/quick-start.md");
    QuickStartInIndonesian: include_str!("../../../docs/README.id.md");
    ReceivingPayments: include_str!("../../../docs/guide/receiving-payments.md");
    Signatures: include_str!("../../../docs/guide/signatures.md");
    Readme: include_str!("../../../README.md");
}
