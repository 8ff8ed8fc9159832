"""What the tests against encoders and decoders of others stand on: the programs of foreign/, which
say in console.py how they are spoken to, and the conversations that all of them must manage.
"""
import functools
import os
import re
import shutil
import subprocess
import unittest

from harness import InteropTest
from programs import BINARY, HERE, HOST, Program
from relay import Relay

FOREIGN = HERE / "foreign"
# Distributions install Python packages for this one, which need not be the one that runs us.
PYTHON = shutil.which("/usr/bin/python3") or shutil.which("python3")
MODULES = {"twisted_peer.py": "twisted", "protobuf_peer.py": "google.protobuf",
           "hl7_peer.py": "hl7"}


def foreign_command(program, *words):
    if program.endswith(".escript"):
        return [needed("escript"), FOREIGN / program, *words]
    if program in MODULES:
        needed_module(MODULES[program])
    return [PYTHON, "-B", FOREIGN / program, *words]


def needed(program):
    """Its path. Where `./run` installs packages it must be there; else its user has chosen."""
    path = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if not path and os.environ.get("FRAMEWIRE_SKIP_INSTALL") == "1":
        raise unittest.SkipTest(f"there is no {program}")
    return path or program


@functools.cache
def needed_module(name):
    if os.environ.get("FRAMEWIRE_SKIP_INSTALL") == "1":
        if subprocess.run([PYTHON, "-c", f"import {name}"], stderr=subprocess.DEVNULL,
                          check=False).returncode != 0:
            raise unittest.SkipTest(f"{PYTHON} has no module {name}")


def sized(size):
    """Text of that size, and of nothing that ends a frame anywhere."""
    return (b"0123456789 abcdefghijklmnopqrstuvwxyz" * (size // 37 + 1))[:size]


TEXTS = [b"Hello", "héllo wörld 🎉".encode(), b"", b"x", b"3:abc,"]
BYTES = [*TEXTS, bytes(range(256))[1:], b"\x00", b"\r\n", b"\x00\x00\x00\x04abcd", b"\xff" * 9]
BORDERS = [sized(255), sized(256), sized(65_535)]
LARGE = [sized(65_536), sized(1_000_000)]


class ForeignServer(Program):

    def __init__(self, test, *command):
        super().__init__(test, command)
        self.wait_for_lines(1)
        self.port = int(self.out.split()[1])

    def shown(self, count):
        """The payloads it has received, when they are `count`."""
        self.wait_for_lines(1 + count)
        return payloads_shown(self)[1:]


def payloads_shown(program):
    lines = bytes(program.out).split(b"\n")[:-1]
    return [line if line.startswith(b"listening") else bytes.fromhex(line.decode())
            for line in lines]


class OurServer(Program):

    def __init__(self, test, framing, *options):
        super().__init__(test, [BINARY, "serve", "--framing", framing, f"{HOST}:0", *options])
        said = self.err if "--quiet" in options else self.out
        self.wait_until("where it listens", lambda: said.endswith(b"\n"))
        self.port = int(re.findall(rb":(\d+)", said)[-1])


class ForeignTest(InteropTest):

    def foreign_server(self, program, how):
        return ForeignServer(self, *foreign_command(program, "server", how))

    def start_client(self, program, how, port, payloads):
        file = self.file_with("".join(f"{payload.hex()}\n" for payload in payloads).encode())
        return self.start(foreign_command(program, "client", how, str(port), file))

    def our_server(self, framing):
        """An echo, which says nothing but where it listens."""
        return OurServer(self, framing, "--service", "echo", "--quiet")

    def relay(self, server):
        return Relay(self, server.port)

    def send_all(self, framing, port, payloads, *options):
        """What `framewire send` has printed, having succeeded."""
        files = [word for payload in payloads for word in ("--file", self.file_with(payload))]
        command = [BINARY, "send", f"{HOST}:{port}", "--framing", framing, *files, *options]
        return bytes(self.run_client(command).out)

    def assert_shown(self, expected, client):
        """By a client, which then ends."""
        self.assertEqual(0, client.finish(), client.report())
        self.assert_payloads(expected, payloads_shown(client))

    def assert_payloads(self, expected, received):
        self.assertEqual(len(expected), len(received))
        for want, got in zip(expected, received):
            self.assert_bytes(want, got)

    def assert_no_complaints(self, server):
        self.assertEqual(0, server.stop(), server.report())
        self.assertLessEqual(server.err.count(b"\n"), int(b"listening on" in server.err),
                             server.report())


class Pair:
    """The conversations that go the same whatever the framing: ours is `framing`, theirs what the
    program `peer` does when it is told `how`, and it shows a payload with `shown_end` behind it.
    """
    framing = peer = how = None
    payloads = [*BYTES, *BORDERS, *LARGE]
    shown_end = b""

    def shown(self):
        return [payload + self.shown_end for payload in self.payloads]

    def test_our_server(self):
        server = self.our_server(self.framing)
        clients = [self.start_client(self.peer, self.how, to.port, self.payloads)
                   for to in (server, self.relay(server))]
        for client in clients:
            self.assert_shown(self.shown(), client)
        self.assert_no_complaints(server)

    def test_our_client(self):
        server = self.foreign_server(self.peer, self.how)
        printed = b"".join(payload + b"\n" for payload in self.payloads)
        for to in (server, self.relay(server)):
            self.assert_bytes(printed, self.send_all(self.framing, to.port, self.payloads))
        self.send_all(self.framing, server.port, self.payloads, "--no-reply")
        shown = self.shown() * 3
        self.assert_payloads(shown, server.shown(len(shown)))

    def test_without_us(self):
        """That the payloads are such as the foreign ends carry between themselves."""
        server = self.foreign_server(self.peer, self.how)
        client = self.start_client(self.peer, self.how, server.port, self.payloads)
        self.assert_shown(self.shown(), client)
        self.assert_payloads(self.shown(), server.shown(len(self.payloads)))
