"""Half load with faults for a long time: memory and descriptors must be flat. Callers leave in the middle, read slowly, mutate their requests; the
provider misbehaves at random. Usage: soak.py TOLLGATE SIMULATOR SOURCE_FOLDER MINUTES (scripts/soak builds and starts it)"""
import multiprocessing
import random
import sys
import threading
import time

from client import Client, Ended, Malformed
from mixup import SEED, Tally, judge, provider
from mutate import SEEDS, mutate
from slow import descriptors, resident
from stage import BODY, ID_PLACE, STREAM, WireGateway, request

TOLLGATE, _, SOURCE = sys.argv[1:4]
MINUTES = float(sys.argv[4])
CLIENTS = 32
# Key cache, pools and the allocator fill at first; what grows behind that is a leak.
WARM_UP, MEMORY_SLACK, DESCRIPTOR_SLACK = 0.3, 4 * 1024 * 1024, 40


class Pace:
    """Lets `rate` calls a second through; None: all of them."""

    def __init__(self):
        self.lock, self.rate, self.next, self.done = threading.Lock(), None, time.monotonic(), 0

    def wait(self):
        with self.lock:
            self.done += 1
            if self.rate is None:
                return
            now = time.monotonic()
            self.next = max(self.next + 1 / self.rate, now - 1)
            pause = self.next - now
        if pause > 0:
            time.sleep(pause)


def caller(gateway, tally, pace, stop, seed):
    source, client, number = random.Random(seed), None, 0
    while not stop.is_set():
        pace.wait()
        number += 1
        name = f"x{seed % 100:02d}{number % 100_000:05d}"
        text = request(body=(STREAM if source.random() < 0.4 else BODY).replace(ID_PLACE, name.encode())).replace(b"sk-" + b"K" * 64, gateway.key)
        client = client or Client(gateway.port, seconds=30)
        try:
            kind = source.randrange(20)
            if kind == 0:  # leaves, orderly or not, wherever the call may be
                client.send(text[:source.randrange(len(text) + 1)])
                time.sleep(source.choice((0, 0.001, 0.02)))
                source.choice((client.reset, client.socket.close))()
                client = None
                tally.add("left")
                continue
            if kind == 1:
                client.send(mutate(source, source.choice(SEEDS)))
                client = client.socket.close()
                tally.add("mutant")
                continue
            client.send(text)
            if kind == 2:
                time.sleep(0.2)  # reads late
            answer = client.read_answer()
            tally.add(judge(answer, name))
            if answer.field("connection") == "close" or not answer.complete:
                client = client.socket.close()
        except (AssertionError, Malformed, Ended, OSError, ValueError, KeyError, AttributeError) as fault:
            tally.add("wrong", f"{type(fault).__name__}: {fault}")
            client = client.socket.close() if client else None


def watch(gateway, pace, seconds):
    """Samples (second, resident bytes, descriptors), printed as they come."""
    period, samples, start = max(1.0, min(10.0, seconds / 30)), [], time.monotonic()
    print(f"{'second':>7} {'calls':>9} {'resident KiB':>13} {'descriptors':>12}")
    while time.monotonic() - start < seconds and gateway.process.poll() is None:
        time.sleep(period)
        samples.append((time.monotonic() - start, resident(gateway), descriptors(gateway)))
        print(f"{samples[-1][0]:>7.0f} {pace.done:>9} {samples[-1][1] // 1024:>13} {samples[-1][2]:>12}", flush=True)
    return samples


def is_flat(samples, seconds):
    """Compares the last third of what comes behind the warm-up with its first third."""
    behind = [sample for sample in samples if sample[0] > WARM_UP * seconds]
    third = max(1, len(behind) // 3)
    flat = True
    for what, at, slack in (("resident bytes", 1, MEMORY_SLACK), ("descriptors", 2, DESCRIPTOR_SLACK)):
        first, last = (sorted(sample[at] for sample in part)[len(part) // 2] for part in (behind[:third], behind[-third:]))
        ok = last <= first * 1.05 + slack
        flat = flat and ok
        print(f"{what}: median {first} at first, {last} at last: {'flat' if ok else 'NOT FLAT'}")
    return flat


def main():
    pipe, other = multiprocessing.Pipe()
    multiprocessing.Process(target=provider, args=(other, SEED), daemon=True).start()
    gateway = WireGateway(TOLLGATE, pipe.recv(), SOURCE, access_log='"off"', log_level="error")
    tally, pace, stop = Tally(), Pace(), threading.Event()
    threads = [threading.Thread(target=caller, args=(gateway, tally, pace, stop, 1000 + number)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    time.sleep(3)
    pace.rate = max(20.0, pace.done / 3 / 2)
    print(f"{pace.done / 3:.0f} calls/s is all that this driver and gateway do together; from now on half of that")
    samples = watch(gateway, pace, MINUTES * 60)
    stop.set()
    for thread in threads:
        thread.join()
    print(", ".join(f"{kind}: {count}" for kind, count in sorted(tally.kinds.items())))
    for fault in tally.faults[:10]:
        print(f"FAILED {fault}")
    gateway.stop()
    gateway.verify()
    return 0 if is_flat(samples, MINUTES * 60) and not tally.faults else 1


if __name__ == "__main__":
    sys.exit(main())
