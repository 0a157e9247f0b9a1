-- The books (docs/money.md): events, the sums that follow from them, and the lots of wallets.
-- Times are microseconds since 1970 UTC, money is micro-units of the ledger currency, days are dates in
-- billing.time_zone as text, truth values of events are 0 and 1: verify() compares them with one SQL in every
-- engine.

-- One row per call, counted once by request_id: the month is that of the day on which the call was begun, which
-- a repeat of the same call always carries too (decision 16). A partition is made when its first event comes.
CREATE TABLE usage_events (
    request_id        text COLLATE "C" NOT NULL,
    month             text COLLATE "C" NOT NULL,
    client_request_id text NOT NULL,
    key_id            text COLLATE "C" NOT NULL,
    account_id        text COLLATE "C" NOT NULL,
    day               text COLLATE "C" NOT NULL,
    wallet            smallint NOT NULL CHECK (wallet IN (0, 1)), -- the account's wallet is charged too
    endpoint          text NOT NULL,
    asked_model       text NOT NULL,
    provider          text COLLATE "C" NOT NULL,
    model             text COLLATE "C" NOT NULL, -- as the provider knows it
    stream            smallint NOT NULL CHECK (stream IN (0, 1)),
    status            integer NOT NULL,
    outcome           text NOT NULL,
    usage_source      text NOT NULL CHECK (usage_source IN ('provider', 'estimated', 'interrupted')),
    input             bigint NOT NULL,
    cached_input      bigint NOT NULL,
    cache_write       bigint NOT NULL,
    output            bigint NOT NULL,
    audio_input       bigint NOT NULL,
    audio_output      bigint NOT NULL,
    images            bigint NOT NULL,
    priced_requests   bigint NOT NULL,
    reasoning         bigint NOT NULL,
    cost_micros       bigint NOT NULL,
    bound_micros      bigint NOT NULL,
    currency          text NOT NULL,
    usd_rate          text NOT NULL,
    price_version     text NOT NULL,
    started_at        bigint NOT NULL,
    ended_at          bigint NOT NULL,
    first_byte_ms     bigint,
    duration_ms       bigint NOT NULL,
    client_gone       smallint NOT NULL CHECK (client_gone IN (0, 1)),
    attempts          bigint NOT NULL,
    node              text NOT NULL,
    CHECK (month = left(day, 7)),
    PRIMARY KEY (request_id, month)
) PARTITION BY LIST (month);

CREATE INDEX usage_events_newest ON usage_events (started_at DESC, request_id DESC);
CREATE INDEX usage_events_of_account ON usage_events (account_id, started_at DESC, request_id DESC);
CREATE INDEX usage_events_of_key ON usage_events (key_id, started_at DESC, request_id DESC);

