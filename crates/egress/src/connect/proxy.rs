//! A proxy that every request goes through.
//!
//! It is told the address, not the name: `CONNECT 203.0.113.7:443`. So what was judged here is what is connected to there, and a
//! name that leads elsewhere when a proxy looks it up gains nothing. TLS and HTTP go through the tunnel and use the receiver's
//! name as without a proxy, for http URLs too. The proxy itself is the operator's choice, and not judged.

use std::{fmt, net::SocketAddr, str::FromStr};

use http::HeaderValue;
use posthorn_domain::Auth;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use url::Url;

use super::{ProxyFailed, dial::dial};
use crate::{
    limits::{ADDRESSES_TRIED_MAX, PROXY_ANSWER_BYTES_MAX},
    resolver::GuardedResolver,
};

/// Where the proxy is, and who we are to it: `http://[user:password@]host:port`.
#[derive(Clone)]
pub struct EgressProxy {
    host: String,
    port: u16,
    authorization: Option<HeaderValue>,
}

/// A text is not the URL of a proxy. Says nothing of the text, which may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the URL of an HTTP proxy, such as http://user:password@proxy.example:3128")]
pub struct InvalidProxy;

impl FromStr for EgressProxy {
    type Err = InvalidProxy;

    fn from_str(text: &str) -> Result<Self, InvalidProxy> {
        let url = Url::parse(text).map_err(|_| InvalidProxy)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let host = url.host_str().filter(|_| bare && url.scheme() == "http");
        let host = host.ok_or(InvalidProxy)?.trim_matches(['[', ']']);
        let authorization = match (url.username(), url.password()) {
            ("", None) => None,
            (username, password) => {
                let basic = Auth::Basic {
                    username: percent_decoded(username).ok_or(InvalidProxy)?,
                    password: percent_decoded(password.unwrap_or_default())
                        .ok_or(InvalidProxy)?
                        .into(),
                };
                Some(basic.header().ok_or(InvalidProxy)?.1)
            }
        };
        Ok(Self {
            host: host.to_owned(),
            port: url.port_or_known_default().ok_or(InvalidProxy)?,
            authorization,
        })
    }
}

impl fmt::Debug for EgressProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EgressProxy({}:{})", self.host, self.port)
    }
}

/// What a user or a password of a URL stands for; `None` if that is no text.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend_from_slice(parts.next()?.as_bytes());
    for part in parts {
        let (hex, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(hex, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

impl EgressProxy {
    /// A way through the proxy to the first of `targets` that it can reach.
    pub(super) async fn tunnel(
        &self,
        resolver: &GuardedResolver,
        targets: &[SocketAddr],
    ) -> Result<TcpStream, ProxyFailed> {
        let found = match self.host.parse() {
            Ok(literal) => vec![literal],
            Err(_) => resolver
                .unjudged(&self.host)
                .await
                .map_err(ProxyFailed::Lookup)?,
        };
        let proxy: Vec<_> = found
            .into_iter()
            .map(|ip| SocketAddr::new(ip, self.port))
            .collect();
        let mut last_error = ProxyFailed::NotHttp;
        for target in targets.iter().take(ADDRESSES_TRIED_MAX) {
            let stream = dial(proxy.clone()).await?;
            match self.ask(stream, *target).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last_error = error,
            }
        }
        Err(last_error)
    }

    async fn ask(
        &self,
        mut stream: TcpStream,
        target: SocketAddr,
    ) -> Result<TcpStream, ProxyFailed> {
        let mut request = format!("CONNECT {target} HTTP/1.1\r\nhost: {target}\r\n").into_bytes();
        if let Some(authorization) = &self.authorization {
            request.extend_from_slice(b"proxy-authorization: ");
            request.extend_from_slice(authorization.as_bytes());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        stream
            .write_all(&request)
            .await
            .map_err(ProxyFailed::Broken)?;

        // Byte by byte, so that nothing is taken that the receiver sends through the tunnel.
        let mut head = Vec::with_capacity(128);
        while !head.ends_with(b"\r\n\r\n") {
            if head.len() == PROXY_ANSWER_BYTES_MAX {
                return Err(ProxyFailed::NotHttp);
            }
            head.push(stream.read_u8().await.map_err(ProxyFailed::Broken)?);
        }
        match status(&head).ok_or(ProxyFailed::NotHttp)? {
            200..=299 => Ok(stream),
            status => Err(ProxyFailed::Refused(status)),
        }
    }
}

/// The status of an answer's first line.
fn status(head: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(head.split(|byte| *byte == b'\r').next()?).ok()?;
    let mut words = line.split(' ');
    words
        .next()
        .filter(|version| version.starts_with("HTTP/1."))?;
    words.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_where_the_proxy_is() {
        for (text, debug) in [
            (
                "http://proxy.example:3128",
                "EgressProxy(proxy.example:3128)",
            ),
            (
                "http://u:s3cret@10.0.0.1:8080/",
                "EgressProxy(10.0.0.1:8080)",
            ),
            ("http://[::1]", "EgressProxy(::1:80)"),
        ] {
            let proxy: EgressProxy = text.parse().unwrap();
            assert_eq!(format!("{proxy:?}"), debug);
        }
        for text in [
            "",
            "proxy.example:3128",
            "https://proxy.example",
            "socks5://proxy.example",
            "http://proxy.example/path",
            "http://a%ff@proxy.example",
            "http://a%4@proxy.example",
        ] {
            assert!(text.parse::<EgressProxy>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_password_may_hold_any_character() {
        let proxy: EgressProxy = "http://us%3Aer:p%40ss%2F@proxy.example".parse().unwrap();
        let expected = Auth::Basic {
            username: "us:er".to_owned(),
            password: "p@ss/".to_owned().into(),
        };
        assert_eq!(
            proxy.authorization,
            expected.header().map(|(_, value)| value)
        );
    }

    #[test]
    fn reads_the_status_and_nothing_else() {
        assert_eq!(
            status(b"HTTP/1.1 200 Connection established\r\n"),
            Some(200)
        );
        assert_eq!(status(b"HTTP/1.0 407\r\n"), Some(407));
        assert_eq!(status(b"SSH-2.0-OpenSSH\r\n"), None);
        assert_eq!(status(b"HTTP/1.1 ok\r\n"), None);
    }
}
