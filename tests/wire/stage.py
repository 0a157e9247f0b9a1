"""The gateway between a raw client and a raw provider, the rows of the suite and their report. Standard library only."""
import atexit
import json
import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "proof"))

from client import Client, Ended, Malformed  # noqa: E402
from harness import Gateway, free_port, wait_until  # noqa: E402, F401
from upstream import KEY as PROVIDER_KEY  # noqa: E402

SETTINGS = """
server:
  listen: ["127.0.0.1:{port}"]
  workers: {workers}
  drain_timeout: 5s
  limits: {{{limits}}}
storage: {{database: "sqlite:{folder}/tollgate.db", journal: "{folder}/journal"}}
accounts: {{concurrency: 0, session_secret: "{session_secret}"}}
keys: {{max_rate_limit: 1000000000}}
billing:
  prices: {prices}
  price_overrides:
    gpt-flat: {{input_cost_per_request: 0.001, output_cost_per_token: 0.00001, input_cost_per_token: 0.0, max_output_tokens: 4096}}
providers:
  openai:
    protocol: openai
    base_url: "{provider}"
    keys: ["{provider_key}"]
    attempts: {attempts}
    connections: 10000
    timeouts: {{{timeouts}}}
    breaker: {{failures: 0}}
    {extra}
telemetry: {{log_level: {log_level}, metrics_listen: "127.0.0.1:{metrics}", access_log: {access_log}}}
"""
SESSION_SECRET = "session-canary-8c27b1e04d"

USUAL = {"limits": "head: 8KiB, headers: 50, body: 256KiB", "timeouts": "connect: 5s, first_byte: 20s, idle: 20s, total: 60s",
         "workers": 2, "attempts": 1, "extra": "", "log_level": "debug", "access_log": '"all"'}

KEY_PLACE = b"sk-" + b"K" * 64
ID_PLACE = b"ID_PLACE"
BODY = json.dumps({"model": "openai/gpt-flat", "user": ID_PLACE.decode(), "messages": [{"role": "user", "content": "hello"}]}).encode()
STREAM = BODY.replace(b'"user"', b'"stream": true, "user"', 1)


class WireGateway(Gateway):
    def __init__(self, binary, provider, source, **settings):
        super().__init__(binary, provider, source)
        self.metrics = free_port()
        with open(self.config, "w", encoding="utf-8") as out:
            out.write(SETTINGS.format(**(USUAL | settings), port=self.port, folder=self.folder, provider=provider, provider_key=PROVIDER_KEY,
                                      prices=os.path.join(source, "config/prices.json"), metrics=self.metrics, session_secret=SESSION_SECRET))
        self.key = self.make_key(rate_limit=1000000000)["key"].encode()
        self.start()
        atexit.register(self.process.kill)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def request(*fields, line=b"POST /v1/chat/completions HTTP/1.1", host=b"Host: gateway", key=b"Authorization: Bearer " + KEY_PLACE,
            kind=b"Content-Type: application/json", length=True, body=BODY):
    """A call with every part in its place, of which a row changes one. None leaves a part out."""
    if length is True:
        length = b"Content-Length: %d" % len(body)
    lines = [part for part in (line, host, key, kind, *fields, length) if part is not None]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def chunk(data, size=None, extension=b"", end=b"\r\n"):
    return (b"%x" % len(data) if size is None else size) + extension + b"\r\n" + data + end


def chunked_request(body, *fields, coding=b"Transfer-Encoding: chunked"):
    return request(*fields, coding, length=None, body=body)


class Expected:
    """What one answer may be. `then`: whether the connection lives on ("open", "closed", "either"). `calls`: how many requests the provider saw."""

    def __init__(self, statuses, reason=None, *, then="open", calls=0, param=None, method="POST", fields=()):
        self.statuses = {statuses} if isinstance(statuses, int) else set(statuses)
        self.reasons = None if reason is None else {reason} if isinstance(reason, str) else set(reason)
        self.then, self.calls, self.param, self.method, self.fields = then, calls, param, method, fields

    def check(self, answer):
        if answer.status not in self.statuses:
            raise AssertionError(f"status {answer.status}, allowed are {sorted(self.statuses)}")
        if not answer.complete:
            raise AssertionError("the answer was cut")
        for name, value in self.fields:
            if answer.field(name) != value:
                raise AssertionError(f"{name}: {answer.field(name)}, allowed is {value}")
        if answer.field("x-request-id") is None:
            raise AssertionError("no x-request-id")
        if self.method != "HEAD" and answer.status >= 400:
            self.check_error(answer)
        if self.then == "closed" and answer.field("connection") != "close":
            raise AssertionError("the answer does not say that the connection ends")

    def check_error(self, answer):
        if answer.field("content-type") != "application/json":
            raise AssertionError(f"content-type {answer.field('content-type')}")
        error = answer.error
        if self.reasons and error["reason"] not in self.reasons:
            raise AssertionError(f"reason {error['reason']}, allowed is {sorted(self.reasons)}")
        if self.param is not None and error["param"] != self.param:
            raise AssertionError(f"param {error['param']}, expected is {self.param}")


