//! Builds the api anew when the console was built: what is embedded is chosen when the api is compiled.

use std::path::Path;

fn main() {
    let console = Path::new("../../web/console");
    let dist = console.join("dist");
    // A path that does not exist would count as changed with every build.
    let watched = if dist.exists() {
        dist
    } else {
        console.to_owned()
    };
    println!("cargo::rerun-if-changed={}", watched.display());
}
