"""Providers that break HTTP or stop, through a scripted raw provider. Usage: misbehaviour.py TOLLGATE SIMULATOR SOURCE_FOLDER"""
import json
import sys
import time

import rows_stall
import rows_stream
import rows_upstream
from client import Client, Ended, Malformed
from rows_upstream import CUT, WHOLE
from stage import Expected, Stage, WireGateway, report, request, shown
from upstream import Upstream



def stream_kind(answer, name):
    """CUT or WHOLE, or an AssertionError: a stream holds nothing but its own call's events, and one error event at most, at its end."""
    events = [event for event in answer.body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n\n") if event]
    if b"somebody else" in answer.body:
        raise AssertionError("somebody else's bytes")
    done = bool(events) and events[-1].split(b"\n")[-1].removeprefix(b"data:").strip() == b"[DONE]"
    if done and answer.complete:
        if name not in answer.body:
            raise AssertionError("not the stream of this call")
        return WHOLE
    if answer.complete and (not events or b'"error"' not in events[-1]):
        raise AssertionError(f"a cut stream looks complete: {answer.body[-300:]!r}")
    if answer.complete and b'"reason"' in events[-1]:
        error = json.loads(events[-1].removeprefix(b"data: "))["error"]
        if set(error) != {"message", "type", "param", "code", "reason"}:
            raise AssertionError(f"not the contract's error: {error}")
    return CUT


def check(row, answer, name):
    expected = row.expected
    if isinstance(expected, Expected):
        expected.check(answer)
        if answer.status == 200 and answer.field("content-type") == "application/json" and json.loads(answer.body)["id"] != name.decode():
            raise AssertionError("somebody else's answer")
        return
    if answer.status != 200 or not answer.field("content-type").startswith("text/event-stream"):
        raise AssertionError(f"status {answer.status}, expected is a stream")
    kind = stream_kind(answer, name)
    if kind not in ({expected} if isinstance(expected, str) else expected):
        raise AssertionError(f"the stream is {kind}, allowed is {expected}")


def run(stage, row):
    upstream = stage.upstream
    seen, faults = len(upstream.requests), len(upstream.violations)
    name = stage.fresh_id()
    client = Client(stage.gateway.port, seconds=30)
    stage.seen.append(client)
    try:
        with client:
            upstream.script = row.script
            client.send(stage.fill(request(body=row.body), name))
            answer = client.read_answer()
            check(row, answer, name)
            time.sleep(row.pause)
            ids = [stage.canary(client)] if answer.field("connection") != "close" and answer.complete else []
        time.sleep(row.pause)
        with Client(stage.gateway.port) as other:
            ids += [stage.canary(other), stage.canary(other)]
        came = [found.id for found in upstream.requests[seen:] if found.id not in ids]
        if len(came) not in row.calls or any(found and found != name.decode() for found in came):
            raise AssertionError(f"the provider saw the calls {came}, allowed are {row.calls} of {name.decode()}")
        if len(upstream.violations) > faults:
            raise AssertionError(f"the provider saw {upstream.violations[faults:]}")
    except (AssertionError, Malformed, Ended, OSError, ValueError, KeyError, EOFError) as fault:
        upstream.script = None
        return f"{type(fault).__name__}: {fault}\n    sent     {shown(client.sent)}\n    received {shown(client.seen)}"
    return None


def main(tollgate, source):
    upstream = Upstream()
    gateway = WireGateway(tollgate, upstream.base, source)
    impatient = WireGateway(tollgate, upstream.base, source, **rows_stall.SETTINGS)
    patient = Stage(gateway, upstream)
    stalling = Stage(impatient, upstream)
    wary = WireGateway(tollgate, upstream.base, source, **rows_upstream.SETTINGS)
    alone = Stage(wary, upstream)
    place = {id(row): stalling for _, rows in rows_stall.GROUPS for row in rows}
    place |= {id(row): alone for _, rows in rows_upstream.LATE_GROUPS for row in rows}
    groups = rows_upstream.GROUPS + rows_upstream.LATE_GROUPS + rows_stream.GROUPS + rows_stall.GROUPS
    failures = report(groups, lambda row: run(place.get(id(row), patient), row))
    for used in (gateway, impatient, wary):
        used.stop()
        used.verify()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[3]))
