//! What an event of the benchmark carries: its number, and the moment at which it was to be sent.

use bytes::Bytes;

const MARK: &[u8] = b"{\"bench_n\":";
const MOMENT: &[u8] = b",\"sent_us\":";
const PAD: &[u8] = b",\"pad\":\"";
const END: &[u8] = b"\"}";

/// What one event says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Its number within its webhook's load, from 0.
    pub(super) n: u64,
    /// When it was to be sent, in microseconds since the start of the benchmark.
    pub(super) sent_us: u64,
}

impl Stamp {
    /// The event's data: a JSON object with `pad_bytes` more, so that it is as large as events are.
    pub(super) fn to_data(self, pad_bytes: usize) -> Bytes {
        let mut data = Vec::with_capacity(64 + pad_bytes);
        data.extend_from_slice(MARK);
        data.extend_from_slice(self.n.to_string().as_bytes());
        data.extend_from_slice(MOMENT);
        data.extend_from_slice(self.sent_us.to_string().as_bytes());
        data.extend_from_slice(PAD);
        data.resize(data.len() + pad_bytes, b'x');
        data.extend_from_slice(END);
        Bytes::from(data)
    }

    /// Found wherever the request's body holds the data; `None` when it is no event of the benchmark.
    pub(super) fn find(body: &[u8]) -> Option<Self> {
        let at = body.windows(MARK.len()).position(|part| part == MARK)?;
        let (n, rest) = number(body.get(at + MARK.len()..)?)?;
        let (sent_us, _) = number(rest.strip_prefix(MOMENT)?)?;
        Some(Self { n, sent_us })
    }
}

/// The decimal digits at the beginning, and what follows them.
fn number(text: &[u8]) -> Option<(u64, &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(length);
    let value = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_found_in_a_delivered_body() {
        for (n, sent_us, pad) in [(0, 0, 0), (7, 1_234_567, 200), (u64::MAX, u64::MAX, 3)] {
            let stamp = Stamp { n, sent_us };
            let data = stamp.to_data(pad);
            let parsed: serde_json::Value = serde_json::from_slice(&data).unwrap();
            assert_eq!(parsed["pad"].as_str().unwrap().len(), pad);
            let body = format!(
                r#"{{"id":"x","type":"a","data":{}}}"#,
                std::str::from_utf8(&data).unwrap()
            );
            assert_eq!(Stamp::find(body.as_bytes()), Some(stamp));
        }
    }

    #[test]
    fn what_others_send_has_none() {
        for body in [
            "",
            "{}",
            r#"{"bench_n":}"#,
            r#"{"bench_n":1}"#,
            r#"{"bench_n":1,"sent_us":}"#,
            r#"{"bench_n":99999999999999999999,"sent_us":1}"#,
        ] {
            assert_eq!(Stamp::find(body.as_bytes()), None, "{body}");
        }
    }
}
