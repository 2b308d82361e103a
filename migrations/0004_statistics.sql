-- Statistics: what the recorder adds, and what a fold makes of it. A number belongs to the bucket (5 minutes, UTC) in
-- which its delivery was created, whenever it is learnt. Reads add what is not folded yet, so they are exact at once.

-- Inserted with every batch and emptied by the fold every few seconds. No index: nothing is ever looked up here.
-- Numbers are differences, so a failure that becomes a success is -1 and +1.
CREATE TABLE statistics_deltas (
    bucket      timestamptz NOT NULL,
    webhook_id  uuid NOT NULL,
    response_ms bigint NOT NULL, -- of the answered attempts together
    deliveries  integer NOT NULL,
    successes   integer NOT NULL,
    failures    integer NOT NULL,
    attempts    integer NOT NULL,
    answered    integer NOT NULL, -- attempts that brought an HTTP answer
    tenant      text COLLATE "C" NOT NULL,
    event_type  text COLLATE "C" NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- How many answered attempts fell into a latency bucket (logarithmic, four to each doubling of milliseconds).
CREATE TABLE latency_deltas (
    bucket     timestamptz NOT NULL,
    webhook_id uuid NOT NULL,
    answered   integer NOT NULL,
    latency    smallint NOT NULL,
    tenant     text COLLATE "C" NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- The sums, in buckets of 5 minutes for two days and of an hour for as long as deliveries are kept. The nil UUID as
-- webhook_id stands for the whole tenant. No counter is indexed and pages have room, so updates stay on their page.
CREATE TABLE statistics_5m (
    bucket      timestamptz NOT NULL,
    webhook_id  uuid NOT NULL,
    deliveries  bigint NOT NULL,
    successes   bigint NOT NULL,
    failures    bigint NOT NULL,
    attempts    bigint NOT NULL,
    answered    bigint NOT NULL,
    response_ms bigint NOT NULL,
    tenant      text COLLATE "C" NOT NULL,
    event_type  text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, webhook_id, bucket, event_type)
) WITH (fillfactor = 70);
CREATE INDEX statistics_5m_by_age ON statistics_5m (bucket);
CREATE TABLE statistics_1h (LIKE statistics_5m INCLUDING STORAGE, PRIMARY KEY (tenant, webhook_id, bucket, event_type))
    WITH (fillfactor = 70);
CREATE INDEX statistics_1h_by_age ON statistics_1h (bucket);

CREATE TABLE latency_5m (
    bucket     timestamptz NOT NULL,
    webhook_id uuid NOT NULL,
    answered   bigint NOT NULL,
    latency    smallint NOT NULL,
    tenant     text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, webhook_id, bucket, latency)
) WITH (fillfactor = 70);
CREATE INDEX latency_5m_by_age ON latency_5m (bucket);
CREATE TABLE latency_1h (LIKE latency_5m INCLUDING STORAGE, PRIMARY KEY (tenant, webhook_id, bucket, latency))
    WITH (fillfactor = 70);
CREATE INDEX latency_1h_by_age ON latency_1h (bucket);
