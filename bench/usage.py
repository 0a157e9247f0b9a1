#!/usr/bin/env python3
"""How long the pages about usage take on a full database: fills a SQLite file with events by SQL, starts the gateway on it, and asks every endpoint.
    python3 bench/usage.py build/release/bin/tollgate [EVENTS=10000000] [ROUNDS=20]
Prints one line per endpoint: median and slowest of the rounds, in milliseconds, over a connection that is kept. Needs some 200 bytes of disk an event, below
TMPDIR; removes them at the end."""
import contextlib
import http.client
import json
import os
import re
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
import urllib.parse

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(ROOT, "tests", "api"))

from stage import PASSWORD, Stage  # noqa: E402

DAYS, ACCOUNTS, KEYS, MODELS, PROVIDERS = 400, 20, 100, 8, 3
SUMS = ("count(*), sum(status >= 400), sum(input), sum(cached_input), sum(cache_write), sum(output), sum(audio_input), sum(audio_output), sum(images), "
        "sum(cost_micros), sum(wallet * cost_micros)")
BOUNDS = re.compile(r"\((\d+), (\d+)\)")


def say(text):
    print(f"# {text}", flush=True)


@contextlib.contextmanager
def step(what):
    begun = time.perf_counter()
    yield
    say(f"{what}: {time.perf_counter() - begun:.0f} s")


def latency_bounds():
    with open(os.path.join(ROOT, "src/storage/sqlite/migrations/0005_latencies.sql"), encoding="utf-8") as text:
        sql = re.sub(r"\s+", " ", text.read())
    return [(int(bucket), int(low)) for bucket, low in BOUNDS.findall(sql)]


def insert_names(database, account, keys):
    """Every third key is of the account that asks. A kind for each model, plain or as a stream, and status."""
    database.executemany("INSERT INTO usage_keys VALUES (?, ?, ?)",
                         [(n + 1, key, account if n % 3 == 0 else f"acc_{n % ACCOUNTS:016x}") for n, key in enumerate(keys)])
    kinds = [(model * 6 + stream * 3 + place + 1, f"model-{model}", f"provider-{model % PROVIDERS}", f"model-{model}", stream, status)
             for model in range(MODELS) for stream in (0, 1) for place, status in enumerate((200, 429, 500))]
    database.executemany("INSERT INTO usage_kinds VALUES (?, 1, 'chat.completions', ?, ?, ?, ?, ?, 'completed', 'provider', 'INR', '88', 'v1', 0, 1, 1, 'local')", kinds)


def insert_events(database, count, keys):
    """Spread evenly over the days until now; each key calls three models. `r` is a number that looks random."""
    now = int(time.time() * 1_000_000)
    span = DAYS * 86_400_000_000
    database.create_function("packed", 1, lambda number: number.to_bytes(16, "big"), deterministic=True)
    database.execute(f"""
        WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {count}),
        drawn AS (SELECT n, (n * 2654435761 + 12345) % 4294967296 AS r, {now - span} + CAST(n AS INTEGER) * ({span} / {count}) AS at FROM numbers)
        INSERT INTO usage_calls SELECT n + 1, packed(n), packed(n), r / 1024 % {len(keys)} + 1,
            (r / 1024 % {len(keys)} + r / 64 % 3) % {MODELS} * 6 + r / 8 % 2 * 3 + CASE WHEN r % 97 = 0 THEN 3 WHEN r % 89 = 0 THEN 2 ELSE 1 END,
            (at + 19800000000) / 86400000000, r % 4000, r % 100, 0, r % 900, 0, 0, 0, 0, r % 50000, 100000, at, (r % 20000) * 1000, r % 500, 100 + r % 20000 FROM drawn""")


def insert_sums(database):
    columns = "requests, failed, input, cached_input, cache_write, output, audio_input, audio_output, images, cost_micros, wallet_micros"
    database.execute(f"INSERT INTO usage_hours (account_id, hour, day, key_id, model, provider, {columns}) SELECT account_id, started_at - started_at % 3600000000, "
                     f"day, key_id, model, provider, {SUMS} FROM usage_events GROUP BY 1, 2, 3, 4, 5, 6")
    database.execute(f"INSERT INTO usage_days (account_id, day, key_id, model, provider, {columns}) SELECT account_id, day, key_id, model, provider, sum(requests), "
                     "sum(failed), sum(input), sum(cached_input), sum(cache_write), sum(output), sum(audio_input), sum(audio_output), sum(images), sum(cost_micros), "
                     "sum(wallet_micros) FROM usage_hours GROUP BY 1, 2, 3, 4, 5")
    database.execute("CREATE TEMP TABLE bounds (bucket INTEGER, low INTEGER PRIMARY KEY)")
    database.executemany("INSERT INTO bounds VALUES (?, ?)", latency_bounds())
    database.execute("INSERT INTO usage_latencies SELECT account_id, day, key_id, model, provider, (SELECT bucket FROM bounds WHERE low <= duration_ms ORDER BY low DESC "
                     "LIMIT 1), count(*), sum(duration_ms) FROM usage_events WHERE status < 400 GROUP BY 1, 2, 3, 4, 5, 6")
    for migration in ("0006_latency_totals", "0010_latencies_of_accounts_by_model"):
        with open(os.path.join(ROOT, f"src/storage/sqlite/migrations/{migration}.sql"), encoding="utf-8") as text:
            for statement in text.read().partition("CREATE INDEX")[0].split(";"):
                database.execute(statement)
    database.execute("INSERT INTO key_totals SELECT key_id, account_id, sum(cost_micros), sum(requests), max(hour) FROM usage_hours GROUP BY 1, 2")
    database.execute("INSERT INTO account_totals SELECT account_id, sum(cost_micros), sum(requests) FROM usage_days GROUP BY 1")
    database.execute("INSERT INTO wallets SELECT account_id, sum(wallet_micros) FROM usage_days GROUP BY 1")


