-- Up to where every message of a stream is settled, noted every few seconds: a consumer that has to be made again begins
-- behind that. The time is NATS's, as that of the messages is. A version that does not know of this makes it from the
-- stream's first message, as before.
CREATE TABLE consumer_floors (
    stream   text COLLATE "C" PRIMARY KEY,
    sequence bigint NOT NULL,
    noted_at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Where the stream of events ended when the webhook was made, by NATS's count and clock. NULL: NATS was away, or a version
-- that does not ask made it.
ALTER TABLE webhooks ADD COLUMN made_after_sequence bigint;
ALTER TABLE webhooks ADD COLUMN made_after_time timestamptz;
