-- Totals of latencies stay for ever, rows of single keys go with their events: the index by day is theirs alone, so that
-- forgetting finds them without looking at the totals of all years.

DROP INDEX usage_latencies_by_day;
CREATE INDEX usage_latencies_by_day ON usage_latencies (day) WHERE key_id <> '';
