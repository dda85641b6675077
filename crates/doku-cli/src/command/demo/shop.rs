//! The shop that DOKU calls: the three endpoints on a port of their own, with the book behind them.

use std::future::IntoFuture as _;
use std::io;
use std::time::Duration;

use doku::ClientSecret;
use doku::hosted::{Credentials, Endpoints};
use doku_axum::Paths;
use doku_sandbox::{Merchant, MerchantUrl, MerchantUrlError};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::book::Book;
use super::story::wrong;
use crate::exit::Failure;

/// How long the calls that run may take to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// A shop that is open.
pub(super) struct Shop {
    pub(super) book: Book,
    base_url: String,
    close: oneshot::Sender<()>,
    server: JoinHandle<io::Result<()>>,
}

impl Shop {
    /// Opens the merchant's shop on a free port of this machine.
    pub(super) async fn open(merchant: &Merchant) -> Result<Self, Failure> {
        let secret = ClientSecret::new(merchant.client_secret()).map_err(|error| unset(&error))?;
        let credentials = Credentials::new(
            merchant.client_id().clone(),
            secret,
            merchant.private_key().clone(),
            merchant.doku_private_key().public_key(),
        );
        let book = Book::default();
        let endpoints = Endpoints::builder(credentials)
            .inquiries(book.clone())
            .payments(book.clone())
            .events(book.clone())
            .build();
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .map_err(|error| unset(&error))?;
        let address = listener.local_addr().map_err(|error| unset(&error))?;
        let (close, closed) = oneshot::channel();
        let serving =
            axum::serve(listener, doku_axum::router(endpoints)).with_graceful_shutdown(async {
                // Dropping the other end closes the shop as well.
                let _closed = closed.await;
            });
        Ok(Self {
            book,
            base_url: format!("http://{address}"),
            close,
            server: tokio::spawn(serving.into_future()),
        })
    }

    pub(super) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The three URLs, as the merchant enters them in DOKU's back office.
    pub(super) fn urls(&self) -> Result<doku_sandbox::Endpoints, Failure> {
        let paths = Paths::default();
        let url = |path: &str| -> Result<MerchantUrl, Failure> {
            let text = format!("{}{path}", self.base_url);
            text.parse()
                .map_err(|error: MerchantUrlError| unset(&error))
        };
        Ok(doku_sandbox::Endpoints::new()
            .token_url(url(paths.token())?)
            .inquiry_url(url(paths.inquiry())?)
            .notification_url(url(paths.payment())?))
    }

    /// Closes it: takes no more calls, and waits for those that run.
    pub(super) async fn close(self) -> Result<(), Failure> {
        // A server that ended by itself has an error to tell.
        let _ended = self.close.send(());
        match timeout(PATIENCE, self.server).await {
            Ok(Ok(Ok(()))) => Ok(()),
            Ok(Ok(Err(error))) => Err(wrong("the shop's server failed").because(&error)),
            Ok(Err(error)) => Err(wrong("the shop's server broke").because(&error)),
            Err(_) => Err(wrong("the shop did not close")),
        }
    }
}

/// Why there is nothing to show.
pub(super) fn unset(error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure::internal("the demonstration cannot begin").because(error)
}
