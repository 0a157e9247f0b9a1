-- Latencies of a model and provider within an account, by day: rows whose key is empty, like the other totals.

INSERT INTO usage_latencies (account_id, day, key_id, model, provider, bucket, calls, total_ms)
SELECT account_id, day, '', model, provider, bucket, sum(calls), sum(total_ms)
FROM usage_latencies WHERE key_id <> '' GROUP BY account_id, day, model, provider, bucket;
