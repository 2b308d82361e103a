//! A webhook that takes 50 a second, and very many events at once.

use serde_json::json;

use super::{float, losses};
use crate::{
    bench::{generator::Load, report::Figure, rig::Rig},
    exit::Failure,
    show,
};

const PER_SECOND: u32 = 50;
const TOLERANCE: f64 = 0.05;

/// Counts the requests of each second.
pub(in crate::bench) async fn rate_limit(rig: &Rig) -> Result<Vec<Figure>, Failure> {
    let event_type = rig.event_type("limited")?;
    let settings = json!({"rate_limit_per_second": PER_SECOND});
    let hooks = [rig.webhook(&event_type, settings).await?];
    let subjects = hooks.each_ref().map(|hook| hook.subject.clone());
    let count = rig.sizes.limited.get();
    let load = Load {
        first: 0,
        count,
        per_second: None,
    };
    rig.publish(&subjects, load).await?;
    rig.arrived(&hooks, count).await;
    let what = format!("{count} events at once for {PER_SECOND}/s");
    let per_second = hooks[0].route.tally().per_second.clone();
    let listed: Vec<_> = per_second.iter().map(u64::to_string).collect();
    show::notice(&format!("requests in each second: {}", listed.join(" ")));
    let (lowest, highest) = extremes(&per_second);
    let wanted = f64::from(PER_SECOND);
    let mut figures = vec![
        Figure::new(
            "rate_limit_lowest",
            format!("{what}: fewest in a second"),
            "",
            float(lowest),
        )
        .at_least(wanted * (1.0 - TOLERANCE)),
        Figure::new(
            "rate_limit_highest",
            format!("{what}: most in a second"),
            "",
            float(highest),
        )
        .at_most(wanted * (1.0 + TOLERANCE)),
    ];
    figures.extend(losses("rate_limit", &what, &hooks, count));
    Ok(figures)
}

/// Fewest and most of the whole seconds: the first one begins with a burst, the last one is cut off.
fn extremes(per_second: &[u64]) -> (u64, u64) {
    let whole = per_second
        .get(1..per_second.len().saturating_sub(1))
        .unwrap_or_default();
    let lowest = whole.iter().min().copied().unwrap_or(0);
    let highest = whole.iter().max().copied().unwrap_or(0);
    (lowest, highest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_second_do_not_count() {
        assert_eq!(extremes(&[90, 50, 48, 52, 3]), (48, 52));
        assert_eq!(extremes(&[90, 3]), (0, 0));
        assert_eq!(extremes(&[]), (0, 0));
    }
}
