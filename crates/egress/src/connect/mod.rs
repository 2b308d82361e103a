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
mod socket;
mod stream;

use std::{
    future::Future,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use http::{Uri, uri::Scheme};
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_rustls::TlsConnector;

pub use self::proxy::{EgressProxy, InvalidProxy};
use self::{dial::dial, socket::Socket};
pub(crate) use self::{
    failed::{ConnectFailed, ProxyFailed},
    socket::Usage,
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

/// Opens connections for a pool.
pub(crate) struct Connector {
    means: Arc<Means>,
    tls: Arc<ClientConfig>,
}

impl Connector {
    pub(crate) fn new(means: Arc<Means>, tls: Arc<ClientConfig>) -> Self {
        Self { means, tls }
    }

    /// A new connection to the host of a URL.
    pub(crate) async fn open(&self, uri: &Uri) -> Result<Stream, ConnectFailed> {
        let host = host(uri);
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
        let usage = Arc::<Usage>::default();
        let socket = Socket::new(tcp, Arc::clone(&usage));
        if !https {
            return Ok(Stream::plain(socket, usage));
        }
        let shaking_hands = self.shake_hands(host, socket, usage);
        self.stage(Stage::Tls, by, shaking_hands).await
    }

    /// A TCP connection to one of `addresses`, which are judged.
    async fn reach(&self, addresses: Vec<SocketAddr>) -> Result<TcpStream, ConnectFailed> {
        match &self.means.proxy {
            None => Ok(dial(addresses).await?),
            Some(proxy) => Ok(proxy.tunnel(&self.means.resolver, &addresses).await?),
        }
    }

    async fn shake_hands(
        &self,
        host: &str,
        socket: Socket,
        usage: Arc<Usage>,
    ) -> Result<Stream, ConnectFailed> {
        // A name that ends with a dot is for resolvers; certificates know it without (RFC 6066, section 3).
        let name = ServerName::try_from(host.trim_end_matches('.').to_owned())
            .map_err(|_| ConnectFailed::NoServerName)?;
        let tls = TlsConnector::from(Arc::clone(&self.tls));
        let connecting = tls.connect(name, socket);
        let stream = connecting.await.map_err(ConnectFailed::Tls)?;
        Ok(Stream::tls(stream, usage))
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
