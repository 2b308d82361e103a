-- Erasure: the payload of an event goes, its record stays. A release that does not know of this finds `null` as the data.
ALTER TABLE events ADD COLUMN erased_at timestamptz;

-- Tombstones of erased events. Whoever records, sends or indexes something of an event looks here first, so that what was
-- under way when it was erased brings nothing back. Positions are given one transaction after the other, so whoever has
-- read up to one misses none.
CREATE TABLE erased_events (
    event_id        uuid PRIMARY KEY,
    position        bigint GENERATED ALWAYS AS IDENTITY,
    tenant          text COLLATE "C" NOT NULL,
    erased_at       timestamptz NOT NULL,
    erasure_id      uuid, -- NULL: asked for by its id
    stream_sequence bigint NOT NULL,
    accepted_at     timestamptz NOT NULL,
    overwritten     boolean NOT NULL DEFAULT true, -- its bytes in the streams' files are overwritten, not only let go
    stage           smallint NOT NULL DEFAULT 0, -- 0: decided, 1: gone from the tables, 2: gone from the streams too
    not_before      timestamptz NOT NULL -- nobody else goes on with it before this
);
CREATE INDEX erased_events_by_position ON erased_events (position);
CREATE INDEX erased_events_unfinished ON erased_events (stage, not_before) WHERE stage < 2;
CREATE INDEX erased_events_of_erasure ON erased_events (erasure_id) WHERE stage < 2;

-- Erasures by filter: accepted work, done page by page as replays are.
CREATE TABLE erasures (
    id            uuid PRIMARY KEY,
    tenant        text COLLATE "C" NOT NULL,
    status        text NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed')),
    event_type    text COLLATE "C",
    since         timestamptz,
    until         timestamptz NOT NULL,
    up_to         bigint, -- the end of the stream of events when the work began
    is_last_pass  boolean NOT NULL DEFAULT false, -- all events up to there have their records
    cursor        uuid,
    events        bigint NOT NULL DEFAULT 0,
    error_message text,
    created_by    text NOT NULL,
    created_at    timestamptz NOT NULL,
    started_at    timestamptz,
    finished_at   timestamptz,
    lease         bigint NOT NULL DEFAULT 0,
    not_before    timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX erasures_by_tenant ON erasures (tenant, id);
CREATE INDEX erasures_to_do ON erasures (not_before) WHERE status IN ('queued', 'running');
