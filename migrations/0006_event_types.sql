-- What each tenant says of its event types.

-- JSON is text, no jsonb: that refuses \u0000 and prints numbers anew.
CREATE TABLE event_types (
    tenant      text COLLATE "C" NOT NULL,
    name        text COLLATE "C" NOT NULL,
    label       text NOT NULL,
    category    text,
    description text,
    example     text,
    schema      text,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant, name)
);

-- The version of the configuration that changed a tenant's event types last. Replicas that know version n read the
-- tenants with a higher one. The row stays when the types are gone, so that replicas hear of that too.
CREATE TABLE catalogues (
    tenant  text COLLATE "C" PRIMARY KEY,
    version bigint NOT NULL
);
CREATE INDEX catalogues_by_version ON catalogues (version);
