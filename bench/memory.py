#!/usr/bin/env python3
"""States the gateway's cold start and its memory per open stream.

Usage: bench/memory.py [--streams N] [--build build/release]   (after scripts/build release)
Everything on loopback: starts the gateway on an empty folder and the simulator, opens N slow streams, reads /proc, stops both."""
import argparse
import asyncio
import json
import os
import resource
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "proof"))
from harness import Gateway, Simulator  # noqa: E402  (the folder is only known at run time)


def resident_kib(process):
    with open(f"/proc/{process}/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


async def open_stream(port, key):
    body = json.dumps({"model": "gpt-flat", "max_tokens": 600, "stream": True,
                       "messages": [{"role": "user", "content": "[[sim: tokens=600 tps=1]]"}]})
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4096)
    writer.write((f"POST /v1/chat/completions HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n"
                  f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode())
    first = await reader.readline()
    assert first.startswith(b"HTTP/1.1 200"), first
    return reader, writer


async def measure(gateway, key, count):
    idle = resident_kib(gateway.process.pid)
    streams = []
    for begin in range(0, count, 250):
        streams += await asyncio.gather(*(open_stream(gateway.port, key) for _ in range(min(250, count - begin))))
    await asyncio.sleep(3)
    full = resident_kib(gateway.process.pid)
    for _, writer in streams:
        writer.close()
    return idle, full


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=5000)
    parser.add_argument("--build", default="build/release")
    arguments = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    simulator = Simulator(f"{arguments.build}/bin/tollgate-simulator")
    gateway = Gateway(f"{arguments.build}/bin/tollgate", simulator.base, os.getcwd())
    try:
        begun = time.perf_counter()
        gateway.start()
        cold = time.perf_counter() - begun
        key = gateway.make_key(rate_limit=10000)["key"]
        idle, full = asyncio.run(measure(gateway, key, arguments.streams))
        print(f"cold start on an empty folder, to the first accepted connection: {cold * 1000:.0f} ms")
        print(f"resident memory: idle {idle / 1024:.1f} MiB, with {arguments.streams} open streams {full / 1024:.1f} MiB, "
              f"{(full - idle) / arguments.streams:.1f} KiB a stream")
    finally:
        gateway.kill()
        simulator.stop()


if __name__ == "__main__":
    main()
