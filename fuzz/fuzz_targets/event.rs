//! Events as anybody may publish them over NATS: subject, headers and body, plain or as CloudEvents.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthorn_fuzz_checks::event::check(bytes));
