//! Signing secrets and signatures: what is signed verifies with the official library, and nothing else does.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthorn_fuzz_checks::signature::check(bytes));
