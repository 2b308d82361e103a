-- A deleted webhook leaves a row from which replicas learn of it. When all of them must have, that is forgotten too.
CREATE INDEX webhooks_to_forget ON webhooks (purged_at) WHERE purged_at IS NOT NULL;
