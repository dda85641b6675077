//! The options of curl, by what they do to a request. Source: the manual of curl 8.

/// What an option does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing to the request, and takes no value.
    Flag,
    /// Nothing to what is read here, and takes a value.
    Value,
    Url,
    Method,
    Header,
    Bearer,
    Data,
    Raw,
    Binary,
    Json,
    /// Data goes into the URL.
    Get,
    Head,
    /// Its request is not in the command line.
    Unsupported(&'static str),
}

/// An option of one letter.
pub(super) fn of_letter(letter: char) -> Option<Meaning> {
    Some(match letter {
        'X' => Meaning::Method,
        'H' => Meaning::Header,
        'd' => Meaning::Data,
        'G' => Meaning::Get,
        'I' => Meaning::Head,
        'F' => Meaning::Unsupported("-F"),
        'T' => Meaning::Unsupported("-T"),
        'K' => Meaning::Unsupported("-K"),
        'A' | 'b' | 'c' | 'C' | 'D' | 'e' | 'E' | 'h' | 'm' | 'o' | 'P' | 'Q' | 'r' | 't' | 'u'
        | 'U' | 'w' | 'x' | 'y' | 'Y' | 'z' => Meaning::Value,
        'a' | 'B' | 'f' | 'g' | 'i' | 'j' | 'J' | 'k' | 'l' | 'L' | 'M' | 'n' | 'N' | 'O' | 'p'
        | 'q' | 'R' | 's' | 'S' | 'v' | 'V' | 'Z' | '#' | '0' | '1' | '2' | '3' | '4' | '6' => {
            Meaning::Flag
        }
        _ => return None,
    })
}

/// Long options that take a value and leave the request as it is.
const VALUES: &[&str] = &[
    "cacert",
    "capath",
    "cert",
    "cert-type",
    "ciphers",
    "config-dir",
    "connect-timeout",
    "connect-to",
    "cookie",
    "cookie-jar",
    "curves",
    "dns-servers",
    "doh-url",
    "dump-header",
    "expect100-timeout",
    "happy-eyeballs-timeout-ms",
    "interface",
    "ip-tos",
    "keepalive-time",
    "key",
    "key-type",
    "limit-rate",
    "local-port",
    "max-filesize",
    "max-redirs",
    "max-time",
    "noproxy",
    "output",
    "output-dir",
    "pass",
    "pinnedpubkey",
    "proto",
    "proto-default",
    "proxy",
    "proxy-header",
    "proxy-user",
    "range",
    "rate",
    "referer",
    "resolve",
    "retry",
    "retry-delay",
    "retry-max-time",
    "socks5",
    "socks5-hostname",
    "speed-limit",
    "speed-time",
    "stderr",
    "tls-max",
    "tls13-ciphers",
    "trace",
    "trace-ascii",
    "trace-config",
    "unix-socket",
    "user",
    "user-agent",
    "write-out",
];

/// Long options that take no value and leave the request as it is.
const FLAGS: &[&str] = &[
    "anyauth",
    "basic",
    "cert-status",
    "compressed",
    "create-dirs",
    "digest",
    "disable",
    "fail",
    "fail-early",
    "fail-with-body",
    "globoff",
    "http0.9",
    "http1.0",
    "http1.1",
    "http2",
    "http2-prior-knowledge",
    "http3",
    "http3-only",
    "include",
    "insecure",
    "ipv4",
    "ipv6",
    "location",
    "location-trusted",
    "no-alpn",
    "no-buffer",
    "no-keepalive",
    "no-progress-meter",
    "no-sessionid",
    "parallel",
    "path-as-is",
    "post301",
    "post302",
    "post303",
    "progress-bar",
    "raw",
    "remote-header-name",
    "remote-name",
    "remote-time",
    "retry-all-errors",
    "retry-connrefused",
    "show-error",
    "show-headers",
    "silent",
    "ssl",
    "ssl-reqd",
    "sslv2",
    "sslv3",
    "styled-output",
    "tcp-fastopen",
    "tcp-nodelay",
    "tlsv1",
    "tlsv1.0",
    "tlsv1.1",
    "tlsv1.2",
    "tlsv1.3",
    "trace-time",
    "verbose",
];

/// An option by its name, without the dashes.
pub(super) fn of_name(name: &str) -> Option<Meaning> {
    Some(match name {
        "url" => Meaning::Url,
        "request" => Meaning::Method,
        "header" => Meaning::Header,
        "oauth2-bearer" => Meaning::Bearer,
        "data" | "data-ascii" => Meaning::Data,
        "data-raw" => Meaning::Raw,
        "data-binary" => Meaning::Binary,
        "json" => Meaning::Json,
        "get" => Meaning::Get,
        "head" => Meaning::Head,
        "data-urlencode" => Meaning::Unsupported("--data-urlencode"),
        "form" => Meaning::Unsupported("--form"),
        "form-string" => Meaning::Unsupported("--form-string"),
        "upload-file" => Meaning::Unsupported("--upload-file"),
        "url-query" => Meaning::Unsupported("--url-query"),
        "request-target" => Meaning::Unsupported("--request-target"),
        "config" => Meaning::Unsupported("--config"),
        "next" => Meaning::Unsupported("--next"),
        "aws-sigv4" => Meaning::Unsupported("--aws-sigv4"),
        _ if VALUES.contains(&name) => Meaning::Value,
        _ if FLAGS.contains(&name)
            || name
                .strip_prefix("no-")
                .is_some_and(|on| FLAGS.contains(&on)) =>
        {
            Meaning::Flag
        }
        _ => return None,
    })
}
