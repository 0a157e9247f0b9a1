"""The gateways that bench/run measures, and the provider behind them. Each is started afresh for every use, in a folder of its own that goes with
it, listens on a free loopback port and stops by its process id. Standard library only."""
import glob
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time

KEYS = 16  # API keys in use at once

NGINX = """
daemon off;
master_process on;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr error;
worker_rlimit_nofile 60000;
{modules}
events {{ worker_connections 25000; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  client_body_buffer_size 128k;
  keepalive_requests 1000000000;
  upstream provider {{
    server 127.0.0.1:{provider};
    keepalive 6000;
    keepalive_requests 1000000000;
  }}
  {http}
  server {{
    listen 127.0.0.1:{port} backlog=8192;
    location / {{
      {access}
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_read_timeout 300s;
    }}
  }}
}}
"""

# What a team writes by hand: the key by its hash from Redis, a counter of requests in this minute.
LUA = """
      access_by_lua_block {{
        local redis = require "small_redis"
        local sha256 = require("hash").sha256
        local key = ngx.var.http_authorization
        if not key or key:sub(1, 7) ~= "Bearer " then return ngx.exit(401) end
        local id = sha256(key:sub(8))
        local link = redis.connect({redis})
        local record = link:ask("GET", "key:" .. id)
        if not record then return ngx.exit(401) end
        local counter = "rate:" .. id .. ":" .. math.floor(ngx.time() / 60)
        local count = tonumber(link:ask("INCR", counter))
        if count == 1 then link:ask("EXPIRE", counter, "120") end
        link:keep()
        if count > tonumber(record) then return ngx.exit(429) end
      }}
"""

SMALL_REDIS = """
local small = {}
small.__index = small
function small.connect(port)
  local socket = ngx.socket.tcp()
  local ok, fault = socket:connect("127.0.0.1", port)
  if not ok then error(fault) end
  return setmetatable({socket = socket}, small)
end
function small:ask(...)
  local words = {...}
  local out = {"*", #words, "\\r\\n"}
  for _, word in ipairs(words) do
    out[#out + 1] = "$" .. #word .. "\\r\\n" .. word .. "\\r\\n"
  end
  assert(self.socket:send(out))
  local line = assert(self.socket:receive())
  local kind, rest = line:sub(1, 1), line:sub(2)
  if kind == "-" then error(rest) end
  if kind ~= "$" then return rest end
  if rest == "-1" then return nil end
  local value = assert(self.socket:receive(tonumber(rest)))
  assert(self.socket:receive(2))
  return value
end
function small:keep() self.socket:setkeepalive(60000, 512) end
return small
"""

HASH = """
local ffi = require "ffi"
ffi.cdef "unsigned char *SHA256(const unsigned char *d, size_t n, unsigned char *md);"
local crypto = ffi.load("crypto.so.3")
local digest = ffi.new("unsigned char[32]")
local function sha256(text)
  crypto.SHA256(text, #text, digest)
  return (ffi.string(digest, 32):gsub(".", function(c) return string.format("%02x", c:byte()) end))
end
return {sha256 = sha256}
"""

HAPROXY = """
global
  maxconn {connections}
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 300s
  timeout server 300s
  option http-no-delay
frontend front
  bind 127.0.0.1:{port} backlog 8192
  default_backend provider
backend provider
  http-reuse always
  server one 127.0.0.1:{provider} pool-max-conn 6000
"""

TOLLGATE = """
server:
  listen: ["127.0.0.1:{port}"]
  workers: 1
  limits: {{connections: 25000}}
storage: {{database: "{database}", journal: "{folder}/journal"{redis}}}
accounts: {{concurrency: 0}}
keys: {{max_rate_limit: 1000000000}}
billing:
  prices: {source}/config/prices.json
  price_overrides:
    gpt-bench: {{input_cost_per_token: 0.00000015, output_cost_per_token: 0.0000006, max_output_tokens: 4096}}
providers:
  openai: {{protocol: openai, base_url: "http://127.0.0.1:{provider}/v1", keys: ["sk-provider"], connections: 6000}}
telemetry: {{metrics_listen: "127.0.0.1:{metrics}", access_log: "off", log_level: error}}
"""


def service_environment(source):
    """What the systemd unit sets for the program."""
    with open(f"{source}/config/tollgate.service", encoding="utf-8") as unit:
        words = [line.strip().split("=", 2)[1:] for line in unit if line.startswith("Environment=")]
    return dict(words)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.01)
    raise SystemExit(f"waited {seconds} s in vain for {what}")


