-- When a webhook's last recovery was announced: after one, nothing is said for a while. The row of a webhook that is well
-- stays until its next success after that. A service that does not know of this says what it sees, as before.
ALTER TABLE failure_streaks ADD COLUMN recovered_at timestamptz;
