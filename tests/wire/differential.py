"""What the gateway forwards is read alike by nginx, HAProxy, Node and Python. The forwarded bytes of the suite's good rows and of random calls are
caught at a raw provider and replayed into each; method, path, fields, body and number of requests are compared with our own strict reading.
Usage: differential.py TOLLGATE SIMULATOR SOURCE_FOLDER [RANDOM_CALLS [SEED]]"""
import contextlib
import hashlib
import http.server
import json
import os
import random
import shutil
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading

import rows_body
import rows_framing
import rows_head
from client import Client
from stage import BODY, ID_PLACE, Stage, WireGateway, chunk, chunked_request, free_port, request, wait_until
from upstream import Upstream

TOLLGATE, _, SOURCE = sys.argv[1:4]
COUNT = int(sys.argv[4]) if len(sys.argv) > 4 else 300
SEED = int(sys.argv[5]) if len(sys.argv) > 5 else 1
# A proxy between may change these by its own right.
HOP = {"connection", "content-length", "x-forwarded-for", "keep-alive", "transfer-encoding"}

NODE = """
const http = require('http'), crypto = require('crypto');
http.createServer((request, response) => {
  const hash = crypto.createHash('sha256');
  request.on('data', piece => hash.update(piece));
  request.on('end', () => {
    const fields = {};
    for (let at = 0; at < request.rawHeaders.length; at += 2) {
      const name = request.rawHeaders[at].toLowerCase();
      fields[name] = name in fields ? fields[name] + ', ' + request.rawHeaders[at + 1] : request.rawHeaders[at + 1];
    }
    response.end(JSON.stringify({method: request.method, path: request.url, fields, body: hash.digest('hex')}));
  });
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
"""
NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s; keepalive_requests 1000000;
  server {{
    listen 127.0.0.1:{port}; client_max_body_size 50m;
    location / {{ proxy_pass http://127.0.0.1:{origin}; proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_set_header Connection ""; }}
  }}
}}
"""
HAPROXY = """
defaults
  mode http
  timeout connect 10s
  timeout client 30s
  timeout server 30s
frontend front
  bind 127.0.0.1:{port}
  default_backend back
backend back
  server origin 127.0.0.1:{origin}
"""


class Reader(http.server.BaseHTTPRequestHandler):
    """Python's reading of a request, told in the answer."""
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        fields = {}
        for name, value in self.headers.items():
            fields[name.lower()] = f"{fields[name.lower()]}, {value}" if name.lower() in fields else value
        text = json.dumps({"method": self.command, "path": self.path, "fields": fields, "body": hashlib.sha256(body).hexdigest()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class Origin(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def listens(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def start(stack, command, port):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stack.callback(process.wait)
    stack.callback(process.kill)
    wait_until(lambda: listens(port), command[0])
    return port


def start_proxy(stack, program, text, options, origin):
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tollgate-wire-"))
    os.chmod(folder, 0o755)
    port, path = free_port(), os.path.join(folder, "configuration")
    with open(path, "w", encoding="utf-8") as out:
        out.write(text.format(folder=folder, port=port, origin=origin))
    return start(stack, [program, *options, path], port)


def find(*names):
    for name in names:
        if found := shutil.which(name) or (f"/usr/sbin/{name}" if os.path.exists(f"/usr/sbin/{name}") else None):
            return found
    raise SystemExit(f"differential.py: {names[0]} is missing: scripts/install --for test")


def start_readers(stack):
    origin = stack.enter_context(Origin(("127.0.0.1", 0), Reader))
    threading.Thread(target=origin.serve_forever, daemon=True).start()
    stack.callback(origin.shutdown)
    here = origin.server_address[1]
    node = subprocess.Popen([find("node", "nodejs"), "-e", NODE], stdout=subprocess.PIPE, text=True)
    stack.callback(node.wait)
    stack.callback(node.kill)
    return {"Python": here, "Node": int(node.stdout.readline()),
            "nginx": start_proxy(stack, find("nginx"), NGINX, ["-c"], here),
            "HAProxy": start_proxy(stack, find("haproxy"), HAPROXY, ["-db", "-f"], here)}


def ours(found):
    fields = {}
    for line in found.head.split(b"\r\n")[1:]:
        name, _, value = line.decode("latin-1").partition(":")
        name, value = name.lower(), value.strip(" \t")
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return {"method": "POST", "path": found.path, "fields": fields, "body": hashlib.sha256(found.body).hexdigest()}


def without_hops(reading):
    return reading | {"fields": {name: value for name, value in reading["fields"].items() if name not in HOP}}


def random_call(source, name):
    fields = []
    for field in (b"Accept", b"User-Agent", b"OpenAI-Beta", b"Accept-Language", b"Tracestate", b"Idempotency-Key", b"X-Odd", b"Cookie", b"TE"):
        for _ in range(source.choice((0, 1, 1, 2)) if field != b"Idempotency-Key" else source.choice((0, 1))):
            value = bytes(source.choice(b"\t !\"#$%&'()*+,-./0129:;<=>?@AZ[\\]^_`az{|}~\x80\xa0\xc3\xff") for _ in range(source.randrange(40)))
            fields.append(field + b":" + source.choice((b"", b" ", b"\t ")) + value)
    source.shuffle(fields)
    text = bytes(source.choice(b"abc \\u00e9\xc3\xa9".replace(b"\\u00e9", b"")) for _ in range(source.randrange(2000))).decode("utf-8", "ignore")
    body = BODY.replace(ID_PLACE, name)[:-1] + b', "x": ' + json.dumps(text, ensure_ascii=source.random() < 0.5).encode() + b"}"
    if source.random() < 0.5:
        return request(*fields, body=body)
    cuts = sorted(source.randrange(len(body)) for _ in range(3))
    pieces = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)])]
    return chunked_request(b"".join(chunk(piece) for piece in pieces if piece) + b"0\r\n\r\n", *fields)


