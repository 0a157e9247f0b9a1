"""Hostile text in every field that takes text: stored and given back as it came, or refused; never run, never an error of the database, never a
line of its own in the log. And no secret in the log or in the database."""
import json
import re

from stage import PASSWORD, query, run

TEXTS = ["'", "''; DROP TABLE accounts; --", '" OR ""="', "1; ATTACH DATABASE '/tmp/x' AS x", "%", "_", "\\", "${7*7}", "{{7*7}}", "<script>alert(1)</script>",
         "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "</textarea><svg onload=alert(1)>", "*3\\r\\n$3\\r\\nSET", "=cmd|'/c calc'!A1", "+1+1", "-1", "@SUM(1)",
         "../../etc/passwd", "%00", "%0d%0aSet-Cookie: x=y", "\u202eabc", "Ω≈ç√∫", "🙂" * 10, "null", "undefined", "NaN", "true", "0x7f", "1e309", "' UNION SELECT password_hash FROM accounts --",
         "a' || (SELECT password_hash FROM accounts LIMIT 1) || '", "\ufeff", "ＡＢＣ", "{\"$ne\":null}", "(select 1)", "`id`", "$(id)", "|id", "; id", "\u0085", "\u2028"]
CONTROL = ["a\nb", "a\r\nSet-Cookie: x=y", "a\x00b", "\x1b[31mred", "a\x7fb", "{\"level\":\"error\"}\n{\"forged\":true}"]


def stored(stage, admin):
    for text in TEXTS:
        made = admin.post("/api/api-keys", {"name": text, "metadata": {"k": text}})
        if made.status == 201:
            shown = admin.ok(admin.get("/api/api-keys/" + made.json["id"]))
            assert shown["name"] == text and shown["metadata"] == {"k": text}, text
            admin.ok(admin.patch("/api/api-keys/" + made.json["id"], {"name": text + "2"}))
        else:
            admin.expect(made, 400, "invalid_field")
        if admin.patch("/api/auth/me", {"name": text}).status == 200:
            assert admin.ok(admin.get("/api/auth/me"))["account"]["name"] == text
            lot = admin.ok(admin.post("/api/admin/credits", {"account_id": admin.account["id"], "amount": 1, "note": text}), 201)
            assert lot["note"] == text
        else:
            assert text == "\u0085", f"{text!r} was refused"
    for text in CONTROL:
        admin.expect(admin.post("/api/api-keys", {"name": text}), 400, "invalid_field", "name")
        admin.expect(admin.patch("/api/auth/me", {"name": text}), 400, "invalid_field", "name")
        admin.expect(admin.post("/api/admin/credits", {"account_id": admin.account["id"], "amount": 1, "note": text}), 400, "invalid_field", "note")


def asked(stage, admin):
    """In every parameter of every call: an answer of ours, never a 500."""
    for template, methods in stage.document["paths"].items():
        for method, operation in methods.items():
            if method != "get" or template.startswith(("/api/docs", "/api/openapi")):
                continue
            for parameter in operation.get("parameters", []):
                for text in TEXTS[::3] + CONTROL:
                    if parameter["in"] == "path":
                        path = template.replace("{id}", re.sub(r"^\?[^=]*=", "", query(x=text)).replace("+", "%20") or "x")
                    else:
                        path = template.replace("{id}", "x") + query(**{parameter["name"]: text})
                    status = admin.get(path, described=False).status
                    assert status in (200, 400, 404), f"{status} {path}"


def sent(stage):
    for text in TEXTS[::3] + CONTROL:  # each costs three hashes
        client = stage.client()
        stage.rows_changed("DELETE FROM attempts")
        assert client.log_in(text, text).status == (400 if text in CONTROL + ["\u0085"] else 401)
        answer = client.post("/api/auth/register", {"email": text + "@example.org", "password": PASSWORD, "name": "x"})
        assert answer.status in (201, 400), answer.text
        agent = text.encode("ascii", "ignore").decode().replace("\n", "").replace("\r", "").replace("\x00", "").replace("\x1b", "").replace("\x7f", "")
        assert client.post("/api/auth/login", {"email": "owner@example.org", "password": PASSWORD}, fields={"User-Agent": agent}).status == 200


def no_secrets(stage, admin, secrets):
    log = stage.log()
    rows = "".join(str(row) for table in ("accounts", "api_keys", "key_secrets", "sessions", "invitations", "attempts", "audit_log") for row in stage.rows(f"SELECT * FROM {table}"))
    pages = admin.get("/api/admin/audit?limit=200").text + admin.get("/api/admin/providers").text + admin.get("/api/settings").text
    for name, secret in secrets.items():
        for place, text in (("the log", log), ("the database", rows), ("an answer", pages)):
            assert secret not in text, f"{name} is in {place}"
    for line in log.splitlines():
        if line.startswith("{"):
            json.loads(line)
        assert "\x1b" not in line and '"forged":true' not in line.replace("\\", ""), line


def suite(stage, _):
    admin = stage.new_account("owner@example.org")
    stored(stage, admin)
    asked(stage, admin)
    sent(stage)
    key = admin.ok(admin.post("/api/api-keys", {"name": "canary"}), 201)["key"]
    invitation = admin.ok(admin.post("/api/admin/invitations", {}), 201)["token"]
    reset = admin.ok(admin.post(f"/api/admin/users/{admin.account['id']}/reset"), 201)["token"]
    no_secrets(stage, admin, {"the password": PASSWORD, "the key": key, "the token": admin.jar["token"], "the session secret": "of-the-tests-0123456789-abcdefgh",
                              "an invitation": invitation, "a reset": reset, "a provider's key": "sk-provider-canary"})


run(suite)
