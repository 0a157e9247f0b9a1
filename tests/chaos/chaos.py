"""Breaks the stores and the nodes of a fleet of three under load and checks what must hold afterwards.

Usage: chaos.py TOLLGATE SIMULATOR SOURCE [--all | --only NAME …]      (without: the scenarios of the gate)
Needs PostgreSQL, Redis and faketime; root for the full disk. Everything on loopback, started and ended here."""
import argparse
import sys
import threading
import time

import checks
import scenarios
from fleet import Fleet
from harness import Simulator
from load import Load, money
from servers import Stack


class World:
    """One fleet on fresh stores, with keys of every sort and callers who use them."""

    def __init__(self, programs, arrangement, freeze_seconds):
        self.freeze_seconds = freeze_seconds
        self.recovery, self.revoked, self.after_checks = 0.0, {}, []
        self.stack = Stack(**arrangement)
        self.simulator = Simulator(programs.simulator, "--threads", "2", "--record", "heads")
        self.fleet = Fleet(programs, self.stack, self.simulator.base)
        made = {"free": self.make_key()}
        self.budgeted = {name: self.make_key(calls) for name, calls in (("small", 60), ("middle", 250), ("large", 100_000))}
        self.mortal = {f"mortal-{number}": self.make_key() for number in range(12)}
        made |= self.budgeted | self.mortal
        self.load = Load(self.fleet, {name: key["key"] for name, key in made.items()})

    def make_key(self, calls=None):
        options = {"budget": money(calls)} if calls else {}
        return self.fleet.make_key(rate_limit=10000, **options) | {"calls": calls}

    def revoke_now_and_then(self, stopping):
        """A revocation that cannot be answered for the moment is tried again."""
        for name, key in self.mortal.items():
            while not self.fleet.revoke(key["id"]):
                if stopping.wait(0.2):
                    return
            self.revoked[name] = time.time()
            if stopping.wait(0.3):
                return

    def remove(self):
        self.fleet.remove()
        self.simulator.stop()
        self.stack.remove()


def print_logs(world):
    for node in world.fleet.nodes:
        print(f"--- log of the node on port {node.port}\n{node.log()[-4000:]}", file=sys.stderr)


def run(programs, name, freeze_seconds):
    what, arrangement = scenarios.ALL[name]
    world = World(programs, arrangement, freeze_seconds)
    try:
        stopping = threading.Event()
        revoker = threading.Thread(target=world.revoke_now_and_then, args=(stopping,))
        world.load.start()
        revoker.start()
        try:
            time.sleep(2)
            what(world)
            time.sleep(2)
        finally:
            stopping.set()
            revoker.join()
            world.load.stop()
        row, faults = checks.check(world)
        if faults:
            print_logs(world)
        for step in world.after_checks:
            step()
    except BaseException:
        print_logs(world)
        raise
    finally:
        world.remove()
    checks.print_row(name, row, faults)
    return not faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tollgate")
    parser.add_argument("simulator")
    parser.add_argument("source")
    parser.add_argument("--all", action="store_true", help="every scenario, with freezes of ten seconds")
    parser.add_argument("--only", nargs="+", choices=scenarios.ALL, help="these scenarios")
    programs = parser.parse_args()
    names = programs.only or (list(scenarios.ALL) if programs.all else scenarios.QUICK)
    freeze_seconds = scenarios.FREEZE_SECONDS
    checks.print_head()
    failed = [name for name in names if not run(programs, name, freeze_seconds)]
    print(f"{len(names) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
