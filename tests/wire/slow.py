"""Many idle and dripping connections, readers that do not read, more connections than there are places: normal calls go on, memory stays bounded.
Usage: slow.py TOLLGATE SIMULATOR SOURCE_FOLDER [IDLE DRIPPING]"""
import contextlib
import os
import resource
import selectors
import socket
import sys
import threading
import time

from client import Client
from stage import BODY, ID_PLACE, STREAM, WireGateway, request, wait_until
from upstream import Upstream, chunked, completion, events, sized

TOLLGATE, _, SOURCE = sys.argv[1:4]
IDLE, DRIPPING = (int(word) for word in sys.argv[4:6]) if len(sys.argv) > 5 else (1000, 100)
SANITIZED = "asan" in TOLLGATE or "tsan" in TOLLGATE  # memory under a sanitizer says nothing
HEAD_TIME = 4
LIMITS = f"head: 8KiB, body: 256KiB, head_time: {HEAD_TIME}s, body_time: 4s, idle_time: 120s, connections: 12000"


def resident(gateway):
    with open(f"/proc/{gateway.process.pid}/statm", encoding="ascii") as text:
        return int(text.read().split()[1]) * resource.getpagesize()


def descriptors(gateway):
    return len(os.listdir(f"/proc/{gateway.process.pid}/fd"))


def call(gateway, number, client=None):
    """Seconds that a normal call took; it must get its own answer."""
    start = time.monotonic()
    with contextlib.ExitStack() as stack:
        client = client or stack.enter_context(Client(gateway.port))
        name = b"s%07d" % number
        client.send(request(body=BODY.replace(ID_PLACE, name)).replace(b"sk-" + b"K" * 64, gateway.key))
        answer = client.read_answer()
        assert answer.status == 200 and name in answer.body, (answer.status, answer.body)
    return time.monotonic() - start


