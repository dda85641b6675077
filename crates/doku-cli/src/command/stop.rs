//! Being told to stop: SIGINT and SIGTERM, or Ctrl-C where there are no signals. What does not mean stop is not to end it either.

use crate::exit::Failure;

/// The signals that mean stop.
pub(super) struct Stop {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

/// SIGXFSZ, as Linux and the BSDs number it: a file has reached the size that the process may give it. It ends whoever does not
/// expect it; who does is told that the write failed, like on a full disk.
#[cfg(unix)]
const FILE_TOO_LARGE: i32 = 25;

impl Stop {
    #[cfg(unix)]
    pub(super) fn listen() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| {
            signal(kind).map_err(|error| {
                Failure::internal("signals cannot be listened for").because(&error)
            })
        };
        // To have listened once is enough.
        drop(listen(SignalKind::from_raw(FILE_TOO_LARGE))?);
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    #[cfg(not(unix))]
    pub(super) fn listen() -> Result<Self, Failure> {
        Ok(Self {})
    }

    #[cfg(unix)]
    pub(super) async fn wait(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    pub(super) async fn wait(self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
