-- Events in few bytes (docs/decisions/0038): what many calls have in common stands once, ids of our own making are
-- 16 bytes, and a call is unique by its start and its id, which are fixed before it is sent. Events that are there
-- already are moved by the program, in steps, before 0012.

-- Keys that made calls, with the account that they belonged to.
CREATE TABLE usage_keys (
    number     INTEGER PRIMARY KEY,
    key_id     TEXT NOT NULL,
    account_id TEXT NOT NULL,
    UNIQUE (key_id, account_id)
) STRICT;

CREATE INDEX usage_keys_of_account ON usage_keys (account_id);

-- What calls have in common, whatever key made them.
CREATE TABLE usage_kinds (
    number          INTEGER PRIMARY KEY,
    wallet          INTEGER NOT NULL CHECK (wallet IN (0, 1)), -- the account's wallet is charged too
    endpoint        TEXT NOT NULL,
    asked_model     TEXT NOT NULL,
    provider        TEXT NOT NULL,
    model           TEXT NOT NULL, -- as the provider knows it
    stream          INTEGER NOT NULL CHECK (stream IN (0, 1)),
    status          INTEGER NOT NULL,
    outcome         TEXT NOT NULL,
    usage_source    TEXT NOT NULL CHECK (usage_source IN ('provider', 'estimated', 'interrupted')),
    currency        TEXT NOT NULL,
    usd_rate        TEXT NOT NULL,
    price_version   TEXT NOT NULL,
    client_gone     INTEGER NOT NULL CHECK (client_gone IN (0, 1)),
    attempts        INTEGER NOT NULL,
    priced_requests INTEGER NOT NULL,
    node            TEXT NOT NULL,
    UNIQUE (model, provider, asked_model, endpoint, wallet, stream, status, outcome, usage_source, currency, usd_rate,
            price_version, client_gone, attempts, priced_requests, node)
) STRICT;

-- One row per call. Ids that begin with "req_" and have 32 hexadecimal digits are these digits as 16 bytes.
CREATE TABLE usage_calls (
    sequence          INTEGER PRIMARY KEY,
    request_id        ANY NOT NULL,
    client_request_id ANY NOT NULL,
    key               INTEGER NOT NULL, -- usage_keys.number
    kind              INTEGER NOT NULL, -- usage_kinds.number
    day               INTEGER NOT NULL, -- of billing.time_zone, in days since 1970
    input             INTEGER NOT NULL,
    cached_input      INTEGER NOT NULL,
    cache_write       INTEGER NOT NULL,
    output            INTEGER NOT NULL,
    audio_input       INTEGER NOT NULL,
    audio_output      INTEGER NOT NULL,
    images            INTEGER NOT NULL,
    reasoning         INTEGER NOT NULL,
    cost_micros       INTEGER NOT NULL,
    bound_micros      INTEGER NOT NULL,
    started_at        INTEGER NOT NULL,
    lasted_micros     INTEGER NOT NULL, -- until it ended, by the clock on the wall
    first_byte_ms     INTEGER,
    duration_ms       INTEGER NOT NULL
) STRICT;

-- Read backwards; written forwards, since SQLite is quickest at the end of a tree.
CREATE UNIQUE INDEX usage_calls_newest ON usage_calls (started_at, request_id);
CREATE INDEX usage_calls_of_key ON usage_calls (key, started_at, request_id);

ALTER TABLE usage_events RENAME TO usage_events_before;
DROP INDEX usage_events_newest;
DROP INDEX usage_events_of_account;
DROP INDEX usage_events_of_key;
