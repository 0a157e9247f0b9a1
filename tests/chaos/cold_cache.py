"""Ten thousand keys and three nodes whose caches are empty: what each call costs in Redis and in the database, counted by these two.

A key that nobody has used costs the database one look-up for the whole fleet; one that is in use costs none and one step in Redis that the call waits for; one
that does not exist costs at most one look-up in each life of the answer "unknown", however many ask.

Usage: cold_cache.py TOLLGATE SIMULATOR SOURCE [--keys N] [--seconds S]"""
import argparse
import collections
import math
import re
import subprocess
import sys
import tempfile
import time

from fleet import Fleet
from harness import Simulator, in_threads
from load import Load
from servers import Stack, wait_until

CALLERS, UNKNOWN, UNKNOWN_LIFE = 12, 50, 5.0  # the last: keys.negative_cache_time
COPY = """
CREATE TEMP TABLE fresh AS SELECT n, 'key_cold' || lpad(to_hex(n), 24, '0') AS id FROM generate_series(1, {count}) AS n;
INSERT INTO api_keys SELECT (jsonb_populate_record(k, jsonb_build_object('id', f.id, 'name', 'cold ' || f.n))).* FROM fresh f, api_keys k WHERE k.id = '{pattern}';
INSERT INTO key_secrets (hash, key_id) SELECT sha256(convert_to('sk-' || lpad(to_hex(n), 64, '0'), 'UTF8')), id FROM fresh;
"""


def secret(number):
    return f"sk-{number:064x}"


class Counters:
    """What the servers themselves have counted since the last look."""

    def __init__(self, stack, fleet):
        self.stack, self.fleet = stack, fleet
        self.forget()

    def database(self):
        """Look-ups of a secret, as the server counts the statements that it is given."""
        return int(self.stack.postgres.query("SELECT coalesce(sum(calls), 0) FROM pg_stat_statements WHERE query ~ 'FROM key_secrets' AND query ~ 'hash = '")[0][0])

    def nodes(self):
        return int(sum(node.metrics()["tollgate_key_lookups_total"] for node in self.fleet.nodes))

    def forget(self):
        self.before = self.database(), self.nodes()
        self.stack.redis.ask("CONFIG", "RESETSTAT")

    def stand_still(self):
        before = self.database()
        time.sleep(1)
        return self.database() == before

    def look(self):
        time.sleep(0.5)  # nodes tell their figures five times a second
        commands = {name: int(count) for name, count in re.findall(r"cmdstat_(\w+):calls=(\d+)", self.stack.redis.ask("INFO", "commandstats"))}
        now = self.database(), self.nodes()
        return {"database": now[0] - self.before[0], "lookups": now[1] - self.before[1], "redis": commands}


class Monitor:
    """The scripts that arrive at Redis, by their hash."""

    def __init__(self, redis):
        self.out = tempfile.TemporaryFile("w+", encoding="utf-8")
        self.process = None
        wait_until(lambda: self.is_up(redis), "the monitor")

    def is_up(self, redis):
        if self.process is None or self.process.poll() is not None:  # a busy server may close what has only just come
            self.process = subprocess.Popen(["redis-cli", "-p", str(redis.port), "MONITOR"], stdout=self.out)
        return "OK" in self.read().splitlines()[:2]

    def read(self):
        self.out.seek(0)
        return self.out.read()

    def stop(self):
        time.sleep(0.3)
        self.process.terminate()
        self.process.wait()
        return collections.Counter(re.findall(r'^\S+ \[\d+ \d[^\]]*\] "evalsha" "(\w+)"', self.read(), re.M | re.I))


def check(condition, what):
    print(("ok     " if condition else "FAILED ") + what, flush=True)
    return 0 if condition else 1


def cold(load, counters, count):
    """Every key once, from whichever node."""
    counters.forget()
    def call(number):
        for key in range(1 + number, count + 1, CALLERS):
            assert load.call(secret(key), key % len(load.fleet.nodes)).status == 200
    in_threads(CALLERS, call)
    found = counters.look()
    return check(found["lookups"] == found["database"] == count,
                 f"{count} calls with {count} keys that nobody had used: {found['database']} look-ups by the database's count, {found['lookups']} by the nodes'")


