-- What a tenant keeps. NULL: as the installation does.
ALTER TABLE tenants ADD COLUMN retention_days integer;
ALTER TABLE tenants ADD COLUMN keep_payload text; -- 'always' (NULL) or 'until_settled'

-- How far the events of a tenant that keeps payloads until they are settled were looked at; those that were not settled
-- then are looked at again.
ALTER TABLE tenants ADD COLUMN payload_cursor uuid;
CREATE TABLE unsettled_payloads (
    event_id  uuid PRIMARY KEY,
    tenant    text COLLATE "C" NOT NULL,
    looked_at timestamptz NOT NULL
);
CREATE INDEX unsettled_payloads_by_tenant ON unsettled_payloads (tenant, looked_at);

-- A tenant that is being deleted keeps its row until everything of it is gone: nobody takes the name meanwhile.
ALTER TABLE tenants ADD COLUMN deleting_since timestamptz;
ALTER TABLE tenants ADD COLUMN deletion_not_before timestamptz; -- nobody else goes on with it before this

-- Where the stream of events ended when the last tenant of this name was gone, by NATS's count and clock: what lies before
-- that belongs to nobody. Kept as long as a stream keeps events.
CREATE TABLE deleted_tenants (
    tenant          text COLLATE "C" PRIMARY KEY,
    deleted_at      timestamptz NOT NULL,
    stream_sequence bigint NOT NULL,
    stream_time     timestamptz NOT NULL
);
