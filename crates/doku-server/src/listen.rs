//! Connections: accepted up to a number, served over HTTP/1 within bounds, and brought to an end in order.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

/// Connections at a time; more wait to be accepted.
const CONNECTIONS: usize = 4 * 1024;

/// How long the headers of a request may take.
const HEADERS: Duration = Duration::from_secs(10);

/// How much of a request's head is read.
const HEAD: usize = 64 * 1024;

/// How long calls may take to end once the server stops: as long as a notification may take to be kept.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait when the system has no more file descriptors.
const PAUSE: Duration = Duration::from_millis(20);

/// A listener that serves a router.
#[derive(Debug)]
pub(crate) struct Listening {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Listening {
    /// Serves `router` until it is told to stop.
    pub(crate) fn serve(
        router: Router,
        listener: TcpListener,
        stopped: watch::Receiver<bool>,
    ) -> io::Result<Self> {
        Ok(Self {
            address: listener.local_addr()?,
            task: tokio::spawn(accept(router, listener, stopped)),
        })
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until the calls that run have ended. It must have been told to stop.
    pub(crate) async fn ended(self) {
        // It ends by itself; an error would mean that it was aborted with its runtime.
        let _ended = self.task.await;
    }
}

async fn accept(router: Router, listener: TcpListener, mut stopped: watch::Receiver<bool>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
            accepted = next(&listener, &room) => accepted,
        };
        match accepted {
            Ok((stream, permit)) => {
                let (router, stopped) = (router.clone(), stopped.clone());
                connections.spawn(async move {
                    connection(router, stream, stopped).await;
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(PATIENCE, all_ended).await.is_err() {
        tracing::warn!("calls that took too long were cut off");
        connections.shutdown().await;
    }
}

async fn next(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(room)
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    // Answers are small and written at once.
    stream.set_nodelay(true)?;
    Ok((stream, permit))
}

async fn connection(router: Router, stream: TcpStream, mut stopped: watch::Receiver<bool>) {
    let service = TowerToHyperService::new(router);
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(HEAD);
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
    // The guard that `wait_for` gives must not live across an await.
    let told_to_stop = async { drop(stopped.wait_for(|stopped| *stopped).await) };
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        () = told_to_stop => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
