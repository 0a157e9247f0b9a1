"""Signing in under attack: throttling that spares the owner, survives a restart, and tells nothing; registration modes."""
import statistics
import time

from stage import PASSWORD, Client, run


def guess(client, email, count):
    return [client.log_in(email, f"wrong password {number}").status for number in range(count)]


def throttled(stage):
    owner = stage.new_account("owner@example.org")
    mallory = Client(stage, "192.0.2.66")
    assert guess(mallory, "owner@example.org", 12) == [401] * 10 + [429] * 2
    refused = mallory.log_in("owner@example.org", PASSWORD)
    mallory.expect(refused, 429, "too_many_attempts")
    assert 1 <= int(refused.fields["retry-after"]) <= 60
    elsewhere = Client(stage, "198.51.100.7")
    assert elsewhere.log_in("owner@example.org").status == 200, "the owner is shut out from another address"
    stage.restart()
    mallory.expect(mallory.log_in("owner@example.org", PASSWORD), 429, "too_many_attempts")
    for host in range(1, 10):
        guess(Client(stage, f"203.0.113.{host}"), "owner@example.org", 10)
    nowhere = Client(stage, "203.0.113.200")
    nowhere.expect(nowhere.log_in("owner@example.org", PASSWORD), 429, "too_many_attempts")
    owner.address = "203.0.113.201"
    assert owner.log_in("owner@example.org").status == 200, "the owner's own browser is shut out"
    owner.address = "192.0.2.66"
    assert owner.log_in("owner@example.org").status == 200, "the owner's own browser is shut out behind the attacker's address"
    spray = Client(stage, "192.0.2.99")
    assert spray.log_in("user1@example.org", "password 123").status == 401
    # Thirty within a minute would depend on how fast this machine hashes: the other 29 are written down.
    subject, at = stage.rows("SELECT subject, at FROM attempts WHERE subject LIKE 'address %' ORDER BY at DESC LIMIT 1")[0]
    for _ in range(29):
        stage.rows_changed("INSERT INTO attempts VALUES (?, ?)", subject, at + 10_000_000)
    assert spray.log_in("user2@example.org", "password 123").status == 429
    assert Client(stage, "192.0.2.98").log_in("user2@example.org", "password 123").status == 401


def tells_nothing(stage):
    """An unknown address and a wrong password: the same words, and the same time within noise."""
    stage.new_account("known@example.org")
    texts, times = {}, {"known@example.org": [], "unknown@example.org": []}
    for number in range(24):
        for email, taken in times.items():
            client = Client(stage, f"10.{number}.{len(email)}.1")
            stage.rows_changed("DELETE FROM attempts")
            begun = time.perf_counter()
            answer = client.log_in(email, "wrong password")
            taken.append(time.perf_counter() - begun)
            texts[email] = answer.text
            assert answer.status == 401
    assert texts["known@example.org"] == texts["unknown@example.org"]
    known, unknown = (sorted(times[email])[:12] for email in times)  # the quicker half: the rest is the machine's noise
    apart = abs(statistics.median(known) - statistics.median(unknown)) / statistics.median(known)
    print(f"median of the quicker half: known {statistics.median(known) * 1000:.1f} ms, unknown {statistics.median(unknown) * 1000:.1f} ms, {apart:.1%} apart")
    assert apart < 0.25, f"{apart:.0%} apart"


def registration(stage):
    client = stage.client()
    for body, param in (({"email": "x", "password": PASSWORD}, "email"), ({"email": "a@example.org", "password": "short"}, "password"),
                        ({"email": "a@example.org", "password": "x" * 1025}, "password"), ({"password": PASSWORD}, "email"), ({"email": "a@example.org"}, "password"),
                        ({"email": "someone@example.org", "password": "someone@example.org"}, "password"), ({"email": "a@example.org", "password": PASSWORD, "role": "admin"}, "role")):
        answer = client.post("/api/auth/register", body)
        assert answer.status == 400 and answer.error["param"] == param, answer.text
    client.expect(client.post("/api/auth/register", {"email": "KNOWN@example.org", "password": PASSWORD}), 409, "already_exists", "email")
    stage.restart(registration="invite")
    stage.rows_changed("DELETE FROM attempts")
    admin = stage.client()
    assert admin.log_in("owner@example.org").status == 200
    client.expect(client.post("/api/auth/register", {"email": "new@example.org", "password": PASSWORD}), 403, "registration_closed")
    invitation = admin.ok(admin.post("/api/admin/invitations", {"email": "New@example.org", "role": "admin"}), 201)
    assert invitation["token"] not in admin.get("/api/admin/invitations").text
    for wrong in ({"email": "other@example.org", "invitation": invitation["token"]}, {"email": "new@example.org", "invitation": "0" * 64}):
        client.expect(client.post("/api/auth/register", {"password": PASSWORD, **wrong}), 403, "invalid_token", "invitation")
    made = client.ok(client.post("/api/auth/register", {"email": "new@example.org", "password": PASSWORD, "invitation": invitation["token"]}), 201)
    assert made["account"]["role"] == "admin"
    client.expect(client.post("/api/auth/register", {"email": "new@example.org", "password": PASSWORD, "invitation": invitation["token"]}), 403, "invalid_token")
    withdrawn = admin.ok(admin.post("/api/admin/invitations", {"valid_days": 1}), 201)
    admin.ok(admin.delete("/api/admin/invitations/" + withdrawn["id"]), 204)
    admin.expect(admin.delete("/api/admin/invitations/" + withdrawn["id"]), 404, "not_found")
    client.expect(client.post("/api/auth/register", {"email": "b@example.org", "password": PASSWORD, "invitation": withdrawn["token"]}), 403, "invalid_token")
    stage.restart(registration="closed")
    client.expect(client.post("/api/auth/register", {"email": "b@example.org", "password": PASSWORD}), 403, "registration_closed")
    stage.restart(registration="open")
    stage.rows_changed("DELETE FROM attempts")
    statuses = [Client(stage, "192.0.2.1").post("/api/auth/register", {"email": f"many{number}@example.org", "password": PASSWORD}).status for number in range(22)]
    assert statuses == [201] * 20 + [429] * 2, statuses


def suite(stage, _):
    throttled(stage)
    stage.rows_changed("DELETE FROM attempts")
    tells_nothing(stage)
    registration(stage)


run(suite)
