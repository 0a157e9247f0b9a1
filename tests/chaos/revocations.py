"""A thousand keys are revoked while three nodes serve calls with them: none of the calls that begin after the answer is admitted.

Usage: revocations.py TOLLGATE SIMULATOR SOURCE [--keys N]"""
import argparse
import random
import sys
import threading
import time

from fleet import Fleet
from harness import Simulator, in_threads
from load import Load
from servers import Stack

CALLERS, REVOKERS = 12, 2


def run(programs):
    stack = Stack()
    simulator = Simulator(programs.simulator, "--threads", "2", "--record", "off")
    fleet = Fleet(programs, stack, simulator.base)
    try:
        keys = {}
        in_threads(4, lambda _: [keys.update({made["id"]: made["key"]}) for made in
                                 (fleet.make_key(rate_limit=10000) for _ in range(programs.keys // 4))])
        load = Load(fleet, keys, callers=0)
        for name in keys:  # every node has every key in its cache
            for node in range(len(fleet.nodes)):
                assert load.call(name, node).status == 200
        load.history.clear()
        revoked, living, stopping = {}, list(keys), threading.Event()

        def call(number):
            chance = random.Random(number)
            while not stopping.is_set():
                recent = list(revoked)[-20:]
                names = recent + random.sample(living, min(20, len(living)))
                load.call(chance.choice(names or list(keys)), chance.randrange(len(fleet.nodes)))

        def revoke(number):
            for name in list(keys)[number::REVOKERS]:
                assert fleet.revoke(name), "a revocation failed"
                revoked[name] = time.time()
                living.remove(name)

        callers = [threading.Thread(target=call, args=(number,)) for number in range(CALLERS)]
        for caller in callers:
            caller.start()
        in_threads(REVOKERS, revoke)
        time.sleep(1)
        stopping.set()
        for caller in callers:
            caller.join()
        after = [call for call in load.history if call.begun > revoked.get(call.key, float("inf"))]
        admitted = [call for call in after if call.status == 200]
        wrong = {call.status for call in after} - {200, 401}
        print(f"keys revoked {len(revoked)}, calls {len(load.history)}, of them begun after the answer {len(after)}, admitted {len(admitted)}")
        return not admitted and not wrong and len(revoked) == len(keys) and len(after) > 0
    finally:
        fleet.remove()
        simulator.stop()
        stack.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("tollgate", "simulator", "source"):
        parser.add_argument(name)
    parser.add_argument("--keys", type=int, default=40)
    return 0 if run(parser.parse_args()) else 1


if __name__ == "__main__":
    sys.exit(main())
