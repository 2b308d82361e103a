use std::fmt;

use posthorn_domain::limits::EVENTS_PER_REQUEST_MAX;
use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// The elements of an array of events as they stand in the text.
///
/// They are counted while they are read: a body of millions of numbers is refused at the first element too many, before
/// a list of them takes many times the memory of the body.
#[derive(Debug)]
pub(super) struct Elements<'a>(pub(super) Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Elements<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Elements<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of events")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Elements<'de>, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = array.next_element::<&'de RawValue>()? {
                    if elements.len() == EVENTS_PER_REQUEST_MAX {
                        return Err(A::Error::custom("too many events"));
                    }
                    elements.push(element);
                }
                Ok(Elements(elements))
            }
        }
        deserializer.deserialize_seq(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_is_read_no_further_than_one_element_too_many() {
        let of = |count: usize, last: &str| format!("[{}{last}]", "1,".repeat(count - 1));
        let most = of(EVENTS_PER_REQUEST_MAX, "1");
        let Elements(elements) = serde_json::from_str(&most).unwrap();
        assert_eq!(elements.len(), EVENTS_PER_REQUEST_MAX);
        // What follows is not looked at: it is no JSON.
        let more = of(EVENTS_PER_REQUEST_MAX + 2, "?");
        let refused = serde_json::from_str::<Elements<'_>>(&more).unwrap_err();
        assert!(refused.to_string().contains("too many"), "{refused}");
    }
}
