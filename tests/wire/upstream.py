"""A provider by hand: reads every request more strictly than any server does, remembers it, and answers what its script says. Raw sockets, a
thread per connection. Standard library only."""
import contextlib
import json
import re
import socket
import struct
import threading

KEY = "sk-provider-canary-5f1c9a"
PATHS = ("/v1/chat/completions", "/v1/completions", "/v1/embeddings")
# What the gateway may forward or adds itself (src/http/header_rules.cpp, src/upstream/request.cpp).
ONCE = {"connection", "host", "authorization", "accept-encoding", "content-length", "content-type", "user-agent", "idempotency-key", "traceparent",
        "anthropic-version"}
REPEATABLE = {"accept", "openai-beta", "anthropic-beta", "tracestate", "accept-language"}
FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([\t\x20-\x7e\x80-\xff]*)\Z")


class Left(Exception):
    """The gateway closed the connection between two requests."""


class Violation(Exception):
    """Bytes that no gateway may send to a provider."""


class Request:
    def __init__(self, path, fields, connection):
        self.path, self.fields, self.connection = path, fields, connection
        self.head = b""
        self.body = b""
        self.json = None

    @property
    def length(self):
        return int(self.fields["content-length"])

    @property
    def id(self):
        """What the caller put into the body, so that an answer can be told from another's."""
        return self.json.get("user", "") if self.json else ""

    @property
    def streams(self):
        return bool(self.json and self.json.get("stream"))


def read_head(text, connection):
    """Exactly what the gateway promises to write; anything else is a Violation."""
    lines = text.split(b"\r\n")
    if any(b"\r" in line or b"\n" in line for line in lines):
        raise Violation("a bare line end")
    match = re.fullmatch(rb"POST (/v1/[a-z/]+) HTTP/1\.1", lines[0])
    if not match or match.group(1).decode() not in PATHS:
        raise Violation(f"request line {lines[0]!r}")
    fields = {}
    for line in lines[1:]:
        found = FIELD.match(line)
        if not found:
            raise Violation(f"field line {line!r}")
        name, value = found.group(1).decode().lower(), found.group(2).decode("latin-1").strip(" \t")
        if name not in ONCE | REPEATABLE:
            raise Violation(f"field {name} crossed")
        if name in ONCE and name in fields:
            raise Violation(f"field {name} twice")
        fields[name] = value
    for name in ("host", "authorization", "content-length", "accept-encoding"):
        if name not in fields:
            raise Violation(f"no {name}")
    if fields["authorization"] != f"Bearer {KEY}":
        raise Violation("another credential than the provider's")
    if not re.fullmatch(r"[0-9]{1,9}", fields["content-length"]):
        raise Violation("a content-length that is none")
    return Request(match.group(1).decode(), fields, connection)


class Connection:
    """What a script has in its hands."""

    def __init__(self, peer, number):
        self.socket, self.number, self.held = peer, number, b""
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def more(self):
        piece = self.socket.recv(262144)
        if not piece:
            raise Left
        self.held += piece

    def read_head(self):
        while b"\r\n\r\n" not in self.held:
            if len(self.held) > 65536:
                raise Violation("a head without end")
            try:
                self.more()
            except (Left, OSError):
                if self.held:
                    raise Violation(f"half a head: {self.held!r}") from None
                raise Left from None
        head, _, self.held = self.held.partition(b"\r\n\r\n")
        request = read_head(head, self.number)
        request.head = head
        return request

    def read_body(self, request):
        while len(self.held) < request.length:
            self.more()
        request.body, self.held = self.held[:request.length], self.held[request.length:]
        if self.held or self.peek():
            raise Violation(f"bytes behind the body: {(self.held or self.peek())[:200]!r}")
        try:
            request.json = json.loads(request.body.decode("utf-8"))
        except ValueError:
            raise Violation(f"a body that is no JSON: {request.body[:200]!r}") from None

    def peek(self):
        with contextlib.suppress(BlockingIOError, ConnectionResetError):
            return self.socket.recv(200, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        return b""

    def send(self, *pieces):
        for piece in pieces:
            self.socket.sendall(piece)

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def wait_until_left(self, seconds=10):
        """Whether the gateway gave the connection up in this time."""
        self.socket.settimeout(seconds)
        try:
            while self.socket.recv(65536):
                pass
            return True
        except TimeoutError:
            return False
        except OSError:
            return True


def completion(request):
    """The body of a good answer that nobody else can have got."""
    return json.dumps({"id": request.id, "object": "chat.completion", "model": request.json.get("model"),
                       "choices": [{"index": 0, "message": {"role": "assistant", "content": request.id}, "finish_reason": "stop"}],
                       "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}}).encode()


def events(request):
    """The events of a good stream, [DONE] included."""
    first = {"id": request.id, "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": request.id}, "finish_reason": None}]}
    last = {"id": request.id, "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    usage = {"id": request.id, "object": "chat.completion.chunk", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}}
    return [b"data: " + json.dumps(event).encode() + b"\n\n" for event in (first, last, usage)] + [b"data: [DONE]\n\n"]


def sized(body, line=b"HTTP/1.1 200 OK", fields=(b"content-type: application/json",)):
    return b"\r\n".join([line, *fields, b"content-length: %d" % len(body), b"", body])


def chunked(pieces, line=b"HTTP/1.1 200 OK", fields=(b"content-type: text/event-stream",)):
    head = b"\r\n".join([line, *fields, b"transfer-encoding: chunked", b"", b""])
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces if piece) + b"0\r\n\r\n"


def good_answer(request):
    return chunked(events(request)) if request.streams else sized(completion(request))


class Upstream:
    """Listens on a port of its own. `script`, if set, is taken by the next request: script(connection, request) after the head; it reads the
    body itself if it wants to, and returns True to keep the connection."""

    def __init__(self):
        self.requests, self.violations = [], []
        self.script = None
        self.connections = 0
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self.listener.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}/v1"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.listener.accept()
                self.connections += 1
                threading.Thread(target=self.serve, args=(Connection(peer, self.connections),), daemon=True).start()

    def serve(self, connection):
        try:
            while self.serve_one(connection):
                pass
        except Violation as fault:
            self.violations.append(str(fault))
        except (Left, OSError):
            pass
        connection.close()

    def take_script(self):
        with self.lock:
            script, self.script = self.script, None
        return script

    def serve_one(self, connection):
        request = connection.read_head()
        script = self.take_script()
        self.requests.append(request)
        if script:
            return script(connection, request)
        connection.read_body(request)
        connection.send(self.answer(request))
        return True

    def answer(self, request):
        return good_answer(request)

    def stop(self):
        self.listener.close()
