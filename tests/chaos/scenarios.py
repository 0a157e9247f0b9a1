"""What goes wrong while three nodes serve calls. Each takes the world, breaks something, mends it, and leaves the time of the mending."""
import contextlib
import os
import shutil
import subprocess
import time

from servers import wait_until

FREEZE_SECONDS = 10


def mended(world, seconds=60):
    """Everything is there again: how long until every node serves?"""
    world.recovery = world.load.wait_for_success("free", time.time(), seconds)


def nothing(world):
    time.sleep(3)
    mended(world)


def kill_gateway(world):
    for node in world.fleet.nodes[:2]:
        node.kill()
        time.sleep(1)
        node.start()
    mended(world)


def freeze_gateway(world):
    node = world.fleet.nodes[1]
    node.process.send_signal(19)
    time.sleep(world.freeze_seconds)
    node.process.send_signal(18)
    mended(world)


def kill_redis(world):
    world.stack.redis.kill()
    time.sleep(3)
    world.stack.redis.start()
    mended(world)


def restart_redis(world):
    for _ in range(3):
        world.stack.redis.restart()
        time.sleep(1)
    mended(world)


def freeze_redis(world):
    world.stack.redis.freeze()
    time.sleep(world.freeze_seconds)
    world.stack.redis.thaw()
    mended(world)


def flush_redis(world):
    for _ in range(5):
        world.stack.redis.ask("FLUSHALL")
        time.sleep(0.7)
    mended(world)


def flush_scripts(world):
    for _ in range(10):
        world.stack.redis.ask("SCRIPT", "FLUSH")
        time.sleep(0.2)
    mended(world)


def cut_redis(world):
    for _ in range(5):
        world.stack.redis_relay.cut()
        time.sleep(0.5)
    world.stack.redis_relay.refuses = True
    world.stack.redis_relay.cut()
    time.sleep(2)
    world.stack.redis_relay.refuses = False
    mended(world)


def fail_over_redis(world):
    """The replica lags when it is promoted, so that counts which the master had answered are lost."""
    world.stack.replica.freeze()
    time.sleep(0.5)
    world.stack.redis.kill()
    world.stack.replica.thaw()
    wait_until(lambda: "role:master" in world.stack.replica.ask("INFO", "replication"), "the failover", 40)
    mended(world)


def kill_cluster_master(world):
    master = world.stack.cluster.masters()[0]
    master.kill()
    wait_until(lambda: len([node for node in world.stack.cluster.nodes if node is not master
                            and "role:master" in node.ask("INFO", "replication")]) == 3, "the failover", 40)
    master.start()
    mended(world)


def kill_postgres(world):
    world.stack.postgres.kill()
    time.sleep(3)
    world.stack.postgres.start()
    mended(world)


def freeze_postgres(world):
    world.stack.postgres.freeze()
    time.sleep(world.freeze_seconds)
    world.stack.postgres.thaw()
    mended(world)


def cut_postgres(world):
    for _ in range(5):
        world.stack.database_relay.cut()
        time.sleep(0.5)
    mended(world)


def fail_over_postgres(world):
    world.stack.postgres.kill()
    world.stack.standby.query("ALTER SYSTEM SET synchronous_standby_names = ''")
    world.stack.standby.promote()
    mended(world)


def kill_everything(world):
    for node in world.fleet.nodes:
        node.kill()
    world.stack.redis.kill()
    world.stack.postgres.kill()
    world.stack.postgres.start()
    world.stack.redis.start()
    for node in world.fleet.nodes:
        node.start()
    mended(world)


def fill_journal_disk(world):
    """One node's journal lies on a small file system, which fills up and empties again."""
    node = world.fleet.nodes[2]
    folder = os.path.join(node.folder, "journal")
    node.stop()
    shutil.rmtree(folder)
    os.mkdir(folder)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", folder], check=True)
    try:
        node.start()
        time.sleep(2)
        with contextlib.suppress(OSError), open(os.path.join(folder, "filler"), "wb") as filler:
            while True:
                filler.write(bytes(1 << 16))
        time.sleep(3)
        os.remove(os.path.join(folder, "filler"))
        mended(world)
        world.after_checks.append(lambda: (node.stop(), subprocess.run(["umount", folder], check=True)))
    except BaseException:
        node.kill()
        subprocess.run(["umount", "-l", folder], check=False)
        raise


def step_clock(world):
    """The wall clock of one node jumps by an hour, forward and back."""
    node = world.fleet.nodes[1]
    node.stop()
    stamp = os.path.join(node.folder, "clock")
    set_clock(stamp, "+0")
    library = subprocess.run(["sh", "-c", "ls /usr/lib/*/faketime/libfaketimeMT.so.1"], check=True, capture_output=True, text=True).stdout.strip()
    node.prefix = ["env", f"LD_PRELOAD={library}", f"FAKETIME_TIMESTAMP_FILE={stamp}", "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"]
    node.start()
    for offset in ("+3600", "-3600", "+0"):
        set_clock(stamp, offset)
        time.sleep(2)
    mended(world)


def set_clock(stamp, offset):
    with open(stamp + ".new", "w", encoding="utf-8") as out:
        out.write(offset + "\n")
    os.replace(stamp + ".new", stamp)


# name -> (what, how the stores are arranged)
ALL = {
    "nothing": (nothing, {}),
    "gateway kill -9": (kill_gateway, {}),
    "gateway frozen": (freeze_gateway, {}),
    "redis kill -9": (kill_redis, {}),
    "redis restarts": (restart_redis, {}),
    "redis frozen": (freeze_redis, {}),
    "redis FLUSHALL": (flush_redis, {}),
    "redis SCRIPT FLUSH": (flush_scripts, {}),
    "redis connections cut": (cut_redis, {}),
    "redis failover": (fail_over_redis, {"redis": "sentinel"}),
    "redis cluster": (nothing, {"redis": "cluster"}),
    "redis cluster master killed": (kill_cluster_master, {"redis": "cluster"}),
    "postgresql kill -9": (kill_postgres, {}),
    "postgresql frozen": (freeze_postgres, {}),
    "postgresql connections cut": (cut_postgres, {}),
    "postgresql failover": (fail_over_postgres, {"standby": True}),
    "everything kill -9": (kill_everything, {}),
    "journal's disk full": (fill_journal_disk, {}),
    "clock steps": (step_clock, {}),
}

QUICK = ("nothing", "gateway kill -9", "redis kill -9", "redis FLUSHALL", "postgresql kill -9")