def warm(load, counters, count):
    """Every key once more, from another node: Redis has it."""
    counters.forget()
    def call(number):
        for key in range(1 + number, count + 1, CALLERS):
            assert load.call(secret(key), (key + 1) % len(load.fleet.nodes)).status == 200
    in_threads(CALLERS, call)
    found = counters.look()
    asked = found["redis"].get("get", 0) / count
    return check(found["database"] == 0 and found["lookups"] == 0 and asked < 1.1,
                 f"{count} calls more, each on another node: {found['database']} look-ups in the database, {asked:.2f} in Redis for each call")


def hot(load, counters, calls):
    """One key that every node knows."""
    nodes = len(load.fleet.nodes)
    for node in range(nodes):
        assert load.call(secret(1), node).status == 200
    counters.forget()
    monitor = Monitor(load.fleet.stack.redis)
    for number in range(calls):
        assert load.call(secret(1), number % nodes).status == 200
    scripts = monitor.stop().most_common()
    found = counters.look()
    per_call = [count for _, count in scripts if count >= calls]
    asked = found["redis"].get("get", 0)
    # Each node looks four times a second whether Redis has lost something; the ledger's totals come in batches.
    return (check(found["database"] == 0 and found["lookups"] == 0, f"{calls} calls of a hot key: {found['database']} queries")
            + check(len(per_call) == 1 and calls <= per_call[0] <= 2 * calls,
                    f"turns in Redis: {per_call} (a call's reservation, which it waits for, and its settlement, which nothing waits for and which may go with "
                    f"the next reservation), and {sum(count for _, count in scripts) - sum(per_call)} for the totals of the ledger")
            + check(asked < calls / 4, f"look-ups of records in Redis: {asked}, those of the marks of losses included"))


def unknown(load, counters, seconds):
    """Strangers who try the same wrong keys as fast as they are answered."""
    load.history.clear()
    counters.forget()
    begun = time.monotonic()
    end = begun + seconds

    def call(number):
        turn = number
        while time.monotonic() < end:
            turn += 1
            load.call(f"sk-{'f' * 56}{turn % UNKNOWN:08x}", turn % len(load.fleet.nodes))
    in_threads(CALLERS, call)
    lives = math.ceil((time.monotonic() - begun) / UNKNOWN_LIFE)
    found, statuses = counters.look(), {each.status for each in load.history}
    return check(statuses == {401} and found["database"] <= UNKNOWN * lives,
                 f"{len(load.history)} calls in {seconds} s with {UNKNOWN} keys that do not exist: {found['database']} look-ups, allowed are {UNKNOWN * lives} "
                 f"({lives} lives of {UNKNOWN_LIFE:g} s); answers {sorted(statuses)}")


def run(programs):
    stack = Stack(settings=["shared_preload_libraries=pg_stat_statements"])
    simulator = Simulator(programs.simulator, "--threads", "2", "--record", "off")
    fleet = Fleet(programs, stack, simulator.base)
    try:
        pattern = fleet.make_key(rate_limit=10000, budget=1000)
        stack.postgres.query("CREATE EXTENSION pg_stat_statements")
        stack.postgres.query(COPY.format(count=programs.keys, pattern=pattern["id"]))
        load = Load(fleet, {}, callers=0)
        load.keys = Secrets()
        counters = Counters(stack, fleet)
        wait_until(counters.stand_still, "every node to have followed the changes", 120)
        stack.redis.ask("FLUSHALL")  # they have put the new records there
        wait_until(lambda: load.call(pattern["key"], 0).status == 200, "Redis to be filled again")
        return (cold(load, counters, programs.keys) + warm(load, counters, programs.keys) + hot(load, counters, 600)
                + unknown(load, counters, programs.seconds))
    finally:
        fleet.remove()
        simulator.stop()
        stack.remove()


class Secrets(dict):
    """Every name is its own key."""

    def __missing__(self, name):
        return name


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("tollgate", "simulator", "source"):
        parser.add_argument(name)
    parser.add_argument("--keys", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=7)
    return 1 if run(parser.parse_args()) else 0


if __name__ == "__main__":
    sys.exit(main())
