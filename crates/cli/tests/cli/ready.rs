//! `posthorn ready`, as an image's health check runs it.

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use crate::run;

/// Answers one request with this, and returns the URL to ask.
fn answering(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/readyz", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let _ = connection.read(&mut [0; 4096]);
        let _ = connection.write_all(answer.as_bytes());
    });
    url
}

#[test]
fn a_service_that_is_well_is_passed_over_in_silence() {
    let url = answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(run(&["ready", &url]), (0, String::new(), String::new()));
}

#[test]
fn one_that_is_not_exits_with_69_and_says_why() {
    let url = answering("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 8\r\n\r\nno nats!");
    let (code, out, err) = run(&["ready", &url]);
    assert_eq!((code, &*out), (69, ""));
    assert!(err.contains("503") && err.contains("no nats!"), "{err}");

    // Nobody listens where somebody did.
    let (code, _, err) = run(&["ready", &url]);
    assert_eq!(code, 69);
    assert!(err.contains("refused"), "{err}");
}

#[test]
fn a_redirect_is_no_health() {
    let url = answering(
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
    );
    assert_eq!(run(&["ready", &url]).0, 69);
}
