"""Where a body ends, and where the next request begins: lengths, chunks, trailers, pairs that smuggle, pipelines, expectations, old clients."""
from stage import BODY, ID_PLACE, PLAYED, SILENT, STREAM, Expected, Row, chunk, chunked_request, denied, refused, request, served

SIZE = b"%d" % len(BODY)
LAST = b"0\r\n\r\n"
SMUGGLED = request(body=BODY.replace(ID_PLACE, b"SMUGGLED"))  # must never arrive by itself
GET = b"GET /health HTTP/1.1\r\nHost: gateway\r\n"


def length_row(name, field, expected, body=BODY):
    return Row(name, request(length=field, body=body), expected)


LENGTH = [
    length_row("none", None, refused(411, "length_required")),
    length_row("empty", b"Content-Length:", refused(400)),
    length_row("two equal ones", b"Content-Length: %s\r\nContent-Length: %s" % (SIZE, SIZE), refused(400)),
    length_row("two different ones", b"Content-Length: %s\r\nContent-Length: 0" % SIZE, refused(400)),
    length_row("two in one line", b"Content-Length: %s, %s" % (SIZE, SIZE), refused(400)),
    length_row("plus sign", b"Content-Length: +" + SIZE, refused(400)),
    length_row("minus sign", b"Content-Length: -" + SIZE, refused(400)),
    length_row("minus zero", b"Content-Length: -0", refused(400)),
    length_row("hexadecimal", b"Content-Length: 0x64", refused(400)),
    length_row("hexadecimal without its mark", b"Content-Length: 6A", refused(400)),
    length_row("exponent", b"Content-Length: 1e2", refused(400)),
    length_row("fraction", b"Content-Length: %s.0" % SIZE, refused(400)),
    length_row("space within", b"Content-Length: 1 00", refused(400)),
    length_row("words behind", b"Content-Length: %s bytes" % SIZE, refused(400)),
    length_row("comma behind", b"Content-Length: %s," % SIZE, refused(400)),
    length_row("underscore", b"Content-Length: 1_00", refused(400)),
    length_row("quoted", b'Content-Length: "%s"' % SIZE, refused(400)),
    length_row("digits beyond ASCII", b"Content-Length: \xd9\xa1\xd9\xa0", refused(400)),
    length_row("2^64", b"Content-Length: 18446744073709551616", refused(400)),
    length_row("2^64 and the real one", b"Content-Length: %d" % (2**64 + len(BODY)), refused(400)),
    length_row("forty digits", b"Content-Length: " + b"9" * 40, refused(400)),
    length_row("folded", b"Content-Length:\r\n " + SIZE, refused(400)),
    length_row("space before the colon", b"Content-Length : " + SIZE, refused(400)),
    length_row("in a request with NUL behind it", b"Content-Length: %s\0" % SIZE, refused(400)),
    length_row("larger than the limit", b"Content-Length: 262145", denied(413, "request_too_large", then="either")),
    length_row("2^63 - 1", b"Content-Length: 9223372036854775807", denied(413, "request_too_large", then="either")),
    length_row("leading zeros", b"Content-Length: 000" + SIZE, served()),
    length_row("zero", b"Content-Length: 0", denied(400, "malformed_json"), body=b""),
    # The rest is the beginning of a next request, and no good one.
    length_row("shorter than the body", b"Content-Length: %d" % (len(BODY) - 2),
               [Expected(400, "malformed_json", then="either"), Expected(400, "malformed_request", then="closed")], body=BODY + b"\r\n\r\n"),
]


def coding_row(name, coding, expected, body=None):
    body = chunk(BODY) + LAST if body is None else body
    return Row(name, chunked_request(body, coding=coding), expected)


