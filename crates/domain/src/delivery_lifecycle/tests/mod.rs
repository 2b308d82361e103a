//! Every interleaving of everybody who has a hand in a delivery: the rules of this module over a model of the record,
//! the claim and the queue.

mod model;
mod moves;

use proptest::prelude::*;

use model::Model;
use moves::Move;

fn moves(with_losses: bool) -> impl Strategy<Value = Vec<Move>> {
    let hand = 0_usize..3;
    let ordinary = prop_oneof![
        3 => Just(Move::Fire),
        4 => (0_usize..3).prop_map(Move::Take),
        4 => hand.clone().prop_map(Move::Decide),
        1 => hand.clone().prop_map(Move::Defer),
        1 => hand.clone().prop_map(Move::ShowAsPending),
        4 => (hand.clone(), prop::bool::weighted(0.2)).prop_map(|(hand, success)| Move::End { hand, success }),
        4 => hand.clone().prop_map(Move::Follow),
        1 => hand.prop_map(Move::Crash),
        2 => Just(Move::Ask),
        2 => Just(Move::PublishAsk),
        2 => Just(Move::CommitAsk),
        1 => Just(Move::ReadForReplay),
        1 => Just(Move::PublishReplay),
        1 => Just(Move::WriteReplay),
        1 => Just(Move::Wait),
        1 => Just(Move::Sweep),
    ];
    let disruptive = prop_oneof![
        1 => (0_u32..4).prop_map(Move::Patch),
        1 => any::<bool>().prop_map(Move::Enable),
        1 => Just(Move::Purge),
    ];
    let weight = u32::from(with_losses);
    prop::collection::vec(prop_oneof![12 => ordinary, weight => disruptive], 0..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever happens: one request at a time, every one of them counted, and an end.
    #[test]
    fn a_delivery_is_attempted_once_at_a_time_and_comes_to_its_end(
        moves in moves(true),
        deleted in prop::option::weighted(0.1, 0_usize..120),
    ) {
        let mut model = Model::default();
        for (n, step) in moves.into_iter().enumerate() {
            if deleted == Some(n) {
                model.delete();
            }
            model.make(step);
        }
        model.come_to_rest();
        model.check_end();
    }

    /// Whoever asked for a run gets the whole policy of it, unless what was under way then has succeeded.
    #[test]
    fn a_run_that_was_asked_for_has_its_whole_policy(moves in moves(false)) {
        let mut model = Model::default();
        for step in moves {
            model.make(step);
        }
        model.come_to_rest();
        model.check_end();
        prop_assert!(model.owed == 0, "{} attempts of the last run were not made: {model:?}", model.owed);
    }
}

/// A replay reads that no attempt was made yet, and the first begins before the replay has written its run: that attempt is
/// the run's first.
#[test]
fn a_run_that_meets_the_first_attempt_begins_with_it() {
    let mut model = Model::default();
    for step in [
        Move::Take(0),
        Move::ShowAsPending(0),
        Move::Crash(0),
        Move::Take(0),
        Move::Defer(0),
        Move::Follow(0),
        Move::ReadForReplay,
        Move::Fire,
        Move::Take(0),
        Move::Decide(0),
    ] {
        model.make(step);
    }
    model.come_to_rest();
    model.check_end();
    assert_eq!(model.owed, 0, "{model:?}");
}
