//! The receiver of the benchmark: threads of its own, as little work for a request as hyper lets it have.
//!
//! Each webhook has a [`Route`]: a behaviour that can be changed at any moment, and a tally of what came.

mod behaviour;
mod body;
mod route;
mod seen;
mod server;
mod stopwatch;
mod tally;

use std::{
    net::SocketAddr,
    num::NonZeroUsize,
    sync::{Arc, PoisonError, RwLock},
};

pub(super) use self::{
    behaviour::Behaviour,
    body::BadBody,
    route::Route,
    stopwatch::Stopwatch,
    tally::{Arrival, histogram},
};
use crate::exit::{Exit, Failure};

/// The receiver while it runs, which is as long as the process.
#[derive(Debug)]
pub(super) struct Receiver {
    board: Arc<Board>,
    address: SocketAddr,
}

/// The routes, and the time that all stamps are relative to.
#[derive(Debug)]
struct Board {
    routes: RwLock<Vec<Arc<Route>>>,
    watch: Stopwatch,
}

impl Board {
    fn now_us(&self) -> u64 {
        self.watch.now_us()
    }

    /// The path's last part is the route's number.
    fn route_of(&self, path: &str) -> Option<Arc<Route>> {
        let number: usize = path.rsplit_once('/')?.1.parse().ok()?;
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        routes.get(number).cloned()
    }
}

impl Receiver {
    /// Listens, and serves with so many threads.
    pub(super) fn start(listen: SocketAddr, threads: NonZeroUsize) -> Result<Self, Failure> {
        let unavailable = |error: std::io::Error| {
            Failure::new(
                Exit::Unavailable,
                format!("the receiver cannot listen on {listen}: {error}"),
            )
        };
        let listener = std::net::TcpListener::bind(listen).map_err(unavailable)?;
        listener.set_nonblocking(true).map_err(unavailable)?;
        let address = listener.local_addr().map_err(unavailable)?;
        let board = Arc::new(Board {
            routes: RwLock::default(),
            watch: Stopwatch::start(),
        });
        for _ in 0..threads.get() {
            // All accept from one queue.
            let listener = listener.try_clone().map_err(unavailable)?;
            server::spawn(listener, Arc::clone(&board)).map_err(unavailable)?;
        }
        Ok(Self { board, address })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Microseconds since the start: what stamps are written with.
    pub(super) fn now_us(&self) -> u64 {
        self.board.now_us()
    }

    /// The same for who has no receiver at hand.
    pub(super) fn clock(&self) -> Stopwatch {
        self.board.watch
    }

    /// A new route, and its path.
    pub(super) fn add_route(&self) -> (Arc<Route>, String) {
        let route = Arc::new(Route::new());
        let mut routes = self
            .board
            .routes
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        routes.push(Arc::clone(&route));
        (route, format!("/bench/{}", routes.len() - 1))
    }
}