def is_answered(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


class Server:
    """A process, its folder and the processor it is pinned to."""

    def __init__(self, place, cpu=None):
        self.build, self.source, self.cpu, self.wrapper = place.build, place.source, cpu, place.wrapper
        self.folder = tempfile.mkdtemp(prefix="tollgate-bench-")
        os.chmod(self.folder, 0o755)
        self.process = None
        self.port = free_port()

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def spawn(self, *words, **options):
        log = open(os.path.join(self.folder, "log"), "ab")  # noqa: SIM115 (the child's for its life)
        cpu = self.cpu
        self.process = subprocess.Popen(words, stderr=log, start_new_session=True,
                                        preexec_fn=None if cpu is None else lambda: os.sched_setaffinity(0, {cpu}), **options)
        log.close()

    def await_port(self):
        def is_up():
            if self.process.poll() is not None:
                with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as log:
                    raise SystemExit(f"{type(self).__name__} ended at once: {log.read()[-2000:]}")
            return is_answered(self.port)
        wait_until(is_up, f"{type(self).__name__} to listen")

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Provider(Server):
    def start(self):
        self.spawn(f"{self.build}/bin/bench_provider", stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())


class Direct(Server):
    """No gateway: what the provider and the load cost by themselves."""
    name = "direct"
    keys = None

    def start(self, provider):
        self.port, self.process = provider.port, provider.process

    def stop(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Nginx(Server):
    name = "nginx"
    keys = None

    def config(self, provider):
        return NGINX.format(folder=self.folder, provider=provider.port, port=self.port, modules="", http="", access="")

    def start(self, provider):
        self.spawn("/usr/sbin/nginx", "-e", "stderr", "-p", self.folder, "-c", self.write("nginx.conf", self.config(provider)))
        self.await_port()


class Haproxy(Server):
    name = "haproxy"
    keys = None

    def start(self, provider):
        # It will not start with fewer descriptors than it may need: two for each connection, and some.
        connections = min(25_000, (resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 500) // 2)
        config = self.write("haproxy.cfg", HAPROXY.format(port=self.port, provider=provider.port, connections=connections))
        self.spawn("/usr/sbin/haproxy", "-db", "-f", config, stdout=subprocess.DEVNULL)
        self.await_port()


class Redis(Server):
    def start(self):
        self.spawn("/usr/bin/redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                   "--dir", self.folder, stdout=subprocess.DEVNULL)
        self.await_port()

    def tell(self, *words):
        request = f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as link:
            link.sendall(request.encode())
            return link.recv(4096)


class NginxLua(Nginx):
    name = "nginx+lua"

    def __init__(self, place, cpu=None):
        super().__init__(place, cpu)
        self.redis = Redis(place, place.other_cpu)
        self.keys = self.write("keys", "".join(f"sk-{number:064x}\n" for number in range(KEYS)))

    def config(self, provider):
        modules = "".join(f"load_module {glob.glob(f'/usr/lib/nginx/modules/{name}')[0]};\n"
                          for name in ("ndk_http_module.so", "ngx_http_lua_module.so"))
        return NGINX.format(folder=self.folder, provider=provider.port, port=self.port, modules=modules,
                            http=f'lua_package_path "{self.folder}/?.lua;;";', access=LUA.format(redis=self.redis.port))

    def start(self, provider):
        import hashlib
        self.redis.start()
        with open(self.keys, encoding="utf-8") as keys:
            for key in keys.read().split():
                self.redis.tell("SET", "key:" + hashlib.sha256(key.encode()).hexdigest(), "1000000000")
        self.write("small_redis.lua", SMALL_REDIS)
        self.write("hash.lua", HASH)
        super().start(provider)

    def stop(self):
        super().stop()
        self.redis.stop()


class Tollgate(Server):
    """Everything on: keys, limits, budgets, metering, journal and metrics; access log off, as for the others."""
    name = "tollgate"
    binary = None

    def settings(self, provider):
        return {"port": self.port, "folder": self.folder, "source": self.source, "provider": provider.port, "metrics": free_port(),
                "database": f"sqlite:{self.folder}/tollgate.db", "redis": ""}

    def start(self, provider):
        binary = self.binary or f"{self.build}/bin/tollgate"
        config = self.write("tollgate.yaml", TOLLGATE.format(**self.settings(provider)))
        keys = []
        for number in range(KEYS):
            made = subprocess.run([binary, "key", "create", "--name", f"bench {number}", "--json", "--rate-limit", "1000000000", "--budget", "100000000",
                                   "--config", config], capture_output=True, text=True, check=False)
            if made.returncode != 0:
                raise SystemExit(f"{self.name}: {made.stderr}")
            keys.append(json.loads(made.stdout)["key"])
        self.keys = self.write("keys", "\n".join(keys) + "\n")
        self.spawn(*self.wrapper, binary, "serve", "--config", config, env=os.environ | service_environment(self.source))
        self.await_port()


class Postgres(Server):
    """A database of its own; stopped by the signal that lets it finish at once."""

    def start(self):
        self.spawn(f"{self.source}/scripts/private_postgres", f"{self.folder}/postgres", str(self.port), stdout=subprocess.DEVNULL)
        self.await_port()
        is_ready = glob.glob("/usr/lib/postgresql/*/bin/pg_isready")[0]
        wait_until(lambda: subprocess.run([is_ready, "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False).returncode == 0, "PostgreSQL")
        with open(f"{self.folder}/postgres/password", encoding="utf-8") as password:
            self.url = f"postgresql://tollgate:{password.read().strip()}@127.0.0.1:{self.port}/tollgate"

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=20)
        super().stop()


class TollgateShared(Tollgate):
    """The same on PostgreSQL and Redis, which run beside the provider and the load."""
    name = "tollgate-shared"

    def __init__(self, place, cpu=None):
        super().__init__(place, cpu)
        self.redis = Redis(place, place.other_cpu)
        self.postgres = Postgres(place, place.other_cpu)

    def settings(self, provider):
        return super().settings(provider) | {"database": self.postgres.url, "redis": f', redis: "redis://127.0.0.1:{self.redis.port}"'}

    def start(self, provider):
        self.redis.start()
        self.postgres.start()
        super().start(provider)

    def stop(self):
        super().stop()
        self.redis.stop()
        self.postgres.stop()
