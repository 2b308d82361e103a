//! The time that all replicas agree on.
//!
//! A retry that is scheduled by one process is taken up by another, and a rate limit's moments are handed out by the
//! database. So every process goes by the database's clock: its own, corrected by how far the database's is ahead. A
//! machine whose clock is minutes off then retries in time like any other.

use std::sync::Arc;

use posthorn_domain::{Clock, ClockOffset, Timestamp};

/// The database's time, as far as it is known; until it is heard for the first time, the process's own.
#[derive(Debug)]
pub(crate) struct SharedClock {
    own: Arc<dyn Clock>,
    database: ClockOffset,
}

impl SharedClock {
    pub(crate) fn new(own: Arc<dyn Clock>) -> Self {
        Self {
            own,
            database: ClockOffset::default(),
        }
    }

    /// The process's own clock, uncorrected.
    pub(crate) fn own_clock(&self) -> &dyn Clock {
        &*self.own
    }

    /// The process's own time, to be taken before the database is asked for its.
    pub(crate) fn own(&self) -> Timestamp {
        self.own.now()
    }

    /// The database said that it was `database`, some time between `asked`, by the process's own clock, and now.
    ///
    /// What is known is corrected only where it contradicts that: a slow answer says little, and moves nothing.
    pub(crate) fn heard(&self, database: Timestamp, asked: Timestamp) {
        self.database.heard(database, asked, self.own());
    }

    /// How far the database's clock is ahead of ours, in seconds, as far as that is known.
    pub(crate) fn skew_seconds(&self) -> f64 {
        self.database.ahead().as_seconds_f64()
    }
}

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        self.database.theirs(self.own.now())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::TimeDelta;
    use posthorn_testkit::TestClock;

    use super::*;

    fn moment(text: &str) -> Timestamp {
        format!("2026-01-01T{text}Z").parse().unwrap()
    }

    /// What it shows at 12:00:02 of a process whose database was asked at 12:00:00 and whose answer has just come.
    fn after_an_answer(before: &str, answer: &str) -> Timestamp {
        let own = Arc::new(TestClock::at(moment("12:00:00")));
        let clock = SharedClock::new(own.clone());
        clock.heard(moment(before), clock.own());
        assert_eq!(clock.now(), moment(before));
        let asked = clock.own();
        own.advance(Duration::from_secs(2));
        clock.heard(moment(answer), asked);
        clock.now()
    }

    #[test]
    fn it_shows_the_databases_time_however_far_off_the_process_is() {
        for database in ["11:50:00", "13:00:00"] {
            let shows = after_an_answer("12:00:00", database);
            let off = (shows - moment(database)).abs();
            assert!(off <= TimeDelta::seconds(2), "{shows} for {database}");
        }
    }

    #[test]
    fn an_answer_that_fits_what_is_known_moves_nothing() {
        for database in ["12:10:00", "12:10:01", "12:10:02"] {
            assert_eq!(after_an_answer("12:10:00", database), moment("12:10:02"));
        }
    }

    #[test]
    fn one_that_does_not_moves_it_no_further_than_it_must() {
        assert_eq!(after_an_answer("12:10:00", "12:10:03"), moment("12:10:03"));
        assert_eq!(after_an_answer("12:10:00", "12:09:59"), moment("12:10:01"));
    }

    #[test]
    fn a_clock_that_is_set_back_while_the_answer_is_under_way_is_corrected() {
        let own = Arc::new(TestClock::at(moment("12:00:00")));
        let clock = SharedClock::new(own.clone());
        let asked = clock.own();
        own.set(moment("11:00:00"));
        clock.heard(moment("12:00:00"), asked);
        assert_eq!(clock.now(), moment("12:00:00"));
        assert!((clock.skew_seconds() - 3_600.0).abs() < f64::EPSILON);
    }
}
