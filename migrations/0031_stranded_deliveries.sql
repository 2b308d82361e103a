-- What replicas do in turns, page by page: who it is for a while, and how far it has come.
CREATE TABLE sweeps (
    name       text PRIMARY KEY,
    not_before timestamptz NOT NULL,
    cursor_due timestamptz,
    cursor_id  uuid
);
-- Deliveries that wait, by their due time: what is long overdue has lost its message. A success has no entry.
CREATE INDEX deliveries_by_due ON deliveries (next_retry_at, id) WHERE status IN (0, 2);
