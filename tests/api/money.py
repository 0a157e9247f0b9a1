"""Usage, billing, models, administration: what they say agrees with what was done."""
import csv
import io
import json
import urllib.request
from decimal import Decimal

from stage import chat, query, run, wait_until


def spend(stage, client, calls):
    key = client.ok(client.post("/api/api-keys", {"name": "spender", "rate_limit": 1000}), 201)
    for _ in range(calls):
        assert chat(stage, key["key"], "tokens=10")[0] == 200
    assert chat(stage, key["key"], "status=400")[0] == 400
    wait_until(lambda: client.ok(client.get("/api/api-keys/" + key["id"]))["requests"] == calls + 1, "the calls to be counted")
    return key


def usage_agrees(client, key, calls):
    total = Decimal(client.ok(client.get("/api/api-keys/" + key["id"]))["spent"])
    overview = client.ok(client.get("/api/usage/overview"))
    for period in ("today", "week", "month"):
        assert Decimal(overview[period]["cost"]) == total and overview[period]["requests"] == calls + 1, overview
    assert overview["today"]["failed"] == 1 and overview["today"]["latency"]["count"] == calls and overview["today"]["latency"]["p95_ms"] is not None
    for group in ("none", "account", "key", "model", "provider", "day"):
        summary = client.ok(client.get("/api/usage/summary" + query(group=group)))
        assert Decimal(summary["total"]["cost"]) == total, group
        assert sum(Decimal(each["cost"]) for each in summary["data"]) == (0 if group == "none" else total), group
    assert client.ok(client.get("/api/usage/summary" + query(group="key")))["data"][0]["label"] == "spender"
    for interval in ("hour", "day"):
        for group in ("none", "model", "key"):
            series = client.ok(client.get("/api/usage/series" + query(interval=interval, group=group, **({} if interval == "day" else {}))))
            assert sum(Decimal(point["cost"]) for point in series["data"]) == total, (interval, group)
    listed, after = [], None
    while True:
        page = client.ok(client.get("/api/usage/requests" + query(limit=3, **({"after": after} if after else {}))))
        listed += page["data"]
        after = page["next"]
        if after is None:
            break
    assert len(listed) == calls + 1 and len({call["request_id"] for call in listed}) == calls + 1
    assert sum(Decimal(call["cost"]) for call in listed) == total
    assert len(client.ok(client.get("/api/usage/requests" + query(status="failed")))["data"]) == 1
    assert len(client.ok(client.get("/api/usage/requests" + query(status="400", model="gpt-flat")))["data"]) == 1
    assert client.ok(client.get("/api/usage/requests" + query(model="none")))["data"] == []
    rows = list(csv.DictReader(io.StringIO(client.get("/api/usage/export" + query(format="csv")).text)))
    assert sum(Decimal(row["cost"]) for row in rows) == total and len(rows) == calls + 1
    lines = [json.loads(line) for line in client.get("/api/usage/export" + query(format="jsonl")).text.splitlines()]
    assert lines == listed
    for wrong, param in ((query(**{"from": "2026-13-01"}), "from"), (query(**{"from": "2026-01-02", "to": "2026-01-01"}), "from"),
                         (query(**{"from": "2001-01-01"}), "from"), (query(group="odd"), "group"), (query(account_id="acc_none"), "account_id")):
        answer = client.get("/api/usage/summary" + wrong)
        assert answer.status in (400, 404) and answer.error["param"] == param, answer.text


def wallet(stage, admin, member):
    account = member.account["id"]
    first = admin.ok(admin.post("/api/admin/credits", {"account_id": account, "amount": "0.05", "note": "first", "id": "bank-1"}), 201)
    second = admin.ok(admin.post("/api/admin/credits", {"email": "MEMBER@example.org", "amount": 100, "expires_at": None}), 201)
    assert first["state"] == "active" and second["expires_at"] is None
    admin.expect(admin.post("/api/admin/credits", {"account_id": account, "amount": 1, "id": "bank-1"}), 409, "already_exists")
    for body, param in (({"amount": 1}, "account_id"), ({"account_id": account}, "amount"), ({"account_id": account, "amount": 0}, "amount"),
                        ({"account_id": account, "amount": "-5"}, "amount"), ({"account_id": account, "amount": 1, "odd": 1}, "odd")):
        assert admin.post("/api/admin/credits", body).error["param"] == param, body
    admin.expect(admin.post("/api/admin/credits", {"account_id": "acc_none", "amount": 1}), 404, "not_found")
    key = spend(stage, member, 5)
    balance = member.ok(member.get("/api/billing/balance"))
    spent = Decimal(member.ok(member.get("/api/api-keys/" + key["id"]))["spent"])
    assert Decimal(balance["balance"]) == Decimal("100.05") - spent and balance["wallet"] is True
    lots = member.ok(member.get("/api/billing/lots"))["data"]
    assert [lot["id"] for lot in lots] == [first["id"], second["id"]]
    assert lots[0]["state"] == "consumed" and lots[0]["remaining"] == "0", "the oldest goes first"
    assert Decimal(lots[1]["consumed"]) == spent - Decimal("0.05")
    entries = member.ok(member.get("/api/billing/transactions"))["data"]
    assert sum(Decimal(entry["amount"]) for entry in entries) == Decimal(balance["balance"]), entries
    assert {entry["kind"] for entry in entries} == {"top_up", "usage"}
    paged, after = [], None
    while True:
        page = member.ok(member.get("/api/billing/transactions" + query(limit=1, **({"after": after} if after else {}))))
        paged += page["data"]
        after = page["next"]
        if after is None:
            break
    assert [entry["id"] for entry in paged] == [entry["id"] for entry in entries]
    for path in ("balance", "lots", "transactions"):
        stranger = stage.client()
        by_key = stranger.get("/api/billing/" + path, fields={"Authorization": "Bearer " + key["key"]})
        assert by_key.status == 200 and by_key.json == member.get("/api/billing/" + path).json
    stranger.expect(stranger.get("/api/billing/balance", fields={"Authorization": "Bearer sk-" + "0" * 64}), 401, "invalid_key")
    stranger.expect(stranger.get("/api/api-keys", fields={"Authorization": "Bearer " + key["key"]}), 401, "missing_session")
    assert admin.ok(admin.get("/api/admin/credits" + query(account_id=account)))["data"] == lots
    return key


