-- The failures of a webhook since its last success; no row means that nothing is wrong. Few webhooks have one, and a
-- row is written when something changes, not for each attempt.
CREATE TABLE failure_streaks (
    webhook_id      uuid PRIMARY KEY,
    failures        integer NOT NULL,
    failing_since   timestamptz,
    last_failed_at  timestamptz,
    announced_since timestamptz
) WITH (fillfactor = 50);

-- A webhook that is enabled begins anew, whoever disabled it and however: failures of last month must not end it at
-- its first failure of today. A deleted one leaves nothing behind. (Deletion disables.)
CREATE FUNCTION forget_failure_streak() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM failure_streaks WHERE webhook_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_failure_streak AFTER UPDATE OF enabled ON webhooks
    FOR EACH ROW WHEN (OLD.enabled IS DISTINCT FROM NEW.enabled) EXECUTE FUNCTION forget_failure_streak();

-- Operational events that are decided and not known to be published yet, written in the transaction that decided them.
CREATE TABLE announcements (
    id         uuid PRIMARY KEY, -- the event's
    created_at timestamptz NOT NULL,
    webhook_id uuid NOT NULL,
    tenant     text COLLATE "C" NOT NULL,
    event_type text COLLATE "C" NOT NULL,
    data       text NOT NULL -- JSON
);
