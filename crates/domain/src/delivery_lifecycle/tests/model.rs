use std::time::Duration;

use chrono::TimeDelta;

use crate::{
    DeliveryStatus, Timestamp,
    delivery_lifecycle::{
        Overtaken, Progress, Run, RunDecision, Step, begin_run, next_step, overtaken,
    },
    from_unix_ms,
};

use super::moves::{
    EVENT, Follow, LOST_AFTER, MOVES_TO_REST_MAX, Message, Move, STRANDED_AFTER, Stage,
};

#[derive(Debug)]
pub(super) struct Model {
    record: Option<Progress>,
    claim: Option<u32>,
    schedule: Option<Message>,
    ready: Vec<Message>,
    hands: Vec<(Message, Stage)>,
    /// A retry by hand, which holds nothing between its steps: how the delivery stood, whether it was under way, and what is
    /// to be written.
    asking: Option<(Progress, bool, Option<Progress>)>,
    /// A replay: the same.
    replay: Option<(Progress, bool, Option<Progress>)>,
    dead_letters: u32,
    ended: u32,
    retries: u32,
    enabled: bool,
    deleted: bool,
    last_id: u32,
    now: Timestamp,
    /// Attempts of the last run that was asked for that are to come if all fail.
    pub(super) owed: u32,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            record: None,
            claim: None,
            schedule: None,
            ready: vec![EVENT],
            hands: Vec::new(),
            asking: None,
            replay: None,
            dead_letters: 0,
            ended: 0,
            retries: 2,
            enabled: true,
            deleted: false,
            last_id: 0,
            now: from_unix_ms(0),
            owed: 0,
        }
    }
}

impl Model {
    pub(super) fn make(&mut self, step: Move) {
        let before = self.record;
        match step {
            Move::Fire => self.ready.extend(self.schedule.take()),
            Move::Take(n) if n < self.ready.len() => {
                let message = self.ready.remove(n);
                self.take(message);
            }
            Move::Decide(n) => self.decide(n),
            Move::Defer(n) => self.defer(n),
            Move::ShowAsPending(n) => self.show_as_pending(n),
            Move::End { hand, success } => self.end(hand, success),
            Move::Follow(n) => self.follow(n),
            Move::Crash(n) if n < self.hands.len() => {
                let (mut message, _) = self.hands.remove(n);
                message.redelivered = true;
                self.ready.push(message);
            }
            Move::Ask => self.ask(),
            Move::PublishAsk => self.publish_ask(),
            Move::CommitAsk => self.commit_ask(),
            Move::ReadForReplay => self.read_for_replay(),
            Move::PublishReplay => self.publish_replay(),
            Move::WriteReplay => {
                if let Some((_, _, Some(_))) = self.replay {
                    let written = self.replay.take().and_then(|(_, _, written)| written);
                    self.write(written);
                    // From here on the run is known.
                    if let Some(written) =
                        written.filter(|_| self.record == written && self.record != before)
                    {
                        self.owe(&written);
                    }
                }
            }
            Move::Wait => {
                self.now += TimeDelta::hours(1);
                self.lapse();
            }
            Move::Sweep => self.sweep(),
            Move::Patch(retries) => self.retries = retries,
            Move::Enable(enabled) => self.enabled = enabled,
            Move::Purge => {
                self.schedule = None;
                // Not also what a process has left undone that died.
                self.ready
                    .retain(|message| message.is_event || message.redelivered);
            }
            Move::Take(_) | Move::Crash(_) => {}
        }
        self.check(before.as_ref());
    }

    pub(super) fn delete(&mut self) {
        self.deleted = true;
    }