REFUSED_CODING = refused((400, 501), ("malformed_request", "not_implemented"))
CODING = [
    coding_row("unknown", b"Transfer-Encoding: xchunked", REFUSED_CODING),
    coding_row("identity", b"Transfer-Encoding: identity", REFUSED_CODING),
    coding_row("empty", b"Transfer-Encoding:", REFUSED_CODING),
    coding_row("gzip then chunked", b"Transfer-Encoding: gzip, chunked", REFUSED_CODING),
    coding_row("chunked then gzip", b"Transfer-Encoding: chunked, gzip", REFUSED_CODING),
    coding_row("chunked twice in a line", b"Transfer-Encoding: chunked, chunked", REFUSED_CODING),
    coding_row("chunked twice in two lines", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", REFUSED_CODING),
    coding_row("chunked and identity in two lines", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", REFUSED_CODING),
    coding_row("quoted", b'Transfer-Encoding: "chunked"', REFUSED_CODING),
    coding_row("with a parameter", b"Transfer-Encoding: chunked;q=1", REFUSED_CODING),
    coding_row("comma in front", b"Transfer-Encoding: , chunked", REFUSED_CODING),
    coding_row("comma behind", b"Transfer-Encoding: chunked,", REFUSED_CODING),
    coding_row("vertical tab in front", b"Transfer-Encoding: \x0bchunked", REFUSED_CODING),
    coding_row("NUL behind", b"Transfer-Encoding: chunked\0", REFUSED_CODING),
    coding_row("byte above ASCII in front", b"Transfer-Encoding: \xa0chunked", REFUSED_CODING),
    coding_row("folded", b"Transfer-Encoding:\r\n chunked", REFUSED_CODING),
    coding_row("space before the colon", b"Transfer-Encoding : chunked", REFUSED_CODING),
    coding_row("hidden behind a bare LF", b"X: y\nTransfer-Encoding: chunked", REFUSED_CODING),
    coding_row("with a length", b"Transfer-Encoding: chunked\r\nContent-Length: 5", REFUSED_CODING),
    coding_row("with a length before it", b"Content-Length: 5\r\nTransfer-Encoding: chunked", REFUSED_CODING),
    coding_row("with a length of zero", b"Content-Length: 0\r\nTransfer-Encoding: chunked", REFUSED_CODING),
    coding_row("unknown one with a length", b"Content-Length: 5\r\nTransfer-Encoding: zorg", REFUSED_CODING),
    coding_row("in capitals", b"Transfer-Encoding: CHUNKED", served()),
    coding_row("blanks around it", b"Transfer-Encoding: \t chunked \t", served()),
    coding_row("in HTTP/1.0", b"Transfer-Encoding: chunked", REFUSED_CODING),
]
CODING[-1].send = CODING[-1].send.replace(b"HTTP/1.1", b"HTTP/1.0")


def chunks_row(name, body, expected):
    return Row(name, chunked_request(body), expected)


def play_byte_chunks(stage, client, name):
    body = stage.fill(BODY, name)
    client.send(stage.fill(chunked_request(b"".join(chunk(body[at:at + 1]) for at in range(len(body))) + LAST), name))


def play_splinters(stage, client, name):
    for byte in stage.fill(chunked_request(chunk(BODY) + LAST), name):
        client.send(bytes([byte]))


BROKEN = refused(400, "malformed_request")
CHUNKS = [
    chunks_row("size with a sign", chunk(BODY, b"+64") + LAST, BROKEN),
    chunks_row("size with a minus", chunk(BODY, b"-64") + LAST, BROKEN),
    chunks_row("size with 0x", chunk(BODY, b"0x64") + LAST, BROKEN),
    chunks_row("size with a space in front", chunk(BODY, b" 64") + LAST, BROKEN),
    chunks_row("size with a space behind", chunk(BODY, b"64 ") + LAST, BROKEN),
    chunks_row("size with a tab behind", chunk(BODY, b"64\t") + LAST, BROKEN),
    chunks_row("size with an underscore", chunk(BODY, b"6_4") + LAST, BROKEN),
    chunks_row("size of letters that are no digits", chunk(BODY, b"g") + LAST, BROKEN),
    chunks_row("size missing", chunk(BODY, b"") + LAST, BROKEN),
    chunks_row("size of 17 digits", chunk(BODY, b"00000000000000064") + LAST, BROKEN),
    chunks_row("size of 2^64 and more", chunk(BODY, b"10000000000000064") + LAST, BROKEN),
    chunks_row("size of 2^64 - 1", chunk(BODY * 3000, b"ffffffffffffffff") + LAST, denied(413, "request_too_large", then="closed")),
    chunks_row("size too small", chunk(BODY, b"%x" % (len(BODY) - 1)) + LAST, BROKEN),
    chunks_row("size too large by one", chunk(BODY, b"%x" % (len(BODY) + 1)) + LAST, BROKEN),
    chunks_row("size ends in bare LF", b"%x\n%s\r\n" % (len(BODY), BODY) + LAST, BROKEN),
    chunks_row("size ends in bare CR", b"%x\r%s\r\n" % (len(BODY), BODY) + LAST, BROKEN),
    chunks_row("data ends in bare LF", chunk(BODY, end=b"\n") + LAST, BROKEN),
    chunks_row("data ends in bare CR", chunk(BODY, end=b"\r") + LAST, BROKEN),
    chunks_row("data without its end", chunk(BODY, end=b"") + LAST, BROKEN),
    chunks_row("two ends behind the data", chunk(BODY, end=b"\r\n\r\n") + LAST, BROKEN),
    chunks_row("last chunk ends in bare LF", chunk(BODY) + b"0\n\n", BROKEN),
    chunks_row("body ends in bare LF", chunk(BODY) + b"0\r\n\n", BROKEN),
    chunks_row("extension with NUL", chunk(BODY, extension=b";a\0b") + LAST, BROKEN),
    chunks_row("extension with a bare LF", chunk(BODY, extension=b";a\n0\r\n\r\n") + LAST, BROKEN),
    chunks_row("extension with a bare CR", chunk(BODY, extension=b";a\rb") + LAST, BROKEN),
    chunks_row("extension without its semicolon", chunk(BODY, extension=b" a=b") + LAST, BROKEN),
    chunks_row("extension of 20,000 bytes", chunk(BODY, extension=b";" + b"x" * 20000) + LAST, BROKEN),
    chunks_row("extensions of 20,000 bytes in all", b"".join(chunk(b" ", extension=b";" + b"x" * 100) for _ in range(200)) + chunk(BODY) + LAST, BROKEN),
    chunks_row("plain body in place of chunks", BODY, BROKEN),
    chunks_row("larger than the limit", chunk(b" " * 262144) + chunk(BODY) + LAST, denied(413, "request_too_large", then="closed")),
    chunks_row("extension", chunk(BODY, extension=b";name=value;q=\"a;b\"") + LAST, served()),
    chunks_row("empty extension", chunk(BODY, extension=b";") + LAST, served()),
    chunks_row("leading zeros", chunk(BODY, b"%016x" % len(BODY)) + LAST, served()),
    chunks_row("capitals", chunk(BODY + b" " * (0xAB - len(BODY)), b"AB") + LAST, served()),
    chunks_row("several zeros for the last", chunk(BODY) + b"0000\r\n\r\n", served()),
    Row("a chunk for each byte", None, served(), play=play_byte_chunks),
    chunks_row("nothing but the last chunk", LAST, denied(400, "malformed_json")),
    Row("split behind every byte", None, served(), play=play_splinters),
]

TRAILERS = [
    chunks_row("a field", chunk(BODY) + b"0\r\nX-A: b\r\n\r\n", served()),
    chunks_row("a length", chunk(BODY) + b"0\r\nContent-Length: 5\r\n\r\n", served()),
    chunks_row("a coding", chunk(BODY) + b"0\r\nTransfer-Encoding: chunked\r\n\r\n", served()),
    chunks_row("another key", chunk(BODY) + b"0\r\nAuthorization: Bearer sk-" + b"0" * 64 + b"\r\n\r\n", served()),
    chunks_row("another host", chunk(BODY) + b"0\r\nHost: evil\r\n\r\n", served()),
    chunks_row("folded", chunk(BODY) + b"0\r\nX-A: b\r\n c\r\n\r\n", BROKEN),
    chunks_row("space before the colon", chunk(BODY) + b"0\r\nX-A : b\r\n\r\n", BROKEN),
    chunks_row("no colon", chunk(BODY) + b"0\r\nX-A\r\n\r\n", BROKEN),
    chunks_row("empty name", chunk(BODY) + b"0\r\n: b\r\n\r\n", BROKEN),
    chunks_row("a request line", chunk(BODY) + b"0\r\nGET / HTTP/1.1\r\n\r\n", BROKEN),
    chunks_row("NUL", chunk(BODY) + b"0\r\nX-A: \0\r\n\r\n", BROKEN),
    chunks_row("bare LF", chunk(BODY) + b"0\r\nX-A: b\n\r\n", BROKEN),
    chunks_row("20,000 bytes", chunk(BODY) + b"0\r\nX-A: " + b"t" * 20000 + b"\r\n\r\n", BROKEN),
    chunks_row("endless fields", chunk(BODY) + b"0\r\n" + b"a: b\r\n" * 4000 + b"\r\n", BROKEN),
]


def hidden(front, *fields, body):
    """`front` is what one of the two parsers takes for the body."""
    return request(*fields, length=front, body=body)


SMUGGLING = [
    Row("CL.TE", hidden(b"Content-Length: %d" % (len(LAST) + len(SMUGGLED)), b"Transfer-Encoding: chunked", body=LAST + SMUGGLED), REFUSED_CODING),
    Row("TE.CL", hidden(b"Content-Length: 4", b"Transfer-Encoding: chunked", body=chunk(SMUGGLED) + LAST), REFUSED_CODING),
    Row("TE.TE", hidden(b"Transfer-Encoding: cow", b"Transfer-Encoding: chunked", body=chunk(BODY) + LAST + SMUGGLED), REFUSED_CODING),
    Row("CL.0", hidden(b"Content-Length: 0", body=SMUGGLED[:60] + b"\0" + SMUGGLED[60:]),
        [Expected(400, "malformed_json"), Expected(400, "malformed_request", then="closed")]),
    Row("two lengths", hidden(b"Content-Length: 0\r\nContent-Length: %d" % len(SMUGGLED), body=SMUGGLED), refused(400)),
    Row("a GET with a length", GET + b"Content-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED, [Expected(200)]),
    Row("a GET with chunks", GET + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(SMUGGLED) + LAST, [Expected(200, then="either")]),
    Row("a HEAD with a length", GET.replace(b"GET", b"HEAD") + b"Content-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED, [Expected(200, method="HEAD")]),
    Row("an OPTIONS with a length", b"OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: g\r\nContent-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED,
        denied(405, "method_not_allowed")),
    Row("a refused call with a length", request(key=None, length=b"Content-Length: %d" % len(SMUGGLED), body=SMUGGLED), denied(401, "missing_key")),
    Row("a refused call with chunks", request(b"Transfer-Encoding: chunked", key=None, length=None, body=chunk(SMUGGLED) + LAST),
        denied(401, "missing_key", then="either")),
    Row("a refused call that expects", request(b"Expect: 100-continue", key=None, length=b"Content-Length: %d" % len(SMUGGLED), body=SMUGGLED),
        denied(401, "missing_key", then="either")),
    Row("an unknown path with a length", request(line=b"POST /nowhere HTTP/1.1", length=b"Content-Length: %d" % len(SMUGGLED), body=SMUGGLED),
        denied(404, "unknown_path")),
    Row("a body of a wrong type", request(kind=b"Content-Type: text/plain", length=b"Content-Length: %d" % len(SMUGGLED), body=SMUGGLED),
        denied(415, "unsupported_media_type")),
    Row("a body that is a request", request(length=b"Content-Length: %d" % len(SMUGGLED), body=SMUGGLED), denied(400, "malformed_json")),
    Row("a chunk size that wraps", chunked_request(chunk(BODY) + b"100000000000000000\r\n\r\n" + SMUGGLED), BROKEN),
    Row("a chunk extension that hides a line end", chunked_request(b"2;\n64\r\n{}\r\n0\r\n\r\n" + SMUGGLED), BROKEN),
    Row("Upgrade with a request behind it", [b"GET /v1/chat/completions HTTP/1.1\r\nHost: g\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"],
        denied(405, "method_not_allowed")),
    Row("a space-prefixed length", request(length=b" Content-Length: 0", body=SMUGGLED), refused(400)),
    Row("a length behind the blank line", request(length=None, body=b"Content-Length: 0\r\n\r\n" + SMUGGLED), refused(411, "length_required")),
]

def series(name):
    return b"p" + name[2:]


def play_pipeline(stage, client, name):
    """Three calls in one write, each to be told from the others."""
    bodies = [BODY.replace(ID_PLACE, series(name) + b"%d" % number) for number in range(3)]
    client.send(b"".join(stage.fill(request(body=body), name) for body in bodies))
    check_order(stage, client, name)


def check_order(stage, client, name):
    for number in range(3):
        answer = client.read_answer()
        wanted = (series(name) + b"%d" % number).decode()
        if answer.status != 200 or f'"id": "{wanted}"' not in answer.body.decode():
            raise AssertionError(f"answer {number} is {answer.status} {answer.body[:200]!r}, not that of {wanted}")
    seen = sorted(found.id for found in stage.upstream.requests if found.id.startswith(series(name).decode()))
    if seen != sorted((series(name) + b"%d" % number).decode() for number in range(3)):
        raise AssertionError(f"the provider saw {seen}")
    stage.upstream.requests[:] = [found for found in stage.upstream.requests if not found.id.startswith(series(name).decode())]


def play_slow_pipeline(stage, client, name):
    """The second begins in the packet in which the first ends, split anywhere."""
    bodies = [BODY.replace(ID_PLACE, series(name) + b"%d" % number) for number in range(3)]
    text = b"".join(stage.fill(chunked_request(chunk(body[:9]) + chunk(body[9:]) + LAST), name) for body in bodies)
    for at in range(0, len(text), 7):
        client.send(text[at:at + 7])
    check_order(stage, client, name)


def play_expect(stage, client, name):
    head, _, body = stage.fill(request(b"Expect: 100-continue"), name).partition(b"\r\n\r\n")
    client.send(head + b"\r\n\r\n")
    invited = client.read_answer()
    if invited.status != 100 or invited.fields:
        raise AssertionError(f"not invited: {invited.status}")
    client.send(body)


def play_half_close(text):
    def play(stage, client, name):
        client.send(stage.fill(text, name))
        client.half_close()
    return play


def play_leave_early(stage, client, name):
    client.send(stage.fill(request(), name)[:-10])
    client.half_close()


PIPELINES = [
    Row("three calls", None, PLAYED, play=play_pipeline),
    Row("three chunked calls in splinters", None, PLAYED, play=play_slow_pipeline),
    Row("GETs before and behind a call", GET + b"\r\n" + request() + GET + b"\r\n", [Expected(200), Expected(200, calls=1), Expected(200)]),
    Row("a refused call between good ones", GET + b"\r\n" + request(key=None) + request(), [Expected(200), Expected(401, "missing_key"), Expected(200, calls=1)]),
    Row("a malformed one behind a good one", request() + b"GET / HTTP/1.1\r\nno colon\r\n\r\n" + SMUGGLED,
        [Expected(200, calls=1, then="either"), Expected(400, "malformed_request", then="closed")]),
    Row("nothing behind Connection: close", request(b"Connection: close") + SMUGGLED, served(then="closed")),
    Row("nothing behind an unread body", request(key=None, length=b"Content-Length: 9999999", body=SMUGGLED),
        denied(401, "missing_key", then="either")),
    Row("fifty GETs at once", (GET + b"\r\n") * 50, [Expected(200)] * 50),
    Row("a stream and a call behind it", request(body=STREAM) + GET + b"\r\n", [Expected(200, calls=1), Expected(200)]),
]

EXPECTATIONS = [
    Row("100-continue is invited", None, served(), play=play_expect),
    Row("100-continue with the body behind it", request(b"Expect: 100-continue"), served()),
    Row("100-Continue in capitals", request(b"Expect: 100-CONTINUE"), served()),
    Row("unknown expectation", request(b"Expect: 200-ok"), refused(417, "expectation_failed")),
    Row("two expectations", request(b"Expect: 100-continue\r\nExpect: 100-continue"), refused(417, "expectation_failed")),
    Row("a list of expectations", request(b"Expect: 100-continue, x"), refused(417, "expectation_failed")),
    Row("empty expectation", request(b"Expect:"), refused(417, "expectation_failed")),
    Row("not invited without a key", request(b"Expect: 100-continue", key=None, body=b"", length=b"Content-Length: 10"),
        denied(401, "missing_key", then="either")),
    Row("not invited beyond the limit", request(b"Expect: 100-continue", body=b"", length=b"Content-Length: 999999"),
        denied(413, "request_too_large", then="either")),
    Row("without a body", GET + b"Expect: 100-continue\r\n\r\n", [Expected(200)]),
    Row("ignored in HTTP/1.0", request(b"Expect: 100-continue", line=b"POST /v1/chat/completions HTTP/1.0"), served(then="closed")),
]

OLD = b"POST /v1/chat/completions HTTP/1.0"
OLD_CLIENTS = [
    Row("call", request(line=OLD), served(then="closed")),
    Row("call without a host", request(line=OLD, host=None), served(then="closed")),
    Row("call that wants to keep alive", request(b"Connection: keep-alive", line=OLD), served(then="closed")),
    Row("stream", request(line=OLD, body=STREAM), served(then="closed")),
    Row("call without a length", request(line=OLD, length=None), refused(411, "length_required")),
    Row("chunks", request(b"Transfer-Encoding: chunked", line=OLD, length=None, body=chunk(BODY) + LAST), REFUSED_CODING),
    Row("two hosts", request(b"Host: b", line=OLD), refused(400)),
    Row("a request behind it", request(line=OLD) + SMUGGLED, served(then="closed")),
    Row("GET", b"GET /health HTTP/1.0\r\n\r\n", [Expected(200, then="closed")]),
]

METHODS = [
    Row("HEAD of a page", b"HEAD /health HTTP/1.1\r\nHost: g\r\n\r\n", [Expected(200, method="HEAD")]),
    Row("HEAD of the models", request(line=b"HEAD /v1/models HTTP/1.1", kind=None, length=None, body=b""), [Expected(200, method="HEAD")]),
    Row("HEAD of a call", request(line=b"HEAD /v1/chat/completions HTTP/1.1", length=None, body=b""), [Expected(405, method="HEAD")]),
    Row("HEAD of nothing", b"HEAD /nowhere HTTP/1.1\r\nHost: g\r\n\r\n", [Expected(404, method="HEAD")]),
    Row("GET of a call", request(line=b"GET /v1/chat/completions HTTP/1.1", length=None, body=b""), denied(405, "method_not_allowed", fields=[("allow", "POST")])),
    Row("OPTIONS of a call", request(line=b"OPTIONS /v1/chat/completions HTTP/1.1", length=None, body=b""),
        denied(405, "method_not_allowed", fields=[("allow", "POST")])),
    Row("OPTIONS of a browser's preflight", b"OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: g\r\nOrigin: https://evil\r\nAccess-Control-Request-Method: POST\r\n\r\n",
        denied(405, "method_not_allowed", fields=[("access-control-allow-origin", None)])),
    Row("OPTIONS of the server", b"OPTIONS * HTTP/1.1\r\nHost: g\r\n\r\n", denied(404, "unknown_path")),
    Row("TRACE", b"TRACE /v1/chat/completions HTTP/1.1\r\nHost: g\r\n\r\n", refused(501, "not_implemented")),
    Row("CONNECT", b"CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: g\r\n\r\n", refused(501, "not_implemented")),
    Row("PUT", request(line=b"PUT /v1/chat/completions HTTP/1.1"), denied(405, "method_not_allowed")),
    Row("PUT without a length", request(line=b"PUT /v1/chat/completions HTTP/1.1", length=None, body=b""), refused(411, "length_required")),
    Row("PATCH", request(line=b"PATCH /v1/chat/completions HTTP/1.1"), denied(405, "method_not_allowed")),
    Row("DELETE", request(line=b"DELETE /v1/models/gpt-4o HTTP/1.1", length=None, body=b""), denied(405, "method_not_allowed")),
    Row("POST of the models", request(line=b"POST /v1/models HTTP/1.1"), denied(405, "method_not_allowed", fields=[("allow", "GET, HEAD")])),
    Row("unknown method", request(line=b"BREW /v1/chat/completions HTTP/1.1"), denied(405, "method_not_allowed")),
    Row("method in lower case", request(line=b"post /v1/chat/completions HTTP/1.1"), denied(405, "method_not_allowed")),
    Row("a method of WebDAV", b"PROPFIND / HTTP/1.1\r\nHost: g\r\n\r\n", denied(405, "method_not_allowed")),
]

# A client that has sent its last byte cannot be told from one that is gone: a call that waits for a provider is called off (docs/security.md).
HALF_CLOSED = [
    Row("behind a GET", None, [Expected(200, then="either")], play=play_half_close(GET + b"\r\n")),
    Row("behind a refused call", None, [Expected(401, "missing_key", then="either")], play=play_half_close(request(key=None))),
    Row("behind malformed JSON", None, [Expected(400, "malformed_json", then="either")], play=play_half_close(request(body=b"{"))),
    Row("in the middle of a head", None, SILENT, play=play_half_close(request()[:60])),
    Row("in the middle of a body", None, SILENT, play=play_leave_early),
    Row("before a byte", None, SILENT, play=play_half_close(b"")),
    Row("in the middle of a chunk", None, SILENT, play=play_half_close(chunked_request(b"50\r\nabc"))),
]

GROUPS = [("Content-Length", LENGTH), ("Transfer-Encoding", CODING), ("chunks", CHUNKS), ("trailers", TRAILERS), ("smuggling pairs", SMUGGLING),
          ("pipelines", PIPELINES), ("Expect", EXPECTATIONS), ("HTTP/1.0", OLD_CLIENTS), ("methods", METHODS), ("half-closed connections", HALF_CLOSED)]
