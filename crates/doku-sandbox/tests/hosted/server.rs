//! A server on a port of its own that can be closed and opened again.

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpSocket;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A port of this machine that nobody else gets while this lives. Closed, it refuses connections.
pub(crate) struct Server {
    address: SocketAddr,
    /// Bound and never listening.
    _reserved: TcpSocket,
    running: Option<Running>,
}

/// Ends when `stop` is dropped.
struct Running {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Server {
    /// Takes a port and leaves it closed.
    pub(crate) fn closed() -> Self {
        let reserved = bound("127.0.0.1:0".parse().unwrap());
        Self {
            address: reserved.local_addr().unwrap(),
            _reserved: reserved,
            running: None,
        }
    }

    /// `http://127.0.0.1:8080`, without a slash at the end.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves `app` from now on.
    pub(crate) fn open(&mut self, app: Router) {
        assert!(self.running.is_none(), "close it first");
        let listener = bound(self.address).listen(1024).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = axum::serve(listener, app).with_graceful_shutdown(async {
            let _dropped = stopped.await;
        });
        self.running = Some(Running {
            stop,
            ended: tokio::spawn(async { serving.await.unwrap() }),
        });
    }

    /// Answers what has arrived, and refuses connections afterwards.
    pub(crate) async fn close(&mut self) {
        let running = self.running.take().expect("it is open");
        drop(running.stop);
        running.ended.await.unwrap();
    }
}

fn bound(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    // So that two sockets may have the port, one of which listens.
    socket.set_reuseaddr(true).unwrap();
    socket.bind(address).unwrap();
    socket
}
