-- Which message is attempting a delivery, so that no other message of it sends a request meanwhile. Claims are taken for
-- deliveries that have, or may have, more than one message: a first attempt straight from its event writes none unless
-- it is slow. A row lives as long as its attempt. Unlogged: it costs no WAL, and a crash of PostgreSQL that forgets it
-- can at worst repeat a request, as a crash may. Dead rows are cleared away early, so that the table stays small.
CREATE UNLOGGED TABLE attempt_claims (
    delivery_id   uuid PRIMARY KEY,
    message       bigint NOT NULL, -- sequence in POSTHORN_DELIVERIES, or, negative, in POSTHORN_EVENTS
    claimed_until timestamptz NOT NULL -- lapses if the message is gone; its redelivery takes the claim over at once
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
