"""A redis-server of the proof's own: on a free port, without persistence, ended with it. Standard library only."""
import shutil
import signal
import socket
import subprocess
import tempfile

from harness import free_port, wait_until


class Redis:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="tollgate-redis-")
        self.port = free_port()
        self.process = None
        self.start()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}"

    def start(self):
        self.process = subprocess.Popen(["/usr/bin/redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", self.folder],
                                        stdout=subprocess.DEVNULL)
        wait_until(self.answers, "redis-server to answer")

    def answers(self):
        try:
            return self.say("PING") == "+PONG"
        except OSError:
            return False

    def say(self, *words):
        """The first line of the answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as client:
            client.sendall(f"*{len(words)}\r\n".encode() + b"".join(f"${len(w)}\r\n{w}\r\n".encode() for w in words))
            return client.makefile("rb").readline().decode().strip()

    def info(self, section):
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as client:
            client.sendall(f"*2\r\n$4\r\nINFO\r\n${len(section)}\r\n{section}\r\n".encode())
            stream = client.makefile("rb")
            return stream.read(int(stream.readline()[1:])).decode()

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.thaw()
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
