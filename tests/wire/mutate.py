"""Mutated requests on kept-alive and pipelined connections, judged by a second opinion: a parser of requests that shares nothing with ours.
Usage: mutate.py TOLLGATE SIMULATOR SOURCE_FOLDER [COUNT [SEED]]

A connection carries canary, mutant, canary. The canaries in front must get their own answers; no more answers may come than the second opinion
finds requests; the provider may see only what was meant, byte for byte, and not more often. Prints the seed of a batch that fails."""
import collections
import contextlib
import json
import multiprocessing
import random
import re
import resource
import selectors
import socket
import sys
import time

from stage import BODY, ID_PLACE, STREAM, WireGateway, chunk, chunked_request, request
from upstream import Upstream

TOLLGATE, _, SOURCE = sys.argv[1:4]
COUNT = int(sys.argv[4]) if len(sys.argv) > 4 else 20_000
SEED = int(sys.argv[5]) if len(sys.argv) > 5 else 1
WIDTH = 100  # connections at once
TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
FIELD_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*\Z")

LAST = b"0\r\n\r\n"
SEEDS = [request(), request(b"Accept: */*\r\nUser-Agent: mutant", body=STREAM), chunked_request(chunk(BODY[:30]) + chunk(BODY[30:]) + LAST),
         chunked_request(chunk(BODY, extension=b";a=b") + b"0\r\nX-Trailer: 1\r\n\r\n"), request(b"Expect: 100-continue"),
         b"GET /v1/models/openai%2Fgpt-flat HTTP/1.1\r\nHost: gateway\r\nContent-Length: 0\r\n\r\n"]
TOKENS = [b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b"0", b"Content-Length: 0\r\n", b"Transfer-Encoding: chunked\r\n", b"chunked", b"\r\n\r\n",
          b"Host: x\r\n", b"GET / HTTP/1.1\r\n", b"HTTP/1.0", b"%00", b"..", b"\xff", b"Connection: close\r\n", b"0\r\n\r\n", b"{", b"\"", b",", b"ffffffff"]


def mutate(source, text):
    for _ in range(source.choice((1, 1, 1, 2, 3, 6))):
        at = source.randrange(len(text) + 1)
        kind = source.randrange(9)
        if kind == 0 and at < len(text):
            text = text[:at] + bytes([text[at] ^ (1 << source.randrange(8))]) + text[at + 1:]
        elif kind == 1 and at < len(text):
            text = text[:at] + bytes([source.randrange(256)]) + text[at + 1:]
        elif kind == 2:
            text = text[:at] + source.choice(TOKENS) + text[at:]
        elif kind == 3:
            text = text[:at] + text[at + source.randrange(1, 9):]
        elif kind == 4:
            text = text[:at]
        elif kind == 5:
            start = source.randrange(len(text) + 1)
            text = text[:at] + text[start:start + source.randrange(1, 60)] + text[at:]
        elif kind == 6:
            numbers = list(re.finditer(rb"[0-9a-fA-F]+(?=\r\n)", text))
            if numbers:
                found = source.choice(numbers)
                number = source.choice((b"0", b"1", b"%x" % source.randrange(400), b"%d" % source.randrange(400), b"-1", b"+5", b"0x10", b"9" * 20))
                text = text[:found.start()] + number + text[found.end():]
        elif kind == 7:
            lines = text.split(b"\r\n")
            line = source.randrange(len(lines))
            lines.insert(source.randrange(len(lines) + 1), lines[line] if source.random() < 0.5 else lines.pop(line))
            text = b"\r\n".join(lines)
        else:
            other = source.choice(SEEDS)
            text = text[:at] + other[source.randrange(len(other)):]
        if not text:
            break
    return text


