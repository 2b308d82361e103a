-- Events that are to be published, in the database of the service whose events they are.
CREATE TABLE IF NOT EXISTS outbox (
    id          uuid        PRIMARY KEY DEFAULT gen_random_uuid(), -- names the event: publishing it twice gives one
    position    bigint      GENERATED ALWAYS AS IDENTITY,
    tenant      text        NOT NULL DEFAULT 'default',
    event_type  text        NOT NULL,
    data        json        NOT NULL, -- not jsonb: what is published are the bytes that were written here
    traceparent text,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS outbox_by_position ON outbox (position);

-- A service writes the fact and the event in one transaction:
--
--   BEGIN;
--   UPDATE users SET plan = 'pro' WHERE id = 7;
--   INSERT INTO outbox (event_type, data) VALUES ('user.upgraded', '{"id": 7, "plan": "pro"}');
--   COMMIT;
