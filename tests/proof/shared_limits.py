"""Three gateways on one PostgreSQL and one Redis: a budget and a rate hold over all of them, a revocation holds everywhere at once, a hot key costs one
step in Redis and no query, and whatever happens to Redis – emptied, killed, frozen, its scripts forgotten – nothing is overspent, lost or charged twice.

Usage: shared_limits.py TOLLGATE SIMULATOR SOURCE_FOLDER"""
import json
import re
import sys
import threading
import time
import urllib.error
import urllib.request
from fractions import Fraction

from harness import Gateway, Simulator, chat, in_threads, wait_until
from postgres_server import Postgres
from redis_server import Redis

COST = Fraction("0.116424")  # of a call with 20 tokens, in INR
NODES = 3


def ready(gateway):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{gateway.port}/health/ready", timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)


def metric(gateway, name):
    with urllib.request.urlopen(f"http://127.0.0.1:{gateway.metrics}/metrics", timeout=10) as answer:
        return int(re.search(rf"^{name} (\d+)", answer.read().decode(), re.M).group(1))


def await_redis(gateways, state, seconds=60):
    wait_until(lambda: all(ready(each)["redis"] == state for each in gateways), f"Redis to be '{state}' for every node", seconds)


def reason(body):
    return json.loads(body)["error"]["reason"] if body else "cut"


def spent(postgres, key_id):
    return Fraction(int(postgres.psql(f"SELECT coalesce(sum(cost_micros), 0)::bigint FROM usage_events WHERE key_id = '{key_id}'")), 1_000_000)


def prove_budget(gateways, postgres, callers, paid):
    key = gateways[0].make_key(budget=str(float(COST * paid)), rate_limit=10000)
    lock, counts = threading.Lock(), {}

    def caller(number):
        while True:
            status, body = chat(gateways[number % NODES], key["key"], "tokens=20 prompt_tokens=10 ttft=20")
            what = "served" if status == 200 else reason(body)
            if status in (429, 503):
                time.sleep(0.05)
                continue
            with lock:
                counts[what] = counts.get(what, 0) + 1
            return

    in_threads(callers, caller)
    assert counts == {"served": paid, "budget_exceeded": callers - paid}, counts
    wait_until(lambda: spent(postgres, key["id"]) == COST * paid, "the books to hold the whole budget")
    print(f"budget: {callers} callers on {NODES} nodes, {paid} paid for, {counts['served']} served, the rest told budget_exceeded")


def prove_rate(gateways):
    limit = 60
    key = gateways[0].make_key(rate_limit=limit)
    lock, admitted = threading.Lock(), []
    end = time.monotonic() + 3

    def caller(number):
        while time.monotonic() < end:
            begun = time.monotonic()
            status, _ = chat(gateways[number % NODES], key["key"], "tokens=1")
            if status == 200:
                with lock:
                    admitted.append(begun)

    in_threads(2 * NODES, caller)
    assert len(admitted) == limit, len(admitted)
    print(f"rate: {limit} requests a minute, offered to {NODES} nodes as fast as they answer for 3 s: {len(admitted)} admitted")


def prove_revocations(gateways, count):
    keys = [gateways[0].make_key() for _ in range(count)]
    for key in keys:
        for gateway in gateways:
            assert chat(gateway, key["key"], "tokens=1")[0] == 200  # every cache is warm
    late = 0
    for key in keys:
        revoked = gateways[0].command("key", "revoke", key["id"])
        assert revoked.returncode == 0, revoked.stderr
        late += sum(chat(gateway, key["key"], "tokens=1")[0] == 200 for gateway in gateways)
    assert late == 0, f"{late} calls were admitted after the answer"
    print(f"revocation: {count} keys, {count * NODES} calls begun after the answer, {late} admitted")


def prove_hot_key(gateways, redis):
    key = gateways[0].make_key(budget="1000", rate_limit=10000)

    def look_ups():
        return sum(metric(each, "tollgate_key_lookups_total") for each in gateways)

    def is_known():
        """Each node has heard of the new key and read it; a node that hears of a change reads it once more."""
        before = look_ups()
        for number in range(10 * NODES):
            assert chat(gateways[number % NODES], key["key"], "tokens=1")[0] == 200
        time.sleep(0.5)
        return look_ups() == before

    wait_until(is_known, "every node to know the key")
    calls, before = 200, look_ups()
    redis.say("CONFIG", "RESETSTAT")
    for number in range(calls):
        assert chat(gateways[number % NODES], key["key"], "tokens=1")[0] == 200
    time.sleep(0.5)
    steps = re.search(r"cmdstat_evalsha:calls=(\d+)", redis.info("commandstats"))
    asked = look_ups() - before
    assert asked == 0, asked
    print(f"hot key: {calls} calls, {asked} key look-ups in the database, {int(steps.group(1)) / calls:.2f} steps in Redis for each call "
          "(reserve, settle, and the ledger's totals)")


