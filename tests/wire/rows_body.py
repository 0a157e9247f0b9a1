"""Bodies: types, content codings, the JSON guard, the fields that money depends on, sizes."""
import gzip
import json
import zlib

from stage import BODY, ID_PLACE, Row, chunk, chunked_request, denied, refused, request, served

BOMB = gzip.compress(b" " * 50_000_000)  # 50 MB in 50 KB


def kind_row(name, kind, expected):
    return Row(name, request(kind=kind), expected)


WRONG_TYPE = denied(415, "unsupported_media_type")
TYPES = [
    kind_row("none", None, WRONG_TYPE),
    kind_row("empty", b"Content-Type:", WRONG_TYPE),
    kind_row("text", b"Content-Type: text/plain", WRONG_TYPE),
    kind_row("form", b"Content-Type: application/x-www-form-urlencoded", WRONG_TYPE),
    kind_row("another name that begins alike", b"Content-Type: application/jsonp", WRONG_TYPE),
    kind_row("a suffix", b"Content-Type: application/vnd.api+json", WRONG_TYPE),
    kind_row("two equal ones", b"Content-Type: application/json\r\nContent-Type: application/json", refused(400)),
    kind_row("two different ones", b"Content-Type: application/json\r\nContent-Type: text/plain", refused(400)),
    kind_row("two in a line", b"Content-Type: application/json, text/plain", WRONG_TYPE),
    kind_row("UTF-16", b"Content-Type: application/json; charset=utf-16", WRONG_TYPE),
    kind_row("UTF-7, which hides quotes", b"Content-Type: application/json; charset=utf-7", WRONG_TYPE),
    kind_row("a charset in quotes", b'Content-Type: application/json; charset="utf-7"', WRONG_TYPE),
    kind_row("a charset behind another parameter", b"Content-Type: application/json; a=b; CHARSET=latin1", WRONG_TYPE),
    kind_row("two charsets", b"Content-Type: application/json; charset=utf-8; charset=utf-7", WRONG_TYPE),
    kind_row("a charset behind a quoted semicolon", b'Content-Type: application/json; a="\\";"; charset=utf-7', WRONG_TYPE),
    kind_row("UTF-8", b"Content-Type: application/json; charset=utf-8", served()),
    kind_row("UTF-8 in quotes and capitals", b'Content-Type: Application/JSON;charset="UTF-8"', served()),
    kind_row("a space before the semicolon", b"Content-Type: application/json ; charset=UTF-8", served()),
]


def coding_row(name, coding, body, expected=None, extra=b""):
    return Row(name, request(b"Content-Encoding: " + coding + extra, body=body), expected or CODED)


CODED = denied(415, "unsupported_media_type", fields=[("accept-encoding", "identity")])
CODINGS = [
    coding_row("gzip", b"gzip", gzip.compress(BODY)),
    coding_row("x-gzip", b"x-gzip", gzip.compress(BODY)),
    coding_row("deflate", b"deflate", zlib.compress(BODY)),
    coding_row("br", b"br", BODY),
    coding_row("zstd", b"zstd", BODY),
    coding_row("unknown", b"rot13", BODY),
    coding_row("gzip over a plain body", b"gzip", BODY),
    coding_row("gzip twice", b"gzip, gzip", gzip.compress(gzip.compress(BODY))),
    coding_row("identity then gzip", b"identity, gzip", gzip.compress(BODY)),
    coding_row("identity and gzip in two fields", b"identity", gzip.compress(BODY), extra=b"\r\nContent-Encoding: gzip"),
    coding_row("a bomb", b"gzip", BOMB),
    Row("a bomb in chunks", chunked_request(chunk(BOMB[:1000]) + chunk(BOMB[1000:]) + b"0\r\n\r\n", b"Content-Encoding: gzip"),
        denied(415, "unsupported_media_type", then="either")),
    Row("gzip that nobody announced", request(body=gzip.compress(BODY)), denied(400, "malformed_json")),
    coding_row("identity", b"identity", BODY, served()),
    coding_row("IDENTITY", b"IDENTITY", BODY, served()),
]


def body_row(name, body, expected):
    return Row(name, request(body=body), expected)


def nested(depth, opening=b"[", closing=b"]"):
    return BODY[:-1] + b', "x": ' + opening * depth + b"1" * (opening != b"[") + closing * depth + b"}"


