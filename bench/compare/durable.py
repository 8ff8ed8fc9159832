"""`./run compare --durable`: what our store acknowledges, beside others who promise as much."""
import csv
import io
import json
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from dataclasses import astuple, dataclass
from pathlib import Path

import document
from building import OUT, ROOT, Skipped, build, filled
from measuring import say
from peers import DURABLE
from tables import markdown, plain, rate, ratio

COMMAND = ROOT / "build/release/framewire"
POSTGRES = "/usr/lib/postgresql/15/bin"
CONNECTIONS = 50


@dataclass(frozen=True)
class Load:
    waiting: int
    size: int

    @property
    def name(self):
        return f"{CONNECTIONS}x{self.waiting}x{self.size}B"


LOADS = [Load(waiting, size) for size in (64, 4096) for waiting in (1, 16, 100)]
START_SECONDS = 20
HEAD = ("peer", "acknowledged/s", "ours to it", "p99 ms")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(port):
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def unprivileged(folder, *words):
    """For what root may not start: the folder becomes its own."""
    if os.geteuid() != 0:
        return words
    for inside in (folder, *Path(folder).rglob("*")):
        shutil.chown(inside, "nobody", "nogroup")
    return ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *words)


class Serving:
    """A server that ends with the block."""

    def __init__(self, port, *words):
        self.child = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *map(str, words)],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.terminate()
        self.child.wait()


def words_of(*command):
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=True).stdout


def framewire(folder, waiting, size, seconds):
    port = free_port()
    service = f"store:{folder}/messages.db,ack=OK"
    with Serving(port, COMMAND, "serve", "u32be", f":{port}", "--quiet", "--service", service):
        out = words_of(COMMAND, "bench", "u32be", f":{port}", "--connections", CONNECTIONS,
                       "--in-flight", waiting, "--size", size, "--duration", f"{seconds}s",
                       "--expect", "reply:OK", "--json", "-")
    report = json.loads(out[out.index("{"):])
    return report["messages_per_second"], report["p99_us"] / 1000


def redis(folder, waiting, size, seconds):
    """As many requests as take about so long; its own generator sends them."""
    port = free_port()
    with Serving(port, "redis-server", "--port", port, "--dir", folder, "--appendonly", "yes",
                 "--appendfsync", "always", "--save", "", "--auto-aof-rewrite-percentage", "0"):
        def measured(count):
            out = words_of("redis-benchmark", "-p", port, "-c", CONNECTIONS, "-P", waiting, "-n",
                           count, "--csv", "XADD", "s", "*", "m", size * "x")
            row = next(csv.DictReader(io.StringIO(out)))
            return float(row["rps"]), float(row["p99_latency_ms"])
        a_second, _ = measured(CONNECTIONS * waiting * 10)
        return measured(max(int(a_second * seconds), CONNECTIONS * waiting))


def sqlite(folder, waiting, size, seconds):
    per_second, p99 = words_of(filled("{out}/sqlite_batches"), f"{folder}/messages.db",
                         CONNECTIONS * waiting, size, seconds).split()
    return float(per_second), float(p99) / 1000


def jetstream(folder, waiting, size, seconds):
    port = free_port()
    with Serving(port, "nats-server", "-a", "127.0.0.1", "-p", port, "-js", "-sd", folder):
        per_second, p99 = words_of(filled("{out}/jetstream"), port, CONNECTIONS * waiting, size,
                             seconds).split()
    return float(per_second), float(p99) / 1000


