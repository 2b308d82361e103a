use std::{
    hash::{Hash, Hasher},
    rc::Rc,
};

use indexmap::Equivalent;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};

use super::Value;
use crate::mistake::{Failure, Outcome};

/// A value as the key of a dict: equal values are equal keys, so `1`, `1.0` and `true` are one.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Key {
    None,
    Int(i64),
    Big(BigInt),
    Float(u64),
    Text(Rc<str>),
    Tuple(Vec<Key>),
    /// Undefined values are equal to each other.
    Undefined,
}

/// A textual key that is only looked up.
pub(crate) struct TextKey<'k>(pub(crate) &'k str);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Key::Text(text) => text.hash(state),
            Key::Int(value) => value.hash(state),
            Key::Big(value) => value.hash(state),
            Key::Float(bits) => bits.hash(state),
            Key::Tuple(keys) => keys.hash(state),
            Key::None => 1_u8.hash(state),
            Key::Undefined => 2_u8.hash(state),
        }
    }
}

impl Hash for TextKey<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Equivalent<Key> for TextKey<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        matches!(key, Key::Text(text) if **text == *self.0)
    }
}

impl Key {
    /// What a dict finds the value by.
    pub(crate) fn of(value: &Value<'_>) -> Outcome<Self> {
        Ok(match value {
            Value::None => Key::None,
            Value::Bool(value) => Key::Int(i64::from(*value)),
            Value::Int(value) => Key::Int(*value),
            Value::Big(value) => value
                .to_i64()
                .map_or_else(|| Key::Big((**value).clone()), Key::Int),
            Value::Float(value) => Self::of_float(*value),
            Value::Published(number) => Self::of_float(number.value),
            Value::Text(text) => Key::Text((**text).into()),
            Value::Tuple(items) => {
                Key::Tuple(items.items().iter().map(Key::of).collect::<Outcome<_>>()?)
            }
            Value::Undefined(_) => Key::Undefined,
            other => {
                return Err(Failure::new(format!(
                    "unhashable type: '{}'",
                    other.type_name()
                )));
            }
        })
    }

    fn of_float(value: f64) -> Self {
        if value.fract() == 0.0
            && let Some(big) = BigInt::from_f64(value)
        {
            return big.to_i64().map_or(Key::Big(big), Key::Int);
        }
        Key::Float(value.to_bits())
    }
}
