//! The guard's judgement of addresses: what it lets through is an ordinary address, however it was spelled.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthorn_fuzz_checks::address::check(bytes));
