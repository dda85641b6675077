//! This machine, by the names it has for itself.

use std::net::IpAddr;

/// The name that is never looked up: it always means this machine.
pub(crate) const LOCALHOST: &str = "localhost";

/// Whether a host is this machine: `localhost`, 127.0.0.0/8 or `::1`, with or without the brackets of a URL.
///
/// Plain HTTP goes there and nowhere else, and no proxy is asked for it. No name but `localhost` counts, because whoever owns a
/// name can point it anywhere at any time.
///
/// ```
/// use doku_transport::is_loopback;
///
/// assert!(is_loopback("127.0.0.1") && is_loopback("[::1]") && is_loopback("localhost"));
/// assert!(!is_loopback("127.0.0.1.shop.example") && !is_loopback("10.0.0.1"));
/// ```
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    host == LOCALHOST
        || bare
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_its_addresses() {
        for (host, expected) in [
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("[::1]", true),
            ("::1", true),
            ("localhost", true),
            ("[localhost]", false),
            ("LOCALHOST", false),
            ("shop.example", false),
            ("127.0.0.1.shop.example", false),
            ("localhost.shop.example", false),
            ("10.0.0.1", false),
            ("", false),
        ] {
            assert_eq!(is_loopback(host), expected, "{host}");
        }
    }
}
