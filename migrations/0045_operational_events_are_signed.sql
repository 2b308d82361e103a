-- Operational events are signed, and unsigned ones are refused. The release before this one does not sign: what its
-- deliverers publish until they are replaced is taken for genuine until this moment. NULL, as in an installation that
-- has no webhook yet: nothing unsigned is genuine.
ALTER TABLE configuration ADD COLUMN unsigned_operational_until timestamptz;
UPDATE configuration SET unsigned_operational_until = now() + interval '2 hours' WHERE EXISTS (SELECT FROM webhooks);
