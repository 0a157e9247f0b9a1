"""500 callers at once against a budget for exactly 100 calls: exactly 100 are served, the spend is the budget, and nobody is told that
the budget is used up before it is. Then the same mixed with streams, with clients that leave and with a provider that fails; with
streams that are set aside in slices; and with a daily budget across the end of the day.

Usage: budget_storm.py TOLLGATE SIMULATOR SOURCE_FOLDER"""
import json
import random
import socket
import sys
import tempfile
import threading
import time
from fractions import Fraction

from harness import QUIET_MODEL, Gateway, Simulator, chat, in_threads, wait_until, write_zone

COST = Fraction("0.116424")  # (0.001 + 20 × 0.00001) USD × 88 × 1.05 × 1.05, in INR
CALLERS = 500
PAID = 100
TABLE = [("storm", "callers", "served", "refused", "spent", "budget")]


class Tally:
    def __init__(self):
        self.lock = threading.Lock()
        self.served = 0
        self.exceeded = 0
        self.others = {}
        self.spent_when_exceeded = []

    def count(self, status, body):
        """False: try again, as the SDKs do after a 429."""
        with self.lock:
            if status == 200:
                self.served += 1
                return True
            reason = json.loads(body)["error"]["reason"] if body else "cut"
            if status == 429:
                return False
            if reason == "budget_exceeded":
                self.exceeded += 1
                self.spent_when_exceeded.append(json.loads(body)["error"]["message"])
            else:
                self.others[reason] = self.others.get(reason, 0) + 1
            return True


def storm(gateway, simulator_directives, seed):
    key = gateway.make_key(budget=str(float(COST * PAID)), rate_limit=10000)
    tally = Tally()
    random.seed(seed)
    plans = [simulator_directives(number) for number in range(CALLERS)]

    def caller(number):
        while True:
            directives, stream = plans[number]
            if tally.count(*chat(gateway, key["key"], directives, stream=stream)):
                return
            time.sleep(0.05)

    in_threads(CALLERS, caller)
    return key, tally


def spent(gateway, key_id):
    rows = gateway.rows("SELECT coalesce(sum(cost_micros), 0), count(*) FROM usage_events WHERE key_id = ?", key_id)
    return Fraction(rows[0][0], 1_000_000), rows[0][1]


def equal_calls(gateway):
    key, tally = storm(gateway, lambda number: ("tokens=20 prompt_tokens=10 ttft=20", False), seed=1)
    wait_until(lambda: spent(gateway, key["id"])[0] == COST * PAID, "the books to hold the whole budget")
    assert tally.served == PAID, (tally.served, tally.others)
    assert tally.exceeded == CALLERS - PAID, (tally.exceeded, tally.others)
    budget = str(float(COST * PAID))
    assert all(f"spent {budget}" in message for message in tally.spent_when_exceeded), tally.spent_when_exceeded[:3]
    TABLE.append(("equal calls", CALLERS, tally.served, tally.exceeded, budget, budget))


def mixed(gateway):
    def plan(number):
        kind = number % 4
        if kind == 0:
            return "tokens=20 prompt_tokens=10 ttft=10", False
        if kind == 1:
            return "tokens=20 prompt_tokens=10 tps=2000", True
        if kind == 2:
            return "status=500", False
        return "tokens=20 prompt_tokens=10 fault=cut:5 tps=2000", True

    key, tally = storm(gateway, plan, seed=2)
    leavers(gateway, key["key"])
    time.sleep(0.5)
    total, _ = spent(gateway, key["id"])
    assert total <= COST * PAID, f"spent {float(total)} of {float(COST * PAID)}"
    assert tally.exceeded > 0 and tally.served > 0, (tally.served, tally.exceeded)
    TABLE.append(("streams, leavers, faults", CALLERS, tally.served, tally.exceeded, float(total), float(COST * PAID)))


