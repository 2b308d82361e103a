//! `posthorn listen` as a child process.

use std::{
    io::{BufRead, BufReader, Lines, Read, Write},
    net::TcpStream,
    process::{Child, ChildStderr, ChildStdout, Command, Stdio},
};

use crate::posthorn;

pub(crate) struct Listener {
    child: Child,
    address: String,
    out: Lines<BufReader<ChildStdout>>,
    err: Lines<BufReader<ChildStderr>>,
}

impl Listener {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, |_| {})
    }

    pub(crate) fn start_with(arguments: &[&str], change: impl Fn(&mut Command)) -> Self {
        let mut command = posthorn(&["listen", "--port", "0"]);
        command
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        change(&mut command);
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut err = BufReader::new(child.stderr.take().unwrap()).lines();
        let first = err.next().unwrap().unwrap();
        let address = first
            .strip_prefix("Listening on http://")
            .unwrap_or_else(|| panic!("{first}"))
            .to_owned();
        Self {
            child,
            address,
            out,
            err,
        }
    }

    /// Posts to it and returns the status.
    pub(crate) fn post(&self, headers: &[(&str, &str)], body: &[u8]) -> u16 {
        self.request("POST", headers, body)
    }

    pub(crate) fn request(&self, method: &str, headers: &[(&str, &str)], body: &[u8]) -> u16 {
        let mut head = format!(
            "{method} /hook HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n",
            self.address,
            body.len()
        );
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// The next line of its output.
    pub(crate) fn line(&mut self) -> String {
        self.out.next().unwrap().unwrap()
    }

    /// The next line that it tells the person at the terminal.
    pub(crate) fn notice(&mut self) -> String {
        self.err.next().unwrap().unwrap()
    }

    /// Ends it with a signal; returns what it still printed, and the summary.
    pub(crate) fn end(mut self, signal: &str) -> (Vec<String>, String) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(sent.unwrap().success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        let rest = self.out.by_ref().map(Result::unwrap).collect();
        let summary = self.err.by_ref().map(Result::unwrap).last().unwrap();
        (rest, summary)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
