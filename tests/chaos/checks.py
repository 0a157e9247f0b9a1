"""What must hold after every scenario, counted from three sources: the callers' history, what the provider saw, and the books."""
import collections
import time

from load import COST, MICROS
from servers import wait_until

COLUMNS = ("calls", "served", "refused", "errors", "overspend", "lost", "double", "false 402", "late", "unusable", "verify", "recovery s")
SPENT_UP = ("small", "middle")  # budgets that the callers reach the end of
MUST_BE_ZERO = ("overspend", "lost", "double", "false 402", "late", "unusable")


def wait_for_quiet(world):
    """Until every node has given its calls to the ledger."""
    wait_until(lambda: all(node.is_ready() for node in world.fleet.nodes), "every node to be ready", 60)
    last, since = None, time.monotonic()
    while time.monotonic() - since < 1.5:
        count = world.stack.books().query("SELECT count(*) FROM usage_events")
        if count != last:
            last, since = count, time.monotonic()
        time.sleep(0.1)


def spent_by_key(world):
    return {key: int(micros) for key, micros in world.stack.books().query("SELECT key_id, sum(cost_micros) FROM usage_events GROUP BY 1")}


def overspend(world):
    spent = spent_by_key(world)
    return sum(max(0, spent.get(key["id"], 0) - key["calls"] * COST) for key in world.budgeted.values())


def lost_and_double(world):
    """Calls that the provider answered whole and that are not in the books once."""
    rows = collections.Counter(call for (call,) in world.stack.books().query("SELECT client_request_id FROM usage_events"))
    answered = {record["tag"] for record in world.simulator.requests() if record.get("completed") and record.get("tag")}
    lost = [call for call in answered if not rows[call]]
    double = [call for call, count in rows.items() if call.startswith("chaos-") and count > 1]
    return lost, double


def false_refusals(world):
    """402 told while the money was not spent yet. An event ends before its cost is counted, so ends are taken with a tenth of a second;
    where the clock of a node was wrong, the caller's begin is taken."""
    begun = {call.id: call.begun for call in world.load.history}
    ended = collections.defaultdict(list)
    statement = "SELECT key_id, cost_micros, ended_at, client_request_id FROM usage_events"
    for key, cost, end, call_id in world.stack.books().query(statement):
        end = int(end) / MICROS
        is_right = abs(end - begun.get(call_id, end)) < 600
        ended[key].append((end if is_right else begun[call_id], int(cost)))
    false = 0
    for call in world.load.history:
        if call.status != 402:
            continue
        key = world.budgeted[call.key]
        spent = sum(cost for end, cost in ended[key["id"]] if end <= call.ended + 0.1)
        false += spent + COST <= key["calls"] * COST
    return false


def admitted_after_revocation(world):
    return [call for call in world.load.history if call.status == 200 and call.key in world.revoked and call.begun > world.revoked[call.key]]


def unusable_money(world):
    """Micro-units of budgets that cannot be spent at rest, because something still holds them."""
    for name in SPENT_UP:
        refusals = 0
        while refusals < 40:
            call = world.load.call(name, refusals % len(world.fleet.nodes))
            if call.status == 402:
                break
            refusals += call.status != 200
            if call.status != 200:
                time.sleep(0.25)
    wait_for_quiet(world)
    spent = spent_by_key(world)
    small = [world.budgeted[name] for name in SPENT_UP]
    return sum(left for key in small if (left := key["calls"] * COST - spent.get(key["id"], 0)) >= COST)


def check(world):
    wait_for_quiet(world)
    row = {"unusable": unusable_money(world)}
    history = world.load.history
    lost, double = lost_and_double(world)
    late = admitted_after_revocation(world)
    verified = world.fleet.nodes[0].command("ledger", "verify")
    row |= {"calls": len(history), "served": sum(call.whole for call in history),
            "refused": sum(call.status in (401, 402, 403, 429) for call in history),
            "errors": sum(call.status == 0 or call.status >= 500 for call in history),
            "overspend": overspend(world), "lost": len(lost), "double": len(double), "false 402": false_refusals(world), "late": len(late),
            "verify": "ok" if verified.returncode == 0 else "FAILS", "recovery s": world.recovery}
    wrong_reasons = [call for call in history if call.status == 401 and call.key not in world.revoked]
    faults = [f"{name} is {row[name]}" for name in MUST_BE_ZERO if row[name]]
    faults += [f"{len(late)} late, at node and after seconds: " + ", ".join(f"{call.node} {call.begun - world.revoked[call.key]:.3f}" for call in late[:12])] if late else []
    faults += [f"lost: {lost[:5]}"] if lost else []
    faults += [f"doubled: {double[:5]}"] if double else []
    faults += [f"a good key was refused: {wrong_reasons[:3]}"] if wrong_reasons else []
    faults += [verified.stdout + verified.stderr] if verified.returncode else []
    return row, faults


def print_row(name, row, faults):
    cells = [f"{row.get(column, ''):>10.1f}" if isinstance(row.get(column), float) else f"{row.get(column, ''):>10}" for column in COLUMNS]
    print(f"{name:<28}", *cells, "" if not faults else "  FAILED", flush=True)
    for fault in faults:
        print("    ", fault, flush=True)


def print_head():
    print(f"{'scenario':<28}", *(f"{column:>10}" for column in COLUMNS), flush=True)
