//! A webhook as its owner writes it: any JSON is either refused with its mistakes named, or makes settings that can deliver.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthorn_fuzz_checks::webhook::check(bytes));
