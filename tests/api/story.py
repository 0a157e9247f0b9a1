"""The seed's story: sign up, create a key by the printed curl, call a model with it, see the money; edit, rotate, disable, revoke."""
import re
import subprocess
import time

from stage import PASSWORD, chat, run, wait_until


def first_run(stage):
    stranger = stage.client()
    assert stranger.ok(stranger.get("/api/settings"))["needs_first_account"] is True
    page = stranger.get("/", fields={"Accept": "text/html"})
    assert page.status == 200 and page.fields["content-type"].startswith("text/html")
    assert "unsafe-inline" not in page.fields["content-security-policy"]
    admin = stage.new_account("Owner@Example.org ", name="Owner")
    assert admin.account["role"] == "admin" and admin.account["email"] == "owner@example.org"
    member = stage.new_account("member@example.org")
    assert member.account["role"] == "member"
    assert stranger.ok(stranger.get("/api/settings"))["needs_first_account"] is False
    return admin, member


def printed_curl(stage, client):
    """As the seed prints it."""
    done = subprocess.run(["curl", "-s", "-w", "\n%{http_code}", "-X", "POST", f"http://127.0.0.1:{stage.port}/api/api-keys", "-H", "Content-Type: application/json",
                           "-b", f"token={client.jar['token']}", "-d", '{"name":"My key","rate_limit":60,"budget":500,"expires_at":"2099-12-31"}'],
                          capture_output=True, text=True, check=True)
    body, _, status = done.stdout.rpartition("\n")
    assert status == "201", done.stdout
    assert re.search(r'"key":"sk-[0-9a-f]{64}"', body), body
    return body


def use_key(stage, client):
    made = client.ok(client.post("/api/api-keys", {"name": "used", "budget": "0.5", "rate_limit": 100}), 201)
    assert made["budget"] == 0.5 and made["budget_decimal"] == "0.5"
    status, body = chat(stage, made["key"], "tokens=10", cap=20)
    assert status == 200, body
    wait_until(lambda: client.ok(client.get("/api/api-keys/" + made["id"]))["requests"] == 1, "the call to be counted")
    shown = client.ok(client.get("/api/api-keys/" + made["id"]))
    assert "key" not in shown and float(shown["spent"]) > 0 and shown["spent"] == shown["spent_in_period"]
    return made


def change_key(stage, client, made):
    path = "/api/api-keys/" + made["id"]
    changed = client.ok(client.patch(path, {"name": "renamed", "budget": None, "rate_limit": 7000, "metadata": {"team": "a"}}))
    assert changed["name"] == "renamed" and changed["budget"] is None and changed["rate_limit"] == 7000
    rotated = client.ok(client.post(path + "/rotate", {"grace": 3600}))
    assert rotated["key"] != made["key"] and rotated["id"] == made["id"]
    for secret in (made["key"], rotated["key"]):
        assert chat(stage, secret, "tokens=1")[0] == 200
    assert client.ok(client.post(path + "/disable"))["state"] == "disabled"
    refused_within_a_second(stage, rotated["key"], 401)
    assert client.ok(client.post(path + "/enable", {}))["state"] == "active"
    wait_until(lambda: chat(stage, rotated["key"], "tokens=1")[0] == 200, "the key to be good again", 5)
    assert client.ok(client.delete(path))["state"] == "revoked"
    assert client.ok(client.delete(path))["state"] == "revoked", "twice is the same"
    refused_within_a_second(stage, rotated["key"], 401)
    client.expect(client.patch(path, {"name": "x"}), 409, "conflict")
    client.expect(client.post(path + "/enable"), 409, "conflict")
    client.expect(client.post(path + "/rotate"), 409, "conflict")


def refused_within_a_second(stage, secret, status):
    end = time.monotonic() + 3  # a second, and what a loaded machine adds
    while (got := chat(stage, secret, "tokens=1")[0]) != status:
        assert time.monotonic() < end, f"{got} after the change was answered"


def suite(stage, _):
    admin, member = first_run(stage)
    assert '"name":"My key"' in printed_curl(stage, member)
    change_key(stage, member, use_key(stage, member))
    assert member.log_in("MEMBER@example.org", PASSWORD).status == 200
    actions = [entry["action"] for entry in admin.ok(admin.get("/api/admin/audit?limit=200"))["data"]]
    for action in ("account.register", "key.create", "key.update", "key.rotate", "key.disable", "key.enable", "key.revoke", "session.begin"):
        assert action in actions, f"{action} is not in the audit log: {actions}"
    assert admin.get("/api/docs").status == 200


run(suite)
