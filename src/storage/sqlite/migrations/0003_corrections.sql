-- What an event cost before a correction (Ledger::correct). The event has the newest cost, rate and version.
CREATE TABLE usage_corrections (
    sequence             INTEGER PRIMARY KEY,
    request_id           TEXT NOT NULL,
    day                  TEXT NOT NULL, -- the event's
    corrected_at         INTEGER NOT NULL,
    before_micros        INTEGER NOT NULL,
    after_micros         INTEGER NOT NULL,
    usd_rate_before      TEXT NOT NULL,
    price_version_before TEXT NOT NULL,
    note                 TEXT NOT NULL
) STRICT;

CREATE INDEX usage_corrections_of_event ON usage_corrections (request_id, sequence);
CREATE INDEX usage_corrections_by_day ON usage_corrections (day);
