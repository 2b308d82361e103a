-- Whether any failure streak has changed. Replicas ask for this number every other second, and read the streaks only when
-- it has moved: most of the time thousands of webhooks that fail change nothing. It moves before the change is visible,
-- so whoever sees it move reads twice.
CREATE SEQUENCE failure_streak_changes;

CREATE FUNCTION note_failure_streak_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nextval('failure_streak_changes');
    RETURN NULL;
END $$;
CREATE TRIGGER note_failure_streak_change AFTER INSERT OR UPDATE OR DELETE ON failure_streaks
    FOR EACH STATEMENT EXECUTE FUNCTION note_failure_streak_change();
