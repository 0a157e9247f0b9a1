-- Sessions, one-time tokens, failed attempts to sign in, the audit log, and how long calls took.
-- Times are microseconds since 1970 UTC.

CREATE TABLE sessions (
    id           text COLLATE "C" PRIMARY KEY,
    account_id   text COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    version      bigint NOT NULL,
    created_at   bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    expires_at   bigint NOT NULL,
    address      text NOT NULL,
    user_agent   text NOT NULL
);

CREATE INDEX sessions_of_account ON sessions (account_id, created_at);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Invitations and password resets, by the SHA-256 of their token.
CREATE TABLE invitations (
    id         text COLLATE "C" PRIMARY KEY,
    token      bytea NOT NULL UNIQUE CHECK (length(token) = 32),
    kind       text NOT NULL CHECK (kind IN ('registration', 'password_reset')),
    email      text NOT NULL,
    role       text NOT NULL CHECK (role IN ('admin', 'member')),
    account_id text NOT NULL,
    created_by text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at    bigint
);

CREATE INDEX invitations_newest ON invitations (kind, created_at DESC);

CREATE TABLE attempts (
    subject text COLLATE "C" NOT NULL,
    at      bigint NOT NULL
);

CREATE INDEX attempts_of_subject ON attempts (subject, at);
CREATE INDEX attempts_by_time ON attempts (at);

CREATE TABLE audit_log (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       bigint NOT NULL,
    actor_id text COLLATE "C" NOT NULL,
    actor    text NOT NULL,
    action   text COLLATE "C" NOT NULL,
    target   text COLLATE "C" NOT NULL,
    address  text NOT NULL,
    details  text NOT NULL
);

CREATE INDEX audit_log_of_actor ON audit_log (actor_id, id);
CREATE INDEX audit_log_of_target ON audit_log (target, id);

CREATE FUNCTION audit_log_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is not changed';
END;
$$;

CREATE TRIGGER audit_log_keeps BEFORE UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_keeps();

-- How long calls with a status below 400 took: counts by bucket (domain/latency.hpp), kept while events are
-- counted, like the other sums by day.
CREATE TABLE usage_latencies (
    account_id text COLLATE "C" NOT NULL,
    day        text COLLATE "C" NOT NULL,
    key_id     text COLLATE "C" NOT NULL,
    model      text COLLATE "C" NOT NULL,
    provider   text COLLATE "C" NOT NULL,
    bucket     bigint NOT NULL,
    calls      bigint NOT NULL,
    total_ms   bigint NOT NULL,
    PRIMARY KEY (account_id, day, key_id, model, provider, bucket)
);

CREATE INDEX usage_latencies_by_day ON usage_latencies (day);
CREATE INDEX usage_latencies_by_key ON usage_latencies (key_id, day);