def with_text(text):
    return BODY[:-1] + b', "x": "' + text + b'"}'


BAD = denied(400, "malformed_json")
JSON = [
    body_row("empty object", b"{}", denied(400, "missing_field", param="model")),
    body_row("blanks alone", b"  \r\n ", BAD),
    body_row("array", b"[" + BODY + b"]", BAD),
    body_row("string", b'"x"', BAD),
    body_row("number", b"1", BAD),
    body_row("null", b"null", BAD),
    body_row("two values", BODY + BODY, BAD),
    body_row("bytes behind", BODY + b"x", BAD),
    body_row("NUL behind", BODY + b"\0", BAD),
    body_row("comma behind", BODY[:-1] + b",}", BAD),
    body_row("comment", BODY[:-1] + b"/**/}", BAD),
    body_row("single quotes", BODY.replace(b'"', b"'"), BAD),
    body_row("name without quotes", b"{model: 1}", BAD),
    body_row("unfinished", BODY[:-1], BAD),
    body_row("unfinished string", BODY[:-5], BAD),
    body_row("byte order mark", b"\xef\xbb\xbf" + BODY, BAD),
    body_row("UTF-16", BODY.decode().encode("utf-16"), BAD),
    body_row("invalid UTF-8 in a string", with_text(b"\xff"), BAD),
    body_row("invalid UTF-8 in a name", BODY[:-1] + b', "\xc3": 1}', BAD),
    body_row("overlong UTF-8", with_text(b"\xc0\xaf"), BAD),
    body_row("surrogate in UTF-8", with_text(b"\xed\xa0\x80"), BAD),
    body_row("beyond Unicode", with_text(b"\xf4\x90\x80\x80"), BAD),
    body_row("cut UTF-8", with_text(b"\xe2\x82"), BAD),
    body_row("lone high surrogate", with_text(b"\\ud83d"), BAD),
    body_row("lone low surrogate", with_text(b"\\ude00"), BAD),
    body_row("surrogates the wrong way round", with_text(b"\\ude00\\ud83d"), BAD),
    body_row("surrogate and a letter", with_text(b"\\ud83dx"), BAD),
    body_row("unknown escape", with_text(b"\\x41"), BAD),
    body_row("short escape", with_text(b"\\u12"), BAD),
    body_row("raw line feed in a string", with_text(b"a\nb"), BAD),
    body_row("raw NUL in a string", with_text(b"a\0b"), BAD),
    body_row("NaN", BODY[:-1] + b', "x": NaN}', BAD),
    body_row("Infinity", BODY[:-1] + b', "x": -Infinity}', BAD),
    body_row("leading zero", BODY[:-1] + b', "x": 01}', BAD),
    body_row("plus sign", BODY[:-1] + b', "x": +1}', BAD),
    body_row("point without digits", BODY[:-1] + b', "x": 1.}', BAD),
    body_row("exponent without digits", BODY[:-1] + b', "x": 1e}', BAD),
    body_row("hexadecimal number", BODY[:-1] + b', "x": 0x1}', BAD),
    body_row("TRUE", BODY[:-1] + b', "x": TRUE}', BAD),
    body_row("form feed for a blank", BODY[:-1] + b',\x0c"x": 1}', BAD),
    body_row("129 arrays deep", nested(129), BAD),
    body_row("200 objects deep", nested(200, b'{"a":', b"}"), BAD),
    body_row("100,000 arrays deep", nested(100_000), BAD),
    body_row("100,000 arrays never closed", BODY[:-1] + b', "x": ' + b"[" * 100_000, BAD),
    body_row("two models", BODY[:-1] + b', "model": "openai/gpt-4o"}', BAD),
    body_row("two models, one escaped", BODY[:-1] + b', "mode\\u006c": "openai/gpt-4o"}', BAD),
    body_row("two max_tokens", BODY[:-1] + b', "max_tokens": 1, "max_tokens": 100000}', BAD),
    body_row("two streams", BODY[:-1] + b', "stream": true, "stream": false}', BAD),
    body_row("two names in a nested object", BODY[:-1] + b', "x": {"a": 1, "a": 2}}', BAD),
    body_row("two empty names", BODY[:-1] + b', "": 1, "": 2}', BAD),
    body_row("9,000 members", BODY[:-1] + b"".join(b', "m%d": 1' % number for number in range(9000)) + b"}", BAD),
    body_row("names that differ in case", BODY[:-1] + b', "Model": "x", "MODEL": "y"}', served()),
    body_row("names that differ beyond ASCII", BODY[:-1] + b', "mod\xd0\xb5l": "x"}', served()),
    body_row("120 arrays deep", nested(120), served()),
    body_row("number of 400 digits", BODY[:-1] + b', "seed": ' + b"9" * 400 + b"}", served()),
    body_row("exponent of 9,999", BODY[:-1] + b', "seed": 1e9999}', served()),
    body_row("escaped pair of surrogates", with_text(b"\\ud83d\\ude00"), served()),
    body_row("escaped NUL", with_text(b"\\u0000"), served()),
    body_row("blanks everywhere", b" \r\n\t" + BODY.replace(b": ", b" :\n") + b"\r\n\t ", served()),
    body_row("unknown fields", BODY[:-1] + b', "x": [null, true, {"y": -0.0e-1}], "": ""}', served()),
    body_row("200 KiB", with_text(b"x" * 200_000), served()),
    body_row("a byte more than the limit", with_text(b"x" * (262_144 - len(with_text(b"")) + 1)), denied(413, "request_too_large", then="either")),
    body_row("exactly the limit", with_text(b"x" * (262_144 - len(with_text(b"")))), served()),
]


