"""Measures servers in turn: each round has every peer once under every load."""
import subprocess
import sys

import generators
import windows
from servers import Failed

WARM_UP_SECONDS = 0.1
FIRST_WARM_UP_SECONDS = 1  # after this, what compiles while it runs has compiled the most of it


def say(text, end="\n"):
    print(text, end=end, file=sys.stderr, flush=True)


def short(rate):
    if rate >= 1e6:
        return f"{rate / 1e6:.2f} M/s"
    return f"{rate / 1e3:.1f} k/s"


def rotated(items, by):
    by %= len(items)
    return [*items[by:], *items[:by]]


def forget_connections():
    """Has the kernel forget what it learned from connections before (its tcp_metrics): a slow-start
    threshold that one peer's losses left would slow down the next peer's, in its first moments or
    for good. False where that is not permitted."""
    try:
        done = subprocess.run(["ip", "tcp_metrics", "flush", "all"], capture_output=True)
    except FileNotFoundError:
        return False
    return done.returncode == 0


class Measuring:

    def __init__(self, servers, loads, load_core, seconds, bare):
        self.servers, self.loads = dict(servers), loads
        self.skipped = {}  # those that do not start, and why
        self.load_core, self.seconds = load_core, seconds
        self.samples, self.generator_samples = [], []
        self.has_product = generators.has_product()
        self.generator = generators.product if self.has_product and not bare else generators.bare

    def run(self, rounds):
        if not forget_connections():
            say("what the kernel knows of earlier connections stays: root may have it forgotten")
        self.warm_up()
        for round_ in range(rounds):
            for load in self.loads:
                say(f"round {round_ + 1} of {rounds}, {load.title}", end="")
                for name in rotated(list(self.servers), round_):
                    sample = self.sample(name, load, self.generator)
                    self.samples.append({"round": round_, "load": load.name, "peer": name,
                                         **sample})
                say("")
                if load.generator_goal:
                    self.compare_generators(load, round_)

    def warm_up(self):
        for name, server in list(self.servers.items()):
            say(f"starting {name}")
            try:
                server.ensure_started()
            except Failed as failed:
                say(f"skipped: {name}: {failed}")
                self.skipped[name] = str(failed)
                del self.servers[name]
                continue
            try:
                self.load(server, self.loads[0], min(FIRST_WARM_UP_SECONDS, 4 * self.seconds),
                          self.generator)
            except Failed as failed:
                say(f"{name}: {failed}")

    def load(self, server, load, seconds, generator):
        forget_connections()
        command = generator(server.port, load, server.peer, seconds)
        return generators.run(command, self.load_core, seconds)

    def sample(self, name, load, generator):
        server = self.servers[name]
        try:
            server.ensure_started()
            self.load(server, load, WARM_UP_SECONDS, generator)
            before = server.cpu_nanoseconds()
            with windows.Reading(server.port, load, self.seconds) as found:
                result = self.load(server, load, self.seconds, generator)
            cpu = server.cpu_nanoseconds() - before
            if result["mismatched"] or result["missing"]:
                raise Failed(f"{result['mismatched']} wrong and {result['missing']} lost replies")
        except Failed as failed:
            say(f", {name} failed ({failed})", end="")
            return {"failed": str(failed)}
        say(f", {name} {short(result['messages_per_second'])}", end="")
        each = cpu / result["messages"]
        return {key: result[key] for key in generators.KEYS} | found | {
            "cpu_ns_per_message": each, "busy": each * result["messages_per_second"] / 1e9}

    def compare_generators(self, load, round_):
        """Both against the floor and against our server, one directly after the other."""
        if not self.has_product:
            return
        say("  load generators", end="")
        for server in ("floor", "framewire"):
            if server not in self.servers:
                continue
            for name in rotated(["bare", "product"], round_):
                say(f", {name}", end="")
                sample = self.sample(server, load, getattr(generators, name))
                self.generator_samples.append({"round": round_, "load": load.name,
                                               "server": server, "generator": name, **sample})
        say("")
