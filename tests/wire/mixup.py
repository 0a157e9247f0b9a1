"""Many callers and a provider that misbehaves at random: nobody gets another's answer. Every call carries a number, every answer echoes it.
Usage: mixup.py TOLLGATE SIMULATOR SOURCE_FOLDER [CALLS [SEED]]"""
import collections
import json
import multiprocessing
import random
import sys
import threading
import time

from client import Client, Ended, Malformed
from stage import BODY, ID_PLACE, STREAM, WireGateway, request
from upstream import Upstream, chunked, completion, events, good_answer, sized

TOLLGATE, _, SOURCE = sys.argv[1:4]
CALLS = int(sys.argv[4]) if len(sys.argv) > 4 else 5_000
SEED = int(sys.argv[5]) if len(sys.argv) > 5 else 1
CLIENTS = 64
EVIL = sized(b'{"id": "somebody else", "object": "chat.completion"}')


def misbehave(source, connection, request):
    """One of many ways to answer; True keeps the connection."""
    connection.read_body(request)
    good = good_answer(request)
    kind = source.randrange(24)
    if kind < 8:
        connection.send(good)
        return True
    if kind == 8:
        connection.send(good[:source.randrange(len(good))])
        return False
    if kind == 9:
        connection.send(good[:source.randrange(len(good))])
        connection.reset()
        return False
    if kind == 10:
        connection.send(good + EVIL)
        return True
    if kind == 11:
        connection.send(good + good)
        return True
    if kind == 12:
        connection.send(good + b"\0" * source.randrange(1, 2000))
        return True
    if kind == 13:
        for at in range(0, len(good), 50):
            connection.send(good[at:at + 50])
        return True
    if kind == 14:
        connection.send(good)
        return False  # says that it keeps the connection, and does not
    if kind == 15:
        connection.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + good)
        return True
    if kind == 16:
        connection.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + good)
        return True
    if kind == 17:
        body = completion(request)
        connection.send(sized(body).replace(b"content-length: %d" % len(body), b"content-length: %d" % source.randrange(2 * len(body))))
        return False
    if kind == 18:
        connection.send(sized(b'{"error": {"message": "no"}}', b"HTTP/1.1 %d Odd" % source.choice((400, 401, 404, 429, 500, 503))))
        return True
    if kind == 19:
        connection.send(chunked(events(request)[:-1]) if request.streams else chunked([completion(request)[:-3]], fields=(b"content-type: application/json",)))
        return True
    if kind == 20:
        time.sleep(0.02)
        connection.send(good)
        return True
    if kind == 21:
        connection.send(bytes(source.randrange(256) for _ in range(100)))
        return False
    if kind == 22:
        connection.send(good.replace(b"200 OK", b"302 Found\r\nLocation: /x", 1))
        return True
    return False


class BadProvider(Upstream):
    def take_script(self):
        return lambda connection, request: misbehave(self.source, connection, request)


def provider(pipe, seed):
    upstream = BadProvider()
    upstream.source = random.Random(seed)
    pipe.send(upstream.base)
    while pipe.recv() != "stop":
        pipe.send(list(upstream.violations))


class Tally:
    def __init__(self):
        self.lock, self.kinds, self.faults, self.next = threading.Lock(), collections.Counter(), [], 0

    def take(self):
        with self.lock:
            self.next += 1
            return self.next if self.next <= CALLS else None

    def add(self, kind, fault=None):
        with self.lock:
            self.kinds[kind] += 1
            if fault:
                self.faults.append(fault)


def judge(answer, name):
    """What became of a call, or an AssertionError when anything in its answer is not its own."""
    if b"somebody else" in answer.body or any(other != name.encode() for other in ids_in(answer.body)):
        raise AssertionError(f"{name} got {answer.status} {answer.body[:500]!r}")
    if answer.status != 200:
        return f"{answer.status}"
    if not answer.field("content-type").startswith("text/event-stream"):
        if json.loads(answer.body)["id"] != name:
            raise AssertionError(f"{name} got {answer.body[:500]!r}")
        return "200"
    whole = answer.complete and answer.body.endswith(b"data: [DONE]\n\n")
    if whole and name.encode() not in answer.body:
        raise AssertionError(f"{name} got {answer.body[:500]!r}")
    if answer.complete and not whole and b'"error"' not in answer.body:
        raise AssertionError(f"{name}: a cut stream looks complete: {answer.body[-300:]!r}")
    return "200, whole stream" if whole else "200, cut stream"


def ids_in(body):
    return [piece[:8] for piece in body.split(b'"id": "')[1:] if piece[:1] == b"x"]


def caller(gateway, tally, seed):
    source, client = random.Random(seed), None
    while (number := tally.take()) is not None:
        name = f"x{number:07d}"
        body = (STREAM if source.random() < 0.4 else BODY).replace(ID_PLACE, name.encode())
        client = client or Client(gateway.port, seconds=60)
        try:
            client.send(request(body=body).replace(b"sk-" + b"K" * 64, gateway.key))
            answer = client.read_answer()
            tally.add(judge(answer, name))
            if answer.field("connection") == "close" or not answer.complete:
                client = client.socket.close()
        except (AssertionError, Malformed, Ended, OSError, ValueError, KeyError, AttributeError) as fault:
            tally.add("wrong", f"{type(fault).__name__}: {fault}")
            client = client.socket.close()


def main():
    pipe, other = multiprocessing.Pipe()
    process = multiprocessing.Process(target=provider, args=(other, SEED), daemon=True)
    process.start()
    gateway = WireGateway(TOLLGATE, pipe.recv(), SOURCE, access_log='"off"', log_level="error")
    tally, start = Tally(), time.monotonic()
    callers = [threading.Thread(target=caller, args=(gateway, tally, SEED * 1000 + number)) for number in range(CLIENTS)]
    for thread in callers:
        thread.start()
    for thread in callers:
        thread.join()
    seconds = time.monotonic() - start
    pipe.send("tell")
    violations = pipe.recv()
    pipe.send("stop")
    gateway.stop()
    gateway.verify()
    print(f"{CALLS} calls of {CLIENTS} clients in {seconds:.1f} s ({CALLS / seconds:.0f}/s), seed {SEED}")
    for kind, count in sorted(tally.kinds.items()):
        print(f"  {kind:<20} {count:>8}")
    for fault in (tally.faults + violations)[:10]:
        print(f"FAILED {fault}")
    return 1 if tally.faults or violations else 0


if __name__ == "__main__":
    sys.exit(main())
