"""Event streams that are cut, split, mis-typed or never end. Whatever is cut must not look complete."""
import gzip
import time

from rows_upstream import BAD, CUT, EVENTS, JSON, LINE, OK, REPLACED, WHOLE, UpstreamRow, says
from stage import BODY, STREAM, Expected
from upstream import chunked, completion, events, sized

HEAD = b"\r\n".join([LINE, EVENTS, b"transfer-encoding: chunked", b"", b""])
DONE = b"data: [DONE]\n\n"


def row(name, *pieces, expected=CUT, **more):
    return UpstreamRow(name, says(*pieces, **more), expected, body=STREAM)


def stream_row(name, make, expected=CUT, keep=True):
    """The events that `make` makes of the good ones."""
    return row(name, lambda request: chunked([b"".join(make(events(request)))]), expected=expected, keep=keep)


def bit_by_bit(size, pause=0.0):
    def script(connection, request):
        connection.read_body(request)
        text = chunked(events(request))
        for at in range(0, len(text), size):
            connection.send(text[at:at + size])
            time.sleep(pause)
        return True
    return script


def replaced(old, new):
    return lambda good: [event.replace(old, new) for event in good]


ERROR = b'data: {"error": {"message": "overloaded", "type": "server_error"}}\n\n'
STREAMS = [
    stream_row("whole", lambda good: good, WHOLE),
    UpstreamRow("byte by byte", bit_by_bit(1), WHOLE, body=STREAM),
    UpstreamRow("seven bytes at a time", bit_by_bit(7), WHOLE, body=STREAM),
    row("a chunk for each byte", lambda request: chunked([bytes([byte]) for byte in b"".join(events(request))]), expected=WHOLE, keep=True),
    stream_row("CRLF line ends", replaced(b"\n", b"\r\n"), WHOLE),
    stream_row("CR line ends", replaced(b"\n", b"\r"), WHOLE),
    stream_row("comments between", lambda good: [b": keep-alive\n\n" + event for event in good], WHOLE),
    stream_row("no space behind the colon", replaced(b"data: ", b"data:"), WHOLE),
    stream_row("other fields", lambda good: [b"event: message\nid: 1\nretry: 5\n" + event for event in good], WHOLE),
    stream_row("a byte order mark", lambda good: [b"\xef\xbb\xbf" + good[0], *good[1:]], WHOLE),
    stream_row("data in two lines", lambda good: [good[0].replace(b', "object"', b',\ndata: "object"', 1), *good[1:]], WHOLE),
    stream_row("[DONE] within a text", lambda good: [b'data: {"choices": [{"delta": {"content": "data: [DONE]"}}]}\n\n', *good], WHOLE),
    stream_row("more behind [DONE]", lambda good: [*good, b'data: {"id": "somebody else"}\n\n'], WHOLE),
    stream_row("[DONE] twice", lambda good: [*good, DONE], WHOLE),
    stream_row("no usage", lambda good: [good[0], good[1], good[3]], WHOLE),
    stream_row("absurd usage", lambda good: [good[0], good[1], good[2].replace(b'"prompt_tokens": 3', b'"prompt_tokens": -3'), good[3]], WHOLE),
    row("with a length", lambda request: sized(b"".join(events(request)), fields=(EVENTS,)), expected=WHOLE, keep=True),
    row("until the end of the connection", lambda request: LINE + b"\r\n" + EVENTS + b"\r\n\r\n" + b"".join(events(request)), expected=WHOLE),
    row("HTTP/1.0", lambda request: b"HTTP/1.0 200 OK\r\n" + EVENTS + b"\r\n\r\n" + b"".join(events(request)), expected=WHOLE),
    row("trailers and an extension", lambda request: HEAD + b"".join(b"%x;a=b\r\n%s\r\n" % (len(event), event) for event in events(request))
        + b"0\r\nX-A: b\r\n\r\n", expected=WHOLE, keep=True),
    row("an answer behind the stream", lambda request: chunked(events(request)) + sized(b'{"id": "somebody else"}'), expected=WHOLE, keep=True),
    row("garbage behind the stream", lambda request: chunked(events(request)) + b"\0" * 50, expected=WHOLE, keep=True),
    row("[DONE] and then silence", lambda request: HEAD + b"".join(b"%x\r\n%s\r\n" % (len(event), event) for event in events(request)), expected=WHOLE, keep=True),
    row("[DONE] and then a reset chunk", lambda request: HEAD + b"".join(b"%x\r\n%s\r\n" % (len(event), event) for event in events(request)) + b"zz\r\n",
        expected=WHOLE),
    row("a whole JSON in place of a stream", lambda request: sized(completion(request)), expected=OK, keep=True),
    stream_row("no [DONE]", lambda good: good[:-1]),
    stream_row("[DONE] without its blank line", lambda good: [*good[:-1], b"data: [DONE]"]),
    stream_row("[DONE] in lower case", lambda good: [*good[:-1], b"data: [done]\n\n"]),
    stream_row("half an event at the end", lambda good: [good[0], good[1][:20]]),
    stream_row("nothing but comments", lambda good: [b": ping\n\n"] * 5),
    stream_row("nothing but blank lines", lambda good: [b"\n\n\n\n"]),
    stream_row("HTML that says it is events", lambda good: [b"<html>sorry</html>"]),
    stream_row("an error event and the end", lambda good: [good[0], ERROR]),
    stream_row("an error event at once", lambda good: [ERROR]),
    stream_row("an event of 9 MB", lambda good: [good[0], b"data: " + b"x" * 9_000_000 + b"\n\n", *good[1:]]),
    row("cut in a chunk", lambda request: chunked(events(request))[:-60]),
    row("a broken chunk size", lambda request: HEAD + b"%x\r\n%s\r\n" % (len(events(request)[0]), events(request)[0]) + b"zz\r\n"),
    row("two chunks without the line end between", lambda request: HEAD + b"".join(b"%x\r\n%s" % (len(event), event) for event in events(request))),
    row("a length longer than the stream", lambda request: LINE + b"\r\n" + EVENTS + b"\r\ncontent-length: 9999\r\n\r\n" + b"".join(events(request)[:-1])),
    row("until the end of the connection, without [DONE]", lambda request: LINE + b"\r\n" + EVENTS + b"\r\n\r\n" + b"".join(events(request)[:-1])),
    row("gzip", lambda request: chunked([gzip.compress(b"".join(events(request)))], fields=(EVENTS, b"content-encoding: gzip")), expected=BAD, keep=True),
    row("events that say they are gzip", lambda request: chunked(events(request), fields=(EVENTS, b"content-encoding: gzip")), expected=BAD, keep=True),
    row("a type that begins alike", lambda request: chunked(events(request), fields=(b"content-type: text/event-streams",)), expected=BAD, keep=True),
    row("events that say they are JSON", lambda request: chunked(events(request), fields=(JSON,)), expected=BAD, keep=True),
    row("an empty stream", chunked([]), expected=Expected({200, 502}), keep=True),
    row("an empty stream with a length", sized(b"", fields=(EVENTS,)), expected=BAD, keep=True),
    row("204", b"HTTP/1.1 204 No Content\r\n" + EVENTS + b"\r\n\r\n", expected=BAD, keep=True),
    row("500 with events", lambda request: chunked(events(request), line=b"HTTP/1.1 500 No"), expected=BAD, keep=True),
    row("401 with events", lambda request: chunked([b'data: {"error": "Incorrect API key: sk-provider"}\n\n'], line=b"HTTP/1.1 401 No"), expected=BAD, keep=True),
]


