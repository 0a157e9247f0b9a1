-- Accounts, keys, their secrets, and the log of changes that caches follow.
-- Times are microseconds since 1970 UTC, money is micro-units of the ledger currency, NULL is "no limit".
-- Text is sorted by its bytes, as in every other engine and in the program. Functions look for tables where
-- they were made, whatever the search_path of who edits a row.

CREATE TABLE accounts (
    id              text COLLATE "C" PRIMARY KEY,
    email           text COLLATE "C" NOT NULL UNIQUE,
    name            text NOT NULL,
    role            text NOT NULL CHECK (role IN ('admin', 'member')),
    disabled        boolean NOT NULL DEFAULT false,
    password_hash   text NOT NULL DEFAULT '',
    concurrency     bigint,
    session_version bigint NOT NULL DEFAULT 1,
    created_at      bigint NOT NULL
);

CREATE TABLE api_keys (
    id            text COLLATE "C" PRIMARY KEY,
    account_id    text COLLATE "C" NOT NULL REFERENCES accounts (id),
    name          text NOT NULL,
    prefix        text NOT NULL,
    suffix        text NOT NULL,
    state         text NOT NULL CHECK (state IN ('active', 'disabled', 'revoked')),
    expires_at    bigint,
    rate_limit    bigint NOT NULL,
    token_limit   bigint,
    concurrency   bigint,
    budget_micros bigint,
    budget_period text NOT NULL CHECK (budget_period IN ('none', 'daily', 'weekly', 'monthly')),
    models        jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(models) = 'array'),
    ip_allow      jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(ip_allow) = 'array'),
    on_disconnect text NOT NULL CHECK (on_disconnect IN ('cancel', 'drain')),
    metadata      jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    generation    bigint NOT NULL DEFAULT 1,
    created_at    bigint NOT NULL
);

CREATE INDEX api_keys_newest ON api_keys (created_at DESC, id DESC);
CREATE INDEX api_keys_of_account ON api_keys (account_id, created_at DESC, id DESC);

-- A key has one lasting secret, and older ones until their grace ends.
CREATE TABLE key_secrets (
    hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
    key_id     text COLLATE "C" NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    expires_at bigint
);

CREATE INDEX key_secrets_of_key ON key_secrets (key_id);

-- Secrets whose cached records are out of date, in the order in which the changes were committed. Filled by
-- triggers alone, so that an edit with any tool is seen. Row 0 stands for "from the beginning".
CREATE TABLE key_changes (
    sequence bigint PRIMARY KEY,
    hash     bytea NOT NULL
);

INSERT INTO key_changes (sequence, hash) VALUES (0, '');

CREATE SEQUENCE key_change_numbers OWNED BY key_changes.sequence;

-- Numbers are given under a lock that is held until the commit: who sees a number has seen all before it.
-- Called by deferred triggers, as the last thing before the commit, so that nobody waits long for it and
-- nobody waits for a row while holding it.
CREATE FUNCTION note_key_change(changed bytea) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    number bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(8389209293735228787);
    number := nextval('key_change_numbers');
    INSERT INTO key_changes (sequence, hash) VALUES (number, changed);
    DELETE FROM key_changes WHERE sequence <= number - 100000;
    PERFORM pg_notify('tollgate_key_changes', '');
END $$;

-- A new secret is a change too: caches may remember that it opened nothing.
CREATE FUNCTION key_secret_changed() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM note_key_change(OLD.hash);
    END IF;
    IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.hash <> OLD.hash) THEN
        PERFORM note_key_change(NEW.hash);
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER key_secret_changed AFTER INSERT OR UPDATE OR DELETE ON key_secrets
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION key_secret_changed();

CREATE FUNCTION key_changed() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_key_change(hash) FROM key_secrets WHERE key_id = NEW.id;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER key_changed AFTER UPDATE ON api_keys
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION key_changed();

-- The store grows the generation itself; this is for edits by hand.
CREATE FUNCTION key_generation_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.generation <= OLD.generation THEN
        NEW.generation := OLD.generation + 1;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER key_generation_grows BEFORE UPDATE ON api_keys
    FOR EACH ROW EXECUTE FUNCTION key_generation_grows();

-- What a lookup takes from the account is part of the record of each of its keys.
CREATE FUNCTION account_changed() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE api_keys SET generation = generation + 1 WHERE account_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER account_changed AFTER UPDATE ON accounts FOR EACH ROW
    WHEN (NEW.disabled <> OLD.disabled OR NEW.concurrency IS DISTINCT FROM OLD.concurrency)
    EXECUTE FUNCTION account_changed();

-- Differs after a failover: numbers of the changes may then stand for other changes than before. Empty where
-- the server does not tell.
CREATE FUNCTION storage_timeline() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN left(pg_walfile_name(pg_current_wal_lsn()), 8);
EXCEPTION WHEN OTHERS THEN
    RETURN '';
END $$;
