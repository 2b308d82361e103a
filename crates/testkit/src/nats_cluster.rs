use crate::{Proxy, TestNats};

/// Fewest nodes of which one can be missing.
const NODES: usize = 3;
/// Nobody listens there.
const NOWHERE: &str = "127.0.0.1:1";

/// Three nats-servers that are one JetStream cluster, on loopback.
///
/// Each node reaches each other one through a [`Proxy`] of that pair, in either direction, and knows of no other way:
/// what a node tells others of itself leads nowhere. So any node can be cut off from the others while its clients stay.
#[derive(Debug)]
pub struct TestNatsCluster {
    nodes: Vec<TestNats>,
    /// From node to node; none from a node to itself.
    routes: Vec<Vec<Option<Proxy>>>,
}

impl TestNatsCluster {
    /// Starts all nodes with empty stores. They may still be electing a leader.
    pub async fn start() -> Self {
        let mut routes = Vec::new();
        let mut nodes = Vec::new();
        for from in 0..NODES {
            let mut row = Vec::new();
            for to in 0..NODES {
                row.push(if from == to {
                    None
                } else {
                    Some(Proxy::to(NOWHERE).await)
                });
            }
            nodes.push(TestNats::start_with(&configuration(from, &row)).await);
            routes.push(row);
        }
        let cluster = Self { nodes, routes };
        for node in 0..NODES {
            cluster.lead_to(node);
        }
        cluster
    }

    /// How many nodes it has.
    pub fn size(&self) -> usize {
        self.nodes.len()
    }

    /// One of them.
    pub fn node(&self, node: usize) -> &TestNats {
        &self.nodes[node]
    }

    /// One that was neither killed nor stopped.
    pub fn running(&self) -> Option<&TestNats> {
        self.nodes.iter().find(|node| node.runs())
    }

    /// What the server calls this node, in whose words a stream's leader is told.
    pub fn name(node: usize) -> String {
        format!("node-{node}")
    }

    /// Where clients connect: every node, separated by commas.
    pub fn urls(&self) -> String {
        let urls: Vec<_> = self.nodes.iter().map(TestNats::url).collect();
        urls.join(",")
    }

    /// `kill -9`. Its store stays.
    pub fn kill(&mut self, node: usize) {
        self.nodes[node].kill();
    }

    /// Asks it to stop, and waits until it has.
    pub async fn stop(&mut self, node: usize) {
        self.nodes[node].stop().await;
    }

    /// Starts it again where it was, with the same store.
    pub async fn restart(&mut self, node: usize) {
        self.nodes[node].restart().await;
        self.lead_to(node);
    }

    /// Cuts it off from the other nodes. Its clients stay connected to it.
    pub fn isolate(&self, node: usize) {
        self.routes_of(node).for_each(Proxy::refuse);
    }

    /// Lets it meet the others again.
    pub fn rejoin(&self, node: usize) {
        self.routes_of(node).for_each(Proxy::resume);
    }

    fn routes_of(&self, node: usize) -> impl Iterator<Item = &Proxy> {
        let outward = self.routes[node].iter();
        let inward = self.routes.iter().map(move |row| &row[node]);
        outward.chain(inward).flatten()
    }

    fn lead_to(&self, node: usize) {
        let address = self.nodes[node]
            .cluster_address()
            .expect("it is one of a cluster");
        for row in &self.routes {
            if let Some(route) = &row[node] {
                route.lead_to(&address);
            }
        }
    }
}

fn configuration(node: usize, routes: &[Option<Proxy>]) -> String {
    let routes: Vec<_> = routes
        .iter()
        .flatten()
        .map(|route| format!("\"nats-route://{}\"", route.address()))
        .collect();
    let (name, routes) = (TestNatsCluster::name(node), routes.join(", "));
    format!(
        "server_name: {name}\n\
         cluster {{ name: test, listen: \"127.0.0.1:-1\", advertise: \"{NOWHERE}\", routes: [{routes}] }}"
    )
}
