use num_bigint::{BigInt, Sign};

use crate::mistake::{Failure, Outcome};

/// Most digits behind the point.
const PRECISION_MAX: usize = 1_000;

/// The digits of a float that is not negative, by one of the types `e`, `f` and `g`.
pub(super) fn float_digits(
    value: f64,
    kind: char,
    precision: usize,
    keeps_zeros: bool,
) -> Outcome<String> {
    if precision > PRECISION_MAX {
        return Err(Failure::new(format!(
            "the precision must be at most {PRECISION_MAX}"
        )));
    }
    let upper = kind.is_ascii_uppercase();
    let text = if value.is_nan() {
        "nan".to_owned()
    } else if value.is_infinite() {
        "inf".to_owned()
    } else {
        match kind.to_ascii_lowercase() {
            'f' => format!("{value:.precision$}"),
            'e' => exponential(value, precision),
            _ => general(value, precision.max(1), keeps_zeros),
        }
    };
    Ok(if upper { text.to_uppercase() } else { text })
}

fn exponential(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

fn general(value: f64, precision: usize, keeps_zeros: bool) -> String {
    let scientific = exponential(value, precision - 1);
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "+00"));
    let power: i32 = exponent.parse().unwrap_or_default();
    let shorten = |digits: &str| {
        if keeps_zeros || !digits.contains('.') {
            return digits.to_owned();
        }
        digits
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned()
    };
    let most = i32::try_from(precision).unwrap_or(i32::MAX);
    if (-4..most).contains(&power) {
        let behind = usize::try_from(most - 1 - power).unwrap_or(0);
        return shorten(&format!("{value:.behind$}"));
    }
    format!("{}e{exponent}", shorten(digits))
}

/// The digits of an integer without its sign.
pub(super) fn integer_digits(value: &BigInt, kind: char) -> String {
    let magnitude = value.magnitude();
    match kind {
        'b' => magnitude.to_str_radix(2),
        'o' => magnitude.to_str_radix(8),
        'x' => magnitude.to_str_radix(16),
        'X' => magnitude.to_str_radix(16).to_uppercase(),
        _ => magnitude.to_string(),
    }
}

pub(super) fn is_negative(value: &BigInt) -> bool {
    value.sign() == Sign::Minus
}

/// The digits before the point in groups.
pub(super) fn grouped(digits: &str, separator: char, size: usize) -> String {
    let end = digits
        .find(|c: char| !c.is_ascii_hexdigit())
        .unwrap_or(digits.len());
    let end = if size == 3 {
        digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(end)
    } else {
        end
    };
    let (whole, rest) = digits.split_at(end);
    let mut out = String::with_capacity(digits.len() * 2);
    for (at, c) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(size) {
            out.push(separator);
        }
        out.push(c);
    }
    out + rest
}
