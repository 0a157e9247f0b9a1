"""Who may do what: every call of the description for a stranger, a member, and with ids that belong to somebody else. A call that is added to
the description is in this matrix by itself."""
from stage import query, run


def concrete(template, identifier):
    return template.replace("{id}", identifier)


def operations(stage):
    for template, methods in stage.document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), template, operation


def body_for(stage, operation):
    """A body that would do, so that only rights can be what a refusal is about."""
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return None
    name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return {"ApiKeyCreate": {"name": "x"}, "ApiKeyUpdate": {"name": "stolen"}, "PasswordChange": {"current_password": "x" * 12, "new_password": "y" * 12},
            "Profile": {"name": "x"}, "UserCreate": {"email": "x@example.org"}, "UserUpdate": {"disabled": True}, "CreditAdd": {"account_id": "acc_1", "amount": 1}}.get(name, {})


def strangers(stage):
    for method, template, operation in operations(stage):
        if operation["x-who"] == "anyone":
            continue
        for token in (None, "x.y.z", ""):
            client = stage.client()
            if token is not None:
                client.jar["token"] = token
            answer = client.call(method, concrete(template, "some"), body_for(stage, operation))
            client.expect(answer, 401, "missing_session" if token is None else "invalid_session")


def members(stage, member):
    for method, template, operation in operations(stage):
        if operation["x-who"] == "admin":
            member.expect(member.call(method, concrete(template, "some"), body_for(stage, operation)), 403, "admin_required")


def foreign_objects(stage, mallory, objects):
    """Another account's object answers as one that does not exist does, in every word but the id."""
    for method, template, operation in operations(stage):
        if "{id}" not in template or operation["x-who"] == "admin":
            continue
        kind = template.split("/{id}")[0]
        for foreign in objects[kind]:
            missing = foreign[:4] + "0" * (len(foreign) - 4)
            there = mallory.call(method, concrete(template, foreign), body_for(stage, operation))
            gone = mallory.call(method, concrete(template, missing), body_for(stage, operation))
            mallory.expect(there, 404, "not_found")
            assert there.text.replace(foreign, missing) == gone.text, (there.text, gone.text)


def foreign_accounts(stage, mallory, victim, key):
    for method, template, operation in operations(stage):
        if operation["x-who"] != "member" or not any(p["name"] == "account_id" for p in operation.get("parameters", [])):
            continue
        there = mallory.call(method, template + query(account_id=victim.account["id"]))
        gone = mallory.call(method, template + query(account_id="acc_" + "0" * 16))
        mallory.expect(there, 404, "not_found", "account_id")
        assert there.text.replace(victim.account["id"], "acc_" + "0" * 16) == gone.text
        mallory.expect(mallory.call(method, template + query(account_id="all")), 403 if "billing" not in template else 403, "admin_required")
    mallory.expect(mallory.post("/api/api-keys", {"name": "x", "account_id": victim.account["id"]}), 404, "not_found", "account_id")
    for path in ("summary", "series", "requests"):
        found = mallory.ok(mallory.get(f"/api/usage/{path}" + query(key_id=key["id"])))
        assert found["data"] == [], "another account's key shows its usage"
    assert key["id"] not in mallory.get("/api/usage/export" + query(key_id=key["id"])).text


def methods_and_paths(stage, admin):
    for method, template, _ in operations(stage):
        path = concrete(template, "some")
        for other in ("PUT", "OPTIONS", "POST", "PATCH", "DELETE", "GET"):
            if other.lower() in stage.document["paths"][template]:
                continue
            answer = admin.call(other, path, {})
            admin.expect(answer, 405, "method_not_allowed")
            assert method in answer.fields["allow"]
        admin.expect(admin.call(method, path + "/x/y/z", {}), 404, "unknown_path")
    for path in ("/api", "/api/", "/api/admin", "/api/api-keys/", "/api//api-keys", "/api/../api/admin/users", "/api/%61pi-keys"):
        assert admin.get(path, described=False).status in (400, 404), path


def suite(stage, _):
    admin = stage.new_account("owner@example.org")
    victim = stage.new_account("victim@example.org")
    mallory = stage.new_account("mallory@example.org")
    key = victim.ok(victim.post("/api/api-keys", {"name": "mine"}), 201)
    session = victim.ok(victim.get("/api/auth/me"))["session"]["id"]
    before = victim.get("/api/api-keys").json
    strangers(stage)
    members(stage, mallory)
    objects = {"/api/api-keys": [key["id"]], "/api/auth/sessions": [session]}
    foreign_objects(stage, mallory, objects)
    foreign_accounts(stage, mallory, victim, key)
    methods_and_paths(stage, admin)
    assert victim.get("/api/api-keys").json == before, "something of the victim's has changed"
    assert admin.ok(admin.get("/api/api-keys/" + key["id"]))["name"] == "mine", "an admin sees every key"
    for method, template, operation in operations(stage):
        if operation["x-who"] != "anyone":
            assert (method, template, 401) in stage.seen, f"{method} {template} was not tried by a stranger"


run(suite)
