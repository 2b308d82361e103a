//! Arithmetic as Python has it.

use num_bigint::BigInt;
use num_traits::Zero;

use super::Machine;
use crate::{
    ast::Binary,
    format::percent_format,
    limits::INTEGER_BITS_MAX,
    mistake::{Failure, Outcome},
    value::{List, Number, Text, Value, bounded, floor_division, number_of},
};

impl Binary {
    fn symbol(self) -> &'static str {
        match self {
            Binary::Add => "+",
            Binary::Sub => "-",
            Binary::Mul => "*",
            Binary::Div => "/",
            Binary::FloorDiv => "//",
            Binary::Mod => "%",
            Binary::Pow => "** or pow()",
        }
    }
}

impl<'a> Machine<'a> {
    pub(crate) fn binary(
        &self,
        operator: Binary,
        a: &Value<'a>,
        b: &Value<'a>,
    ) -> Outcome<Value<'a>> {
        match (operator, a, b) {
            (Binary::Mod, Value::Text(format), b) => {
                let text = percent_format(self, format, b)?;
                return self.text_like(a, text);
            }
            (_, Value::Undefined(absent), _) | (_, _, Value::Undefined(absent)) => {
                return Err(Failure::new(absent.words()));
            }
            (Binary::Add, Value::Text(left), Value::Text(right)) => {
                return self.join_texts(left, right);
            }
            (Binary::Add, Value::List(left), Value::List(right)) => {
                let mut items = self.list_items(left)?;
                items.extend(self.list_items(right)?);
                return self.list(items);
            }
            (Binary::Add, Value::Tuple(left), Value::Tuple(right)) => {
                let mut items = left.items().clone();
                items.extend(right.items().iter().cloned());
                return self.tuple(items);
            }
            (Binary::Mul, repeated, times) | (Binary::Mul, times, repeated)
                if matches!(repeated, Value::Text(_) | Value::List(_) | Value::Tuple(_))
                    && number_of(times).is_some_and(|times| times.is_integer()) =>
            {
                return self.repeat(repeated, times);
            }
            _ => {}
        }
        match (number_of(a), number_of(b)) {
            (Some(a), Some(b)) => self.arithmetic(operator, &a, &b),
            _ => Err(Self::no_operator(operator, a, b)),
        }
    }

    fn no_operator(operator: Binary, a: &Value<'a>, b: &Value<'a>) -> Box<Failure> {
        if operator == Binary::Add && matches!(a, Value::Text(_)) {
            return Failure::new(format!(
                "can only concatenate str (not \"{}\") to str",
                b.type_name()
            ));
        }
        Failure::new(format!(
            "unsupported operand type(s) for {}: '{}' and '{}'",
            operator.symbol(),
            a.type_name(),
            b.type_name()
        ))
    }

    /// Text that is put beside HTML is escaped.
    fn join_texts(&self, left: &Text<'a>, right: &Text<'a>) -> Outcome<Value<'a>> {
        use crate::filters::escaped;
        self.afford_bytes(left.len() + right.len())?;
        match (left.is_safe(), right.is_safe()) {
            (false, false) => self.text(format!("{}{}", &**left, &**right)),
            (true, true) => self.safe_text(format!("{}{}", &**left, &**right)),
            (true, false) => self.safe_text(format!("{}{}", &**left, escaped(right))),
            (false, true) => self.safe_text(format!("{}{}", escaped(left), &**right)),
        }
    }

    fn repeat(&self, value: &Value<'a>, times: &Value<'a>) -> Outcome<Value<'a>> {
        let times = match number_of(times) {
            Some(Number::Int(times)) => usize::try_from(times).unwrap_or(0),
            Some(Number::Big(times)) if times.sign() == num_bigint::Sign::Minus => 0,
            _ => usize::MAX,
        };
        match value {
            Value::Text(text) => {
                self.afford_bytes(text.len().saturating_mul(times))?;
                self.text_like(value, text.repeat(times))
            }
            Value::List(List::Json([])) => self.list(Vec::new()),
            Value::List(list) => {
                self.charge_items(list.len().saturating_mul(times))?;
                let items = list.to_vec();
                if items.is_empty() {
                    return self.list(items);
                }
                self.list(
                    items
                        .iter()
                        .cycle()
                        .take(items.len() * times)
                        .cloned()
                        .collect(),
                )
            }
            Value::Tuple(cell) => {
                self.charge_items(cell.len().saturating_mul(times))?;
                let items = cell.items();
                if items.is_empty() {
                    return self.tuple(Vec::new());
                }
                let all = items
                    .iter()
                    .cycle()
                    .take(items.len() * times)
                    .cloned()
                    .collect();
                drop(items);
                self.tuple(all)
            }
            other => Err(Failure::new(format!(
                "a {} cannot be repeated",
                other.type_name()
            ))),
        }
    }

    fn arithmetic(&self, operator: Binary, a: &Number, b: &Number) -> Outcome<Value<'a>> {
        if let (Number::Int(a), Number::Int(b)) = (a, b) {
            let small = match operator {
                Binary::Add => a.checked_add(*b),
                Binary::Sub => a.checked_sub(*b),
                Binary::Mul => a.checked_mul(*b),
                _ => None,
            };
            if let Some(small) = small {
                return Ok(Value::Int(small));
            }
        }
        if a.is_integer() && b.is_integer() && operator != Binary::Div {
            let (Some(a), Some(b)) = (a.to_big(), b.to_big()) else {
                return Err(Failure::new("the integer is too large"));
            };
            return self.integers(operator, &a, &b);
        }
        let (a, b) = (a.to_float()?, b.to_float()?);
        let by_zero = |words: &str| Err(Failure::new(words));
        Ok(Value::Float(match operator {
            Binary::Add => a + b,
            Binary::Sub => a - b,
            Binary::Mul => a * b,
            Binary::Div | Binary::FloorDiv | Binary::Mod if b == 0.0 => {
                return by_zero("division by zero");
            }
            Binary::Div => a / b,
            Binary::FloorDiv => float_division(a, b).0,
            Binary::Mod => float_division(a, b).1,
            Binary::Pow if a == 0.0 && b < 0.0 => {
                return by_zero("0.0 cannot be raised to a negative power");
            }
            Binary::Pow => {
                let power = a.powf(b);
                if power.is_nan() && !a.is_nan() && !b.is_nan() {
                    return by_zero("the power of a negative number is not real");
                }
                if power.is_infinite() && a.is_finite() && b.is_finite() {
                    return by_zero("the result is too large");
                }
                power
            }
        }))
    }

    fn integers(&self, operator: Binary, a: &BigInt, b: &BigInt) -> Outcome<Value<'a>> {
        self.charge_big(a)?;
        self.charge_big(b)?;
        match operator {
            Binary::Add => bounded(a + b),
            Binary::Sub => bounded(a - b),
            Binary::Mul => bounded(a * b),
            Binary::FloorDiv | Binary::Mod => {
                let Some((quotient, remainder)) = floor_division(a, b) else {
                    return Err(Failure::new("integer division or modulo by zero"));
                };
                bounded(if operator == Binary::Mod {
                    remainder
                } else {
                    quotient
                })
            }
            Binary::Div | Binary::Pow => {
                let Ok(exponent) = u32::try_from(b) else {
                    return if b.sign() == num_bigint::Sign::Minus {
                        self.arithmetic(
                            operator,
                            &Number::Float(Number::Big(a.clone()).to_float()?),
                            &Number::Float(Number::Big(b.clone()).to_float()?),
                        )
                    } else if a.is_zero() || *a == BigInt::from(1) {
                        bounded(a.clone())
                    } else {
                        Err(Failure::new("the integer is too large"))
                    };
                };
                if a.bits().saturating_mul(u64::from(exponent)) > INTEGER_BITS_MAX * 2
                    && a.bits() > 1
                {
                    return Err(Failure::new("the integer is too large"));
                }
                bounded(a.pow(exponent))
            }
        }
    }

    pub(crate) fn negative(&self, value: &Value<'a>) -> Outcome<Value<'a>> {
        match number_of(value) {
            Some(Number::Int(value)) => value
                .checked_neg()
                .map_or_else(|| bounded(-BigInt::from(value)), |v| Ok(Value::Int(v))),
            Some(Number::Big(value)) => bounded(-value),
            Some(Number::Float(value)) => Ok(Value::Float(-value)),
            None => Err(Self::no_sign("-", value)),
        }
    }

    pub(crate) fn positive(&self, value: &Value<'a>) -> Outcome<Value<'a>> {
        match value {
            Value::Published(_) => Ok(value.clone()),
            _ => number_of(value)
                .map(Value::from)
                .ok_or_else(|| Self::no_sign("+", value)),
        }
    }

    fn no_sign(sign: &str, value: &Value<'a>) -> Box<Failure> {
        match value {
            Value::Undefined(absent) => Failure::new(absent.words()),
            other => Failure::new(format!(
                "bad operand type for unary {sign}: '{}'",
                other.type_name()
            )),
        }
    }
}

/// Python's `divmod` of floats: rounded down, and a remainder with the sign of the divisor.
fn float_division(a: f64, b: f64) -> (f64, f64) {
    let mut remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder != 0.0 && (b < 0.0) != (remainder < 0.0) {
        remainder += b;
        quotient -= 1.0;
    } else if remainder == 0.0 {
        remainder = 0.0_f64.copysign(b);
    }
    let floor = quotient.floor();
    (
        if quotient - floor > 0.5 {
            floor + 1.0
        } else {
            floor
        },
        remainder,
    )
}
