-- How long calls with a status below 400 took: counts by bucket (domain/latency.hpp), kept while events are
-- counted, like the other sums by day.

CREATE TABLE usage_latencies (
    account_id TEXT NOT NULL,
    day        TEXT NOT NULL,
    key_id     TEXT NOT NULL,
    model      TEXT NOT NULL,
    provider   TEXT NOT NULL,
    bucket     INTEGER NOT NULL,
    calls      INTEGER NOT NULL,
    total_ms   INTEGER NOT NULL,
    PRIMARY KEY (account_id, day, key_id, model, provider, bucket)
) STRICT, WITHOUT ROWID;

CREATE INDEX usage_latencies_by_day ON usage_latencies (day);
CREATE INDEX usage_latencies_by_key ON usage_latencies (key_id, day);

WITH bounds (bucket, low) AS (VALUES
    (0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 6), (6, 8), (7, 11), (8, 16), (9, 23), (10, 32),
    (11, 45), (12, 64), (13, 91), (14, 128), (15, 181), (16, 256), (17, 362), (18, 512), (19, 724),
    (20, 1024), (21, 1448), (22, 2048), (23, 2896), (24, 4096), (25, 5793), (26, 8192), (27, 11585),
    (28, 16384), (29, 23170), (30, 32768), (31, 46341), (32, 65536), (33, 92682), (34, 131072), (35,
    185364), (36, 262144), (37, 524288))
INSERT INTO usage_latencies (account_id, day, key_id, model, provider, bucket, calls, total_ms)
SELECT account_id, day, key_id, model, provider,
       (SELECT max(bucket) FROM bounds WHERE low <= max(duration_ms, 0)), count(*), sum(max(duration_ms, 0))
FROM usage_events WHERE status < 400 GROUP BY 1, 2, 3, 4, 5, 6;
