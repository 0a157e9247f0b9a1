-- The books (docs/money.md): events, the sums that follow from them, and the lots of wallets.
-- Times are microseconds since 1970 UTC, money is micro-units of the ledger currency, days are dates in
-- billing.time_zone.

-- One row per call, counted once by request_id.
CREATE TABLE usage_events (
    sequence          INTEGER PRIMARY KEY,
    request_id        TEXT NOT NULL UNIQUE,
    client_request_id TEXT NOT NULL,
    key_id            TEXT NOT NULL,
    account_id        TEXT NOT NULL,
    day               TEXT NOT NULL,
    wallet            INTEGER NOT NULL CHECK (wallet IN (0, 1)), -- the account's wallet is charged too
    endpoint          TEXT NOT NULL,
    asked_model       TEXT NOT NULL,
    provider          TEXT NOT NULL,
    model             TEXT NOT NULL, -- as the provider knows it
    stream            INTEGER NOT NULL CHECK (stream IN (0, 1)),
    status            INTEGER NOT NULL,
    outcome           TEXT NOT NULL,
    -- An IN of three words would make SQLite build a table of them for each row.
    usage_source      TEXT NOT NULL
        CHECK (usage_source = 'provider' OR usage_source = 'estimated' OR usage_source = 'interrupted'),
    input             INTEGER NOT NULL,
    cached_input      INTEGER NOT NULL,
    cache_write       INTEGER NOT NULL,
    output            INTEGER NOT NULL,
    audio_input       INTEGER NOT NULL,
    audio_output      INTEGER NOT NULL,
    images            INTEGER NOT NULL,
    priced_requests   INTEGER NOT NULL,
    reasoning         INTEGER NOT NULL,
    cost_micros       INTEGER NOT NULL,
    bound_micros      INTEGER NOT NULL,
    currency          TEXT NOT NULL,
    usd_rate          TEXT NOT NULL,
    price_version     TEXT NOT NULL,
    started_at        INTEGER NOT NULL,
    ended_at          INTEGER NOT NULL,
    first_byte_ms     INTEGER,
    duration_ms       INTEGER NOT NULL,
    client_gone       INTEGER NOT NULL CHECK (client_gone IN (0, 1)),
    attempts          INTEGER NOT NULL,
    node              TEXT NOT NULL
) STRICT;

-- Read backwards; written forwards, since SQLite is quickest at the end of a tree.
CREATE INDEX usage_events_newest ON usage_events (started_at, request_id);
CREATE INDEX usage_events_of_account ON usage_events (account_id, started_at, request_id);
CREATE INDEX usage_events_of_key ON usage_events (key_id, started_at, request_id);

-- Sums of events. wallet_micros is the part of cost_micros that wallets were charged.
CREATE TABLE usage_days (
    account_id    TEXT NOT NULL,
    day           TEXT NOT NULL,
    key_id        TEXT NOT NULL,
    model         TEXT NOT NULL,
    provider      TEXT NOT NULL,
    requests      INTEGER NOT NULL,
    failed        INTEGER NOT NULL,
    input         INTEGER NOT NULL,
    cached_input  INTEGER NOT NULL,
    cache_write   INTEGER NOT NULL,
    output        INTEGER NOT NULL,
    audio_input   INTEGER NOT NULL,
    audio_output  INTEGER NOT NULL,
    images        INTEGER NOT NULL,
    cost_micros   INTEGER NOT NULL,
    wallet_micros INTEGER NOT NULL,
    PRIMARY KEY (account_id, day, key_id, model, provider)
) STRICT, WITHOUT ROWID;

CREATE INDEX usage_days_by_day ON usage_days (day);
CREATE INDEX usage_days_by_key ON usage_days (key_id, day);

-- The same by hour of UTC. An hour can lie in two days of the time zone, hence the day in the key: sums are
-- forgotten with the events of their day.
CREATE TABLE usage_hours (
    account_id    TEXT NOT NULL,
    hour          INTEGER NOT NULL,
    day           TEXT NOT NULL,
    key_id        TEXT NOT NULL,
    model         TEXT NOT NULL,
    provider      TEXT NOT NULL,
    requests      INTEGER NOT NULL,
    failed        INTEGER NOT NULL,
    input         INTEGER NOT NULL,
    cached_input  INTEGER NOT NULL,
    cache_write   INTEGER NOT NULL,
    output        INTEGER NOT NULL,
    audio_input   INTEGER NOT NULL,
    audio_output  INTEGER NOT NULL,
    images        INTEGER NOT NULL,
    cost_micros   INTEGER NOT NULL,
    wallet_micros INTEGER NOT NULL,
    PRIMARY KEY (account_id, hour, day, key_id, model, provider)
) STRICT, WITHOUT ROWID;

CREATE INDEX usage_hours_by_hour ON usage_hours (hour);

-- Spend of a key in one period, under the name that the quota store uses: "budget:key_12ab:2026-11".
CREATE TABLE purse_totals (
    name         TEXT PRIMARY KEY,
    spent_micros INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE key_totals (
    key_id       TEXT PRIMARY KEY,
    account_id   TEXT NOT NULL,
    spent_micros INTEGER NOT NULL,
    requests     INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE account_totals (
    account_id   TEXT PRIMARY KEY,
    spent_micros INTEGER NOT NULL,
    requests     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- All that a wallet was ever charged = consumed of its lots + open debts.
CREATE TABLE wallets (
    account_id   TEXT PRIMARY KEY,
    spent_micros INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Prepaid amounts, consumed in the order of `sequence`.
CREATE TABLE wallet_lots (
    sequence        INTEGER PRIMARY KEY AUTOINCREMENT,
    id              TEXT NOT NULL UNIQUE,
    account_id      TEXT NOT NULL,
    amount_micros   INTEGER NOT NULL,
    consumed_micros INTEGER NOT NULL DEFAULT 0,
    added_at        INTEGER NOT NULL,
    expires_at      INTEGER,
    note            TEXT NOT NULL
) STRICT;

CREATE INDEX wallet_lots_of_account ON wallet_lots (account_id, sequence);

-- What a call cost beyond every lot; paid by later lots.
CREATE TABLE wallet_debts (
    request_id    TEXT PRIMARY KEY,
    account_id    TEXT NOT NULL,
    amount_micros INTEGER NOT NULL,
    paid_micros   INTEGER NOT NULL DEFAULT 0,
    broken        INTEGER NOT NULL CHECK (broken IN (0, 1)), -- the call stayed within its bound: the quota let it through
    started_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX wallet_debts_of_account ON wallet_debts (account_id, started_at);

-- Events of days before this one were forgotten; their sums by day and the totals stay.
CREATE TABLE ledger_horizon (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    day TEXT NOT NULL
) STRICT;

INSERT INTO ledger_horizon (id, day) VALUES (1, '0000-00-00');