def capture(gateway, upstream):
    """The requests as they reached the provider."""
    stage = Stage(gateway, upstream)
    for groups in (rows_head.GROUPS, rows_framing.GROUPS, rows_body.GROUPS):
        for _, rows in groups:
            for row in rows:
                if sum(expected.calls for expected in row.expected) and not (fault := stage.run(row)) is None:
                    raise SystemExit(f"{row.name}: {fault}")
    source = random.Random(SEED)
    with Client(gateway.port) as client:
        for _ in range(COUNT):
            client.send(stage.fill(random_call(source, stage.fresh_id()), b""))
            assert client.read_answer().status == 200
    return [found for found in upstream.requests if found.json]


def compare(name, port, found_ones):
    """How many readings differ; all go over one connection, so that a wrong length shows in the next one."""
    differences = 0
    with Client(port, seconds=30) as client:
        for found in found_ones:
            client.send(found.head + b"\r\n\r\n" + found.body)
            reading = read(client)
            wanted = without_hops(ours(found))
            if without_hops(reading) != wanted:
                differences += 1
                if differences <= 5:
                    print(f"FAILED {name} reads\n  {without_hops(reading)}\n  and we\n  {wanted}")
        surplus = not client.is_open()
    print(f"  {name:<8} {len(found_ones)} requests, {differences} read differently, connection {'out of step' if surplus else 'in step'}")
    return differences + surplus


def read(client):
    """Other servers' answers are not held to what we hold ours to."""
    head = client.until(b"\r\n\r\n").decode("latin-1").lower()
    if not head.startswith("http/1.1 200 "):
        raise AssertionError(f"refused: {head}")
    if "\r\ncontent-length:" in head:
        return json.loads(client.exactly(int(head.partition("\r\ncontent-length:")[2].split("\r\n")[0])))
    body = b""
    while size := int(client.until(b"\r\n"), 16):
        body += client.exactly(size)
        client.exactly(2)
    client.exactly(2)
    return json.loads(body)


def main():
    upstream = Upstream()
    gateway = WireGateway(TOLLGATE, upstream.base, SOURCE, log_level="warn", access_log='"off"')
    found_ones = capture(gateway, upstream)
    gateway.stop()
    failures = len(upstream.violations)
    with contextlib.ExitStack() as stack:
        for name, port in start_readers(stack).items():
            failures += compare(name, port, found_ones)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
