//! What a refusal of nats-server means: the one table by which a publish, a schedule and a request about streams and
//! consumers are judged.
//!
//! The server answers with two numbers: a status that looks like HTTP's, and a code of its own. The status alone
//! misleads. A full account (10002) is a 400 like a mistake in the message, and yet passes; a stream without rollups
//! (10111) is a 500, and stays so until somebody changes it. So the code decides, and the status only where the code is
//! not known. Source: `server/errors.json` of nats-server 2.15, and the places in `server/stream.go` and
//! `server/jetstream_cluster.go` that answer a publish.
//!
//! | verdict | then |
//! | --- | --- |
//! | [`Verdict::Unavailable`] | the same again later; nothing is given up |
//! | [`Verdict::Missing`] | the stream or consumer is set up again, then as before |
//! | [`Verdict::TooLarge`] | given up: the delivery fails, its dead letter says why |
//! | [`Verdict::Configuration`] | again later too, and said: it goes on when somebody has changed the server or the stream |
//!
//! What is not judged here: a publish without an answer, and one that no stream takes ("no responders"). Both are
//! unavailable, because the client knows no more.

use async_nats::jetstream::Error;

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The server cannot now: it is full, has no leader, starts, or is busy with the same message.
    Unavailable,
    /// The stream or consumer is not there.
    Missing,
    /// The message is larger than the stream takes. Another time it is as large.
    TooLarge,
    /// As the server, the account or the stream is set up, it takes no such thing.
    Configuration,
}

use Verdict::{Configuration, Missing, TooLarge, Unavailable};

/// The codes that such calls are answered with, and their verdicts.
#[rustfmt::skip]
const TABLE: &[(u64, Verdict)] = &[
    // Room.
    (10002, Unavailable),    // resource limits exceeded for account; status 400
    (10023, Unavailable),    // insufficient resources: the server's own bound
    (10028, Unavailable),    // insufficient memory resources available
    (10047, Unavailable),    // insufficient storage resources available
    (10077, Unavailable),    // store failed: maximum bytes or messages under discard new, a closed store
    // Leaders, starts and elections.
    (10004, Unavailable),    // incomplete results
    (10005, Unavailable),    // no suitable peers for placement; status 400
    (10007, Unavailable),    // JetStream cluster not assigned to this server
    (10008, Unavailable),    // JetStream system temporarily unavailable
    (10009, Unavailable),    // JetStream cluster can not handle request
    (10035, Unavailable),    // account not found
    (10039, Unavailable),    // JetStream not enabled for account
    (10041, Unavailable),    // a fault of the consensus group
    (10048, Unavailable),    // a fault of a stream's assignment
    (10063, Unavailable),    // expected stream sequence does not match: the log ran ahead
    (10075, Unavailable),    // peer remap failed
    (10076, Unavailable),    // JetStream not enabled
    (10096, Unavailable),    // stream not valid: it is being stopped
    (10104, Unavailable),    // error creating store for consumer
    (10118, Unavailable),    // stream is offline
    (10119, Unavailable),    // consumer is offline
    (10163, Unavailable),    // expected last sequence per subject temporarily unavailable
    (10194, Unavailable),    // stream is offline, with a reason
    (10195, Unavailable),    // consumer is offline, with a reason
    (10202, Unavailable),    // cluster member change is in progress; status 400
    (10226, Unavailable),    // stream reconfiguration already in progress; status 400
    // Too much at once.
    (10158, Unavailable),    // duplicate message id is in process: its first copy is being stored; status 409
    (10167, Unavailable),    // too many requests; status 429
    (10210, Unavailable),    // atomic publish too many inflight
    (10211, Unavailable),    // batch publish too many inflight
    // Not there.
    (10014, Missing),        // consumer not found
    (10059, Missing),        // stream not found
    (10149, Missing),        // consumer does not exist; status 400
    // Size.
    (10054, TooLarge),       // message size exceeds maximum allowed: the stream's max_msg_size
    (10097, TooLarge),       // header size exceeds maximum allowed of 64k
    // The stream takes nothing, or nothing of this kind.
    (10109, Configuration),  // invalid operation on sealed stream
    (10111, Configuration),  // rollup failed: not permitted on the stream; status 500
    (10188, Configuration),  // message schedules is disabled
    (10189, Configuration),  // message schedules pattern is invalid
    (10190, Configuration),  // message schedules target is invalid
    (10191, Configuration),  // message schedules invalid per-message TTL
    (10192, Configuration),  // message schedules invalid rollup
    (10203, Configuration),  // message schedules source is invalid
    (10212, Configuration),  // message schedules invalid scheduler
    (10223, Configuration),  // message schedules time zone is invalid
    (10060, Configuration),  // expected stream does not match: another stream has our subjects
    (10070, Configuration),  // wrong last msg ID
    (10071, Configuration),  // wrong last sequence
    (10164, Configuration),  // wrong last sequence
    (10180, Configuration),  // min last sequence
    (10193, Configuration),  // missing sequence for expected last sequence per subject
    (10165, Configuration),  // invalid per-message TTL
    (10166, Configuration),  // per-message TTL is disabled
    (10168, Configuration),  // message counters is disabled
    (10169, Configuration),  // message counter increment is missing
    (10170, Configuration),  // message counter has payload
    (10171, Configuration),  // message counter increment is invalid
    (10172, Configuration),  // message counter is broken
    (10185, Configuration),  // JetStream minimum api level required
    (10227, Configuration),  // message stream source header is not allowed
    // Streams and consumers that the server, the account or another stream does not allow.
    (10003, Configuration),  // bad request
    (10010, Configuration),  // JetStream clustering support required; status 503
    (10026, Configuration),  // maximum consumers limit reached
    (10027, Configuration),  // maximum number of streams reached
    (10036, Configuration),  // not currently supported in clustered mode; status 503
    (10052, Configuration),  // invalid configuration of a stream; status 500
    (10053, Configuration),  // a limit of the server on streams; status 500
    (10065, Configuration),  // subjects overlap with an existing stream
    (10069, Configuration),  // a stream cannot be updated so; status 500
    (10074, Configuration),  // replicas > 1 not supported in non-clustered mode; status 500
    (10099, Configuration),  // multiple non-filtered consumers not allowed on workqueue stream
    (10100, Configuration),  // filtered consumer not unique on workqueue stream
    (10113, Configuration),  // account requires a stream config to have max bytes set
    (10121, Configuration),  // consumer max ack pending exceeds system limit
    (10122, Configuration),  // stream max bytes exceeds account limit max stream bytes
    (10125, Configuration),  // consumer max request batch exceeds server limit
    (10148, Configuration),  // consumer already exists with another configuration
];