def leavers(gateway, key):
    def leave(_):
        body = json.dumps({"model": "gpt-flat", "max_tokens": 20, "stream": True, "messages": [{"role": "user", "content": "[[sim: tokens=20 tps=50]]"}]})
        with socket.create_connection(("127.0.0.1", gateway.port), timeout=10) as client:
            client.sendall((f"POST /v1/chat/completions HTTP/1.1\r\nHost: proof\r\nAuthorization: Bearer {key}\r\n"
                            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode())
            client.recv(300)

    in_threads(50, leave)


def sliced(gateway):
    """Streams without a cap, whose whole bounds would be hundreds of times the budget. Each is served, ended at the cap or told that there is no money."""
    budget = float(COST * PAID)
    key = gateway.make_key(budget=str(budget), rate_limit=10000)
    random.seed(3)
    lengths = [random.randrange(1, 800) for _ in range(CALLERS)]
    ends = {"served": 0, "at the cap": 0, "refused": 0}
    lock = threading.Lock()

    def caller(number):
        while True:
            status, body = chat(gateway, key["key"], f"tokens={lengths[number]} prompt_tokens=10 tps=20000", model=QUIET_MODEL, cap=100_000, stream=True)
            if status == 429:
                time.sleep(0.05)
                continue
            end = "refused"
            if status == 200:
                end = "served" if b"[DONE]" in body else "at the cap"
                assert end == "served" or (b'"finish_reason":"length"' in body and b'"reason":"budget_exceeded"' in body), body[-500:]
            with lock:
                ends[end] += 1
            return

    in_threads(CALLERS, caller)
    wait_until(lambda: spent(gateway, key["id"])[1] == ends["served"] + ends["at the cap"], "every stream to be in the books")
    total, _ = spent(gateway, key["id"])
    assert total <= Fraction(str(budget)), f"spent {float(total)} of {budget}"
    assert ends["served"] > 0 and ends["refused"] > 0, ends
    TABLE.append((f"slices ({ends['at the cap']} ended at the cap)", CALLERS, ends["served"], ends["refused"], float(total), budget))


def across_midnight(tollgate, provider, source):
    """A zone in which the day ends in a moment. The first day's budget is spent in part before, in part by calls that are under way at midnight; the second
    day's by a storm that begins at once."""
    zones = tempfile.mkdtemp(prefix="tollgate-zones-")
    midnight = int(time.time()) + 25
    write_zone(zones, "Proof/Midnight", -(midnight % 86400) if midnight % 86400 < 43200 else 86400 - midnight % 86400)
    gateway = Gateway(tollgate, provider, source, zone="Proof/Midnight", zones=zones)
    key = gateway.make_key(budget=str(float(COST * PAID)), budget_period="daily", rate_limit=10000)
    gateway.start()
    try:
        early, late = Tally(), Tally()
        in_threads(60, lambda _: early.count(*chat(gateway, key["key"], "tokens=20 prompt_tokens=10")))
        assert time.time() < midnight - 4, "the machine is too slow for this proof: the day ended before it began"
        time.sleep(max(0.0, midnight - 4 - time.time()))
        under_way = [threading.Thread(target=lambda: early.count(*chat(gateway, key["key"], "tokens=20 prompt_tokens=10 ttft=7000"))) for _ in range(40)]
        for thread in under_way:
            thread.start()
        time.sleep(max(0.0, midnight + 0.2 - time.time()))

        def caller(_):
            while not late.count(*chat(gateway, key["key"], "tokens=20 prompt_tokens=10 ttft=20")):
                time.sleep(0.05)

        in_threads(CALLERS, caller)
        for thread in under_way:
            thread.join()
        wait_until(lambda: spent(gateway, key["id"])[1] >= 2 * PAID, "both days to be in the books")
        days = gateway.rows("SELECT day, count(*), sum(cost_micros) FROM usage_events WHERE key_id = ? GROUP BY day ORDER BY day", key["id"])
        assert early.served == PAID and late.served == PAID, (early.served, early.others, late.served, late.others)
        assert late.exceeded == CALLERS - PAID, late.exceeded
        assert [(count, Fraction(micros, 1_000_000)) for _, count, micros in days] == [(PAID, COST * PAID)] * 2, days
        gateway.stop()
        gateway.verify()
    finally:
        if gateway.process.poll() is None:
            gateway.kill()
    budget = str(float(COST * PAID))
    TABLE.append(("day one, 40 calls over midnight", 100, early.served, early.exceeded, budget, budget))
    TABLE.append(("day two, from its first moment", CALLERS, late.served, late.exceeded, budget, budget))


def main():
    tollgate, simulator_binary, source = sys.argv[1:4]
    simulator = Simulator(simulator_binary)
    gateway = Gateway(tollgate, simulator.base, source)
    gateway.make_key(rate_limit=1)  # the first one also makes the account
    gateway.start()
    try:
        equal_calls(gateway)
        mixed(gateway)
        sliced(gateway)
        gateway.stop()
        gateway.verify()
        across_midnight(tollgate, simulator.base, source)
        for row in TABLE:
            print("".join(str(cell).ljust(width) for cell, width in zip(row, (34, 9, 8, 9, 12, 8))))
    finally:
        if gateway.process.poll() is None:
            gateway.kill()
        simulator.stop()


if __name__ == "__main__":
    main()
