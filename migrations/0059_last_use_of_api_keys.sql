-- When a key was last used, to the minute: written in batches, and behind the requests. No index holds it, and pages have
-- room, so the update of a row stays on its page (HOT).
ALTER TABLE api_keys ADD COLUMN last_used_at timestamptz;
ALTER TABLE api_keys SET (fillfactor = 70);
