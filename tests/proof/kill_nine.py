"""Rounds of `kill -9` under load. After each restart the books verify; every call that the provider answered whole is charged once; no
call is charged twice; rows marked `interrupted` are at most the calls that were in flight; nothing is reserved any more by calls that died.

Usage: kill_nine.py TOLLGATE SIMULATOR SOURCE_FOLDER [ROUNDS]"""
import random
import sys
import threading
import time

from harness import Gateway, Simulator, chat, fields_of, wait_until

CALLERS = 16
BOUND = "0.116424"  # of one call: (0.001 + 20 × 0.00001) USD × 88 × 1.05 × 1.05, in INR


class Load:
    """Callers that go on until they are stopped; each call has a tag that the simulator records."""

    def __init__(self, gateway, key, round_number):
        self.gateway, self.key, self.round = gateway, key, round_number
        self.stopping = threading.Event()
        self.started = 0
        self.served = 0
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.call_on) for _ in range(CALLERS)]
        for thread in self.threads:
            thread.start()

    def call_on(self):
        while not self.stopping.is_set():
            with self.lock:
                self.started += 1
                number = self.started
            stream = number % 3 == 0
            speed = "tps=400" if stream else "ttft=3"
            status, _ = chat(self.gateway, self.key, f"tokens=20 prompt_tokens=10 {speed} tag=r{self.round}n{number}", stream=stream,
                             request_id=f"r{self.round}n{number}")
            with self.lock:
                self.served += status == 200
            if status == 0:
                time.sleep(0.01)

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


def check_round(gateway, simulator, number):
    prefix = f"r{number}n%"
    # What the provider has answered whole, by our name of the call.
    completed = [request["tag"] for request in simulator.requests() if request.get("completed") and request.get("tag", "").startswith(f"r{number}n")]
    rows = dict(gateway.rows("SELECT client_request_id, count(*) FROM usage_events WHERE client_request_id LIKE ? GROUP BY 1", prefix))
    missing = [tag for tag in completed if tag not in rows]
    doubled = [tag for tag, count in rows.items() if count != 1]
    unpaid = gateway.rows("SELECT count(*) FROM usage_events WHERE client_request_id LIKE ? AND status = 200 AND cost_micros = 0", prefix)[0][0]
    interrupted = gateway.rows("SELECT count(*) FROM usage_events WHERE client_request_id LIKE ? AND usage_source = 'interrupted'", prefix)[0][0]
    assert not missing, f"answered by the provider and not charged: {missing[:5]}"
    assert not doubled, f"charged more than once: {doubled[:5]}"
    assert not unpaid, f"{unpaid} served calls cost nothing"
    reserved = fields_of(gateway, gateway.proof_key, "tokens=20")["x-tollgate-reserved"]
    assert reserved == BOUND, f"{reserved} are reserved although {BOUND} is all that one call in flight can cost"
    assert interrupted <= CALLERS, f"{interrupted} interrupted rows, {CALLERS} calls were in flight at most"
    return len(completed), len(rows), interrupted


def main():
    tollgate, simulator_binary, source = sys.argv[1:4]
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 10
    random.seed(7)
    simulator = Simulator(simulator_binary)
    gateway = Gateway(tollgate, simulator.base, source)
    key = gateway.make_key(rate_limit=10000, budget="100000")
    gateway.proof_key = key["key"]
    totals = [0, 0, 0]
    gateway.start()
    try:
        for number in range(rounds):
            simulator.forget()
            load = Load(gateway, key["key"], number)
            time.sleep(random.uniform(0.1, 0.4))
            gateway.kill()
            load.stop()
            gateway.start()  # carries the journal into the books before it listens
            gateway.verify()
            totals = [have + new for have, new in zip(totals, check_round(gateway, simulator, number))]
        wait_until(lambda: chat(gateway, key["key"], "tokens=20")[0] == 200, "a call after the last restart")
        gateway.stop()
        gateway.verify()
        print(f"{rounds} kills: {totals[0]} calls answered whole by the provider, {totals[1]} rows in the books, {totals[2]} of them interrupted; "
              "none lost, none doubled, the books verify")
    finally:
        if gateway.process.poll() is None:
            gateway.kill()
        simulator.stop()


if __name__ == "__main__":
    main()
