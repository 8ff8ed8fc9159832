#!/usr/bin/env python3
"""Runs the examples in the documents, and compares what they print.

usage: examples.py FRAMEWIRE [--write]

An example is an indented block that begins with `$` and a command. In all documents those of
`framewire trace`, `framings`, `check --list` and `serve --help-limits` are run, as they need no
network; in docs/walkthrough also `serve` and `send`, in docs/replay.md also `replay`: a server
runs until the next one or the page's end, and has what it printed by then written below it. Ports
are replaced by free ones while it runs, and those that the system
chose by the same ones every time. With --write, what the documents say is replaced by what the
commands print.
"""

import os
import pathlib
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
COURSE = ROOT / "docs" / "walkthrough"
BLOCK = r"(?m)^    \$ (%s)\n((?:    (?!\$).*\n|\n(?=    (?!\$)))*)"
ALONE = re.compile(BLOCK % r"framewire (?:trace|framings|check --list|serve --help-limits).*")
ANY = re.compile(BLOCK % r".*\bframewire (?:trace|framings|serve|send|replay)\b.*")
LIVE = ("replay.md",)  # besides the course
SERVES = re.compile(r"framewire serve(?!.*--help)|--as server")
PORT = re.compile(r"(?<=127\.0\.0\.1:)(\d+)")
PEER = re.compile(r"(?<=\('127\.0\.0\.1', )(\d+)(?=\))")
WAIT_SECONDS = 20


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def indented(text):
    return "".join(f"    {line}".rstrip() + "\n" for line in text.splitlines())


class Server:
    """One that runs in the background, for the examples that follow it."""

    def __init__(self, command, folder, environment):
        self.written = PORT.search(command)[1]
        self.port = str(free_port())
        self.output = tempfile.TemporaryFile()
        words = shlex.split(command.replace(f":{self.written}", f":{self.port}"))
        self.child = subprocess.Popen(words, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                      stdout=self.output, stderr=self.output)
        self.wait_until_it_listens()

    def wait_until_it_listens(self):
        deadline = time.monotonic() + WAIT_SECONDS
        listening = f":{int(self.port):04X} 00000000:0000 0A"
        while listening not in pathlib.Path("/proc/net/tcp").read_text():
            if self.child.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"a server did not start: {self.child.args}")
            time.sleep(0.01)

    def replace(self, command):
        return command.replace(f":{self.written}", f":{self.port}")

    def end(self):
        self.child.send_signal(signal.SIGTERM)
        self.child.wait(WAIT_SECONDS)
        self.output.seek(0)
        return self.output.read().decode()


class Page:
    """One document's examples, in the order in which they stand."""

    def __init__(self, framewire, pattern):
        self.environment = dict(os.environ, NO_COLOR="1", PATH=os.pathsep.join(
            (str(pathlib.Path(framewire).resolve().parent), os.environ["PATH"])))
        self.pattern = pattern
        self.server = None
        self.begun = None  # the server's place in `outputs`
        self.outputs = []
        self.ports = {}  # those that the system chose, and what stands for them

    def renew(self, document):
        """The document with every example's output replaced."""
        try:
            for found in self.pattern.finditer(document):
                self.run(found[1])
            self.end_server()
        finally:
            if self.server:
                self.server.child.kill()
        outputs = iter(self.outputs)
        return self.pattern.sub(
            lambda found: f"    $ {found[1]}\n{indented(self.known(next(outputs)))}", document)

    def run(self, command):
        if SERVES.search(command):
            self.end_server()
            self.server = Server(command, ROOT, self.environment)
            self.begun = len(self.outputs)
            self.outputs.append("")
            return
        if self.server:
            command = self.server.replace(command)
        done = subprocess.run(["bash", "-c", command], cwd=ROOT, env=self.environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=WAIT_SECONDS)
        self.outputs.append(self.as_written(done.stdout.decode()))

    def end_server(self):
        if self.server:
            server, self.server = self.server, None
            self.outputs[self.begun] = self.as_written(server.end(), server)

    def as_written(self, text, server=None):
        server = server or self.server
        if not server:
            return text
        return re.sub(rf"\b{server.port}\b", server.written, text)

    def known(self, text):
        """The same ports in every run: 54321 and those behind it."""
        def stand_in(found):
            if int(found[1]) < 10_000:
                return found[1]
            return self.ports.setdefault(found[1], str(54_321 + len(self.ports)))
        return PEER.sub(stand_in, text)


def main():
    framewire, write = sys.argv[1], "--write" in sys.argv[2:]
    stale = []
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")),
                 *sorted(COURSE.glob("*.md"))]
    for path in documents:
        before = path.read_text()
        after = Page(framewire, ANY if path.parent == COURSE or path.name in LIVE else ALONE).renew(before)
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
