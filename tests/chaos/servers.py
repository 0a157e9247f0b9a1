"""PostgreSQL and Redis as these tests need them: started on free ports in folders of their own, killed, frozen, thawed, stopped by process group."""
import contextlib
import glob
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "proof"))
from harness import free_port, wait_until  # noqa: E402  (the folder is only known at run time)


def low_port():
    """A free port that leaves room for another 10,000 above it, where a node of a Redis Cluster talks to the others."""
    while True:
        port = random.randrange(10_000, 30_000)
        with contextlib.suppress(OSError), socket.socket() as probe, socket.socket() as bus:
            probe.bind(("127.0.0.1", port))
            bus.bind(("127.0.0.1", port + 10_000))
            return port


def unprivileged():
    """PostgreSQL does not run as root."""
    return {} if os.getuid() else {"user": "postgres", "group": "postgres"}


def make_folder(prefix):
    folder = tempfile.mkdtemp(prefix=f"tollgate-{prefix}-")
    if not os.getuid():
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
    return folder


class Server:
    """A process group that can be killed, frozen and started again on the same folder."""

    def __init__(self, name):
        self.folder = make_folder(name)
        self.port = free_port()
        self.process = None

    def command(self):
        raise NotImplementedError

    def is_ready(self):
        raise NotImplementedError

    def start(self):
        with open(os.path.join(self.folder, "output"), "a", encoding="utf-8") as output:
            self.process = subprocess.Popen(self.command(), cwd=self.folder, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
                                            start_new_session=True, **unprivileged())
        wait_until(self.is_ready, f"{type(self).__name__} on port {self.port}")
        return self

    def signal(self, number):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait()

    def freeze(self):
        self.signal(signal.SIGSTOP)

    def thaw(self):
        self.signal(signal.SIGCONT)

    def restart(self):
        self.kill()
        self.start()

    def remove(self):
        if self.process and self.process.poll() is None:
            self.thaw()
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Postgres(Server):
    BINARIES = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]

    def __init__(self, primary=None, settings=()):
        super().__init__("postgres")
        self.settings = list(settings)
        self.data = os.path.join(self.folder, "data")
        if primary:
            self.run("pg_basebackup", "-h", "127.0.0.1", "-p", str(primary.port), "-U", "tollgate", "-D", self.data, "-R", "-X", "stream",
                     "-c", "fast")
        else:
            self.run("initdb", "-D", self.data, "-U", "tollgate", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")

    def run(self, program, *arguments, check=True):
        return subprocess.run([os.path.join(self.BINARIES, program), *arguments], cwd=self.folder, check=check, capture_output=True,
                              text=True, **unprivileged())

    def command(self):
        settings = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder, "fsync": "off",
                    "max_connections": 200, "log_min_messages": "fatal"}
        return [os.path.join(self.BINARIES, "postgres"), "-D", self.data, *(word for name, value in settings.items()
                                                                           for word in ("-c", f"{name}={value}")),
                *(word for setting in self.settings for word in ("-c", setting))]

    def is_ready(self):
        return not self.run("pg_isready", "-h", "127.0.0.1", "-p", str(self.port), check=False).returncode

    def start(self):
        super().start()
        return self

    def create_database(self):
        self.run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "tollgate", "tollgate")
        return self

    def query(self, statement):
        """Rows as lists of text."""
        done = self.run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "tollgate", "-d", "tollgate", "-XAtF", "\t", "-c", statement)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def promote(self):
        self.query("SELECT pg_promote(true, 30)")


class Redis(Server):
    OPTIONS = ("--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction", "--protected-mode", "no", "--daemonize", "no",
               "--repl-diskless-sync-delay", "0")

    def __init__(self, *options):
        super().__init__("redis")
        self.port = low_port()
        self.options = options

    def command(self):
        return ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.folder, *self.OPTIONS, *self.options]

    def is_ready(self):
        return self.ask("PING", check=False) == "PONG"

    def ask(self, *words, check=True):
        return subprocess.run(["redis-cli", "-p", str(self.port), *words], check=check, capture_output=True, text=True).stdout.strip()


class Sentinel(Server):
    def __init__(self, master_port):
        super().__init__("sentinel")
        self.file = os.path.join(self.folder, "sentinel.conf")
        with open(self.file, "w", encoding="utf-8") as out:
            out.write(f"port {self.port}\nbind 127.0.0.1\nprotected-mode no\nsentinel monitor tollgate 127.0.0.1 {master_port} 2\n"
                      "sentinel down-after-milliseconds tollgate 1000\nsentinel failover-timeout tollgate 4000\n")
        if not os.getuid():
            os.chmod(self.file, 0o666)

    def command(self):
        return ["redis-sentinel", self.file]

    def is_ready(self):
        answer = subprocess.run(["redis-cli", "-p", str(self.port), "PING"], check=False, capture_output=True, text=True)
        return answer.stdout.strip() == "PONG"