-- SECURITY DEFINER: the gateway's user needs no right to make tables. The partition is filled in beside and
-- then attached, which does not stop those who count.
CREATE FUNCTION ensure_usage_months(months text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    each text;
    partition text;
BEGIN
    FOREACH each IN ARRAY months LOOP
        IF each !~ '^\d{4}-\d{2}$' THEN
            RAISE invalid_parameter_value USING MESSAGE = 'not a month: ' || each;
        END IF;
        partition := 'usage_events_' || replace(each, '-', '_');
        CONTINUE WHEN EXISTS (SELECT 1 FROM pg_inherits JOIN pg_class AS c ON c.oid = inhrelid
                              WHERE inhparent = 'usage_events'::regclass AND c.relname = partition);
        PERFORM pg_advisory_xact_lock(8389209293735228788);
        CONTINUE WHEN EXISTS (SELECT 1 FROM pg_inherits JOIN pg_class AS c ON c.oid = inhrelid
                              WHERE inhparent = 'usage_events'::regclass AND c.relname = partition);
        EXECUTE format('CREATE TABLE %I (LIKE usage_events INCLUDING ALL)', partition);
        EXECUTE format('ALTER TABLE usage_events ATTACH PARTITION %I FOR VALUES IN (%L)', partition, each);
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION ensure_usage_months(text[]) FROM PUBLIC;

-- Answers how many events went with it. Only the owner of the tables may.
CREATE FUNCTION drop_usage_month(gone text) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    partition text := 'usage_events_' || replace(gone, '-', '_');
    events bigint;
BEGIN
    IF gone !~ '^\d{4}-\d{2}$' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'not a month: ' || gone;
    END IF;
    LOCK TABLE ONLY usage_events IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('SELECT count(*) FROM %I', partition) INTO events;
    EXECUTE format('DROP TABLE %I', partition);
    RETURN events;
END $$;

-- Sums of events. wallet_micros is the part of cost_micros that wallets were charged.
CREATE TABLE usage_days (
    account_id    text COLLATE "C" NOT NULL,
    day           text COLLATE "C" NOT NULL,
    key_id        text COLLATE "C" NOT NULL,
    model         text COLLATE "C" NOT NULL,
    provider      text COLLATE "C" NOT NULL,
    requests      bigint NOT NULL,
    failed        bigint NOT NULL,
    input         bigint NOT NULL,
    cached_input  bigint NOT NULL,
    cache_write   bigint NOT NULL,
    output        bigint NOT NULL,
    audio_input   bigint NOT NULL,
    audio_output  bigint NOT NULL,
    images        bigint NOT NULL,
    cost_micros   bigint NOT NULL,
    wallet_micros bigint NOT NULL,
    PRIMARY KEY (account_id, day, key_id, model, provider)
) WITH (fillfactor = 70);

CREATE INDEX usage_days_by_day ON usage_days (day);
CREATE INDEX usage_days_by_key ON usage_days (key_id, day);

-- The same by hour of UTC. An hour can lie in two days of the time zone, hence the day in the key: sums are
-- forgotten with the events of their day.
CREATE TABLE usage_hours (
    account_id    text COLLATE "C" NOT NULL,
    hour          bigint NOT NULL,
    day           text COLLATE "C" NOT NULL,
    key_id        text COLLATE "C" NOT NULL,
    model         text COLLATE "C" NOT NULL,
    provider      text COLLATE "C" NOT NULL,
    requests      bigint NOT NULL,
    failed        bigint NOT NULL,
    input         bigint NOT NULL,
    cached_input  bigint NOT NULL,
    cache_write   bigint NOT NULL,
    output        bigint NOT NULL,
    audio_input   bigint NOT NULL,
    audio_output  bigint NOT NULL,
    images        bigint NOT NULL,
    cost_micros   bigint NOT NULL,
    wallet_micros bigint NOT NULL,
    PRIMARY KEY (account_id, hour, day, key_id, model, provider)
) WITH (fillfactor = 70);

CREATE INDEX usage_hours_by_hour ON usage_hours (hour);

-- Spend of a key in one period, under the name that the quota store uses: "budget:key_12ab:2026-11".
CREATE TABLE purse_totals (
    name         text COLLATE "C" PRIMARY KEY,
    spent_micros bigint NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE key_totals (
    key_id       text COLLATE "C" PRIMARY KEY,
    account_id   text COLLATE "C" NOT NULL,
    spent_micros bigint NOT NULL,
    requests     bigint NOT NULL,
    last_used_at bigint NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE account_totals (
    account_id   text COLLATE "C" PRIMARY KEY,
    spent_micros bigint NOT NULL,
    requests     bigint NOT NULL
) WITH (fillfactor = 70);

-- All that a wallet was ever charged = consumed of its lots + open debts. Whoever changes a lot or a debt locks
-- the wallet's row first.
CREATE TABLE wallets (
    account_id   text COLLATE "C" PRIMARY KEY,
    spent_micros bigint NOT NULL
) WITH (fillfactor = 70);

-- Prepaid amounts, consumed in the order of `sequence`.
CREATE TABLE wallet_lots (
    sequence        bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    id              text COLLATE "C" NOT NULL UNIQUE,
    account_id      text COLLATE "C" NOT NULL,
    amount_micros   bigint NOT NULL,
    consumed_micros bigint NOT NULL DEFAULT 0,
    added_at        bigint NOT NULL,
    expires_at      bigint,
    note            text NOT NULL
);

CREATE INDEX wallet_lots_of_account ON wallet_lots (account_id, sequence);

-- What a call cost beyond every lot; paid by later lots.
CREATE TABLE wallet_debts (
    request_id    text COLLATE "C" PRIMARY KEY,
    account_id    text COLLATE "C" NOT NULL,
    amount_micros bigint NOT NULL,
    paid_micros   bigint NOT NULL DEFAULT 0,
    broken        smallint NOT NULL CHECK (broken IN (0, 1)), -- the call stayed within its bound: the quota let it through
    started_at    bigint NOT NULL
);

CREATE INDEX wallet_debts_of_account ON wallet_debts (account_id, started_at);

-- Events of days before this one were forgotten; their sums by day and the totals stay.
CREATE TABLE ledger_horizon (
    id  integer PRIMARY KEY CHECK (id = 1),
    day text COLLATE "C" NOT NULL
);

INSERT INTO ledger_horizon (id, day) VALUES (1, '0000-00-00');
