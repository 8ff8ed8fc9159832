"""ctest.py PRESET [CTEST ARGUMENTS]: runs ctest. Before its summary come the ten slowest cases,
those that skipped themselves, with their reasons, and the programs that failed at first, if they
were run again (`--repeat until-pass:2`).
"""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

SUMMARY = re.compile(rb"\d+% tests passed")
# " 3/55 Test #30: cli.connect ......***Failed   22.92 sec"
FAILED = re.compile(rb"\s*\d*/?\d*\s*Test\s+#\d+: (\S+) [. ]*\*\*\*")
SLOWEST = 10


def cases_of(folder):
    """(seconds, name, why it was skipped or None) of all cases of all programs."""
    for file in sorted(folder.glob("*.xml")):
        program = file.stem.partition(" ")[0]
        for case in ElementTree.parse(file).iter("testcase"):
            if case.get("status") == "notrun":
                continue
            name = ".".join(filter(None, (program, case.get("classname"), case.get("name"))))
            skipped = case.find("skipped")
            why = None if skipped is None else skipped.get("message") or skipped.text or ""
            yield float(case.get("time", 0)), name, why


def print_cases(cases):
    print(f"\nThe slowest of {len(cases)} test cases:")
    for seconds, name, _ in sorted(cases, reverse=True)[:SLOWEST]:
        print(f"  {seconds:7.2f} s  {name}")
    skipped = [(name, why) for _, name, why in cases if why is not None]
    print(f"\nSkipped themselves: {len(skipped) or 'none'}")
    for name, why in skipped:
        print(f"  {name}: {' '.join(why.split())}")


def print_unsteady(failed, summary):
    """A test that fails and then passes is a race, in the product or in the test."""
    for name in sorted(set(failed)):
        if f" - {name} (" not in summary:
            print(f"\nFailed at first, passed when run again: {name}")


def main():
    # Four places for each processor: tests that compute take two, the others wait for a peer most
    # of the time.
    preset, *arguments = sys.argv[1:]
    folder = Path("build", preset, "tests", "cases")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = ["ctest", "--preset", preset, "--parallel", str(4 * len(os.sched_getaffinity(0))),
               "--no-tests=error", *arguments]
    summary = b""
    failed = []
    with subprocess.Popen(command, stdout=subprocess.PIPE) as ctest:
        for line in ctest.stdout:
            if summary or SUMMARY.match(line):
                summary += line
            else:
                sys.stdout.buffer.write(line)
                sys.stdout.buffer.flush()
                if match := FAILED.match(line):
                    failed.append(match[1].decode())
    cases = list(cases_of(folder))
    if cases:
        print_cases(cases)
        print_unsteady(failed, summary.decode())
        print(flush=True)
    sys.stdout.buffer.write(summary)
    sys.stdout.buffer.flush()
    sys.exit(ctest.returncode)


if __name__ == "__main__":
    main()
