//! A collector for one machine: draws each trace that it gets as a picture.
//!
//! ```sh
//! cargo run -p posthorn-testkit --example trace_view -- 127.0.0.1:4318 target/traces
//! OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 posthorn-api      # and the same for posthorn-deliverer
//! ```
//!
//! Open `target/traces/<trace id>.svg` in a browser; it is drawn anew when more of its spans come. Takes OTLP over
//! gRPC and HTTP on one port, and keeps everything in memory.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a tool for developers, which says what it did and ends when something is wrong"
)]

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use posthorn_testkit::{CollectedSpan, Collector, waterfall};

/// How often new spans are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().expect("an address to listen on");
    let folder = PathBuf::from(arguments.next().expect("a folder for the pictures"));
    std::fs::create_dir_all(&folder).unwrap();
    let collector = Collector::listen(&address).await;
    println!("Listening on {}", collector.url());
    let mut drawn: BTreeMap<String, usize> = BTreeMap::new();
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let mut traces: BTreeMap<String, Vec<CollectedSpan>> = BTreeMap::new();
        for span in collector.spans() {
            traces.entry(span.trace_id.clone()).or_default().push(span);
        }
        for (id, spans) in traces {
            if drawn.insert(id.clone(), spans.len()) == Some(spans.len()) {
                continue;
            }
            let picture = folder.join(format!("{id}.svg"));
            std::fs::write(&picture, waterfall(&spans)).unwrap();
            println!("{} ({} spans)", picture.display(), spans.len());
        }
    }
}
