-- What a webhook wanted until it was changed or disabled. An event that was accepted before that is still for it, however
-- late a deliverer comes to it. Kept by a trigger, so that it is there whichever release makes the change. Of one webhook the
-- last 20 are kept, and none of a deleted one.
CREATE TABLE former_subscriptions (
    webhook_id  uuid NOT NULL,
    ended_at    timestamptz NOT NULL, -- by this server's clock
    event_types text[] NOT NULL,
    settings    text NOT NULL, -- JSON, with the filter in it
    PRIMARY KEY (webhook_id, ended_at)
);
CREATE INDEX former_subscriptions_by_age ON former_subscriptions (ended_at);

CREATE FUNCTION keep_former_subscription() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.deleted_at IS NOT NULL THEN
        DELETE FROM former_subscriptions WHERE webhook_id = NEW.id;
        RETURN NULL;
    END IF;
    INSERT INTO former_subscriptions (webhook_id, ended_at, event_types, settings)
    VALUES (NEW.id, clock_timestamp(), OLD.event_types, OLD.settings)
    ON CONFLICT DO NOTHING;
    DELETE FROM former_subscriptions WHERE webhook_id = NEW.id AND ended_at <= (
        SELECT ended_at FROM former_subscriptions WHERE webhook_id = NEW.id ORDER BY ended_at DESC OFFSET 20 LIMIT 1);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_former_subscription AFTER UPDATE OF event_types, settings, enabled, deleted_at ON webhooks
    FOR EACH ROW WHEN (
        OLD.deleted_at IS NULL AND (NEW.deleted_at IS NOT NULL OR (OLD.enabled AND (
            NOT NEW.enabled OR OLD.event_types IS DISTINCT FROM NEW.event_types
                OR OLD.settings IS DISTINCT FROM NEW.settings))))
    EXECUTE FUNCTION keep_former_subscription();
