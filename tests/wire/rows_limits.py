"""Heads and bodies that drip or stop, and idle connections, at a gateway that waits half a second. The limit is for the whole, not per read."""
import time

from stage import BODY, SILENT, Expected, Row, chunk, chunked_request, refused, request

SETTINGS = {"limits": "head: 8KiB, headers: 50, body: 256KiB, head_time: 500ms, body_time: 500ms, idle_time: 500ms"}


def drip(text, pause=0.02, seconds=5):
    """A byte at a time for longer than the limit, or until the gateway has had enough."""
    def play(stage, client, name):
        end = time.monotonic() + seconds
        for byte in stage.fill(text, name):
            client.send(bytes([byte]))
            if time.monotonic() > end or not client.is_open():
                return
            time.sleep(pause)
    return play


def late(text, at):
    """Everything but the last bytes."""
    def play(stage, client, name):
        client.send(stage.fill(text, name)[:at])
    return play


def idle_after_a_call(stage, client, _):
    own = stage.canary(client)
    stage.upstream.requests[:] = [found for found in stage.upstream.requests if found.id != own]


SLOW = refused(408, "request_timeout")
LONG = request(b"X-Pad: " + b"p" * 2000)
GROUPS = [("limits of time", [
    Row("a connection without a byte", None, SILENT, play=lambda stage, client, name: None),
    Row("a head that stops in its first word", None, SLOW, play=late(request(), 3)),
    Row("a head that stops before its last line end", None, SLOW, play=late(request(body=b"", length=None), -2)),
    Row("a head that drips", None, SLOW, play=drip(LONG)),
    Row("a body that stops before its first byte", None, SLOW, play=late(request(), -len(BODY))),
    Row("a body that stops before its last byte", None, SLOW, play=late(request(), -1)),
    Row("a body that drips", None, SLOW, play=drip(request(body=BODY + b" " * 2000))),
    Row("a chunk size that drips zeros", None, SLOW, play=late(chunked_request(b"000000"), 10**6)),
    Row("a chunk that stops", None, SLOW, play=late(chunked_request(chunk(BODY)), -10)),
    Row("chunks without a last one", None, SLOW, play=late(chunked_request(chunk(BODY)), 10**6)),
    Row("a trailer that stops", None, SLOW, play=late(chunked_request(chunk(BODY) + b"0\r\nX-A: b"), 10**6)),
    Row("chunks that drip", None, SLOW, play=drip(chunked_request(chunk(BODY) * 20 + b"0\r\n\r\n"))),
    # The answer was given before the body came: the connection ends because its next request would be hidden behind it.
    Row("a refused call whose small body never comes", None, [Expected(401, "missing_key", then="either")], play=late(request(key=None), -5)),
    Row("silence behind a call", None, SILENT, play=idle_after_a_call),
])]
