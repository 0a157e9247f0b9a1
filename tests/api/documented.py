"""Every error that the description names for a call is produced once for it. A call or a status that is added to the description and that nothing
here produces is a fault."""
import contextlib
import sqlite3

from stage import PASSWORD, query, run

TABLES = ("accounts", "sessions", "invitations", "attempts")


def operations(stage):
    for template, methods in stage.document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), template, operation


class Cast:
    """Who calls, and the objects that calls are about."""

    def __init__(self, stage):
        self.stage, self.admin, self.nobody = stage, stage.new_account("owner@example.org"), stage.client()
        self.member = stage.new_account("member@example.org")
        self.key = self.admin.ok(self.admin.post("/api/api-keys", {"name": "x"}), 201)["id"]
        self.revoked = self.admin.ok(self.admin.post("/api/api-keys", {"name": "y"}), 201)["id"]
        self.admin.ok(self.admin.delete("/api/api-keys/" + self.revoked))

    def caller(self, operation):
        return self.nobody if operation["x-who"] == "anyone" else self.admin

    def path(self, template):
        return template.replace("{id}", {"/api/api-keys": self.key, "/api/admin/users": self.member.account["id"]}.get(template.partition("/{id}")[0], "some"))


def body_of(template):
    account = {"email": "new@example.org", "password": PASSWORD}
    return {"/api/auth/register": account, "/api/auth/login": {**account, "email": "owner@example.org"}, "/api/auth/reset": {"token": "0" * 64, "password": PASSWORD},
            "/api/auth/password": {"current_password": "wrong password", "new_password": PASSWORD}}.get(template, {})


def refused_for_what_is_sent(cast, method, template, operation):
    caller, path, body = cast.caller(operation), cast.path(template), None if method in ("GET", "DELETE") else body_of(template)
    documented = operation["responses"]
    if "400" in documented:
        caller.expect(caller.call(method, path + "?odd=1", body), 400, "invalid_field", "odd")
    if "404" in documented:
        gone = template.replace("{id}", "none")
        answer = caller.call(method, gone, {"account_id": "acc_none", "amount": 1} if template == "/api/admin/credits" else body)
        caller.expect(answer, 404, "not_found")
    if "415" in documented:
        caller.expect(caller.call(method, path, raw=b"{}", fields={"Content-Type": "text/plain"}), 415, "unsupported_media_type")


def refused_for_who_asks(cast, method, template, operation):
    path, body = cast.path(template), None if method in ("GET", "DELETE") else body_of(template)
    documented = operation["responses"]
    if "401" in documented and operation["x-who"] != "anyone":
        cast.nobody.expect(cast.nobody.call(method, path, body), 401, "missing_session")
    elif "401" in documented:
        cast.nobody.expect(cast.nobody.log_in("owner@example.org", "wrong password"), 401, "invalid_login")
    if "403" not in documented:
        return
    if operation["x-who"] == "admin":
        cast.member.expect(cast.member.call(method, path, body), 403, "admin_required")
    elif method == "GET":
        cast.member.expect(cast.member.get(path + query(account_id="all")), 403, "admin_required")
    else:
        cast.member.expect(cast.member.call(method, path, body, fields={"Origin": "https://evil.example"}), 403, "cross_origin")


def conflicts(cast):
    admin, revoked = cast.admin, "/api/api-keys/" + cast.revoked
    for answer in (admin.patch(revoked, {"name": "z"}), admin.post(revoked + "/rotate"), admin.post(revoked + "/disable"), admin.post(revoked + "/enable"),
                   admin.patch("/api/admin/users/" + admin.account["id"], {"disabled": True})):
        admin.expect(answer, 409, "conflict")
    account = {"email": "member@example.org", "password": PASSWORD}
    cast.nobody.expect(cast.nobody.post("/api/auth/register", account), 409, "already_exists", "email")
    admin.expect(admin.post("/api/admin/users", account), 409, "already_exists", "email")
    credit = {"id": "payment-1", "account_id": cast.member.account["id"], "amount": 1}
    admin.ok(admin.post("/api/admin/credits", credit), 201)
    admin.expect(admin.post("/api/admin/credits", credit | {"amount": 2}), 409, "already_exists")


def throttled(cast):
    """What was tried is written down: a hundred times more of it, and the next try has to wait."""
    for template, caller in (("/api/auth/register", cast.nobody), ("/api/auth/login", cast.nobody), ("/api/auth/reset", cast.nobody), ("/api/auth/password", cast.admin)):
        cast.stage.rows_changed("DELETE FROM attempts")
        body = body_of(template) | ({"password": "wrong password"} if template == "/api/auth/login" else {})
        caller.post(template, body)
        for subject, at in cast.stage.rows("SELECT subject, at FROM attempts"):
            for number in range(1, 101):
                cast.stage.rows_changed("INSERT INTO attempts VALUES (?, ?)", subject, at + number)
        answer = caller.post(template, body)
        caller.expect(answer, 429, "too_many_attempts")
        assert int(answer.fields["retry-after"]) >= 1
    cast.stage.rows_changed("DELETE FROM attempts")


@contextlib.contextmanager
def without_tables(stage):
    def rename(pattern):
        with contextlib.closing(sqlite3.connect(stage.folder + "/tollgate.db", timeout=30)) as database:
            database.execute("PRAGMA legacy_alter_table = ON")
            for table in TABLES:
                database.execute(f"ALTER TABLE {pattern[0].format(table)} RENAME TO {pattern[1].format(table)}")
            database.commit()

    rename(("{}", "hidden_{}"))
    try:
        yield
    finally:
        rename(("hidden_{}", "{}"))


def suite(stage, _):
    cast = Cast(stage)
    for method, template, operation in operations(stage):
        refused_for_what_is_sent(cast, method, template, operation)
        refused_for_who_asks(cast, method, template, operation)
    conflicts(cast)
    throttled(cast)
    with without_tables(stage):
        for method, template, operation in operations(stage):
            if "503" in operation["responses"]:
                caller = cast.caller(operation)
                answer = caller.call(method, cast.path(template), None if method in ("GET", "DELETE") else body_of(template))
                assert answer.status != 503 or answer.error["reason"] == "storage_unavailable", answer.text
    documented = {(method, template, int(status)) for method, template, operation in operations(stage) for status in operation["responses"] if status[0] in "45"}
    missing = sorted(documented - stage.seen)
    assert not missing, f"documented, and not produced: {missing}"
    print(f"{len(documented)} documented errors of {len(list(operations(stage)))} calls, each produced")


run(suite, wallet="true")
