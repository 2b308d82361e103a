-- Secrets that were replaced before the last one and still sign, each until its own end: sealed JSON, a list of
-- {"secret", "until"}, the newest first. What signed last before the present one stays in sealed_previous_secret, where the
-- release before looks for it.
ALTER TABLE webhooks ADD COLUMN IF NOT EXISTS sealed_older_secrets bytea;
