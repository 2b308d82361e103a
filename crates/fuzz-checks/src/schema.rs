//! JSON Schemas and documents of them: whoever may enter an event type may write these, so none may run long or fill the memory.
//!
//! Time and memory are the oracle. What takes longer than `TIME_MAX` fails here; what takes too much memory, or the stack, ends the process:
//! libFuzzer limits the one, and the thread that a schema is given the other.

use std::{sync::mpsc::sync_channel, time::Duration};

use posthorn_schema::{EventSchema, event_types_of_openapi};

/// Longest time for one input, in an instrumented build on a busy machine: what it is for takes hours, or for ever.
const TIME_MAX: Duration = Duration::from_secs(20);

/// Separates a schema from the data that is checked against it.
const SEPARATOR: char = '\u{1e}';

/// Data of each kind, for an input that brings none.
const DATA: [&str; 5] = [
    "null",
    "[1,\"a\",[],{\"a\":[1]}]",
    "{\"a\":{\"a\":{\"a\":{}}},\"b\":[[[[1]]]],\"c\":\"text\"}",
    "{\"id\":\"01949e5c\",\"n\":1.5,\"list\":[1,2,3,3]}",
    "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"",
];

/// Panics where something that must hold does not.
///
/// An input is a schema and data after a record separator, or an OpenAPI document.
pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let text = text.to_owned();
    let (done, end) = sync_channel(1);
    posthorn_schema::spawn(move || {
        judge(&text);
        let _ = done.send(());
    })
    .expect("a thread");
    end.recv_timeout(TIME_MAX)
        .expect("it ends in time, and without a panic");
}

fn judge(text: &str) {
    let (schema, data) = match text.split_once(SEPARATOR) {
        Some((schema, data)) => (schema, Some(data)),
        None => (text, None),
    };
    if let Ok(schema) = EventSchema::compile(schema) {
        for data in DATA.iter().copied().chain(data) {
            let checked = schema.check(data);
            if let Some(small) = schema.check_if_small(data) {
                assert_eq!(small, checked, "the thread changes nothing");
            }
        }
    }
    for described in event_types_of_openapi(text).unwrap_or_default() {
        if let Some(schema) = described.schema {
            let _ = EventSchema::compile(schema.get());
        }
    }
}