def models(stage, member, key):
    listed = stage.client().ok(stage.client().get("/api/models"))["data"]
    flat = next(model for model in listed if model["id"].endswith("gpt-4o-mini"))
    assert Decimal(flat["input_price_per_1m"]) == Decimal(flat["input_cost_per_1m"]) * Decimal("88") * Decimal("1.05") * Decimal("1.05")
    assert Decimal(flat["input_cost_per_token_inr"]) * 1000000 == Decimal(flat["input_price_per_1m"])
    found = member.ok(member.get("/api/models" + query(search="4O-MINI", provider="openai")))["data"]
    assert found and all("4o-mini" in model["id"] for model in found)
    assert member.ok(member.get("/api/models" + query(provider="none")))["data"] == []
    # What a call with a known number of tokens was charged is what the catalogue says.
    assert chat(stage, key["key"], "tokens=7 prompt_tokens=11", model="openai/gpt-4o-mini", cap=50)[0] == 200
    wait_until(lambda: member.ok(member.get("/api/usage/requests" + query(model="gpt-4o-mini")))["data"], "the call to be counted")
    call = member.ok(member.get("/api/usage/requests" + query(model="gpt-4o-mini")))["data"][0]
    exact = (call["input"] * Decimal(flat["input_price_per_1m"]) + call["output"] * Decimal(flat["output_price_per_1m"])) / 1000000
    assert abs(Decimal(call["cost"]) - exact) <= Decimal("0.0000005"), (call, exact)


def administration(stage, admin, member):
    users = admin.ok(admin.get("/api/admin/users"))["data"]
    assert [user["email"] for user in users] == ["member@example.org", "owner@example.org"]
    assert len(admin.ok(admin.get("/api/admin/users" + query(search="MEMB")))["data"]) == 1
    made = admin.ok(admin.post("/api/admin/users", {"email": "third@example.org", "role": "member", "concurrency": 3}), 201)
    assert made["has_password"] is False and made["concurrency"] == 3
    admin.expect(admin.post("/api/admin/users", {"email": "Third@example.org"}), 409, "already_exists", "email")
    changed = admin.ok(admin.patch("/api/admin/users/" + made["id"], {"name": "Third", "concurrency": None, "role": "admin"}))
    assert (changed["name"], changed["concurrency"], changed["role"]) == ("Third", None, "admin")
    admin.ok(admin.patch("/api/admin/users/" + made["id"], {"role": "member"}))
    admin.expect(admin.patch("/api/admin/users/" + admin.account["id"], {"role": "member"}), 409, "conflict")
    admin.expect(admin.patch("/api/admin/users/" + admin.account["id"], {"disabled": True}), 409, "conflict")
    everybody = admin.ok(admin.get("/api/usage/summary" + query(account_id="all", group="account")))
    assert [each["label"] for each in everybody["data"]] == ["member@example.org"]
    assert admin.ok(admin.get("/api/api-keys" + query(account_id=member.account["id"])))["data"]
    providers = admin.ok(admin.get("/api/admin/providers"))["data"]
    assert [credential["state"] for credential in providers[0]["credentials"]] == ["closed", "closed"]
    assert providers[0]["today"]["requests"] > 0
    node = admin.ok(admin.get("/api/admin/nodes"))["data"][0]
    assert node["current"] and node["ready"] and node["workers"] == 2 and node["parts"]["database"] == "ok"


def breakers_show(stage, simulator, admin, member):
    key = member.ok(member.post("/api/api-keys", {"name": "breaker", "rate_limit": 1000}), 201)
    for _ in range(24):
        chat(stage, key["key"], "status=500")
    states = admin.ok(admin.get("/api/admin/providers"))["data"][0]["credentials"]
    assert any(credential["state"] != "closed" and credential["failures"] >= 3 for credential in states), states
    assert any(credential["open_until"] for credential in states)


def suite(stage, simulator):
    admin = stage.new_account("owner@example.org")
    member = stage.new_account("member@example.org")
    key = wallet(stage, admin, member)
    usage_agrees(member, key, 5)
    models(stage, member, key)
    administration(stage, admin, member)
    breakers_show(stage, simulator, admin, member)
    stage.verify()
    with urllib.request.urlopen(f"http://127.0.0.1:{stage.port}/api/openapi.json") as answer:
        assert json.load(answer) == stage.document


run(suite, wallet="true")
