//! From a URL to a connection: resolve, judge, connect, shake hands.
//!
//! This is where the guard stands. What it judges is the very list of socket addresses that is then connected to, in one
//! function and with nothing in between that could look a name up once more. A host that is an address is judged in the
//! same place. One refused address refuses the name, whatever stands beside it.
//!
//! All of it has one bound in time, [`Means::timeout`], and each stage notes how long it took.

mod dial;
mod failed;
mod proxy;
mod stream;

use std::{
    future::Future,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::{Uri, uri::Scheme};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_rustls::TlsConnector;
use tower_service::Service;

use self::dial::dial;
pub use self::proxy::{EgressProxy, InvalidProxy};
pub(crate) use self::{
    failed::{ConnectFailed, ProxyFailed},
    stream::Stream,
};
use crate::{
    phases::{Stage, StageClock},
    resolver::GuardedResolver,
};

/// What all connections are opened with, whatever their certificates.
pub(crate) struct Means {
    pub(crate) resolver: GuardedResolver,
    pub(crate) proxy: Option<EgressProxy>,
    /// The bound on everything until the connection can carry a request.
    pub(crate) timeout: Duration,
}

/// Opens connections for the HTTP client. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Connector {
    means: Arc<Means>,
    tls: Arc<ClientConfig>,
}

impl Connector {
    pub(crate) fn new(means: Arc<Means>, tls: Arc<ClientConfig>) -> Self {
        Self { means, tls }
    }

    async fn open(self, uri: Uri) -> Result<TokioIo<Stream>, ConnectFailed> {
        let host = host(&uri);
        let https = uri.scheme() == Some(&Scheme::HTTPS);
        let port = uri.port_u16().unwrap_or(if https { 443 } else { 80 });
        let by = Instant::now() + self.means.timeout;

        let addresses = match host.parse::<IpAddr>() {
            Ok(literal) => self.means.resolver.judge(vec![literal])?,
            Err(_) => {
                let resolving = self.means.resolver.resolve(host);
                self.stage(Stage::Dns, by, resolving).await?
            }
        };
        let addresses = addresses.into_iter().map(|ip| SocketAddr::new(ip, port));
        let reaching = self.reach(addresses.collect());
        let tcp = self.stage(Stage::Connect, by, reaching).await?;
        if !https {
            return Ok(TokioIo::new(Stream::plain(tcp)));
        }
        let shaking_hands = self.shake_hands(host, tcp);
        let tls = self.stage(Stage::Tls, by, shaking_hands).await?;
        Ok(TokioIo::new(tls))
    }

    /// A TCP connection to one of `addresses`, which are judged.
    async fn reach(&self, addresses: Vec<SocketAddr>) -> Result<TcpStream, ConnectFailed> {
        match &self.means.proxy {
            None => Ok(dial(addresses).await?),
            Some(proxy) => Ok(proxy.tunnel(&self.means.resolver, &addresses).await?),
        }
    }

    async fn shake_hands(&self, host: &str, tcp: TcpStream) -> Result<Stream, ConnectFailed> {
        // A name that ends with a dot is for resolvers; certificates know it without (RFC 6066, section 3).
        let name = ServerName::try_from(host.trim_end_matches('.').to_owned())
            .map_err(|_| ConnectFailed::NoServerName)?;
        let tls = TlsConnector::from(Arc::clone(&self.tls));
        let stream = tls.connect(name, tcp).await.map_err(ConnectFailed::Tls)?;
        Ok(Stream::tls(stream))
    }

    async fn stage<T>(
        &self,
        stage: Stage,
        by: Instant,
        work: impl Future<Output = Result<T, ConnectFailed>>,
    ) -> Result<T, ConnectFailed> {
        let _clock = StageClock::start(stage);
        match timeout_at(by, work).await {
            Ok(done) => done,
            Err(_) => Err(ConnectFailed::TimedOut(stage, self.means.timeout)),
        }
    }
}

/// The host without the brackets that an IPv6 address has in a URL.
fn host(uri: &Uri) -> &str {
    let host = uri.host().unwrap_or_default();
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host)
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = ConnectFailed;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, ConnectFailed>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectFailed>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().open(uri))
    }
}
