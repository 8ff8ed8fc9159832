"""kill -9 of a server that stores, again and again, and what its clients know then."""
import random
import threading
import time
from pathlib import Path

from disk import Disk
from storing import (SIZES, TIMEOUT, Client, Ended, StoringServer, acknowledged, id_of,
                     message_of)

# Kills at one of so many calls of a transaction and of a start: a write that is half done, a flush
# that is not.
CALLS_MAX = 60
# The log is copied into the database when it has 1 MiB, instead of 64.
LOG_SCALE = 64
# So seldom, as what compares also recovers the file; mostly the server should do that.
COMPARE_EVERY = 5
# All that is stored is compared that often; otherwise what came since the last time.
WHOLE_EVERY = 50


class Ledger:
    """What clients have sent and what was acknowledged, by id."""

    def __init__(self):
        self.lock = threading.Lock()
        self.next = 1
        self.offsets = {}      # of what was acknowledged
        self.unanswered = []   # messages: sent again, as their clients would
        self.wrong = []

    def take(self, chance, count):
        """Messages to send: those without an answer come first."""
        with self.lock:
            again = [self.unanswered.pop() for _ in range(min(count, len(self.unanswered)))]
            first, self.next = self.next, self.next + count - len(again)
            return again + [message_of(number, chance.choice(SIZES))
                            for number in range(first, self.next)]

    def note(self, message, reply):
        offset, name = acknowledged(reply)
        with self.lock:
            if name != id_of(message) or self.offsets.setdefault(name, offset) != offset:
                self.wrong.append(f"{id_of(message)} has the reply {reply}")

    def give_back(self, messages):
        with self.lock:
            self.unanswered += messages


def talk(port, ledger, chance):
    """Sends until the connection ends."""
    waiting = []
    try:
        with Client(port) as client:
            while True:
                waiting = ledger.take(chance, chance.randint(1, 16))
                client.send(waiting)
                while waiting:
                    reply = client.receive()
                    ledger.note(waiting.pop(0), reply)
    except (Ended, OSError):
        ledger.give_back(waiting)


class Killing:
    """Cycles of a start, a load and a kill, of one store."""

    def __init__(self, folder, seed, connections=3, kind=StoringServer):
        self.chance = random.Random(seed)
        self.ledger = Ledger()
        self.disk = Disk(folder)
        self.disk.change(log_scale=LOG_SCALE)
        self.server = kind(folder, self.disk.prefix)
        self.connections = connections
        self.compared = 1  # what is stored from this offset on has not been compared yet
        self.known = {}    # ids by offset
        self.kills = 0
        self.at_calls = 0

    def close(self):
        self.server.kill()
        self.disk.close()

    def cycle(self):
        """One kill: at a moment, or at a call of the store's thread; sometimes while it starts."""
        at_call = self.chance.random() < 0.5
        if self.chance.random() < 0.2:
            self._kill_while_starting(at_call)
        else:
            self.kill_under_load(at_call)
        self.server.kill()
        self.kills += 1
        self.disk.repair()

    def _kill_while_starting(self, at_call):
        if at_call:
            self._plan()
        self.server.begin()
        time.sleep(self.chance.random() * 0.06)

    def kill_under_load(self, at_call):
        self.server.start()
        clients = [threading.Thread(target=talk, args=(self.server.port, self.ledger,
                                                       random.Random(self.chance.random())))
                   for _ in range(self.connections)]
        for one in clients:
            one.start()
        if at_call:
            self._plan()
            self._wait_for_end()
            self.at_calls += 1
        else:
            time.sleep(self.chance.random() * 0.05)
        self.server.child.kill()
        for one in clients:
            one.join()

    def _plan(self):
        calls = self.chance.choice(("write", "flush", "write flush"))
        self.disk.plan("end process", calls, "database log mark journal",
                       self.chance.randint(1, CALLS_MAX if "write" in calls else 6), 1)

    def _wait_for_end(self):
        until = time.monotonic() + TIMEOUT
        while self.server.child.poll() is None and time.monotonic() < until:
            time.sleep(0.002)

    def compare(self, whole=False):
        """What is stored, with what the clients know. Returns what is wrong."""
        if not self.server.path.exists():
            return self.ledger.wrong
        if whole:
            self.compared, self.known = 1, {}
            self.server.expect_sound()
        for offset, message in self.server.stored(self.compared):
            name = id_of(message)
            if message != message_of(int(name[:8], 16), int(name[8:], 16)):
                self.ledger.wrong.append(f"the message at {offset} is another one")
            if offset != self.compared:
                self.ledger.wrong.append(f"the message at {self.compared} is missing")
            self.known[offset] = name
            self.compared = offset + 1
        for name, offset in self.ledger.offsets.items():
            if self.known.get(offset) != name:
                self.ledger.wrong.append(f"{name}, acknowledged with {offset}, is lost")
        if len(set(self.known.values())) != len(self.known):
            self.ledger.wrong.append("a message is stored twice")
        return self.ledger.wrong


def kill_often(folder, seed, kills, notify=lambda killing: None):
    """A `Killing` after so many cycles; it stops when something is wrong."""
    killing = Killing(Path(folder), seed)
    try:
        for number in range(1, kills + 1):
            killing.cycle()
            notify(killing)
            whole = number % WHOLE_EVERY == 0 or number == kills
            if (whole or number % COMPARE_EVERY == 0) and killing.compare(whole):
                break
    finally:
        killing.close()
    return killing
