//! JSON Schemas, events and OpenAPI documents: a tenant's schema is a program, and none may run long or take much memory.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthorn_fuzz_checks::schema::check(bytes));