/// What this refusal means.
pub(crate) fn verdict(refusal: &Error) -> Verdict {
    let code = refusal.error_code().0;
    TABLE
        .iter()
        .find(|(known, _)| *known == code)
        .map_or_else(|| by_status(refusal.code()), |(_, verdict)| *verdict)
}

/// Of a code that is not in the table: a newer server's. When in doubt it passes: what is tried again loses nothing.
fn by_status(status: usize) -> Verdict {
    match status {
        404 => Missing,
        408 | 409 | 425 | 429 => Unavailable,
        400..=499 => Configuration,
        _ => Unavailable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u32, code: u32) -> Error {
        let text = format!(r#"{{"code": {status}, "err_code": {code}, "description": "words"}}"#);
        serde_json::from_str(&text).unwrap()
    }

    /// Status and code as nats-server sends them, and what follows.
    #[test]
    fn every_refusal_of_a_publish_has_its_verdict() {
        for (status, code, expected) in [
            (400, 10002, Unavailable),
            (503, 10023, Unavailable),
            (500, 10028, Unavailable),
            (500, 10047, Unavailable),
            (503, 10077, Unavailable),
            (503, 10008, Unavailable),
            (500, 10009, Unavailable),
            (503, 10076, Unavailable),
            (503, 10063, Unavailable),
            (500, 10118, Unavailable),
            (503, 10163, Unavailable),
            (409, 10158, Unavailable),
            (429, 10167, Unavailable),
            (400, 10054, TooLarge),
            (400, 10097, TooLarge),
            (400, 10109, Configuration),
            (500, 10111, Configuration),
            (400, 10060, Configuration),
            (400, 10070, Configuration),
            (400, 10071, Configuration),
            (400, 10164, Configuration),
            (400, 10188, Configuration),
            (400, 10189, Configuration),
            (400, 10190, Configuration),
            (400, 10166, Configuration),
        ] {
            assert_eq!(verdict(&refusal(status, code)), expected, "{code}");
        }
    }

    #[test]
    fn every_refusal_about_streams_and_consumers_has_its_verdict() {
        for (status, code, expected) in [
            (404, 10014, Missing),
            (404, 10059, Missing),
            (400, 10005, Unavailable),
            (500, 10119, Unavailable),
            (400, 10226, Unavailable),
            (500, 10052, Configuration),
            (500, 10074, Configuration),
            (400, 10065, Configuration),
            (400, 10113, Configuration),
            (400, 10121, Configuration),
        ] {
            assert_eq!(verdict(&refusal(status, code)), expected, "{code}");
        }
    }

    #[test]
    fn an_unknown_code_is_judged_by_its_status() {
        for (status, expected) in [
            (400, Configuration),
            (403, Configuration),
            (404, Missing),
            (409, Unavailable),
            (429, Unavailable),
            (500, Unavailable),
            (503, Unavailable),
            (0, Unavailable),
        ] {
            assert_eq!(verdict(&refusal(status, 19_999)), expected, "{status}");
        }
    }

    #[test]
    fn no_code_stands_in_the_table_twice() {
        let mut codes: Vec<u64> = TABLE.iter().map(|(code, _)| *code).collect();
        codes.sort_unstable();
        assert!(codes.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
