"""What a provider may do wrong, and what the caller must get then. A script plays the provider for one call; every other call is answered well."""
import gzip
import json
import time

from stage import BODY, STREAM, Expected
from upstream import chunked, completion, events, sized

LINE = b"HTTP/1.1 200 OK"
JSON = b"content-type: application/json"
EVENTS = b"content-type: text/event-stream"
BAD = Expected(502, {"invalid_response", "all_providers_failed"})
OK = Expected(200)
REPLACED = Expected({200, 502})  # an idle connection that turns out to be closed is replaced, once
CUT, WHOLE = "cut", "whole"  # a stream that had begun: ends with an error event and no [DONE]; is complete


class UpstreamRow:
    def __init__(self, name, script, expected=BAD, *, body=BODY, calls=(1,), pause=0.0):
        self.name, self.script, self.expected, self.body, self.calls, self.pause = name, script, expected, body, calls, pause


def says(*pieces, keep=False, pause=0):
    """Reads the call, sends these bytes (or what functions make of the call), keeps the connection or closes it."""
    def script(connection, request):
        connection.read_body(request)
        for piece in pieces:
            connection.send(piece(request) if callable(piece) else piece)
            time.sleep(pause)
        return keep
    return script


def row(name, *pieces, expected=BAD, **more):
    return UpstreamRow(name, says(*pieces, **more), expected)


def line_row(name, line, expected=BAD):
    return row(name, lambda request: sized(completion(request), line=line), expected=expected, keep=True)


def field_row(name, *fields, expected=BAD, absent=()):
    made = row(name, lambda request: sized(completion(request), fields=(JSON, *fields)), expected=expected, keep=True)
    if absent:
        made.expected = Expected(200, fields=[(field, None) for field in absent])
    return made


STATUS_LINES = [
    line_row("garbage", b"\x00\x01\x02\xff garbage"),
    line_row("empty line first", b"\r\nHTTP/1.1 200 OK"),
    line_row("HTTP/2.0", b"HTTP/2.0 200 OK"),
    line_row("HTTP/1.2", b"HTTP/1.2 200 OK"),
    line_row("HTTP/0.9", b"HTTP/0.9 200 OK"),
    line_row("no version", b"200 OK"),
    line_row("lower case", b"http/1.1 200 OK"),
    line_row("ICY", b"ICY 200 OK"),
    line_row("no space behind the version", b"HTTP/1.1200 OK"),
    line_row("tab behind the version", b"HTTP/1.1\t200 OK"),
    line_row("two spaces", b"HTTP/1.1  200 OK"),
    line_row("space in front", b" HTTP/1.1 200 OK"),
    line_row("status 000", b"HTTP/1.1 000 OK"),
    line_row("status 099", b"HTTP/1.1 099 OK"),
    line_row("status 600", b"HTTP/1.1 600 OK"),
    line_row("status 999", b"HTTP/1.1 999 OK"),
    line_row("status of two digits", b"HTTP/1.1 20 OK"),
    line_row("status of four digits", b"HTTP/1.1 2000 OK"),
    line_row("status with a sign", b"HTTP/1.1 +20 OK"),
    line_row("status of letters", b"HTTP/1.1 abc OK"),
    line_row("reason with NUL", b"HTTP/1.1 200 O\0K"),
    line_row("reason with a bare CR", b"HTTP/1.1 200 O\rK"),
    line_row("bare LF", b"HTTP/1.1 200 OK\nX: y"),
    line_row("folded", b"HTTP/1.1 200\r\n OK"),
    line_row("no reason", b"HTTP/1.1 200", OK),
    line_row("empty reason", b"HTTP/1.1 200 ", OK),
    line_row("reason beyond ASCII", b"HTTP/1.1 200 \xc3\x89", OK),
    row("a TLS alert", b"\x15\x03\x03\x00\x02\x02\x28"),
    row("an answer without a head", completion),
    row("a page of HTML without a head", b"<html><body>502</body></html>"),
]

