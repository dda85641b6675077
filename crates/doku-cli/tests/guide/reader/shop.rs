//! The reader's own server, where a page leaves it to the reader: what `receiving-payments.md` shows.

use std::fs;
use std::net::TcpListener;
use std::thread;

use async_trait::async_trait;
use doku::Bill;
use doku::hosted::{
    Credentials, Endpoints, HandlerError, InquiryAnswer, InquiryHandler, Notification, Payable,
    PaymentHandler, Verified,
};
use doku::model::request::Inquiry;
use doku::sign::{ClientSecret, DokuPublicKey, MerchantPrivateKey};

use super::front::Front;

/// A place that DOKU can be told of before anybody serves there.
pub(super) struct Shop(TcpListener);

impl Shop {
    pub(super) fn at(address: &str) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    /// Serves with the credentials that a local DOKU told.
    pub(super) fn serve(&self, doku: &Front) {
        let told = |name| {
            doku.environment()
                .find(|(given, _)| *given == name)
                .unwrap()
                .1
        };
        let file = |name| fs::read_to_string(told(name)).unwrap();
        let credentials = Credentials::new(
            told("DOKU_CLIENT_ID").parse().unwrap(),
            ClientSecret::new(file("DOKU_SECRET_KEY_FILE").trim()).unwrap(),
            MerchantPrivateKey::from_pem(&file("DOKU_PRIVATE_KEY_FILE")).unwrap(),
            DokuPublicKey::from_pem(&file("DOKU_PUBLIC_KEY_FILE")).unwrap(),
        );
        let endpoints = Endpoints::builder(credentials)
            .payments(Orders)
            .inquiries(Orders)
            .build();
        let listener = self.0.try_clone().unwrap();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, doku_axum::router(endpoints))
                    .await
                    .unwrap();
            });
        });
    }
}

struct Orders;

#[async_trait]
impl PaymentHandler for Orders {
    async fn paid(&self, _: Verified<Notification>) -> Result<(), HandlerError> {
        Ok(())
    }
}

#[async_trait]
impl InquiryHandler for Orders {
    async fn inquire(&self, inquiry: Verified<Inquiry>) -> InquiryAnswer {
        if !inquiry.virtual_account_no.digits().starts_with("8130") {
            return InquiryAnswer::NotFound;
        }
        let (name, amount) = ("Budi Santoso".parse().unwrap(), "25000.00".parse().unwrap());
        Payable::new(name, Bill::Closed(amount), "INV-1".parse().unwrap()).into()
    }
}
