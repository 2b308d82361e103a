//! Filters and payload templates: whoever may write a webhook may write these, so none may hang, grow without end or panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthorn_fuzz_checks::expression::check(bytes));
