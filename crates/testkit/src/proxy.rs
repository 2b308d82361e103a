use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{ReadHalf, WriteHalf},
    },
    sync::watch,
    task::JoinSet,
};

use crate::loopback_port::LoopbackPort;

/// A TCP link to a server that can be broken in the ways links break.
///
/// Point the service under test at [`Proxy::address`] instead of at the server.
#[derive(Debug)]
pub struct Proxy {
    /// Held while connections are refused.
    port: LoopbackPort,
    link: watch::Sender<Link>,
    upstream: Upstream,
    // Ends the accepting task, and with it every connection.
    _tasks: JoinSet<()>,
}

/// Where new connections go.
type Upstream = Arc<Mutex<String>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Link {
    flow: Flow,
    /// What each connection lets through in a second, each way; `None`: all that comes.
    bytes_per_second_max: Option<u32>,
    /// Connections made under an earlier number are dead.
    generation: u64,
    /// Connections accepted so far.
    accepted: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    Open,
    Stalled,
    Refused,
}

impl Proxy {
    /// Begins to pass connections on to `upstream`, given as `host:port`.
    pub async fn to(upstream: &str) -> Self {
        let port = LoopbackPort::take();
        let listener = TcpListener::bind(port.address()).await.unwrap();
        let (link, _) = watch::channel(Link {
            flow: Flow::Open,
            bytes_per_second_max: None,
            generation: 0,
            accepted: 0,
        });
        let mut tasks = JoinSet::new();
        let upstream = Upstream::new(Mutex::new(upstream.to_owned()));
        tasks.spawn(accept(listener, Arc::clone(&upstream), link.clone()));
        Self {
            port,
            link,
            upstream,
            _tasks: tasks,
        }
    }

    /// Where to connect, as `host:port`.
    pub fn address(&self) -> String {
        self.port.address().to_string()
    }

    /// Passes new connections on to another server, as a virtual address does that moves. Those that stand stay.
    pub fn lead_to(&self, upstream: &str) {
        *self.upstream.lock().unwrap_or_else(PoisonError::into_inner) = upstream.to_owned();
    }

    /// How many connections it has accepted since it began.
    pub fn accepted(&self) -> usize {
        self.link.borrow().accepted
    }

    /// Resets every connection. New ones pass.
    pub fn cut(&self) {
        self.link.send_modify(|link| link.generation += 1);
    }

    /// Resets every connection and refuses new ones, as when the server is down.
    pub fn refuse(&self) {
        self.link.send_modify(|link| {
            link.generation += 1;
            link.flow = Flow::Refused;
        });
    }

    /// Keeps every connection and lets nothing through, as when the network swallows packets.
    pub fn stall(&self) {
        self.link.send_modify(|link| link.flow = Flow::Stalled);
    }

    /// Lets through so much in a second, on each connection and each way, as a thin line does.
    pub fn throttle(&self, bytes_per_second_max: u32) {
        self.link
            .send_modify(|link| link.bytes_per_second_max = Some(bytes_per_second_max));
    }

    /// Lets everything through again, what was held back too.
    pub fn resume(&self) {
        self.link.send_modify(|link| link.flow = Flow::Open);
    }
}

async fn accept(listener: TcpListener, upstream: Upstream, link: watch::Sender<Link>) {
    let address = listener.local_addr().unwrap();
    let mut listener = Some(listener);
    let mut changes = link.subscribe();
    let mut connections = JoinSet::new();
    loop {
        let refused = changes.borrow_and_update().flow == Flow::Refused;
        if refused {
            listener = None;
            let _ = changes.wait_for(|link| link.flow != Flow::Refused).await;
            continue;
        }
        let open = match listener.take() {
            Some(open) => open,
            None => TcpListener::bind(address).await.unwrap(),
        };
        tokio::select! {
            accepted = open.accept() => {
                if let Ok((client, _)) = accepted {
                    link.send_modify(|link| link.accepted += 1);
                    let upstream = upstream.lock().unwrap_or_else(PoisonError::into_inner).clone();
                    connections.spawn(connection(client, upstream, link.subscribe()));
                }
            }
            _ = changes.changed() => {}
            Some(_) = connections.join_next() => {}
        }
        listener = Some(open);
    }
}

async fn connection(mut client: TcpStream, upstream: String, link: watch::Receiver<Link>) {
    let generation = link.borrow().generation;
    let Ok(mut server) = TcpStream::connect(upstream).await else {
        return;
    };
    let mut changes = link.clone();
    let cut = {
        let (client_read, client_write) = client.split();
        let (server_read, server_write) = server.split();
        let both = async {
            tokio::join!(
                pump(client_read, server_write, link.clone()),
                pump(server_read, client_write, link.clone()),
            )
        };
        tokio::select! {
            _ = both => false,
            _ = changes.wait_for(|link| link.generation != generation) => true,
        }
    };
    if cut {
        // What is cut is reset, not closed politely.
        let _ = client.set_zero_linger();
        let _ = server.set_zero_linger();
    }
}

async fn pump(mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, mut link: watch::Receiver<Link>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let bytes_per_second_max = match link.wait_for(|link| link.flow == Flow::Open).await {
            Ok(link) => link.bytes_per_second_max,
            Err(_) => return,
        };
        if let Some(most) = bytes_per_second_max {
            let bytes = u32::try_from(read).unwrap_or(u32::MAX);
            tokio::time::sleep(Duration::from_secs(1) * bytes / most).await;
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}
