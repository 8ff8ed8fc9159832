"""The load generators: a bare one in C, and `framewire bench`. Both print what they saw as JSON,
with the same keys; `messages` counts all that were answered, so that the server's time can be
divided by it.
"""
import json
import os
import subprocess

from building import filled
from servers import Failed

SLACK_SECONDS = 15
AUTHORITY = "{out}/tls/ca.pem"
KEYS = ("messages_per_second", "p50_us", "p99_us", "p99_9_us", "max_us", "mean_us", "mismatched",
        "missing")


def bare(port, load, peer, seconds):
    return [filled("{out}/load"), "127.0.0.1", str(port), str(load.connections),
            str(load.in_flight), str(load.size), str(seconds), peer.framing.partition(":")[0]]


def product(port, load, peer, seconds):
    sizes = f"{load.size}..{load.largest}" if load.largest else str(load.size)
    return [filled("{root}/build/release/framewire"), "bench", f"127.0.0.1:{port}", "--framing",
            peer.framing, "--connections", str(load.connections),
            "--in-flight", str(load.in_flight), "--size", sizes,
            "--duration", f"{round(seconds * 1000)}ms", "--json", "-",
            *(("--tls-ca", filled(AUTHORITY), "--tls-name", "localhost") if peer.tls else ())]


def has_product():
    try:
        return subprocess.run([filled("{root}/build/release/framewire"), "bench", "--help"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              check=False).returncode == 0
    except OSError:
        return False


def run(command, core, seconds):
    try:
        done = subprocess.run(["setpriv", "--pdeathsig", "TERM", "taskset", "-c", str(core),
                               *command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              check=False, timeout=seconds + SLACK_SECONDS)
    except subprocess.TimeoutExpired:
        raise Failed("the load generator did not end") from None
    if done.returncode != 0:
        words = done.stderr.strip().splitlines()
        raise Failed(words[0] if words else f"the load generator's status is {done.returncode}")
    return json.loads(done.stdout[done.stdout.index("{"):])
