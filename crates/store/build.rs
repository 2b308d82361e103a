//! A new file in `migrations/` changes no Rust source, so cargo is told to look.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
