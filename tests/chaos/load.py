"""Callers that never stop, and a history with a line for each call: what was asked of whom, when, and how it ended."""
import dataclasses
import json
import random
import threading
import time

from servers import wait_until
from harness import chat

COST = 116_424  # micro-units of a call of gpt-flat with 20 tokens: (0.001 + 20 × 0.00001) USD × 88 × 1.05 × 1.05
MICROS = 1_000_000


@dataclasses.dataclass
class Call:
    id: str
    key: str
    node: int
    begun: float
    ended: float
    status: int
    reason: str
    whole: bool


def money(calls):
    """A budget for exactly so many calls."""
    return f"{calls * COST // MICROS}.{calls * COST % MICROS:06d}"


def reason_of(body):
    try:
        return json.loads(body)["error"]["reason"]
    except (ValueError, KeyError, TypeError):
        return ""


class Load:
    """Callers choose a node and a key at random; some calls are streams."""

    def __init__(self, fleet, keys, callers=16):
        self.fleet, self.keys = fleet, keys  # name -> raw key
        self.history, self.serial = [], 0
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(number,)) for number in range(callers)]

    def start(self):
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def work(self, number):
        chance = random.Random(number)
        while not self.stopping.is_set():
            name = chance.choice(list(self.keys))
            call = self.call(name, chance.randrange(len(self.fleet.nodes)), stream=chance.random() < 0.2)
            if call.status != 200:
                time.sleep(0.01)

    def call(self, name, node, stream=False):
        with self.lock:
            self.serial += 1
            call_id = f"chaos-{self.serial}"
        speed = "+tps=200" if stream else ""
        begun = time.time()
        status, body = chat(self.fleet.nodes[node], self.keys[name], f"tokens=20 tag={call_id}{speed.replace('+', ' ')}", stream=stream,
                            request_id=call_id)
        whole = status == 200 and (b"[DONE]" in body if stream else body.rstrip().endswith(b"}"))
        call = Call(call_id, name, node, begun, time.time(), status, reason_of(body) if status != 200 else "", whole)
        with self.lock:
            self.history.append(call)
        return call

    def wait_for_success(self, name, since, seconds=60):
        """Seconds from `since` until every node has served a call that began after it."""
        def served():
            with self.lock:
                return {call.node for call in self.history if call.key == name and call.status == 200 and call.begun >= since}
        wait_until(lambda: len(served()) == len(self.fleet.nodes), "every node to serve again", seconds)
        with self.lock:
            first = [min(call.ended for call in self.history if call.node == node and call.key == name and call.status == 200
                         and call.begun >= since) for node in range(len(self.fleet.nodes))]
        return max(first) - since
