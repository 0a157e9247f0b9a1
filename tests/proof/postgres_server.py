"""A PostgreSQL server for a proof: in a temporary folder, on a free port, run as another user when we are root."""
import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile

from harness import free_port, wait_until

SETTINGS = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=60"]


class Postgres:
    def __init__(self):
        self.binaries = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.folder = tempfile.mkdtemp(prefix="tollgate-postgres-")
        self.data = os.path.join(self.folder, "data")
        self.port = free_port()
        self.prefix = ["setpriv", "--pdeathsig=QUIT"]
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.prefix += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        secret = os.path.join(self.folder, "password")
        with open(secret, "w", encoding="utf-8") as out:
            out.write("hunter2\n")
        os.chmod(secret, 0o644)
        subprocess.run([*self.prefix, f"{self.binaries}/initdb", "-D", self.data, "-U", "tollgate", f"--pwfile={secret}", "--auth=scram-sha-256",
                        "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"], check=True, capture_output=True, cwd=self.folder)
        self.process = None
        self.url = f"postgresql://tollgate:hunter2@127.0.0.1:{self.port}/books"

    def start(self):
        with open(os.path.join(self.folder, "log"), "a", encoding="utf-8") as log:
            self.process = subprocess.Popen([*self.prefix, f"{self.binaries}/postgres", "-D", self.data, "-p", str(self.port), "-k", self.folder, *SETTINGS],
                                            stderr=log, stdout=log, cwd=self.folder)
        wait_until(lambda: self.psql("SELECT 1", "postgres", check=False) == "1", "PostgreSQL to answer", 60)

    def psql(self, statement, database="books", check=True):
        done = subprocess.run(["psql", "-XAtq", "-h", "127.0.0.1", "-p", str(self.port), "-U", "tollgate", "-d", database, "-c", statement], check=False,
                              capture_output=True, text=True, env={**os.environ, "PGPASSWORD": "hunter2", "PGCONNECT_TIMEOUT": "5"})
        assert done.returncode == 0 or not check, done.stderr
        return done.stdout.strip()

    def children(self):
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(word) for word in found.stdout.split()]

    def signal_all(self, number):
        for child in [self.process.pid, *self.children()]:
            try:
                os.kill(child, number)
            except ProcessLookupError:
                pass  # it has ended by itself

    def kill(self):
        children = self.children()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        wait_until(lambda: not any(os.path.exists(f"/proc/{child}") for child in children), "the server's children to end")

    def stop(self):
        if self.process.poll() is None:
            self.signal_all(signal.SIGCONT)
            self.process.send_signal(signal.SIGINT)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
