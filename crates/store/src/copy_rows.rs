//! Rows in the binary format of `COPY … FROM STDIN` (PostgreSQL documentation, `COPY`, "Binary Format").

use posthorn_domain::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::StoreError;

/// Signature, no flags, no extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();
const NULL: [u8; 4] = (-1_i32).to_be_bytes();
/// PostgreSQL counts microseconds from the year 2000: this many after the Unix epoch.
const EPOCH_MICROS: i64 = 946_684_800_000_000;
/// Bytes of one message of the protocol. Its bound is 1 GiB; memory's comes sooner.
const MESSAGE_BYTES: usize = 1024 * 1024;

/// Rows on their way into one table. Values are put in the order of the statement's columns.
pub(crate) struct CopyRows {
    bytes: Vec<u8>,
    columns: i16,
}

impl CopyRows {
    /// No rows yet, each of `columns` values; room for `bytes` of them.
    pub(crate) fn new(columns: i16, bytes: usize) -> Self {
        let mut buffer = Vec::with_capacity(HEADER.len() + bytes);
        buffer.extend_from_slice(HEADER);
        Self {
            bytes: buffer,
            columns,
        }
    }

    /// Begins a row.
    pub(crate) fn row(&mut self) -> &mut Self {
        self.bytes.extend_from_slice(&self.columns.to_be_bytes());
        self
    }

    /// A `bytea`, a `text` (UTF-8, without U+0000), or any other value that is spelled out.
    pub(crate) fn bytes(&mut self, value: &[u8]) -> &mut Self {
        // Nothing that is written is near 2 GiB; what were would be refused by the server.
        let length = i32::try_from(value.len()).unwrap_or(i32::MAX);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(value);
        self
    }

    /// The value, or NULL.
    pub(crate) fn optional<T>(
        &mut self,
        value: Option<T>,
        put: impl FnOnce(&mut Self, T) -> &mut Self,
    ) -> &mut Self {
        match value {
            Some(value) => put(self, value),
            None => {
                self.bytes.extend_from_slice(&NULL);
                self
            }
        }
    }

    pub(crate) fn text(&mut self, value: &str) -> &mut Self {
        self.bytes(value.as_bytes())
    }

    pub(crate) fn uuid(&mut self, value: Uuid) -> &mut Self {
        self.bytes(value.as_bytes())
    }

    pub(crate) fn smallint(&mut self, value: i16) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    pub(crate) fn integer(&mut self, value: i32) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    pub(crate) fn bigint(&mut self, value: i64) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    pub(crate) fn boolean(&mut self, value: bool) -> &mut Self {
        self.bytes(&[u8::from(value)])
    }

    /// A `timestamptz`, to the microsecond.
    pub(crate) fn timestamp(&mut self, value: Timestamp) -> &mut Self {
        self.bigint(value.timestamp_micros() - EPOCH_MICROS)
    }

    /// Sends them all. A row whose key is taken fails the whole, and with it the transaction.
    pub(crate) async fn write(
        mut self,
        connection: &mut PgConnection,
        statement: &'static str,
    ) -> Result<(), StoreError> {
        self.bytes.extend_from_slice(&TRAILER);
        let mut copy = connection.copy_in_raw(statement).await?;
        for message in self.bytes.chunks(MESSAGE_BYTES) {
            copy.send(message).await?;
        }
        copy.finish().await?;
        Ok(())
    }
}
