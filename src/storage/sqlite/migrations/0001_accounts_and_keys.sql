-- Accounts, keys, their secrets, and the log of changes that caches follow.
-- Times are microseconds since 1970 UTC, money is micro-units of the ledger currency, NULL is "no limit".

CREATE TABLE accounts (
    id              TEXT PRIMARY KEY,
    email           TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    role            TEXT NOT NULL CHECK (role IN ('admin', 'member')),
    disabled        INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    password_hash   TEXT NOT NULL DEFAULT '',
    concurrency     INTEGER,
    session_version INTEGER NOT NULL DEFAULT 1,
    created_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE api_keys (
    id            TEXT PRIMARY KEY,
    account_id    TEXT NOT NULL REFERENCES accounts (id),
    name          TEXT NOT NULL,
    prefix        TEXT NOT NULL,
    suffix        TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('active', 'disabled', 'revoked')),
    expires_at    INTEGER,
    rate_limit    INTEGER NOT NULL,
    token_limit   INTEGER,
    concurrency   INTEGER,
    budget_micros INTEGER,
    budget_period TEXT NOT NULL CHECK (budget_period IN ('none', 'daily', 'weekly', 'monthly')),
    models        TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(models)),
    ip_allow      TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(ip_allow)),
    on_disconnect TEXT NOT NULL CHECK (on_disconnect IN ('cancel', 'drain')),
    metadata      TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
    generation    INTEGER NOT NULL DEFAULT 1,
    created_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX api_keys_newest ON api_keys (created_at DESC, id DESC);
CREATE INDEX api_keys_of_account ON api_keys (account_id, created_at DESC, id DESC);

-- A key has one lasting secret, and older ones until their grace ends.
CREATE TABLE key_secrets (
    hash       BLOB PRIMARY KEY CHECK (length(hash) = 32),
    key_id     TEXT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    expires_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX key_secrets_of_key ON key_secrets (key_id);

-- Secrets whose cached records are out of date, in order. Filled by triggers alone, so that an edit with any
-- tool is seen. AUTOINCREMENT: a number is never given twice.
CREATE TABLE key_changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    hash     BLOB NOT NULL
) STRICT;

CREATE TRIGGER key_changes_pruned AFTER INSERT ON key_changes BEGIN
    DELETE FROM key_changes WHERE sequence <= NEW.sequence - 100000;
END;

-- A new secret is a change too: caches may remember that it opened nothing.
CREATE TRIGGER key_secret_added AFTER INSERT ON key_secrets BEGIN
    INSERT INTO key_changes (hash) VALUES (NEW.hash);
END;

CREATE TRIGGER key_secret_changed AFTER UPDATE ON key_secrets BEGIN
    INSERT INTO key_changes (hash) VALUES (OLD.hash);
    INSERT INTO key_changes (hash) SELECT NEW.hash WHERE NEW.hash <> OLD.hash;
END;

CREATE TRIGGER key_secret_removed AFTER DELETE ON key_secrets BEGIN
    INSERT INTO key_changes (hash) VALUES (OLD.hash);
END;

CREATE TRIGGER key_changed AFTER UPDATE ON api_keys BEGIN
    INSERT INTO key_changes (hash) SELECT hash FROM key_secrets WHERE key_id = NEW.id;
END;

-- The store grows the generation itself; this is for edits by hand.
CREATE TRIGGER key_changed_by_hand AFTER UPDATE ON api_keys WHEN NEW.generation <= OLD.generation BEGIN
    UPDATE api_keys SET generation = OLD.generation + 1 WHERE id = NEW.id;
END;

-- The sqlite3 tool leaves foreign keys off: without this the secrets of a deleted key would stay.
CREATE TRIGGER key_removed BEFORE DELETE ON api_keys BEGIN
    DELETE FROM key_secrets WHERE key_id = OLD.id;
END;

-- What a lookup takes from the account is part of the record of each of its keys.
CREATE TRIGGER account_changed AFTER UPDATE OF id, disabled, concurrency ON accounts
WHEN NEW.id <> OLD.id OR NEW.disabled <> OLD.disabled OR NEW.concurrency IS NOT OLD.concurrency BEGIN
    UPDATE api_keys SET generation = generation + 1 WHERE account_id IN (OLD.id, NEW.id);
END;

CREATE TRIGGER account_removed AFTER DELETE ON accounts BEGIN
    UPDATE api_keys SET generation = generation + 1 WHERE account_id = OLD.id;
END;
