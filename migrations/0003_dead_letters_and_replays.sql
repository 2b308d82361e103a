-- The index of POSTHORN_DEAD_LETTERS: what lies there and where, so that it can be found. The payloads stay in the
-- stream. A letter that is settled (retried, discarded, delivered after all) is not listed any more; it is deleted
-- from the stream, then here, unless a replay still has to bring it on its way.
CREATE SEQUENCE dead_letter_positions;
CREATE TABLE dead_letters (
    id              uuid PRIMARY KEY,
    position        bigint NOT NULL DEFAULT nextval('dead_letter_positions'),
    stream_sequence bigint NOT NULL,
    created_at      timestamptz NOT NULL,
    settled_at      timestamptz,
    replay_id       uuid,
    webhook_id      uuid,    -- NULL, like event_id and event_type: a message that could not be read
    event_id        uuid,
    attempts        integer NOT NULL,
    last_status     smallint,
    tenant          text COLLATE "C" NOT NULL,
    event_type      text COLLATE "C",
    subject         text,
    reason          text NOT NULL,
    CONSTRAINT a_letter_is_of_a_delivery_or_of_a_message CHECK ((webhook_id IS NULL) = (subject IS NOT NULL))
);
CREATE INDEX dead_letters_by_tenant ON dead_letters (tenant, position) WHERE settled_at IS NULL;
CREATE INDEX dead_letters_by_webhook ON dead_letters (tenant, webhook_id, position);
CREATE INDEX dead_letters_of_replay ON dead_letters (replay_id, id) WHERE replay_id IS NOT NULL;
CREATE INDEX dead_letters_settled ON dead_letters (settled_at) WHERE settled_at IS NOT NULL AND replay_id IS NULL;
CREATE INDEX dead_letters_by_age ON dead_letters (created_at);

-- Accepted work: deliveries that somebody asked for again, brought on their way page by page. `cursor` is how far
-- that has come; nobody but the holder of lease number `lease` goes on before `not_before`.
CREATE TABLE replays (
    id            uuid PRIMARY KEY,
    tenant        text COLLATE "C" NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('event', 'webhook', 'dead_letters', 'disabled')),
    status        text NOT NULL CHECK (status IN ('queued', 'running', 'done', 'cancelled', 'failed')),
    webhook_id    uuid,
    event_id      uuid,
    selection     text NOT NULL, -- JSON: what else the kind needs to know
    cursor        uuid,
    total         bigint,
    handed_over   bigint NOT NULL DEFAULT 0,
    skipped       bigint NOT NULL DEFAULT 0,
    error_message text,
    created_by    text NOT NULL,
    created_at    timestamptz NOT NULL,
    started_at    timestamptz,
    finished_at   timestamptz,
    lease         bigint NOT NULL DEFAULT 0,
    not_before    timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX replays_by_tenant ON replays (tenant, id);
CREATE INDEX replays_to_do ON replays (not_before) WHERE status IN ('queued', 'running');
