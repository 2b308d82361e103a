-- Failures of the old URL say nothing of the new one. (The function is that of a webhook that is enabled again.)
CREATE TRIGGER forget_failure_streak_of_old_url AFTER UPDATE OF url ON webhooks
    FOR EACH ROW WHEN (OLD.url IS DISTINCT FROM NEW.url) EXECUTE FUNCTION forget_failure_streak();
