"""For how long a receive window was the limit, as the kernel counts it (TCP_INFO, read by `ss`)."""
import re
import subprocess
import threading
from pathlib import Path

# Reading a thousand sockets would be seen in the figures, and small messages fill no window.
SIZE_MIN = 16 << 10
WHEN = 0.8  # of the time that is measured
SLOW = 0.95  # of the floor's rate in the same round


def congestion_control():
    return Path("/proc/sys/net/ipv4/tcp_congestion_control").read_text(encoding="utf-8").strip()


def number(pattern, text):
    found = re.search(pattern, text)
    return float(found[1]) if found else 0.0


def shares(text, port):
    """From what `ss -Htin` prints, the part of its busy time for which a sender waited for its
    reader's window: of those that send to the port, and of those that send from it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    busy, limited = [0.0, 0.0], [0.0, 0.0]
    for addresses, info in zip(lines[::2], lines[1::2]):
        replies = int(addresses.split()[-2].rpartition(":")[2] == str(port))
        busy[replies] += number(r"\bbusy:(\d+)ms", info)
        limited[replies] += number(r"\brwnd_limited:(\d+)ms", info)
    return {name: limited[at] / busy[at] if busy[at] else 0.0
            for at, name in enumerate(("requests_window_limited", "replies_window_limited"))}


class Reading:
    """Reads the connections of a server once, towards the end of a load."""

    def __init__(self, port, load, seconds):
        self.port, self.found = port, {}
        self.timer = threading.Timer(WHEN * seconds, self.read) if load.size >= SIZE_MIN else None

    def __enter__(self):
        if self.timer:
            self.timer.start()
        return self.found

    def __exit__(self, *_):
        if self.timer:
            self.timer.cancel()
            self.timer.join()

    def read(self):
        try:
            done = subprocess.run(
                ["ss", "-Htin", "state", "established",
                 f"( sport = :{self.port} or dport = :{self.port} )"],
                capture_output=True, text=True, check=False)
        except FileNotFoundError:
            return
        if done.returncode == 0:
            self.found.update(shares(done.stdout, self.port))


def slow_rounds(samples, loads):
    """A line for each round of ours that was slow: was it a window?"""
    for load in loads:
        of_load = [sample for sample in samples
                   if sample["load"] == load.name and "failed" not in sample]
        floors = {sample["round"]: sample for sample in of_load if sample["peer"] == "floor"}
        for sample in of_load:
            floor = floors.get(sample["round"])
            if sample["peer"] != "framewire" or not floor or "replies_window_limited" not in sample:
                continue
            ratio = sample["messages_per_second"] / floor["messages_per_second"]
            if ratio >= SLOW:
                continue
            yield (f"{load.title}, round {sample['round'] + 1}: {ratio:.2f} of the floor; a window "
                   f"was the limit for {sample['requests_window_limited']:.0%} of the time that "
                   f"requests were being sent, {sample['replies_window_limited']:.0%} of the "
                   f"replies' (floor: {floor.get('requests_window_limited', 0):.0%}, "
                   f"{floor.get('replies_window_limited', 0):.0%})")
