"""The gateway on PostgreSQL, whose server is edited by hand, killed, frozen and absent. Known keys go on, nothing is lost or charged twice, changes by others
hold within a second, and the password is told to nobody.

Usage: shared_storage.py TOLLGATE SIMULATOR SOURCE_FOLDER"""
import signal
import sys
import threading
import time
import urllib.error
import urllib.request

from harness import Gateway, Simulator, chat, wait_until
from postgres_server import Postgres

CALLERS = 8


def ready(gateway):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{gateway.port}/health/ready", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class Load:
    """Callers with known keys; each call that was served is counted."""

    def __init__(self, gateway, key):
        self.gateway, self.key = gateway, key
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.statuses = {}
        self.threads = [threading.Thread(target=self.call_on) for _ in range(CALLERS)]
        for thread in self.threads:
            thread.start()

    def call_on(self):
        while not self.stopping.wait(0.02):  # well below the key's 10,000 a minute, however fast the machine is
            status, _ = chat(self.gateway, self.key, "tokens=5 ttft=2")
            with self.lock:
                self.statuses[status] = self.statuses.get(status, 0) + 1

    def served(self):
        with self.lock:
            return self.statuses.get(200, 0)

    def go_on(self, calls):
        target = self.served() + calls
        wait_until(lambda: self.served() >= target, f"{calls} more calls to be served", 60)

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


def prove_outages(gateway, postgres, key):
    load = Load(gateway, key["key"])
    try:
        load.go_on(50)
        postgres.kill()
        wait_until(lambda: ready(gateway)[1].find("unreachable") > 0, "the outage to be told")
        assert ready(gateway)[0] == 200 and '"degraded"' in ready(gateway)[1], ready(gateway)
        load.go_on(100)
        status, body = chat(gateway, "sk-" + "0" * 64, "tokens=5")
        assert status == 503 and b"storage_unavailable" in body, (status, body)
        postgres.start()
        wait_until(lambda: '"ready"' in ready(gateway)[1], "the recovery to be told")
        load.go_on(50)
        postgres.signal_all(signal.SIGSTOP)
        wait_until(lambda: '"degraded"' in ready(gateway)[1], "the frozen server to be told")
        load.go_on(100)
        begin = time.monotonic()
        status, body = chat(gateway, "sk-" + "1" * 64, "tokens=5")
        assert status == 503 and time.monotonic() - begin < 15, (status, body)
        postgres.signal_all(signal.SIGCONT)
        wait_until(lambda: '"ready"' in ready(gateway)[1], "the recovery to be told")
        load.go_on(50)
    finally:
        postgres.signal_all(signal.SIGCONT)
        load.stop()
    assert set(load.statuses) == {200}, f"known keys were refused: {load.statuses}"
    served = load.served()
    wait_until(lambda: int(postgres.psql("SELECT count(*) FROM usage_events")) >= served, "the journal to catch up", 60)
    assert postgres.psql("SELECT count(*), count(DISTINCT request_id) FROM usage_events") == f"{served}|{served}"
    gateway.verify()
    return served


def prove_edits(gateway, postgres):
    key = gateway.make_key(rate_limit=10000)
    assert chat(gateway, key["key"], "tokens=5")[0] == 200
    postgres.psql(f"UPDATE api_keys SET state = 'revoked' WHERE id = '{key['id']}'")
    begin = time.monotonic()
    wait_until(lambda: chat(gateway, key["key"], "tokens=5")[0] == 401, "the revocation by hand", 10)
    return time.monotonic() - begin


def prove_messages(gateway, postgres):
    with open(gateway.config, encoding="utf-8") as text:
        right = text.read()
    for url, advice in ((postgres.url.replace("hunter2", "hunter3"), "check user and password"), (postgres.url.replace("/books", "/nobooks"), "createdb"),
                        (postgres.url.replace(str(postgres.port), "1"), "is the server running")):
        with open(gateway.config, "w", encoding="utf-8") as out:
            out.write(right.replace(postgres.url, url))
        tried = gateway.command("migrate")
        assert tried.returncode == 1 and advice in tried.stderr, tried
        assert "hunter" not in tried.stderr + tried.stdout, tried
        assert gateway.command("check-config").returncode == 0
    with open(gateway.config, "w", encoding="utf-8") as out:
        out.write(right)


def main():
    tollgate, simulator_binary, source = sys.argv[1:4]
    postgres = Postgres()
    postgres.start()
    postgres.psql("CREATE DATABASE books", "postgres")
    simulator = Simulator(simulator_binary)
    gateway = Gateway(tollgate, simulator.base, source, database=postgres.url)
    try:
        prove_messages(gateway, postgres)
        assert "0001_accounts_and_keys" in gateway.command("migrate").stdout
        key = gateway.make_key(rate_limit=10000, budget="100000")
        gateway.start()
        served = prove_outages(gateway, postgres, key)
        seconds = prove_edits(gateway, postgres)
        gateway.stop()
        postgres.kill()
        starter = threading.Thread(target=gateway.start)
        starter.start()
        wait_until(lambda: "waiting for the database" in gateway.log(), "the gateway to wait for its database")
        postgres.start()
        starter.join()
        assert chat(gateway, key["key"], "tokens=5")[0] == 200
        gateway.stop()
        gateway.verify()
        assert "hunter2" not in gateway.log()
        print(f"{served} calls with a known key over a killed and a frozen server: all served, each counted once, the books verify; "
              f"a revocation by hand held after {seconds:.2f} s; a start waited for its database")
    finally:
        if gateway.process is not None and gateway.process.poll() is None:
            gateway.kill()
        simulator.stop()
        postgres.stop()


if __name__ == "__main__":
    main()