    fn check(&self, before: Option<&Progress>) {
        let sending = |(_, stage): &&(Message, Stage)| matches!(stage, Stage::Sending { .. });
        let under_way = self.hands.iter().filter(sending).count();
        assert!(under_way <= 1, "two requests at the same time: {self:?}");
        let Some(record) = &self.record else { return };
        if self.deleted {
            return;
        }
        assert_eq!(
            record.attempt_count, self.ended,
            "a request is not counted: {self:?}"
        );
        if let Some(before) = before {
            assert!(record >= before, "backwards from {before:?}: {self:?}");
            let was_lost = before.status == DeliveryStatus::Success
                && record.status != DeliveryStatus::Success
                && record.attempt_count == before.attempt_count
                && record.run_start == before.run_start;
            assert!(!was_lost, "a success is gone: {self:?}");
        }
    }

    fn message(&mut self, attempt: u32, run_start: Option<u32>) -> Message {
        self.last_id += 1;
        Message {
            id: self.last_id,
            attempt,
            run_start,
            is_event: false,
            ..EVENT
        }
    }

    fn begin(&mut self, message: Message, attempt: u32, run: Run, claimed: bool) {
        self.owed = self.owed.saturating_sub(1);
        let stage = Stage::Sending {
            attempt,
            run,
            claimed,
        };
        self.hands.push((message, stage));
    }

    fn take(&mut self, message: Message) {
        if message.is_event && self.record.is_none() {
            if self.enabled && !self.deleted {
                self.begin(message, 1, Run::of_message(None), false);
            }
            // Else nobody wants it: it is acknowledged.
            return;
        }
        if self.claim.is_none_or(|holder| holder == message.id) {
            self.claim = Some(message.id);
            self.hands.push((message, Stage::Claimed));
        } else if message.redelivered {
            // It has to repeat what a process that died has left undone, and a new message would not know of that.
            self.ready.push(message);
        } else {
            self.schedule = Some(self.message(message.attempt, message.run_start));
        }
    }

    fn release(&mut self, message: Message) {
        if self.claim == Some(message.id) {
            self.claim = None;
        }
    }

    /// Takes a message out of the hands that hold it claimed.
    fn claimed(&mut self, n: usize) -> Option<Message> {
        let &(message, stage) = self.hands.get(n)?;
        (stage == Stage::Claimed).then(|| {
            self.hands.remove(n);
            message
        })
    }

    fn decide(&mut self, n: usize) {
        let Some(message) = self.claimed(n) else {
            return;
        };
        if self.deleted {
            return self.release(message);
        }
        let run = Run::of_message(message.run_start);
        let step = next_step(
            self.record.as_ref(),
            message.attempt,
            run,
            message.redelivered,
        );
        let follow = if self.enabled {
            match step {
                Step::Send { run } => return self.begin(message, message.attempt, run, true),
                Step::HandOver { attempt, run, due } => {
                    Follow::HandOver(attempt, run, due.is_some())
                }
                Step::DeadLetter { .. } => Follow::DeadLetter,
                Step::Nothing => Follow::Nothing,
            }
        } else {
            self.give_up(message)
        };
        self.release(message);
        self.hands.push((message, Stage::Recorded(follow)));
    }

    fn give_up(&mut self, message: Message) -> Follow {
        let record = self
            .record
            .unwrap_or(Progress::new(0, 0, DeliveryStatus::Pending, None));
        if record.status.is_settled() {
            let may_be_lost = message.redelivered && record.status == DeliveryStatus::Failed;
            return match may_be_lost {
                true => Follow::DeadLetter,
                false => Follow::Nothing,
            };
        }
        let failed = Progress::new(
            record.attempt_count,
            record.run_start,
            DeliveryStatus::Failed,
            None,
        );
        self.write(Some(failed));
        self.owed = 0;
        Follow::DeadLetter
    }

    /// The gate is asked only about an attempt that is to be made.
    fn defer(&mut self, n: usize) {
        let Some(&(message, _)) = self.hands.get(n) else {
            return;
        };
        let run = Run::of_message(message.run_start);
        let step = next_step(
            self.record.as_ref(),
            message.attempt,
            run,
            message.redelivered,
        );
        if matches!(step, Step::Send { .. })
            && self.enabled
            && let Some(message) = self.claimed(n)
        {
            self.release(message);
            let follow = Follow::HandOver(message.attempt, run, true);
            self.hands.push((message, Stage::Recorded(follow)));
        }
    }

