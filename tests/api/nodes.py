"""The list of nodes where several share PostgreSQL and Redis: each is named, with what it says of itself; one that died without a word is silent."""
import sys

from stage import Stage, Simulator, wait_until

from postgres_server import Postgres
from redis_server import Redis


def known(client):
    return client.ok(client.get("/api/admin/nodes"))["data"]


def both_are_listed(stages, clients):
    names = set()
    for stage, client in zip(stages, clients):
        wait_until(lambda client=client: len(known(client)) == 2 and known(client)[0]["parts"]["redis"] == "ok", "both nodes to be listed")
        own, other = known(client)
        assert own["current"] and not other["current"]
        assert own["workers"] == 2 and own["ready"] and own["parts"]["database"] == "ok", own
        assert all(other[name] is None for name in ("workers", "connections", "ready", "parts")), other
        for node in (own, other):
            assert node["alive"] and node["reaches_redis"] and node["host"] and node["version"] and node["started_at"], node
        names.add((own["name"], other["name"]))
        assert client.ok(client.get("/api/admin/providers"))["node"] == own["name"]
    assert len({name for pair in names for name in pair}) == 2, names


def a_dead_one_is_silent(stages, clients):
    stages[1].kill()
    wait_until(lambda: not known(clients[0])[1]["alive"], "the dead node to be silent", 30)
    silent = known(clients[0])[1]
    assert silent["seen_at"] == known(clients[0])[1]["seen_at"], "somebody beats for it"
    stages[1].start()
    wait_until(lambda: known(clients[0])[1]["alive"], "the node to be back", 30)
    assert known(clients[0])[1]["name"] == silent["name"], "a node has one name in all of its lives"
    wait_until(lambda: known(clients[1])[0]["parts"]["redis"] == "ok", "the node to have joined", 30)
    stages[1].stop()
    wait_until(lambda: len(known(clients[0])) == 1, "a node that ended in order to be gone", 30)


def main():
    binary, simulator_binary, source = sys.argv[1:4]
    simulator, postgres, redis = Simulator(simulator_binary), Postgres(), Redis()
    stages = []
    try:
        postgres.start()
        postgres.psql("CREATE DATABASE books", "postgres")
        for _ in range(2):
            stages.append(Stage(binary, source, simulator.base, database=postgres.url, redis=f'"{redis.url}"'))
        clients = [stages[0].new_account("owner@example.org"), stages[1].client()]
        assert clients[1].log_in("owner@example.org").status == 200
        both_are_listed(stages, clients)
        a_dead_one_is_silent(stages, clients)
        stages[0].stop()
    finally:
        for stage in stages:
            if stage.process.poll() is None:
                stage.kill()
        simulator.stop()
        redis.stop()
        postgres.stop()


main()
