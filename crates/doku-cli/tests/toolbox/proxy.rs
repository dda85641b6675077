//! A proxy, with DOKU's server behind it, as a company puts one between: it is asked to connect, and what follows is TLS.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::NamedTempFile;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, ServerConnection, Stream};

pub(crate) struct Proxy {
    pub(crate) url: String,
    /// Whoever trusts these trusts the server behind it.
    pub(crate) roots: NamedTempFile,
}

impl Proxy {
    /// Connects to this name alone, and answers in its place.
    pub(crate) fn to(name: &'static str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let mut roots = NamedTempFile::new().unwrap();
        roots.write_all(authority.pem().as_bytes()).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new([name.to_owned()])
            .unwrap()
            .signed_by(&key, &authority)
            .unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            for connection in listener.incoming() {
                // Whoever does not trust the certificate hangs up.
                let _served = serve(connection.unwrap(), name, Arc::clone(&config));
            }
        });
        Self { url, roots }
    }
}

fn serve(mut connection: TcpStream, name: &str, config: Arc<ServerConfig>) -> std::io::Result<()> {
    let asked = head(&mut connection)?;
    if !asked.starts_with(&format!("CONNECT {name}:443 ")) {
        return connection.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n");
    }
    connection.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let mut tls = ServerConnection::new(config).unwrap();
    let mut stream = Stream::new(&mut tls, &mut connection);
    head(&mut stream)?;
    let date = OffsetDateTime::now_utc().format(&Rfc2822).unwrap();
    write!(
        stream,
        "HTTP/1.1 404 Not Found\r\nDate: {date}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )?;
    stream.flush()
}

/// What stands before the empty line; nothing follows it here before it is answered.
fn head(from: &mut impl Read) -> std::io::Result<String> {
    let mut head = String::new();
    let mut from = BufReader::with_capacity(1, from);
    while from.read_line(&mut head)? > 2 {}
    Ok(head)
}