def prove_faults(gateways, postgres, redis):
    paid = 400
    key = gateways[0].make_key(budget=str(float(COST * paid)), rate_limit=10000)
    free = gateways[0].make_key(rate_limit=10000)
    lock, counts, slowest = threading.Lock(), {}, [0.0]
    stopping = threading.Event()

    def caller(number):
        while not stopping.is_set():
            secret = key["key"] if number % 2 else free["key"]
            begun = time.monotonic()
            status, body = chat(gateways[number % NODES], secret, "tokens=20 prompt_tokens=10 ttft=5")
            what = ("paid " if number % 2 else "free ") + ("served" if status == 200 else reason(body))
            with lock:
                counts[what] = counts.get(what, 0) + 1
                if not number % 2:
                    slowest[0] = max(slowest[0], time.monotonic() - begun)
            if status != 200:
                time.sleep(0.05)

    threads = [threading.Thread(target=caller, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(1)
        redis.say("FLUSHALL")
        time.sleep(1)
        redis.say("SCRIPT", "FLUSH")
        redis.kill()
        await_redis(gateways, "counting locally")
        time.sleep(1)
        redis.start()
        await_redis(gateways, "ok")
        redis.freeze()
        await_redis(gateways, "counting locally")
        redis.thaw()
        await_redis(gateways, "ok")
        redis.say("FLUSHALL")
        await_redis(gateways, "ok")
        time.sleep(1)
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
    wrong = {what: count for what, count in counts.items() if what.startswith("free ") and what != "free served"}
    assert not wrong, counts
    served = counts.get("paid served", 0)
    assert served <= paid, counts
    wait_until(lambda: spent(postgres, key["id"]) == COST * served, "the books to hold what was served")
    assert "paid budget_exceeded" not in counts or served == paid, counts
    # At rest, exactly the rest can be had.
    while served < paid:
        status, body = chat(gateways[served % NODES], key["key"], "tokens=20 prompt_tokens=10")
        assert status == 200, (served, reason(body))
        served += 1
    status, body = chat(gateways[0], key["key"], "tokens=20 prompt_tokens=10")
    assert (status, reason(body)) == (402, "budget_exceeded"), (status, body)
    print(f"faults: {counts}; {paid} of {paid} paid calls served in the end and not one more; the slowest call without a budget took {slowest[0]:.2f} s")


def prove_kill(gateways, postgres):
    key = gateways[0].make_key(budget=str(float(COST * 10)), rate_limit=10000)
    calls = [threading.Thread(target=chat, args=(gateways[1], key["key"], "tokens=20 prompt_tokens=10 ttft=20000")) for _ in range(10)]
    for call in calls:
        call.start()
    time.sleep(1)
    status, body = chat(gateways[0], key["key"], "tokens=20")
    assert (status, reason(body)) == (429, "budget_reserved"), (status, body)
    gateways[1].kill()
    for call in calls:
        call.join()
    gateways[1].start()
    wait_until(lambda: chat(gateways[2], key["key"], "tokens=20")[0] in (200, 402), "what the killed node held to be resolved", 60)
    await_redis(gateways, "ok")
    assert spent(postgres, key["id"]) <= COST * 10
    print("kill: what a killed gateway had reserved is charged or free again after its start")


def main():
    tollgate, simulator_binary, source = sys.argv[1:4]
    simulator, postgres, redis = Simulator(simulator_binary), Postgres(), Redis()
    postgres.start()
    postgres.psql("CREATE DATABASE books", "postgres")
    gateways = [Gateway(tollgate, simulator.base, source, database=postgres.url, redis=redis.url) for _ in range(NODES)]
    try:
        gateways[0].make_key(rate_limit=1)  # the first one also makes the account
        for gateway in gateways:
            gateway.start()
        await_redis(gateways, "ok")
        prove_budget(gateways, postgres, 300, 100)
        prove_rate(gateways)
        prove_revocations(gateways, 20)
        prove_hot_key(gateways, redis)
        prove_faults(gateways, postgres, redis)
        prove_kill(gateways, postgres)
        for gateway in gateways:
            gateway.stop()
        gateways[0].verify()
        print("ledger verify passes")
    finally:
        for gateway in gateways:
            if gateway.process and gateway.process.poll() is None:
                gateway.process.kill()
        simulator.stop()
        redis.stop()
        postgres.stop()


if __name__ == "__main__":
    main()
