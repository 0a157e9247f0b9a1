-- Latencies of an account, of a model and provider over all accounts, and of all, by day: rows whose other names are
-- empty (domain/ledger_batch.hpp), so that long ranges are answered from few rows.

INSERT INTO usage_latencies (account_id, day, key_id, model, provider, bucket, calls, total_ms)
SELECT account_id, day, '', '', '', bucket, sum(calls), sum(total_ms)
FROM usage_latencies WHERE key_id <> '' GROUP BY account_id, day, bucket;

INSERT INTO usage_latencies (account_id, day, key_id, model, provider, bucket, calls, total_ms)
SELECT '', day, '', model, provider, bucket, sum(calls), sum(total_ms)
FROM usage_latencies WHERE key_id <> '' GROUP BY day, model, provider, bucket;

INSERT INTO usage_latencies (account_id, day, key_id, model, provider, bucket, calls, total_ms)
SELECT '', day, '', '', '', bucket, sum(calls), sum(total_ms)
FROM usage_latencies WHERE key_id <> '' GROUP BY day, bucket;

CREATE INDEX usage_latencies_totals ON usage_latencies (account_id, day) WHERE key_id = '';
