"""What bench/run measures of one target: figures by name, from the verifying load and from /proc. Standard library only."""
import json
import os
import resource
import subprocess
import threading

import targets

FULL = {"closed": 4, "prompt": 3, "open": 5, "streams": 4, "few": 3, "hold": 4, "held": 5000}
QUICK = {"closed": 2, "prompt": 2, "open": 2, "streams": 2, "few": 2, "hold": 2, "held": 1000}
CHUNKS = 50


def raise_file_limit():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def tree_of(root):
    """The process and its descendants."""
    parents = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as stat:
                parents[int(name)] = int(stat.read().rpartition(")")[2].split()[1])
        except OSError:
            continue
    tree = [root]
    for process in tree:
        tree += [child for child, parent in parents.items() if parent == process]
    return tree


def cpu_of(root):
    """(user + system in seconds, the user part) of all threads of the tree. The total comes from the scheduler, exact to nanoseconds, where the
    kernel tells it; user time alone is known by ticks."""
    total = user = 0.0
    tick = os.sysconf("SC_CLK_TCK")
    for process in tree_of(root):
        try:
            with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as stat:
                fields = stat.read().rpartition(")")[2].split()
            user += int(fields[11]) / tick
            by_ticks = (int(fields[11]) + int(fields[12])) / tick
            exact = 0.0
            for thread in os.listdir(f"/proc/{process}/task"):
                with open(f"/proc/{process}/task/{thread}/schedstat", encoding="utf-8") as stat:
                    exact += int(stat.read().split()[0]) / 1e9
            total += exact if exact > 0 else by_ticks
        except OSError:
            continue
    return total, user


def resident_of(root):
    """KiB, the sum of the tree's proportional shares where the kernel tells them: workers share what their parent made."""
    kib = 0
    for process in tree_of(root):
        with open(f"/proc/{process}/smaps_rollup", encoding="utf-8") as text:
            kib += next(int(line.split()[1]) for line in text if line.startswith("Pss:"))
    return kib


class Bench:
    """One fresh target with its provider, and the figures that are taken of it."""

    def __init__(self, place, kind):
        self.place = place
        self.provider = targets.Provider(place, place.other_cpu)
        self.provider.start()
        cpu = place.other_cpu if kind is targets.Direct else 0
        self.target = kind(place, cpu)
        self.target.start(self.provider)
        self.samples = []

    def stop(self):
        self.target.stop()
        self.provider.stop()

    def note(self, figure, value):
        self.samples.append((self.target.name, figure, value))

    def command(self, mode, **options):
        words = [f"{self.place.build}/bin/bench_load", mode, "--port", str(self.target.port)]
        if self.target.keys:
            words += ["--key", self.target.keys]
        for name, value in options.items():
            words += [f"--{name.replace('_', '-')}", str(value)]
        return ["taskset", "-c", str(self.place.other_cpu), *words]

    def load(self, mode, **options):
        """(what the load says, CPU seconds, user seconds, Redis' CPU seconds) of one run."""
        redis = getattr(self.target, "redis", None)
        before, redis_before = cpu_of(self.target.process.pid), cpu_of(redis.process.pid) if redis else (0, 0)
        done = subprocess.run(self.command(mode, **options), capture_output=True, text=True, check=False)
        after, redis_after = cpu_of(self.target.process.pid), cpu_of(redis.process.pid) if redis else (0, 0)
        if done.returncode != 0:
            raise SystemExit(f"{self.target.name}, {mode}: {done.stdout[-600:]}{done.stderr[-600:]}")
        return json.loads(done.stdout), after[0] - before[0], after[1] - before[1], redis_after[0] - redis_before[0]

    def plain(self, name, seconds, **options):
        done, cpu, user, redis = self.load("closed", connections=64, seconds=seconds, **options)
        self.note(f"{name} rate", done["requests"] / done["seconds"])
        self.note(f"{name} cpu", cpu / done["requests"] * 1e6)
        self.note(f"{name} user", user / done["requests"] * 1e6)
        self.note(f"{name} p50", done["p50_us"])
        self.note(f"{name} p99", done["p99_us"])
        if redis > 0:
            self.note(f"{name} redis", redis / done["requests"] * 1e6)

    def open_loop(self, seconds):
        done, cpu, _, _ = self.load("open", connections=32, rate=500, seconds=seconds)
        self.note("open cpu", cpu / done["requests"] * 1e6)
        self.note("open p50", done["p50_us"])
        self.note("open p99", done["p99_us"])

    def streams(self, name, count, seconds):
        done, cpu, _, _ = self.load("streams", connections=count, seconds=seconds, chunks=CHUNKS, interval_us=20000)
        self.note(f"{name} cpu", cpu / done["chunks"] * 1e6)
        for share in ("p50", "p99", "p999"):
            self.note(f"{name} {share}", done[f"{share}_us"])

    def hold(self, count, seconds):
        idle = resident_of(self.target.process.pid)
        load = subprocess.Popen(self.command("hold", connections=count, seconds=seconds, chunks=600, interval_us=1000000), stdout=subprocess.PIPE, text=True)
        watchdog = threading.Timer(120, load.kill)
        watchdog.start()
        if load.stdout.readline() != "open\n":
            raise SystemExit(f"{self.target.name}: {count} streams did not open")
        said = None
        threading.Timer(seconds * 0.7, lambda: self.note("memory", (resident_of(self.target.process.pid) - idle) / count)).start()
        said = json.loads(load.stdout.readline())
        watchdog.cancel()
        if load.wait() != 0:
            raise SystemExit(f"{self.target.name}, hold: {said}")
        self.note("held p50", said["p50_us"])
        self.note("held p99", said["p99_us"])


def measure_target(place, kind, seconds):
    """Samples (target, figure, value). Memory is taken from a process of its own, which has served nothing else."""
    bench = Bench(place, kind)
    try:
        bench.load("closed", connections=64, seconds=1)  # caches warm, connections open
        bench.plain("plain", seconds["closed"])
        bench.plain("prompt", seconds["prompt"], prompt=32768)
        bench.open_loop(seconds["open"])
        bench.streams("streams", 1000, seconds["streams"])
        bench.streams("few", 200, seconds["few"])
        samples = bench.samples
    finally:
        bench.stop()
    bench = Bench(place, kind)
    try:
        bench.hold(seconds["held"], seconds["hold"])
        return samples + bench.samples
    finally:
        bench.stop()
