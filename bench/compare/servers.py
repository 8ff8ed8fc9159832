"""Starts servers on a core of their own, finds where they listen, and ends them."""
import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from building import command_of

START_SECONDS, END_SECONDS = 20, 5


class Failed(Exception):
    """A server or a load generator did not do what it is there for."""


def sockets_of(pid):
    inodes = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found = re.fullmatch(r"socket:\[(\d+)\]", os.readlink(entry))
        except OSError:
            continue
        if found:
            inodes.add(found[1])
    return inodes


def listening_port(pid):
    """The TCP port on which that process listens, or None. The kernel knows: asking by connecting
    would leave traces in the server."""
    try:
        own = sockets_of(pid)
        for table in ("tcp", "tcp6"):
            for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and fields[9] in own:
                    return int(fields[1].rpartition(":")[2], 16)
    except OSError:
        pass
    return None


class Server:

    def __init__(self, peer, core):
        self.peer, self.core = peer, core
        self.child = self.port = self.words = None

    def start(self):
        port = "127.0.0.1:0" if self.peer.name == "framewire" else "0"
        command = command_of(self.peer)
        command = ([word.replace("{port}", port) for word in command]
                   if "{port}" in command else [*command, port])
        self.words = tempfile.TemporaryFile()
        # If we are killed, so is it: the kernel sends it SIGTERM.
        self.child = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "taskset", "-c", str(self.core),
             *command],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.words,
            start_new_session=True)
        give_up = time.monotonic() + START_SECONDS
        while not (port := listening_port(self.child.pid)):
            if self.child.poll() is not None:
                reason = f"ended with status {self.child.returncode}: {self.last_words()}"
                self.stop()
                raise Failed(reason)
            if time.monotonic() > give_up:
                self.stop()
                raise Failed(f"did not listen within {START_SECONDS} s")
            time.sleep(0.01)
        self.port = port

    def ensure_started(self):
        if self.child is None or self.child.poll() is not None:
            self.stop()
            self.start()

    def last_words(self):
        self.words.seek(0)
        said = self.words.read().decode(errors="replace").strip()
        return said.splitlines()[-1] if said else "no words"

    def cpu_nanoseconds(self):
        """The time that all of its threads have run."""
        total = 0
        for task in Path(f"/proc/{self.child.pid}/task").iterdir():
            try:
                total += int((task / "schedstat").read_text().split()[0])
            except FileNotFoundError:
                continue
        return total

    def stop(self):
        if self.child is None:
            return
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        self.words.close()
        self.child = None


class Servers:
    """Those of a comparison, by name. Whatever happens, they have ended when the block has."""

    def __init__(self, peers, core):
        self.by_name = {peer.name: Server(peer, core) for peer in peers}

    def __enter__(self):
        return self.by_name

    def __exit__(self, *_):
        for server in self.by_name.values():
            server.stop()
