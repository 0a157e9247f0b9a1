"""Canary secrets leave no trace: not in logs at debug level, in the database or the journal, in metrics, in answers. Drives the suites of this
folder, whose gateways log at debug level, and looks through all they left. Usage: secrets.py TOLLGATE SIMULATOR SOURCE_FOLDER"""
import base64
import os
import sys
import urllib.parse
import urllib.request

import rows_body
import rows_framing
import rows_head
import rows_stream
import rows_upstream
from misbehaviour import run as run_upstream_row
from stage import PROVIDER_KEY, SESSION_SECRET, Stage, WireGateway
from upstream import Upstream, sized

TOLLGATE, _, SOURCE = sys.argv[1:4]
# A provider that quotes the credential it was sent, in every place where it can.
LEAKS = [sized(b'{"error": {"message": "Incorrect API key provided: %s"}}' % PROVIDER_KEY.encode(), b"HTTP/1.1 %d Odd" % status,
               (b"content-type: application/json", b"x-key: " + PROVIDER_KEY.encode(), b"www-authenticate: Bearer " + PROVIDER_KEY.encode()))
         for status in (401, 402, 403, 500, 503)] + [b"HTTP/1.1 200 " + PROVIDER_KEY.encode() + b"\nX: y\r\n\r\n", PROVIDER_KEY.encode() * 10]


def spellings(secret):
    yield secret.encode()
    yield secret[:-4].encode()  # all but its end
    yield base64.b64encode(secret.encode()).rstrip(b"=")[:-2]
    yield secret.encode().hex().encode()
    yield urllib.parse.quote(secret, safe="").encode()


def traces(places, secret):
    return [(place, spelling) for place, text in places for spelling in spellings(secret) if spelling in text]


def files_of(gateway):
    for folder, _, names in os.walk(gateway.folder):
        for name in names:
            path = os.path.join(folder, name)
            if path == gateway.config:
                continue  # where the operator wrote them
            with open(path, "rb") as content:
                yield path, content.read()


def play_everything(stage, upstream, answers):
    rows = [row for groups in (rows_head.GROUPS, rows_framing.GROUPS, rows_body.GROUPS) for _, rows in groups for row in rows]
    bad = [row for groups in (rows_upstream.GROUPS, rows_stream.GROUPS[:1]) for _, rows in groups for row in rows]
    leaks = [rows_upstream.UpstreamRow("a quoted credential", rows_upstream.says(leak), rows_upstream.BAD) for leak in LEAKS]
    failures = [row.name for row in rows if stage.run(row)] + [row.name for row in bad + leaks if run_upstream_row(stage, row)]
    answers += [client.seen for client in stage.seen]
    return len(rows) + len(bad) + len(leaks), failures


def main():
    upstream = Upstream()
    gateway = WireGateway(TOLLGATE, upstream.base, SOURCE, log_level="trace")
    stage, answers = Stage(gateway, upstream), []
    count, failures = play_everything(stage, upstream, answers)
    metrics = urllib.request.urlopen(f"http://127.0.0.1:{gateway.metrics}/metrics").read()
    gateway.stop()
    places = [*files_of(gateway), ("metrics", metrics), ("answers", b"\n".join(answers))]
    places += [(command, gateway.command(*command.split()).stdout.encode()) for command in
               ("key list --json", "usage summary", "usage export", "ledger verify", "user list")]
    found = {name: traces(places, secret) for name, secret in (("provider key", PROVIDER_KEY), ("API key", gateway.key.decode()),
                                                               ("session secret", SESSION_SECRET))}
    size = sum(len(text) for _, text in places)
    print(f"{count} rows played, {len(places)} places with {size} bytes looked through, {len(answers)} conversations among them")
    for name, hits in found.items():
        print(f"  {name:<16} {'no trace' if not hits else f'TRACES in {hits}'}")
    if failures:
        print(f"FAILED rows: {failures}")
    # A search that finds nothing must be able to find something.
    assert traces([("itself", PROVIDER_KEY.encode())], PROVIDER_KEY) and size > 100_000
    return 1 if any(found.values()) or failures else 0


if __name__ == "__main__":
    sys.exit(main())
