#![doc = include_str!("../README.md")]
#![allow(
    clippy::expect_used,
    reason = "a check that does not hold panics: that is how the fuzzer and the tests learn of it"
)]

use arbitrary::{Arbitrary, Unstructured};

pub mod address;
pub mod event;
pub mod expression;
pub mod headers;
pub mod schema;
pub mod signature;
pub mod webhook;

/// Makes a structured input of an input's bytes, as libFuzzer's macro does; none if there are too few.
fn read<'a, T: Arbitrary<'a>>(bytes: &'a [u8]) -> Option<T> {
    if bytes.len() < T::size_hint(0).0 {
        return None;
    }
    T::arbitrary_take_rest(Unstructured::new(bytes)).ok()
}
