"""Providers that stop or drip, seen through a gateway that waits 500 ms for the first byte, 500 ms between two, 1.5 s in all."""
import time

from rows_stream import sample
from rows_upstream import CUT, EVENTS, LINE, UpstreamRow
from stage import BODY, STREAM, Expected
from upstream import chunked, completion, events, sized

SETTINGS = {"timeouts": "connect: 500ms, first_byte: 500ms, idle: 500ms, total: 1500ms"}
LATE = Expected(504, {"first_byte_timeout", "idle_timeout", "total_timeout"})


def stops(make, count):
    def script(connection, request):
        connection.read_body(request)
        connection.send(make(request)[:count])
        return not connection.wait_until_left(5)
    return script


def drips(make, pause=0.1, at_once=0):
    def script(connection, request):
        connection.read_body(request)
        connection.send(make(request)[:at_once])
        for byte in make(request)[at_once:]:
            connection.send(bytes([byte]))
            time.sleep(pause)
        raise AssertionError("the gateway waited for all of it")
    return script


def plain(request):
    return sized(completion(request))


def stream(request):
    return chunked(events(request))


def never_reads(connection, request):
    return not connection.wait_until_left(5)


def comments(connection, request):
    """A sign of life now and then keeps no call alive for ever."""
    connection.read_body(request)
    connection.send(b"\r\n".join([LINE, EVENTS, b"transfer-encoding: chunked", b"", b""]))
    for _ in range(100):
        connection.send(b"8\r\n: ping\n\n\r\n")
        time.sleep(0.1)
    raise AssertionError("the gateway waited for all of it")


def interim(connection, request):
    connection.read_body(request)
    for _ in range(5):
        connection.send(b"HTTP/1.1 102 Processing\r\n\r\n")
        time.sleep(0.3)
    return False


def head_size(make):
    return make(sample()).index(b"\r\n\r\n") + 4


HEAD = head_size(plain)
GROUPS = [("providers that stop or drip", [
    UpstreamRow("no answer", stops(plain, 0), LATE),
    UpstreamRow("stops in the status line", stops(plain, 5), LATE),
    UpstreamRow("stops in the head", stops(plain, HEAD - 2), LATE),
    UpstreamRow("stops before the body", stops(plain, HEAD), LATE),
    UpstreamRow("stops in the body", stops(plain, HEAD + 10), LATE),
    UpstreamRow("a head that drips", drips(plain), LATE),
    UpstreamRow("a body that drips", drips(plain, at_once=HEAD), LATE),
    UpstreamRow("interim answers that drip", interim, LATE),
    UpstreamRow("a stream without its first event", stops(stream, head_size(stream)), CUT, body=STREAM),
    UpstreamRow("a stream that stops in an event", stops(stream, head_size(stream) + 60), CUT, body=STREAM),
    UpstreamRow("a stream of comments", comments, CUT, body=STREAM),
    UpstreamRow("a big call that nobody reads", never_reads, LATE, body=BODY[:-1] + b', "x": "' + b"y" * 200_000 + b'"}'),
])]

