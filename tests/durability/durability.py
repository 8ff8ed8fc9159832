"""durability.py BUILD [HOURS]: kills and power cuts of a server that stores; 1000 and 100 000, or
as many as fit. Prints a table, and what did not hold.
"""
import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

KILLS, STATES = 1000, 100_000
# Each power-cut run is recorded, and cut so often; every run but the first of three begins with
# what a cut has left.
STATES_OF_RUN, RUNS = 5000, 3
KILLS_OF_STORE = 250


class Figures:
    """What was tried, and what was wrong."""

    def __init__(self):
        self.kills = self.kept = self.states = self.acknowledged = 0
        self.wrong = []

    def print(self):
        print("| what | times | acknowledged messages | failed | failure rate, 95 % |\n"
              "| --- | ---: | ---: | ---: | ---: |")
        for what, times, messages in (("kill -9", self.kills, self.kept),
                                      ("power cut", self.states, self.acknowledged)):
            bound = f"< {3 / times:.1g}" if times and not self.wrong else "-"
            print(f"| {what} | {times} | {messages} | {len(self.wrong)} | {bound} |")
        for one in self.wrong[:20]:
            print(one)


def kill(figures, seed, kills):
    from kills import kill_often
    with tempfile.TemporaryDirectory() as folder:
        killing = kill_often(folder, seed, kills)
    figures.kills += killing.kills
    figures.kept += len(killing.ledger.offsets)
    figures.wrong += [f"kills, seed {seed}: {one}" for one in killing.ledger.wrong]


def cut(figures, seed, states):
    """Every other time with few messages kept, so that pages are used again; and one run whose
    flushes fail."""
    from power import cut_failures, cut_runs
    results, words = cut_runs(seed, RUNS, states, rounds=8, keep=60 if seed % 2 else 0)
    more, said = cut_failures(seed, states)
    results.append(more)
    words += said
    figures.states += sum(one["states"] for one in results)
    figures.acknowledged += results[-2]["acknowledged"] + results[-1]["acknowledged"]
    if any(one["wrong"] for one in results):
        figures.wrong += [f"power cuts: {one}" for one in words.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=Path, help="the folder of a build with tests")
    parser.add_argument("hours", type=float, nargs="?")
    given = parser.parse_args()
    tests = given.build.resolve() / "tests"
    os.environ |= {"FRAMEWIRE": str(given.build.resolve() / "framewire"),
                   "FRAMEWIRE_DISK_SHIM": str(tests / "libdurability_shim.so"),
                   "FRAMEWIRE_POWER_CUTS": str(tests / "power_cuts")}
    figures, began = Figures(), time.monotonic()

    def has_time(done, wanted):
        if given.hours is None:
            return done < wanted
        return time.monotonic() < began + given.hours * 3600

    seed = 1
    while not figures.wrong and (has_time(figures.kills, KILLS) or
                                 has_time(figures.states, STATES)):
        if has_time(figures.kills, KILLS):
            kill(figures, seed, KILLS_OF_STORE)
        if has_time(figures.states, STATES):
            cut(figures, seed, STATES_OF_RUN)
        print(f"{seed}: {figures.kills} kills, {figures.states} power cuts", flush=True)
        seed += 1
    figures.print()
    print(f"{time.monotonic() - began:.0f} s")
    return 1 if figures.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