class Cluster:
    """Six nodes, three of them masters."""

    def __init__(self):
        self.nodes = [Redis("--cluster-enabled", "yes", "--cluster-node-timeout", "2000") for _ in range(6)]
        for node in self.nodes:
            node.start()
        places = [f"127.0.0.1:{node.port}" for node in self.nodes]
        subprocess.run(["redis-cli", "--cluster", "create", *places, "--cluster-replicas", "1", "--cluster-yes"], check=True,
                       capture_output=True, stdin=subprocess.DEVNULL)
        wait_until(lambda: all("cluster_state:ok" in node.ask("CLUSTER", "INFO") for node in self.nodes), "the cluster")
        wait_until(lambda: len([node for node in self.nodes if "master_link_status:up" in node.ask("INFO", "replication")]) == 3, "the replicas")

    def masters(self):
        return [node for node in self.nodes if "role:master" in node.ask("INFO", "replication")]

    def remove(self):
        for node in self.nodes:
            node.remove()


class Relay:
    """Between a gateway and a store: connections that can be cut, and refused for a while."""

    def __init__(self, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        self.pairs = set()
        self.refuses = False
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                self.join(client)

    def join(self, client):
        if self.refuses:
            return client.close()
        try:
            server = socket.create_connection(("127.0.0.1", self.target), timeout=2)
        except OSError:
            return client.close()
        server.settimeout(None)
        pair = (client, server)
        self.pairs.add(pair)
        for source, target in (pair, pair[::-1]):
            threading.Thread(target=self.copy, args=(pair, source, target), daemon=True).start()

    def copy(self, pair, source, target):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
        self.pairs.discard(pair)
        for end in pair:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self):
        for pair in list(self.pairs):
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def remove(self):
        self.listener.close()
        self.cut()


class Stack:
    """The stores of one fleet: a PostgreSQL, with a standby or without, and Redis in one of its three forms."""

    def __init__(self, redis="single", standby=False, settings=()):
        self.parts = []
        self.postgres = self.keep(Postgres(settings=settings).start().create_database())
        self.standby = self.keep(Postgres(self.postgres).start()) if standby else None
        if standby:
            # A commit is told when the standby has it, too: what the ledger has taken survives the failover.
            self.postgres.query("ALTER SYSTEM SET synchronous_standby_names = '*'")
            self.postgres.query("SELECT pg_reload_conf()")
        self.database_relay = self.keep(Relay(self.postgres.port))
        # libpq asks the next host when one refuses, not when one accepts and closes, as the relay of a dead server does.
        ports = [self.postgres.port, self.standby.port] if standby else [self.database_relay.port]
        self.database = f"postgresql://tollgate@{','.join(f'127.0.0.1:{port}' for port in ports)}/tollgate?target_session_attrs=read-write"
        self.redis, self.cluster, self.redis_relay = None, None, None
        try:
            getattr(self, f"start_{redis}")()
        except BaseException:
            self.remove()
            raise

    def keep(self, part):
        self.parts.append(part)
        return part

    def start_single(self):
        self.redis = self.keep(Redis().start())
        self.redis_relay = self.keep(Relay(self.redis.port))
        self.redis_url = f"redis://127.0.0.1:{self.redis_relay.port}/0"

    def start_sentinel(self):
        self.redis = self.keep(Redis().start())
        self.replica = self.keep(Redis("--replicaof", "127.0.0.1", str(self.redis.port)).start())
        sentinels = [self.keep(Sentinel(self.redis.port).start()) for _ in range(3)]
        wait_until(lambda: "master_link_status:up" in self.replica.ask("INFO", "replication"), "the replica")
        time.sleep(2)  # the sentinels find each other by messages that they publish every two seconds
        self.redis_url = f"redis+sentinel://{','.join(f'127.0.0.1:{sentinel.port}' for sentinel in sentinels)}/tollgate/0"

    def start_cluster(self):
        self.cluster = self.keep(Cluster())
        self.redis_url = "redis+cluster://" + ",".join(f"127.0.0.1:{node.port}" for node in self.cluster.nodes[:3])

    def books(self):
        """The server that has the truth now."""
        return self.standby if self.standby and self.postgres.process.poll() is not None else self.postgres

    def remove(self):
        for part in reversed(self.parts):
            part.remove()
