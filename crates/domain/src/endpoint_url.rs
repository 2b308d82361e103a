use std::{fmt, sync::Arc};

use http::Uri;
use url::{Host, Url};

use crate::limits::URL_BYTES_MAX;

/// Which schemes a webhook may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlPolicy {
    /// https alone: what faces the internet.
    HttpsOnly,
    /// http too: development, or receivers inside a trusted network.
    HttpAllowed,
}

/// The URL that a webhook's requests go to: http or https, with a host, without credentials.
///
/// A well-formed URL is not yet a safe one. Where its name leads is checked when the connection is made.
///
/// Cheap to clone: each request to it takes a copy.
#[derive(Clone, PartialEq, Eq)]
pub struct EndpointUrl {
    text: Arc<str>,
    /// The same without its fragment, as a request line needs it: parsed once, not for each request.
    uri: Uri,
}

impl EndpointUrl {
    /// Reads a URL, or says in plain words why it cannot be a webhook's.
    pub fn parse(text: &str, policy: UrlPolicy) -> Result<Self, String> {
        if text.len() > URL_BYTES_MAX {
            return Err(format!("must be at most {URL_BYTES_MAX} bytes long"));
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err("must not contain white space or control characters".to_owned());
        }
        let url = Url::parse(text).map_err(|error| format!("is not a URL: {error}"))?;
        match (url.scheme(), policy) {
            ("https", _) | ("http", UrlPolicy::HttpAllowed) => {}
            ("http", UrlPolicy::HttpsOnly) => return Err("must use https".to_owned()),
            (scheme, _) => return Err(format!("must use https, not {scheme}")),
        }
        // The parser repairs "http:host" and "http:///host"; a webhook's URL is written out.
        let authority = text.split_once("://").map(|(_, rest)| rest);
        if authority
            .is_none_or(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#', '\\', ':', '@']))
        {
            return Err("must have a host".to_owned());
        }
        match url.host() {
            None => return Err("must have a host".to_owned()),
            Some(Host::Domain(name)) if name.trim_end_matches('.').is_empty() => {
                return Err("must have a host".to_owned());
            }
            Some(_) => {}
        }
        if !url.username().is_empty() || url.password().is_some() || authority_has_userinfo(text) {
            return Err("must not contain credentials; use `auth`".to_owned());
        }
        if url.port() == Some(0) {
            return Err("must not use port 0".to_owned());
        }
        // What the URL standard lets pass in a host is a little more than what HTTP can carry, such as braces.
        let uri = Uri::try_from(url.as_str())
            .map_err(|error| format!("is not a URL that HTTP can carry: {error}"))?;
        Ok(Self {
            text: String::from(url).into(),
            uri,
        })
    }

    /// What a request is made to: normalised like the text, with a scheme and a host, without a fragment.
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Whether it is an https URL.
    pub fn is_https(&self) -> bool {
        self.uri.scheme() == Some(&http::uri::Scheme::HTTPS)
    }

    /// Scheme, host and port, normalised: `https://example.com`, `http://example.com:8080`. A port that the scheme implies
    /// is left out.
    pub fn origin(&self) -> String {
        let scheme = self.uri.scheme_str().unwrap_or_default();
        let host = self.uri.host().unwrap_or_default();
        match self.uri.port_u16() {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        }
    }

    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// `http://@host` has an empty userinfo that the parser drops without a trace.
fn authority_has_userinfo(text: &str) -> bool {
    text.split_once("://")
        .and_then(|(_, rest)| rest.split(['/', '?', '#', '\\']).next())
        .is_some_and(|authority| authority.contains('@'))
}

impl fmt::Display for EndpointUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for EndpointUrl {
    /// Query strings often hold tokens, so they stay out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}://{}",
            self.uri.scheme_str().unwrap_or_default(),
            self.uri.host().unwrap_or_default()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_http_and_https_with_a_host_and_nothing_else() {
        for good in [
            "https://example.com",
            "http://example.com:8080/a?b=c",
            "https://bücher.example/x",
            "http://[::1]:9/",
        ] {
            assert!(
                EndpointUrl::parse(good, UrlPolicy::HttpAllowed).is_ok(),
                "{good}"
            );
        }
        for bad in [
            "",
            "example.com",
            "ftp://example.com",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "http://",
            "http:///path",
            "http:example.com",
            "https://?x",
            "https://#x",
            "https://.",
            "https://:443/",
            "https://user@example.com",
            "https://user:pw@example.com",
            "https://@example.com",
            "https://a@b@example.com",
            "https://example.com:0/",
            "https://example.com:99999/",
            "https://exa mple.com/",
            " https://example.com",
            "https://exam\nple.com",
            "https://[::1",
            "https://a{b}.example/",
        ] {
            assert!(
                EndpointUrl::parse(bad, UrlPolicy::HttpAllowed).is_err(),
                "{bad}"
            );
        }
    }

    /// What is resolved and judged is what the URL's own parser made of it, not what was written.
    #[test]
    fn a_request_goes_to_the_normalised_host() {
        for (text, host, rest) in [
            ("https://EXAMPLE.com", "example.com", "/"),
            ("http://2130706433/a?b#c", "127.0.0.1", "/a?b"),
            ("http://0x7f.1/", "127.0.0.1", "/"),
            ("http://127.0.0.1./", "127.0.0.1", "/"),
            ("http://example.com./", "example.com.", "/"),
            (
                "http://b\u{fc}cher.example/\u{fc}",
                "xn--bcher-kva.example",
                "/%C3%BC",
            ),
            ("http://[::FFFF:127.0.0.1]:9/", "[::ffff:7f00:1]", "/"),
            (
                "http://example.com\\@b.example/",
                "example.com",
                "/@b.example/",
            ),
        ] {
            let url = EndpointUrl::parse(text, UrlPolicy::HttpAllowed).unwrap();
            let path = url.uri().path_and_query().unwrap().as_str();
            assert_eq!((url.uri().host().unwrap(), path), (host, rest), "{text}");
            assert!(url.as_str().contains(host), "{text}");
        }
    }

    #[test]
    fn https_only_means_that() {
        assert!(EndpointUrl::parse("http://example.com", UrlPolicy::HttpsOnly).is_err());
        assert!(EndpointUrl::parse("HTTPS://example.com", UrlPolicy::HttpsOnly).is_ok());
    }

    #[test]
    fn debug_shows_no_path_and_no_query() {
        let url = EndpointUrl::parse(
            "https://hooks.example/T0/secret?token=x",
            UrlPolicy::HttpsOnly,
        )
        .unwrap();
        assert_eq!(format!("{url:?}"), "https://hooks.example");
    }
}
