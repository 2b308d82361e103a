//! What stands in headers: the receiver's `Retry-After`, and the names and values that a webhook's owner chooses.

use std::collections::BTreeMap;

use arbitrary::Arbitrary;
use posthorn_domain::{
    CustomHeaders, RetryAfter, SignatureFormat, SignatureHeader, limits::RETRY_AFTER_MAX,
    retry_after,
};

use crate::read;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    now_seconds: u32,
    retry_after: &'a str,
    custom: BTreeMap<String, String>,
    signature: &'a str,
}

/// Panics where something that must hold does not.
pub fn check(bytes: &[u8]) {
    if let Some(input) = read(bytes) {
        judge(&input);
    }
}

fn judge(input: &Input<'_>) {
    let now = chrono::DateTime::from_timestamp(i64::from(input.now_seconds), 0)
        .expect("every 32 bits of seconds are a moment");
    if let RetryAfter::After(asked) = retry_after(input.retry_after, now) {
        assert!(!asked.is_zero() && asked <= RETRY_AFTER_MAX);
    }

    match CustomHeaders::validate(&input.custom) {
        Ok(valid) => {
            for (name, value) in valid.iter() {
                check_name(name.as_str());
                assert!(
                    value
                        .to_str()
                        .is_ok_and(|text| !text.contains(['\r', '\n', '\0']))
                );
            }
            assert_eq!(valid.iter().count(), input.custom.len());
        }
        Err(mistakes) => assert!(!mistakes.is_empty()),
    }
    if let Ok(header) = SignatureHeader::validate(input.signature, SignatureFormat::Hex) {
        check_name(header.name.as_str());
        assert!(!matches!(
            header.name.as_str(),
            "content-type" | "authorization"
        ));
    }
}

/// Nothing that frames a request or that a receiver trusts.
fn check_name(name: &str) {
    assert!(
        !matches!(
            name,
            "host"
                | "content-length"
                | "transfer-encoding"
                | "connection"
                | "te"
                | "trailer"
                | "upgrade"
                | "expect"
        ),
        "{name}"
    );
    assert!(
        !name.starts_with("webhook-") && !name.starts_with("proxy-"),
        "{name}"
    );
    assert_eq!(name, name.to_ascii_lowercase());
}
