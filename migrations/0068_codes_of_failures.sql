-- Why no answer came, as a stable code beside the words; NULL where the receiver answered, and in what was recorded
-- before. And the shape in which the body was sent, from which it can be made again whatever the webhook's settings are by
-- then: 1 standard, 2 classic, 3 cloudevents, 4 raw; NULL where the bytes are kept, and in what was recorded before.
-- IF NOT EXISTS takes the same lock, and lets a test run this again.
ALTER TABLE deliveries ADD COLUMN IF NOT EXISTS failure text COLLATE "C";
ALTER TABLE attempts
    ADD COLUMN IF NOT EXISTS failure text COLLATE "C",
    ADD COLUMN IF NOT EXISTS request_format smallint;
