"""A gateway with its simulator and clients with cookies; each answer is held to the description of the API. Standard library only."""
import contextlib
import http.client
import http.cookies
import json
import os
import sqlite3
import sys
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "proof"))

from harness import Gateway, Simulator, chat, wait_until  # noqa: E402, F401
from schema import Schemas  # noqa: E402

SETTINGS = """
server: {{listen: ["127.0.0.1:{port}"], workers: 2, drain_timeout: 5s, trusted_proxies: [{trusted}]}}
storage: {{database: "{database}", redis: {redis}, journal: "{folder}/journal"}}
accounts: {{concurrency: 0, registration: {registration}, session_secret: {secrets}, session_time: {session_time}}}
billing:
  prices: {prices}
  wallet: {wallet}
  price_overrides:
    gpt-flat: {{input_cost_per_request: 0.001, output_cost_per_token: 0.00001, input_cost_per_token: 0.0, max_output_tokens: 4096}}
providers:
  openai: {{protocol: openai, base_url: "{provider}", keys: ["sk-provider-canary-1", "sk-provider-canary-2"], attempts: 1, breaker: {{failures: 3}}}}
telemetry: {{metrics_listen: "127.0.0.1:{metrics}", access_log: "all", log_level: debug}}
"""
USUAL = {"registration": "open", "secrets": '"of-the-tests-0123456789-abcdefgh"', "session_time": "12h", "wallet": "false", "trusted": '"127.0.0.1"', "redis": "~"}
PASSWORD = "correct horse battery"


class Answer:
    def __init__(self, response, body):
        self.status, self.fields, self.text = response.status, response.headers, body

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def error(self):
        return self.json["error"]

    def cookies(self):
        found = {}
        for line in self.fields.get_all("set-cookie") or []:
            found.update(http.cookies.SimpleCookie(line))
        return found


class Stage(Gateway):
    """One gateway; `provider` may be any address where nothing needs to answer."""

    def __init__(self, binary, source, provider="http://127.0.0.1:9/v1", **settings):
        super().__init__(binary, provider, source)
        self.source, self.provider = source, provider
        with open(os.path.join(source, "src/dashboard/openapi.json"), encoding="utf-8") as text:
            self.document = json.load(text)
        self.schemas = Schemas(self.document)
        self.seen = set()  # (method, path template, status)
        self.configure(**settings)
        self.start()

    def configure(self, **settings):
        with open(self.config, "w", encoding="utf-8") as out:
            own = {"database": f"sqlite:{self.folder}/tollgate.db"}
            out.write(SETTINGS.format(**(USUAL | own | settings), port=self.port, metrics=self.metrics, folder=self.folder, provider=self.provider,
                                      prices=os.path.join(self.source, "config/prices.json")))

    def restart(self, **settings):
        self.stop()
        self.configure(**settings)
        self.start()

    def find_operation(self, method, path):
        given = path.partition("?")[0].split("/")
        for template, operations in self.document["paths"].items():
            wanted = template.split("/")
            if len(wanted) == len(given) and all(w == g or (w.startswith("{") and g) for w, g in zip(wanted, given)):
                return template, operations.get(method.lower())
        return None, None

    def hold_to_description(self, method, path, answer):
        template, operation = self.find_operation(method, path)
        if operation is None:
            assert answer.status in (404, 405), f"{method} {path}: {answer.status} from what is not described"
            return self.schemas.check(answer.json, self.document["components"]["schemas"]["Error"])
        self.seen.add((method, template, answer.status))
        responses = operation["responses"]
        response = self.schemas.resolve(responses.get(str(answer.status)) or responses["default"])
        assert answer.status < 400 or "default" in responses
        assert str(answer.status) in responses or answer.status >= 400, f"{method} {path}: {answer.status} is not described"
        if "content" not in response:
            assert not answer.text, f"{method} {path}: a body where none is described"
            return None
        kind = (answer.fields["content-type"] or "").partition(";")[0]
        assert kind in response["content"], f"{method} {path}: {kind} is not described"
        if kind == "application/json":
            self.schemas.check(answer.json, response["content"][kind]["schema"])
        return None

    def scrape(self):
        """/metrics by name and labels; a family that stands twice is refused, as Prometheus does."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics}/metrics", timeout=30) as page:
            lines = page.read().decode().splitlines()
        families = [line.split(" ")[2] for line in lines if line.startswith("# TYPE ")]
        assert len(families) == len(set(families)), f"twice: {sorted(each for each in families if families.count(each) > 1)}"
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line and not line.startswith("#")}

    def rows_changed(self, statement, *values):
        with contextlib.closing(sqlite3.connect(os.path.join(self.folder, "tollgate.db"), timeout=30)) as database:
            database.execute(statement, values)
            database.commit()

    def client(self):
        return Client(self)

    def new_account(self, email, **more):
        client = self.client()
        made = client.post("/api/auth/register", {"email": email, "password": PASSWORD, **more})
        assert made.status == 201, made.text
        client.account = made.json["account"]
        return client


class Client:
    """A browser's cookies; `address` is what the trusted proxy says of it."""

    def __init__(self, stage, address=None):
        self.stage, self.address, self.jar, self.account = stage, address, {}, None

    def call(self, method, path, body=None, *, raw=None, fields=None, described=True):
        connection = http.client.HTTPConnection("127.0.0.1", self.stage.port, timeout=60)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.jar.items())} if self.jar else {}
        if self.address:
            sent["X-Forwarded-For"] = self.address
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        if method in ("POST", "PATCH"):
            sent["Content-Type"] = "application/json"
        sent.update(fields or {})
        sent = {name: value for name, value in sent.items() if value is not None}
        try:
            connection.request(method, path, body=data, headers=sent)
            response = connection.getresponse()
            answer = Answer(response, response.read().decode())
        finally:
            connection.close()
        for name, cookie in answer.cookies().items():
            if cookie["max-age"] == "0":
                self.jar.pop(name, None)
            else:
                self.jar[name] = cookie.value
        assert answer.fields["x-request-id"], "no x-request-id"
        if described and path.startswith("/api"):
            self.stage.hold_to_description(method, path, answer)
        return answer

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.call("POST", path, body, **more)

    def patch(self, path, body=None, **more):
        return self.call("PATCH", path, body, **more)

    def delete(self, path, **more):
        return self.call("DELETE", path, **more)

    def log_in(self, email, password=PASSWORD):
        return self.post("/api/auth/login", {"email": email, "password": password})

    def ok(self, answer, status=200):
        assert answer.status == status, f"{answer.status} {answer.text}"
        return answer.json if answer.text else None

    def expect(self, answer, status, reason, param=None):
        assert answer.status == status, f"{answer.status} {answer.text[:1000]}, expected {status}"
        error = answer.error
        assert error["code"] == status and error["reason"] == reason, answer.text
        assert param is None or error["param"] == param, answer.text
        return error


def query(**values):
    return "?" + urllib.parse.urlencode(values)


def run(suite, **settings):
    """suite(stage, simulator) with everything started, and stopped whatever happens."""
    binary, simulator_binary, source = sys.argv[1:4]
    simulator = Simulator(simulator_binary)
    stage = None
    try:
        stage = Stage(binary, source, simulator.base, **settings)
        suite(stage, simulator)
        stage.stop()
    except BaseException:
        if stage is not None:
            print(stage.log()[-4000:], file=sys.stderr)
        raise
    finally:
        if stage is not None and stage.process.poll() is None:
            stage.kill()
        simulator.stop()