def field_row(name, value, expected=None, raw=None):
    body = json.loads(BODY)
    body.pop(name, None)
    text = json.dumps(body)[:-1] + f', "{name}": {json.dumps(value) if raw is None else raw}}}'
    return body_row(f"{name}: {json.dumps(value) if raw is None else raw}"[:60], text.encode(), expected or denied(400, "invalid_field", param=name))


ODD_COUNTS = ["12", -1, 0, 1.5, True, False, [], {}, ""]
MONEY = [
    *(field_row(name, value) for name in ("max_tokens", "max_completion_tokens", "n") for value in ODD_COUNTS),
    *(field_row(name, None, raw=raw) for name in ("max_tokens", "n") for raw in ("1e3", "1.0", "-0", "99999999999999999999", "1e400")),
    field_row("max_tokens", 1_000_000_001),
    field_row("n", 129),
    *(field_row("best_of", value) for value in ("2", -1, 1.5, 1000)),
    *(field_row("stream", value) for value in ("true", "false", 1, 0, [], {}, "")),
    *(field_row("stream_options", value) for value in ("x", 1, [], True)),
    field_row("stream_options", {"include_usage": "true"}, denied(400, "invalid_field", param="stream_options.include_usage")),
    field_row("stream_options", {"include_usage": 1}, denied(400, "invalid_field", param="stream_options.include_usage")),
    *(field_row("model", value) for value in (1, True, [], {}, "", "x" * 257, "a\nb", "a\0b", ["openai/gpt-flat"])),
    field_row("model", None, denied(400, ("invalid_field", "missing_field"), param="model")),
    *(field_row("messages", value) for value in ("hello", 1, {}, True)),
    field_row("messages", None, denied(400, "missing_field", param="messages")),
    body_row("messages missing", b'{"model": "openai/gpt-flat"}', denied(400, "missing_field", param="messages")),
    body_row("model missing", b'{"messages": []}', denied(400, "missing_field", param="model")),
    field_row("model", "never/heard-of", denied(404, "unknown_model")),
    field_row("model", "openai/../../x", served()),
    field_row("max_tokens", None, served()),
    field_row("max_tokens", 12, served()),
    field_row("n", 1, served()),
    field_row("stream", None, served()),
    field_row("stream", False, served()),
    field_row("stream", True, served()),
    Row("embeddings without input", request(line=b"POST /v1/embeddings HTTP/1.1", body=b'{"model": "text-embedding-3-small"}'),
        denied(400, "missing_field", param="input")),
    Row("embeddings with null input", request(line=b"POST /v1/embeddings HTTP/1.1", body=b'{"model": "text-embedding-3-small", "input": null}'),
        denied(400, "missing_field", param="input")),
    Row("embeddings", request(line=b"POST /v1/embeddings HTTP/1.1", body=b'{"model": "text-embedding-3-small", "input": "x", "user": "%s"}' % ID_PLACE), served()),
]

GROUPS = [("content types", TYPES), ("content codings", CODINGS), ("JSON guard", JSON), ("fields that money depends on", MONEY)]
