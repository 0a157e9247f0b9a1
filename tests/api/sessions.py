"""Sessions: cookies, forged tokens, revocation, rotation of the secret, fixation, cross-site requests."""
import base64
import hashlib
import hmac
import json
import random
import time

from stage import PASSWORD, Client, run, wait_until

SECRET = "of-the-tests-0123456789-abcdefgh"
NEW_SECRET = "a newer secret of the tests 0123456789"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def forge(header, claims, secret):
    text = b64(json.dumps(header, separators=(",", ":")).encode()) + "." + b64(json.dumps(claims).encode())
    return text + "." + b64(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())


def claims_of(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def is_signed_in(client, token=None):
    if token is not None:
        client = Client(client.stage)
        client.jar["token"] = token
    return client.get("/api/auth/me").status == 200


def cookies(stage, client):
    answer = client.log_in("owner@example.org")
    cookie = answer.cookies()["token"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == "/" and not cookie["secure"]
    assert int(cookie["max-age"]) == 12 * 3600
    behind_tls = stage.client().post("/api/auth/login", {"email": "owner@example.org", "password": PASSWORD}, fields={"X-Forwarded-Proto": "https"})
    assert all(each["secure"] and each["httponly"] for each in behind_tls.cookies().values())
    assert answer.fields["cache-control"] == "no-store" and answer.fields["x-content-type-options"] == "nosniff"


def forged(stage, client):
    token = client.jar["token"]
    claims = claims_of(token)
    header = {"alg": "HS256", "typ": "JWT"}
    assert is_signed_in(client, forge(header, claims, SECRET)), "the forger of this test cannot sign"
    for alg in ("none", "None", "NONE", "HS384", "HS512", "RS256", "ES256", ""):
        assert not is_signed_in(client, forge({"alg": alg, "typ": "JWT"}, claims, SECRET)), alg
        unsigned = b64(json.dumps({"alg": alg}).encode()) + "." + b64(json.dumps(claims).encode())
        for end in ("", ".", ".AA"):
            assert not is_signed_in(client, unsigned + end)
    for wrong in ("", "other secret 0123456789", SECRET + " ", SECRET.upper()):
        assert not is_signed_in(client, forge(header, claims, wrong))
    now = int(time.time())
    for change in ({"exp": now - 1}, {"iat": now + 3600}, {"iss": "other"}, {"aud": "other"}, {"sub": "acc_0000000000000000"}, {"sid": "ses_" + "0" * 32}, {"exp": None}, {"exp": "9999999999"}):
        assert not is_signed_in(client, forge(header, claims | change, SECRET)), change
    assert not is_signed_in(client, forge({"alg": "HS256", "typ": "JWT", "kid": "../../dev/null"}, claims, SECRET))
    random.seed(5)
    for _ in range(2000):
        place, kind = random.randrange(len(token)), random.randrange(3)
        other = random.choice("ABCDEFGHabcdefgh0123456789-_.")
        mutated = token[:place] + {0: other, 1: "", 2: other + token[place]}[kind] + token[place + 1:]
        assert mutated == token or not is_signed_in(client, mutated), mutated


def ends(stage, client):
    old = dict(client.jar)
    client.ok(client.post("/api/auth/logout"), 204)
    assert "token" not in client.jar and not is_signed_in(client, old["token"]), "a session lives on after its end"
    first, second = stage.client(), stage.client()
    first.log_in("owner@example.org")
    second.log_in("owner@example.org")
    listed = first.ok(first.get("/api/auth/sessions"))["data"]
    assert sum(session["current"] for session in listed) == 1 and len(listed) >= 2
    mine = second.ok(second.get("/api/auth/me"))["session"]["id"]
    first.ok(first.delete("/api/auth/sessions/" + mine), 204)
    assert not is_signed_in(second) and is_signed_in(first)
    second.log_in("owner@example.org")
    first.ok(first.delete("/api/auth/sessions"), 204)
    assert not is_signed_in(second) and is_signed_in(first)
    second.log_in("owner@example.org")
    before = first.jar["token"]
    first.expect(first.post("/api/auth/password", {"current_password": "wrong password", "new_password": "another password"}), 400, "invalid_field", "current_password")
    first.ok(first.post("/api/auth/password", {"current_password": PASSWORD, "new_password": "another password"}), 204)
    assert is_signed_in(first) and not is_signed_in(second) and not is_signed_in(first, before)
    stage.client().expect(stage.client().log_in("owner@example.org"), 401, "invalid_login")
    first.ok(first.post("/api/auth/password", {"current_password": "another password", "new_password": PASSWORD}), 204)
    return first


def fixation(stage, client):
    """A token that somebody planted is worth nothing after the victim signed in."""
    attacker = stage.client()
    attacker.log_in("owner@example.org")
    victim = stage.client()
    victim.jar["token"] = attacker.jar["token"]
    victim.log_in("owner@example.org")
    assert victim.jar["token"] != attacker.jar["token"] and not is_signed_in(attacker) and is_signed_in(victim)
    twice = stage.client()
    token = victim.jar["token"]
    answer = twice.get("/api/auth/me", fields={"Cookie": f"token={token}; token=planted"})
    assert answer.status == 401, "two cookies of one name"


def disabled(stage, admin):
    member = stage.new_account("member@example.org")
    key = member.ok(member.post("/api/api-keys", {"name": "x"}), 201)
    path = "/api/admin/users/" + member.account["id"]
    admin.ok(admin.delete(path + "/sessions"), 204)
    assert not is_signed_in(member)
    member.log_in("member@example.org")
    admin.ok(admin.patch(path, {"disabled": True}))
    assert not is_signed_in(member)
    member.expect(member.log_in("member@example.org"), 403, "account_disabled")
    by_key = {"Authorization": "Bearer " + key["key"]}
    member.expect(member.get("/api/billing/balance", fields=by_key), 403, "account_disabled")
    admin.ok(admin.patch(path, {"disabled": False}))
    assert member.log_in("member@example.org").status == 200
    reset = admin.ok(admin.post(path + "/reset"), 201)
    guest = stage.client()
    guest.expect(guest.post("/api/auth/reset", {"token": "0" * 64, "password": "a new password"}), 403, "invalid_token", "token")
    guest.expect(guest.post("/api/auth/reset", {"token": reset["token"], "password": "short"}), 400, "invalid_field", "password")
    guest.ok(guest.post("/api/auth/reset", {"token": reset["token"], "password": "a new password"}), 204)
    guest.expect(guest.post("/api/auth/reset", {"token": reset["token"], "password": "a new password"}), 403, "invalid_token")
    assert not is_signed_in(member) and guest.log_in("member@example.org", "a new password").status == 200
    assert reset["token"] not in "".join(str(row) for row in stage.rows("SELECT * FROM invitations"))


def cross_site(stage, client):
    own = f"http://127.0.0.1:{stage.port}"
    for origin in ("https://evil.example", "null", "http://127.0.0.1", own + ".evil.example", "http://localhost:%d" % stage.port):
        client.expect(client.post("/api/api-keys", {"name": "csrf"}, fields={"Origin": origin}), 403, "cross_origin")
        client.expect(client.delete("/api/auth/sessions", fields={"Origin": origin}), 403, "cross_origin")
    for site in ("cross-site", "same-site"):
        client.expect(client.post("/api/api-keys", {"name": "csrf"}, fields={"Sec-Fetch-Site": site}), 403, "cross_origin")
        client.expect(client.patch("/api/auth/me", {"name": "csrf"}, fields={"Sec-Fetch-Site": site}), 403, "cross_origin")
    for kind in (None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        client.expect(client.post("/api/api-keys", {"name": "csrf"}, fields={"Content-Type": kind}), 415, "unsupported_media_type")
    stranger = stage.client()
    stranger.expect(stranger.post("/api/auth/login", {"email": "a@b", "password": "x"}, fields={"Origin": "https://evil.example"}), 403, "cross_origin")
    assert "csrf" not in client.get("/api/api-keys?limit=200").text
    client.ok(client.post("/api/api-keys", {"name": "mine"}, fields={"Origin": own, "Sec-Fetch-Site": "same-origin"}), 201)
    answer = client.call("OPTIONS", "/api/api-keys", fields={"Origin": "https://evil.example", "Access-Control-Request-Method": "DELETE"})
    assert not any(name.startswith("access-control") for name in answer.fields.keys())


def rotation(stage, client):
    assert is_signed_in(client)
    stage.restart(secrets=f'["{NEW_SECRET}", "{SECRET}"]')
    assert is_signed_in(client), "the older secret is still accepted"
    fresh = stage.client()
    fresh.log_in("owner@example.org")
    stage.restart(secrets=f'"{NEW_SECRET}"')
    assert is_signed_in(fresh) and not is_signed_in(client)


def short_sessions(stage):
    stage.restart(secrets=f'"{NEW_SECRET}"', session_time="60s")
    client = stage.client()
    client.log_in("owner@example.org")
    claims = claims_of(client.jar["token"])
    assert claims["exp"] - claims["iat"] == 60
    stage.rows_changed("UPDATE sessions SET expires_at = 1 WHERE id = ?", claims["sid"])
    wait_until(lambda: not is_signed_in(client), "the end of a session", 5)


def suite(stage, _):
    client = stage.new_account("owner@example.org")
    cookies(stage, client)
    forged(stage, client)
    client = ends(stage, client)
    fixation(stage, client)
    disabled(stage, client)
    cross_site(stage, client)
    rotation(stage, client)
    short_sessions(stage)


run(suite)