    fn show_as_pending(&mut self, n: usize) {
        let Some((message, Stage::Sending { claimed, .. })) = self.hands.get_mut(n) else {
            return;
        };
        if *claimed || !message.is_event {
            return;
        }
        *claimed = true;
        let id = message.id;
        self.claim.get_or_insert(id);
        self.write(Some(Progress::new(0, 0, DeliveryStatus::Pending, None)));
    }

    fn write(&mut self, record: Option<Progress>) {
        if self.deleted {
            return;
        }
        self.record = self.record.max(record);
    }

    fn end(&mut self, n: usize, success: bool) {
        let Some(&(message, Stage::Sending { attempt, run, .. })) = self.hands.get(n) else {
            return;
        };
        self.ended += 1;
        let due = self.now + TimeDelta::seconds(10);
        let retries_left = attempt - run.start <= self.retries;
        let (status, mut follow) = match (success, retries_left) {
            (true, _) => (DeliveryStatus::Success, Follow::Nothing),
            (false, true) => (
                DeliveryStatus::Retrying,
                Follow::HandOver(attempt + 1, run, true),
            ),
            (false, false) => (DeliveryStatus::Failed, Follow::DeadLetter),
        };
        if success {
            self.owed = 0;
        }
        let record = Progress::new(attempt, run.start, status, Some(due));
        let how = self.record.and_then(|stored| overtaken(&stored, &record));
        self.write(Some(record));
        match how.filter(|_| !success) {
            None => {}
            Some(Overtaken::ByRecord) => follow = Follow::Nothing,
            Some(Overtaken::ByRun) => {
                let due = Some(self.now);
                self.write(Some(Progress::new(
                    attempt,
                    attempt,
                    DeliveryStatus::Retrying,
                    due,
                )));
                let run = Run {
                    start: attempt,
                    by_hand: true,
                };
                follow = Follow::HandOver(attempt + 1, run, true);
            }
        }
        self.release(message);
        if let Some((_, stage)) = self.hands.get_mut(n) {
            *stage = Stage::Recorded(follow);
        }
    }

    fn follow(&mut self, n: usize) {
        let Some(&(_, Stage::Recorded(follow))) = self.hands.get(n) else {
            return;
        };
        self.hands.remove(n);
        match follow {
            Follow::Nothing => {}
            Follow::DeadLetter => self.dead_letters += 1,
            Follow::HandOver(attempt, run, is_dated) => {
                let message = self.message(attempt, run.by_hand.then_some(run.start));
                if is_dated {
                    self.schedule = Some(message);
                } else {
                    self.ready.push(message);
                }
            }
        }
    }

    fn late(&self, record: &Progress) -> Duration {
        record.due.map_or(Duration::MAX, |due| {
            (self.now - due).to_std().unwrap_or_default()
        })
    }

    /// Asks for a run; what is to be written, if one begins.
    fn publish_run(
        &mut self,
        record: &Progress,
        under_way: bool,
        lost_after: Duration,
    ) -> Option<Progress> {
        let late = self.late(record);
        if begin_run(record, under_way, late, lost_after) != RunDecision::Begin {
            return None;
        }
        let start = record.attempt_count;
        self.schedule = Some(self.message(start + 1, Some(start)));
        let due = Some(self.now);
        Some(Progress::new(start, start, DeliveryStatus::Retrying, due))
    }

    /// Where the first attempt of that very run is under way already, asking twice is asking once; so it is where the
    /// delivery was never attempted before, and its own first attempt is.
    fn owe(&mut self, asked: &Progress) {
        let begun = self.hands.iter().any(|(_, stage)| {
            matches!(stage, Stage::Sending { run, .. } if run.start == asked.run_start)
        });
        if !begun {
            self.owed = self.retries + 1;
        }
    }

