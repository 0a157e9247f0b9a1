"""Three nodes, one key at N requests a minute, three times as many offered: never more than N in any rolling 60 s, and at least 0.99 N.

Usage: rates.py TOLLGATE SIMULATOR SOURCE [--limit N] [--seconds S]"""
import argparse
import sys
import threading
import time

from fleet import Fleet
from harness import Simulator
from load import Load
from servers import Stack

WINDOW = 60.0


def most_in_a_window(times):
    """The windows that matter begin with an admitted call. A call is admitted between its begin and its end: of two calls that
    are sure to lie in one window, the earlier had ended after the later began minus 60 s."""
    calls = sorted(times)
    most, first = 0, 0
    for last, (begun, _) in enumerate(calls):
        while calls[first][1] <= begun - WINDOW:
            first += 1
        most = max(most, last - first + 1)
    return most


def sure_in_a_window(times):
    """As above, of calls that lie wholly inside: what was admitted for certain."""
    calls = sorted(times)
    most, first = 0, 0
    for last, (_, ended) in enumerate(calls):
        while calls[first][0] <= ended - WINDOW:
            first += 1
        most = max(most, last - first + 1)
    return most


def run(programs):
    stack = Stack()
    simulator = Simulator(programs.simulator, "--threads", "2", "--record", "off")
    fleet = Fleet(programs, stack, simulator.base)
    try:
        load = Load(fleet, {"one": fleet.make_key(rate_limit=programs.limit)["key"]}, callers=0)
        end, pause = time.time() + programs.seconds, len(fleet.nodes) * WINDOW / (3 * programs.limit)

        def offer(node):
            due = time.time()
            while due < end:
                threading.Thread(target=load.call, args=("one", node)).start()
                due += pause
                time.sleep(max(0, due - time.time()))

        offerers = [threading.Thread(target=offer, args=(node,)) for node in range(len(fleet.nodes))]
        for offerer in offerers:
            offerer.start()
        for offerer in offerers:
            offerer.join()
        time.sleep(1)
        admitted = [(call.begun, call.ended) for call in load.history if call.status == 200]
        sure, most = sure_in_a_window(admitted), most_in_a_window(admitted)
        strange = {call.status for call in load.history} - {200, 429}
        print(f"limit {programs.limit}, offered {len(load.history)} in {programs.seconds} s, admitted {len(admitted)}, "
              f"most in 60 s {sure} for certain and {most} at the most")
        return sure <= programs.limit and most >= 0.99 * min(programs.limit, len(load.history)) and not strange
    finally:
        fleet.remove()
        simulator.stop()
        stack.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("tollgate", "simulator", "source"):
        parser.add_argument(name)
    parser.add_argument("--limit", type=int, default=120)
    parser.add_argument("--seconds", type=int, default=15)
    return 0 if run(parser.parse_args()) else 1


if __name__ == "__main__":
    sys.exit(main())
