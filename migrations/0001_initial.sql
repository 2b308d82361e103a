-- The first schema. Forward only; a later file expands, and contracts no sooner than a release after.
--
-- Ids begin with 48 bits of milliseconds, so a table partitioned by ranges of ids is partitioned by time.
-- Partitions (one a day, named <table>_yYYYYmMMdDD) are made by the program, days ahead; what no partition
-- takes goes to the default one, so that nothing is ever refused or lost.

CREATE TABLE tenants (
    id         text COLLATE "C" PRIMARY KEY,
    created_at timestamptz NOT NULL
);

-- One row. Every change of a webhook locks it, raises the version and stamps the webhook with it, so
-- versions commit in the order of their numbers and "what changed since n" misses nothing.
CREATE TABLE configuration (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    version   bigint NOT NULL
);
INSERT INTO configuration (version) VALUES (0);

-- A deleted webhook stays as a tombstone without settings and secrets: replicas learn of it by its version,
-- and what was still under way for it is not recorded any more.
CREATE TABLE webhooks (
    id                         uuid PRIMARY KEY,
    tenant                     text COLLATE "C" NOT NULL,
    version                    bigint NOT NULL,
    name                       text NOT NULL,
    url                        text NOT NULL,
    event_types                text[] NOT NULL,
    settings                   text NOT NULL, -- JSON, but no jsonb: that refuses \u0000, which a template may hold
    sealed_auth                bytea,
    sealed_secret              bytea,
    sealed_previous_secret     bytea,
    previous_secret_expires_at timestamptz,
    enabled                    boolean NOT NULL,
    disabled_reason            text,
    created_by                 text NOT NULL,
    updated_by                 text NOT NULL,
    created_at                 timestamptz NOT NULL,
    updated_at                 timestamptz NOT NULL,
    deleted_at                 timestamptz,
    purged_at                  timestamptz,
    CONSTRAINT a_live_webhook_has_a_secret CHECK (deleted_at IS NOT NULL OR sealed_secret IS NOT NULL)
);
CREATE INDEX webhooks_by_tenant ON webhooks (tenant, id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX webhooks_by_version ON webhooks (version);
CREATE INDEX webhooks_to_purge ON webhooks (id) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;

-- Counted by the recorder. Several rows for one webhook, so that replicas rarely wait for each other;
-- nothing but the primary key is indexed and pages have room, so updates stay on their page (HOT).
CREATE TABLE webhook_totals (
    webhook_id  uuid NOT NULL,
    shard       smallint NOT NULL,
    total       bigint NOT NULL,
    successful  bigint NOT NULL,
    last_at     timestamptz,
    last_status smallint,
    PRIMARY KEY (webhook_id, shard)
) WITH (fillfactor = 50);

CREATE TABLE events (
    id              uuid PRIMARY KEY,
    tenant          text COLLATE "C" NOT NULL,
    event_type      text COLLATE "C" NOT NULL,
    "timestamp"     timestamptz NOT NULL,
    accepted_at     timestamptz NOT NULL,
    stream_sequence bigint NOT NULL,
    data            bytea NOT NULL,
    ce_id           text,
    ce_source       text,
    ce_subject      text,
    traceparent     text,
    tracestate      text
) PARTITION BY RANGE (id);
CREATE INDEX events_by_tenant ON events (tenant, id);
CREATE INDEX events_by_type ON events (tenant, event_type, id);
CREATE TABLE events_default PARTITION OF events DEFAULT;

-- status: 0 pending, 1 success, 2 retrying, 3 failed. run_start is attempt_count when the current run of
-- retries began: a retry by hand starts the policy anew.
CREATE TABLE deliveries (
    id               uuid PRIMARY KEY,
    webhook_id       uuid NOT NULL,
    event_id         uuid NOT NULL,
    created_at       timestamptz NOT NULL,
    delivered_at     timestamptz,
    next_retry_at    timestamptz,
    attempt_count    integer NOT NULL,
    run_start        integer NOT NULL DEFAULT 0,
    response_time_ms integer,
    status           smallint NOT NULL,
    status_code      smallint,
    tenant           text COLLATE "C" NOT NULL,
    event_type       text COLLATE "C" NOT NULL,
    error_message    text
) PARTITION BY RANGE (id);
CREATE INDEX deliveries_by_tenant ON deliveries (tenant, id);
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, id);
CREATE INDEX deliveries_by_type ON deliveries (tenant, event_type, id);
-- Successes are nearly all rows: an index by status holds only the others, and a first success writes none.
CREATE INDEX deliveries_unsuccessful_by_tenant ON deliveries (tenant, status, id) WHERE status <> 1;
CREATE INDEX deliveries_unsuccessful_by_webhook ON deliveries (webhook_id, status, id) WHERE status <> 1;
CREATE TABLE deliveries_default PARTITION OF deliveries DEFAULT;

-- What came from outside is kept as bytes: it may hold anything.
CREATE TABLE attempts (
    delivery_id      uuid NOT NULL,
    started_at       timestamptz NOT NULL,
    number           integer NOT NULL,
    response_time_ms integer,
    status_code      smallint,
    manual           boolean NOT NULL,
    error_message    text,
    request_headers  bytea NOT NULL,
    response_headers bytea,
    response_body    bytea,
    request_body     bytea,
    PRIMARY KEY (delivery_id, number)
) PARTITION BY RANGE (delivery_id);
CREATE TABLE attempts_default PARTITION OF attempts DEFAULT;

CREATE TABLE api_keys (
    id         uuid PRIMARY KEY,
    hash       bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    hint       text NOT NULL,
    name       text NOT NULL,
    role       text NOT NULL CHECK (role IN ('admin', 'manager', 'publisher', 'viewer')),
    tenant     text COLLATE "C" REFERENCES tenants (id),
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    CONSTRAINT only_an_admin_has_no_tenant CHECK (role = 'admin' OR tenant IS NOT NULL)
);
CREATE INDEX api_keys_by_tenant ON api_keys (tenant, id);

CREATE TABLE audit_log (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL,
    actor       text NOT NULL,
    tenant      text COLLATE "C",
    action      text NOT NULL,
    target_kind text NOT NULL,
    target_id   text NOT NULL,
    details     jsonb NOT NULL
);
CREATE INDEX audit_log_by_tenant ON audit_log (tenant, id);
CREATE INDEX audit_log_by_target ON audit_log (target_id, id);
