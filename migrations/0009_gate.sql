-- What replicas must agree on before they send to a webhook. Few webhooks have rows here, and they are written when
-- something changes, not for each attempt.

-- The next free moment of a webhook with a rate limit. Whoever moves it forward owns the moments that it passed over.
-- A row whose moment is past means nothing, and goes after a while.
CREATE TABLE rate_limits (
    webhook_id uuid PRIMARY KEY,
    per_second integer NOT NULL, -- another limit starts anew
    next_slot  timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Receivers that are left alone: because they are down (open), or because they asked for it (silent).
-- Replicas read what changed lately, so a row is not deleted before all have seen its last change.
CREATE TABLE breakers (
    webhook_id   uuid PRIMARY KEY,
    is_open      boolean NOT NULL,
    opened_at    timestamptz,
    open_until   timestamptz,
    openings     integer NOT NULL DEFAULT 0,
    reason       text,
    probe_until  timestamptz, -- a replica is finding out how the receiver is, and gives up at this moment
    silent_until timestamptz,
    changed_at   timestamptz NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX breakers_by_change ON breakers (changed_at);

-- A webhook that is enabled or gets another URL begins anew; a deleted one leaves nothing behind. (Deletion disables.)
CREATE FUNCTION forget_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.deleted_at IS NOT NULL THEN
        DELETE FROM breakers WHERE webhook_id = NEW.id;
        DELETE FROM rate_limits WHERE webhook_id = NEW.id;
    ELSE
        UPDATE breakers SET is_open = false, openings = 0, probe_until = NULL, silent_until = NULL,
            changed_at = clock_timestamp() WHERE webhook_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_gate AFTER UPDATE OF enabled, url ON webhooks
    FOR EACH ROW WHEN (OLD.enabled IS DISTINCT FROM NEW.enabled OR OLD.url IS DISTINCT FROM NEW.url)
    EXECUTE FUNCTION forget_gate();
