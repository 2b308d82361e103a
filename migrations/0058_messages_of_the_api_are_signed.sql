-- What the api publishes is signed, and the names of idempotency keys on the stream follow from a key, so that nobody who
-- may publish on NATS can take the id or the key of another. The key is the installation's; it never changes.
ALTER TABLE configuration
    ADD COLUMN message_key bytea NOT NULL DEFAULT (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
-- The release before does not sign, and names keys so that they can be guessed. Its messages are believed, and its names
-- are asked for first, until this moment. NULL, as in an installation that nobody has used yet: never.
ALTER TABLE configuration ADD COLUMN unsigned_events_until timestamptz;
UPDATE configuration SET unsigned_events_until = now() + interval '2 hours'
    WHERE EXISTS (SELECT FROM webhooks) OR EXISTS (SELECT FROM api_keys);
