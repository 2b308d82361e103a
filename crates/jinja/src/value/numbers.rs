use std::{cmp::Ordering, rc::Rc};

use num_bigint::{BigInt, Sign};
use num_traits::{FromPrimitive, ToPrimitive};

use super::Value;
use crate::{
    limits::INTEGER_BITS_MAX,
    mistake::{Failure, Outcome},
};

/// A number as it is computed with.
#[derive(Debug, Clone)]
pub(crate) enum Number {
    Int(i64),
    Big(BigInt),
    Float(f64),
}

/// The number that a value is; `True` is 1.
pub(crate) fn number_of(value: &Value<'_>) -> Option<Number> {
    Some(match value {
        Value::Bool(value) => Number::Int(i64::from(*value)),
        Value::Int(value) => Number::Int(*value),
        Value::Big(value) => Number::Big((**value).clone()),
        Value::Float(value) => Number::Float(*value),
        Value::Published(number) if number.is_integer => Number::Int(0),
        Value::Published(number) => Number::Float(number.value),
        _ => return None,
    })
}

impl Number {
    pub(crate) fn is_integer(&self) -> bool {
        !matches!(self, Number::Float(_))
    }

    pub(crate) fn to_big(&self) -> Option<BigInt> {
        match self {
            Number::Int(value) => Some(BigInt::from(*value)),
            Number::Big(value) => Some(value.clone()),
            Number::Float(value) => BigInt::from_f64(*value),
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "Python rounds an integer to a float here, too"
    )]
    pub(crate) fn to_float(&self) -> Outcome<f64> {
        match self {
            Number::Int(value) => Ok(*value as f64),
            Number::Float(value) => Ok(*value),
            Number::Big(value) => {
                let float = value.to_f64().filter(|float| float.is_finite());
                float.ok_or_else(|| Failure::new("int too large to convert to float"))
            }
        }
    }

    /// Python's order, exact between integers and floats; `None` if one is not a number.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Number::Int(a), Number::Int(b)) => Some(a.cmp(b)),
            (Number::Float(a), Number::Float(b)) => a.partial_cmp(b),
            (Number::Float(a), b) => Self::compare_float(*a, b),
            (a, Number::Float(b)) => Self::compare_float(*b, a).map(Ordering::reverse),
            (a, b) => Some(a.to_big()?.cmp(&b.to_big()?)),
        }
    }

    fn compare_float(float: f64, integer: &Self) -> Option<Ordering> {
        if float.is_nan() {
            return None;
        }
        if float.is_infinite() {
            return float.partial_cmp(&0.0);
        }
        let whole = BigInt::from_f64(float.trunc())?;
        let order = whole.cmp(&integer.to_big()?);
        Some(order.then_with(|| float.fract().partial_cmp(&0.0).unwrap_or(Ordering::Equal)))
    }
}

impl<'a> From<Number> for Value<'a> {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(value) => Value::Int(value),
            Number::Float(value) => Value::Float(value),
            Number::Big(value) => value
                .to_i64()
                .map_or_else(|| Value::Big(Rc::new(value)), Value::Int),
        }
    }
}

/// An integer, unless it is too large to be computed with.
pub(crate) fn bounded<'a>(value: BigInt) -> Outcome<Value<'a>> {
    if value.bits() > INTEGER_BITS_MAX {
        return Err(Failure::new("the integer is too large"));
    }
    Ok(Number::Big(value).into())
}

/// Division that rounds down, as Python's does.
pub(crate) fn floor_division(a: &BigInt, b: &BigInt) -> Option<(BigInt, BigInt)> {
    if b.sign() == Sign::NoSign {
        return None;
    }
    let (quotient, remainder) = (a / b, a % b);
    if remainder.sign() != Sign::NoSign
        && (remainder.sign() == Sign::Minus) != (b.sign() == Sign::Minus)
    {
        return Some((quotient - 1, remainder + b));
    }
    Some((quotient, remainder))
}
