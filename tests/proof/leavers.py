"""A thousand clients that read the answer of a stream and leave before the usage chunk: all of them pay.

Usage: leavers.py TOLLGATE SIMULATOR SOURCE_FOLDER [CLIENTS]"""
import json
import socket
import sys
from fractions import Fraction

from harness import FLAT_MODEL, Gateway, Simulator, in_threads, wait_until

THREADS = 25
TOKENS = 12
REQUEST = Fraction("0.09702")  # 0.001 USD × 88 × 1.05 × 1.05, in INR
TOKEN = Fraction("0.0009702")


def leave(gateway, key):
    """Reads until all but the last tokens have come, and is gone. What is read is at least so many tokens."""
    body = json.dumps({"model": FLAT_MODEL, "max_tokens": 500, "stream": True, "messages": [{"role": "user", "content": f"[[sim: tokens={TOKENS + 300} tps=300]]"}]})
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=60) as client:
        client.sendall((f"POST /v1/chat/completions HTTP/1.1\r\nHost: proof\r\nAuthorization: Bearer {key}\r\n"
                        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode())
        came = b""
        while came.count(b'"content":') < TOKENS - 2:
            piece = client.recv(65536)
            assert piece, came
            came += piece
        assert b'"usage":{' not in came and b"[DONE]" not in came


def main():
    tollgate, simulator_binary, source = sys.argv[1:4]
    clients = int(sys.argv[4]) if len(sys.argv) > 4 else 1000
    simulator = Simulator(simulator_binary)
    gateway = Gateway(tollgate, simulator.base, source)
    key = gateway.make_key(rate_limit=10000, budget="100000")
    gateway.start()
    try:
        in_threads(THREADS, lambda _: [leave(gateway, key["key"]) for _ in range(clients // THREADS)])
        count = "SELECT count(*) FROM usage_events WHERE key_id = ?"
        made = clients // THREADS * THREADS
        wait_until(lambda: gateway.rows(count, key["id"])[0][0] == made, "every call to be in the books")
        free = gateway.rows(count + " AND cost_micros = 0", key["id"])[0][0]
        cheapest, total = gateway.rows("SELECT min(cost_micros), sum(cost_micros) FROM usage_events WHERE key_id = ?", key["id"])[0]
        gone = gateway.rows(count + " AND client_gone = 1", key["id"])[0][0]
        assert free == 0, f"{free} of {made} were free"
        assert Fraction(cheapest, 1_000_000) >= REQUEST + 4 * TOKEN, f"one paid {cheapest} micros for {TOKENS - 2} tokens and more"
        gateway.stop()
        gateway.verify()
        print(f"{made} clients read the answer and left before the usage ({gone} were seen to go): 0 free, {total / 1_000_000} INR in all, {cheapest / 1_000_000} the least")
    finally:
        if gateway.process.poll() is None:
            gateway.kill()
        simulator.stop()


if __name__ == "__main__":
    main()
