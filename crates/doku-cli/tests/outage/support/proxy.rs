//! The way from a server to its database, which can be cut.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// What becomes of what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// It arrives.
    Open,
    /// Nobody listens, and connections that were there are closed.
    Refused,
    /// Connections are taken and kept, and nothing arrives any more.
    Swallowed,
}

/// A forwarder of TCP to a socket of PostgreSQL.
pub(crate) struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    to: PathBuf,
    way: Mutex<Way>,
    changed: Condvar,
    streams: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    pub(crate) fn to(socket: &Path) -> Self {
        // Below those that the system gives away: while nobody listens, nobody else gets it either.
        let listener = (0..1000)
            .map(|_| 20_000 + getrandom::u32().unwrap() % 12_000)
            .find_map(|port| TcpListener::bind(format!("127.0.0.1:{port}")).ok())
            .unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            to: socket.to_owned(),
            way: Mutex::new(Way::Open),
            changed: Condvar::new(),
            streams: Mutex::default(),
        });
        let working = Arc::clone(&shared);
        std::thread::spawn(move || listen(address, listener, &working));
        Self { address, shared }
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn set(&self, way: Way) {
        *self.shared.way.lock().unwrap() = way;
        self.shared.changed.notify_all();
        if way != Way::Swallowed {
            // What was swallowed is lost: those connections are of no use.
            for stream in self.shared.streams.lock().unwrap().drain(..) {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
        if way == Way::Refused {
            // Whoever waits in `accept` finds out.
            let _ = TcpStream::connect(self.address);
            super::eventually(
                "refused",
                || TcpStream::connect(self.address).is_err(),
                |refused| *refused,
            );
        }
    }
}

/// Takes connections for as long as they are not refused.
fn listen(address: SocketAddr, listener: TcpListener, shared: &Arc<Shared>) {
    let mut listener = Some(listener);
    loop {
        let way = *shared.way.lock().unwrap();
        if way == Way::Refused {
            listener = None;
            let way = shared.way.lock().unwrap();
            drop(shared.changed.wait_while(way, |way| *way == Way::Refused));
            continue;
        }
        let taking = listener.get_or_insert_with(|| TcpListener::bind(address).unwrap());
        let Ok((stream, _)) = taking.accept() else {
            return;
        };
        if *shared.way.lock().unwrap() == Way::Refused {
            continue;
        }
        let kept = stream.try_clone().unwrap();
        shared.streams.lock().unwrap().push(kept);
        let shared = Arc::clone(shared);
        std::thread::spawn(move || forward(&stream, &shared));
    }
}

fn forward(client: &TcpStream, shared: &Arc<Shared>) {
    shared.wait_until_open();
    let Ok(server) = UnixStream::connect(&shared.to) else {
        let _ = client.shutdown(Shutdown::Both);
        return;
    };
    let (client_in, server_in) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let other = Arc::clone(shared);
    std::thread::spawn(move || {
        copy(client_in, &server_in, &other);
        let _ = server_in.shutdown(Shutdown::Both);
    });
    copy(server, client, shared);
    let _ = client.shutdown(Shutdown::Both);
}

fn copy(mut from: impl Read, mut to: impl Write, shared: &Shared) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(length) = from.read(&mut buffer) {
        if length == 0 || !shared.wait_until_open() || to.write_all(&buffer[..length]).is_err() {
            return;
        }
    }
}

impl Shared {
    /// Holds back what was swallowed; whether it may go on.
    fn wait_until_open(&self) -> bool {
        let way = self.way.lock().unwrap();
        if *way == Way::Open {
            return true;
        }
        let patience = Duration::from_secs(300);
        let swallowed = |way: &mut Way| *way == Way::Swallowed;
        drop(self.changed.wait_timeout_while(way, patience, swallowed));
        // It is lost, as the connection is.
        false
    }
}
