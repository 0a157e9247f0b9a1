"""What a client may rely on at the line, with the real programs and raw sockets: answers, limits, failures of the provider, departures of the
client, drain. Usage: line.py TOLLGATE SIMULATOR SOURCE_FOLDER"""
import json
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from harness import Gateway, Simulator, in_threads, wait_until

TOLLGATE, SIMULATOR, SOURCE = sys.argv[1:4]


class Answer:
    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def reason(self):
        return self.json["error"]["reason"]


class Client:
    """One connection, HTTP by hand."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.held = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, text):
        self.socket.sendall(text if isinstance(text, bytes) else text.encode())

    def more(self):
        piece = self.socket.recv(65536)
        if not piece:
            raise EOFError(self.held)
        self.held += piece

    def until(self, mark):
        while mark not in self.held:
            self.more()
        found, _, self.held = self.held.partition(mark)
        return found

    def exactly(self, count):
        while len(self.held) < count:
            self.more()
        found, self.held = self.held[:count], self.held[count:]
        return found

    def head(self):
        lines = self.until(b"\r\n\r\n").decode().split("\r\n")
        return int(lines[0].split()[1]), {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}

    def answer(self):
        status, fields = self.head()
        if "content-length" in fields:
            return Answer(status, fields, self.exactly(int(fields["content-length"])))
        body = b""
        while size := int(self.until(b"\r\n"), 16):
            body += self.exactly(size)
            self.exactly(2)
        self.exactly(2)
        return Answer(status, fields, body)

    def is_closed(self):
        self.socket.settimeout(5)
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True


def request(key, body, *, path="/v1/chat/completions", fields="", method="POST"):
    text = body if isinstance(body, str) else json.dumps(body)
    credential = f"Authorization: Bearer {key}\r\n" if key else ""
    return (f"{method} {path} HTTP/1.1\r\nHost: line\r\n{credential}Content-Type: application/json\r\n{fields}"
            f"Content-Length: {len(text.encode())}\r\n\r\n{text}")


def chat(directives="", **more):
    return {"model": "openai/gpt-flat", "messages": [{"role": "user", "content": f"[[sim: {directives}]]" if directives else "hello"}], **more}


def setUpModule():
    global simulator, gateway, key
    simulator = Simulator(SIMULATOR)
    gateway = Gateway(TOLLGATE, simulator.base, SOURCE)
    key = gateway.make_key(rate_limit=10000)["key"]
    gateway.start()


def tearDownModule():
    gateway.stop()
    simulator.stop()


def call(body, with_key=None, **more):
    with Client(gateway.port) as client:
        client.send(request(with_key or key, body, **more))
        return client.answer()


def get(path, with_key=None):
    with Client(gateway.port) as client:
        client.send(f"GET {path} HTTP/1.1\r\nHost: line\r\nAuthorization: Bearer {with_key or key}\r\n\r\n")
        return client.answer()


def recorded(tag):
    return [request for request in simulator.requests() if request["tag"] == tag]


class Answers(unittest.TestCase):
    def test_plain_answer_crosses_with_its_cost_and_our_fields(self):
        answer = call(chat("tokens=20 prompt_tokens=10"))
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.json["usage"]["completion_tokens"], 20)
        self.assertEqual(answer.json["usage"]["currency"], "INR")
        self.assertEqual(str(answer.json["usage"]["cost"]), "0.116424")
        self.assertEqual(answer.fields["x-tollgate-cost"], "0.116424")
        self.assertTrue(answer.fields["x-upstream-request-id"])
        for secret in ("set-cookie", "openai-organization"):
            self.assertNotIn(secret, answer.fields)

    def test_body_reaches_the_provider_byte_for_byte_but_for_the_model(self):
        body = '{ "model" : "openai/gpt-4o",\t"messages":[{"role":"user","content":"[[sim: tag=bytes]] \\u00e9 \U0001f600"}], "x": 12345678901234567890, "n":1 }'
        self.assertEqual(call(body).status, 200)
        found = recorded("bytes")[0]
        self.assertEqual(found["body"], body.replace("openai/gpt-4o", "gpt-4o"))
        names = dict((name.lower(), value) for name, value in found["headers"])
        self.assertEqual(names["authorization"], "Bearer sk-provider")
        self.assertNotIn(key, json.dumps(found["headers"]))

    def test_stream_arrives_in_pieces_and_without_the_usage_chunk_nobody_asked_for(self):
        with Client(gateway.port) as client:
            client.send(request(key, chat("tokens=10 tps=20", stream=True)))
            status, fields = client.head()
            self.assertEqual((status, fields["transfer-encoding"]), (200, "chunked"))
            self.assertEqual(fields["x-accel-buffering"], "no")
            client.until(b"data: ")
            self.assertNotIn(b"[DONE]", client.held)  # the first event is here and the last is not
            rest = client.until(b"0\r\n\r\n")
        self.assertIn(b"data: [DONE]", rest)
        self.assertNotIn(b'"choices":[]', rest)

    def test_stream_gives_the_usage_chunk_with_its_cost_to_those_who_ask(self):
        answer = call(chat("tokens=20 prompt_tokens=10", stream=True, stream_options={"include_usage": True}))
        events = [event for event in answer.body.decode().split("\n\n") if event]
        self.assertEqual(events[-1], "data: [DONE]")
        usage = json.loads(events[-2].removeprefix("data: "))
        self.assertEqual(usage["choices"], [])
        self.assertEqual(str(usage["usage"]["cost"]), "0.116424")

    def test_events_survive_any_split(self):
        whole = call(chat("tokens=6 prompt_tokens=3", stream=True)).body.decode()
        split = call(chat("tokens=6 prompt_tokens=3 split=3", stream=True)).body.decode()
        self.assertEqual(whole.count("data: "), split.count("data: "))
        self.assertTrue(split.endswith("data: [DONE]\n\n"))

    def test_other_endpoints(self):
        self.assertEqual(call({"model": "text-embedding-3-small", "input": "x"}, path="/v1/embeddings").status, 200)
        self.assertEqual(call({"model": "gpt-3.5-turbo-instruct", "prompt": "x"}, path="/v1/completions").status, 200)
        ids = [model["id"] for model in get("/v1/models").json["data"]]
        self.assertIn("openai/gpt-4o", ids)
        self.assertEqual(get("/v1/models/openai%2Fgpt-4o").json["id"], "openai/gpt-4o")
        self.assertEqual(get("/v1/key").json["data"]["rate_limit"]["requests"], 10000)
        self.assertEqual(get("/health", "sk-none").json, {"status": "ok"})
        self.assertEqual(get("/health/ready").status, 200)


class Credentials(unittest.TestCase):
    def refused(self, fields, reason):
        with Client(gateway.port) as client:
            client.send(request(None, chat(), fields=fields))
            answer = client.answer()
        self.assertEqual(answer.reason, reason)
        return answer

    def test_refusals(self):
        self.assertEqual(self.refused("", "missing_key").status, 401)
        self.refused("Authorization: Bearer nonsense\r\n", "invalid_key")
        self.refused(f"Authorization: Bearer sk-{'0' * 64}\r\n", "invalid_key")
        self.assertEqual(self.refused(f"Authorization: Bearer {key}\r\nx-api-key: sk-{'0' * 64}\r\n", "ambiguous_credential").status, 400)

    def test_four_forms(self):
        for field in ("authorization: bearer ", "x-api-key: ", "API-Key: ", "x-goog-api-key: "):
            with Client(gateway.port) as client:
                client.send(request(None, chat(), fields=f"{field}{key}\r\n"))
                self.assertEqual(client.answer().status, 200, field)

    def test_changes_by_another_process_hold_within_a_second(self):
        made = gateway.make_key(rate_limit=1000)
        self.assertEqual(call(chat(), made["key"]).status, 200)
        self.assertEqual(gateway.command("key", "disable", made["id"]).returncode, 0)
        wait_until(lambda: call(chat(), made["key"]).status == 401, "the key to be refused", seconds=1.5)
        self.assertEqual(gateway.command("key", "enable", made["id"]).returncode, 0)
        wait_until(lambda: call(chat(), made["key"]).status == 200, "the key to be taken again", seconds=1.5)
        self.assertEqual(gateway.command("key", "revoke", made["id"]).returncode, 0)
        # Not just any 401: a worker may still hold the record of the time when the key was disabled.
        wait_until(lambda: call(chat(), made["key"]).body.find(b"revoked_key") > 0, "the key to be revoked", seconds=1.5)

    def test_key_expires_while_it_is_cached(self):
        soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
        made = gateway.make_key(expires=soon)
        self.assertEqual(call(chat(), made["key"]).status, 200)
        wait_until(lambda: call(chat(), made["key"]).status == 403, "the key to expire", seconds=5)
        self.assertEqual(call(chat(), made["key"]).reason, "expired_key")


class Limits(unittest.TestCase):
    def test_exactly_the_rate_limit_is_admitted(self):
        made = gateway.make_key(rate_limit=60)
        answers = []

        def caller(_):
            with Client(gateway.port) as client:
                for _ in range(30):
                    client.send(request(made["key"], chat()))
                    answers.append(client.answer())

        in_threads(20, caller)
        admitted = [answer for answer in answers if answer.status == 200]
        refused = [answer for answer in answers if answer.status == 429]
        self.assertEqual((len(admitted), len(refused)), (60, 540))
        for answer in refused:
            self.assertEqual(answer.reason, "requests_per_minute")
            self.assertEqual(answer.fields["x-ratelimit-limit"], "60")
            self.assertEqual(answer.fields["x-ratelimit-remaining"], "0")
            seconds = int(answer.fields["retry-after"])
            self.assertTrue(1 <= seconds <= 60)
            self.assertTrue((seconds - 1) * 1000 <= int(answer.fields["retry-after-ms"]) <= seconds * 1000)

    def test_concurrency_of_a_key(self):
        made = gateway.make_key(concurrency=2)
        holders = [Client(gateway.port) for _ in range(2)]
        for holder in holders:
            holder.send(request(made["key"], chat("ttft=3000 tag=holds")))
        wait_until(lambda: len(recorded("holds")) == 2, "two calls in flight")
        answer = call(chat(), made["key"])
        self.assertEqual((answer.status, answer.reason), (429, "concurrency"))
        for holder in holders:
            holder.socket.close()
        wait_until(lambda: call(chat(), made["key"]).status == 200, "a place to come free", seconds=2)

    def test_budget_is_told_with_its_numbers(self):
        made = gateway.make_key(budget="0.2")
        first = call(chat("tokens=20 prompt_tokens=10", max_tokens=20), made["key"])
        self.assertEqual(first.fields["x-tollgate-budget"], "0.2")
        second = call(chat("tokens=20", max_tokens=20), made["key"])
        if second.status == 200:  # what was left covered a lower cap
            second = call(chat("tokens=20", max_tokens=20), made["key"])
        self.assertEqual((second.status, second.reason), (402, "budget_exceeded"))
        self.assertEqual(second.fields["x-should-retry"], "false")
        self.assertIn("limit 0.2 INR", second.json["error"]["message"])

    def test_unpriced_model_is_refused_to_a_key_with_a_budget_alone(self):
        made = gateway.make_key(budget="5")
        self.assertEqual(call(chat() | {"model": "openai/never-heard-of"}, made["key"]).reason, "unpriced_model")
        self.assertEqual(call(chat() | {"model": "openai/never-heard-of"}).status, 200)


class Failures(unittest.TestCase):
    def test_plain_failures_of_the_provider(self):
        table = [("status=500", 502, "all_providers_failed"), ("status=401", 502, "all_providers_failed"),
                 ("fault=html", 502, "invalid_response"), ("fault=empty", 502, "invalid_response"),
                 ("fault=badjson", 502, "invalid_response"), ("fault=garbage", 502, "invalid_response"),
                 ("fault=refuse", 502, "all_providers_failed"), ("fault=redirect", 502, "all_providers_failed")]
        for directive, status, reason in table:
            answer = call(chat(directive))
            self.assertEqual((answer.status, answer.reason), (status, reason), directive)
            self.assertNotIn("sk-provider", answer.body.decode())
            self.assertEqual(call(chat()).status, 200, f"after {directive}")

    def test_callers_own_faults_cross_as_they_are(self):
        answer = call(chat("status=400"))
        self.assertEqual((answer.status, answer.json["error"]["type"]), (400, "invalid_request_error"))
        answer = call(chat("status=429 retry_after=7"))
        self.assertEqual((answer.status, answer.fields["retry-after"]), (429, "7"))

    def test_cut_stream_ends_with_an_error_event(self):
        for directive in ("fault=cut:3", "fault=close:3"):
            body = call(chat(f"{directive} tokens=10", stream=True)).body.decode()
            self.assertNotIn("[DONE]", body)
            last = json.loads(body.rstrip("\n").rsplit("\n\n", 1)[-1].removeprefix("data: "))
            self.assertEqual(last["error"]["reason"], "invalid_response", directive)

    def test_stale_connection_is_replaced_silently(self):
        self.assertEqual(call(chat("fault=stale")).status, 200)
        for _ in range(5):
            self.assertEqual(call(chat()).status, 200)

    def test_surplus_bytes_reach_nobody(self):
        for number in range(10):
            self.assertEqual(call(chat("fault=extra")).status, 200)
            answer = call(chat(f"tokens={number + 1} prompt_tokens=1"))
            self.assertEqual(answer.json["usage"]["completion_tokens"], number + 1)


class Departures(unittest.TestCase):
    def leave(self, body, tag, ready):
        client = Client(gateway.port)
        client.send(request(key, body))
        wait_until(lambda: ready(client), "the call to be under way")
        client.socket.close()
        wait_until(lambda: recorded(tag)[0]["client_left"], "the provider to see the client gone", seconds=1)

    def test_waiting_for_a_plain_answer(self):
        self.leave(chat("ttft=20000 tag=gone1"), "gone1", lambda _: recorded("gone1"))

    def test_waiting_for_the_first_byte_of_a_stream(self):
        self.leave(chat("ttft=20000 tag=gone2", stream=True), "gone2", lambda _: recorded("gone2"))

    def test_in_the_middle_of_a_stream(self):
        def begun(client):
            client.more()
            return b"data: " in client.held

        self.leave(chat("tokens=500 tps=20 tag=gone3", stream=True), "gone3", begun)

    def test_those_who_leave_before_the_usage_pay(self):
        made = gateway.make_key(rate_limit=10000)

        def leaver(_):
            for _ in range(10):
                with Client(gateway.port) as client:
                    client.send(request(made["key"], chat("tokens=8 tps=400", stream=True)))
                    client.until(b"data: ")

        in_threads(10, leaver)
        count = "SELECT count(*) FROM usage_events WHERE key_id = ?"
        wait_until(lambda: gateway.rows(count, made["id"])[0][0] == 100, "every call to be in the books")
        self.assertEqual(gateway.rows(count + " AND cost_micros = 0", made["id"])[0][0], 0)


class Wire(unittest.TestCase):
    def test_what_could_be_read_in_two_ways_is_refused_and_closes(self):
        head = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"
        table = [(head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400), (head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400),
                 (head + "Content-Length: +5\r\n\r\nhello", 400), (head + "Transfer-Encoding: gzip\r\n\r\n", 501), (head + "\r\n", 411),
                 ("POST /v1/x HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 400), ("GET /health HTTP/1.1\nHost: x\n\n", 400),
                 ("GET /health HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n", 400), ("GET http://x/health HTTP/1.1\r\nHost: x\r\n\r\n", 400),
                 ("GET /health HTTP/2.0\r\nHost: x\r\n\r\n", 505), ("GET /health HTTP/1.1\r\nHost: x\r\n" + "a: b\r\n" * 200 + "\r\n", 431),
                 ("GET /" + "a" * 20000 + " HTTP/1.1\r\nHost: x\r\n\r\n", 431)]
        for text, status in table:
            with Client(gateway.port) as client:
                client.send(text)
                self.assertEqual(client.answer().status, status, text[:60])
                self.assertTrue(client.is_closed(), text[:60])

    def test_bad_calls_are_told_and_keep_the_connection(self):
        table = [(request(key, "{"), 400, "malformed_json"), (request(key, {"messages": []}), 400, "missing_field"),
                 (request(key, '{"model":"a","model":"b","messages":[]}'), 400, "malformed_json"),
                 (request(key, chat(max_tokens="many")), 400, "invalid_field"), (request(key, chat(), path="/v1/nothing"), 404, "unknown_path"),
                 (request(key, "", method="GET"), 405, "method_not_allowed"),
                 (request(key, chat(), fields="Content-Encoding: gzip\r\n"), 415, "unsupported_media_type")]
        for text, status, reason in table:
            with Client(gateway.port) as client:
                client.send(text)
                answer = client.answer()
                self.assertEqual((answer.status, answer.reason), (status, reason), text[:200])
                client.send(request(key, chat()))
                self.assertEqual(client.answer().status, 200, text[:200])

    def test_pipelined_requests_are_answered_in_order(self):
        with Client(gateway.port) as client:
            client.send("".join(request(key, chat(f"tokens={count} prompt_tokens=1")) for count in (3, 5, 7)))
            self.assertEqual([client.answer().json["usage"]["completion_tokens"] for _ in range(3)], [3, 5, 7])

    def test_chunked_body_and_expect_continue(self):
        text = json.dumps(chat())
        with Client(gateway.port) as client:
            client.send(f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
                        "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n")
            self.assertEqual(client.head()[0], 100)
            for begin in range(0, len(text), 7):
                piece = text[begin:begin + 7]
                client.send(f"{len(piece):x}\r\n{piece}\r\n")
            client.send("0\r\n\r\n")
            self.assertEqual(client.answer().status, 200)

    def test_a_large_body_is_refused_before_it_is_read(self):
        with Client(gateway.port) as client:
            client.send(f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n")
            self.assertEqual(client.answer().reason, "request_too_large")
            self.assertTrue(client.is_closed())


class Drain(unittest.TestCase):
    def test_a_stream_ends_and_newcomers_are_refused(self):
        other = Gateway(TOLLGATE, simulator.base, SOURCE)
        own_key = other.make_key()["key"]
        other.start()
        with Client(other.port) as client, Client(other.port) as idle:
            client.send(request(own_key, chat("tokens=20 tps=20", stream=True)))
            client.until(b"data: ")
            ending = threading.Thread(target=other.stop)
            ending.start()
            self.assertTrue(idle.is_closed())
            self.assertIn(b"[DONE]", client.until(b"0\r\n\r\n"))
            with self.assertRaises(OSError):
                socket.create_connection(("127.0.0.1", other.port), timeout=2)
            ending.join()
        other.verify()


class Tls(unittest.TestCase):
    def test_both_sides_and_a_provider_that_nobody_vouches_for(self):
        with tempfile.TemporaryDirectory() as folder:
            certificate, secret = f"{folder}/certificate.pem", f"{folder}/key.pem"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", secret, "-out", certificate, "-days", "2",
                            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
            provider = Simulator(SIMULATOR, "--tls-certificate", certificate, "--tls-key", secret)
            base = provider.base.replace("127.0.0.1", "localhost")
            other = Gateway(TOLLGATE, base, SOURCE)
            with open(other.config, encoding="utf-8") as text:
                settings = text.read()
            settings = settings.replace("workers: 2", f"workers: 2, tls: {{certificate: {certificate}, private_key: {secret}}}")
            settings = settings.replace("attempts: 1,", f"attempts: 1, certificate_authority: {certificate},", 1)
            # The same provider without its authority, and under a name that the certificate does not have.
            for name, url in (("mistral", base), ("xai", provider.base)):
                extra = f", certificate_authority: {certificate}" if name == "xai" else ""
                settings = settings.replace("telemetry:", f'  {name}: {{protocol: openai, base_url: "{url}", keys: ["k"], attempts: 1{extra}}}\ntelemetry:')
            with open(other.config, "w", encoding="utf-8") as out:
                out.write(settings)
            own_key = other.make_key()["key"]
            other.start()
            try:
                trust = ssl.create_default_context(cafile=certificate)
                for model, status in (("openai/gpt-flat", 200), ("mistral/x", 502), ("xai/x", 502)):
                    with Client(other.port) as client:
                        client.socket = trust.wrap_socket(client.socket, server_hostname="localhost")
                        client.send(request(own_key, chat() | {"model": model}))
                        self.assertEqual(client.answer().status, status, model)
            finally:
                other.stop()
                provider.stop()


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=1)