def parse(stream):
    """Second opinion: the bodies of the well-formed requests at the front of a client's bytes, until the first that is not."""
    bodies, expects = [], False
    while stream:
        head, mark, rest = stream.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        first = re.fullmatch(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) (/[\x21-\x7e]*) HTTP/1\.([01])", lines[0])
        if not mark or not first or any(b"\n" in line or b"\r" in line for line in lines):
            break
        fields = {}
        for line in lines[1:]:
            name, colon, value = line.partition(b":")
            if not colon or not TOKEN.match(name) or not FIELD_VALUE.match(value):
                return bodies
            fields.setdefault(name.lower(), []).append(value.strip(b" \t"))
        lengths, codings = fields.get(b"content-length", []), fields.get(b"transfer-encoding", [])
        if len(lengths) + len(codings) > 1 or (codings and (codings[0].lower() != b"chunked" or first.group(3) == b"0")):
            break
        body = b""
        if lengths:
            if not re.fullmatch(rb"[0-9]{1,19}", lengths[0]):
                break
            body, rest = rest[:int(lengths[0])], rest[int(lengths[0]):]
            if len(body) < int(lengths[0]):
                break
        elif codings:
            unpacked = parse_chunks(rest)
            if not unpacked:
                break
            body, rest = unpacked
        bodies.append(body)
        if first.group(3) == b"0" or b"close" in b",".join(fields.get(b"connection", [])).lower():
            break
        stream = rest
    return bodies


