//! Whether PostgreSQL can be reached: asked when somebody has waited for it a while.
//!
//! A driver that waits does not know what for: a refused connection, a network that swallows everything, and a server with
//! much to do look the same until a time is up. So whoever waits asks beside it, on a connection of its own and at most once a
//! second for all who wait.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};

/// How long to wait before asking. A connection is made in less, mostly.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long an answer counts.
const FRESH: Duration = Duration::from_secs(1);

/// How long a server may take to answer.
const LONGEST: Duration = Duration::from_secs(3);

/// PostgreSQL's question whether TLS is spoken: eight bytes that every version answers with one, before anything else.
const QUESTION: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// The way to a server.
#[derive(Debug)]
pub(super) struct Reach {
    to: Address,
    last: Mutex<Option<(Instant, Answer)>>,
}

/// Shared by all who wait.
type Answer = Result<(), Arc<io::Error>>;

#[derive(Debug)]
enum Address {
    Tcp(String, u16),
    Socket(PathBuf),
}

impl Reach {
    pub(super) fn new(options: &PgConnectOptions) -> Self {
        let port = options.get_port();
        let host = options.get_host();
        // A host that begins with a slash is a folder, as libpq has it.
        let folder = options
            .get_socket()
            .cloned()
            .or_else(|| host.starts_with('/').then(|| PathBuf::from(host)));
        let to = match folder {
            Some(folder) => Address::Socket(folder.join(format!(".s.PGSQL.{port}"))),
            None => Address::Tcp(host.to_owned(), port),
        };
        Self {
            to,
            last: Mutex::new(None),
        }
    }

    /// Waits for `work`, but no longer than PostgreSQL can be reached.
    pub(super) async fn wait_for<T>(
        &self,
        work: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, sqlx::Error> {
        let done = tokio::select! {
            biased;
            done = work => done,
            lost = self.lost() => Err(sqlx::Error::Io(lost)),
        };
        done.map_err(|error| match error {
            sqlx::Error::Io(error) => sqlx::Error::Io(self.told(&error)),
            other => other,
        })
    }

    /// The error with the address, for whoever has to look there.
    fn told(&self, error: &io::Error) -> io::Error {
        let place = match &self.to {
            Address::Tcp(host, port) => format!("{host}:{port}"),
            Address::Socket(file) => file.display().to_string(),
        };
        io::Error::new(error.kind(), format!("PostgreSQL at {place}: {error}"))
    }

    /// Ends once PostgreSQL cannot be reached.
    async fn lost(&self) -> io::Error {
        loop {
            sleep(PATIENCE).await;
            if let Err(error) = self.ask().await {
                return io::Error::new(error.kind(), error.to_string());
            }
        }
    }

    /// Asks, or takes the answer that somebody else just had.
    async fn ask(&self) -> Answer {
        let mut last = self.last.lock().await;
        if let Some((at, answer)) = &*last
            && at.elapsed() < FRESH
        {
            return answer.clone();
        }
        let answer = match timeout(LONGEST, self.knock()).await {
            Ok(answer) => answer,
            Err(_) => Err(io::Error::new(
                io::ErrorKind::TimedOut,
                format!("no answer within {} s", LONGEST.as_secs()),
            )),
        }
        .map_err(Arc::new);
        *last = Some((Instant::now(), answer.clone()));
        answer
    }

    async fn knock(&self) -> io::Result<()> {
        match &self.to {
            Address::Tcp(host, port) => {
                question(TcpStream::connect((host.as_str(), *port)).await?).await
            }
            #[cfg(unix)]
            Address::Socket(file) => question(tokio::net::UnixStream::connect(file).await?).await,
            #[cfg(not(unix))]
            Address::Socket(_) => Ok(()),
        }
    }
}

async fn question(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    stream.write_all(&QUESTION).await?;
    stream.read_u8().await.map(|_| ())
}
