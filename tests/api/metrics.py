"""What /metrics says of providers and connections: attempts by how they ended, open connections, and the gateway's own part of a call's time."""
import http.client

from stage import chat, run, wait_until

ENDS = {"": "success", "status=500": "server_error", "status=429": "rate_limited", "status=404": "rejected", "fault=badjson": "broken",
        "fault=refuse": "connect_failure"}


def attempts_of(figures):
    return {outcome: figures[f'tollgate_upstream_attempts_total{{provider="openai",outcome="{outcome}"}}']
            for outcome in ("success", "connect_failure", "timeout", "rejected", "rate_limited", "server_error", "broken")}


def attempts_are_counted(stage, key):
    for directives, outcome in ENDS.items():
        for _ in range(2):  # so that no credential is left alone
            chat(stage, key, "")
        before = attempts_of(stage.scrape())
        chat(stage, key, directives)
        after = attempts_of(stage.scrape())
        grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
        assert grown == {outcome: 1}, (directives, grown)


def time_of_our_own_is_told(stage, key):
    name = "tollgate_overhead_seconds"
    before = stage.scrape()
    chat(stage, key, "ttft=300")
    after = stage.scrape()
    assert after[f"{name}_count"] == before[f"{name}_count"] + 1
    spent = after[f"{name}_sum"] - before[f"{name}_sum"]
    assert 0 < spent < 0.3, f"{spent} s of a call whose provider took 0.3"


def connections_are_counted(stage):
    name = 'tollgate_connections{{side="{}"}}'
    assert stage.scrape()[name.format("upstream")] >= 1  # kept for the next call
    wait_until(lambda: stage.scrape()[name.format("client")] == 0, "the clients before to be gone")
    clients = [http.client.HTTPConnection("127.0.0.1", stage.port, timeout=30) for _ in range(3)]
    for client in clients:
        client.connect()
    wait_until(lambda: stage.scrape()[name.format("client")] == 3, "three clients to be counted")
    for client in clients:
        client.close()
    wait_until(lambda: stage.scrape()[name.format("client")] == 0, "nobody to be counted")


def suite(stage, _):
    key = stage.make_key(budget=1000, rate_limit=1000)["key"]
    attempts_are_counted(stage, key)
    time_of_our_own_is_told(stage, key)
    connections_are_counted(stage)


run(suite)
