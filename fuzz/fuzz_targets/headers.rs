//! What stands in headers: the receiver's `Retry-After`, and the names and values that a webhook's owner chooses.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthorn_fuzz_checks::headers::check(bytes));
