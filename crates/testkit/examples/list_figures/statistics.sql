-- Groups of millions of rows, in memory.
SET work_mem = '512MB';
ANALYZE deliveries;
INSERT INTO statistics_1h (bucket, webhook_id, tenant, event_type, deliveries, successes, failures, attempts, answered, response_ms)
SELECT date_trunc('hour', created_at, 'UTC'), owner, tenant, event_type, count(*), count(*) FILTER (WHERE status = 1),
    count(*) FILTER (WHERE status = 3), sum(attempt_count), sum(attempt_count), sum(attempt_count * response_time_ms)
FROM deliveries CROSS JOIN LATERAL (VALUES (webhook_id), ('00000000-0000-0000-0000-000000000000')) AS o(owner)
GROUP BY 1, 2, 3, 4;
INSERT INTO statistics_5m (bucket, webhook_id, tenant, event_type, deliveries, successes, failures, attempts, answered, response_ms)
SELECT date_bin('5 minutes', created_at, 'epoch'), owner, tenant, event_type, count(*), count(*) FILTER (WHERE status = 1),
    count(*) FILTER (WHERE status = 3), sum(attempt_count), sum(attempt_count), sum(attempt_count * response_time_ms)
FROM deliveries CROSS JOIN LATERAL (VALUES (webhook_id), ('00000000-0000-0000-0000-000000000000')) AS o(owner)
WHERE id > seed_floor(now() - interval '49 hours') GROUP BY 1, 2, 3, 4;
INSERT INTO latency_1h (bucket, webhook_id, tenant, latency, answered)
SELECT date_trunc('hour', created_at, 'UTC'), owner, tenant, ceil(4 * log(2, response_time_ms)), sum(attempt_count)
FROM deliveries CROSS JOIN LATERAL (VALUES (webhook_id), ('00000000-0000-0000-0000-000000000000')) AS o(owner)
GROUP BY 1, 2, 3, 4;
INSERT INTO latency_5m (bucket, webhook_id, tenant, latency, answered)
SELECT date_bin('5 minutes', created_at, 'epoch'), owner, tenant, ceil(4 * log(2, response_time_ms)), sum(attempt_count)
FROM deliveries CROSS JOIN LATERAL (VALUES (webhook_id), ('00000000-0000-0000-0000-000000000000')) AS o(owner)
WHERE id > seed_floor(now() - interval '49 hours') GROUP BY 1, 2, 3, 4;
INSERT INTO webhook_totals (webhook_id, shard, total, successful, last_at, last_status)
SELECT webhook_id, 0, count(*), count(*) FILTER (WHERE status = 1), max(created_at), 1 FROM deliveries GROUP BY 1;
