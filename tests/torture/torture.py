"""torture.py BUILD [SCENARIO...] [--quick]: allocations and system calls of the command fail,
one after the other; it must survive. Prints a table, and what did not hold.
"""
import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from commands import COMMANDS, sweep_command, sweep_page, sweep_start
from control import CALLS, Control
from played import transcripts
from scenarios import SERVED
from sweep import sweep

# Of a command with thousands of allocations, so many fail.
RUNS_MAX = 300
# Transcripts are many and short.
TRANSCRIPTS_IN_JOB = 20
# One of a quick run, of each.
QUICK_CALLS = {"split frame": ["allocate", "accept4", "recv", "send"],
               "deadlines": ["allocate", "epoll_pwait2"], "threads": ["allocate", "epoll_wait"]}


def jobs(names, quick):
    """(kind, name, calls), the longest first."""
    every = [[call] for call in CALLS]
    wanted = (lambda name: not names or name in names)
    for name in [one.name for one in COMMANDS] + ["page", "start"]:
        for calls in [["allocate"]] if quick else every:
            if wanted(name):
                yield "command", name, calls
    for one in SERVED:
        for calls in [QUICK_CALLS.get(one.name, ["allocate"])] if quick else every:
            if wanted(one.name):
                yield "served", one.name, calls
    if wanted("transcripts played"):
        count = len(list(transcripts()))
        for at in range(0, count, count // 4 + 1 if quick else TRANSCRIPTS_IN_JOB):
            yield "played", at, ["allocate"]


def tally_of(binary, control, job, quick):
    kind, name, calls = job
    runs = 2 if quick else 0
    most = 3 if quick else RUNS_MAX
    if kind == "served":
        scenario = next(one for one in SERVED if one.name == name)
        return [sweep(binary, control, scenario, calls, runs)]
    if kind == "played":
        some = list(transcripts())[name:name + (1 if quick else TRANSCRIPTS_IN_JOB)]
        return [sweep(binary, control, one, calls, runs) for one in some]
    if name == "page":
        return [sweep_page(binary, control, calls, most, quick)]
    if name == "start":
        return [sweep_start(binary, control, calls, most, quick)]
    command = next(one for one in COMMANDS if one.name == name)
    return [sweep_command(binary, control, command, calls, most, quick)]


def run_job(binary, shim, job, quick):
    control = Control(shim)
    try:
        return tally_of(os.path.abspath(binary), control, job, quick)
    finally:
        control.close()


def row_of(job):
    kind, name, calls = job
    return ("transcripts played" if kind == "played" else name,
            "allocations" if calls == ["allocate"] else "system calls")


def torture(binary, shim, names=(), quick=False, calls=()):
    """{(scenario, what fails): (runs, survived)}, and the violations."""
    table, violations = {}, []
    wanted = [job for job in jobs(names, quick) if not calls or set(job[2]) & set(calls)]
    with ProcessPoolExecutor(os.cpu_count() * 2) as pool:
        running = {pool.submit(run_job, binary, shim, job, quick): job for job in wanted}
        for done in as_completed(running):
            row = row_of(running[done])
            for tally in done.result():
                runs, survived = table.get(row, (0, 0))
                failed = len(tally.violations)
                table[row] = (runs + tally.runs, survived + tally.runs - failed)
                for one in tally.violations:
                    violations.append(f"{tally.name}: {one}")
                    print(violations[-1], flush=True)
    return table, violations


def print_table(table):
    print("| scenario | what fails | runs | survived |\n| --- | --- | ---: | ---: |")
    for (name, what), (runs, survived) in sorted(table.items()):
        print(f"| {name} | {what} | {runs} | {survived} |")
    runs, survived = (sum(one[i] for one in table.values()) for i in (0, 1))
    print(f"| all | | {runs} | {survived} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=Path, help="the folder of a build with tests")
    parser.add_argument("scenarios", nargs="*")
    parser.add_argument("--quick", action="store_true", help="a few runs of each, in 20 s")
    parser.add_argument("--calls", default="", metavar="CALL,...",
                        help="only these: allocate, recv, ...")
    given = parser.parse_args()
    began = time.monotonic()
    calls = [one for one in given.calls.split(",") if one]
    table, violations = torture(given.build / "framewire", given.build / "tests/libtorture_shim.so",
                                given.scenarios, given.quick, calls)
    print_table(table)
    print(f"{time.monotonic() - began:.0f} s")
    return 1 if violations or not table else 0


if __name__ == "__main__":
    sys.exit(main())
