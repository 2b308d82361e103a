//! What one of many may hold of something that all share.

/// The most that one of `active` may hold when `free` of `total` are free; `None` while less than half is taken.
///
/// From there on nobody holds more than an equal part of what is *left*, so the bound shrinks as the rest fills:
/// forty webhooks that hang leave as much room as they take, and whoever comes next still finds some. Everybody may
/// hold one, or a newcomer would wait for those that do not move.
pub(crate) fn share(total: u64, free: u64, active: u64) -> Option<u64> {
    (free < total - total / 2).then(|| (free / active.max(1)).max(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::share;

    #[test]
    fn nobody_is_bound_while_half_is_free() {
        assert_eq!(share(1024, 512, 100), None);
        assert_eq!(share(1024, 511, 1), Some(511));
        assert_eq!(share(1024, 100, 40), Some(2));
        assert_eq!(share(1024, 3, 40), Some(1));
        assert_eq!(share(1, 1, 1), None);
    }

    /// Slots that are left when this many webhooks have taken what they may, one after the other.
    fn left_by(greedy: u64, total: u64, each_max: u64) -> u64 {
        (1..=greedy).fold(total, |mut free, active| {
            let mut held = 0;
            while free > 0
                && held < each_max
                && share(total, free, active).is_none_or(|bound| held < bound)
            {
                held += 1;
                free -= 1;
            }
            free
        })
    }

    #[test]
    fn forty_that_hang_and_a_hundred_do_not_fill_the_process() {
        assert!(left_by(40, 1024, 32) >= 200);
        assert!(left_by(100, 1024, 32) >= 80);
        // One alone leaves about half, whatever it is allowed.
        assert_eq!(left_by(1, 1024, 1000), 511);
    }

    proptest! {
        #[test]
        fn there_is_always_a_part_for_everybody(total in 1_u64..100_000, taken in 0_u64..100_000, active in 1_u64..10_000) {
            let free = total.saturating_sub(taken);
            if let Some(bound) = share(total, free, active) {
                prop_assert!(bound >= 1);
                prop_assert!(bound == 1 || bound * active <= free);
            }
        }
    }
}
