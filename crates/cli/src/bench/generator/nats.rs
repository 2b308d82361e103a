//! Publishing straight to the stream, as a service would that has NATS at hand.

use std::num::NonZeroUsize;

use posthorn_bus::EventSubject;

use super::{Load, PAD_BYTES, pace::Pace};
use crate::{
    bench::{payload::Stamp, rig::Rig},
    exit::{Exit, Failure},
};

/// Publishes that wait for their acknowledgement at once.
const WINDOW: NonZeroUsize = NonZeroUsize::new(1_024).unwrap();

impl Rig {
    /// Publishes to each subject in turn, and returns when all is stored.
    pub(in crate::bench) async fn publish(
        &self,
        subjects: &[EventSubject],
        load: Load,
    ) -> Result<(), Failure> {
        let unavailable =
            |error: posthorn_bus::PublishError| Failure::new(Exit::Unavailable, error.to_string());
        let mut pipeline = self.bus.pipeline(WINDOW).await.map_err(unavailable)?;
        let pace = Pace::begin(load.per_second);
        let turns = subjects.iter().cycle();
        for (k, subject) in (0..load.count).zip(turns) {
            let late_us = pace.turn(k).await.as_micros();
            let late_us = u64::try_from(late_us).unwrap_or(u64::MAX);
            let stamp = Stamp {
                n: load.first + k,
                sent_us: self.receiver.now_us().saturating_sub(late_us),
            };
            pipeline
                .publish(subject, stamp.to_data(PAD_BYTES))
                .await
                .map_err(unavailable)?;
        }
        pipeline.finish().await.map(|_| ()).map_err(unavailable)
    }
}
