-- How often each webhook's filter failed on an event, by the hour, and the last failure of that hour. Deliverers add to it
-- in batches; rows are small and changed in place (HOT).
CREATE TABLE filter_failures (
    webhook_id    uuid NOT NULL,
    hour          timestamptz NOT NULL,
    failures      bigint NOT NULL,
    last_event_id uuid NOT NULL,
    last_at       timestamptz NOT NULL,
    last_reason   text NOT NULL,
    PRIMARY KEY (webhook_id, hour)
) WITH (fillfactor = 70);
CREATE INDEX filter_failures_by_age ON filter_failures (hour);
