"""Every error that the description promises for the management API, once; and that bodies, sizes and methods are refused as they should be."""
import http.client
import sqlite3

from stage import run


def sizes(stage, client):
    big = b'{"name":"' + b"x" * 70000 + b'"}'
    client.expect(client.post("/api/api-keys", raw=big), 413, "request_too_large")
    connection = http.client.HTTPConnection("127.0.0.1", stage.port, timeout=30)
    connection.request("POST", "/api/api-keys", body=iter([big]), headers={"Content-Type": "application/json", "Cookie": "token=" + client.jar["token"]}, encode_chunked=True)
    assert connection.getresponse().status == 413
    connection.close()


def store_is_busy(stage, client):
    """A database that takes no writes: changes are answered 503, and reading goes on."""
    lock = sqlite3.connect(stage.folder + "/tollgate.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    try:
        client.expect(client.post("/api/api-keys", {"name": "x"}), 503, "storage_unavailable")
        client.ok(client.get("/api/api-keys"))
    finally:
        lock.execute("ROLLBACK")
        lock.close()
    client.ok(client.post("/api/api-keys", {"name": "x"}), 201)


def page(stage):
    client = stage.client()
    html = {"Accept": "text/html"}
    index = client.get("/", fields=html)
    assert client.get("/keys/key_1", fields=html).text == index.text
    assert client.get("/", fields={"If-None-Match": index.fields["etag"]}).status == 304
    for path in ("/assets/none.js", "/chat/completions", "/models"):
        client.expect(client.get(path), 404, "unknown_path")
    client.expect(client.post("/", {}), 405, "method_not_allowed")
    for name, value in (("x-content-type-options", "nosniff"), ("cache-control", "no-cache"), ("referrer-policy", "same-origin")):
        assert index.fields[name] == value, name
    assert "frame-ancestors 'none'" in index.fields["content-security-policy"]
    head = client.call("HEAD", "/api/settings", described=False)
    assert head.status == 200 and not head.text


def counted(stage):
    """Requests are in the metrics by the route's template, never by what a caller wrote into it."""
    figures = stage.scrape()

    def of(route, method, status):
        return figures.get(f'tollgate_api_requests_total{{route="{route}",method="{method}",status="{status}"}}', 0)

    counts = {status: of("/api/api-keys", "POST", status) for status in ("2xx", "4xx", "5xx")}
    assert of("/api/auth/register", "POST", "2xx") == 1 and counts == {"2xx": 1, "4xx": 2, "5xx": 1}, counts
    assert of("page", "GET", "2xx") >= 2 and of("page", "GET", "3xx") == 1 and of("other", "other", "4xx") >= 4
    total = sum(value for name, value in figures.items() if name.startswith("tollgate_api_requests_total"))
    client = stage.client()
    for number in range(50):
        client.get(f"/api/api-keys/key_{number}")
        client.get(f"/api/nothing/{number}", described=False)
    grown = stage.scrape()
    assert sum(value for name, value in grown.items() if name.startswith("tollgate_api_requests_total")) == total + 100
    assert set(name for name in grown if "tollgate_api_requests" in name) - set(figures) == {
        'tollgate_api_requests_total{route="/api/api-keys/{id}",method="GET",status="4xx"}'}
    assert grown["tollgate_api_request_duration_seconds_count"] == total + 100


def suite(stage, _):
    client = stage.new_account("owner@example.org")
    sizes(stage, client)
    page(stage)
    store_is_busy(stage, client)
    counted(stage)
    document = stage.client().get("/api/openapi.json")
    assert document.json == stage.document
    log = stage.log()
    for line in ("/api/api-keys", "/api/auth/register"):
        assert line in log, f"{line} is not in the access log"


run(suite)
