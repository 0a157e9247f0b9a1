"""The journal's disk is full: paid calls get 503 storage_unavailable, calls in flight are answered and charged, and all goes on by itself
when there is space again. The disk is a small file system in memory; without the right to mount one the proof is skipped.

Usage: disk_full.py TOLLGATE SIMULATOR SOURCE_FOLDER"""
import contextlib
import json
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request

from harness import Gateway, Simulator, chat, wait_until

SKIPPED = 77
IN_FLIGHT = 12
INSIDE = "TOLLGATE_PROOF_IN_NAMESPACE"


def enter_namespace():
    """Runs this again where it may mount: as root, or as the root of a namespace of its own."""
    for options in (["-m"], ["-rm"]):
        probe = ["unshare", *options, "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/mnt"]
        with contextlib.suppress(OSError):
            if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
                os.environ[INSIDE] = "1"
                os.execvp("unshare", ["unshare", *options, sys.executable, "-B", *sys.argv])
    print("skipped: this user may not mount a file system (unshare -m and unshare -rm were refused)")
    sys.exit(SKIPPED)


class Disk:
    def __init__(self, folder):
        os.makedirs(folder, mode=0o700)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", folder], check=True)
        self.ballast = os.path.join(folder, "ballast")

    def fill(self):
        with open(self.ballast, "ab", buffering=0) as out, contextlib.suppress(OSError):
            while True:
                out.write(bytes(4096))

    def free(self):
        os.remove(self.ballast)


class Calls:
    """Counts what clients were told, by request id."""

    def __init__(self, gateway, key):
        self.gateway, self.key = gateway, key
        self.lock = threading.Lock()
        self.served, self.refused = [], []
        self.started = 0

    def call(self, directives="tokens=20", stream=False):
        with self.lock:
            self.started += 1
            name = f"call-{self.started}"
        status, body = chat(self.gateway, self.key, f"{directives} tag={name}", stream=stream, request_id=name)
        if status == 200 and (not stream or b"[DONE]" in body):
            with self.lock:
                self.served.append(name)
            return "served"
        assert status == 503, (status, body)
        reason = json.loads(body)["error"]["reason"]
        assert reason == "storage_unavailable", body
        with self.lock:
            self.refused.append(name)
        return "refused"


def readiness(gateway):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{gateway.port}/health/ready") as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as fault:
        return fault.code, fault.read().decode()


def prove(gateway, simulator, disk, calls):
    for _ in range(20):
        assert calls.call() == "served"
    flights = [threading.Thread(target=calls.call, args=("tokens=20 tps=5", True)) for _ in range(IN_FLIGHT)]
    for flight in flights:
        flight.start()
    wait_until(lambda: len(simulator.requests()) >= 20 + IN_FLIGHT, "the streams to be under way")
    disk.fill()
    wait_until(lambda: calls.call() == "refused", "a call to be refused for want of disk")
    wait_until(lambda: readiness(gateway)[0] == 503, "readiness to tell of the journal")
    assert "journal" in readiness(gateway)[1]
    for _ in range(10):
        assert calls.call() == "refused"
    for flight in flights:
        flight.join()
    disk.free()
    wait_until(lambda: calls.call() == "served", "the journal to take calls again")
    wait_until(lambda: readiness(gateway)[0] == 200, "readiness to tell that all is well")


def main():
    if INSIDE not in os.environ:
        enter_namespace()
    tollgate, simulator_binary, source = sys.argv[1:4]
    simulator = Simulator(simulator_binary)
    gateway = Gateway(tollgate, simulator.base, source)
    disk = Disk(os.path.join(gateway.folder, "journal"))
    key = gateway.make_key(rate_limit=10000, budget="100000")
    gateway.start()
    calls = Calls(gateway, key["key"])
    try:
        prove(gateway, simulator, disk, calls)
        names = "SELECT client_request_id FROM usage_events WHERE key_id = ?"
        wait_until(lambda: {row[0] for row in gateway.rows(names, key["id"])} >= set(calls.served), "every call that was served to be in the books")
        gateway.stop()
        booked = [row[0] for row in gateway.rows(names, key["id"])]
        assert sorted(booked) == sorted(calls.served), "charged, but not served: " + str(sorted(set(booked) - set(calls.served))[:5])
        assert not {record["tag"] for record in simulator.requests()} & set(calls.refused), "a refused call reached the provider"
        gateway.verify()
        print(f"disk full: {len(calls.refused)} calls refused and none of them sent, {IN_FLIGHT} streams in flight answered whole; "
              f"{len(calls.served)} calls served and charged once each, the books verify")
    finally:
        if gateway.process.poll() is None:
            gateway.kill()
        simulator.stop()


if __name__ == "__main__":
    main()
