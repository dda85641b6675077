//! The merchant's application: takes webhooks, and counts them by their ids.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// A server that takes everything, or nothing while it is told so.
pub(crate) struct Receiver {
    address: String,
    told: Arc<Mutex<Told>>,
    closed: Arc<AtomicBool>,
}

/// By the id of the webhook: how often it came, and what it said.
type Told = BTreeMap<String, (u32, Value)>;

impl Receiver {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let told = Arc::new(Mutex::new(Told::new()));
        let closed = Arc::new(AtomicBool::new(false));
        let (keep, shut) = (Arc::clone(&told), Arc::clone(&closed));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (keep, shut) = (Arc::clone(&keep), Arc::clone(&shut));
                std::thread::spawn(move || serve(stream, &keep, &shut));
            }
        });
        Self {
            address,
            told,
            closed,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hooks", self.address)
    }

    /// Refuses everything from now on, or takes it again.
    pub(crate) fn close(&self, closed: bool) {
        self.closed.store(closed, Ordering::SeqCst);
    }

    /// How often each webhook came.
    pub(crate) fn counts(&self) -> BTreeMap<String, u32> {
        let told = self.told.lock().unwrap();
        told.iter()
            .map(|(id, (count, _))| (id.clone(), *count))
            .collect()
    }

    /// How many different webhooks said this of an order.
    pub(crate) fn said(&self, kind: &str, trx_id: &str) -> usize {
        let told = self.told.lock().unwrap();
        told.values()
            .filter(|(_, event)| event["type"] == kind && event["trxId"] == trx_id)
            .count()
    }
}

/// One connection, as many requests as come on it.
fn serve(stream: TcpStream, told: &Mutex<Told>, closed: &AtomicBool) -> Option<()> {
    let mut out = stream.try_clone().ok()?;
    let mut reader = BufReader::new(stream);
    loop {
        let (mut id, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim();
            if line.is_empty() {
                break;
            }
            match line
                .split_once(": ")
                .map(|(name, value)| (name.to_ascii_lowercase(), value))
            {
                Some((name, value)) if name == "webhook-id" => value.clone_into(&mut id),
                Some((name, value)) if name == "content-length" => length = value.parse().ok()?,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let status = if closed.load(Ordering::SeqCst) {
            "503 Service Unavailable"
        } else {
            let event = serde_json::from_slice(&body).ok()?;
            let mut told = told.lock().unwrap();
            told.entry(id).or_insert((0, event)).0 += 1;
            "200 OK"
        };
        write!(out, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").ok()?;
    }
}
