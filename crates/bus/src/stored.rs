//! Messages of a stream by their place in it.

use async_nats::jetstream::{
    message::StreamMessage,
    stream::{DirectGetErrorKind, RawMessageErrorKind},
};

use crate::{bus::Bus, error::BusError};

impl Bus {
    /// The message at a place of a stream; `None` when there is none any more.
    ///
    /// Every server that has a copy of the stream may answer, which spares its leader. One whose copy lags behind does
    /// not know of what was stored just now, so that there is no such message is for the leader to say.
    pub(crate) async fn message_at(
        &self,
        stream: &str,
        sequence: u64,
    ) -> Result<Option<StreamMessage>, BusError> {
        let stream = self
            .jetstream
            .get_stream_no_info(stream)
            .await
            .map_err(|error| BusError::Unavailable(error.to_string()))?;
        match stream.direct_get(sequence).await {
            Ok(message) => return Ok(Some(message)),
            Err(error) if error.kind() == DirectGetErrorKind::NotFound => {}
            Err(error) => return Err(BusError::Unavailable(error.to_string())),
        }
        match stream.get_raw_message(sequence).await {
            Ok(message) => Ok(Some(message)),
            Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => Ok(None),
            Err(error) => Err(BusError::Unavailable(error.to_string())),
        }
    }
}