LEAKS = ("set-cookie", "access-control-allow-origin", "location", "alt-svc", "server", "openai-organization", "strict-transport-security", "x-odd")
HEADS = [
    field_row("bare LF", b"A: b\nC: d"),
    field_row("bare CR", b"A: b\rC: d"),
    field_row("folded", b"A: b\r\n c"),
    field_row("space before the colon", b"A : b"),
    field_row("no colon", b"A b"),
    field_row("empty name", b": b"),
    field_row("NUL", b"A: \0"),
    field_row("escape", b"A: \x1b[2J"),
    field_row("name beyond ASCII", b"\xc3\x84: b"),
    field_row("request id that breaks the line", b"x-request-id: a\rSet-Cookie: token=x"),
    field_row("300 fields", *[b"a: b"] * 300),
    field_row("70 KiB", b"A: " + b"b" * 70_000),
    field_row("a field of 60 KiB", b"A: " + b"b" * 60_000, expected=OK),
    field_row("fields that stay at the gateway", b"Set-Cookie: token=x", b"Access-Control-Allow-Origin: *", b"Location: http://evil", b"Alt-Svc: h3",
              b"Server: x", b"OpenAI-Organization: org-secret", b"Strict-Transport-Security: max-age=1", b"X-Odd: 1", absent=LEAKS),
    field_row("values beyond ASCII", b"openai-version: \xff\xfe", b"x-request-id: caf\xc3\xa9", expected=OK),
    field_row("Connection names the framing", b"Connection: content-length", expected=OK),
    field_row("Connection that is no list of tokens", b"Connection: a b", expected=OK),
    UpstreamRow("a head without end", lambda connection, request: flood(connection, request, b"HTTP/1.1 200 OK\r\nA: ", b"b" * 65_536)),
    UpstreamRow("fields without end", lambda connection, request: flood(connection, request, b"HTTP/1.1 200 OK\r\n", b"a: b\r\n" * 10_000)),
]