def refused(status, reason="malformed_request", **more):
    """Refused at the head: an error, and the connection ends, since nobody can know where the next request begins."""
    return [Expected(status, reason, then="closed", **more)]


def denied(status, reason, **more):
    """Understood and refused: the connection lives on."""
    return [Expected(status, reason, **more)]


def served(**more):
    return [Expected(200, calls=1, **more)]


SILENT = []  # the connection ends without an answer
PLAYED = ()  # the row's play has looked at everything


class Row:
    def __init__(self, name, send, expected, *, play=None):
        self.name, self.send, self.expected, self.play = name, send, expected, play


def shown(text):
    return repr(text) if len(text) <= 1200 else f"{text[:900]!r} … {text[-200:]!r} ({len(text)} bytes)"


class Stage:
    """Runs rows one after another against one gateway and one scripted provider."""

    def __init__(self, gateway, upstream):
        self.gateway, self.upstream = gateway, upstream
        self.count = 0
        self.seen = []  # everything that clients of the rows received

    def fresh_id(self):
        self.count += 1
        return b"n%07d" % self.count

    def fill(self, text, name):
        return text.replace(KEY_PLACE, self.gateway.key).replace(ID_PLACE, name)

    def canary(self, client):
        """A normal call on this connection: it must get its own answer."""
        name = self.fresh_id()
        client.send(self.fill(request(), name))
        answer = client.read_answer()
        if answer.status != 200 or json.loads(answer.body).get("id") != name.decode():
            raise AssertionError(f"the next normal call got {answer.status} {answer.body[:300]!r}")
        return name.decode()

    def run(self, row):
        """None, or what is wrong with the row."""
        client = Client(self.gateway.port)
        self.seen.append(client)
        seen, faults = len(self.upstream.requests), len(self.upstream.violations)
        name = self.fresh_id()
        try:
            with client:
                self.play(row, client, name)
                allowed = sum(expected.calls for expected in row.expected)
                ids = [self.canary(client)] if row.expected and row.expected[-1].then == "open" else []
            with Client(self.gateway.port) as other:
                ids.append(self.canary(other))
            if len(self.upstream.violations) > faults:
                raise AssertionError(f"the provider saw {self.upstream.violations[faults:]}")
            came = [found.id for found in self.upstream.requests[seen:]]
            own = [found for found in came if found not in ids]
            if len(own) != allowed or any(found and found != name.decode() for found in own):
                raise AssertionError(f"the provider saw the calls {own}, allowed were {allowed} of {name.decode()}")
        except (AssertionError, Malformed, Ended, OSError, ValueError, KeyError, EOFError) as fault:
            return f"{type(fault).__name__}: {fault}\n    sent     {shown(client.sent)}\n    received {shown(client.seen)}"
        return None

    def play(self, row, client, name):
        if row.play:
            row.play(self, client, name)
        else:
            for piece in row.send if isinstance(row.send, list) else [row.send]:
                client.send(self.fill(piece, name))
        if row.expected == SILENT and not client.ends():
            raise AssertionError("the connection did not end in silence")
        for expected in row.expected:
            answer = client.read_answer(expected.method)
            expected.check(answer)
        if row.expected and row.expected[-1].then == "closed" and not client.ends():
            raise AssertionError(f"the connection did not end, or more came: {client.held!r}")
        if row.expected and row.expected[-1].then == "open" and not client.is_open():
            raise AssertionError(f"the connection ended, or more came: {client.held!r}")


def report(groups, run):
    """Runs every row and prints a line per group, then each failing row with its bytes. Returns the number of failures."""
    failures, total = [], 0
    print(f"{'group':<44} {'rows':>5} {'passed':>6} {'failed':>6} {'seconds':>8}")
    for title, rows in groups:
        start = time.monotonic()
        found = [(title, row.name, fault) for row in rows if (fault := run(row))]
        failures += found
        total += len(rows)
        print(f"{title:<44} {len(rows):>5} {len(rows) - len(found):>6} {len(found):>6} {time.monotonic() - start:>8.1f}", flush=True)
    print(f"{'total':<44} {total:>5} {total - len(failures):>6} {len(failures):>6}")
    for title, name, fault in failures:
        print(f"\nFAILED {title}: {name}\n  {fault}")
    return len(failures)