    fn ask(&mut self) {
        if let Some(record) = self.record
            && self.asking.is_none()
            && self.enabled
            && !self.deleted
        {
            self.asking = Some((record, self.claim.is_some(), None));
        }
    }

    fn publish_ask(&mut self) {
        if let Some((record, under_way, None)) = self.asking {
            let written = self.publish_run(&record, under_way, LOST_AFTER);
            self.asking = written.map(|written| (record, under_way, Some(written)));
        }
    }

    /// Notes the run whose message is published, or asks again where another attempt has failed meanwhile.
    fn commit_ask(&mut self) {
        let Some((_, _, Some(asked))) = self.asking else {
            return;
        };
        self.asking = None;
        let Some(stored) = self.record else { return };
        if asked > stored {
            if self.enabled && !self.deleted {
                self.write(Some(asked));
                // From here on the run is known.
                self.owe(&asked);
            }
        } else if stored.run_start < asked.run_start && stored.status != DeliveryStatus::Success {
            self.ask();
        }
    }

    fn read_for_replay(&mut self) {
        // What has no record is waited for while its event is not acknowledged.
        if let Some(record) = self.record
            && self.enabled
        {
            self.replay = Some((record, self.claim.is_some(), None));
        }
    }

    fn publish_replay(&mut self) {
        if let Some((record, under_way, None)) = self.replay {
            let written = self.publish_run(&record, under_way, STRANDED_AFTER);
            self.replay = written.map(|written| (record, under_way, Some(written)));
        }
    }

    /// The lease of a claim whose message is gone ends.
    fn lapse(&mut self) {
        let holder = self.claim;
        let mut alive = self
            .ready
            .iter()
            .chain(self.hands.iter().map(|(message, _)| message));
        if holder.is_some_and(|holder| alive.all(|message| message.id != holder)) {
            self.claim = None;
        }
    }

    fn sweep(&mut self) {
        self.lapse();
        if let Some(record) = self.record
            && !record.status.is_settled()
            && self.claim.is_none()
            && self.schedule.is_none()
            && !self.deleted
            && self.late(&record) >= STRANDED_AFTER
        {
            let run_start = (record.run_start > 0).then_some(record.run_start);
            self.schedule = Some(self.message(record.attempt_count + 1, run_start));
            let Progress {
                attempt_count,
                run_start,
                status,
                ..
            } = record;
            let due = Some(self.now);
            self.write(Some(Progress::new(attempt_count, run_start, status, due)));
        }
    }

    /// Everything goes on until nothing is left to do; every receiver fails.
    pub(super) fn come_to_rest(&mut self) {
        for _ in 0..MOVES_TO_REST_MAX {
            self.make(Move::PublishAsk);
            self.make(Move::CommitAsk);
            self.make(Move::PublishReplay);
            self.make(Move::WriteReplay);
            self.make(Move::Take(0));
            self.make(Move::Decide(0));
            self.make(Move::End {
                hand: 0,
                success: false,
            });
            self.make(Move::Follow(0));
            // Whoever comes first may wait for another.
            if self.hands.len() > 1 {
                self.hands.rotate_left(1);
            }
            self.make(Move::Fire);
            self.lapse();
            if self.hands.is_empty() && self.ready.is_empty() && self.schedule.is_none() {
                self.make(Move::Wait);
                self.make(Move::Sweep);
                if self.schedule.is_none() {
                    return;
                }
            }
        }
        panic!("it comes to no end: {self:?}");
    }

    pub(super) fn check_end(&self) {
        assert_eq!(self.claim, None, "{self:?}");
        if self.deleted {
            return;
        }
        let Some(record) = &self.record else {
            return assert_eq!(self.ended, 0, "{self:?}");
        };
        assert!(record.status.is_settled(), "{self:?}");
        let failed = record.status == DeliveryStatus::Failed;
        assert!(!failed || self.dead_letters > 0, "{self:?}");
    }
}