def postgresql(folder, waiting, size, seconds):
    """With several in flight, one INSERT has them."""
    data, port = Path(folder, "data"), free_port()
    script = Path(folder, "insert.sql")
    script.write_text("INSERT INTO messages(payload) SELECT "
                      f"repeat('x', {size}) FROM generate_series(1, {waiting});\n")
    subprocess.run(unprivileged(folder, f"{POSTGRES}/initdb", "-D", data, "-U", "postgres", "-A",
                                "trust", "--no-instructions"), check=True, capture_output=True)
    base = "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"
    with Serving(port, *unprivileged(folder, f"{POSTGRES}/postgres", "-D", data, "-h",
                                     "127.0.0.1", "-p", port, "-k", folder)):
        words_of("psql", *base, "-c", "CREATE TABLE messages(n bigserial PRIMARY KEY, "
                 "time timestamptz DEFAULT now(), payload text)")
        words_of("pgbench", *base, "-n", "-c", CONNECTIONS, "-j", 2, "-M", "prepared", "-T",
                 max(1, round(seconds)), "-f", script, "-l", "--log-prefix", f"{folder}/log",
                 "postgres")
    took, first, last = [], float("inf"), 0
    for log in Path(folder).glob("log.*"):
        for line in log.read_text().splitlines():
            fields = line.split()
            took.append(int(fields[2]) / 1000)
            at = int(fields[4]) + int(fields[5]) / 1e6
            first, last = min(first, at - took[-1] / 1000), max(last, at)
    took.sort()
    return len(took) * waiting / (last - first), took[len(took) * 99 // 100]


MEASURES = {"framewire": framewire, "redis": redis, "sqlite_batches": sqlite,
            "jetstream": jetstream, "postgresql": postgresql}


def flush_ms(folder):
    """What the disk takes to flush 8 KiB, now."""
    with open(Path(folder, "flush"), "wb", buffering=0) as file:
        began = time.monotonic()
        for _ in range(50):
            file.write(8192 * b"x")
            os.fdatasync(file.fileno())
    return (time.monotonic() - began) * 1000 / 50


def in_turn(peers, loads, rounds, seconds):
    """{(load, peer): [(rate, p99)]}; every other round backwards, as the disk has moods."""
    found, flushes = {}, []
    for number in range(rounds):
        for load in loads:
            say(f"round {number + 1} of {rounds}: {load.name}")
            for peer in peers if number % 2 == 0 else reversed(peers):
                with tempfile.TemporaryDirectory(dir=OUT) as folder:
                    os.chmod(folder, 0o755)
                    flushes.append(flush_ms(folder))
                    one = MEASURES[peer.name](folder, *astuple(load), seconds)
                found.setdefault((load, peer.name), []).append(one)
    return found, flushes


def rows_of(found, load, peers):
    ours = [rate for rate, _ in found.get((load, "framewire"), [])]
    for peer in peers:
        rates, tails = zip(*found[load, peer.name])
        ratios = [mine / other for mine, other in zip(ours, rates)]
        beside = {"median": statistics.median(ratios), "min": min(ratios),
                  "max": max(ratios)} if ratios else None
        yield (peer.name, rate(statistics.median(rates)), ratio(beside),
               f"{statistics.median(tails):.2f}")


def tables(found, flushes, peers, loads, draw):
    for load in loads:
        yield f"{CONNECTIONS} connections x {load.waiting} in flight x {load.size} B"
        yield ""
        yield from draw(HEAD, list(rows_of(found, load, peers)))
        yield ""
    yield (f"A flush of 8 KiB took {statistics.median(flushes):.2f} ms "
           f"({min(flushes):.2f} to {max(flushes):.2f}).")


def run(peers, loads, options):
    OUT.mkdir(parents=True, exist_ok=True)
    built = []
    for peer in peers:
        try:
            build(peer)
            built.append(peer)
        except Skipped as reason:
            say(f"skipped: {peer.name}: {reason}")
    found, flushes = in_turn(built, loads, options.rounds, options.seconds)
    print("\n".join(tables(found, flushes, built, loads, plain)))
    if options.write:
        what = markdown(("peer", "what is measured"), [(one.name, one.reads) for one in built], 2)
        text = "\n".join([f"{options.rounds} rounds of {options.seconds:g} s.", "", *what, "",
                          *tables(found, flushes, built, loads, markdown)])
        document.write_part(text, document.DURABLE)