def flood(connection, request, first, more):
    """Sends until the gateway has had enough, at most 100 MB."""
    connection.read_body(request)
    connection.send(first)
    for _ in range(100_000_000 // len(more)):
        connection.send(more)
    raise AssertionError("the gateway took 100 MB")


def length_row(name, *fields, expected=BAD, body=None):
    return row(name, lambda request: b"\r\n".join([LINE, JSON, *(field.replace(b"@", b"%d" % len(completion(request))) for field in fields), b"",
                                                  completion(request) if body is None else body]), expected=expected)


def chunks_row(name, make, expected=BAD):
    head = b"\r\n".join([LINE, JSON, b"transfer-encoding: chunked", b"", b""])
    return row(name, lambda request: head + make(completion(request)), expected=expected)


def one(body, size=None, extension=b"", end=b"\r\n"):
    return (b"%x" % len(body) if size is None else size) + extension + b"\r\n" + body + end


FRAMING = [
    length_row("two equal lengths", b"Content-Length: @", b"Content-Length: @"),
    length_row("two different lengths", b"Content-Length: @", b"Content-Length: 5"),
    length_row("two lengths in a line", b"Content-Length: @, @"),
    length_row("length with a sign", b"Content-Length: +@"),
    length_row("negative length", b"Content-Length: -1"),
    length_row("hexadecimal length", b"Content-Length: 0xff"),
    length_row("empty length", b"Content-Length:"),
    length_row("length of words", b"Content-Length: many"),
    length_row("length beyond 64 bits", b"Content-Length: 18446744073709551620"),
    length_row("length longer than the body", b"Content-Length: 100000"),
    length_row("length shorter than the body", b"Content-Length: 20"),
    length_row("length of zero", b"Content-Length: 0"),
    length_row("length and chunks", b"Content-Length: @", b"Transfer-Encoding: chunked"),
    length_row("unknown coding", b"Transfer-Encoding: zorg"),
    length_row("identity", b"Transfer-Encoding: identity"),
    length_row("gzip and chunks", b"Transfer-Encoding: gzip, chunked"),
    length_row("chunks twice", b"Transfer-Encoding: chunked, chunked"),
    length_row("two codings", b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"),
    length_row("no framing: whole JSON until the end of the connection", expected=OK),
    length_row("no framing: half a JSON", body=b'{"id": "x", "choices": ['),
    length_row("no framing: nothing", body=b""),
    row("HTTP/1.0 until its end", lambda request: b"HTTP/1.0 200 OK\r\n\r\n" + completion(request), expected=OK),
    row("HTTP/1.0 with chunks", lambda request: b"HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + one(completion(request)) + b"0\r\n\r\n"),
    row("HTTP/1.0 with a length, half of it", lambda request: b"HTTP/1.0 200 OK\r\ncontent-length: 500\r\n\r\n" + completion(request)),
    chunks_row("chunks", lambda body: one(body[:9]) + one(body[9:]) + b"0\r\n\r\n", OK),
    chunks_row("a chunk for each byte", lambda body: b"".join(one(body[at:at + 1]) for at in range(len(body))) + b"0\r\n\r\n", OK),
    chunks_row("extensions", lambda body: one(body, extension=b";a=b") + b"0;c\r\n\r\n", OK),
    chunks_row("trailers", lambda body: one(body) + b"0\r\nX-A: b\r\nContent-Length: 3\r\n\r\n", OK),
    chunks_row("no last chunk", one),
    chunks_row("no blank line at the end", lambda body: one(body) + b"0\r\n"),
    chunks_row("chunk too short", lambda body: one(body, b"%x" % (len(body) - 1)) + b"0\r\n\r\n"),
    chunks_row("chunk too long", lambda body: one(body, b"%x" % (len(body) + 1)) + b"0\r\n\r\n"),
    chunks_row("size in words", lambda body: one(body, b"xyz") + b"0\r\n\r\n"),
    chunks_row("size with a sign", lambda body: one(body, b"-1") + b"0\r\n\r\n"),
    chunks_row("size with a blank", lambda body: one(body, b"%x " % len(body)) + b"0\r\n\r\n"),
    chunks_row("size beyond 64 bits", lambda body: one(body, b"1" + b"0" * 16) + b"0\r\n\r\n"),
    chunks_row("size missing", lambda body: one(body, b"") + b"0\r\n\r\n"),
    chunks_row("bare LF behind the size", lambda body: b"%x\n" % len(body) + body + b"\r\n0\r\n\r\n"),
    chunks_row("bare LF behind the data", lambda body: one(body, end=b"\n") + b"0\r\n\r\n"),
    chunks_row("malformed trailer", lambda body: one(body) + b"0\r\nno colon\r\n\r\n"),
    chunks_row("trailers of 100 KiB", lambda body: one(body) + b"0\r\n" + b"a: b\r\n" * 20_000 + b"\r\n"),
    chunks_row("extension of 100 KiB", lambda body: one(body, extension=b";" + b"x" * 100_000) + b"0\r\n\r\n"),
    chunks_row("plain body in place of chunks", lambda body: body),
    row("chunks that end in the middle of a JSON", chunked([b'{"id": "x", ']), expected=BAD),
]


def interim(*heads):
    return lambda request: b"".join(heads) + sized(completion(request))


CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
INTERIM = [
    row("100", interim(CONTINUE), expected=OK, keep=True),
    row("102 and 103 with fields", interim(b"HTTP/1.1 102 Processing\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nSet-Cookie: a=b\r\n\r\n"),
        expected=Expected(200, fields=[("set-cookie", None), ("link", None)]), keep=True),
    row("199", interim(b"HTTP/1.1 199 Odd\r\n\r\n"), expected=OK, keep=True),
    row("three times 100", interim(CONTINUE * 3), expected=OK, keep=True),
    row("100 and nothing", CONTINUE),
    row("100 with a body", interim(b"HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\nhello")),
    row("a thousand times 100", interim(CONTINUE * 1000)),
    UpstreamRow("100 without end", lambda connection, request: flood(connection, request, b"", CONTINUE * 1000)),
    row("101", interim(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")),
    row("101 with an answer in it", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"),
    row("malformed 100", interim(b"HTTP/1.1 100 Continue\nX\r\n\r\n")),
]


def error_json(message="wrong", **more):
    return json.dumps({"error": {"message": message, "type": "invalid_request_error", "param": "messages", "code": "x", **more}}).encode()


def status_row(status, expected=BAD, body=None, fields=(JSON,), name=None):
    return row(name or f"{status}", sized(error_json() if body is None else body, b"HTTP/1.1 %d Odd" % status, fields), expected=expected, keep=True)


class Passed(Expected):
    """The provider's own words, and status, and nothing of ours."""

    def check_error(self, answer):
        if answer.status == 502:
            return super().check_error(answer)
        if answer.body != error_json():
            raise AssertionError("the provider's error did not cross as it is")


class Unquoted(Expected):
    """A 502 without the provider's words, which may hold a part of its key."""

    def check_error(self, answer):
        super().check_error(answer)
        if b"wrong" in answer.body or b"sk-provider" in answer.body:
            raise AssertionError("the provider is quoted")


HTML = b"<html>sorry</html>"
REDIRECTION = b"Location: http://127.0.0.1:1/trap"
STATUSES = [
    *(status_row(status, Passed(status)) for status in (400, 404, 409, 422, 429)),
    *(status_row(status, name=f"{status} in HTML", body=HTML, fields=(b"content-type: text/html",)) for status in (400, 404, 429)),
    status_row(400, name="400 without a body", body=b""),
    status_row(400, name="400 with a list", body=b'[{"error": "x"}]'),
    status_row(400, name="400 with no error in it", body=b'{"x": 1}'),
    status_row(400, name="400 in gzip", body=gzip.compress(error_json()), fields=(JSON, b"content-encoding: gzip")),
    *(status_row(status, Unquoted(502, "all_providers_failed")) for status in (401, 402, 403)),
    *(status_row(status, Expected(502, "all_providers_failed")) for status in (405, 407, 408, 418, 451, 500, 501, 502, 503, 504, 529)),
    *(status_row(status, Expected(502), fields=(JSON, REDIRECTION)) for status in (300, 301, 302, 303, 304, 305, 307, 308)),
    status_row(204, name="204 with a body"),
    row("204", b"HTTP/1.1 204 No Content\r\n\r\n", keep=True),
    row("205", b"HTTP/1.1 205 Reset Content\r\ncontent-length: 0\r\n\r\n", keep=True),
    row("304 without a body", b"HTTP/1.1 304 Not Modified\r\n\r\n", keep=True),
    line_row("201 with a good body", b"HTTP/1.1 201 Created", Expected({200, 201})),
]


def body_row(name, body, *fields, expected=BAD):
    return row(name, lambda request: sized(body(request) if callable(body) else body, fields=fields or (JSON,)), expected=expected, keep=True)


def with_usage(usage):
    return lambda request: completion(request).replace(b'{"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}', usage)


GZIP = b"content-encoding: gzip"
BODIES = [
    body_row("HTML", HTML, b"content-type: text/html"),
    body_row("HTML that says it is JSON", HTML),
    body_row("nothing", b""),
    body_row("blanks", b"   \r\n"),
    body_row("a list", b"[]"),
    body_row("a string", b'"ok"'),
    body_row("null", b"null"),
    body_row("half a JSON", lambda request: completion(request)[:-5]),
    body_row("two JSON", lambda request: completion(request) * 2),
    body_row("a JSON and bytes behind it", lambda request: completion(request) + b"x"),
    body_row("invalid UTF-8", lambda request: completion(request).replace(b"assistant", b"assist\xff")),
    body_row("a byte order mark", lambda request: b"\xef\xbb\xbf" + completion(request)),
    body_row("UTF-16", lambda request: completion(request).decode().encode("utf-16")),
    body_row("100,000 arrays deep", b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    body_row("gzip", lambda request: gzip.compress(completion(request)), JSON, GZIP),
    body_row("gzip unannounced", lambda request: gzip.compress(completion(request))),
    body_row("a plain body that says it is gzip", completion, JSON, GZIP),
    body_row("a coding that nobody knows", completion, JSON, b"content-encoding: rot13"),
    body_row("a bomb", gzip.compress(b" " * 20_000_000), JSON, GZIP),
    body_row("identity", completion, JSON, b"content-encoding: identity", expected=OK),
    body_row("JSON that says it is text", completion, b"content-type: text/plain", expected=OK),
    body_row("JSON without a type", completion, b"X: y", expected=OK),
    body_row("an event stream that nobody asked for", lambda request: b"".join(events(request)), EVENTS),
    body_row("5 MB", lambda request: completion(request)[:-1] + b', "x": "' + b"y" * 5_000_000 + b'"}', expected=OK),
    UpstreamRow("a body without end", lambda connection, request: flood(connection, request, LINE + b"\r\n\r\n" + b'{"x": "', b"y" * 1_000_000)),
    UpstreamRow("an error's body without end",
                lambda connection, request: flood(connection, request, b"HTTP/1.1 400 Bad\r\n\r\n" + b'{"error": "', b"y" * 1_000_000)),
    *(body_row("usage " + usage.decode()[:40], with_usage(usage), expected=OK) for usage in (
        b"null", b"{}", b"[]", b'"x"', b'{"prompt_tokens": -3, "completion_tokens": 2}', b'{"prompt_tokens": 1.5, "completion_tokens": 2}',
        b'{"prompt_tokens": "3", "completion_tokens": "2"}', b'{"prompt_tokens": 99999999999999999999999, "completion_tokens": 2}',
        b'{"prompt_tokens": 9223372036854775807, "completion_tokens": 9223372036854775807}', b'{"prompt_tokens": 1e400, "completion_tokens": 1e400}')),
]


def then_more(*more, pause=0.0):
    """A good answer, and then on the same connection what nobody asked for."""
    def script(connection, request):
        connection.read_body(request)
        connection.send(sized(completion(request)) + (b"" if pause else b"".join(more)))
        if pause:
            time.sleep(pause)
            connection.send(*more)
        return True
    return script


EVIL = sized(b'{"id": "somebody else"}')


def answer_early(answer, keep=False):
    """Answers after the head, without reading the body."""
    def script(connection, request):
        connection.send(answer)
        if keep:
            connection.wait_until_left(1)
        return False
    return script


def hang_up(connection, request):
    connection.read_body(request)
    return False


def reset(connection, request):
    connection.read_body(request)
    connection.reset()
    return False


BIG = BODY[:-1] + b', "x": "' + b"y" * 200_000 + b'"}'
ANSWERS = [
    UpstreamRow("two answers at once", then_more(EVIL), OK),
    UpstreamRow("a late second answer", then_more(EVIL, pause=0.05), OK, pause=0.3),
    UpstreamRow("ten answers", then_more(EVIL * 10), OK),
    UpstreamRow("half a second answer", then_more(EVIL[:20]), OK),
    UpstreamRow("a byte behind the answer", then_more(b"\n"), OK),
    UpstreamRow("a line end behind the answer", then_more(b"\r\n"), OK),
    UpstreamRow("garbage behind the answer", then_more(b"\0" * 100), OK),
    UpstreamRow("late garbage", then_more(b"\0" * 100, pause=0.05), OK, pause=0.3),
    UpstreamRow("an interim answer behind the answer", then_more(CONTINUE), OK),
    UpstreamRow("a 408 behind the answer, as some servers end an idle connection",
                then_more(b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", pause=0.05), OK, pause=0.3),
    UpstreamRow("chunked answer and another", says(lambda request: chunked([completion(request)], fields=(JSON,)) + EVIL, keep=True), OK),
    UpstreamRow("an answer that closes without a word", says(lambda request: sized(completion(request))), OK),
    UpstreamRow("an answer that says close and stays", says(lambda request: sized(completion(request), fields=(JSON, b"connection: close")), keep=True), OK),
    UpstreamRow("no answer: closed", hang_up, REPLACED, calls=(1, 2)),
    UpstreamRow("no answer: reset", reset, REPLACED, calls=(1, 2)),
    UpstreamRow("closed before the body was read", lambda connection, request: False, REPLACED, calls=(1, 2)),
    UpstreamRow("early 413", answer_early(sized(error_json(), b"HTTP/1.1 413 Content Too Large"), keep=True), Passed(413), body=BIG),
    UpstreamRow("early 413, then reset", answer_early(sized(error_json(), b"HTTP/1.1 413 Content Too Large")), Passed({413, 502}), body=BIG, calls=(1, 2)),
    UpstreamRow("early 500", answer_early(sized(error_json(), b"HTTP/1.1 500 No"), keep=True), body=BIG),
    UpstreamRow("early 401", answer_early(sized(error_json(), b"HTTP/1.1 401 No"), keep=True), Unquoted(502), body=BIG),
]
GROUPS = [("status lines", STATUS_LINES), ("heads", HEADS), ("framing", FRAMING), ("interim answers", INTERIM), ("statuses and redirects", STATUSES),
          ("bodies", BODIES), ("doubled, late and early answers", ANSWERS)]

# Without keep-alive nothing that a provider sends too late can meet another call, however short the time between.
SETTINGS = {"extra": "keep_alive: false"}
LATE_GROUPS = [("late answers without keep-alive", [
    *(UpstreamRow(f"a second answer {pause * 1000:.0f} ms late", then_more(EVIL, pause=pause), OK) for pause in (0.0, 0.001, 0.005, 0.02, 0.05)),
    UpstreamRow("late garbage", then_more(b"\0" * 100, pause=0.02), OK),
    UpstreamRow("no answer: closed", hang_up, BAD),
    UpstreamRow("no answer: reset", reset, BAD),
])]