def fill(path, count, account, keys):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000", "temp_store = FILE", "locking_mode = EXCLUSIVE"):
            database.execute("PRAGMA " + pragma)
        indexes = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name LIKE 'usage_%' AND sql IS NOT NULL").fetchall()
        for name, _ in indexes:
            database.execute("DROP INDEX " + name)
        with step(f"{count:,} events"):
            insert_names(database, account, keys)
            insert_events(database, count, keys)
        with step("their sums"):
            insert_sums(database)
        with step("indexes"):
            for _, sql in indexes:
                database.execute(sql)
        for table in ("usage_calls", "usage_hours", "usage_days", "usage_latencies"):
            say(f"{table}: {database.execute('SELECT count(*) FROM ' + table).fetchone()[0]:,} rows")
        database.execute("PRAGMA journal_mode = WAL")


def ask(connection, path, cookie):
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, f"{path}: {answer.status} {body[:300]}"
    return (time.perf_counter() - begun) * 1000, body


def second_page(connection, path, cookie):
    after = json.loads(ask(connection, path, cookie)[1])["next"]
    return path + ("&" if "?" in path else "?") + urllib.parse.urlencode({"after": after}) if after else path


def paths(keys):
    week, year = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 6 * 86400)), time.strftime("%Y-%m-%d", time.gmtime(time.time() - 390 * 86400))
    own = ["/api/usage/overview", "/api/api-keys?limit=100", "/api/api-keys?limit=100&sort=spent", "/api/api-keys?limit=100&sort=last_used_at", "/api/api-keys/" + keys[0], "/api/usage/summary", "/api/usage/summary?group=model", "/api/usage/summary?group=key",
           "/api/usage/summary?group=day&from=" + year, "/api/usage/summary?group=model&from=" + year, "/api/usage/series?interval=hour&from=" + week,
           "/api/usage/series?interval=hour&group=model&from=" + week, "/api/usage/series", "/api/usage/series?group=model", "/api/usage/series?from=" + year,
           f"/api/usage/summary?group=model&key_id={keys[0]}", f"/api/usage/series?key_id={keys[0]}&from=" + year,
           "/api/usage/requests?limit=50", "/api/usage/requests?limit=50&status=failed", "/api/usage/requests?limit=50&model=model-3", "/api/usage/requests?limit=50&model=none",
           f"/api/usage/requests?limit=50&key_id={keys[0]}", "/api/usage/requests?limit=50&from=" + year, "/api/billing/balance", "/api/billing/lots", "/api/billing/transactions"]
    everybody = ["/api/usage/overview", "/api/usage/summary?group=account", "/api/usage/summary?group=model", "/api/usage/summary?group=day&from=" + year, "/api/usage/series",
                 "/api/usage/series?interval=hour&from=" + week, "/api/usage/requests?limit=50", "/api/usage/requests?limit=50&status=failed", "/api/usage/requests?limit=50&model=none"]
    admin = ["/api/admin/users", "/api/admin/providers", "/api/admin/nodes", "/api/admin/audit"]
    return own + [path + ("&" if "?" in path else "?") + "account_id=all" for path in everybody] + admin


def measure(stage, client, keys, rounds):
    connection = http.client.HTTPConnection("127.0.0.1", stage.port, timeout=120)
    cookie = "token=" + client.jar["token"]
    print(f"{'median ms':>10} {'most ms':>10}  endpoint")
    slow = 0
    for path in paths(keys):
        asked = [path, second_page(connection, path, cookie)] if "/requests" in path else [path]
        for each in dict.fromkeys(asked):
            taken = [ask(connection, each, cookie)[0] for _ in range(rounds)]
            slow += statistics.median(taken) > 100
            shown = re.sub(r"after=[^&]*", "after=…", each)
            print(f"{statistics.median(taken):10.1f} {max(taken):10.1f}  {shown}", flush=True)
    begun = time.perf_counter()
    connection.request("GET", "/api/usage/export?format=csv", headers={"Cookie": cookie})
    size = len(connection.getresponse().read())
    print(f"# export of 30 days: {size / 1e6:.1f} MB in {time.perf_counter() - begun:.1f} s")
    return slow


def main():
    binary = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    sys.argv[1:] = [binary, "", ROOT]
    stage = Stage(binary, ROOT, wallet="true")
    try:
        client = stage.new_account("owner@example.org")
        keys = [client.ok(client.post("/api/api-keys", {"name": f"key {n}"}), 201)["id"] if n % 3 == 0 else f"key_{n:016x}" for n in range(KEYS)]
        for n in range(ACCOUNTS):
            stage.rows_changed("INSERT INTO accounts (id, email, name, role, created_at) VALUES (?, ?, '', 'member', 0)", f"acc_{n:016x}", f"user{n}@example.org")
        stage.stop()
        fill(os.path.join(stage.folder, "tollgate.db"), count, client.account["id"], keys)
        stage.start()
        assert client.log_in("owner@example.org", PASSWORD).status == 200
        slow = measure(stage, client, keys, rounds)
        print(f"# {slow} endpoints above 100 ms")
    finally:
        if stage.process.poll() is None:
            stage.kill()
        shutil.rmtree(stage.folder, ignore_errors=True)


if __name__ == "__main__":
    tempfile.tempdir = os.environ.get("TMPDIR", tempfile.gettempdir())
    main()
