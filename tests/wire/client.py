"""One connection to the gateway, bytes by hand; answers are read strictly. Standard library only."""
import contextlib
import json
import re
import socket
import struct


class Malformed(Exception):
    """The gateway sent what no client could be sure to understand."""


class Ended(Exception):
    """The connection ended where an answer was to begin."""


class Answer:
    def __init__(self, status, fields, body, complete):
        self.status, self.fields, self.body, self.complete = status, fields, body, complete

    def field(self, name):
        found = [value for key, value in self.fields if key == name]
        if len(found) > 1:
            raise Malformed(f"{name} twice")
        return found[0] if found else None

    @property
    def error(self):
        """The error object, checked against the contract."""
        error = json.loads(self.body)["error"]
        if set(error) != {"message", "type", "param", "code", "reason"} or error["code"] != self.status or not error["message"]:
            raise Malformed(f"not the contract's error: {self.body!r}")
        return error


class Client:
    def __init__(self, port, seconds=20):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.held, self.seen, self.sent = b"", b"", b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *pieces):
        """A peer that has answered and closed may reset what is still sent: its answer counts, not the error."""
        for piece in pieces:
            self.sent += piece
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.socket.sendall(piece)

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def more(self):
        """False at the end of the connection."""
        try:
            piece = self.socket.recv(262144)
        except ConnectionResetError:
            piece = b""
        self.held += piece
        self.seen += piece
        return bool(piece)

    def until(self, mark):
        while mark not in self.held:
            if not self.more():
                raise Ended(self.held)
        found, _, self.held = self.held.partition(mark)
        return found

    def exactly(self, count):
        while len(self.held) < count:
            if not self.more():
                raise EOFError
        found, self.held = self.held[:count], self.held[count:]
        return found

    def read_head(self):
        try:
            lines = self.until(b"\r\n\r\n").split(b"\r\n")
        except Ended as ended:
            if self.held:
                raise Malformed(f"half a head: {self.held!r}") from None
            raise ended
        status = re.fullmatch(rb"HTTP/1\.1 ([1-5][0-9][0-9]) [\x20-\x7e]*", lines[0])
        if not status:
            raise Malformed(f"status line {lines[0]!r}")
        fields = []
        for line in lines[1:]:
            field = re.fullmatch(rb"([a-z0-9-]+): ([\t\x20-\x7e\x80-\xff]*)", line)
            if not field:
                raise Malformed(f"field line {line!r}")
            fields.append((field.group(1).decode(), field.group(2).decode("latin-1")))
        return int(status.group(1)), fields

    def read_answer(self, method="POST"):
        """The final answer, whole; `complete` is false where its body was cut."""
        status, fields = self.read_head()
        if status < 200:
            return Answer(status, fields, b"", True)
        framing = [name for name, _ in fields if name in ("content-length", "transfer-encoding")]
        answer = Answer(status, fields, b"", True)
        if len(framing) > 1:
            raise Malformed("two framings")
        if method == "HEAD" or status in (204, 304):
            return answer
        try:
            if framing == ["content-length"]:
                answer.body = self.exactly(int(answer.field("content-length")))
            elif framing:
                self.read_chunks(answer)
            else:
                while self.more():
                    pass
                answer.body, self.held = self.held, b""
        except EOFError:
            answer.body += self.held
            answer.complete, self.held = False, b""
        return answer

    def read_chunks(self, answer):
        if answer.field("transfer-encoding") != "chunked":
            raise Malformed("a transfer coding that is not chunked")
        while True:
            line = self.exactly(1)
            while not line.endswith(b"\r\n"):
                line += self.exactly(1)
            if not re.fullmatch(rb"[0-9a-f]+\r\n", line):
                raise Malformed(f"chunk size {line!r}")
            size = int(line, 16)
            answer.body += self.exactly(size)
            if self.exactly(2) != b"\r\n":
                raise Malformed("a chunk without its end")
            if size == 0:
                return

    def ends(self, seconds=10):
        """Whether the gateway ends the connection in this time, without a further byte."""
        self.socket.settimeout(seconds)
        try:
            while self.more():
                pass
        except TimeoutError:
            return False
        return self.held == b""

    def is_open(self):
        """Neither ended nor anything surplus, as far as can be seen now."""
        if self.held:
            return False
        self.socket.setblocking(False)
        try:
            self.socket.recv(1, socket.MSG_PEEK)
            return False
        except BlockingIOError:
            return True
        except OSError:
            return False
        finally:
            self.socket.settimeout(20)
