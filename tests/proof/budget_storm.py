"""500 callers at once against a budget for exactly 100 calls: exactly 100 are served, the spend is the budget, and nobody is told that
the budget is used up before it is. Then the same mixed with streams, with clients that leave and with a provider that fails.

Usage: budget_storm.py TOLLGATE SIMULATOR SOURCE_FOLDER"""
import json
import random
import socket
import sys
import threading
import time
from fractions import Fraction

from harness import Gateway, Simulator, chat, in_threads, wait_until

COST = Fraction("0.116424")  # (0.001 + 20 × 0.00001) USD × 88 × 1.05 × 1.05, in INR
CALLERS = 500
PAID = 100


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
    print(f"equal calls: {tally.served} served, {tally.exceeded} refused, spent = budget = {budget} INR")


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
    print(f"mixed: {tally.served} served, {tally.exceeded} refused for money, {tally.others} by the provider's fault, "
          f"spent {float(total)} of {float(COST * PAID)} INR")


def leavers(gateway, key):
    def leave(_):
        body = json.dumps({"model": "gpt-flat", "max_tokens": 20, "stream": True, "messages": [{"role": "user", "content": "[[sim: tokens=20 tps=50]]"}]})
        with socket.create_connection(("127.0.0.1", gateway.port), timeout=10) as client:
            client.sendall((f"POST /v1/chat/completions HTTP/1.1\r\nHost: proof\r\nAuthorization: Bearer {key}\r\n"
                            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode())
            client.recv(300)

    in_threads(50, leave)


def main():
    tollgate, simulator_binary, source = sys.argv[1:4]
    simulator = Simulator(simulator_binary)
    gateway = Gateway(tollgate, simulator.base, source)
    gateway.make_key(rate_limit=1)  # the first one also makes the account
    gateway.start()
    try:
        equal_calls(gateway)
        mixed(gateway)
        gateway.stop()
        gateway.verify()
    finally:
        if gateway.process.poll() is None:
            gateway.kill()
        simulator.stop()


if __name__ == "__main__":
    main()