def parse_chunks(rest):
    body = b""
    while True:
        size = re.match(rb"([0-9a-fA-F]{1,16})(;[\t\x20-\x7e\x80-\xff]*)?\r\n", rest)
        if not size:
            return None
        count = int(size.group(1), 16)
        rest = rest[size.end():]
        if count == 0:
            trailers = re.match(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n", rest)
            return (body, rest[trailers.end():]) if trailers else None
        if rest[count:count + 2] != b"\r\n":
            return None
        body, rest = body + rest[:count], rest[count + 2:]


def count_answers(text):
    """(whole final answers, their own ids of the first ones). Frames are ours: a content-length, or chunks."""
    answers = []
    while text:
        head, mark, rest = text.partition(b"\r\n\r\n")
        status = re.match(rb"HTTP/1\.1 ([1-5][0-9][0-9]) ", head)
        if not mark or not status:
            raise AssertionError(f"not an answer: {text[:200]!r}")
        text = rest
        if status.group(1) == b"100":
            continue
        length = re.search(rb"\r\ncontent-length: ([0-9]+)", head)
        if length:
            text = rest[int(length.group(1)):]
            answers.append((head, rest[:int(length.group(1))]))
        else:
            unpacked = parse_chunks(rest) if b"\r\ntransfer-encoding: chunked" in head else (rest, b"")
            if not unpacked:
                raise AssertionError("a cut answer")
            answers.append((head, unpacked[0]))
            text = unpacked[1]
    return answers


def users_in(text):
    """What the calls in a client's bytes may see echoed."""
    users = {""}
    for body in parse(text):
        with contextlib.suppress(ValueError, TypeError, AttributeError):
            users.add(json.loads(body).get("user"))
    return users


class Meant:
    """What the provider may see: bodies by the id in them, each as often as the second opinion found it."""

    def __init__(self):
        self.left = {}

    def add(self, body):
        forwarded = body.replace(b'"openai/', b'"', 1)
        self.left[forwarded] = self.left.get(forwarded, 0) + 1

    def take(self, body):
        """False: nobody meant this call. The gateway adds include_usage to streams, which is taken out again."""
        for found in (body, re.sub(rb'"stream_options":\{"include_usage":true\},', b"", body)):
            if self.left.get(found, 0) > 0:
                self.left[found] -= 1
                return True
        return False


def provider(pipe):
    """A process of its own, so that it does not share an interpreter with the clients."""
    upstream = Upstream()
    pipe.send(upstream.base)
    while pipe.recv() != "stop":
        pipe.send(([found.body for found in upstream.requests if found.json], list(upstream.violations)))
        upstream.requests.clear()
        upstream.violations.clear()


class Run:
    def __init__(self, gateway):
        self.port, self.key, self.number = gateway.port, gateway.key, 0
        self.mutants = self.answered = self.forwarded = 0

    def text(self, source):
        """Canary, mutant, canary: the canaries are told by the request id that they ask back."""
        self.number += 1
        name = b"m%07d" % (self.number % 10**7)
        front = b"GET /health HTTP/1.1\r\nHost: g\r\nX-Request-Id: front-%s\r\n\r\n" % name
        back = b"GET /health HTTP/1.1\r\nHost: g\r\nX-Request-Id: back-%s\r\n\r\n" % name
        seed = source.choice(SEEDS).replace(b"sk-" + b"K" * 64, self.key).replace(ID_PLACE, name)
        return name, front + mutate(source, seed) + back

    def batch(self, seed):
        source = random.Random(seed)
        meant = Meant()
        waiting = {}
        selector = selectors.DefaultSelector()
        for _ in range(WIDTH):
            name, text = self.text(source)
            client = socket.create_connection(("127.0.0.1", self.port))
            client.sendall(text)
            if source.random() < 0.1:
                client.shutdown(socket.SHUT_WR)
            waiting[client] = [name, text, b""]
            selector.register(client, selectors.EVENT_READ)
            for body in parse(text):
                meant.add(body)
        self.collect(selector, waiting, seed)
        self.mutants += WIDTH
        return meant

    def collect(self, selector, waiting, seed):
        end = time.monotonic() + 120
        while waiting:
            ready = selector.select(0.02)
            for key, _ in ready:
                self.read(key.fileobj, selector, waiting, seed)
            if not ready:  # a mutant may announce more than it sends: the end tells the gateway that no more comes
                for client in waiting:
                    with contextlib.suppress(OSError):
                        client.shutdown(socket.SHUT_WR)
            if time.monotonic() > end:
                raise AssertionError(f"batch {seed}: no end of it: {[text for _, text, _ in waiting.values()][:1]}")

    def read(self, client, selector, waiting, seed):
        try:
            piece = client.recv(65536)
        except ConnectionResetError:
            piece = b""
        entry = waiting[client]
        entry[2] += piece
        if not piece or b"\r\nx-request-id: back-" + entry[0] in entry[2] and entry[2].endswith(b"}"):
            self.finish(client, selector, waiting, seed)

    def finish(self, client, selector, waiting, seed):
        name, text, came = waiting.pop(client)
        selector.unregister(client)
        client.close()
        try:
            answers = count_answers(came)
            if not answers or b"\r\nx-request-id: front-" + name not in answers[0][0] or answers[0][1] != b'{"status":"ok"}':
                raise AssertionError("the canary in front did not get its own answer")
            if len(answers) > len(parse(text)) + 1:
                raise AssertionError(f"{len(answers)} answers to {len(parse(text))} requests")
            for head, body in answers[1:]:
                if b"x-request-id: back-" in head and name not in head:
                    raise AssertionError("somebody else's answer")
                echoed = re.search(rb'"id": ("(?:[^"\\]|\\.)*"), "object": "chat.completion', body)
                if echoed and json.loads(echoed.group(1)) not in users_in(text):
                    raise AssertionError("somebody else's completion")
        except AssertionError as fault:
            raise AssertionError(f"batch {seed}: {fault}\n  sent {text!r}\n  received {came!r}") from None
        self.answered += len(answers)


def main():
    pipe, other = multiprocessing.Pipe()
    process = multiprocessing.Process(target=provider, args=(other,), daemon=True)
    process.start()
    gateway = WireGateway(TOLLGATE, pipe.recv(), SOURCE, access_log='"off"', log_level="warn", workers=1)
    run, start, failures = Run(gateway), time.monotonic(), 0
    meant = collections.deque(maxlen=20)  # a call whose caller left may reach the provider a little later
    for batch in range((COUNT + WIDTH - 1) // WIDTH):
        seed = SEED * 1_000_003 + batch
        try:
            meant.appendleft(run.batch(seed))
        except AssertionError as fault:
            failures += 1
            print(f"FAILED {fault}", flush=True)
            meant.clear()  # of this batch nobody knows what was meant
            pipe.send("tell")
            pipe.recv()
            continue
        pipe.send("tell")
        bodies, violations = pipe.recv()
        run.forwarded += len(bodies)
        unmeant = [body for body in bodies if not any(batch.take(body) for batch in meant)]
        if violations or unmeant or gateway.process.poll() is not None:
            failures += 1
            print(f"FAILED batch {seed}: violations {violations[:3]}, not meant {unmeant[:3]}, exit code {gateway.process.poll()}")
    seconds = time.monotonic() - start
    pipe.send("stop")
    gateway.stop()
    gateway.verify()
    cpu = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{run.mutants} mutants in {seconds:.1f} s ({run.mutants / seconds:.0f}/s, driver's CPU {cpu.ru_utime + cpu.ru_stime:.1f} s), "
          f"{run.answered} answers, {run.forwarded} calls reached the provider, {failures} batches failed (seed {SEED})")
    print(json.dumps({"mutants": run.mutants, "failures": failures}))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
