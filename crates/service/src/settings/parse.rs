//! Readers of single values. Their errors complete a sentence that begins with the setting's name.

use std::{fmt::Display, net::SocketAddr, ops::RangeInclusive, str::FromStr, time::Duration};

/// Any text.
pub fn text(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

/// A whole number within a range.
pub fn whole_number<N>(range: RangeInclusive<u64>) -> impl Fn(&str) -> Result<N, String>
where
    N: TryFrom<u64>,
{
    move |text| {
        text.parse::<u64>()
            .ok()
            .filter(|number| range.contains(number))
            .and_then(|number| N::try_from(number).ok())
            .ok_or_else(|| {
                format!(
                    "must be a whole number from {} to {}",
                    range.start(),
                    range.end()
                )
            })
    }
}

/// A number of seconds within a range.
pub fn duration_seconds(range: RangeInclusive<u64>) -> impl Fn(&str) -> Result<Duration, String> {
    let seconds = whole_number::<u64>(range);
    move |text| seconds(text).map(Duration::from_secs)
}

/// An IP address and a port.
pub fn socket_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "must be an IP address and a port, such as 0.0.0.0:8080 or [::]:8080".to_owned()
    })
}

/// Several values, separated by commas or white space. `None` of them is an empty list.
pub fn list<T>(text: &str) -> Result<Vec<T>, String>
where
    T: FromStr,
    T::Err: Display,
{
    text.split(|c: char| c == ',' || c.is_whitespace())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().map_err(|error| format!("`{part}`: {error}")))
        .collect()
}

/// `true` or `false`.
pub(super) fn switch(text: &str) -> Result<bool, String> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err("must be true or false".to_owned()),
    }
}
