"""Runs the programs of examples/ as their readers would: each server with each client, in the
order of the course. They all use port 7000, as the README does, so they run one after another."""

import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import time
import unittest

SOURCE = pathlib.Path(os.environ["FRAMEWIRE_SOURCE"])
BUILD = pathlib.Path(os.environ["FRAMEWIRE_BUILD"])
FRAMEWIRE = os.environ["FRAMEWIRE"]
PORT = 7000
PATIENCE = 20


def run(name, *arguments):
    program = FRAMEWIRE if name == "framewire" else BUILD / "examples" / name
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=PATIENCE)


class Readme(unittest.TestCase):
    def test_shows_the_examples_as_they_are(self):
        text = (SOURCE / "README.md").read_text()
        shown = re.findall(r"`examples/(\S+\.cpp)`(,\s+in\s+part\):)?\n\n```cpp\n(.*?)```",
                           text, re.DOTALL)
        self.assertEqual([name for name, *_ in shown],
                         ["01_echo_server.cpp", "08_slow_work.cpp", "09_chat.cpp",
                          "10_client_with_ids.cpp"])
        for name, in_part, code in shown:
            with self.subTest(name):
                whole = (SOURCE / "examples" / name).read_text()
                self.assertIn(code, whole) if in_part else self.assertEqual(code, whole)

    def test_examples_stay_short(self):
        longest = {"01_echo_server": 12, "02_client": 10, "08_slow_work": 20, "09_chat": 25,
                   "10_client_with_ids": 25}
        for name, most in longest.items():
            with self.subTest(name):
                lines = (SOURCE / "examples" / f"{name}.cpp").read_text().splitlines()
                self.assertLessEqual(len(lines), most)


class Guest:
    """Takes part in the chat."""

    def __init__(self, test):
        self.sock = test.connect()
        self.file = self.sock.makefile("rb")
        test.addCleanup(self.file.close)

    def next_line(self, ending):
        while not (line := self.file.readline()).endswith(ending):
            assert line, "the server has left"
        return line


class Examples(unittest.TestCase):
    def serve(self, name):
        server = subprocess.Popen([BUILD / "examples" / name], stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.wait)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.terminate)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.assertIsNone(server.poll(), f"{name} ended by itself; is port {PORT} in use?")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", PORT)) == 0:
                    return server
            time.sleep(0.02)
        self.fail(f"{name} does not listen on {PORT}")

    def test_each_client_talks_to_each_echo_server(self):
        for server_name in ("01_echo_server", "03_echo_server_coroutines"):
            server = self.serve(server_name)
            for client_name in ("02_client", "04_client_coroutines"):
                with self.subTest(server=server_name, client=client_name):
                    client = run(client_name)
                    self.assertEqual((client.stdout, client.returncode), ("Hello\n", 0))
            server.terminate()
            server.wait(PATIENCE)

    def test_clients_without_a_server_say_so(self):
        client = run("02_client")
        self.assertEqual(client.returncode, 1)
        self.assertIn("cannot connect to 127.0.0.1:7000: connection refused", client.stderr)

    def test_client_with_ids_finds_its_replies(self):
        self.serve("01_echo_server")
        client = run("10_client_with_ids")
        self.assertEqual((client.stdout, client.returncode),
                         ("1 Hello\n2 How are you?\n3 Goodbye\n", 0))

    def test_custom_service_remembers_each_connection(self):
        self.serve("05_custom_service")
        for _ in range(2):
            sent = run("framewire", "send", "127.0.0.1:7000", "-f", "digits:10", "--",
                       "a", "b", "stop")
            self.assertEqual(sent.stdout, "1: a\n2: b\nYou sent 2 messages.\n", sent.stderr)

    def test_codec_without_sockets(self):
        lines = run("06_codec_without_sockets").stdout.splitlines()
        self.assertEqual(lines[:3],
                         ["frame at 0: 'Hello'", "frame at 9: 'héllo'", "frame at 19: ''"])
        self.assertRegex(lines[3], r"^frame\.length_syntax at 23: ")

    def test_graceful_stop_answers_what_was_received(self):
        server = self.serve("07_graceful_stop")
        with socket.create_connection(("127.0.0.1", PORT), PATIENCE) as peer:
            peer.sendall(b"0000000005Hel")
            time.sleep(0.2)
            server.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            peer.sendall(b"lo")
            self.assertEqual(peer.makefile("rb").read(), b"0000000005Hello")
        out, _ = server.communicate(timeout=PATIENCE)
        self.assertEqual(server.returncode, 0)
        self.assertIn("1 messages on ", out)

    def test_lengths_that_the_readme_promises(self):
        for name, lines in (("08_slow_work.cpp", 20), ("09_chat.cpp", 25)):
            code = (SOURCE / "examples" / name).read_text()
            self.assertLessEqual(code.count("\n"), lines, name)

    def connect(self):
        peer = socket.create_connection(("127.0.0.1", PORT), PATIENCE)
        self.addCleanup(peer.close)
        return peer

    def test_slow_work_keeps_the_order_of_each_peer(self):
        self.serve("08_slow_work")
        peers = [self.connect() for _ in range(2)]
        for number, peer in enumerate(peers):
            peer.sendall(b"".join(b"0000000002%d%d" % (number, i) for i in range(4)))
            peer.shutdown(socket.SHUT_WR)
        for number, peer in enumerate(peers):
            self.assertEqual(b"".join(b"0000000008done: %d%d" % (number, i) for i in range(4)),
                             peer.makefile("rb").read())

    def test_slow_work_for_peers_that_leave_at_every_moment(self):
        self.serve("08_slow_work")
        request = b"0000000001x" * 3
        for size in range(len(request) + 1):
            for resets in (False, True):
                with self.connect() as peer:
                    peer.sendall(request[:size])
                    if resets:
                        self.reset_on_close(peer)
        with self.connect() as peer:
            peer.sendall(b"0000000005Hello")
            peer.shutdown(socket.SHUT_WR)
            self.assertEqual(b"0000000011done: Hello", peer.makefile("rb").read())

    def reset_on_close(self, peer):
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def test_chat_reaches_all_others(self):
        self.serve("09_chat")
        guests = self.guests(3)
        for guest in guests:
            guest.sock.sendall(b"hello\n")
            said = b"127.0.0.1:%d: hello\n" % guest.sock.getsockname()[1]
            for other in guests:
                if other is not guest:
                    self.assertEqual(said, other.next_line(b": hello\n"))

    def test_chat_with_peers_that_leave_at_every_moment(self):
        self.serve("09_chat")
        first, second = self.guests(2)
        line = b"some words\n"
        for size in range(len(line) + 1):
            for resets in (False, True):
                with self.connect() as peer:
                    peer.sendall(line[:size])
                    if resets:
                        self.reset_on_close(peer)
        first.sock.sendall(b"still there\n")
        second.next_line(b": still there\n")

    def guests(self, count):
        """Peers that have joined: the first, which came first, has heard of all others."""
        guests = [Guest(self) for _ in range(count)]
        for guest in guests[1:]:
            guest.sock.sendall(b"here\n")
            guests[0].next_line(b": here\n")
        return guests


if __name__ == "__main__":
    unittest.main()
