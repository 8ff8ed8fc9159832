#!/usr/bin/env python3
"""Runs the examples in the documents that need no network, and compares what they print.

usage: examples.py FRAMEWIRE [--write]

An example is an indented block that begins with `$ framewire trace` or `$ framewire framings`. With
--write, what the documents say is replaced by what the command prints.
"""

import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLE = re.compile(r"(?m)^    \$ framewire ((?:trace|framings).*)\n((?:    (?!\$).*\n|\n(?=    ))*)")


def run(command, arguments):
    """What the command prints, as an indented block shows it."""
    done = subprocess.run([command, *shlex.split(arguments)], capture_output=True, timeout=30)
    text = (done.stdout + done.stderr).decode()
    return "".join(f"    {line}".rstrip() + "\n" for line in text.splitlines())


def renew(command, document):
    """The document with every example's output replaced."""
    return EXAMPLE.sub(
        lambda found: f"    $ framewire {found[1]}\n{run(command, found[1])}", document)


def main():
    command, write = sys.argv[1], "--write" in sys.argv[2:]
    stale = []
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        before = path.read_text()
        after = renew(command, before)
        if before == after:
            continue
        stale.append(path.name)
        if write:
            path.write_text(after)
    if stale:
        print("written anew:" if write else "not what the command prints:", *stale)
    return 1 if stale and not write else 0


if __name__ == "__main__":
    sys.exit(main())