def complete_from(text):
    """From which byte on an event stream is whole: behind the blank line of [DONE]."""
    return text.index(DONE) + len(DONE)


def sample(request_id="n0000000", model="gpt-flat"):
    class Sample:
        id = request_id
        json = {"model": model}
    return Sample


PLAIN = sized(completion(sample()))
PLAIN_CHUNKED = chunked([completion(sample())[:40], completion(sample())[40:]], fields=(JSON,))
SIZED_STREAM = sized(b"".join(events(sample())), fields=(EVENTS,))


def cut_after(count, make, end):
    def script(connection, request):
        connection.read_body(request)
        connection.send(make(request)[:count])
        connection.reset() if end == "reset" else connection.close()
        return False
    return script


def sweep(name, make, body_of_call, whole_from, cut_from, ends=("close", "reset"), step=1):
    """A row for every byte behind which the provider is gone. `cut_from`: from where on a stream has begun."""
    length = len(make(sample()))
    rows = []
    for end in ends:
        for count in range(0, length, step if end == "close" else step * 7):
            expected = OK if count >= whole_from and cut_from is None else BAD if cut_from is None or count < cut_from else CUT
            if cut_from is not None and count >= whole_from:
                expected = {CUT, WHOLE}
            if count == 0:
                expected = REPLACED
            rows.append(UpstreamRow(f"{name}: {end} behind byte {count}", cut_after(count, make, end), expected, body=body_of_call, calls=(1, 2)))
    return rows


def head_size(text):
    return text.index(b"\r\n\r\n") + 4


def plain_sweeps():
    def close_delimited(request):
        return LINE + b"\r\n\r\n" + completion(request)
    def in_chunks(request):
        return chunked([completion(request)[:40], completion(request)[40:]], fields=(JSON,))
    return (sweep("sized", lambda request: sized(completion(request)), BODY, len(PLAIN), None)
            + sweep("chunked", in_chunks, BODY, len(PLAIN_CHUNKED), None)
            + sweep("until the end", close_delimited, BODY, len(close_delimited(sample())), None, ends=("close",)))


def stream_sweeps():
    def make(request):
        return chunked(events(request))
    def closing(request):
        return LINE + b"\r\n" + EVENTS + b"\r\n\r\n" + b"".join(events(request))
    rows = []
    for name, maker, ends in (("chunked", make, ("close", "reset")), ("sized", lambda request: sized(b"".join(events(request)), fields=(EVENTS,)), ("close", "reset")),
                              ("until the end", closing, ("close",))):
        text = maker(sample())
        rows += sweep(name, maker, STREAM, complete_from(text), head_size(text), ends, step=2)
    return rows


GROUPS = [("streams", STREAMS), ("plain answers cut behind every byte", plain_sweeps()), ("streams cut behind every second byte", stream_sweeps())]