def calls(gateway, count):
    """Median and 99th percentile in milliseconds of calls on one connection."""
    with Client(gateway.port) as client:
        times = sorted(call(gateway, number, client) * 1000 for number in range(count))
    return times[count // 2], times[count * 99 // 100]


def check(condition, what):
    print(("ok     " if condition else "FAILED ") + what, flush=True)
    return 0 if condition else 1


def crowd(gateway, count):
    sockets = []
    for _ in range(count):
        sockets.append(socket.create_connection(("127.0.0.1", gateway.port)))
    return sockets


def idle_and_dripping(gateway):
    quiet = calls(gateway, 300)
    open_before = descriptors(gateway)  # one of the last call may be among them, and end
    before, idle = resident(gateway), crowd(gateway, IDLE)
    wait_until(lambda: descriptors(gateway) >= open_before + IDLE - 2, "the idle connections to be accepted")
    each = (resident(gateway) - before) / IDLE
    dripping, ended, stop = crowd(gateway, DRIPPING), {}, threading.Event()
    started = time.monotonic()
    thread = threading.Thread(target=drip, args=(dripping, ended, stop))
    thread.start()
    busy = calls(gateway, 300)
    wait_until(lambda: len(ended) == DRIPPING, "the dripping connections to be ended", HEAD_TIME + 20)
    latest = max(ended.values()) - started
    stop.set()
    thread.join()
    failures = check(all(answer.startswith(b"HTTP/1.1 408 ") for answer in drip.answers), f"{DRIPPING} dripping heads are answered 408")
    failures += check(latest < HEAD_TIME + 10, f"and that {latest:.1f} s after they began, however often they drip; the limit is {HEAD_TIME} s")
    failures += check(busy[1] < 1000, f"normal calls beside {IDLE} idle and {DRIPPING} dripping ones: p50 {busy[0]:.2f} ms, p99 {busy[1]:.2f} ms "
                                      f"(alone {quiet[0]:.2f} and {quiet[1]:.2f} ms)")
    failures += check(each < 20 * 1024 or SANITIZED, f"an idle connection holds {each / 1024:.1f} KiB")
    for client in idle + dripping:
        client.close()
    return failures


def drip(sockets, ended, stop):
    """A byte of a head every half second on each, until the gateway ends it."""
    drip.answers = []
    selector = selectors.DefaultSelector()
    for client in sockets:
        client.sendall(b"GET /health HTTP/1.1\r\nX-Drip: ")
        selector.register(client, selectors.EVENT_READ)
    while not stop.is_set():
        for key, _ in selector.select(0.5):
            drip.answers.append(key.fileobj.recv(4096))
            ended[key.fileobj] = time.monotonic()
            selector.unregister(key.fileobj)
        for client in sockets:
            if client not in ended:
                with contextlib.suppress(OSError):
                    client.send(b"x")


def dripping_bodies(gateway):
    """Authenticated callers who announce much and send little hold little."""
    before, clients = resident(gateway), []
    for _ in range(200):
        client = Client(gateway.port)
        client.send(request(length=b"Content-Length: 262144", body=b"{").replace(b"sk-" + b"K" * 64, gateway.key))
        clients.append(client)
    time.sleep(1)
    held = (resident(gateway) - before) / len(clients)
    answers = [client.read_answer().status for client in clients]
    for client in clients:
        client.socket.close()
    return (check(set(answers) == {408}, "200 bodies that never come are answered 408")
            + check(held < 100 * 1024 or SANITIZED, f"an announced body of 256 KiB of which a byte has come holds {held / 1024:.1f} KiB"))


class Generous(Upstream):
    """Streams of 20 MB, plain answers of 4 MB, for those who ask for much."""

    def answer(self, request):
        if not request.id.startswith("big"):
            return super().answer(request)
        if request.streams:
            event = b"data: " + b"x" * 2000 + b"\n\n"
            return chunked([event * 10] * 1000 + events(request))
        return sized(completion(request)[:-1] + b', "x": "' + b"y" * 4_000_000 + b'"}')


def slow_readers(gateway, body, count, most, what):
    before, clients = resident(gateway), []
    for _ in range(count):
        client = Client(gateway.port)
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        client.send(request(body=body.replace(ID_PLACE, b"big00000")).replace(b"sk-" + b"K" * 64, gateway.key))
        client.exactly(1)
        clients.append(client)
    time.sleep(1)
    held = (resident(gateway) - before) / count
    _, p99 = calls(gateway, 100)
    for client in clients:
        client.socket.close()
    return (check(held < most or SANITIZED, f"{count} callers that do not read {what} hold {held / 1024:.0f} KiB each, allowed are {most / 1024:.0f}")
            + check(p99 < 1000, f"normal calls meanwhile: p99 {p99:.2f} ms"))


def overload(upstream):
    gateway = WireGateway(TOLLGATE, upstream.base, SOURCE, workers=1, log_level="warn", access_log='"off"',
                          limits="head: 8KiB, body: 256KiB, head_time: 4s, body_time: 4s, idle_time: 60s, connections: 20")
    holders = crowd(gateway, 19)
    refusals = 0
    while refusals < 10:  # a connection that has just ended may still have a place
        refusals = 0 if recovered(gateway) else refusals + 1
        holders += crowd(gateway, 1 if refusals == 0 else 0)
        time.sleep(0.02)
    start, failures, answers = time.monotonic(), 0, []
    for _ in range(100):
        with Client(gateway.port) as client:
            client.send(request().replace(b"sk-" + b"K" * 64, gateway.key))
            answers.append(client.read_answer())
            failures += 0 if client.ends() else check(False, "a refused connection ends")
    each = (time.monotonic() - start) * 10
    reasons = {(answer.status, answer.error["reason"], answer.field("retry-after"), answer.field("connection")) for answer in answers}
    failures += check(reasons == {(503, "overloaded", "1", "close")}, f"100 connections too many are answered {reasons}, {each:.2f} ms each")
    before, silent = descriptors(gateway), crowd(gateway, 2000)
    most = 0
    for _ in range(20):
        most = max(most, descriptors(gateway) - before)
        time.sleep(0.05)
    failures += check(most <= 300, f"2,000 silent connections too many hold {most} descriptors")
    for client in holders + silent:
        client.close()
    start = time.monotonic()
    wait_until(lambda: recovered(gateway), "a place to come free", 10)
    failures += check(True, f"a call is served again {time.monotonic() - start:.2f} s after the places came free")
    gateway.stop()
    return failures


def recovered(gateway):
    with contextlib.suppress(AssertionError):
        call(gateway, 1)
        return True
    return False


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
    upstream = Generous()
    gateway = WireGateway(TOLLGATE, upstream.base, SOURCE, limits=LIMITS, log_level="warn", access_log='"off"')
    failures = idle_and_dripping(gateway)
    failures += dripping_bodies(gateway)
    failures += slow_readers(gateway, STREAM, 50, 512 * 1024, "a stream of 20 MB")
    failures += slow_readers(gateway, BODY, 20, 12 * 1024 * 1024, "a plain answer of 4 MB")
    gateway.stop()
    gateway.verify()
    failures += overload(upstream)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
