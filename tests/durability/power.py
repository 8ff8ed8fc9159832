"""Runs of a server that are recorded, and the power cuts that they might have met."""
import json
import os
import random
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

from disk import Disk
from storing import SIZES, Client, EarlyServer, Ended, StoringServer, message_of

POWER_CUTS = os.environ.get("FRAMEWIRE_POWER_CUTS", "")
# The log is copied into the database when it has 32 pages of 4 KiB, instead of 16 384.
LOG_SCALE = 512


class Numbers:
    """Numbers of messages, each used once."""

    def __init__(self, first=1):
        self.next = first
        self.lock = threading.Lock()

    def take(self, count):
        with self.lock:
            first, self.next = self.next, self.next + count
        return range(first, self.next)


def load(port, seed, numbers, rounds, connections=3, burst=8):
    """Clients that send a few messages at once and wait for all replies. Returns those messages
    that were refused."""
    refused = []

    def talk(which):
        chance = random.Random(f"{seed} {which}")
        try:
            with Client(port) as client:
                for _ in range(rounds):
                    messages = [message_of(number, chance.choice(SIZES))
                                for number in numbers.take(chance.randint(1, burst))]
                    refused.extend(message for message, reply in zip(messages, client.ask(messages))
                                   if not reply.startswith("<"))
        except (Ended, OSError):
            pass

    clients = [threading.Thread(target=talk, args=(which,)) for which in range(connections)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return refused


def record(folder, trace, seed, numbers, rounds=4, sabotage="", options=""):
    """Starts on a new or an old file, a kill, a recovery, a stop, and what is written anew then."""
    disk = Disk(folder, trace)
    disk.change(sabotage, LOG_SCALE)
    try:
        with StoringServer(folder, disk.prefix, options) as server:
            for ending in (server.kill, server.stop, server.kill):
                server.start()
                load(server.port, f"{seed} {ending}", numbers, rounds)
                ending()
    finally:
        disk.close()


def record_failures(folder, trace, seed, numbers):
    """A flush fails, and the server is started again: of what it reads then, the cache of the
    system may know more than the disk."""
    chance = random.Random(seed)
    disk = Disk(folder, trace)
    disk.change(log_scale=LOG_SCALE)
    try:
        with StoringServer(folder, disk.prefix) as server:
            for files in ("log", "database", "log", "mark", "log"):
                server.start()
                load(server.port, f"{seed} {files} 1", numbers, 1)
                disk.plan("fail", "flush", files, chance.randint(1, 2), 1)
                refused = load(server.port, f"{seed} {files} 2", numbers, 2)
                chance.choice((server.stop, server.kill))()
                disk.repair()
                server.start()
                # One by one: what is there already is acknowledged without being written.
                with server.connect() as client:
                    for message in refused[:8]:
                        client.ask([message])
                server.kill()
    finally:
        disk.close()


def record_early(folder, trace, numbers):
    """The same with a server that acknowledges too early."""
    disk = Disk(folder, trace)
    try:
        with EarlyServer(folder, disk.prefix).start() as server, server.connect() as client:
            for number in numbers.take(50):
                client.ask([message_of(number, 100)])
    finally:
        disk.close()


def cut(trace, states, seed, *options):
    """What came of opening so many states, and words about those that were wrong."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as at:
        done = subprocess.run([POWER_CUTS, trace, str(states), str(seed), at, *options],
                              capture_output=True, text=True, check=False)
    if not done.stdout:
        raise AssertionError(f"power_cuts: status {done.returncode}: {done.stderr}")
    return json.loads(done.stdout), done.stderr


def cut_runs(seed, runs, states, rounds=4, keep=0):
    """Each run begins with what a power cut left of the one before. Returns results and words."""
    results, words = [], ""
    numbers = Numbers()
    options = f",keep={keep}" if keep else ""
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder) / "0"
        at.mkdir()
        for run in range(runs):
            before, trace, left = (Path(folder) / f"{run}-{name}"
                                   for name in ("before", "trace", "left"))
            shutil.copytree(at, before)
            record(at, trace, f"{seed} {run}", numbers, rounds, options=options)
            left.mkdir()
            result, said = cut(trace, states, seed * 1000 + run, "--from", before,
                               "--leave", left, "--keep", str(keep))
            results.append(result)
            words += said
            at = left
    return results, words


def cut_failures(seed, states):
    """The result, and words."""
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder) / "store"
        at.mkdir()
        record_failures(at, f"{folder}/trace", seed, Numbers())
        return cut(f"{folder}/trace", states, seed)
