CREATE FUNCTION seed_ms(moment timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE
    AS $$ SELECT floor(extract(epoch FROM moment) * 1000)::bigint $$;
-- The smallest id of a moment.
CREATE FUNCTION seed_floor(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE
    AS $$ SELECT (lpad(to_hex(seed_ms(moment)), 12, '0') || repeat('0', 20))::uuid $$;
-- An id of a millisecond, with the version and something unique.
CREATE FUNCTION seed_id(ms bigint, version text, seed text) RETURNS uuid LANGUAGE sql IMMUTABLE
    AS $$ SELECT (lpad(to_hex(ms), 12, '0') || version || substr(md5(seed), 1, 3) || '8' || substr(md5(seed), 4, 15))::uuid $$;
-- A number from 0 to 1 that follows from another.
CREATE FUNCTION seed_share(n bigint, salt bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
    AS $$ SELECT (hashint8extended(n, salt) & 1048575) / 1048576.0 $$;

-- The deliveries of a day, two to each event. Webhooks and types are skewed as in life: the first have most. One
-- webhook hardly ever succeeds, and what waits is all of today and yesterday.
CREATE FUNCTION seed_day(ago int, first bigint, count bigint) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
    day timestamptz := date_trunc('day', now(), 'UTC') - make_interval(days => ago);
    width bigint := CASE ago WHEN 0 THEN seed_ms(now()) - seed_ms(day) ELSE 86400000 END;
    types text[] := ARRAY['order.created', 'order.updated', 'user.created', 'user.updated', 'payment.succeeded',
        'payment.failed', 'device.seen', 'alert.fired', 'alert.dismissed', 'user.deleted'];
    of_tenant jsonb;
    part text;
    made text;
BEGIN
    SELECT jsonb_object_agg(tenant, ids) INTO of_tenant
        FROM (SELECT tenant, jsonb_agg(id ORDER BY id) AS ids FROM webhooks GROUP BY tenant) AS w;
    CREATE TEMP TABLE day_events ON COMMIT DROP AS
        SELECT e, ms, seed_id(ms, '7', 'e' || e) AS id,
            CASE WHEN share < 0.6 THEN 'default' WHEN share < 0.9 THEN 'acme' ELSE 'team-' || e % 2 END AS tenant,
            CASE WHEN e % 20011 = 0 THEN 'invoice.disputed'
                ELSE types[1 + floor(10 * power(seed_share(e, 2), 2))::int] END AS event_type
        FROM (SELECT e, seed_ms(day) + (e - first / 2) * width / (count / 2) AS ms, seed_share(e, 1) AS share
              FROM generate_series(first / 2, first / 2 + count / 2 - 1) AS e) AS spread;
    CREATE TEMP TABLE day_deliveries ON COMMIT DROP AS
        SELECT *, CASE
                WHEN webhook_number = 59 AND tenant = 'default' THEN CASE WHEN share < 0.999 THEN 3 ELSE 1 END
                WHEN ago < 2 AND share < 0.01 THEN 2
                WHEN ago < 2 AND share < 0.012 THEN 0
                WHEN share < 0.045 THEN 3 ELSE 1 END AS status
        FROM (SELECT 2 * e + second AS n, e, ms, id AS event_id, tenant, event_type, seed_share(2 * e + second, 3) AS share,
                floor(jsonb_array_length(of_tenant -> tenant) * power(seed_share(2 * e + second, 4), 2))::int AS webhook_number
              FROM day_events CROSS JOIN generate_series(0, 1) AS second) AS d;

    -- As the program makes partitions: apart, then attached, which is also when indexes cost least.
    FOREACH part IN ARRAY ARRAY['events', 'deliveries', 'attempts'] LOOP
        made := part || to_char(day AT TIME ZONE 'UTC', '"_y"YYYY"m"MM"d"DD');
        CONTINUE WHEN to_regclass(made) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION)',
            made, part);
    END LOOP;
    made := to_char(day AT TIME ZONE 'UTC', '"_y"YYYY"m"MM"d"DD');
    EXECUTE format($$INSERT INTO %I (id, tenant, event_type, "timestamp", accepted_at, stream_sequence, data)
        SELECT id, tenant, event_type, to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0), e,
            convert_to('{"n": ' || e || ', "text": "' || repeat(md5('d' || e), 4) || '"}', 'UTF8') FROM day_events$$,
        'events' || made);
    EXECUTE format($$INSERT INTO %I (id, webhook_id, event_id, created_at, delivered_at, next_retry_at, attempt_count,
            response_time_ms, status, status_code, tenant, event_type, error_message)
        SELECT seed_id(ms, '8', 'd' || n), (%L::jsonb -> tenant ->> webhook_number)::uuid, event_id, to_timestamp(ms / 1000.0),
            CASE status WHEN 1 THEN to_timestamp(ms / 1000.0) END, CASE WHEN status IN (0, 2) THEN now() + interval '1 hour' END,
            CASE status WHEN 0 THEN 0 WHEN 3 THEN 5 ELSE 1 END, (20 * exp(2 * share))::int, status,
            CASE status WHEN 1 THEN 200 WHEN 0 THEN NULL ELSE 503 END, tenant, event_type,
            CASE WHEN status IN (2, 3) THEN '503 Service Unavailable' END FROM day_deliveries$$,
        'deliveries' || made, of_tenant);
    EXECUTE format($$INSERT INTO %I (delivery_id, started_at, number, response_time_ms, status_code, manual, error_message,
            request_headers, response_headers)
        SELECT seed_id(ms, '8', 'd' || n), to_timestamp(ms / 1000.0), number, (20 * exp(2 * share))::int,
            CASE status WHEN 1 THEN 200 ELSE 503 END, false, CASE WHEN status <> 1 THEN '503 Service Unavailable' END,
            convert_to('content-type: application/json', 'UTF8'), convert_to('server: seed', 'UTF8')
        FROM day_deliveries CROSS JOIN generate_series(1, CASE status WHEN 0 THEN 0 WHEN 3 THEN 5 ELSE 1 END) AS number$$,
        'attempts' || made);
    FOREACH part IN ARRAY ARRAY['events', 'deliveries', 'attempts'] LOOP
        CONTINUE WHEN EXISTS (SELECT FROM pg_inherits WHERE inhrelid = (part || made)::regclass);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part, part || made,
            seed_floor(day), seed_floor(day + interval '1 day'));
    END LOOP;
END $body$;
