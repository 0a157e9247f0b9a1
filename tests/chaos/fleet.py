"""Three gateway processes on one set of stores."""
import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import urllib.request

from servers import free_port, wait_until

CONFIG = """
server: {{listen: ["127.0.0.1:{port}"], workers: 1, drain_timeout: 5s}}
storage: {{database: "{database}", redis: "{redis}", journal: "{folder}/journal"}}
accounts: {{concurrency: 0}}
billing:
  prices: {prices}
  price_overrides:
    gpt-flat: {{input_cost_per_request: 0.001, output_cost_per_token: 0.00001, input_cost_per_token: 0.0, max_output_tokens: 4096}}
providers:
  openai: {{protocol: openai, base_url: "{provider}", keys: ["sk-provider"], attempts: 1, connections: 10000, breaker: {{failures: 0}}}}
telemetry: {{metrics_listen: "127.0.0.1:{metrics_port}", access_log: "off"}}
"""


class Node:
    def __init__(self, programs, stack, provider, prefix=()):
        self.program = programs.tollgate
        self.prefix = list(prefix)
        self.folder = tempfile.mkdtemp(prefix="tollgate-node-")
        self.port, self.metrics_port = free_port(), free_port()
        self.config = os.path.join(self.folder, "tollgate.yaml")
        with open(self.config, "w", encoding="utf-8") as out:
            out.write(CONFIG.format(port=self.port, metrics_port=self.metrics_port, folder=self.folder, database=stack.database,
                                    redis=stack.redis_url, provider=provider, prices=os.path.join(programs.source, "config/prices.json")))
        self.process = None

    def command(self, *arguments):
        return subprocess.run([self.program, *arguments, "--config", self.config], capture_output=True, text=True, check=False)

    def start(self):
        with open(os.path.join(self.folder, "log"), "a", encoding="utf-8") as log:
            self.process = subprocess.Popen([*self.prefix, self.program, "serve", "--config", self.config], stderr=log)
        wait_until(self.answers, "a node to listen", 60)

    def answers(self):
        assert self.process.poll() is None, "a node ended: " + self.log()[-3000:]
        with contextlib.suppress(OSError):
            return bool(urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/live", timeout=2).read())
        return False

    def is_ready(self):
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=2).status == 200
        return False

    def metrics(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=5) as page:
            lines = page.read().decode().splitlines()
        return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if line and not line.startswith("#")}

    def log(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8") as text:
            return text.read()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(timeout=60) == 0, "the drain failed: " + self.log()[-3000:]

    def remove(self):
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Fleet:
    def __init__(self, programs, stack, provider, count=3):
        self.stack = stack
        self.nodes = [Node(programs, stack, provider) for _ in range(count)]
        done = self.nodes[0].command("migrate")
        assert done.returncode == 0, done.stderr
        for node in self.nodes:
            node.start()

    def make_key(self, **options):
        words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value))]
        made = self.nodes[0].command("key", "create", "--name", "chaos", "--json", *words)
        assert made.returncode == 0, made.stderr
        return json.loads(made.stdout)

    def revoke(self, key_id):
        """Has the revocation been answered?"""
        return self.nodes[0].command("key", "revoke", key_id).returncode == 0

    def remove(self):
        for node in self.nodes:
            node.remove()
