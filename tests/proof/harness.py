"""Starts the real gateway and the simulator for the proofs of this folder, and speaks HTTP to them. Standard library only."""
import contextlib
import json
import os
import re
import signal
import socket
import sqlite3
import struct
import subprocess
import tempfile
import threading
import time
import urllib.request

FLAT_MODEL = "gpt-flat"  # priced by output and request alone: the bound of a capped call is its cost
QUIET_MODEL = "gpt-quiet"  # the same, and known never to reason: its streams are set aside in slices

CONFIG = """
server: {{listen: ["127.0.0.1:{port}"], workers: 2, drain_timeout: 5s}}
storage: {{database: "{database}", journal: "{folder}/journal", redis: {redis}, redis_timeout: {redis_timeout}}}
accounts: {{concurrency: 0}}
billing:
  prices: {prices}
  time_zone: {zone}
  stream_slice: 400
  reserve_wait: {reserve_wait}
  price_overrides:
    gpt-flat: {{input_cost_per_request: 0.001, output_cost_per_token: 0.00001, input_cost_per_token: 0.0, max_output_tokens: 4096}}
    gpt-quiet: {{input_cost_per_request: 0.001, output_cost_per_token: 0.00001, input_cost_per_token: 0.0, max_output_tokens: 50000, supports_reasoning: false}}
providers:
  openai: {{protocol: openai, base_url: "{provider}", keys: ["sk-provider"], attempts: 1, connections: 10000, breaker: {{failures: 0}}}}
telemetry: {{metrics_listen: "127.0.0.1:{metrics}", access_log: "off"}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, what, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


class Simulator:
    def __init__(self, binary, *options):
        self.process = subprocess.Popen([binary, "--listen", "127.0.0.1:0", *options], stdout=subprocess.PIPE, text=True)
        self.base = re.search(r"https?://\S+", self.process.stdout.readline()).group(0)
        self.root = self.base.removesuffix("/v1")

    def requests(self):
        with urllib.request.urlopen(self.root + "/__requests") as answer:
            found = json.load(answer)
        return found["requests"] if isinstance(found, dict) else found

    def forget(self):
        urllib.request.urlopen(urllib.request.Request(self.root + "/__requests", method="DELETE")).read()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Gateway:
    """One gateway in a folder of its own; may be killed and started again on the same books."""

    def __init__(self, binary, provider, source, reserve_wait="2s", zone="Asia/Kolkata", zones=None, database=None, redis="~",
                 redis_timeout="100ms"):
        """`zones` is a folder of time zones in place of the system's."""
        self.binary = binary
        self.environment = {**os.environ, "TZDIR": zones} if zones else None
        self.folder = tempfile.mkdtemp(prefix="tollgate-proof-")
        self.port = free_port()
        self.config = os.path.join(self.folder, "tollgate.yaml")
        with open(self.config, "w", encoding="utf-8") as out:
            self.metrics = free_port()
            out.write(CONFIG.format(port=self.port, metrics=self.metrics, folder=self.folder, provider=provider, reserve_wait=reserve_wait,
                                    zone=zone, database=database or f"sqlite:{self.folder}/tollgate.db", redis=redis,
                                    redis_timeout=redis_timeout,
                                    prices=os.path.join(source, "config/prices.json")))
        self.process = None

    def command(self, *arguments):
        return subprocess.run([self.binary, *arguments, "--config", self.config], capture_output=True, text=True, check=False, env=self.environment)

    def make_key(self, **options):
        words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value))]
        made = self.command("key", "create", "--name", "proof", "--json", *words)
        assert made.returncode == 0, made.stderr
        return json.loads(made.stdout)

    def start(self):
        with open(os.path.join(self.folder, "log"), "a", encoding="utf-8") as log:
            self.process = subprocess.Popen([self.binary, "serve", "--config", self.config], stderr=log, env=self.environment)
        wait_until(self.answers, "the gateway to listen")

    def answers(self):
        assert self.process.poll() is None, "the gateway ended: " + self.log()[-2000:]
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def log(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8") as text:
            return text.read()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=30) == 0, "the drain failed: " + self.log()[-2000:]

    def verify(self):
        checked = self.command("ledger", "verify")
        assert checked.returncode == 0, checked.stdout + checked.stderr

    def rows(self, statement, *values):
        with contextlib.closing(sqlite3.connect(os.path.join(self.folder, "tollgate.db"))) as database:
            return database.execute(statement, values).fetchall()


def chat(gateway, key, directives, *, model=FLAT_MODEL, cap=20, stream=False, request_id=None):
    """One call on a connection of its own. (status, body), or (0, what came) when the connection broke."""
    body = json.dumps({"model": model, "max_tokens": cap, "stream": stream,
                       "messages": [{"role": "user", "content": f"[[sim: {directives}]]"}]})
    own_id = f"X-Request-Id: {request_id}\r\n" if request_id else ""
    head = (f"POST /v1/chat/completions HTTP/1.1\r\nHost: proof\r\nAuthorization: Bearer {key}\r\n{own_id}"
            f"Content-Type: application/json\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n")
    came = b""
    try:
        with socket.create_connection(("127.0.0.1", gateway.port), timeout=60) as client:
            client.sendall((head + body).encode())
            while piece := client.recv(65536):
                came += piece
    except OSError:
        return 0, came
    if not came.startswith(b"HTTP/1.1 "):
        return 0, came
    return int(came.split(b" ", 2)[1]), came.partition(b"\r\n\r\n")[2]


def fields_of(gateway, key, directives):
    """The response fields of one plain call, by their lower-case names."""
    request = urllib.request.Request(f"http://127.0.0.1:{gateway.port}/v1/chat/completions", headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
                                     data=json.dumps({"model": FLAT_MODEL, "max_tokens": 20, "messages": [{"role": "user", "content": f"[[sim: {directives}]]"}]}).encode())
    with urllib.request.urlopen(request, timeout=60) as answer:
        return {name.lower(): value for name, value in answer.getheaders()}


def write_zone(folder, name, seconds_east):
    """A time zone of one rule (RFC 9636), so that a midnight can be where a proof needs it."""
    hours, rest = divmod(abs(seconds_east), 3600)
    rule = f"<ZZZ>{'-' if seconds_east >= 0 else '+'}{hours}:{rest // 60:02}:{rest % 60:02}"  # POSIX counts to the west
    block = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 0, 1, 4) + struct.pack(">lbb", seconds_east, 0, 0) + b"ZZZ\0"
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(block + block + b"\n" + rule.encode() + b"\n")


def in_threads(count, work):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
