"""Runs of a server that are recorded, and the power cuts that they might have met."""
import json
import os
import random
import subprocess
import tempfile
import threading
from pathlib import Path

from disk import Disk
from storing import SIZES, Client, Ended, StoringServer, message_of

POWER_CUTS = os.environ.get("FRAMEWIRE_POWER_CUTS", "")
EARLY_SERVER = os.environ.get("FRAMEWIRE_EARLY_SERVER", "")


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
    """Clients that send a few messages at once and wait for all acknowledgements."""
    def talk(which):
        chance = random.Random(f"{seed} {which}")
        try:
            with Client(port) as client:
                for _ in range(rounds):
                    client.ask([message_of(number, chance.choice(SIZES))
                                for number in numbers.take(chance.randint(1, burst))])
        except (Ended, OSError):
            pass

    clients = [threading.Thread(target=talk, args=(which,)) for which in range(connections)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()


def record(folder, trace, seed, numbers, rounds=4, sabotage="", options=""):
    """Starts on a new or an old file, a kill, a recovery, a stop, and what is written anew then."""
    disk = Disk(folder, trace)
    disk.sabotage(sabotage)
    try:
        with StoringServer(folder, disk.prefix, options) as server:
            for ending in (server.kill, server.stop, server.kill):
                server.start()
                load(server.port, f"{seed} {ending}", numbers, rounds)
                ending()
    finally:
        disk.close()


def record_early(folder, trace, numbers):
    """The same with a server that acknowledges too early."""
    disk = Disk(folder, trace)
    try:
        with subprocess.Popen([*disk.prefix, EARLY_SERVER, Path(folder) / "store.db"],
                              stdout=subprocess.PIPE, text=True) as server:
            with Client(int(server.stdout.readline())) as client:
                for number in numbers.take(50):
                    client.ask([message_of(number, 100)])
            server.kill()
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
    with tempfile.TemporaryDirectory() as folder:
        for run in range(runs):
            at = Path(folder) / str(run)
            at.mkdir(exist_ok=True)
            next_folder = Path(folder) / str(run + 1)
            trace = f"{at}.trace"
            options = f",keep={keep}" if keep else ""
            base = Path(folder) / f"{run}-base"
            _copy(at, base)
            record(at, trace, f"{seed} {run}", numbers, rounds, options=options)
            next_folder.mkdir()
            more = ["--from", str(base)] if run else []
            result, said = cut(trace, states, seed * 1000 + run, *more, "--leave",
                               str(next_folder), "--keep", str(keep))
            results.append(result)
            words += said
    return results, words


def _copy(folder, to):
    to.mkdir()
    for one in folder.iterdir():
        (to / one.name).write_bytes(one.read_bytes())
